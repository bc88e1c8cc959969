"""Ledgers in a SQLite file: read over one plain connection, without the library that appends to it.

No pool and no transaction surround a single SELECT, and a command that only asks does not import what only writers
need.  The bytes of sources lie in a folder beside the file, the lock is a file beside it.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from typing import TYPE_CHECKING, Final
from uuid import UUID

from ledger.codec import StoredLine
from ledger.errors import Refused
from ledger.kept import Checkpoint
from ledger.sealing import SealedValue
from ledger.stores.durable import make_folder
from ledger.stores.folder import Folder
from ledger.stores.locking import lock_of, only_writer
from ledger.stores.protocol import CHUNK, LAST, LAYOUT, check_name, newer, stream_id
from ledger.stores.room import no_room
from ledger.stores.sqlite_file import layout_of, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from filelock import BaseFileLock

    from ledger.batch import Batch, Destroyed
    from ledger.stores.application import JournalApplication
    from ledger.stores.sqlite_recorder import JournalRecorder

_SIGNED: Final = 2
"""The layout since which there are tables for checkpoints and the key."""


def sources_of(path: Path) -> Path:
    """Return the folder beside a database in which the bytes of sources are kept."""
    return path.with_name(path.stem + ".sources")


class SQLiteStore:
    """One ledger of a database file.

    Args:
        path: the file; it must have been made by `create`.
        name: which ledger of that database.

    Raises:
        Refused: the file holds no such ledger.
    """

    def __init__(self, path: Path, name: str = "main") -> None:
        self.path = path
        self.shelf = Folder(sources_of(path))
        self._db: sqlite3.Connection | None = None
        self._application: JournalApplication | None = None
        self._lock: BaseFileLock | None = None
        try:
            self.ledger_id, self.secret = self._ledger_named(name)
        except BaseException:
            self.close()
            raise

    @staticmethod
    def create(path: Path, name: str = "main", secret: bytes | None = None) -> bool:
        """Make a ledger in a database file, and the file if need be; say whether the ledger is new.

        Args:
            path: the file.
            name: which ledger of that database.
            secret: of the ledger that this is a copy of; None makes one.

        Raises:
            Refused: the file holds something else, or cannot be made there.
        """
        from ledger.stores.sqlite_recorder import create_ledger  # noqa: PLC0415  for writers only

        check_name(name)
        try:
            make_folder(path.parent)
        except OSError as error:
            raise Refused(f"cannot make the folder {path.parent}: {error.strerror}", hint="choose another") from None
        return create_ledger(path, name, secret or os.urandom(32))

    @property
    def db(self) -> sqlite3.Connection:
        """The connection, opened at the first question."""
        if self._db is None:
            try:
                self._db = self._opened()
            except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where SQLite quotes what is no text
                if isinstance(error, sqlite3.Error) and no_room(error):  # even a reader needs 32 kB beside the journal
                    message = f"{self.path} cannot be opened: no room is left on its disk"
                    raise Refused(message, hint="make room there, and try again; the ledger is unharmed") from None
                hint = "give another with --ledger, or make one with: verbale init"
                raise Refused(f"{self.path} is not a ledger ({error})", hint=hint) from None
        return self._db

    def _opened(self) -> sqlite3.Connection:
        address = self.path.absolute().as_uri()
        try:
            return opened(f"{address}?mode=rw")  # `connect` alone would make a file that is not there
        except sqlite3.OperationalError:
            if os.access(self.path.parent, os.W_OK):
                raise
            # A medium that nobody can write: SQLite reads a WAL database there only if it is told so.
            return opened(f"{address}?mode=ro&immutable=1")

    def _ledger_named(self, name: str) -> tuple[UUID, bytes]:
        if layout_of(self.db) > LAYOUT:
            raise newer(self.path)
        row = self.db.execute("SELECT id, secret FROM ledgers WHERE name = ?", (name,)).fetchone()
        if row is None:
            hint = f"make it with: verbale init --ledger {self.path}#{name}"
            raise Refused(f"{self.path} holds no ledger '{name}'", hint=hint)
        if row[0] != stream_id(name).hex or type(row[1]) is not bytes:
            raise Refused(f"{self.path} is damaged: ledger '{name}' is not itself", hint="restore it from a backup")
        return UUID(row[0]), row[1]

    @property
    def recorder(self) -> JournalRecorder:
        """The library's recorder, which is made at the first append."""
        from ledger.stores.sqlite_recorder import application, recorder_of, upgrade  # noqa: PLC0415  for writers only

        if self._application is None:
            if layout_of(self.db) < LAYOUT:
                upgrade(self.path)
            self._application = application(self.path)
        return recorder_of(self._application)

    def close(self) -> None:
        """Let go of every connection; the next question opens one again."""
        if self._db is not None:
            self._db.close()
            self._db = None
        if self._application is not None:
            self._application.close()
            self._application = None

    # Reading

    def head(self) -> int:
        """Return the number of the last entry, 0 for an empty ledger."""
        (last,) = self.db.execute(
            "SELECT MAX(originator_version) FROM stored_events WHERE originator_id = ?", (self.ledger_id.hex,)
        ).fetchone()
        return last or 0

    def data_version(self) -> int:
        """Return a number that is another one as soon as another connection has committed."""
        (version,) = self.db.execute("PRAGMA data_version").fetchone()
        return int(version)

    def lines(self, after: int = 0, upto: int | None = None) -> Iterator[StoredLine]:
        """Read the entries `after < entry ≤ upto`, in order, in chunks: no lock is held between them."""
        while True:
            rows = self.db.execute(
                "SELECT originator_version, CAST(COALESCE(topic, '') AS TEXT), CAST(COALESCE(state, '') AS BLOB)"
                " FROM stored_events WHERE originator_id = ? AND originator_version > ? AND originator_version <= ?"
                " ORDER BY originator_version LIMIT ?",
                (self.ledger_id.hex, after, LAST if upto is None else upto, CHUNK),
            ).fetchall()
            yield from map(StoredLine._make, rows)
            if len(rows) < CHUNK:
                return
            after = rows[-1][0]

    def entries_with_key(self, key: int) -> list[int]:
        """Return the entries recorded under a content key: at most one of each ledger in this file, but for chance."""
        return [entry for (entry,) in self.db.execute("SELECT entry FROM content_keys WHERE key = ?", (key,))]

    def keys(self) -> array[int]:
        """Return every content key of this file, in order: 8 bytes for each entry."""
        try:
            return array("q", (key for (key,) in self.db.execute("SELECT key FROM content_keys ORDER BY key")))
        except (TypeError, OverflowError):
            hint = "restore it from a backup"
            raise Refused(f"{self.path} is damaged: a content key is no number", hint=hint) from None

    def sealed_values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, unless it was erased or never was here."""
        rows = self.db.execute(
            "SELECT field, salt, value FROM sealed_values WHERE ledger = ? AND entry = ?", (self.ledger_id.hex, entry)
        )
        return [SealedValue(*row) for row in rows]

    def key_rows(self) -> Iterator[tuple[int, int]]:
        """Return every content key of this file with its entry."""
        return iter(self.db.execute("SELECT key, entry FROM content_keys"))

    def alone(self) -> bool:
        """Say whether this file holds one ledger."""
        (ledgers,) = self.db.execute("SELECT COUNT(*) FROM ledgers").fetchone()
        return bool(ledgers == 1)

    def all_sealed(self) -> Iterator[tuple[int, SealedValue]]:
        """Return everything that is sealed and not erased, by entry."""
        rows = self.db.execute(
            "SELECT entry, field, salt, value FROM sealed_values WHERE ledger = ? ORDER BY entry, field",
            (self.ledger_id.hex,),
        )
        return ((row[0], SealedValue(*row[1:])) for row in rows)

    def also_in(self, sha256: str) -> list[str]:
        """Return the names of the other ledgers of this file whose entries name a document: all are read."""
        query = """SELECT name FROM ledgers WHERE id != ?1 AND EXISTS (
            SELECT 1 FROM stored_events WHERE originator_id = ledgers.id AND instr(state, ?2)
        ) ORDER BY name"""
        return [name for (name,) in self.db.execute(query, (self.ledger_id.hex, sha256.encode()))]

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, by number."""
        if layout_of(self.db) < _SIGNED:
            return []
        query = "SELECT number, size, note FROM checkpoints WHERE ledger = ? ORDER BY number"
        return [Checkpoint(*row) for row in self.db.execute(query, (self.ledger_id.hex,))]

    def signed(self) -> int:
        """Return the size of the last checkpoint, 0 where there is none."""
        if layout_of(self.db) < _SIGNED:
            return 0
        query = "SELECT size FROM checkpoints WHERE ledger = ? ORDER BY number DESC LIMIT 1"
        row = self.db.execute(query, (self.ledger_id.hex,)).fetchone()
        return 0 if row is None else row[0]

    def verifier_key(self) -> str | None:
        """Return the key that the ledger was made with."""
        if layout_of(self.db) < _SIGNED:
            return None
        row = self.db.execute("SELECT key FROM verifier_keys WHERE ledger = ?", (self.ledger_id.hex,)).fetchone()
        return None if row is None else row[0]

    # Writing

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint, durably, in place of one with its number."""
        self.recorder.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)", self.ledger_id, *checkpoint)

    def keep_verifier_key(self, key: str) -> None:
        """Keep the ledger's first key, unless it has one."""
        self.recorder.execute("INSERT OR IGNORE INTO verifier_keys VALUES (?, ?)", self.ledger_id, key)

    def destroy(self, destroyed: Iterable[Destroyed]) -> None:
        """Delete sealed values and keys, durably."""
        self.recorder.destroy(self.ledger_id, destroyed)

    def purge(self) -> None:
        """Write the whole file anew without its free pages, and cut its log.

        Raises:
            Refused: somebody is reading or writing just now, or there is no room.
        """
        self.recorder.purge()

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer of this file."""
        _ = self.recorder  # before the lock: nobody waits for our imports
        if self._lock is None:
            self._lock = lock_of(self.path)
        return only_writer(self.path, self._lock)

    def append(self, batches: Iterable[Batch]) -> None:
        """Append batches in one transaction, as they come: all of them, or none where one of them fails."""
        self.recorder.append(self.ledger_id, batches)
