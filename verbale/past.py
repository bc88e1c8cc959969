"""The views as they were at some entry, in a file of their own that any SQLite tool reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.stores.durable import part_of
from projections.clocks import moment
from projections.json_rows import digest
from projections.matrix import matrix
from projections.views import Views

if TYPE_CHECKING:
    from ledger.journal import Journal
    from verbale.places import Location

_SQLITE = b"SQLite format 3\x00"


def fold_into(journal: Journal, place: Location, path: Path, upto: int) -> str:
    """Fold the journal up to an entry into a file, whole or not at all; return the digest of the positions.

    A file that is there already is replaced if it holds such views of this ledger, and left alone otherwise.

    Args:
        journal: what is folded.
        place: where the ledger lies; its own files are spared.
        path: the file.
        upto: the last entry.

    Raises:
        Refused: something else is there, or nobody can write there.
    """
    _must_be_free(journal, place, path)
    part = part_of(path)
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part, isolation_level=None)) as db:
            db.execute("CREATE TABLE meta (version INTEGER)")  # else views would be folded in memory where none can be
        views = Views(journal, part, upto=upto)
        try:
            views.db.execute("PRAGMA journal_mode=OFF")  # one file, of which nothing is read until it is whole
            views.rebuild()
            views.must_be_kept()
            found = digest(matrix(views.db, moment(views.db, upto)))
        finally:
            views.close()
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, error.strerror) from None
    except sqlite3.DatabaseError as error:  # a damaged one too: nothing is rolled back where the disk is full
        raise _unwritable(path, str(error)) from None
    finally:
        part.unlink(missing_ok=True)
    return found


def _must_be_free(journal: Journal, place: Location, path: Path) -> None:
    if not path.exists():
        return
    taken = (place.views, getattr(journal.store, "path", None))
    if any(isinstance(one, Path) and one.exists() and one.samefile(path) for one in taken):
        raise Refused(f"{path} is the ledger's own", hint="--into names a file that is not there yet")
    try:
        with path.open("rb") as file:
            ours = file.read(len(_SQLITE)) == _SQLITE
        if ours:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                ours = db.execute("SELECT ledger FROM meta").fetchall() == [(str(journal.ledger_id),)]
    except sqlite3.Error:
        ours = False
    except OSError as error:
        raise _unwritable(path, error.strerror) from None
    if not ours:
        hint = "--into names a file that is not there yet, or one that it made of this ledger"
        raise Refused(f"{path} holds something else", hint=hint)


def _unwritable(path: Path, why: str | None) -> Refused:
    return Refused(f"cannot write {path}: {why}", hint="--into names a file, in a folder that is there")
