"""The runs of a party's stance on an issue, the last first: some at a time, sought from where the page before ended.

Under `latest/1` a run costs two seeks, however many statements it has and the cell holds; the other rules put the whole
cell in order.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.entries import Mover
from ledger.times import BEGINNING, span
from projections.clocks import recorded_at
from projections.connection import cells_of
from projections.evidence import reading
from projections.history import Run, runs
from projections.ruling import LATEST
from projections.seeks import ALIVE, Standing, before_run, last

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from projections.clocks import Moment
    from projections.ruling import Rule

_FIRST: Final = f"""
SELECT dated, entry, known_from FROM versions INDEXED BY versions_by_stance
WHERE cell = :cell AND stance = :stance AND (starts, latest, entry) > (:starts, :latest, :entry)
AND latest <= :t AND {ALIVE} ORDER BY starts, latest, entry LIMIT 1
"""


class Runs(NamedTuple):
    """Some runs of a stance, the last first."""

    rows: list[Run]
    older: int | None
    """The runs before are asked for with this as `before`; None where there are none."""


def last_runs(
    db: sqlite3.Connection,
    pair: tuple[str, str],
    at: Moment,
    rule: Rule,
    most: int,
    before: int | None = None,
) -> Runs:
    """Return the last runs of a party's own stance on an issue.

    Args:
        db: the views, caught up.
        pair: the party and the issue, by their ids.
        at: the two moments.
        rule: chooses among the statements.
        most: so many at most.
        before: only the runs before the one that begins with this entry.
    """
    found = _sought(db, pair, at, before) if rule is LATEST else _listed(db, pair, at, rule, before)
    rows = list(islice(found, most + 1))
    return Runs(rows[:most], rows[most - 1].entry if len(rows) > most else None)


def _listed(db: sqlite3.Connection, pair: tuple[str, str], at: Moment, rule: Rule, before: int | None) -> Iterator[Run]:
    every = runs(db, *pair, at, rule)
    begun = [one.entry for one in every]
    upto = len(every) if before is None else begun.index(before) if before in begun else 0
    yield from reversed(every[:upto])


def _sought(db: sqlite3.Connection, pair: tuple[str, str], at: Moment, before: int | None) -> Iterator[Run]:
    cell = next((one.id for one in cells_of(db, *pair) if not one.deeds), None)
    if cell is None:
        return
    asked = {"cell": cell, "t": at.until, "k": at.known_at}
    if before is None:
        point = last(db, cell, at.until, at.known_at)
    else:
        begun = _standing(db, before, at.known_at)
        point = None if begun is None else before_run(db, asked, begun)
    while point is not None:
        turn = before_run(db, asked, point)
        after = (BEGINNING, BEGINNING, 0) if turn is None else turn[:3]
        row = dict(zip(("starts", "latest", "entry"), after, strict=True))
        dated, entry, known_from = db.execute(_FIRST, {**asked, **row, "stance": point.stance}).fetchone()
        yield Run(dated, point.stance, entry, recorded_at(db, known_from) or "")
        point = turn


def _standing(db: sqlite3.Connection, entry: int, known_at: int) -> Standing | None:
    """Return where an entry stands in the world's order, None where it is neither words nor deeds."""
    one = reading(db, entry, known_at)
    if one is None or not isinstance(one.event, Mover) or one.dated is None:
        return None
    bounds = span(one.dated)
    return Standing(bounds.starts, bounds.latest, entry, bounds.earliest, one.stance or "", one.dated)
