"""What the `ref`s of a dossier stand for: in memory while they are few, then in a database that nobody else sees."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY: Final = 100_000


class Refs(Mapping[str, int]):
    """From a `ref` to the entry that it stands for."""

    def __init__(self) -> None:
        self._recent: dict[str, int] = {}
        self._db: sqlite3.Connection | None = None

    def __setitem__(self, ref: str, entry: int) -> None:
        """Let a ref stand for an entry."""
        self._recent[ref] = entry
        if len(self._recent) > _IN_MEMORY:
            if self._db is None:
                self._db = sqlite3.connect("", isolation_level=None)  # a file without a name, gone when it is closed
                self._db.execute("CREATE TABLE refs (ref TEXT PRIMARY KEY, entry INTEGER) WITHOUT ROWID")
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO refs VALUES (?, ?)", sorted(self._recent.items()))
            self._db.execute("COMMIT")
            self._recent = {}

    def __getitem__(self, ref: str) -> int:
        """Return the entry that a ref stands for."""
        found = self._recent.get(ref)
        if found is None and self._db is not None:
            row = self._db.execute("SELECT entry FROM refs WHERE ref = ?", (ref,)).fetchone()
            found = None if row is None else row[0]
        if found is None:
            raise KeyError(ref)
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield the refs."""
        if self._db is not None:
            for (ref,) in self._db.execute("SELECT ref FROM refs"):
                if ref not in self._recent:
                    yield ref
        yield from self._recent

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(1 for _ in self)

    def close(self) -> None:
        """Let go of them."""
        if self._db is not None:
            self._db.close()
