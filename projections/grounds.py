"""What a position rests on, a part at a time: the lists of `history.why`, each read as far as it is shown.

How many entries a list has is counted by the database, and an event is made of none that is not shown: a cell of a
hundred thousand statements costs one reading of its index.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.aside import SetAside, last_before, reason
from projections.asking import position
from projections.backing import borne_out
from projections.belonging import joinings
from projections.connection import cells_of
from projections.history import Why, read, run_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from projections.clocks import Moment
    from projections.positions import Position
    from projections.ruling import Rule

COUNTS: Final = "counts"
AGAINST: Final = "against"
SET_ASIDE: Final = "set_aside"
LISTS: Final = (COUNTS, AGAINST, SET_ASIDE)

_RUN: Final = """
FROM versions v INDEXED BY versions_by_stance
WHERE v.cell = :voice AND v.stance = :stance AND (v.starts, v.latest, v.entry) > (:starts, :latest, :last)
AND v.latest <= :t AND v.known_from <= :k AND v.known_to > :k
"""
_FLAGGED: Final = "AND v.flags & :words = :words"
_COUNT: Final = "SELECT COUNT(*) {run}"
_LAST_OF_RUN: Final = (
    "SELECT v.entry {run} ORDER BY v.starts DESC, v.latest DESC, v.entry DESC LIMIT :most OFFSET :first"
)
_ASIDE: Final = """
WITH spoken(entry) AS (SELECT value FROM json_each(:spoken) {or_run}),
ever AS MATERIALIZED (
    SELECT v.entry FROM versions v
    WHERE v.cell = :own AND v.known_from <= :k AND v.entry NOT IN (SELECT entry FROM spoken) GROUP BY v.entry
)
SELECT (SELECT COUNT(*) FROM ever),
    (SELECT json_group_array(entry) FROM (SELECT entry FROM ever ORDER BY entry LIMIT :most OFFSET :first))
"""


class Part(NamedTuple):
    """Part of what a position rests on."""

    why: Why
    """As much of each list as was asked for."""
    totals: Mapping[str, int]
    """How many there are, of each list that was asked for."""


def part_of_why(
    db: sqlite3.Connection,
    pair: tuple[str, str],
    at: Moment,
    rule: Rule,
    firsts: Mapping[str, int],
    most: int,
) -> Part | None:
    """Return some of what a position rests on, None where there is no row.

    Args:
        db: the views, caught up.
        pair: the party and the issue, by their ids.
        at: the two moments.
        rule: chooses among the statements.
        firsts: of each list of `LISTS` that is wanted, how many to leave out before; what is possible always comes.
        most: so many of each at most.
    """
    row = position(db, *pair, at, rule)
    if row is None:
        return None
    lists = _Lists(db, row, at, rule)
    entries: dict[str, Sequence[int]] = dict.fromkeys(LISTS, ())
    totals: dict[str, int] = {}
    for name, first in firsts.items():
        entries[name], totals[name] = lists.part(name, first, most)
    counts, against = (read(db, entries[name], at.known_at) for name in (COUNTS, AGAINST))
    possible = read(db, [one.entry for one in row.possible], at.known_at)
    aside = tuple(SetAside(entry, reason(db, entry, row, at, rule)) for entry in entries[SET_ASIDE])
    return Part(
        Why(row, counts, against, aside, possible, borne_out(db, at.known_at, (*counts, *against, *possible))), totals
    )


class _Lists:
    """The lists of one position, by the numbers of their entries."""

    def __init__(self, db: sqlite3.Connection, row: Position, at: Moment, rule: Rule) -> None:
        self._db, self._row, self._at, self._rule = db, row, at, rule
        # Who spoke is not in the views' columns: where a rule asks, the cell is put in order, and the run is listed.
        self._ranked = run_of(db, row, at, rule) if rule.by_rank else None
        self._run = _RUN + (_FLAGGED if rule.words else "")
        self._asked: dict[str, object] = {"t": at.until, "k": at.known_at, "words": rule.words, "stance": row.stance}
        self._asked |= {"own": self._words_of(row.party), "voice": self._words_of(row.inherited_from or row.party)}
        self._asked |= dict(zip(("starts", "latest", "last"), last_before(db, row, at), strict=True))

    def part(self, name: str, first: int, most: int) -> tuple[Sequence[int], int]:
        """Return some of a list, and how many there are in all."""
        if name == AGAINST:
            return self._row.contested_by[first : first + most], len(self._row.contested_by)
        return self._counts(first, most) if name == COUNTS else self._set_aside(first, most)

    def _words_of(self, party: str) -> int | None:
        return next((cell.id for cell in cells_of(self._db, party, self._row.issue) if not cell.deeds), None)

    def _counts(self, first: int, most: int) -> tuple[Sequence[int], int]:
        """Return the run, the deciding statement first, then the joining and the deed."""
        row, asked = self._row, {**self._asked, "first": first, "most": most}
        joined = [] if row.inherited_from is None else joinings(self._db, row.party, row.inherited_from, self._at)[-1:]
        rest = [*joined, *(() if row.deed is None else (row.deed.entry,))]
        if self._ranked is not None:
            every = [*self._ranked, *rest]
            return every[first : first + most], len(every)
        (total,) = self._db.execute(_COUNT.format(run=self._run), asked).fetchone()
        run = [entry for (entry,) in self._db.execute(_LAST_OF_RUN.format(run=self._run), asked)]
        after = max(0, first - total)
        return [*run, *rest[after : after + most - len(run)]], total + len(rest)

    def _set_aside(self, first: int, most: int) -> tuple[Sequence[int], int]:
        """Return what was ever said there and is none of the others, in the order of the journal."""
        row = self._row
        spoken = [*row.contested_by, *(one.entry for one in row.possible), *(self._ranked or ())]
        or_run = f"UNION ALL SELECT v.entry {self._run}" if self._ranked is None else ""
        asked = {**self._asked, "first": first, "most": most, "spoken": json.dumps(spoken)}
        total, entries = self._db.execute(_ASIDE.format(or_run=or_run), asked).fetchone()
        return json.loads(entries), total
