"""A connection to the views that remembers the cells it was asked for, until the views move on."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_CELLS: Final = "SELECT id, deeds, widths FROM cells WHERE party = ? AND issue = ?"


class Cell(NamedTuple):
    """Where the words, or the deeds, of a party on an issue stand."""

    id: int
    deeds: int
    widths: int
    """A bit for each class of width among its dates (`projections.schema`)."""


class ViewsConnection(sqlite3.Connection):
    """SQLite, and what would be asked of it again and again."""

    def __init__(self, *given: Any, **options: Any) -> None:  # noqa: ANN401  as `sqlite3.connect` hands them on
        super().__init__(*given, **options)
        self.cells: dict[tuple[str, str], list[Cell]] = {}
        self.facts: dict[str, bool] = {}

    def forget(self) -> None:
        """Let go of what was remembered: the views have moved on."""
        self.cells.clear()
        self.facts.clear()


def connect(path: Path | str, timeout: float = 5) -> ViewsConnection:
    """Open a database without implicit transactions."""
    return sqlite3.connect(path, isolation_level=None, timeout=timeout, factory=ViewsConnection)


def cells_of(db: sqlite3.Connection, party: str, issue: str) -> list[Cell]:
    """Return the cells of a party on an issue: none, one or two."""
    known = db.cells if isinstance(db, ViewsConnection) else {}
    found = known.get((party, issue))
    if found is None:
        found = known[party, issue] = [Cell._make(row) for row in db.execute(_CELLS, (party, issue))]
    return found


def has_any(db: sqlite3.Connection, table: str) -> bool:
    """Say whether a table has any row: most ledgers know no merges, and many no coalitions."""
    known = db.facts if isinstance(db, ViewsConnection) else {}
    found = known.get(table)
    if found is None:
        (found,) = db.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()
        known[table] = found = bool(found)
    return found
