"""Content keys: exactly one row for each entry that can be told from what is stored, of exactly that key.

Both sides are summed up as keyed hashes of their rows, which takes no memory and does not depend on the order; only
where the sums differ is each row looked for.  A file with several ledgers keeps their keys in one table without saying
whose they are: there each row that must be there is looked for, and none can be called too many.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from ledger.codec import CODEC
from ledger.entries import StatementMade
from ledger.keys import stored_key
from ledger.sealing import unseal
from verbale.verifying.report import GARBLED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.entries import Entry
    from ledger.journal import Journal
    from verbale.verifying.report import Report

CHECK: Final = "content-keys"
_TOLD: Final = 10_000
"""Entries that are remembered as told of."""
_BITS: Final = (1 << 128) - 1


@dataclass
class Expected:
    """The rows that should be there, summed up."""

    salt: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0
    total: int = 0

    def expect(self, journal: Journal, entry: int, event: Entry) -> None:
        """Take in the row of an entry, if it must have one."""
        key = key_of(journal, entry, event)
        if key is not None:
            self.count += 1
            self.total = self.total + self._hashed(key, entry) & _BITS

    def agrees(self, rows: Iterable[tuple[int, int]]) -> bool:
        """Say whether these are the rows that were expected, in whatever order."""
        count = total = 0
        for key, entry in rows:
            if type(key) is not int or type(entry) is not int:
                return False
            count += 1
            total = total + self._hashed(key, entry) & _BITS
        return (count, total) == (self.count, self.total)

    def _hashed(self, key: int, entry: int) -> int:
        row = b"%d %d" % (key, entry)
        return int.from_bytes(blake2b(row, digest_size=16, key=self.salt).digest())


def key_of(journal: Journal, entry: int, event: Entry) -> int | None:
    """Return the key that an entry must be stored under, None where it has none that can be told.

    What is sealed is part of the key: erased values, and those that an exported journal did not bring, leave none.
    """
    sealing, meant = False, event
    if isinstance(event, StatementMade) and event.sealed:
        sealing = True
        opened = unseal(event, journal.store.sealed_values(entry))
        if opened is None:
            return None
        meant = opened
    return stored_key(journal.content_key(meant, CODEC.encode(meant), sealing=sealing))


def check(journal: Journal, expected: Expected, after: int, last: int, report: Report) -> None:
    """Compare the stored rows with those expected.

    Args:
        journal: whose.
        expected: summed up while the lines were read.
        after: the last line that was not read.
        last: the last line that was.
        report: takes what is found.
    """
    alone = journal.store.alone()
    if after or not alone or not expected.agrees(_upto(journal, last)):
        found = _look_for_each(journal, after, last, report)
        if not alone:
            report.left(CHECK, "other ledgers of this file share the table: a row too many cannot be told from theirs")
        elif not after:
            found |= _too_many(journal, last, found, report)
            if not found:
                report.bad(CHECK, None, "the stored rows are not those expected; which, cannot be told")
        if found:
            return
    report.looked(CHECK, f"{expected.count:,} stored, one for each entry that can have one")


def _upto(journal: Journal, last: int) -> Iterable[tuple[int, int]]:
    """Return the stored rows, but for those of entries that were appended since the lines were read."""
    head = journal.head
    return (row for row in journal.store.key_rows() if not (type(row[1]) is int and last < row[1] <= head))


def _look_for_each(journal: Journal, after: int, last: int, report: Report) -> set[int]:
    found = set[int]()
    for line in journal.lines(after, last):
        try:
            key = key_of(journal, line.entry, CODEC.decode(*line).event)
        except GARBLED:
            continue  # the line does not hold, and that is said elsewhere
        if key is not None and line.entry not in journal.store.entries_with_key(key):
            report.bad(CHECK, line.entry, f"the content key of e{line.entry} is missing, or the line was changed")
            found.add(line.entry) if len(found) < _TOLD else None
    return found


def _too_many(journal: Journal, last: int, told: set[int], report: Report) -> set[int]:
    found = set[int]()
    for key, entry in _upto(journal, last):
        line = journal.line(entry) if type(entry) is int else None
        try:
            due = None if line is None else key_of(journal, entry, CODEC.decode(*line).event)
        except GARBLED:
            continue
        if due == key or entry in told:
            continue
        found.add(entry) if len(found) < _TOLD else None
        if line is None:
            report.bad(CHECK, None, f"a content key is stored of e{entry}, which is not there")
        elif due is None:
            report.bad(CHECK, entry, f"e{entry} has a content key, though what it seals is not here to make one of")
        else:
            report.bad(CHECK, entry, f"a content key is stored that e{entry} does not have")
    return found
