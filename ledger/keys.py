"""The content keys of what was decided on: in memory, twelve bytes for each draft."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
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
