"""A ledger's SQLite file: opened to be read, its layout, the ledgers that it holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.stores.protocol import LAYOUT

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS: Final = 30


def layout_of(db: sqlite3.Connection) -> int:
    """Return the version of a file's tables: `user_version`, which was not said at first."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def opened(address: str) -> sqlite3.Connection:
    """Return a connection that has found a ledger's tables."""
    reader = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    try:
        if layout_of(reader) <= LAYOUT:  # a newer one may have other tables
            reader.execute("SELECT id, name, secret FROM ledgers LIMIT 1").fetchone()
            reader.execute("SELECT originator_version, topic, state FROM stored_events LIMIT 1").fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        reader.close()
        raise
    return reader


def names_in(path: Path) -> list[str]:
    """Return the names of the ledgers in a database file.

    Raises:
        Refused: it is none.
    """
    try:
        with closing(opened(f"{path.absolute().as_uri()}?mode=ro")) as db:
            return [name for (name,) in db.execute("SELECT name FROM ledgers ORDER BY name")]
    except sqlite3.Error as error:
        raise Refused(f"{path} is not a ledger ({error})", hint="name the folder of a backup") from None
