"""Content keys in memory: of what is recorded, eight bytes for each entry; of what was decided on, `ledger.numbers`."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from ledger.numbers import Numbers, hashed

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator


class DecidedKeys:
    """From the half of a content key that is stored to the numbers of the drafts that have it, counted from 0."""

    def __init__(self) -> None:
        self._numbers = Numbers()
        self._count = 0

    def add(self, key: int) -> None:
        """Take in the key of the next draft."""
        self._numbers.add(key, self._count)
        self._count += 1

    def find(self, key: int) -> Iterator[int]:
        """Yield the drafts with this key: two may share it by chance."""
        return self._numbers.find(key)

    def __contains__(self, key: int) -> bool:
        """Say whether a draft has this key."""
        return key in self._numbers

    def close(self) -> None:
        """Let go of them."""
        self._numbers.close()


class KeySet:
    """Texts that were met before, of which their hashes are kept."""

    def __init__(self) -> None:
        self._numbers = Numbers()

    def add(self, text: str) -> bool:
        """Take in a text; return whether it is new."""
        key = hashed(text)
        if key in self._numbers:
            return False
        self._numbers.add(key)
        return True

    def __contains__(self, text: str) -> bool:
        """Say whether a text was met."""
        return hashed(text) in self._numbers


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
