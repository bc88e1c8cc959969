"""Documents that came within a file, until they are kept: in memory while they are few, then in a nameless file."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Final

from ledger.texts import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY: Final = 32_000_000


class Handed:
    """Documents, by their SHA-256."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        self._kept: IO[bytes] | None = None

    def add(self, document: bytes) -> None:
        """Take in a document, once."""
        sha256 = sha256_of(document)
        if sha256 not in self._places:
            if self._kept is None:
                self._kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  `close` closes it
            self._places[sha256] = self._kept.seek(0, 2), len(document)
            self._kept.write(document)

    def get(self, sha256: str) -> bytes | None:
        """Return a document, None where it is not here."""
        if self._kept is None or sha256 not in self._places:
            return None
        start, length = self._places[sha256]
        self._kept.seek(start)
        return self._kept.read(length)

    def __contains__(self, sha256: str) -> bool:
        """Say whether a document is here."""
        return sha256 in self._places

    def __iter__(self) -> Iterator[bytes]:
        """Yield the documents."""
        return (document for sha256 in self._places if (document := self.get(sha256)) is not None)

    def close(self) -> None:
        """Let go of them."""
        self._places.clear()
        if self._kept is not None:
            self._kept.close()
            self._kept = None
