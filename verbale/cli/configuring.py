"""`config`: what is settled, by what, and how to settle it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.errors import Refused, UnknownName, Unparsable
from verbale import settings
from verbale.cli.options import Json, Output, Quiet
from verbale.cli.output import dumped, envelope, tell, write

group = typer.Typer(help="Settings: what is settled, and by what.", invoke_without_command=True)

Key = Annotated[str, typer.Argument(metavar="KEY", help=f"{', '.join(settings.KEYS)}.")]
Project = Annotated[bool, typer.Option("--project", help="The project's .verbale/config.toml, not the user's.")]


@group.callback()
def config(
    ctx: typer.Context,
    ledger: Annotated[str | None, typer.Option("--ledger", metavar="PATH", help="As a command would take it.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Likewise.")] = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """Show every setting, its value and where that comes from.

    An option wins over the environment, that over the project's file, that over the user's, that over the default.
    """
    if ctx.invoked_subcommand is not None:
        return
    said = {"ledger": ledger, "by": by}
    found = [settings.setting(key, said.get(key)) for key in settings.KEYS]
    files = {"user": str(settings.user_file()), "project": _shown(settings.project_file())}
    if json:
        write(output, dumped(envelope("config", files=files, rows=[one._asdict() for one in found])) + "\n")
        return
    from verbale.terminal.style import width
    from verbale.terminal.tables import table

    cells = [(one.key, "" if one.value is None else str(one.value), one.origin, one.where or "") for one in found]
    write(output, table(("key", "value", "from", ""), cells, width()))


@group.command("get")
def get(key: Key) -> None:
    """Print the value of one setting; nothing where it has none."""
    if key not in settings.KEYS:
        raise UnknownName(f"no setting '{key}'", hint=f"one of: {', '.join(settings.KEYS)}")
    value = settings.setting(key).value
    write(None, "" if value is None else f"{value}\n")


@group.command("set")
def set_(
    key: Key, value: Annotated[str, typer.Argument(metavar="VALUE")], project: Project = False, quiet: Quiet = False
) -> None:
    """Settle a key in a configuration file; its other lines stay."""
    path = _file(project)
    kept: settings.Value = value
    if settings.KEYS.get(key) is int:
        if not value.isdecimal():
            raise Unparsable(f"{key} is '{value}'", hint=f"{key} takes a whole number from 1")
        kept = int(value)
    elif key == "ledger" and not project and "://" not in value:
        kept = str(Path(value).expanduser().absolute())
    settings.write(path, key, kept)
    tell(f"{path}: {key} = {kept}", quiet=quiet)


@group.command("unset")
def unset(key: Key, project: Project = False, quiet: Quiet = False) -> None:
    """Take a key out of a configuration file."""
    path = _file(project)
    if key not in settings.KEYS:
        raise UnknownName(f"no setting '{key}'", hint=f"one of: {', '.join(settings.KEYS)}")
    settings.write(path, key, None)
    tell(f"{path}: {key} is not set", quiet=quiet)


@group.command("path")
def path_(project: Project = False) -> None:
    """Print where the configuration file is, there or not."""
    write(None, f"{_file(project)}\n")


def _file(project: bool) -> Path:
    path = settings.project_file() if project else settings.user_file()
    if path is None:
        raise Refused("no .verbale/ here or upwards", hint="make one with: verbale init")
    return path


def _shown(path: Path | None) -> str | None:
    return None if path is None else str(path)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="config")
