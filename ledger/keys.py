"""Keys in memory: of what is recorded, eight bytes for each entry; of what was decided on, twelve a draft."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARDS: Final = 4_096
_SHIFT: Final = 52
"""The first twelve of 64 bits choose the shard: there a key is found by halving, and put in by moving a few others."""


class DecidedKeys:
    """From the half of a content key that is stored to the numbers of the drafts that have it, counted from 0."""

    def __init__(self) -> None:
        self._keys: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._numbers: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        self._count = 0

    def add(self, key: int) -> None:
        """Take in the key of the next draft."""
        shard = key >> _SHIFT & _SHARDS - 1
        keys = self._keys[shard]
        at = bisect_left(keys, key)
        keys.insert(at, key)
        self._numbers[shard].insert(at, self._count)
        self._count += 1

    def find(self, key: int) -> Iterator[int]:
        """Yield the drafts with this key: two may share it by chance."""
        shard = key >> _SHIFT & _SHARDS - 1
        keys = self._keys.get(shard, ())
        at = bisect_left(keys, key)
        while at < len(keys) and keys[at] == key:
            yield self._numbers[shard][at]
            at += 1

    def __contains__(self, key: int) -> bool:
        """Say whether a draft has this key."""
        keys = self._keys.get(key >> _SHIFT & _SHARDS - 1, ())
        at = bisect_left(keys, key)
        return at < len(keys) and keys[at] == key


class KeySet:
    """What was met before, eight bytes each: a hash stands for a text, which two share with odds of 1 in 2^64."""

    def __init__(self) -> None:
        self._keys: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))

    def add(self, text: str) -> bool:
        """Take in a text; return whether it is new."""
        key, keys = self._of(text)
        at = bisect_left(keys, key)
        if at < len(keys) and keys[at] == key:
            return False
        keys.insert(at, key)
        return True

    def __contains__(self, text: str) -> bool:
        """Say whether a text was met."""
        key, keys = self._of(text)
        at = bisect_left(keys, key)
        return at < len(keys) and keys[at] == key

    def _of(self, text: str) -> tuple[int, array[int]]:
        key = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
        return key, self._keys[key >> _SHIFT & _SHARDS - 1]


class StoredKeys:
    """The content keys recorded up to a moment, in memory: asking costs a tenth of a lookup in the table."""

    def __init__(self, keys: array[int]) -> None:
        self._keys = keys

    def perhaps(self, key: bytes) -> bool:
        """Say whether a draft with this key may be recorded; where not, it is not."""
        stored = stored_key(key)
        at = bisect_left(self._keys, stored)
        return at < len(self._keys) and self._keys[at] == stored


def stored_key(key: bytes) -> int:
    """Return the half of a content key that is stored: an integer key makes the table half as large, and faster."""
    return int.from_bytes(key[:8], signed=True)
