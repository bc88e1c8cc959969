"""Appending to a SQLite file: the library's recorder, with what a ledger needs beside it.

Five tables of our own share the events' database and transaction: `ledgers` (name and secret of each ledger in this
database), `content_keys` (once only), `sealed_values` (`ledger.sealing`), `checkpoints` and `verifier_keys`.

What is done otherwise than the library does by default, and why:

- Tables are made by `create` only.  Re-creating them at each open races with other openers.
- `synchronous=FULL` is said, and `fullfsync` for macOS: an acknowledged entry survives a power cut.
- One writer at a time holds a lock file; the transaction's first statement then writes.  A deferred transaction that
  reads first dies with "database is locked" under concurrency.
- A batch goes in by `executemany`, and nobody asks for row ids: the version is the entry's number.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eventsourcing.persistence import IntegrityError, PersistenceError
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)
from eventsourcing.utils import Environment

from ledger.errors import Refused
from ledger.stores.application import JournalApplication
from ledger.stores.locking import only_writer
from ledger.stores.protocol import LAYOUT, LOCK_SECONDS, newer, outrun, stream_id
from ledger.stores.sqlite_file import layout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from ledger.batch import Batch, Destroyed

_SQLITE: Final = b"SQLite format 3\x00"
_ROOM: Final = "is the disk full, or the file read-only?"


class JournalPool(SQLiteConnectionPool):
    """Connections on which a commit is durable."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.execute("PRAGMA fullfsync=ON")
            cursor.execute("PRAGMA checkpoint_fullfsync=ON")
        return connection


