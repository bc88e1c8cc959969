"""The journal as people leaf through it, the last entry first: a page at a time, sought by the number of an entry.

A page costs the same wherever it lies and however long the journal is: at most `LOOKED_AT` entries are looked at for
it.  Where hardly any of them is wanted, the page says how far it has looked, and the next goes on from there.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from projections import evidence
from projections.evidence import Reading, readings
from projections.search import LAST, Found, hits

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from projections.clocks import Moment
    from projections.wanted import Wanted

LOOKED_AT: Final = 100_000
"""Entries of the journal that are looked at for one page."""
HITS_LOOKED_AT: Final = 2_000
"""Entries with the words of a search that are looked at for one page."""


class Leaf(NamedTuple):
    """One page of the journal, the last entry first."""

    rows: list[Reading]
    newer: int | None
    """The page of what was recorded later is asked for with this as `after`; None where there is none."""
    older: int | None
    """Likewise as `before`."""
    cut: bool
    """Whether it ends because enough was looked at, not because it is full."""


class Hits(NamedTuple):
    """One page of what a search found."""

    rows: list[Found]
    older: int | None
    """The next page is asked for with this as `before`."""
    cut: bool


def log(db: sqlite3.Connection, at: Moment, wanted: Wanted, latest: int | None = None) -> Iterator[Reading]:
    """Yield the journal's entries up to K as they read there, in order; with a T, those of the world certain by it.

    Args:
        db: the views, caught up.
        at: the two moments.
        wanted: which entries.
        latest: only the last so many.
    """
    if wanted.type is wanted.status is wanted.recorded_by is None:
        yield from evidence.log(db, at, wanted.party, wanted.issue, latest)
        return
    where, asked = wanted.where(at)
    found = (one for one in readings(db, at.known_at, where, asked) if wanted.fits(db, one, at))
    yield from found if latest is None else deque(found, latest)


def leaf(
    db: sqlite3.Connection,
    at: Moment,
    wanted: Wanted,
    many: int,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Leaf:
    """Return a page of the journal's entries as they read at K.

    Args:
        db: the views, caught up.
        at: the two moments; with a T, only what is of the world and certain by it.
        wanted: which entries.
        many: how many at most.
        before: only entries recorded before this one.
        after: the first that were recorded after this one, instead of the last of all.
    """
    backwards = after is None
    last = at.known_at if before is None else min(before - 1, at.known_at)
    low, high = (max(1, last - LOOKED_AT + 1), last) if after is None else (after + 1, min(after + LOOKED_AT, last))
    where, asked = wanted.where(at)
    within = f"e.entry BETWEEN :low AND :high AND ({where})"
    read = readings(db, at.known_at, within, {**asked, "low": low, "high": high}, backwards=backwards)
    found = list(islice((one for one in read if wanted.fits(db, one, at)), many + 1))
    full, rows = len(found) > many, found[:many]
    if backwards:
        first = rows[0].entry if rows else high
        newer = None if before is None or first >= at.known_at else first
        older = rows[-1].entry if full else low if low > 1 else None
        return Leaf(rows, newer, older, not full and older is not None)
    rows.reverse()
    newer = rows[0].entry if full else high if high < at.known_at else None
    oldest = rows[-1].entry if rows else low
    return Leaf(rows, newer, oldest if oldest > 1 else None, not full and newer is not None)


def search_leaf(
    db: sqlite3.Connection, words: str, at: Moment, wanted: Wanted, many: int, before: int = LAST, *, retracted: bool
) -> Hits:
    """Return a page of the entries that have all the words, what was recorded or corrected last first.

    Args:
        db: the views, the index among them, caught up.
        words: as for `search`.
        at: the two moments.
        wanted: which entries.
        many: how many at most.
        before: the place after which the page begins, as the page before it says.
        retracted: also what was retracted by K.

    Raises:
        Unparsable: there is no word in it.
    """
    found: list[Found] = []
    for looked_at, one in enumerate(hits(db, words, at, before, retracted=retracted)):
        if len(found) == many or looked_at == HITS_LOOKED_AT:
            return Hits(found, before, len(found) < many)
        before = one.place
        if wanted.fits(db, one.reading, at):
            found.append(one)
    return Hits(found, None, cut=False)
