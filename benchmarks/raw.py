"""SQLite without us: the same bytes in one table with a sequential key, as durable as the journal."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from itertools import islice
from typing import TYPE_CHECKING

from ledger.importing import BATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
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

    def insert(self, rows: Iterable[Row]) -> float:
        """Insert rows by `executemany`, in batches as long as those of an import; return the seconds it took."""
        return in_batches(rows, self._insert_batch)

    def _insert_batch(self, rows: Sequence[Row]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany(_INSERT, rows)
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

    def hashed(self) -> int:
        """Read every row and hash it by itself; return how many there are."""
        rows = self.db.execute("SELECT data FROM lines ORDER BY entry")
        return sum(1 for (data,) in rows if hashlib.sha256(data).digest())

    def measure(self) -> tuple[int, int]:
        """Return how many rows there are, and how many bytes."""
        rows, size = self.db.execute("SELECT COUNT(*), SUM(LENGTH(data)) FROM lines").fetchone()
        return rows, size

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()


def in_batches(rows: Iterable[Row], insert: Callable[[Sequence[Row]], None]) -> float:
    """Insert rows in batches; return the seconds that went by within `insert`, where the rows come from left out."""
    each, seconds = iter(rows), 0.0
    while batch := list(islice(each, BATCH)):
        began = time.perf_counter()
        insert(batch)
        seconds += time.perf_counter() - began
    return seconds
