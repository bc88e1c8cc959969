"""The database files, page by page and index by index, as SQLite itself checks them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from ledger.stores.protocol import stream_id
from ledger.stores.room import is_full
from ledger.stores.sqlite import SQLiteStore
from verbale.databases import THOROUGH, damage_in, opened_to_read, size_of

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.journal import Journal
    from verbale.verifying.report import Report

_STRAYS: Final = {
    "entries": "SELECT 1 FROM stored_events WHERE originator_id NOT IN (SELECT id FROM ledgers) LIMIT 1",
    "sealed values": "SELECT 1 FROM sealed_values WHERE ledger NOT IN (SELECT id FROM ledgers) LIMIT 1",
    "checkpoints": "SELECT 1 FROM checkpoints WHERE ledger NOT IN (SELECT id FROM ledgers) LIMIT 1",
    "keys": "SELECT 1 FROM verifier_keys WHERE ledger NOT IN (SELECT id FROM ledgers) LIMIT 1",
}


def check_journal(journal: Journal, report: Report) -> None:
    """Let SQLite check the journal's file, and look for entries that belong to no ledger in it."""
    name = "journal-file"
    store = journal.store
    if not isinstance(store, SQLiteStore):
        report.left(name, "the pages of the server's database: that is for its operator to check")
        return
    check_file(name, store.path, report)
    with report.guarded(name, store.path.name), closing(opened_to_read(store.path)) as db:
        for ledger, called in db.execute("SELECT id, name FROM ledgers").fetchall():
            if ledger != stream_id(str(called)).hex and ledger != str(stream_id(str(called))):
                report.bad(name, None, f"{store.path.name} gives the ledger '{called}' an id that is not its own")
        tables = {table for (table,) in db.execute("SELECT name FROM sqlite_schema")}
        for what, query in _STRAYS.items():
            if query.split()[3] in tables and db.execute(query).fetchone():  # older layouts lack some
                report.bad(name, None, f"{store.path.name} holds {what} that belong to none of its ledgers")


def check_file(name: str, path: Path, report: Report) -> bool:
    """Let SQLite check a file; say whether it is whole."""
    if not path.exists():
        report.looked(name, "kept in memory")
        return True
    damage = damage_in(path)
    for one in damage:
        report.bad(name, None, f"{path.name}: {one}")
    if not damage:
        report.looked(name, f"{path.name}, {THOROUGH}: {size_of(path)}")
    return not damage


def unreadable(path: Path, name: str) -> str | None:
    """Return how a file that no ledger could be opened in is damaged; None where it is not.

    Args:
        path: it is there.
        name: of the ledger that was asked for.
    """
    stream = stream_id(name)
    ids = (stream.hex, str(stream))
    try:
        with closing(opened_to_read(path)) as db:
            known = db.execute("SELECT name, id FROM ledgers WHERE length(secret) = 32").fetchall()
            query = "SELECT COUNT(*) FROM stored_events WHERE originator_id IN (?, ?)"
            (said,) = db.execute(query, ids).fetchone()
    except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
        return None if is_full(error) else f"{path} cannot be read: {error}"
    if any((name, one) in known for one in ids):
        return None
    if said or not known:
        return f"{path} does not say which ledger it holds"
    return None
