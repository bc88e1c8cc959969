"""`serve`: the desk, a page on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from verbale.cli.options import By, LedgerPath, Quiet, place
from verbale.cli.output import tell
from verbale.settings import setting


def serve(
    ledger: LedgerPath = None,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65_535, help="Where to listen; 0, any free port.")
    ] = 8642,
    allow_write: Annotated[bool, typer.Option("--allow-write", help="Take entries from who knows the token.")] = False,
    by: By = None,
    quiet: Quiet = False,
) -> None:
    """Open the desk: pages in a browser, until Ctrl-C.

    They are served to this machine alone, and only read, unless --allow-write: then a page asks for the token that is
    printed here.
    """
    from verbale.ledger import Ledger
    from verbale.web.serving import serve as serving

    def told(address: str, token: str | None) -> None:
        typer.echo(address)
        if token is not None:
            tell(f"Recording needs this token, at {address.replace('matrix', 'token')}: {token}")
        tell("Stop it with Ctrl-C.", quiet=quiet)

    found = place(ledger)
    with Ledger(found) as opened:
        opened.moment()  # views in step before the first reader asks
    serving(found, port, allow_write=allow_write, told=told, recorded_by=by or str(setting("by").value or "") or None)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(serve)
