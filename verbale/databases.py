"""Database files as SQLite itself sees them: opened without writing anything, and examined page by page."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.stores.room import is_full

if TYPE_CHECKING:
    from pathlib import Path

_FINDINGS: Final = 20
QUICK: Final = "quick_check"
THOROUGH: Final = "integrity_check"


def opened_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads; where nobody can write, one that needs no file beside the database."""
    still = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{still}", uri=True)


def damage_in(path: Path, look: str = THOROUGH) -> list[str]:
    """Return what SQLite finds damaged in a database: nothing where it is whole.

    Args:
        path: it is there.
        look: `QUICK`, its structure; or `THOROUGH`, every page and index.

    Raises:
        Refused: there is no room to look, as even a reader needs some.
    """
    try:
        with closing(opened_to_read(path)) as db:
            said = [str(row[0]) for row in db.execute(f"PRAGMA {look}({_FINDINGS})")]
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where SQLite quotes what is no text
        if is_full(error):
            hint = "make room there, and try again; nothing was changed"
            raise Refused(f"{path} cannot be examined: no room is left on its disk", hint=hint) from None
        said = [str(error)]
    return [] if said == ["ok"] else said


def size_of(path: Path) -> str:
    """Return how large a file is, for people."""
    return f"{path.stat().st_size / 1e6:,.1f} MB"
