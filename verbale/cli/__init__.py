"""The command line: each command is a thin call of one method of `Ledger`.

`main` is the one place where an error becomes text and an exit code; heavy modules are imported inside the commands.
"""

from __future__ import annotations

import os
import sys

import typer

from ledger.errors import LedgerError
from verbale.cli import amend, ask, helping, lists, movement, record, registering, setup, whole

app = typer.Typer(
    name="verbale",
    help="A ledger of who took which position, when, in whose words, and when we learnt it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (setup, registering, lists, record, amend, ask, movement, whole, helping):
    module.add_to(app)


@app.callback()
def _verbale(version: setup.Version = False) -> None:
    """Record, correct and ask, on two clocks: --as-of (the world) and --as-known-at (the ledger)."""


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        app()
    except LedgerError as error:
        from verbale.terminal.style import safe

        sys.stderr.write(f"Error: {safe(error.message).removesuffix('.')}.\n")
        if error.hint:
            sys.stderr.write(f"Hint: {safe(error.hint)}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has gone (`verbale log | head`): say nothing, and let nothing be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
