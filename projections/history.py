"""How positions came about: `when` and `why`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from projections.aside import SetAside, reason
from projections.asking import position
from projections.backing import borne_out
from projections.belonging import joinings
from projections.clocks import recorded_at
from projections.evidence import Reading, reading
from projections.ruling import LATEST, Ranks, Rule
from projections.seeks import Standing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from projections.clocks import Moment
    from projections.independence import Group
    from projections.positions import Position

_STANDINGS: Final = """
SELECT v.starts, v.latest, v.entry, v.earliest, v.stance, v.dated, v.known_from FROM versions v
JOIN cells c ON c.id = v.cell
WHERE c.party = :party AND c.issue = :issue AND c.deeds = 0
AND v.latest <= :t AND v.known_from <= :k AND v.known_to > :k AND v.flags & :words = :words
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
class Why:
    """What a position rests on."""

    position: Position
    counts: tuple[Reading, ...]
    """The statements of the present run, the deciding one first; where inherited, the joining; the latest deed."""
    against: tuple[Reading, ...]
    """What contests it: rival statements, then open disputes."""
    set_aside: tuple[SetAside, ...]
    possible: tuple[Reading, ...]
    independent: Mapping[int, tuple[Group, ...]]
    """The independent sources of each word, deed and plan above, by entry: a group counts once."""


def standings(
    db: sqlite3.Connection, party: str, issue: str, at: Moment, rule: Rule = LATEST
) -> list[tuple[Standing, int]]:
    """Return a party's own statements that count, in the rule's order, each with the entry since which it reads so."""
    asked = {"party": party, "issue": issue, "t": at.until, "k": at.known_at, "words": rule.words}
    rows = db.execute(_STANDINGS, asked).fetchall()
    ordered = Ranks(db, at.known_at).sorted(rows) if rule.by_rank else rows
    return [(Standing._make(row[:6]), row[6]) for row in ordered]


def runs(db: sqlite3.Connection, party: str, issue: str, at: Moment, rule: Rule = LATEST) -> list[Run]:
    """Return every run of a party's own stance on an issue, the first first."""
    found: list[Run] = []
    for one, known_from in standings(db, party, issue, at, rule):
        if not found or found[-1].stance != one.stance:
            found.append(Run(one.dated, one.stance, one.entry, recorded_at(db, known_from) or ""))
    return found


def why(db: sqlite3.Connection, party: str, issue: str, at: Moment, rule: Rule = LATEST) -> Why | None:
    """Return what a position rests on, None where there is no row."""
    row = position(db, party, issue, at, rule)
    if row is None:
        return None
    known_at, run = at.known_at, run_of(db, row, at, rule)
    deeds = [] if row.deed is None else [row.deed.entry]
    joined = [] if row.inherited_from is None else joinings(db, party, row.inherited_from, at)[-1:]
    against = read(db, row.contested_by, known_at)
    spoken_for = {*run, *row.contested_by, *(p.entry for p in row.possible)}
    ever = [entry for (entry,) in db.execute(_EVER, {"party": party, "issue": issue, "k": known_at})]
    counts = read(db, [*run, *joined, *deeds], known_at)
    possible = read(db, [p.entry for p in row.possible], known_at)
    return Why(
        position=row,
        counts=counts,
        against=against,
        set_aside=tuple(SetAside(entry, reason(db, entry, row, at, rule)) for entry in ever if entry not in spoken_for),
        possible=possible,
        independent=borne_out(db, known_at, (*counts, *against, *possible)),
    )


def run_of(db: sqlite3.Connection, row: Position, at: Moment, rule: Rule) -> list[int]:
    """Return the statements of the run that a position rests on, the deciding one first."""
    run: list[int] = []
    for one, _ in reversed(standings(db, row.inherited_from or row.party, row.issue, at, rule)):
        if one.stance != row.stance:
            break
        run.append(one.entry)
    return run


def read(db: sqlite3.Connection, entries: Sequence[int], known_at: int) -> tuple[Reading, ...]:
    """Return entries as they read at K, in the order given."""
    return tuple(one for one in (reading(db, entry, known_at) for entry in entries) if one is not None)
