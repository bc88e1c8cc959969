"""What was erased from a ledger: destroyed with its record, destroyed again where an old copy comes back, never served.

The record is an entry (`ErasureRecorded`), so whoever appends it destroys: a command, an import, a replay.  First the
file beside the ledger has the news (`ledger.kept`), then one transaction appends the entry and deletes values, salts
and content key, then the bytes of sources go; last, what was deleted is overwritten (`Store.purge`), and the file says
so.  Wherever that breaks off, the file says what is left to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.batch import Batch, Destroyed, covers
from ledger.codec import CODEC, StoredLine, format_line
from ledger.entries import ErasureRecorded, StatementMade
from ledger.kept import Erasure
from ledger.sealing import unseal
from ledger.transparency.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.kept import Kept
    from ledger.sealing import SealedValue
    from ledger.stores.protocol import Store

_SEALED = b'"sealed":{'


class Erasures:
    """The erasures of one ledger.

    Args:
        store: where the values lie.
        kept: the files that outlive it.
        key_of: returns the stored content key of a sealed statement, given as it was meant.
    """

    def __init__(self, store: Store, kept: Kept, key_of: Callable[[StatementMade], int]) -> None:
        self._store = store
        self._kept = kept
        self._key_of = key_of
        self._known = kept.erasures()
        self._new: dict[int, StoredLine] = {}
        """Sealed lines that are being appended, perhaps not yet committed."""
        self._sources: list[str] = []
        """Documents that go once the transaction has ended."""
        self.to_purge = False
        """Whether something was deleted by this journal that is not overwritten yet."""

    @property
    def unpurged(self) -> bool:
        """Whether what was deleted, by whomever, may not be overwritten yet."""
        return self.to_purge or self._kept.unpurged()

    # What may be served

    def values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry; never what was erased, whatever is stored."""
        return list(self._left(entry, self._store.sealed_values(entry)))

    def all_values(self) -> Iterator[tuple[int, SealedValue]]:
        """Return everything that is sealed and was not erased, by entry."""
        named = {one.entry for one in self._known}
        for entry, value in self._store.all_sealed():
            if entry not in named or any(self._left(entry, [value])):
                yield entry, value

    def _left(self, entry: int, values: Iterable[SealedValue]) -> Iterator[SealedValue]:
        gone = [one.fields for one in self._known if one.entry == entry and self._is_meant(one)]
        return (value for value in values if not any(covers(fields, value.field) for fields in gone))

    def left_of(self, line: StoredLine, values: Iterable[SealedValue]) -> list[SealedValue]:
        """Return what of a line's sealed values was not erased, whether the line lies in this store or comes to it."""
        leaf = leaf_hash(format_line(*line)).hex()
        gone = [one.fields for one in self._known if one.entry == line.entry and one.leaf in ("", leaf)]
        return [value for value in values if not any(covers(fields, value.field) for fields in gone)]

    def source_gone(self, sha256: str) -> int | None:
        """Return the erasure with which a document's bytes went, None where there was none."""
        return next((one.erasure for one in self._known if sha256 in one.sources), None)

    # Destroying with the record

    def destroying(self, batch: Batch) -> Batch:
        """Return a batch that destroys what the erasures in it say; the news of that is kept first."""
        self._new.update((line.entry, line) for line in batch.lines if _SEALED in line.data)
        erasures = [line for line in batch.lines if line.topic == ErasureRecorded.TOPIC]
        if not erasures:
            return batch
        keys = {entry: key for key, entry in batch.keys}
        inserted = {entry for entry, _ in batch.sealed}
        destroyed = []
        for line in erasures:
            event = CODEC.decode(*line).event
            if not isinstance(event, ErasureRecorded):
                continue
            target = event.entry
            known = Erasure(line.entry, target, event.fields, event.sources, self._leaf(target))
            self._kept.add_erasure(known)
            self._known.append(known)
            self._sources += event.sources
            self.to_purge |= target in inserted or bool(self._store.sealed_values(target))
            destroyed.append(Destroyed(target, event.fields, keys.get(target) or self._key_at(target)))
        return batch._replace(destroyed=destroyed)

    def appended(self) -> None:
        """Let the documents go, now that their erasure is recorded; where nothing was there to delete, say so.

        Raises:
            Refused: a document cannot be removed.
        """
        self._new.clear()
        if self._sources:
            sources, self._sources = self._sources, []
            self.to_purge |= self._remove(sources)
        if self._known and not self.to_purge and self._kept.unpurged():
            self._kept.add_purged()

    def _remove(self, sources: Iterable[str]) -> bool:
        """Remove documents that no other ledger of the database rests on; say whether there was one."""
        gone = [self._store.shelf.remove(one) for one in sources if not self._store.also_in(one)]
        return any(gone)

    def _key_at(self, entry: int) -> int | None:
        """Return the content key of a sealed statement, as it is stored; None where it can no longer be told."""
        line = self._line(entry)
        statement = None if line is None else CODEC.decode(*line).event
        if not isinstance(statement, StatementMade):
            return None
        meant = unseal(statement, self._store.sealed_values(entry))
        return None if meant is None else self._key_of(meant)

    def _leaf(self, entry: int) -> str:
        line = self._new.get(entry) or self._line(entry)
        return "" if line is None else leaf_hash(format_line(*line)).hex()

    def _line(self, entry: int) -> StoredLine | None:
        return next(self._store.lines(entry - 1, entry), None)

    def _is_meant(self, one: Erasure) -> bool:
        """Say whether the entry that has this number is the one that was erased.

        A copy from before may have gone on otherwise since, and has another entry there.
        """
        return not one.leaf or self._leaf(one.entry) == one.leaf

    # Destroying again

    def again(self) -> bool:
        """Destroy what an old copy of the database or of its documents has brought back; say whether there was any.

        Raises:
            Refused: it cannot be written there, or not be overwritten yet; it is never served in any case.
        """
        back = [one for one in self._known if self._is_back(one)]
        if not back:
            return False
        with self._store.writing():
            keys = {one.entry: self._key_at(one.entry) for one in back}
            for one in back:
                self._kept.add_erasure(one)  # what was overwritten once is to be overwritten once more
            meant = [one for one in back if self._is_meant(one)]
            self._store.destroy([Destroyed(one.entry, one.fields, keys[one.entry]) for one in meant])
            self._remove([sha256 for one in back for sha256 in one.sources])
        self.purge()
        return True

    def _is_back(self, one: Erasure) -> bool:
        values = self._store.sealed_values(one.entry)
        if any(covers(one.fields, value.field) for value in values) and self._is_meant(one):
            return True
        return any(self._store.shelf.holds(sha256) and not self._store.also_in(sha256) for sha256 in one.sources)

    def purge(self) -> None:
        """Overwrite what was deleted.

        Raises:
            Refused: somebody is reading just now, or may not; the values are deleted, and asking again completes it.
        """
        self._store.purge()
        self.to_purge = False
        if self._known:
            self._kept.add_purged()
