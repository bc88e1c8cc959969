"""What was decided and waits to be appended: in memory while it is small, after that in a file that nobody else sees.

What waits can be read again by its number: a correction far down a dossier is held against its target as that was
decided on.  What is to be sealed stays in memory, however much it is: a file without a name still leaves its bytes on
the disk, where an erasure would not find them.
"""

from __future__ import annotations

import marshal
import tempfile
from array import array
from typing import IO, TYPE_CHECKING, Final

from ledger.batch import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.sealing import SealedValue

_IN_MEMORY: Final = 32_000_000
_CHUNK: Final = 16
"""Drafts that are written and read together: fewer are read again sooner, more are written faster."""

_Plain = tuple[str, bytes, bytes]


class Spool:
    """Prepared drafts in the order in which they were decided on."""

    def __init__(self) -> None:
        self._kept: IO[bytes] | None = None
        self._ends = array("q", [0])
        self._last: list[_Plain] = []
        self._sealed: dict[int, tuple[SealedValue, ...]] = {}

    @property
    def _file(self) -> IO[bytes]:
        """The file, made when there is something to write: most desks decide on one draft."""
        if self._kept is None:
            self._kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  `close` closes it
        return self._kept

    def __len__(self) -> int:
        """Return how many drafts wait."""
        return (len(self._ends) - 1) * _CHUNK + len(self._last)

    def add(self, topic: str, fields: bytes, key: bytes, sealed: tuple[SealedValue, ...] = ()) -> None:
        """Take in one more, of the parts of `Prepared`."""
        if sealed:
            self._sealed[len(self)] = sealed
        self._last.append((topic, fields, key))
        if len(self._last) == _CHUNK:
            self._ends.append(self._ends[-1] + self._file.write(marshal.dumps(self._last)))
            self._last = []

    def __getitem__(self, index: int) -> Prepared:
        """Return one that waits."""
        chunk, at = divmod(index, _CHUNK)
        return self._prepared(index, self._chunk(chunk)[at])

    def batches(self, size: int) -> Iterator[list[Prepared]]:
        """Yield what waits, in order, so many at a time."""
        batch: list[Prepared] = []
        for chunk in range(len(self._ends)):
            for index, plain in enumerate(self._chunk(chunk), start=chunk * _CHUNK):
                batch.append(self._prepared(index, plain))
                if len(batch) == size:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def _chunk(self, chunk: int) -> list[_Plain]:
        if chunk == len(self._ends) - 1:
            return self._last
        start, end = self._ends[chunk : chunk + 2]
        self._file.seek(start)
        found: list[_Plain] = marshal.loads(self._file.read(end - start))  # noqa: S302  our own file, without a name
        self._file.seek(0, 2)
        return found

    def _prepared(self, index: int, plain: _Plain) -> Prepared:
        return Prepared(*plain, self._sealed.get(index, ()))

    def close(self) -> None:
        """Let go of what waits."""
        self._sealed.clear()
        if self._kept is not None:
            self._kept.close()
