"""Reading the journal: by entry number, over one plain connection, without the library that appends to it.

No pool and no transaction surround a single SELECT, and a command that only asks does not import what only writers
need.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from ledger.codec import StoredLine
from ledger.errors import Refused
from ledger.sealing import SealedValue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS: Final = 30
CHUNK: Final = 2_000
"""Rows fetched at a time when the journal is read through."""
_LAST: Final = 1 << 62


def stream_id(name: str) -> UUID:
    """Return the id of the stream that holds the ledger of this name."""
    return uuid5(NAMESPACE_URL, f"verbale:ledger:{name}")


class JournalReader:
    """Reads the streams of one database file.

    Args:
        path: the file; it is opened at the first question.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: sqlite3.Connection | None = None

    @property
    def db(self) -> sqlite3.Connection:
        """The connection, opened at the first question."""
        if self._db is None:
            try:
                self._db = self._opened()
            except sqlite3.Error as error:
                hint = "give another with --ledger, or make one with: verbale init"
                raise Refused(f"{self.path} is not a ledger ({error})", hint=hint) from None
        return self._db

    def _opened(self) -> sqlite3.Connection:
        address = self.path.absolute().as_uri()
        try:
            return _asked(f"{address}?mode=rw")  # `connect` alone would make a file that is not there
        except sqlite3.OperationalError:
            if os.access(self.path.parent, os.W_OK):
                raise
            # A medium that nobody can write: SQLite reads a WAL database there only if it is told so.
            return _asked(f"{address}?mode=ro&immutable=1")

    def data_version(self) -> int:
        """Return a number that is another one as soon as another connection has committed."""
        (version,) = self.db.execute("PRAGMA data_version").fetchone()
        return int(version)

    def head(self, stream: UUID) -> int:
        """Return the number of the last entry, 0 for an empty ledger."""
        (last,) = self.db.execute(
            "SELECT MAX(originator_version) FROM stored_events WHERE originator_id = ?", (stream.hex,)
        ).fetchone()
        return last or 0

    def lines(self, stream: UUID, after: int, upto: int | None = None) -> Iterator[StoredLine]:
        """Read the entries `after < entry ≤ upto`, in order, in chunks: no lock is held between them."""
        while True:
            rows = self.db.execute(
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
        return [entry for (entry,) in self.db.execute("SELECT entry FROM content_keys WHERE key = ?", (key,))]

    def keys(self) -> array[int]:
        """Return every content key of this file, in order: 8 bytes for each entry."""
        return array("q", (key for (key,) in self.db.execute("SELECT key FROM content_keys ORDER BY key")))

    def sealed_values(self, stream: UUID, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, unless it was erased or never was here."""
        rows = self.db.execute(
            "SELECT field, salt, value FROM sealed_values WHERE ledger = ? AND entry = ?", (stream.hex, entry)
        )
        return [SealedValue(*row) for row in rows]

    def ledger_named(self, name: str) -> tuple[UUID, bytes] | None:
        """Return id and secret of a ledger in this database, if it was made."""
        row = self.db.execute("SELECT id, secret FROM ledgers WHERE name = ?", (name,)).fetchone()
        return None if row is None else (UUID(row[0]), row[1])

    def close(self) -> None:
        """Let go of the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None


def _asked(address: str) -> sqlite3.Connection:
    """Return a connection that has found a ledger's tables."""
    reader = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    try:
        reader.execute("SELECT id, name, secret FROM ledgers LIMIT 1").fetchone()
        reader.execute("SELECT originator_version, topic, state FROM stored_events LIMIT 1").fetchone()
    except sqlite3.Error:
        reader.close()
        raise
    return reader
