"""All positions at one pair of moments: rule `latest/1` by reading whole cells in order.

Where every cell is wanted, one pass over the table of versions beats a dozen seeks per cell.
"""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final

from ledger.times import END
from projections.positions import Position, row_of
from projections.seeks import SHOWN_POSSIBLE, Outcome, Standing
from projections.words import contested_by, said

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from projections.clocks import Moment

_CHUNK: Final = 5_000
"""Rows whose words are fetched by one statement."""
_CELLS: Final = """
SELECT c.id, c.party, c.issue, c.deeds FROM cells c
WHERE (:party IS NULL OR c.party = :party) AND (:issue IS NULL OR c.issue = :issue)
ORDER BY c.party, c.issue, c.deeds
"""
_STANDINGS: Final = """
SELECT v.cell, v.starts, v.latest, v.entry, v.earliest, v.stance, v.dated FROM versions v
WHERE v.earliest < :t AND v.known_from <= :k AND v.known_to > :k
ORDER BY v.cell, v.starts, v.latest, v.entry
"""
_STANDINGS_OF_ONE: Final = """
SELECT v.cell, v.starts, v.latest, v.entry, v.earliest, v.stance, v.dated FROM versions v
WHERE v.cell = :cell AND v.earliest < :t AND v.known_from <= :k AND v.known_to > :k
ORDER BY v.starts, v.latest, v.entry
"""


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
    cells = db.execute(_CELLS, {"party": party, "issue": issue}).fetchall()
    found = _found(db, cells, at, whole=party is None and issue is None)
    outcomes = _by_row(cells, found)
    while chunk := list(islice(outcomes, _CHUNK)):
        shown = [one.entry for _, words, deed in chunk for one in (words.winner, deed) if one is not None]
        texts = said(db, shown, at.known_at) if shown else {}
        for cell, words, deed in chunk:
            row = row_of(cell, words, deed, texts, contested_by(db, words, texts, at.known_at))
            if row is not None:
                yield row


def _by_row(
    cells: list[tuple[int, str, str, int]], found: Mapping[int | None, Outcome]
) -> Iterator[tuple[tuple[str, str], Outcome, Standing | None]]:
    for names, kinds in groupby(cells, key=lambda cell: (cell[1], cell[2])):
        by_kind = {deeds: number for number, _, _, deeds in kinds}
        words, deed = found.get(by_kind.get(0)), found.get(by_kind.get(1))
        yield names, words or Outcome(None), deed.winner if deed else None


def _found(
    db: sqlite3.Connection, cells: list[tuple[int, str, str, int]], at: Moment, *, whole: bool
) -> dict[int | None, Outcome]:
    asked = {"t": at.until, "k": at.known_at}
    if whole:
        rows: Iterable[tuple[Any, ...]] = db.execute(_STANDINGS, asked)
        return {cell: outcome(list(of_cell), at) for cell, of_cell in groupby(rows, key=lambda row: row[0])}
    return {cell: outcome(db.execute(_STANDINGS_OF_ONE, {**asked, "cell": cell}).fetchall(), at) for cell, *_ in cells}


def outcome(rows: list[tuple[Any, ...]], at: Moment) -> Outcome:
    """Apply the rule to the states of one cell that K knows, in order."""
    possible: list[Standing] = []
    until = at.until
    run = since = None
    last: tuple[Any, ...] | None = None
    previous: tuple[Any, Any, int] | None = None
    ends: dict[str, int] = {}
    for row in rows:
        _, _, latest, _, _, stance, dated = row
        if latest > until:
            possible.append(Standing._make(row[1:]))
            continue
        if stance != run:
            if last is not None:
                previous = run, since, last[3]
            run, since = stance, dated
        last = row
        if latest > ends.get(stance, -END):
            ends[stance] = latest
    shown = tuple(sorted(possible, reverse=True)[:SHOWN_POSSIBLE])
    if last is None:
        return Outcome(None, possible=shown, possible_count=len(possible))
    winner = Standing._make(last[1:])
    rivals = []
    if any(latest > winner.earliest for stance, latest in ends.items() if stance != run):
        rivals = [
            Standing._make(row[1:])
            for row in rows
            if row[5] != run and row[2] <= until and row[2] > winner.earliest and row[4] < winner.latest
        ]
    return Outcome(winner, since, previous, sorted(rival.entry for rival in rivals), shown, len(possible))
