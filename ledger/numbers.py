"""From numbers to numbers: some in memory, once they are many the others in a file that nobody else sees.

What an import remembers of each of its drafts must not grow with the file: sixteen bytes each while they are few, then
a temporary database (SQLite's own, without a name), into which they go sorted, as a table grows fastest.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY: Final = 400_000
_FILTER: Final = 1 << 25
"""Bits, of which each key in the file has one: most of what is not there is not looked for."""
_SHARDS: Final = 4_096
_SHIFT: Final = 52
"""The first twelve of 64 bits choose the shard: there a key is found by halving, and put in by moving a few others."""
_TABLE: Final = "CREATE TABLE numbers (key INTEGER, value INTEGER, PRIMARY KEY (key, value)) WITHOUT ROWID"
_FOUND: Final = "SELECT value FROM numbers WHERE key = ? ORDER BY value"


class Numbers:
    """From a whole number of 64 bits, signed, to the numbers that were added under it, in the order of adding.

    Values are added in rising order.
    """

    def __init__(self) -> None:
        self._keys: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._values: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._count = 0
        self._db: sqlite3.Connection | None = None
        self._bits = bytearray()

    def add(self, key: int, value: int = 0) -> None:
        """Take in a number under a key."""
        shard = key >> _SHIFT & _SHARDS - 1
        keys = self._keys[shard]
        at = bisect_right(keys, key)
        keys.insert(at, key)
        self._values[shard].insert(at, value)
        self._count += 1
        if self._count >= IN_MEMORY:
            self._spill()

    def find(self, key: int) -> Iterator[int]:
        """Yield the numbers under a key."""
        if self._db is not None and self._may_hold(key):
            for (value,) in self._db.execute(_FOUND, (key,)):
                yield value
        shard = key >> _SHIFT & _SHARDS - 1
        keys = self._keys.get(shard, ())
        at = bisect_left(keys, key)
        while at < len(keys) and keys[at] == key:
            yield self._values[shard][at]
            at += 1

    def __contains__(self, key: int) -> bool:
        """Say whether anything was added under a key."""
        keys = self._keys.get(key >> _SHIFT & _SHARDS - 1, ())
        at = bisect_left(keys, key)
        if at < len(keys) and keys[at] == key:
            return True
        if self._db is None or not self._may_hold(key):
            return False
        return self._db.execute(_FOUND, (key,)).fetchone() is not None

    def close(self) -> None:
        """Let go of them."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def __del__(self) -> None:
        """Let go of them with what used them."""
        with suppress(sqlite3.Error):
            self.close()

    def _may_hold(self, key: int) -> bool:
        bit = key % _FILTER
        return bool(self._bits[bit >> 3] >> (bit & 7) & 1)

    def _spill(self) -> None:
        if self._db is None:
            self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=OFF")
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute("PRAGMA cache_size=-4096")
            self._db.execute(_TABLE)
            self._bits = bytearray(_FILTER // 8)
        # Shards in the order of signed keys: the upper half of them holds what is below zero.
        shards = [*range(_SHARDS // 2, _SHARDS), *range(_SHARDS // 2)]
        filled = [shard for shard in shards if shard in self._keys]
        pairs = (pair for one in filled for pair in zip(self._keys[one], self._values[one], strict=True))
        for shard in filled:
            for key in self._keys[shard]:
                bit = key % _FILTER
                self._bits[bit >> 3] |= 1 << (bit & 7)
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO numbers VALUES (?, ?)", pairs)
        self._db.execute("COMMIT")
        self._keys.clear()
        self._values.clear()
        self._count = 0


def hashed(text: str) -> int:
    """Return 64 bits, signed, that stand for a text: two share them with odds of 1 in 2^64."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
