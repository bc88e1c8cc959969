"""All positions at one pair of moments, by reading whole cells in order.

Where every cell is wanted, one pass over the table of versions beats a dozen seeks per cell.  What the members of a
coalition have from it is merged in as the cells come by.
"""

from __future__ import annotations

from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries.issues import DYADS
from ledger.times import END
from projections.belonging import members
from projections.positions import Position, row_of
from projections.ruling import LATEST, Ranks, Rule
from projections.seeks import Outcome, Standing, latest_of
from projections.words import contested_by, said

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from projections.clocks import Moment

_CHUNK: Final = 5_000
"""Rows whose words are fetched by one statement."""
_STANDINGS: Final = """
SELECT v.starts, v.latest, v.entry, v.earliest, v.stance, v.dated, v.cell
FROM cells c INDEXED BY {index} CROSS JOIN versions v ON v.cell = c.id
WHERE {filtered} v.earliest < :t AND v.known_from <= :k AND v.known_to > :k {flagged}
ORDER BY c.party, c.issue, c.deeds, v.starts, v.latest, v.entry
"""
_FLAGGED: Final = "AND v.flags & IIF(c.deeds, :deeds, :words) = IIF(c.deeds, :deeds, :words)"
_CELLS: Final = "SELECT id, party, issue, deeds FROM cells c INDEXED BY {index} WHERE {filtered} TRUE"
_CELL: Final = itemgetter(0, 1)
_NUMBER: Final = itemgetter(6)


class Cell(NamedTuple):
    """What a rule finds for a party on an issue, before any text is fetched."""

    party: str
    issue: str
    words: Outcome = Outcome(None)
    deed: Standing | None = None
    inherited_from: str | None = None


def matrix(
    db: sqlite3.Connection,
    at: Moment,
    party: str | None = None,
    issue: str | None = None,
    rule: Rule = LATEST,
    *,
    dyads: bool = True,
) -> Iterator[Position]:
    """Yield every row at a pair of moments, ordered by (party, issue).

    Args:
        db: the views, caught up.
        at: the two moments.
        party: only this party's rows.
        issue: only this issue's rows.
        rule: chooses among the statements.
        dyads: whether rows on dyads are among them (`ledger.entries.issues.DYADS`).
    """
    reader = _Reader(db, at, rule, dyads=dyads or issue is not None)
    cells = reader.with_lent(party, issue)
    while chunk := list(islice(cells, _CHUNK)):
        shown = [one.entry for cell in chunk for one in (cell.words.winner, cell.deed) if one is not None]
        texts = said(db, shown, at) if shown else {}
        for cell in chunk:
            contested = contested_by(db, cell.words, texts, at)
            row = row_of((cell.party, cell.issue), cell.words, cell.deed, texts, contested, cell.inherited_from)
            if row is not None:
                yield row


class _Reader:
    """Reads cells at one pair of moments, by one rule."""

    def __init__(self, db: sqlite3.Connection, at: Moment, rule: Rule, *, dyads: bool) -> None:
        self._db, self._at, self._rule = db, at, rule
        self._left_out = "" if dyads else f"c.issue NOT GLOB '{DYADS}*' AND"
        self._ranks = Ranks(db, at.known_at) if rule.by_rank else None
        self._flagged = _FLAGGED if rule.words or rule.deeds else ""

    def with_lent(self, party: str | None, issue: str | None) -> Iterator[Cell]:
        """Yield the cells, those of members without words of their own with the words of their coalitions."""
        own = self._own(party, issue)
        belongs = members(self._db, self._at)
        if not belongs:
            return own
        of = {member: belongs[member] for member in (belongs if party is None else belongs.keys() & {party})}
        spoken = {
            (cell.party, cell.issue): cell.words
            for coalition in sorted({one for coalitions in of.values() for one in coalitions})
            for cell in self._own(coalition, issue)
            if cell.words.winner is not None
        }
        wanted = {
            Cell(member, said_on) for member, coalitions in of.items() for who, said_on in spoken if who in coalitions
        }
        return self._lent(merge(own, sorted(wanted, key=_CELL), key=_CELL), of, spoken)

    def _lent(
        self, cells: Iterable[Cell], belongs: dict[str, set[str]], spoken: dict[tuple[str, str], Outcome]
    ) -> Iterator[Cell]:
        for (party, issue), same in groupby(cells, key=_CELL):
            cell = next(same)  # its own, where there is one: `merge` is stable
            found = [
                (words.rank, words.winner[:3], coalition, words)
                for coalition in sorted(belongs.get(party, ()))
                if cell.words.winner is None
                and (words := spoken.get((coalition, issue))) is not None
                and words.winner is not None
            ]
            if found:
                *_, coalition, words = max(found, key=itemgetter(0, 1))
                cell = cell._replace(words=words.lent_to(cell.words), inherited_from=coalition)
            yield cell

    def _own(self, party: str | None, issue: str | None) -> Iterator[Cell]:
        asked = {"party": party, "issue": issue, "t": self._at.until, "k": self._at.known_at}
        filters = {"c.party = :party AND": party, "c.issue = :issue AND": issue}
        wanted = (text for text, value in filters.items() if value is not None)
        filtered = " ".join((*wanted, self._left_out))
        chosen = {"index": "cells_by_issue" if party is None and issue else "cells_by_names", "filtered": filtered}
        names = {number: names for number, *names in self._db.execute(_CELLS.format(**chosen), asked)}
        query = _STANDINGS.format(**chosen, flagged=self._flagged)
        rows = self._db.execute(query, {**asked, "words": self._rule.words, "deeds": self._rule.deeds})
        # Nothing is held but one cell's rows: a matrix of any size starts at once, the collector has nothing to walk.
        words: Cell | None = None  # until it is known whether there are deeds too
        for number, standings in groupby(rows, key=_NUMBER):
            who, what, deeds = names[number]
            found = outcome(list(standings), self._at, None if deeds else self._ranks)
            if deeds and words is not None and words[:2] == (who, what):
                words = words._replace(deed=found.winner)
            else:
                if words is not None:
                    yield words
                words = Cell(who, what, deed=found.winner) if deeds else Cell(who, what, found)
        if words is not None:
            yield words


def outcome(rows: list[tuple[Any, ...]], at: Moment, ranks: Ranks | None = None) -> Outcome:
    """Apply the rule to the states of one cell that K knows, in the order `starts, latest, entry`.

    Args:
        rows: each begins with the fields of a `Standing`.
        at: the two moments.
        ranks: puts them in another order, where the rule asks who spoke.
    """
    if ranks is not None:
        rows = ranks.sorted(rows)
    possible: list[tuple[Any, ...]] = []
    until = at.until
    run = since = None
    last: tuple[Any, ...] | None = None
    previous: tuple[Any, Any, int] | None = None
    ends: dict[str, int] = {}
    for row in rows:
        latest, stance = row[1], row[4]
        if latest > until:
            possible.append(row)
            continue
        if stance != run:
            if last is not None:
                previous = run, since, last[2]
            run, since = stance, row[5]
        last = row
        if latest > ends.get(stance, -END):
            ends[stance] = latest
    shown = latest_of(possible)
    if last is None:
        return Outcome(None, possible=shown, possible_count=len(possible))
    winner = Standing._make(last[:6])
    rivals = []
    ends.pop(winner.stance)
    if ends and max(ends.values()) > winner.earliest:
        rivals = [
            row[2] for row in rows if row[4] != run and winner.earliest < row[1] <= until and row[3] < winner.latest
        ]
    rank = 0 if ranks is None else ranks.order(last)
    return Outcome(winner, since, previous, sorted(rivals), shown, len(possible), rank)
