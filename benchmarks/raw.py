"""SQLite without us: the same bytes in one table with a sequential key, as durable as the journal."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from ledger.importing import BATCH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Row = tuple[int, bytes]
_INSERT = "INSERT INTO lines VALUES (?, ?)"


class RawTable:
    """One table of lines in a file of its own: WAL, `synchronous=FULL`, one transaction a batch or a row."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.execute("PRAGMA fullfsync=ON")
        self.db.execute("PRAGMA cache_size=-65536")
        self.db.execute("CREATE TABLE IF NOT EXISTS lines (entry INTEGER PRIMARY KEY, data BLOB)")

    def insert(self, rows: Sequence[Row]) -> None:
        """Insert rows by `executemany`, in batches as long as those of an import."""
        for start in range(0, len(rows), BATCH):
            self.db.execute("BEGIN IMMEDIATE")
            self.db.executemany(_INSERT, rows[start : start + BATCH])
            self.db.execute("COMMIT")

    def insert_one(self, row: Row) -> None:
        """Insert one row and commit."""
        self.db.execute("BEGIN IMMEDIATE")
        self.db.execute(_INSERT, row)
        self.db.execute("COMMIT")

    def one(self, entry: int) -> Row | None:
        """Return a row by its key: the statement stays prepared."""
        found: Row | None = self.db.execute("SELECT entry, data FROM lines WHERE entry = ?", (entry,)).fetchone()
        return found

    def measure(self) -> tuple[int, int]:
        """Return how many rows there are, and how many bytes."""
        rows, size = self.db.execute("SELECT COUNT(*), SUM(LENGTH(data)) FROM lines").fetchone()
        return rows, size

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()
