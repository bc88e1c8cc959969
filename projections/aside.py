"""Why a statement does not count for a position: of many, or of one without asking for the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.amending import RETRACTION
from ledger.entries import Mover
from ledger.times import BEGINNING, span
from projections.belonging import merges_at
from projections.connection import cells_of
from projections.evidence import CORRECTION, amendments_of, reading
from projections.ruling import LATEST, counts_under
from projections.states import moved

if TYPE_CHECKING:
    import sqlite3

    from projections.clocks import Moment
    from projections.positions import Position
    from projections.ruling import Rule

_DATES: Final = """
SELECT COALESCE(json_extract(data, '$.said_on'), json_extract(data, '$.occurred_on')) FROM entries WHERE entry = :entry
UNION
SELECT COALESCE(json_extract(data, '$.said_on'), json_extract(data, '$.occurred_on')) FROM states
WHERE entry = :entry AND known_from <= :k
"""
_STOOD: Final = """
SELECT EXISTS (
    SELECT 1 FROM versions v WHERE v.cell = :cell AND v.starts = :starts AND v.latest = :latest AND v.entry = :entry
    AND v.known_from <= :k AND (:ever OR v.known_to > :k)
)
"""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A statement that does not count for the position, and why."""

    entry: int
    reason: str


def reason(db: sqlite3.Connection, entry: int, row: Position, at: Moment, rule: Rule = LATEST) -> str:
    """Return why a statement that was once in a cell does not count for the position there.

    Args:
        db: the views, caught up.
        entry: a statement that K knows, which neither counts, nor contests the position, nor is shown as possible.
        row: the position.
        at: the two moments.
        rule: which found the position.
    """
    one = reading(db, entry, at.known_at)
    if one is None:  # pragma: no cover  the entry was found under K
        return "not known yet"
    if one.status == "retracted":
        by = next((a for a in amendments_of(db, entry, at.known_at) if a.type == RETRACTION), None)
        return "retracted" if by is None else f"retracted by e{by.entry}: {by.text}"
    merges = merges_at(db, at.known_at)
    moves = tuple(map(merges.survivor, moved(one.event))) if isinstance(one.event, Mover) else ()
    if row.party not in moves or getattr(one.event, "issue", None) != row.issue:
        by = next((a for a in amendments_of(db, entry, at.known_at) if a.type == CORRECTION), None)
        said = f"{', '.join(moves)} on {getattr(one.event, 'issue', '')}"
        return f"moves {said}, as parties are merged" if by is None else f"corrected to {said} by e{by.entry}"
    if not one.certain_by(at.until):
        return f"said on {one.dated}, not certain by {at.as_of}"
    counts = row.entry is not None and counts_under(rule, one.event)
    return f"{one.stance} on {one.dated}, " + (
        f"superseded by e{row.entry}" if counts else f"{rule.name} leaves it out"
    )


def reason_of_one(db: sqlite3.Connection, entry: int, row: Position, at: Moment) -> str | None:
    """Return why `latest/1` sets one entry aside, None where it does not: it counts, contests, or was never there.

    It costs the same however many statements the cell has.

    Args:
        db: the views, caught up.
        entry: any entry that K knows.
        row: the position.
        at: the two moments.
    """
    if entry in row.contested_by or any(one.entry == entry for one in row.possible):
        return None
    spans = [span(dated) for (dated,) in db.execute(_DATES, {"entry": entry, "k": at.known_at}) if dated is not None]
    ever = any(_stood(db, row.party, row.issue, entry, bounds[:2], at, ever=True) for bounds in spans)
    return None if not ever or _counts(db, entry, row, at) else reason(db, entry, row, at)


def _counts(db: sqlite3.Connection, entry: int, row: Position, at: Moment) -> bool:
    """Say whether an entry is in the run that a position rests on."""
    one = reading(db, entry, at.known_at)
    if one is None or one.dated is None or one.stance != row.stance or not one.certain_by(at.until):
        return False
    bounds, voice = span(one.dated), row.inherited_from or row.party
    return (*bounds[:2], entry) > last_before(db, row, at) and _stood(
        db, voice, row.issue, entry, bounds[:2], at, ever=False
    )


def last_before(db: sqlite3.Connection, row: Position, at: Moment) -> tuple[int, int, int]:
    """Return where the run before a position's ends, in the order of the rule; where there is none, before all."""
    before = None if row.previous is None else reading(db, row.previous.entry, at.known_at)
    if before is None or before.dated is None:
        return BEGINNING, BEGINNING, 0
    bounds = span(before.dated)
    return bounds.starts, bounds.latest, before.entry


def _stood(
    db: sqlite3.Connection, party: str, issue: str, entry: int, order: tuple[int, int], at: Moment, *, ever: bool
) -> bool:
    """Say whether an entry of this order is among the words of a party on an issue at K, or ever was by then."""
    asked = {"starts": order[0], "latest": order[1], "entry": entry, "k": at.known_at, "ever": ever}
    cells = [one.id for one in cells_of(db, party, issue) if not one.deeds]
    return any(db.execute(_STOOD, {**asked, "cell": cell}).fetchone()[0] for cell in cells)
