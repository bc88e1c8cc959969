"""How positions came about and changed: `when`, `diff` and `why`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.amending import RETRACTION
from projections.clocks import recorded_at
from projections.evidence import CORRECTION, Reading, amendments_of, reading
from projections.matrix import matrix
from projections.positions import Position, position
from projections.seeks import Standing

if TYPE_CHECKING:
    import sqlite3

    from projections.clocks import Moment

_STANDINGS: Final = """
SELECT v.starts, v.latest, v.entry, v.earliest, v.stance, v.dated, v.known_from FROM versions v
JOIN cells c ON c.id = v.cell
WHERE c.party = :party AND c.issue = :issue AND c.deeds = 0
AND v.latest <= :t AND v.known_from <= :k AND v.known_to > :k
ORDER BY v.starts, v.latest, v.entry
"""
_EVER: Final = """
SELECT DISTINCT v.entry FROM versions v JOIN cells c ON c.id = v.cell
WHERE c.party = :party AND c.issue = :issue AND c.deeds = 0 AND v.known_from <= :k ORDER BY v.entry
"""


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken run of statements with one stance."""

    since: str
    stance: str
    entry: int
    """The entry that began it."""
    known_from: str
    """When the ledger first read so, UTC."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A position that differs between two pairs of moments."""

    party: str
    issue: str
    before: str | None
    after: str | None
    entries: tuple[int, ...]
    """What made the difference: the statements that began each new run, or else the amendments."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A statement that does not count for the position, and why."""

    entry: int
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """What a position rests on."""

    position: Position
    counts: tuple[Reading, ...]
    """The statements of the present run, the deciding one first; then the latest deed."""
    against: tuple[Reading, ...]
    """What contests it: rival statements, then open disputes."""
    set_aside: tuple[SetAside, ...]
    possible: tuple[Reading, ...]


def standings(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> list[tuple[Standing, int]]:
    """Return the statements that count, in the rule's order, each with the entry since which it reads so."""
    asked = {"party": party, "issue": issue, "t": at.until, "k": at.known_at}
    return [(Standing._make(row[:6]), row[6]) for row in db.execute(_STANDINGS, asked)]


def runs(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> list[Run]:
    """Return every run of a party's stance on an issue, the first first."""
    found: list[Run] = []
    for one, known_from in standings(db, party, issue, at):
        if not found or found[-1].stance != one.stance:
            found.append(Run(one.dated, one.stance, one.entry, recorded_at(db, known_from) or ""))
    return found


def diff(db: sqlite3.Connection, before: Moment, after: Moment) -> list[Changed]:
    """Return the positions whose stance differs between two pairs of moments, ordered by (party, issue)."""
    old = {(row.party, row.issue): row.stance for row in matrix(db, before)}
    new = {(row.party, row.issue): row.stance for row in matrix(db, after)}
    return [
        Changed(*cell, old.get(cell), new.get(cell), _made_by(db, *cell, before, after))
        for cell in sorted(old.keys() | new.keys())
        if old.get(cell) != new.get(cell)
    ]


def _made_by(db: sqlite3.Connection, party: str, issue: str, before: Moment, after: Moment) -> tuple[int, ...]:
    counted = {one.entry: one.stance for one, _ in standings(db, party, issue, before)}
    counting = standings(db, party, issue, after)
    made, stance = [], None
    for one, _ in counting:
        if one.stance != stance and counted.get(one.entry) != one.stance:
            made.append(one.entry)
        stance = one.stance
    if made:
        return tuple(made)
    gone = counted.keys() - {one.entry for one, _ in counting}
    amended = {
        amendment.entry
        for entry in gone
        for amendment in amendments_of(db, entry, max(before.known_at, after.known_at))
        if amendment.type in (RETRACTION, CORRECTION) and amendment.entry > min(before.known_at, after.known_at)
    }
    return tuple(sorted(amended or gone))


def why(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> Why | None:
    """Return what a position rests on, None where there is no row."""
    row = position(db, party, issue, at)
    if row is None:
        return None
    known_at = at.known_at
    run: list[int] = []
    counting = standings(db, party, issue, at)
    for one, _ in reversed(counting):
        if one.stance != row.stance:
            break
        run.append(one.entry)
    deeds = [] if row.deed is None else [row.deed.entry]
    against = _read(db, row.contested_by, known_at)
    spoken_for = {*run, *row.contested_by, *(p.entry for p in row.possible)}
    ever = [entry for (entry,) in db.execute(_EVER, {"party": party, "issue": issue, "k": known_at})]
    return Why(
        position=row,
        counts=_read(db, [*run, *deeds], known_at),
        against=against,
        set_aside=tuple(
            SetAside(entry, _reason(db, entry, row, party, issue, at)) for entry in ever if entry not in spoken_for
        ),
        possible=_read(db, [p.entry for p in row.possible], known_at),
    )


def _read(db: sqlite3.Connection, entries: list[int] | tuple[int, ...], known_at: int) -> tuple[Reading, ...]:
    return tuple(one for one in (reading(db, entry, known_at) for entry in entries) if one is not None)


def _reason(db: sqlite3.Connection, entry: int, row: Position, party: str, issue: str, at: Moment) -> str:
    one = reading(db, entry, at.known_at)
    if one is None:  # pragma: no cover  the entry was found under K
        return "not known yet"
    if one.status == "retracted":
        by = next((a for a in amendments_of(db, entry, at.known_at) if a.type == RETRACTION), None)
        return "retracted" if by is None else f"retracted by e{by.entry}: {by.text}"
    moved = getattr(one.event, "on_behalf_of", ()) or (getattr(one.event, "party", None),)
    if party not in moved or getattr(one.event, "issue", None) != issue:
        by = next((a for a in amendments_of(db, entry, at.known_at) if a.type == CORRECTION), None)
        return f"corrected to {', '.join(map(str, moved))} on {getattr(one.event, 'issue', '')}" + (
            f" by e{by.entry}" if by else ""
        )
    if not one.certain_by(at.until):
        return f"said on {one.dated}, not certain by {at.as_of}"
    return f"{one.stance} on {one.dated}, superseded by e{row.entry}"
