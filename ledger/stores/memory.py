"""A store in this process's memory: what the other stores promise, without a database."""

from __future__ import annotations

import os
from array import array
from contextlib import contextmanager
from operator import itemgetter
from threading import RLock
from typing import TYPE_CHECKING

from ledger.batch import covers
from ledger.stores import protocol
from ledger.stores.protocol import held, outrun, stream_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.batch import Batch, Destroyed
    from ledger.codec import StoredLine
    from ledger.kept import Checkpoint
    from ledger.sealing import SealedValue


class MemoryShelf:
    """Documents in a dictionary."""

    def __init__(self) -> None:
        self._documents: dict[str, bytes] = {}

    def put(self, sha256: str, document: bytes) -> None:
        """Keep a document."""
        self._documents.setdefault(sha256, document)

    def get(self, sha256: str) -> bytes | None:
        """Return a document, None where it is not kept here."""
        return self._documents.get(sha256)

    def holds(self, sha256: str) -> bool:
        """Say whether a document is kept here."""
        return sha256 in self._documents

    def remove(self, sha256: str) -> bool:
        """Let go of a document for good; say whether it was kept here."""
        return self._documents.pop(sha256, None) is not None


class MemoryStore:
    """One ledger, gone with its process.

    Args:
        name: the ledger's.
        secret: of the ledger that this is a copy of; None makes one.
    """

    def __init__(self, name: str = "main", secret: bytes | None = None) -> None:
        self.ledger_id = stream_id(name)
        self.secret = secret or os.urandom(32)
        self.shelf = MemoryShelf()
        self._lines: dict[int, StoredLine] = {}
        self._keys: list[tuple[int, int]] = []
        self._sealed: list[tuple[int, SealedValue]] = []
        self._checkpoints: dict[int, Checkpoint] = {}
        self._verifier_key: str | None = None
        self._lock = RLock()

    def close(self) -> None:
        """Keep everything: there is no connection to let go of."""

    def head(self) -> int:
        """Return the number of the last entry, 0 for an empty ledger."""
        return max(self._lines, default=0)

    data_version = head

    def lines(self, after: int = 0, upto: int | None = None) -> Iterator[StoredLine]:
        """Read the entries `after < entry ≤ upto`, in order."""
        last = self.head() if upto is None else upto
        return iter([self._lines[entry] for entry in sorted(self._lines) if after < entry <= last])

    def entries_with_key(self, key: int) -> list[int]:
        """Return the entries recorded under a content key."""
        return sorted(entry for stored, entry in self._keys if stored == key)

    def keys(self) -> array[int]:
        """Return every content key, in order."""
        return array("q", sorted(key for key, _ in self._keys))

    def sealed_values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry."""
        return [value for sealed_in, value in self._sealed if sealed_in == entry]

    def key_rows(self) -> Iterator[tuple[int, int]]:
        """Return every content key with its entry."""
        return iter(self._keys)

    def alone(self) -> bool:
        """Say that the keys are kept apart from those of other ledgers."""
        return True

    def all_sealed(self) -> Iterator[tuple[int, SealedValue]]:
        """Return everything that is sealed and not erased, by entry."""
        return iter(sorted(self._sealed, key=itemgetter(0)))

    def also_in(self, sha256: str) -> list[str]:  # noqa: ARG002  no other ledger is in this memory
        """Return no names: this ledger is alone."""
        return []

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, by number."""
        return [one for _, one in sorted(self._checkpoints.items())]

    def signed(self) -> int:
        """Return the size of the last checkpoint, 0 where there is none."""
        return max((one.size for one in self._checkpoints.values()), default=0)

    def verifier_key(self) -> str | None:
        """Return the key that the ledger was made with."""
        return self._verifier_key

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint, in place of one with its number."""
        self._checkpoints[checkpoint.number] = checkpoint

    def keep_verifier_key(self, key: str) -> None:
        """Keep the ledger's first key, unless it has one."""
        self._verifier_key = self._verifier_key or key

    def destroy(self, destroyed: Iterable[Destroyed]) -> None:
        """Delete sealed values and keys."""
        for one in destroyed:
            gone = [(entry, s) for entry, s in self._sealed if entry == one.entry and covers(one.fields, s.field)]
            self._sealed = [pair for pair in self._sealed if pair not in gone]
            self._keys = [pair for pair in self._keys if pair != (one.key, one.entry)]

    def purge(self) -> None:
        """Do nothing: what was deleted from memory is gone."""

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, among the threads of this process."""
        if not self._lock.acquire(timeout=protocol.LOCK_SECONDS):
            raise held("the ledger in memory")
        try:
            yield
        finally:
            self._lock.release()

    def append(self, batches: Iterable[Batch]) -> None:
        """Append batches: all of them, or none where one of them fails."""
        all_of_them = list(batches)
        lines = [line for batch in all_of_them for line in batch.lines]
        taken = next((line.entry for line in lines if line.entry in self._lines), None)
        if taken is not None:
            raise outrun(taken)
        self._lines |= {line.entry: line for line in lines}
        self._keys += [pair for batch in all_of_them for pair in batch.keys]
        self._sealed += [pair for batch in all_of_them for pair in batch.sealed]
        self.destroy(one for batch in all_of_them for one in batch.destroyed)
