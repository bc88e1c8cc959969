"""`completion`: teach a shell to complete commands, options and names."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from verbale.cli.output import tell, write

Shell = Literal["bash", "zsh", "fish", "powershell"]


def completion(shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")]) -> None:
    """Print the script that lets a shell complete names.

    Where each shell looks for it: verbale help completion
    """
    from verbale.terminal.shells import HOW, SCRIPTS

    write(None, SCRIPTS[shell])
    if sys.stdout.isatty():
        tell(f"To keep it: {HOW[shell]}")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(completion)
