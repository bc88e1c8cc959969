"""Rows on their way into the views: they wait in lists, and go in by `executemany`.

Whatever must be read is read after what waits of it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

_COLUMNS: Final = {
    "entries": 13,
    "versions": 11,
    "states": 3,
    "effects": 5,
    "parties": 4,
    "party_names": 6,
    "party_codes": 4,
    "issues": 5,
    "sources": 4,
    "origins": 3,
    "snapshots": 3,
    "merges": 4,
    "memberships": 8,
}
_ONCE: Final = {"parties", "issues", "sources", "origins"}
"""What a journal may name twice: the first stays."""
_INSERT: Final = {
    table: f"INSERT {'OR IGNORE ' * (table in _ONCE)}INTO {table} VALUES ({', '.join('?' * columns)})"
    for table, columns in _COLUMNS.items()
}


class Waiting:
    """The rows that wait to be written.

    Args:
        db: the views' connection.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _INSERT}
        self._entries: set[int] = set()

    def of(self, *entries: int) -> None:
        """Note that something of these entries waits."""
        self._entries.update(entries)

    def written(self, *entries: int) -> None:
        """Write what waits if something of these entries is among it: what is read next must be there."""
        if not self._entries.isdisjoint(entries):
            self.flush()

    def flush(self) -> None:
        """Write all that waits, sorted as the tables are."""
        for table, rows in self.rows.items():
            if rows:
                rows.sort() if table == "versions" else None
                self._db.executemany(_INSERT[table], rows)
                rows.clear()
        self._entries.clear()
