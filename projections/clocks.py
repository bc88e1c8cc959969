"""The two clocks of every question: *as of* T in the world, *as known at* K in the ledger.

T is a moment (`ledger.times.when`: a day means its end) or nothing, which is no bound.  K is an entry (`e41`), the
label of a snapshot (`acled@2022-04-07`), which stands for the entry that ends it, or a moment, which stands for the
last entry recorded by then, or nothing, which is the last entry.  Both are echoed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import UnknownName, Unparsable
from ledger.times import END, stamp, when

if TYPE_CHECKING:
    import sqlite3

_ENTRY: Final = re.compile(r"e(0|[1-9][0-9]{0,17})")
_FORMS: Final = "use a day (2026-11-23), a time (2026-11-23T09:12Z), an entry (e41), cp3 or acled@2022-04-07"
_BEYOND: Final = when("9999")


class Moment(NamedTuple):
    """One pair of moments, as asked and as understood."""

    as_of: str | None
    """T as it was given."""
    until: int
    """T as an instant: what is certain by then counts."""
    known_at: int
    """K as the last entry that is known."""
    recorded_at: str | None
    """When that entry was recorded; None for an empty ledger."""


def moment(db: sqlite3.Connection, head: int, as_of: str | None = None, as_known_at: str | None = None) -> Moment:
    """Return the pair of moments that a question means.

    Raises:
        Unparsable: T or K is no moment.
        UnknownName: K is an entry that is not there.
    """
    until = END if as_of is None else when(as_of)
    known_at = head if as_known_at is None else _known_at(db, head, as_known_at)
    return Moment(as_of, until, known_at, recorded_at(db, known_at))


def recorded_at(db: sqlite3.Connection, entry: int) -> str | None:
    """Return when an entry was recorded."""
    row = db.execute("SELECT recorded_at FROM entries WHERE entry = ?", (entry,)).fetchone()
    return None if row is None else row[0]


def _known_at(db: sqlite3.Connection, head: int, text: str) -> int:
    number = _ENTRY.fullmatch(text)
    if "@" in text:
        return _labelled(db, head, text)
    if number is None:
        try:
            at = when(text)
        except Unparsable as error:
            hint = error.hint if text[:1].isdigit() else _FORMS
            raise Unparsable(f"'{text}' is no moment of the ledger", hint=hint) from None
        # What lies beyond the last time that can be written was not recorded later than that either.
        return head if at >= _BEYOND else last_recorded_by(db, head, stamp(at), inclusive="T" in text)
    if int(number[1]) > head:
        raise UnknownName(f"no entry {text}", hint=f"the last is e{head}" if head else "the ledger is empty")
    return int(number[1])


def _labelled(db: sqlite3.Connection, head: int, label: str) -> int:
    """Return the last entry that ended a snapshot of this label."""
    dataset, _, day = label.rpartition("@")
    asked = "SELECT {} FROM snapshots WHERE dataset = ? AND entry <= ? {}"
    (found,) = db.execute(asked.format("MAX(entry)", "AND snapshot = ?"), (dataset, head, day)).fetchone()
    if found is None:
        days = db.execute(asked.format("DISTINCT snapshot", "ORDER BY entry"), (dataset, head)).fetchall()
        there = ", ".join(f"{dataset}@{one}" for (one,) in days[-5:])
        raise UnknownName(f"no snapshot '{label}'", hint=f"there are: {there}" if there else "see: verbale log")
    return int(found)


def last_recorded_by(db: sqlite3.Connection, head: int, at: str, *, inclusive: bool) -> int:
    """Return the last entry recorded by a time, 0 where there is none.

    `recorded_at` never decreases along the journal, so twenty lookups by entry find it among a million.
    """
    low, high = 0, head
    while low < high:
        middle = (low + high + 1) // 2
        (found,) = db.execute("SELECT recorded_at FROM entries WHERE entry = ?", (middle,)).fetchone()
        if found < at or (inclusive and found == at):
            low = middle
        else:
            high = middle - 1
    return low
