"""The journal: one numbered stream of immutable entries, appended to by one writer at a time.

A ledger's journal is an `eventsourcing` application with one stream, so that the originator version *is* the entry
number: contiguous on every store.  Truth is what lies here; everything else is computed from it.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import JSONTranscoder, Mapper, PersistenceError
from eventsourcing.utils import Environment

from ledger.codec import CODEC, MAX_LINE, Recorded, StoredLine, check_stamp, claim, format_line, stamp_prefix
from ledger.entries import StatementMade
from ledger.errors import Refused, StateChanged
from ledger.sealing import SealedValue, seal
from ledger.stores import Beside, IntegrityError, JournalFactory, JournalRecorder, StoredEvent, stream_id
from ledger.times import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ledger.entries import Entry

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_FIVE_MINUTES: Final = 5 * 60 * 1_000_000
_BATCH: Final = 5_000
_AGAIN: Final = "nothing was recorded; try again"


class Prepared(NamedTuple):
    """A draft that was decided on: what the journal needs to append it, and nothing that must be computed again."""

    topic: str
    fields: bytes
    key: bytes
    sealed: tuple[SealedValue, ...] = ()


class Appended(NamedTuple):
    """What an append did."""

    first: int
    last: int
    recorded_at: str
    clock_behind: int | None
    """Whole seconds by which this host's clock is behind the journal, where that is more than five minutes."""


class ClosedMapper(Mapper[UUID]):
    """Decodes through our closed registry.

    The library's own mapper imports whatever a stored topic names, and makes events without validating them.
    """

    def to_domain_event(self, stored_event: StoredEvent) -> Any:  # noqa: ANN401  the library's signature is wider
        """Return the stored event as `Recorded`."""
        return CODEC.decode(stored_event.originator_version, stored_event.topic, bytes(stored_event.state))


