"""The command line: each command is a thin call of one method of `Ledger`.

`main` is the one place where an error becomes text and an exit code.  Only the module of the command that was called
is imported, and heavy modules are imported inside the command: to build the options of thirty commands takes longer
than to answer one.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated, Final

import typer

from ledger.errors import LedgerError

COMMANDS: Final = {
    "init": "setup",
    "status": "setup",
    "party": "naming",
    "issue": "naming",
    "source": "naming",
    "speaker": "naming",
    "record": "record",
    "import": "record",
    "correct": "amend",
    "retract": "amend",
    "dispute": "amend",
    "corroborate": "amend",
    "undo": "amend",
    "show": "ask",
    "matrix": "ask",
    "log": "ask",
    "timeline": "ask",
    "agenda": "ask",
    "diff": "movement",
    "when": "movement",
    "why": "movement",
    "replay": "whole",
    "export": "whole",
    "help": "helping",
}
"""The commands, in the order of the help, and the module of `verbale.cli` that adds each."""

_READER_GONE: Final = 141


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
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_verbale)
    modules = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for module in modules:
        import_module(f"verbale.cli.{module}").add_to(app)
    return app


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        app_for(next((word for word in sys.argv[1:] if not word.startswith("-")), None))()
    except LedgerError as error:
        from verbale.terminal.style import safe

        sys.stderr.write(f"Error: {safe(error.message).removesuffix('.')}.\n")
        if error.hint:
            sys.stderr.write(f"Hint: {safe(error.hint)}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has gone (`verbale log | head`): say nothing, and let nothing be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_READER_GONE)
