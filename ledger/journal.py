"""The journal: one numbered stream of immutable entries, appended to by one writer at a time.

A ledger's journal is an `eventsourcing` application with one stream, so that the originator version *is* the entry
number: contiguous on every store.  Truth is what lies here; everything else is computed from it.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

from ledger.batch import Appended, Batch, Prepared
from ledger.codec import CODEC, MAX_LINE, Recorded, StoredLine, check_stamp, claim, format_line, stamp_of, stamp_prefix
from ledger.entries import StatementMade
from ledger.erasing import Erasures
from ledger.errors import ConnectionLost, Refused
from ledger.kept import Kept
from ledger.keys import StoredKeys, stored_key
from ledger.sealing import unseal
from ledger.stores.protocol import outrun
from ledger.times import instant, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from ledger.entries import Entry
    from ledger.kept import Checkpoint
    from ledger.sealing import SealedValue
    from ledger.stores.protocol import Store

_FIVE_MINUTES: Final = 5 * 60 * 1_000_000
_BATCH: Final = 5_000
_BEHIND: Final = (
    "bring back what is missing with: verbale recover FILE (an exported journal), or restore a newer backup"
)
_AGAIN: Final = "run the same command again: what is recorded already is recorded once only"


class Journal:
    """The entries of one ledger.

    Args:
        store: where they lie; closing the journal closes it.
        kept: what outlives the store; None where nothing does.
    """

    def __init__(self, store: Store, kept: Kept | None = None) -> None:
        self.store = store
        self.kept = kept or Kept(None)
        self.ledger_id = store.ledger_id
        self.erasures = Erasures(store, self.kept, self._sealed_key)

    def close(self) -> None:
        """Let go of every connection."""
        self.store.close()

    def __enter__(self) -> Self:
        """Use the journal as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    # Reading

    @property
    def head(self) -> int:
        """The number of the last entry; 0 while there is none."""
        return self.store.head()

    def data_version(self) -> int:
        """Return a number that is another one as soon as something was appended, by whomever."""
        return self.store.data_version()

    def lines(self, after: int = 0, upto: int | None = None) -> Iterator[StoredLine]:
        """Read entries in order, as stored."""
        return self.store.lines(after, upto)

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        """Read entries in order, decoded."""
        return (CODEC.decode(*line) for line in self.lines(after, upto))

    def line(self, entry: int) -> StoredLine | None:
        """Return one entry as stored."""
        return next(self.lines(entry - 1, entry), None)

    def sealed_values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, for who holds the ledger; never what was erased, whatever is stored."""
        return self.erasures.values(entry)

    def all_sealed(self) -> Iterator[tuple[int, SealedValue]]:
        """Return everything that is sealed and at hand, by entry; never what was erased."""
        return self.erasures.all_values()

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, by number: those of the store, and those that only the file beside it has."""
        return [one for _, one in sorted({one.number: one for one in self._both()}.items())]

    def _both(self) -> Iterator[Checkpoint]:
        yield from self.kept.checkpoints()
        yield from self.store.checkpoints()

    # Once only

    @cached_property
    def _keyed(self) -> hashlib.blake2b:
        return hashlib.blake2b(digest_size=16, key=self.store.secret)

    def content_key(self, event: Entry, fields: bytes, *, sealing: bool) -> bytes:
        """Return the content key of a draft whose names are resolved: a hash of its type and fields, 16 bytes long.

        It is keyed with the ledger's secret, so that a sealed draft cannot be guessed from its key.
        """
        return self.keyed(event.type_name(), fields, sealing=sealing)

    def keyed(self, type_name: str, fields: bytes, *, sealing: bool = False) -> bytes:
        """Return the content key of encoded fields."""
        key = self._keyed.copy()
        key.update(b"%s\x00%d\x00%s" % (type_name.encode(), sealing, fields))
        return key.digest()

    def keys(self) -> StoredKeys:
        """Return the content keys of all that is recorded, for who will ask for many."""
        return StoredKeys(self.store.keys())

    def recorded_as(self, key: bytes, event: Entry, *, sealing: bool) -> int | None:
        """Return the entry that already says what this draft says.

        Half a key is stored, so a hit is looked at: two drafts that share it by chance are both kept.
        """
        for entry in self.store.entries_with_key(stored_key(key)):
            line = self.line(entry)
            if line is None:
                continue
            stored = CODEC.decode(*line).event
            if sealing and isinstance(event, StatementMade):
                same = isinstance(stored, StatementMade) and unseal(stored, self.sealed_values(entry)) == event
            else:
                same = stored == event
            if same:
                return entry
        return None

    # Writing

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer, from reading the head to the end of the append."""
        return self.store.writing()

    def _recorded_at(self, head: int) -> int | None:
        """Return the instant at which the last entry was recorded, which is this one, or somebody was first."""
        rest = list(islice(self.lines(max(head - 1, 0)), 2))
        if [line.entry for line in rest] != ([head] if head else []):
            raise outrun(head + 1)
        if not rest:
            return None
        recorded_at = stamp_of(rest[0].data).recorded_at
        return instant(recorded_at) if recorded_at else check_stamp(CODEC.decode(*rest[0]))

    def append(self, prepared: Sequence[Prepared], *, now: int, recorded_by: str | None, head: int) -> Appended:
        """Append entries in one transaction, within `writing`.

        Args:
            prepared: what was decided on; not empty.
            now: this host's clock, microseconds since 1970.
            recorded_by: who says so, a claim.
            head: the last entry that the decisions were based on.

        Raises:
            StateChanged: somebody appended past the lock, or since the decisions were made.
            Refused: an entry is too long for a line, or the database does not take it.
            ConnectionLost: nothing was appended, and the lock is lost: decide again.
        """
        self._must_hold_all(head)
        last = self._recorded_at(head)
        at = now if last is None else max(now, last)
        behind = (at - now) // 1_000_000 if at - now > _FIVE_MINUTES else None
        recorded_at = stamp(at)
        prefix = stamp_prefix(recorded_at, claim(recorded_by), behind)
        numbered = list(enumerate(prepared, start=head + 1))
        batch = Batch(
            lines=[StoredLine(entry, one.topic, prefix + one.fields[1:]) for entry, one in numbered],
            keys=[(stored_key(one.key), entry) for entry, one in numbered],
            sealed=[(entry, value) for entry, one in numbered for value in one.sealed],
        )
        _must_fit(batch.lines)
        batch = self.erasures.destroying(batch)
        try:
            self.store.append([batch])
        except ConnectionLost:
            if not self._survived(batch.lines):
                raise
        self.erasures.appended()
        return Appended(head + 1, head + len(numbered), recorded_at, behind)

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a signed checkpoint: in the file first, so that an older copy of the database is known for what it is.

        Raises:
            Refused: it cannot be written.
        """
        self.kept.add_checkpoint(checkpoint)
        self.store.keep_checkpoint(checkpoint)

    def _must_hold_all(self, head: int) -> None:
        """Return unless a signed checkpoint covers more than the journal holds.

        Raises:
            Refused: the database is an older copy of itself.
        """
        size = max(self.store.signed(), max((one.size for one in self.kept.checkpoints()), default=0))
        if size > head:
            message = f"the journal ends at e{head}, and a checkpoint was signed of {size:,} entries"
            raise Refused(f"{message}: it was restored from an old backup", hint=_BEHIND)

    def _survived(self, lines: Sequence[StoredLine]) -> bool:
        """Say whether a transaction was committed whose answer was lost: it is there whole, to the byte, or not at all.

        The lock is taken again before the look, so that the transaction has ended by then.

        Raises:
            Refused: nobody can look.
        """
        try:
            with self.writing():
                return list(self.lines(lines[0].entry - 1, lines[-1].entry)) == list(lines)
        except Refused as error:
            message = f"{error.message}: whether e{lines[0].entry} was recorded is not known"
            raise Refused(message, hint=_AGAIN) from None

    def append_lines(self, lines: Iterable[tuple[StoredLine, Entry]]) -> int:
        """Append the lines of another journal as they are, in one transaction, within `writing`.

        Args:
            lines: with the event that each decodes to, of which the content key is made anew: the secret is this
                ledger's.  What is sealed has no key here, as its values are not in the lines.

        Returns:
            how many there were.

        Raises:
            LedgerError: whatever `lines` raises; nothing is appended then.
        """
        appended, last = 0, [StoredLine(0, "", b"")]

        def batches() -> Iterator[Batch]:
            nonlocal appended
            each = iter(lines)
            while some := list(islice(each, _BATCH)):
                appended, last[0] = appended + len(some), some[-1][0]
                keys = [pair for one in some for pair in self._key_of(*one)]
                yield self.erasures.destroying(Batch([line for line, _ in some], keys))

        try:
            self.store.append(batches())
        except ConnectionLost:
            if not self._survived(last):
                raise
        self.erasures.appended()
        return appended

    def stored_keys_of(self, line: StoredLine, event: Entry) -> list[tuple[int, int]]:
        """Return the content key that an entry of this ledger has, with its number; none where nobody can tell it."""
        if not isinstance(event, StatementMade) or not event.sealed:
            return self._key_of(line, event)
        meant = unseal(event, self.sealed_values(line.entry))
        return [] if meant is None else [(self._sealed_key(meant), line.entry)]

    def _sealed_key(self, meant: StatementMade) -> int:
        return stored_key(self.content_key(meant, CODEC.encode(meant), sealing=True))

    def _key_of(self, line: StoredLine, event: Entry) -> list[tuple[int, int]]:
        if getattr(event, "sealed", None):
            return []
        return [(stored_key(self.content_key(event, CODEC.encode(event), sealing=False)), line.entry)]


def _must_fit(lines: Sequence[StoredLine]) -> None:
    size = len(format_line(*max(lines, key=lambda line: len(line.data))))
    if size > MAX_LINE:
        hint = "shorten the text, or keep the words in the source and quote a part"
        raise Refused(f"the entry is {size:,} bytes long; a line holds at most {MAX_LINE:,}", hint=hint)
