"""The journal: one numbered stream of immutable entries, appended to by one writer at a time.

A ledger's journal is an `eventsourcing` application with one stream, so that the originator version *is* the entry
number: contiguous on every store.  Truth is what lies here; everything else is computed from it.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

from ledger.batch import Appended, Batch, Prepared
from ledger.codec import CODEC, MAX_LINE, Recorded, StoredLine, check_stamp, claim, format_line, stamp_of, stamp_prefix
from ledger.entries import StatementMade
from ledger.errors import Refused, StateChanged
from ledger.locking import lock_of, only_writer
from ledger.reading import JournalReader
from ledger.sealing import SealedValue, seal
from ledger.times import instant, stamp

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

    from filelock import BaseFileLock

    from ledger.application import JournalApplication
    from ledger.entries import Entry
    from ledger.stores import JournalRecorder

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_FIVE_MINUTES: Final = 5 * 60 * 1_000_000
_BATCH: Final = 5_000
_AGAIN: Final = "nothing was recorded; try again"


class StoredKeys:
    """The content keys recorded up to a moment, in memory: asking costs a tenth of a lookup in the table."""

    def __init__(self, keys: array[int]) -> None:
        self._keys = keys

    def perhaps(self, key: bytes) -> bool:
        """Say whether a draft with this key may be recorded; where not, it is not."""
        stored = stored_key(key)
        at = bisect_left(self._keys, stored)
        return at < len(self._keys) and self._keys[at] == stored


class Journal:
    """The entries of one ledger, on SQLite.

    Args:
        path: the database file; it must have been made by `Journal.create`.
        name: which ledger of that database.
    """

    def __init__(self, path: Path, name: str = "main") -> None:
        self.path = path
        self.ledger_name = name
        self.reader = JournalReader(path)
        self._application: JournalApplication | None = None
        self._lock: BaseFileLock | None = None
        found = self.reader.ledger_named(name)
        if found is None:
            self.close()
            raise Refused(f"{path} holds no ledger '{name}'", hint=f"make it with: verbale init --ledger {path}#{name}")
        self.ledger_id, secret = found
        self._keyed = hashlib.blake2b(digest_size=16, key=secret)

    @classmethod
    def create(cls, path: Path, name: str = "main") -> bool:
        """Make a ledger in a database file, and the file if need be; say whether the ledger is new.

        Raises:
            Refused: the file holds something else, or cannot be made there.
        """
        from ledger.application import create_ledger  # noqa: PLC0415  for writers only

        if not _NAME.fullmatch(name):
            raise Refused(f"'{name}' cannot name a ledger", hint="use small letters, digits and -")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"cannot make the folder {path.parent}: {error.strerror}", hint="choose another") from None
        return create_ledger(path, name)

    @property
    def recorder(self) -> JournalRecorder:
        """The recorder of the application, which is made at the first append."""
        if self._application is None:
            from ledger.application import JournalApplication  # noqa: PLC0415  for writers only

            self._application = JournalApplication(self.path)
        return self._application.recorder

    def close(self) -> None:
        """Let go of every connection."""
        self.reader.close()
        if self._application is not None:
            self._application.close()

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
        return self.reader.head(self.ledger_id)

    def data_version(self) -> int:
        """Return a number that is another one as soon as something was appended, by whomever."""
        return self.reader.data_version()

    def lines(self, after: int = 0, upto: int | None = None) -> Iterator[StoredLine]:
        """Read entries in order, as stored."""
        return self.reader.lines(self.ledger_id, after, upto)

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        """Read entries in order, decoded."""
        return (CODEC.decode(*line) for line in self.lines(after, upto))

    def line(self, entry: int) -> StoredLine | None:
        """Return one entry as stored."""
        return next(self.lines(entry - 1, entry), None)

    def sealed_values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, for who holds the ledger."""
        return self.reader.sealed_values(self.ledger_id, entry)

    # Once only

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
        return StoredKeys(self.reader.keys())

    def recorded_as(self, key: bytes, event: Entry, *, sealing: bool) -> int | None:
        """Return the entry that already says what this draft says.

        Half a key is stored, so a hit is looked at: two drafts that share it by chance are both kept.
        """
        for entry in self.reader.entries_with_key(stored_key(key)):
            line = self.line(entry)
            if line is None:
                continue
            stored = CODEC.decode(*line).event
            if sealing and isinstance(event, StatementMade):
                salts = {value.salt for value in self.sealed_values(entry)}
                same = any(seal(event, salt)[0] == stored for salt in salts)
            else:
                same = stored == event
            if same:
                return entry
        return None

    # Writing

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer, from reading the head to the end of the append."""
        if self._lock is None:
            self._lock = lock_of(self.path)
        return only_writer(self.path, self._lock)

    def last_recorded_at(self) -> int | None:
        """Return the instant at which the last entry was recorded."""
        last = self.line(self.head)
        if last is None:
            return None
        recorded_at = stamp_of(last.data).recorded_at
        return instant(recorded_at) if recorded_at else check_stamp(CODEC.decode(*last))

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
        """
        if self.head != head:
            raise StateChanged(f"another writer appended e{head + 1} first", hint=_AGAIN)
        last = self.last_recorded_at()
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
        self.recorder.append(self.ledger_id, [batch])
        return Appended(head + 1, head + len(numbered), recorded_at, behind)

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
        appended = 0

        def batches() -> Iterator[Batch]:
            nonlocal appended
            each = iter(lines)
            while some := list(islice(each, _BATCH)):
                appended += len(some)
                yield Batch([line for line, _ in some], [pair for one in some for pair in self._key_of(*one)])

        self.recorder.append(self.ledger_id, batches())
        return appended

    def _key_of(self, line: StoredLine, event: Entry) -> list[tuple[int, int]]:
        if getattr(event, "sealed", None):
            return []
        return [(stored_key(self.content_key(event, CODEC.encode(event), sealing=False)), line.entry)]


def _must_fit(lines: Sequence[StoredLine]) -> None:
    size = len(format_line(*max(lines, key=lambda line: len(line.data))))
    if size > MAX_LINE:
        hint = "shorten the text, or keep the words in the source and quote a part"
        raise Refused(f"the entry is {size:,} bytes long; a line holds at most {MAX_LINE:,}", hint=hint)


def stored_key(key: bytes) -> int:
    """Return the half of a content key that is stored: an integer key makes the table half as large, and faster."""
    return int.from_bytes(key[:8], signed=True)
