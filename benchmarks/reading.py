"""Rows about reading: one position at two moments, and the whole matrix."""

from __future__ import annotations

import csv
import random
import statistics
from functools import partial
from typing import TYPE_CHECKING

import duckdb

from benchmarks.table import Row, alternately, timed
from benchmarks.workload import REGISTERED, SEED, moments
from ledger.times import END, when
from projections.asking import position as row_of_position
from projections.clocks import moment
from projections.matrix import matrix as rows_of_matrix
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.stage import Stage
    from projections.clocks import Moment
    from projections.positions import Position

_QUESTIONS = 3_000
_REPEATS = 5
Question = tuple[str, str, str, int]


def position(stage: Stage) -> Iterator[Row]:
    """A position row at (T, K), against a prepared SELECT by key; and against itself in a smaller ledger."""
    with Ledger(stage.place) as ledger:
        asked = questions(ledger, stage.size)
        keys = [random.Random(SEED).randrange(1, stage.size + 1) for _ in asked]

        def by_key() -> None:
            assert all(stage.raw.one(key) for key in keys)

        inner = prepared(ledger, asked)
        ours, theirs = (t / len(asked) for t in alternately(inner, by_key, _REPEATS))
        against = "prepared SELECT by key"
        yield Row("position", "position row at (T, K)", against, stage.size, ours, theirs, "µs", must=12, aim=6)

        evenly = prepared(ledger, questions(ledger, stage.size, evenly=True))
        ours, theirs = (t / len(asked) for t in alternately(evenly, by_key, _REPEATS))
        what = "the same, each cell as likely"
        yield Row("position-evenly", what, against, stage.size, ours, theirs, "µs", must=12, aim=6)

        def door() -> None:
            for party, issue, day, entry in asked:
                ledger.position(party, issue, day, f"e{entry}")

        ours, theirs = (t / len(asked) for t in alternately(door, by_key, _REPEATS))
        what = "the same by Ledger.position"
        yield Row("position-door", what, against, stage.size, ours, theirs, "µs", must=12, aim=6)
        if stage.smaller is not None:
            yield from _flat(ledger, stage, stage.smallest)


def _flat(ledger: Ledger, stage: Stage, smallest: Stage) -> Iterator[Row]:
    """Yield what a larger ledger makes of the mean question, and of the median one.

    The mean is drawn up by the huge cell, in which a position at a random moment has hundreds of rivals and possible
    statements to list; the median is not.
    """
    with Ledger(smallest.place) as other:
        larger, small = each(ledger, stage.size), each(other, smallest.size)
        pairs = [(times(larger), times(small)) for _ in range(_REPEATS)]
    against = f"its own time at {smallest.size:,}"
    averages: tuple[tuple[str, str, Callable[[list[float]], float]], ...] = (
        ("flat", "median question", statistics.median),
        ("flat-mean", "mean question", statistics.fmean),
    )
    for key, what, one in averages:
        ours = statistics.median(one(mine) for mine, _ in pairs)
        theirs = statistics.median(one(its) for _, its in pairs)
        yield Row(key, f"position row, {what}", against, stage.size, ours, theirs, "µs", must=1.6, aim=1.2)


def each(ledger: Ledger, size: int) -> list[Callable[[], object]]:
    """Return the questions one by one."""
    db = ledger.views.db
    return [
        partial(row_of_position, db, party, issue, moment(db, ledger.head, day, f"e{entry}"))
        for party, issue, day, entry in questions(ledger, size)
    ]


def times(asked: list[Callable[[], object]]) -> list[float]:
    """Return how long each takes."""
    return [timed(one) for one in asked]


