"""How `--help` is laid out: arguments as they are typed, a command's own options first, the shared ones below.

Typer would call an argument `{PARTY}` in the usage and `PARTY <str>` below it, and list thirty commands in one column.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from verbale.cli import COMMANDS, HEADINGS
from verbale.cli.options import Asking, Recording

_SHARED: Final = {field.name for shared in (Asking, Recording) for field in fields(shared)} | {"help"}


class OneCommand(TyperCommand):
    """A command."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401  Typer's own Context is private
        """Return the words of the usage line."""
        del ctx
        return ["[OPTIONS]", *(_argument(param) for param in _arguments(self))]

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write what the arguments and the options are."""
        every: list[Any] = list(self.get_params(ctx))
        options = [param for param in every if param.param_type_name == "option" and not param.hidden]
        sections = {
            "Arguments": [
                (_argument(param).rstrip("."), param.help.rstrip(".")) for param in _arguments(self) if param.help
            ],
            "Options": [_option(param) for param in options if param.name not in _SHARED],
            "Options that many commands share": [_option(param) for param in options if param.name in _SHARED],
        }
        if not sections["Options"]:
            sections = {"Arguments": sections["Arguments"], "Options": [_option(param) for param in options]}
        for title, rows in sections.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


class Group(TyperGroup):
    """Some commands, in the order of `COMMANDS`, or in that in which they were added."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401
        """Return the names of the commands in order."""
        names = super().list_commands(ctx)
        order = {name: at for at, name in enumerate(COMMANDS)}
        return sorted(names, key=lambda name: order.get(name, 0)) if ctx.parent is None else names

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the commands, those of the root under headings."""
        names = self.list_commands(ctx)
        headings = HEADINGS if ctx.parent is None else {}
        under = {name for some in headings.values() for name in some}
        headings = headings | {"More" if headings else "Commands": tuple(name for name in names if name not in under)}
        wide = max(map(len, names))
        for title, some in headings.items():
            found = [(name, command) for name in some if (command := self.get_command(ctx, name)) is not None]
            if found:
                with formatter.section(title):
                    rows = [(f"{name:<{wide}}", command.get_short_help_str(64)) for name, command in found]
                    formatter.write_dl(rows)


def lay_out(app: typer.Typer) -> typer.Typer:
    """Give every command and group of an application this layout."""
    app.info.cls = Group
    for command in app.registered_commands:
        if command.cls is None or not issubclass(command.cls, OneCommand):
            command.cls = OneCommand
    for group in app.registered_groups:
        group.cls = Group
        if group.typer_instance is not None:
            lay_out(group.typer_instance)
    return app


def choices_of(param: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the words among which a parameter chooses, if it does."""
    takes = param.type_descriptor.annotation
    return get_args(takes) if get_origin(takes) is Literal else ()


def _arguments(command: TyperCommand) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


def _argument(param: Any) -> str:  # noqa: ANN401
    name = (param.metavar or param.name.upper()).strip("[]")
    return (name if param.required else f"[{name}]") + ("..." if param.nargs == -1 else "")


def _option(param: Any) -> tuple[str, str]:  # noqa: ANN401
    names = ", ".join(sorted(param.opts, key=len)) + "".join(f" / {name}" for name in param.secondary_opts)
    choices = choices_of(param)
    takes = "" if param.is_flag else f" {param.metavar or ('WORD' if choices else param.name.upper())}"
    notes = [f"one of: {', '.join(choices)}"] if choices else []
    notes += ["required"] if param.required else []
    if not (param.is_flag or param.required) and param.show_default and param.default not in (None, ()):
        notes.append(f"else {param.default}")
    notes += [f"or {param.envvar}"] if param.envvar else []
    words = (param.help or "").rstrip(".")
    return names + takes, " ".join(filter(None, (words, f"({'; '.join(notes)})" if notes else "")))
