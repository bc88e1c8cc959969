"""`doctor`: is this ledger well?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.errors import LedgerError
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit, envelope

if TYPE_CHECKING:
    from verbale.doctor import Check

_LISTED = 1_000


@asking
def doctor(
    asked: Asking,
    stale_after: Annotated[
        int, typer.Option("--stale-after", metavar="DAYS", min=0, max=400_000, help="When a position is stale.")
    ] = 365,
    thorough: Annotated[bool, typer.Option("--thorough", help="Read every page and index of the databases.")] = False,
) -> None:
    """Examine machine, files and record; exit 1 on an error."""
    from projections.json_rows import clocks
    from verbale.terminal.examining import doctor_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        found = ledger.doctor(asked.as_of, asked.as_known_at, stale_after=stale_after, thorough=thorough)
        emit(
            asked,
            document=lambda listed: envelope("doctor", **clocks(found.at), ok=found.ok, rows=listed),
            rows=map(_row, found.checks),
            text=lambda: doctor_text(found.checks, found.at, asked.limit, width()),
        )
    if not found.ok:
        raise typer.Exit(LedgerError.exit_code)


def _row(one: Check) -> dict[str, Any]:
    found = [asdict(finding) for finding in one.found[:_LISTED]]
    told = {"check": one.check, "outcome": one.outcome, "says": one.says, "hint": one.hint}
    return {**told, "count": len(one.found), "found": found}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(doctor)