class JournalRecorder(SQLiteApplicationRecorder):
    """The library's recorder for one stream of numbered entries, and the tables beside it."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        super().__init__(datastore)
        self.path = Path(datastore.pool.db_name)

    def construct_create_table_statements(self) -> list[str]:
        """Return the library's table and the five of ours."""
        return [
            *super().construct_create_table_statements(),
            "CREATE TABLE IF NOT EXISTS ledgers (id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, secret BLOB NOT NULL)",
            """CREATE TABLE IF NOT EXISTS content_keys (key INTEGER, entry INTEGER, PRIMARY KEY (key, entry))
            WITHOUT ROWID""",
            """CREATE TABLE IF NOT EXISTS sealed_values (ledger TEXT, entry INTEGER, field TEXT, salt BLOB, value TEXT,
            PRIMARY KEY (ledger, entry, field)) WITHOUT ROWID""",
            """CREATE TABLE IF NOT EXISTS checkpoints (ledger TEXT, number INTEGER, size INTEGER NOT NULL,
            note BLOB NOT NULL, PRIMARY KEY (ledger, number)) WITHOUT ROWID""",
            "CREATE TABLE IF NOT EXISTS verifier_keys (ledger TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID",
        ]

    def append(self, ledger: UUID, batches: Iterable[Batch]) -> None:
        """Append batches in one transaction, as they come: all of them, or none where one of them fails.

        The rows go in by `executemany`, without the library's object for each, and nobody asks for row ids.

        Raises:
            StateChanged: another writer was first, past the lock.
            Refused: the database does not take them.
        """
        first = 0
        try:
            with self.datastore.transaction(commit=True) as c:
                for batch in batches:
                    first = batch.lines[0].entry
                    self._insert_batch(c, ledger.hex, batch)
        except IntegrityError:
            raise outrun(first) from None
        except (PersistenceError, sqlite3.Error) as error:
            raise Refused(f"nothing was recorded: {error}", hint=_ROOM) from None

    def _insert_batch(self, c: SQLiteCursor, stream: str, batch: Batch) -> None:
        c.executemany(self.insert_events_statement, [(stream, *line) for line in batch.lines])
        # Sorted, a batch walks the index once instead of jumping about in it.
        c.executemany("INSERT INTO content_keys VALUES (?, ?)", sorted(batch.keys))
        c.executemany(
            "INSERT INTO sealed_values VALUES (?, ?, ?, ?, ?)",
            [(stream, entry, s.field, s.salt, s.value) for entry, s in batch.sealed],
        )
        for one in batch.destroyed:
            self._delete(c, stream, one)

    def _delete(self, c: SQLiteCursor, stream: str, one: Destroyed) -> None:
        these = f" AND field IN ({','.join('?' * len(one.fields))})" if one.fields else ""
        c.execute(f"DELETE FROM sealed_values WHERE ledger = ? AND entry = ?{these}", (stream, one.entry, *one.fields))
        if one.key is not None:
            c.execute("DELETE FROM content_keys WHERE key = ? AND entry = ?", (one.key, one.entry))

    def execute(self, statement: str, ledger: UUID, *values: object) -> None:
        """Execute one statement on the tables of ours, durably; the ledger's id is its first value.

        Raises:
            Refused: the database does not take it.
        """
        with self._told(), self.datastore.transaction(commit=True) as c:
            c.execute(statement, (ledger.hex, *values))

    def destroy(self, ledger: UUID, destroyed: Iterable[Destroyed]) -> None:
        """Delete sealed values and their content keys, durably.

        Raises:
            Refused: the database does not take it.
        """
        with self._told(), self.datastore.transaction(commit=True) as c:
            for one in destroyed:
                self._delete(c, ledger.hex, one)

    def purge(self) -> None:
        """Write the whole file anew without its free pages, and cut its log.

        Raises:
            Refused: somebody is reading or writing just now, or there is no room.
        """
        hint = "the values are deleted; once nobody else has the ledger open, run the same command again"
        try:
            with closing(sqlite3.connect(self.path, timeout=LOCK_SECONDS, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous=FULL")
                db.execute("VACUUM")
                (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise Refused(f"the freed pages of {self.path} are not yet overwritten: {error}", hint=hint) from None
        if busy:
            raise Refused(f"the log of {self.path} is not yet cut: another process is reading", hint=hint)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what goes wrong within in our words."""
        try:
            yield
        except (PersistenceError, sqlite3.Error) as error:
            raise Refused(f"{self.path} does not take it: {error}", hint=_ROOM) from None

    def create(self, name: str, secret: bytes) -> bool:
        """Make the tables if need be, and the ledger; say whether it is new.

        Raises:
            Refused: the file holds something else, which is left as it is.
        """
        self._must_be_a_database()
        with only_writer(self.path):
            self._must_be_ours()
            self.create_table()
            with self.datastore.transaction(commit=True) as c:
                c.execute(f"PRAGMA user_version = {LAYOUT}")
                c.execute("INSERT OR IGNORE INTO ledgers VALUES (?, ?, ?)", (stream_id(name).hex, name, secret))
                return bool(c.sqlite_cursor.rowcount)

    def upgrade(self) -> None:
        """Add the tables that a file of an older layout lacks."""
        with only_writer(self.path):
            self.create_table()
            with self.datastore.transaction(commit=True) as c:
                c.execute(f"PRAGMA user_version = {LAYOUT}")

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
            layout = layout_of(db)
        if "ledgers" in tables and layout > LAYOUT:
            raise newer(self.path)
        if tables and not tables >= {"ledgers", "stored_events", "content_keys", "sealed_values"}:
            raise Refused(f"{self.path} is a database of something else", hint="name a file that is not there yet")


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


def application(path: Path) -> JournalApplication:
    """Return the application that appends to a database file, the tables of which are there."""
    return JournalApplication(lambda env: JournalFactory(_env(path, env.name)))


def recorder_of(application: JournalApplication) -> JournalRecorder:
    """Return the recorder of an application of this kind."""
    recorder = application.recorder
    assert isinstance(recorder, JournalRecorder)  # noqa: S101  `JournalFactory` makes no other
    return recorder


def create_ledger(path: Path, name: str, secret: bytes) -> bool:
    """Make a ledger in a database file, and the file if need be; say whether the ledger is new.

    Raises:
        Refused: the file holds something else, or cannot be made there.
    """
    factory = JournalFactory(_env(path, JournalApplication.name))
    try:
        return JournalRecorder(factory.datastore).create(name, secret)
    except (PersistenceError, sqlite3.Error) as error:
        raise Refused(f"cannot make a ledger at {path}: {error}", hint="choose another file") from None
    finally:
        factory.close()


def upgrade(path: Path) -> None:
    """Bring a file of an older layout to this one.

    Raises:
        Refused: nobody can write there.
    """
    factory = JournalFactory(_env(path, JournalApplication.name))
    try:
        JournalRecorder(factory.datastore).upgrade()
    except (PersistenceError, sqlite3.Error) as error:
        raise Refused(f"cannot bring {path} up to date: {error}", hint=_ROOM) from None
    finally:
        factory.close()


def _env(path: Path, name: str) -> Environment:
    return Environment(name, {"SQLITE_DBNAME": str(path)})