def questions(ledger: Ledger, size: int, *, evenly: bool = False) -> list[Question]:
    """Return cells, drawn as entries fall into them or each as likely, each with a T and a K."""
    rng = random.Random(SEED)
    asked: list[Question] = []
    pairs = moments(size, _QUESTIONS)
    db = ledger.views.db
    cells = db.execute("SELECT party, issue FROM cells WHERE deeds = 0").fetchall() if evenly else []
    while len(asked) < len(pairs):
        query = "SELECT party, issue FROM entries WHERE entry = ? AND dated IS NOT NULL"
        cell = rng.choice(cells) if evenly else db.execute(query, (rng.randrange(REGISTERED, size) + 1,)).fetchone()
        if cell is not None:
            asked.append((*cell, *pairs[len(asked)]))
    return asked


def prepared(ledger: Ledger, asked: list[Question]) -> Callable[[], object]:
    """Return what asks all of them, names and moments being understood already."""
    db = ledger.views.db
    at = [(party, issue, moment(db, ledger.head, day, f"e{entry}")) for party, issue, day, entry in asked]
    return lambda: [row_of_position(db, party, issue, both) for party, issue, both in at]


def matrix(stage: Stage) -> Iterator[Row]:
    """Every row at (T, K), against DuckDB's winners alone on the same versions."""
    middle = stage.size * 3 // 4
    with Ledger(stage.place) as ledger, duckdb.connect() as duck:
        load(ledger, duck, stage.folder)
        for key, at in (
            ("matrix", ledger.moment("2024-06-30", f"e{middle}")),
            ("matrix-now", ledger.moment()),
        ):
            rows = list(rows_of_matrix(ledger.views.db, at))
            agree(ledger, rows, winners(duck, at), at)
            ours, theirs = alternately(
                lambda at=at: list(rows_of_matrix(ledger.views.db, at)),  # type: ignore[misc]
                lambda at=at: winners(duck, at),  # type: ignore[misc]
                _matrix_repeats(stage),
            )
            what = f"full matrix {'at (T, K)' if key == 'matrix' else 'now'}, {len(rows):,} rows"
            yield Row(key, what, "DuckDB's winners (arg_max)", stage.size, ours, theirs, "ms", must=8, aim=2)


def _matrix_repeats(stage: Stage) -> int:
    if stage.size > 1_000_000:
        return 1
    return _REPEATS if stage.repeats > 1 else 3


def load(ledger: Ledger, duck: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Copy the versions of words into DuckDB, by a CSV file: row by row would take minutes."""
    path = folder / "versions.csv"
    found = ledger.views.db.execute(
        "SELECT c.party, c.issue, v.starts, v.latest, v.entry, v.stance, v.known_from, v.known_to"
        " FROM versions v JOIN cells c ON c.id = v.cell WHERE NOT c.deeds"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(found)
    columns = "party VARCHAR, issue VARCHAR, starts BIGINT, latest BIGINT, entry BIGINT, stance VARCHAR"
    duck.execute(f"CREATE TABLE versions ({columns}, known_from BIGINT, known_to BIGINT)")
    duck.execute(f"COPY versions FROM '{path}' (HEADER false)")
    path.unlink()


def winners(duck: duckdb.DuckDBPyConnection, at: Moment) -> list[tuple[str, str, int, str]]:
    """Return party, issue, entry and stance of what wins in every cell."""
    return duck.execute(
        "SELECT party, issue, best.entry, best.stance FROM ("
        " SELECT party, issue, arg_max({'entry': entry, 'stance': stance}, (starts, latest, entry)) best FROM versions"
        " WHERE latest <= $t AND known_from <= $k AND known_to > $k GROUP BY party, issue)",
        {"t": min(at.until, END), "k": at.known_at},
    ).fetchall()


def agree(ledger: Ledger, rows: list[Position], theirs: list[tuple[str, str, int, str]], at: Moment) -> None:
    """Check that both found the same winners everywhere, and that single positions are the matrix's rows."""
    ours = {(row.party, row.issue): (row.entry, row.stance) for row in rows if row.entry is not None}
    assert ours == {(party, issue): (entry, stance) for party, issue, entry, stance in theirs}
    for row in random.Random(SEED).sample(rows, min(100, len(rows))):
        assert row_of_position(ledger.views.db, row.party, row.issue, at) == row
    assert at.as_of is None or at.until == when(at.as_of)
