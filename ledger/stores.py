"""Where the journal's bytes lie: the library's recorder on SQLite, with what a ledger needs beside it.

Three tables of our own share the events' database and transaction: `ledgers` (name and secret of each ledger in this
database), `content_keys` (once only) and `sealed_values` (`ledger.sealing`).

What is done otherwise than the library does by default, and why:

- Tables are made by `create` only.  Re-creating them at each open races with other openers.
- `synchronous=FULL` is said, and `fullfsync` for macOS: an acknowledged entry survives a power cut.
- One writer at a time holds a lock file; the transaction's first statement then writes.  A deferred transaction that
  reads first dies with "database is locked" under concurrency.
- A batch goes in by `executemany`, and nobody asks for row ids: the version is the entry's number.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)
from filelock import FileLock, Timeout

from ledger.codec import StoredLine
from ledger.errors import Refused
from ledger.sealing import SealedValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventsourcing.utils import Environment

LOCK_SECONDS: Final = 30
CHUNK: Final = 2_000
"""Rows fetched at a time when the journal is read through."""
_LAST: Final = 1 << 62
_SQLITE: Final = b"SQLite format 3\x00"


def stream_id(name: str) -> UUID:
    """Return the id of the stream that holds the ledger of this name."""
    return uuid5(NAMESPACE_URL, f"verbale:ledger:{name}")


class Beside(NamedTuple):
    """What goes into the tables beside the events, in their transaction."""

    keys: Sequence[tuple[int, int]] = ()
    """(content key, entry)"""
    sealed: Sequence[tuple[int, SealedValue]] = ()


class JournalPool(SQLiteConnectionPool):
    """Connections on which a commit is durable."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA fullfsync=ON")
            cursor.execute("PRAGMA checkpoint_fullfsync=ON")
        return connection


