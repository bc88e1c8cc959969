"""Is this ledger well? Named checks of the machine, the files and the record, each with a way out.

A check never changes anything, and never looks at the wall clock: how old a position is, is measured within the ledger.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import LedgerError
from ledger.stores.sqlite import SQLiteStore
from ledger.times import END
from projections.clocks import Moment
from verbale.doctor import files, machine, record, server
from verbale.doctor.check import Check, Finding
from verbale.places import ServerPlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbale.inquiries import Inquiries

__all__ = ["Check", "Examination", "Finding", "examine"]


class Examination(NamedTuple):
    """What was looked at, and what came of it."""

    at: Moment
    """The two moments; the ledger's is e0 where the journal cannot be read."""
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether no error was found."""
        return all(one.outcome != "error" for one in self.checks)


def examine(
    ledger: Inquiries, as_of: str | None, as_known_at: str | None, stale_after: int, *, thorough: bool
) -> Examination:
    """Make every check.

    Args:
        ledger: an open ledger.
        as_of: T.
        as_known_at: K.
        stale_after: days after which a position counts as stale.
        thorough: read every page and index of the databases, not only their structure.
    """
    damaged, at = "", Moment(as_of, END, 0, None)
    try:
        at = ledger.moment(as_of, as_known_at)
    except sqlite3.Error as error:
        damaged = str(error)
    found = [*machine.checks(ledger.place), *_whole("files", _of_store(ledger, thorough=thorough))]
    if damaged:
        found.append(_unreadable("record", damaged))
    else:
        found += _whole("record", record.checks(ledger, at, stale_after))
    return Examination(at, tuple(found))


def _of_store(ledger: Inquiries, *, thorough: bool) -> Iterator[Check]:
    store = ledger.journal.store
    if isinstance(store, SQLiteStore):
        yield from files.journal_checks(store, thorough=thorough)
    elif isinstance(ledger.place, ServerPlace):
        yield from server.checks(store)  # type: ignore[arg-type]  # the only store that a server place opens
    yield from files.views_checks(ledger, thorough=thorough)


def _whole(part: str, checks: Iterator[Check]) -> Iterator[Check]:
    """Yield checks; where the journal cannot be read on the way, that is the last of them."""
    from eventsourcing.persistence import PersistenceError

    try:
        yield from checks
    except (sqlite3.Error, PersistenceError, LedgerError) as error:
        yield _unreadable(part, str(error))


def _unreadable(part: str, why: str) -> Check:
    return Check(part, "error", f"cannot be looked at: {why}", "restore a backup of the journal")
