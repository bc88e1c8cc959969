"""Other engines over an export: the statement of the rule asked of them, its rows held against those of the fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import duckdb

from ledger.times import END
from projections.exports.tables import TABLES
from projections.exports.whole import statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyspark.sql import SparkSession

    from projections.positions import Position

COLUMNS: Final = (
    "party", "issue", "stance", "value", "since", "entry", "previous_stance", "previous_since", "previous_entry",
    "deed", "deed_bearing", "deed_occurred_on", "contested", "rivals", "disputes", "possible", "possible_count",
    "inherited_from",
)  # fmt: skip
"""Of a row of the statement, in order."""


class Engine(Protocol):
    """Answers the statement over one export."""

    def rows(self, t: int | None, k: int) -> Sequence[Sequence[Any]]:
        """Return the rows at (T, K)."""


class Duck:
    """DuckDB over an export.

    Args:
        folder: the export.
    """

    def __init__(self, folder: Path) -> None:
        self.db = duckdb.connect()
        for table in TABLES:
            self.db.execute(f"CREATE TABLE {table.name} AS SELECT * FROM '{folder / table.name}.parquet'")

    def rows(self, t: int | None, k: int) -> Sequence[Sequence[Any]]:
        """Return the rows at (T, K)."""
        found = self.db.execute(statement(), [END if t is None else t, k])
        assert tuple(column[0] for column in found.description or ()) == COLUMNS
        return found.fetchall()


class Spark:
    """Spark over an export.

    Args:
        session: of this machine.
        folder: the export.
    """

    def __init__(self, session: SparkSession, folder: Path) -> None:
        self.session = session
        for table in TABLES:
            session.read.parquet(str(folder / f"{table.name}.parquet")).createOrReplaceTempView(table.name)

    def rows(self, t: int | None, k: int) -> Sequence[Sequence[Any]]:
        """Return the rows at (T, K)."""
        found = self.session.sql(statement(), args=[END if t is None else t, k])
        assert tuple(found.columns) == COLUMNS
        collected: list[Any] = found.collect()
        return collected


def told(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return what a row of the statement says, in the words of the contract."""
    named = dict(zip(COLUMNS, row, strict=True))
    previous = named["previous_stance"], named["previous_since"], named["previous_entry"]
    deed = named["deed"], named["deed_bearing"], named["deed_occurred_on"]
    possible = [tuple(one) for one in named["possible"] or ()]
    assert [one[0] for one in possible] == list(range(1, len(possible) + 1))
    return (
        *(named[name] for name in ("party", "issue", "stance", "value", "since", "entry")),
        None if previous == (None, None, None) else previous,
        None if deed[0] is None else deed,
        named["contested"],
        (*(named["rivals"] or ()), *(named["disputes"] or ())),
        tuple(one[1:] for one in possible),
        named["possible_count"],
        named["inherited_from"],
    )


def as_told(row: Position) -> tuple[Any, ...]:
    """Return what the statement has to say of a position."""
    return (
        *(row.party, row.issue, row.stance, row.value, row.since, row.entry),
        None if row.previous is None else tuple(row.previous),
        None if row.deed is None else row.deed[:3],
        row.contested,
        row.contested_by,
        tuple(tuple(one) for one in row.possible),
        row.possible_count,
        row.inherited_from,
    )
