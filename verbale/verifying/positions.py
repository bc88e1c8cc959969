"""What somebody was sure of, and what was attested: positions asked for again, over the journal folded anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.entries import ProjectionAttested
from ledger.times import END, when
from projections.assertions import assertions
from projections.clocks import Moment
from projections.evidence import readings
from projections.json_rows import digest
from projections.matrix import matrix
from projections.ruling import RULES

if TYPE_CHECKING:
    import sqlite3

    from verbale.verifying.report import Report

ASSERTIONS: Final = "assertions"
ATTESTATIONS: Final = "attestations"
POSITIONS: Final = "positions"


def check_assertions(db: sqlite3.Connection, head: int, report: Report) -> None:
    """Ask for every position that is asserted and not retracted."""
    number = 0
    for one in assertions(db, head):
        number += 1
        if not one.holds:
            asked = f"{one.party} on {one.issue}" + (f" as of {one.as_of}" if one.as_of else "")
            says = (
                f"e{one.entry} asserts {one.stance or 'no position'} for {asked}; the ledger says {one.found or 'none'}"
            )
            report.bad(ASSERTIONS, one.entry, says)
    if number:
        report.looked(ASSERTIONS, f"{number:,} asked again")


def check_attestations(db: sqlite3.Connection, head: int, report: Report) -> None:
    """Compute every digest that is attested, and not retracted, anew."""
    number, known = 0, dict[tuple[int, str | None, str], str]()
    for one in readings(db, head, "e.listed = 'projection-attested'"):
        event = one.event
        if one.status == "retracted" or not isinstance(event, ProjectionAttested):
            continue
        rule = RULES.get(event.version)
        if rule is None:
            report.left(ATTESTATIONS, f"e{one.entry} is of {event.version}, which this version does not know")
            continue
        number += 1
        asked = event.basis, event.as_of, event.version
        if asked not in known:
            until = END if event.as_of is None else when(event.as_of)
            known[asked] = digest(matrix(db, Moment(event.as_of, until, event.basis, None), rule=rule))
        if known[asked] != event.digest:
            at = f"e{event.basis}" + (f" as of {event.as_of}" if event.as_of else "")
            says = f"e{one.entry} attests other positions at {at} by {event.version} than the journal gives"
            report.bad(ATTESTATIONS, one.entry, says)
    if number:
        report.looked(ATTESTATIONS, f"{number:,} computed again")
