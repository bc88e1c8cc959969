"""What rests on a source, and which sources there are, a page at a time: as both read at K."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries import SourceRegistered
from projections.evidence import Reading, reading, readings
from projections.registry import register_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

LOOKED_AT: Final = 20_000
"""Sources that are looked at for one page of those with some words."""

# An id is written as it is in the JSON of whatever rests on it.
_RESTING: Final = """
e.entry > :after AND e.entry IN (
    SELECT entry FROM entries WHERE source = :source UNION SELECT entry FROM states WHERE instr(data, :written))
"""
_QUOTING: Final = """ AND (
    instr(e.data, '"quote"') OR EXISTS (SELECT 1 FROM states s WHERE s.entry = e.entry AND instr(s.data, '"quote"')))
"""
_SOURCES: Final = "SELECT entry, source FROM sources WHERE entry <= ? AND source > ? ORDER BY source"


class Shelf(NamedTuple):
    """One page of the sources, by id."""

    rows: list[dict[str, Any]]
    after: str | None
    """The next page is asked for with this; None where there is none."""
    cut: bool
    """Whether it ends because enough was looked at, not because it is full."""


def resting(
    db: sqlite3.Connection, known_at: int, source: str, *, after: int = 0, quoting: bool = False
) -> Iterator[Reading]:
    """Yield the entries that rest on a source as they read at K, retracted or not, in journal order.

    Args:
        db: the views, caught up.
        known_at: K.
        source: its id.
        after: only entries recorded after this one.
        quoting: only those that quote it.
    """
    asked: dict[str, object] = {"source": source, "written": f'"{source}"', "after": after}
    for one in readings(db, known_at, _RESTING + _QUOTING * quoting, asked):
        rests = not isinstance(one.event, SourceRegistered) and getattr(one.event, "source", None) == source
        if rests and not (quoting and getattr(one.event, "quote", None) is None):
            yield one


def shelf(db: sqlite3.Connection, known_at: int, many: int, words: str = "", after: str = "") -> Shelf:
    """Return a page of the sources by id, as corrected, those left out that are retracted.

    Args:
        db: the views, caught up.
        known_at: K.
        many: how many at most.
        words: only those that have all of these in their id, title, publisher, agency or address.
        after: only those after this id.
    """
    wanted, rows = words.casefold().split(), list[dict[str, Any]]()
    for entry, source in islice(db.execute(_SOURCES, (known_at, after)), LOOKED_AT):
        row = _row(reading(db, entry, known_at))
        if row is not None and has_words(row, wanted):
            if len(rows) == many:
                return Shelf(rows, after, cut=False)
            rows.append(row)
        after = source
    more = db.execute(_SOURCES, (known_at, after)).fetchone() is not None
    return Shelf(rows, after if more else None, cut=more)


def has_words(row: dict[str, Any], wanted: list[str]) -> bool:
    """Say whether a source has words, all of them, in what names it."""
    named = (row["source"], row["title"], row["publisher"], row["agency"], row["url"])
    text = "\n".join(filter(None, named)).casefold()
    return all(word in text for word in wanted)


def _row(one: Reading | None) -> dict[str, Any] | None:
    return None if one is None or one.status == "retracted" else register_row(one)
