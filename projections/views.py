"""The views: what the journal means, in a second SQLite file that can be thrown away at any time.

Every read first catches up: rows and the note of how far they go are written in one transaction that starts with a
write.  The note holds the journal's id, the last entry folded in and that entry's leaf hash; where it does not fit the
journal (views of an older ledger, of another one, of another version), everything is dropped and folded anew in one
transaction, so that readers see the old rows or the new ones.  A file that is no database any more is replaced.  Where
nothing can be written, the views live in memory.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.codec import format_line
from ledger.stores.room import no_room
from ledger.transparency.tree import leaf_hash
from projections import schema
from projections.connection import ViewsConnection, connect
from projections.folding import Fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.journal import Journal

_BATCH: Final = 5_000
_BUSY_SECONDS: Final = 120
_MAPPED: Final = 1 << 32
_MEMORY: Final = ":memory:"


class Basis(NamedTuple):
    """How far the views go."""

    version: int
    ledger: str
    entry: int
    leaf: bytes


class Views:
    """The tables of `projections.schema`, kept in step with a journal.

    Args:
        journal: what is folded.
        path: where the tables lie; None keeps them in memory.
        upto: the last entry that is folded in, whatever follows; None folds all in.  It may be set to a later one.
    """

    def __init__(self, journal: Journal, path: Path | None, upto: int | None = None) -> None:
        self._journal = journal
        self._path = path
        self.upto = upto
        self.told: Callable[[int], None] | None = None
        """Called now and then, while much is folded in, with the last entry."""
        self._file: tuple[int, int] | None = None
        """Which file was opened, whatever has its name by now."""
        self.db = self._connect()
        self._entry = -1
        """The last entry known to be folded in; -1 until the note was compared with the journal."""
        self._version = 0
        self._still = False
        """The journal's data version at that time."""

    def catch_up(self) -> int:
        """Fold in what the journal has and the views have not; return the last entry."""
        if self._still and self._entry >= 0:
            return self._entry
        version = self._journal.data_version()  # before the head: what is appended in between is then looked at twice
        if self._entry >= 0 and version == self._version and self.upto is None:
            return self._entry
        self._entry, self._version = -1, version
        self.db.forget()
        head = self._journal.head if self.upto is None else min(self.upto, self._journal.head)
        try:
            self._entry = self._caught_up(head)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self.db.close()
            self.db = self._instead(error)
            self._entry = self._caught_up(head)
        return self._entry

    @contextlib.contextmanager
    def still(self) -> Iterator[int]:
        """Let all that is asked meanwhile be of one entry: what is recorded by then is folded in afterwards.

        Yields:
            that entry, the last.
        """
        entry, self._still = self.catch_up(), True
        try:
            yield entry
        finally:
            self._still = False

    def must_be_kept(self) -> None:
        """Refuse views that went to memory: who wants the file would find half of it, or nothing.

        Raises:
            OSError: there is no room for the file.
        """
        (_, _, file) = self.db.execute("PRAGMA database_list").fetchone()
        if not file:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def appended(self) -> int:
        """Fold in what this process has just appended."""
        self._entry = -1
        return self.catch_up()

    def rebuild(self) -> int:
        """Drop everything and fold the journal anew; return the last entry."""
        self.db.forget()
        with self._writing():
            schema.drop_all(self.db)
            self._entry = self._fold_from_nothing()
        return self._entry

    def map(self) -> None:
        """Read the file through the system's memory: a page that was not read lately costs half as much.

        For who reads much and for long.  Somebody who cuts the file short under a reader then ends the process, where
        it would have been an error; so nobody else does.
        """
        self.db.execute(f"PRAGMA mmap_size={_MAPPED}")

    def close(self) -> None:
        """Let go of the connection."""
        self.db.close()

    # Catching up

    def _instead(self, error: sqlite3.DatabaseError | UnicodeDecodeError) -> ViewsConnection:
        """Return a connection that may do where one has failed."""
        if isinstance(error, sqlite3.Error) and no_room(error):
            return _prepared(connect(_MEMORY))
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            # Who has waited in vain starts afresh: a file that was replaced meanwhile may hold its locks for ever.
            return self._connect()
        return self._anew()

    def _caught_up(self, head: int) -> int:
        basis = self._basis()
        if basis is not None and basis.entry == head and self._fits(basis):
            return head
        with self._writing():
            basis = self._basis()  # another process may have been first
            if basis is None or not self._fits(basis):
                schema.drop_all(self.db)
                return self._fold_from_nothing()
            if head - basis.entry > _BATCH and head > 2 * basis.entry:
                schema.drop_all(self.db)  # indexes made afterwards are cheaper than kept for so many rows
                return self._fold_from_nothing()
            return self._fold(basis.entry)

    def _fold_from_nothing(self) -> int:
        schema.create(self.db)
        self.db.execute("INSERT INTO meta VALUES (?, ?, 0, x'')", (schema.VERSION, str(self._journal.ledger_id)))
        entry = self._fold(0)
        for statement in schema.INDEXES:
            self.db.execute(statement)
        return entry

    def _fold(self, after: int) -> int:
        fold, line = Fold(self.db), None
        for line in self._journal.lines(after, self.upto):
            fold.add_line(line)
            if line.entry % _BATCH == 0:
                fold.flush()
                if self.told is not None:
                    self.told(line.entry)
        fold.flush()
        if line is None:
            return after
        self.db.execute("UPDATE meta SET entry = ?, leaf = ?", (line.entry, leaf_hash(format_line(*line))))
        return line.entry

    def _basis(self) -> Basis | None:
        try:
            row = self.db.execute("SELECT version, ledger, entry, leaf FROM meta").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error) or "no such column" in str(error):
                return None
            raise
        return None if row is None else Basis(*row)

    def _fits(self, basis: Basis) -> bool:
        if basis.version != schema.VERSION or basis.ledger != str(self._journal.ledger_id):
            return False
        if basis.entry == 0:
            return True
        line = self._journal.line(basis.entry)
        return line is not None and leaf_hash(format_line(*line)) == basis.leaf

    # The file

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.rollback()
            raise
        self.db.commit()

    def _connect(self) -> ViewsConnection:
        try:
            return self._open()
        except sqlite3.OperationalError:
            return _prepared(connect(_MEMORY))  # a folder, or not ours to write
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter where SQLite quotes what is no text
            return self._anew()

    def _open(self) -> ViewsConnection:
        if self._path is None:
            return _prepared(connect(_MEMORY))
        self._file = _identity(self._path)
        db = _prepared(connect(self._path, timeout=_BUSY_SECONDS))
        self._file = _identity(self._path)
        return db

    def _anew(self) -> ViewsConnection:
        """Open a new file in place of a damaged one; or what somebody else has just put in its place."""
        from filelock import FileLock  # noqa: PLC0415  only when something is broken

        if self._path is None:
            return self._open()
        with FileLock(f"{self._path}.lock"):
            if _identity(self._path) == self._file:
                self._remove()
            return self._open()

    def _remove(self) -> None:
        if self._path is not None:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepared(db: ViewsConnection) -> ViewsConnection:
    try:
        db.execute("PRAGMA journal_mode=WAL")
        # A power cut may cost the views, which are then rebuilt; it never costs the journal.
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("PRAGMA cache_size=-32768")
        db.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        db.close()
        raise
    return db