class JournalRecorder(SQLiteApplicationRecorder):
    """The library's recorder for one stream of numbered entries, and the tables beside it."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        super().__init__(datastore)
        self.path = Path(datastore.pool.db_name)
        # The connection of the reads that every command makes: no pool, no transaction around a single SELECT.
        self._reader: sqlite3.Connection | None = None
        self._data_version = 0

    def construct_create_table_statements(self) -> list[str]:
        """Return the library's table and the three of ours."""
        return [
            *super().construct_create_table_statements(),
            "CREATE TABLE IF NOT EXISTS ledgers (id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, secret BLOB NOT NULL)",
            """CREATE TABLE IF NOT EXISTS content_keys (key INTEGER, entry INTEGER, PRIMARY KEY (key, entry))
            WITHOUT ROWID""",
            """CREATE TABLE IF NOT EXISTS sealed_values (ledger TEXT, entry INTEGER, field TEXT, salt BLOB, value TEXT,
            PRIMARY KEY (ledger, entry, field)) WITHOUT ROWID""",
        ]

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], *, beside: Beside | None = None, **_: object
    ) -> Sequence[int] | None:
        lines = [StoredLine(e.originator_version, e.topic, e.state) for e in stored_events]
        ledger = stored_events[0].originator_id
        self._insert_lines(c, ledger if isinstance(ledger, UUID) else UUID(ledger), lines, beside or Beside())
        return None

    def _insert_lines(self, c: SQLiteCursor, ledger: UUID, lines: Sequence[StoredLine], beside: Beside) -> None:
        stream = ledger.hex
        c.executemany(self.insert_events_statement, [(stream, *line) for line in lines])
        # Sorted, a batch walks the index once instead of jumping about in it.
        c.executemany("INSERT INTO content_keys VALUES (?, ?)", sorted(beside.keys))
        c.executemany(
            "INSERT INTO sealed_values VALUES (?, ?, ?, ?, ?)",
            [(stream, entry, s.field, s.salt, s.value) for entry, s in beside.sealed],
        )

    def insert_batches(self, ledger: UUID, batches: Iterable[tuple[Sequence[StoredLine], Beside]]) -> None:
        """Insert batches in one transaction, as they come: all of them, or none where one of them fails."""
        with self.datastore.transaction(commit=True) as c:
            for lines, beside in batches:
                self._insert_lines(c, ledger, lines, beside)

    # What is read outside the library's recorder: by entry number, without a StoredEvent for every row.

    @property
    def reader(self) -> sqlite3.Connection:
        """The connection for single reads, opened at the first one."""
        if self._reader is None:
            try:
                self._reader = self._opened()
            except sqlite3.Error as error:
                hint = "give another with --ledger, or make one with: verbale init"
                raise Refused(f"{self.path} is not a ledger ({error})", hint=hint) from None
        return self._reader

    def _opened(self) -> sqlite3.Connection:
        address = self.path.absolute().as_uri()
        try:
            return _asked(f"{address}?mode=rw")  # `connect` alone would make a file that is not there
        except sqlite3.OperationalError:
            if os.access(self.path.parent, os.W_OK):
                raise
            # A medium that nobody can write: SQLite reads a WAL database there only if it is told so.
            return _asked(f"{address}?mode=ro&immutable=1")

    def changed(self) -> bool:
        """Say whether another connection has committed since the last time this was asked."""
        (version,) = self.reader.execute("PRAGMA data_version").fetchone()
        changed: bool = version != self._data_version
        self._data_version = version
        return changed

    def head(self, stream: UUID) -> int:
        """Return the number of the last entry, 0 for an empty ledger."""
        (last,) = self.reader.execute(
            "SELECT MAX(originator_version) FROM stored_events WHERE originator_id = ?", (stream.hex,)
        ).fetchone()
        return last or 0

    def lines(self, stream: UUID, after: int, upto: int | None = None) -> Iterator[StoredLine]:
        """Read the entries `after < entry ≤ upto`, in order, in chunks: no lock is held between them."""
        while True:
            rows = self.reader.execute(
                "SELECT originator_version, topic, state FROM stored_events"
                " WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?"
                " ORDER BY originator_version LIMIT ?",
                (stream.hex, after, _LAST if upto is None else upto, CHUNK),
            ).fetchall()
            if not rows:
                return
            yield from map(StoredLine._make, rows)
            after = rows[-1][0]

    def entries_with_key(self, key: int) -> list[int]:
        """Return the entries recorded under a content key: at most one of each ledger in this file, but for chance."""
        return [entry for (entry,) in self.reader.execute("SELECT entry FROM content_keys WHERE key = ?", (key,))]

    def sealed_values(self, stream: UUID, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, unless it was erased or never was here."""
        rows = self.reader.execute(
            "SELECT field, salt, value FROM sealed_values WHERE ledger = ? AND entry = ?", (stream.hex, entry)
        )
        return [SealedValue(*row) for row in rows]

    def ledger_named(self, name: str) -> tuple[UUID, bytes] | None:
        """Return id and secret of a ledger in this database, if it was made."""
        row = self.reader.execute("SELECT id, secret FROM ledgers WHERE name = ?", (name,)).fetchone()
        return None if row is None else (UUID(row[0]), row[1])

    def create(self, name: str) -> bool:
        """Make the tables if need be, and the ledger; say whether it is new.

        Raises:
            Refused: the file holds something else, which is left as it is.
        """
        self._must_be_a_database()
        with self.writing():
            self._must_be_ours()
            self.create_table()
            with self.datastore.transaction(commit=True) as c:
                c.execute("INSERT OR IGNORE INTO ledgers VALUES (?, ?, ?)", (stream_id(name).hex, name, os.urandom(32)))
                return bool(c.sqlite_cursor.rowcount)

    def _must_be_a_database(self) -> None:
        try:
            with self.path.open("rb") as file:
                start = file.read(len(_SQLITE))
        except FileNotFoundError:
            return
        except OSError as error:
            raise Refused(f"cannot read {self.path}: {error.strerror}", hint="name a database file") from None
        if start and start != _SQLITE:
            raise Refused(f"{self.path} is a file of another kind", hint="name a file that is not there yet")

    def _must_be_ours(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=LOCK_SECONDS)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if tables and not tables >= {"ledgers", "stored_events", "content_keys", "sealed_values"}:
            raise Refused(f"{self.path} is a database of something else", hint="name a file that is not there yet")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer of this database: what is read within is what the append will follow."""
        lock = FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            hint = "wait for the other command to end, then try again"
            raise Refused(f"{self.path} has been held by another writer for {LOCK_SECONDS} s", hint=hint) from None
        except OSError as error:
            message = f"cannot write beside {self.path}: {error.strerror}"
            raise Refused(message, hint="is the folder read-only?") from None
        try:
            yield
        finally:
            lock.release()

    def close_reader(self) -> None:
        """Let go of the connection for single reads."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def _asked(address: str) -> sqlite3.Connection:
    """Return a connection that has found a ledger's tables."""
    reader = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=LOCK_SECONDS)
    try:
        reader.execute("SELECT id, name, secret FROM ledgers LIMIT 1").fetchone()
        reader.execute("SELECT originator_version, topic, state FROM stored_events LIMIT 1").fetchone()
    except sqlite3.Error:
        reader.close()
        raise
    return reader


class JournalFactory(SQLiteFactory):
    """The library's factory, with connections on which a commit is durable and without tables made in passing."""

    application_recorder_class: type[SQLiteApplicationRecorder] = JournalRecorder

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.datastore.pool.close()
        self.datastore.pool = JournalPool(db_name=self.datastore.pool.db_name, lock_timeout=LOCK_SECONDS)

    def env_create_table(self) -> bool:
        """Tables are made by `JournalRecorder.create` only."""
        return False


__all__ = ["Beside", "IntegrityError", "JournalFactory", "JournalRecorder", "StoredEvent", "stream_id"]