class Journal(Application[UUID]):
    """The entries of one ledger, on SQLite.

    Args:
        path: the database file; it must have been made by `Journal.create`.
        name: which ledger of that database.
    """

    name = "verbale"  # on PostgreSQL this becomes the table's name: never change it
    recorder: JournalRecorder

    def __init__(self, path: Path, name: str = "main") -> None:
        super().__init__({"PERSISTENCE_MODULE": "ledger.stores", "SQLITE_DBNAME": str(path)})
        self.path = path
        self.ledger_name = name
        found = self.recorder.ledger_named(name)
        if found is None:
            self.close()
            raise Refused(f"{path} holds no ledger '{name}'", hint=f"make it with: verbale init --ledger {path}#{name}")
        self.ledger_id, self._secret = found

    @classmethod
    def create(cls, path: Path, name: str = "main") -> bool:
        """Make a ledger in a database file, and the file if need be; say whether the ledger is new.

        Raises:
            Refused: the file holds something else, or cannot be made there.
        """
        if not _NAME.fullmatch(name):
            raise Refused(f"'{name}' cannot name a ledger", hint="use small letters, digits and -")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"cannot make the folder {path.parent}: {error.strerror}", hint="choose another") from None
        env = Environment(cls.name, {"SQLITE_DBNAME": str(path)})
        factory = JournalFactory(env)
        try:
            return JournalRecorder(factory.datastore).create(name)
        except (PersistenceError, sqlite3.Error) as error:
            raise Refused(f"cannot make a ledger at {path}: {error}", hint="choose another file") from None
        finally:
            factory.close()

    def construct_env(self, name: str, env: Any = None) -> Environment:  # noqa: ANN401  the library's signature
        """Take no settings from the process's environment: a stray variable must not change how a journal is read."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> JournalFactory:  # type: ignore[override]  # the base is invariant
        """Return the factory whose commits are durable."""
        return JournalFactory(env)

    def construct_mapper(self) -> ClosedMapper:
        """Return the mapper that decodes through the closed registry."""
        return ClosedMapper(JSONTranscoder())

    def close(self) -> None:
        """Let go of every connection."""
        if hasattr(self, "recorder"):
            self.recorder.close_reader()
        super().close()

    def __enter__(self) -> Self:
        """Use the journal as a context manager."""
        return self

    # Reading

    @property
    def head(self) -> int:
        """The number of the last entry; 0 while there is none."""
        return self.recorder.head(self.ledger_id)

    def changed(self) -> bool:
        """Say whether another connection has appended since the last time this was asked."""
        return self.recorder.changed()

    def lines(self, after: int = 0, upto: int | None = None) -> Iterator[StoredLine]:
        """Read entries in order, as stored."""
        return self.recorder.lines(self.ledger_id, after, upto)

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Recorded]:
        """Read entries in order, decoded."""
        return (CODEC.decode(*line) for line in self.lines(after, upto))

    def line(self, entry: int) -> StoredLine | None:
        """Return one entry as stored."""
        return next(self.lines(entry - 1, entry), None)

    def sealed_values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, for who holds the ledger."""
        return self.recorder.sealed_values(self.ledger_id, entry)

    # Once only

    def content_key(self, event: Entry, fields: bytes, *, sealing: bool) -> bytes:
        """Return the content key of a draft whose names are resolved: a hash of its type and fields, 16 bytes long.

        It is keyed with the ledger's secret, so that a sealed draft cannot be guessed from its key.
        """
        data = b"%s\x00%d\x00%s" % (event.type_name().encode(), sealing, fields)
        return hashlib.blake2b(data, digest_size=16, key=self._secret).digest()

    def recorded_as(self, key: bytes, event: Entry, *, sealing: bool) -> int | None:
        """Return the entry that already says what this draft says.

        Half a key is stored, so a hit is looked at: two drafts that share it by chance are both kept.
        """
        for entry in self.recorder.entries_with_key(_stored_key(key)):
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
        return self.recorder.writing()

    def last_recorded_at(self) -> int | None:
        """Return the instant at which the last entry was recorded."""
        last = self.line(self.head)
        return None if last is None else check_stamp(CODEC.decode(*last))

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
        lines = [StoredLine(entry, p.topic, prefix + p.fields[1:]) for entry, p in enumerate(prepared, start=head + 1)]
        keys = [(_stored_key(p.key), entry) for entry, p in enumerate(prepared, start=head + 1)]
        sealed = [(entry, value) for entry, p in enumerate(prepared, start=head + 1) for value in p.sealed]
        self._insert(lines, Beside(keys, sealed))
        return Appended(head + 1, head + len(lines), recorded_at, behind)

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

        def batches() -> Iterator[tuple[list[StoredLine], Beside]]:
            nonlocal appended
            each = iter(lines)
            while batch := list(islice(each, _BATCH)):
                appended += len(batch)
                yield [line for line, _ in batch], Beside([pair for one in batch for pair in self._key_of(*one)])

        with _told_plainly(self.head + 1):
            self.recorder.insert_batches(self.ledger_id, batches())
        return appended

    def _key_of(self, line: StoredLine, event: Entry) -> list[tuple[int, int]]:
        if getattr(event, "sealed", None):
            return []
        return [(_stored_key(self.content_key(event, CODEC.encode(event), sealing=False)), line.entry)]

    def _insert(self, lines: Sequence[StoredLine], beside: Beside) -> None:
        longest = max(lines, key=lambda line: len(line.data))
        size = len(format_line(*longest))
        if size > MAX_LINE:
            hint = "shorten the text, or keep the words in the source and quote a part"
            raise Refused(f"the entry is {size:,} bytes long; a line holds at most {MAX_LINE:,}", hint=hint)
        events = [StoredEvent(self.ledger_id, line.entry, line.topic, line.data) for line in lines]
        with _told_plainly(lines[0].entry):
            self.recorder.insert_events(events, beside=beside)


@contextmanager
def _told_plainly(first: int) -> Iterator[None]:
    """Say in the ledger's words why the database did not take the entries from `first` on."""
    try:
        yield
    except IntegrityError:
        raise StateChanged(f"another writer appended e{first} first", hint=_AGAIN) from None
    except (PersistenceError, sqlite3.Error) as error:
        raise Refused(f"nothing was recorded: {error}", hint="is the disk full, or the file read-only?") from None


def _stored_key(key: bytes) -> int:
    """Return the half of a content key that is stored: an integer key makes the table half as large, and faster."""
    return int.from_bytes(key[:8], signed=True)


__all__ = ["Appended", "Journal", "Prepared", "stream_id"]
