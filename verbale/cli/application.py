"""The application that Typer runs, and the one place where an error becomes text and an exit code."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import suppress
from importlib import import_module
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from ledger.errors import LedgerError, Refused, Unparsable
from ledger.stores.room import no_room
from verbale.cli import COMMANDS, INTERRUPTED
from verbale.cli.layout import lay_out


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"verbale {version('verbale')}")
        raise typer.Exit


def _verbale(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Who took which position, when, in whose words; --as-of asks the world's clock, --as-known-at the ledger's."""


def app_for(command: str | None = None) -> typer.Typer:
    """Return the application, with all commands, or with those of one command's module."""
    app = typer.Typer(
        name="verbale",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_verbale)
    modules = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for module in modules:
        import_module(f"verbale.cli.{module}").add_to(app)
    return lay_out(app)


def run(words: list[str]) -> NoReturn:
    """Run one command and exit."""
    try:
        app = app_for(next((word for word in words if not word.startswith("-")), None))
        sys.exit(app(words, prog_name="verbale", standalone_mode=False) or 0)
    except LedgerError as error:
        _explain(error)
    except TyperException as error:
        _explain(_misused(error))
    except sqlite3.Error as error:
        hint = "views (.views.db) can be deleted: they are rebuilt; a damaged journal needs its backup"
        if no_room(error):
            hint = "make room on its disk, and try again; the ledger is unharmed"
        _explain(Refused(f"the ledger's file cannot be read: {error}", hint=hint))
    except typer.Abort:
        sys.exit(INTERRUPTED)


def _misused(error: TyperException) -> Unparsable:
    """Return what Typer found wrong with the words of a command, as an error of ours."""
    context = getattr(error, "ctx", None)
    command = "verbale" if context is None else context.command_path
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return Unparsable(message.replace("Value error, ", ""), hint=f"see: {command} --help")


def _explain(error: LedgerError) -> NoReturn:
    from verbale.terminal.style import safe

    with suppress(OSError, ValueError):
        sys.stdout.flush()  # an answer goes before what is wrong with it
    said = safe(error.message).rstrip(".")
    sys.stderr.write(f"Error: {said}{'' if said.endswith('?') else '.'}\n")
    if error.hint:
        sys.stderr.write(f"Hint: {safe(error.hint)}\n")
    sys.exit(error.exit_code)
