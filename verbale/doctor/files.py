"""The files: how the journal is written, whether the databases are whole, whether the views are in step."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Final

from verbale.databases import QUICK, THOROUGH, damage_in, opened_to_read, size_of
from verbale.doctor.check import Check, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.stores.sqlite import SQLiteStore
    from verbale.inquiries import Inquiries

_SYNCHRONOUS: Final = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}
_FULL: Final = 2


def journal_checks(store: SQLiteStore, *, thorough: bool) -> Iterator[Check]:
    """Yield the checks of a journal's file."""
    damage = "restore a backup of it, or replay an export: verbale replay FILE"
    yield integrity("journal-integrity", store.path, damage, thorough=thorough, lost=True)
    yield durability(store)


def views_checks(ledger: Inquiries, *, thorough: bool) -> Iterator[Check]:
    """Yield the checks of the views' file, and of the checkpoints beside it."""
    yield signed(ledger)
    yield views(ledger)
    path = ledger.place.views
    if path is not None:
        rebuilt = f"delete {path.name}: it is rebuilt"
        yield integrity("views-integrity", path, rebuilt, thorough=thorough, lost=False)


def durability(store: SQLiteStore) -> Check:
    """Say whether an entry is on the disk before anybody is told that it was recorded."""
    name = "durability"
    if not os.access(store.path.parent, os.W_OK):
        return Check(name, "ok", "nothing can be recorded from here")
    with closing(opened_to_read(store.path)) as db:
        (mode,) = db.execute("PRAGMA journal_mode").fetchone()
    with store.recorder.datastore.transaction(commit=False) as cursor:
        cursor.execute("PRAGMA synchronous")
        (synchronous,) = cursor.fetchone()
    says = f"journal mode {mode}, synchronous {_SYNCHRONOUS.get(synchronous, synchronous)}"
    if mode != "wal" or synchronous < _FULL:
        return Check(name, "warning", says, "a power cut may cost the last entries: let verbale alone set these")
    return Check(name, "ok", says)


def integrity(name: str, path: Path, hint: str, *, thorough: bool, lost: bool) -> Check:
    """Let SQLite look for damage in a database: its structure, or every page and index.

    Args:
        name: of the check.
        path: the database.
        hint: what to do where it is damaged.
        thorough: look at everything.
        lost: whether damage costs something that cannot be computed again.
    """
    if not path.exists():
        return Check(name, "ok", "kept in memory")
    look = THOROUGH if thorough else QUICK
    said = damage_in(path, look)
    if not said:
        return Check(name, "ok", f"{look}: {size_of(path)}")
    return Check(name, "error" if lost else "warning", "damaged", hint, tuple(map(Finding, said)))


def signed(ledger: Inquiries) -> Check:
    """Say whether the journal is as long as what was signed, as far as any checkpoint is known here."""
    largest = max(ledger.journal.checkpoints(), key=lambda one: one.size, default=None)
    if largest is None:
        return Check("signed", "ok", "no checkpoint is known")
    says = f"the journal ends at e{ledger.head}, and cp{largest.number} covers e{largest.size}"
    if largest.size > ledger.head:
        hint = "it was restored from an old backup: bring back what is missing with verbale recover FILE"
        return Check("signed", "error", says, hint)
    return Check("signed", "ok", says)


def views(ledger: Inquiries) -> Check:
    """Say whether the views are on the disk and as far as the journal."""
    head = ledger.views.catch_up()
    (_, _, file) = ledger.views.db.execute("PRAGMA database_list").fetchone()
    if not file:
        hint = "let who asks write beside the journal, once"
        return Check("views", "warning", "in memory: every command folds the whole journal again", hint)
    return Check("views", "ok", f"in step at e{head}")
