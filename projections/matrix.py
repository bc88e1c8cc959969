"""All positions at one pair of moments: rule `latest/1` by reading whole cells in order.

Where every cell is wanted, one pass over the table of versions beats a dozen seeks per cell.
"""

from __future__ import annotations

from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from ledger.times import END
from projections.positions import Position, row_of
from projections.seeks import SHOWN_POSSIBLE, Outcome, Standing
from projections.words import contested_by, said

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from projections.clocks import Moment

_CHUNK: Final = 5_000
"""Rows whose words are fetched by one statement."""
_STANDINGS: Final = """
SELECT c.party, c.issue, c.deeds, v.starts, v.latest, v.entry, v.earliest, v.stance, v.dated
FROM cells c INDEXED BY cells_by_names CROSS JOIN versions v ON v.cell = c.id
WHERE (:party IS NULL OR c.party = :party) AND (:issue IS NULL OR c.issue = :issue)
AND v.earliest < :t AND v.known_from <= :k AND v.known_to > :k
ORDER BY c.party, c.issue, c.deeds, v.starts, v.latest, v.entry
"""
_CELL: Final = itemgetter(0, 1)
_KIND: Final = itemgetter(2)
_STANDING: Final = itemgetter(3, 4, 5, 6, 7, 8)


def matrix(
    db: sqlite3.Connection, at: Moment, party: str | None = None, issue: str | None = None
) -> Iterator[Position]:
    """Yield every row at a pair of moments, ordered by (party, issue).

    Args:
        db: the views, caught up.
        at: the two moments.
        party: only this party's rows.
        issue: only this issue's rows.
    """
    rows = db.execute(_STANDINGS, {"party": party, "issue": issue, "t": at.until, "k": at.known_at})
    outcomes = _by_cell(rows, at)
    while chunk := list(islice(outcomes, _CHUNK)):
        shown = [one.entry for _, words, deed in chunk for one in (words.winner, deed) if one is not None]
        texts = said(db, shown, at.known_at) if shown else {}
        for cell, words, deed in chunk:
            row = row_of(cell, words, deed, texts, contested_by(db, words, texts, at.known_at))
            if row is not None:
                yield row


def _by_cell(rows: Iterable[tuple[Any, ...]], at: Moment) -> Iterator[tuple[tuple[str, str], Outcome, Standing | None]]:
    # Nothing is held but one cell's rows: a matrix of any size starts at once, and the collector has nothing to walk.
    for cell, both in groupby(rows, key=_CELL):
        words, deed = Outcome(None), None
        for deeds, of_kind in groupby(both, key=_KIND):
            found = outcome(list(map(_STANDING, of_kind)), at)
            if deeds:
                deed = found.winner
            else:
                words = found
        yield cell, words, deed


def outcome(rows: list[tuple[Any, ...]], at: Moment) -> Outcome:
    """Apply the rule to the states of one cell that K knows, in order."""
    possible: list[Standing] = []
    until = at.until
    run = since = None
    last: tuple[Any, ...] | None = None
    previous: tuple[Any, Any, int] | None = None
    ends: dict[str, int] = {}
    for row in rows:
        _, latest, _, _, stance, dated = row
        if latest > until:
            possible.append(Standing._make(row))
            continue
        if stance != run:
            if last is not None:
                previous = run, since, last[2]
            run, since = stance, dated
        last = row
        if latest > ends.get(stance, -END):
            ends[stance] = latest
    shown = tuple(sorted(possible, reverse=True)[:SHOWN_POSSIBLE])
    if last is None:
        return Outcome(None, possible=shown, possible_count=len(possible))
    winner = Standing._make(last)
    rivals = []
    ends.pop(winner.stance)
    if ends and max(ends.values()) > winner.earliest:
        rivals = [
            row[2] for row in rows if row[4] != run and winner.earliest < row[1] <= until and row[3] < winner.latest
        ]
    return Outcome(winner, since, previous, sorted(rivals), shown, len(possible))
