"""The footnotes of a printed matrix: where a screen leads on to why, paper names the sources.

A note is a source, and tells which entries rest on it; cells whose entries share a source share its number.  What rests
on no source that is named shares one note too, the last.  A position and the deed beside it each have their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from projections.registry import source
from projections.words import said

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from projections.clocks import Moment
    from projections.positions import Position

_MOST: Final = 400
"""Entries that have their sources below; more than that no sheet of paper holds."""


class Resting(NamedTuple):
    """An entry that rests on a source, and the cells in which it stands: a coalition's words stand in many."""

    entry: int
    parties: Sequence[str]
    issue: str


class Footnote(NamedTuple):
    """A source, as a footnote names it."""

    source: Mapping[str, Any] | None
    """As the register has it; None where none is named."""
    resting: Sequence[Resting]


class Footnotes(NamedTuple):
    """The footnotes of a page."""

    listed: Sequence[Footnote]
    """In the order of their numbers, from 1; none where there would be too many."""
    numbers: Mapping[int, int]
    """The number of an entry's note."""


def footnotes(db: sqlite3.Connection, rows: Iterable[Position], at: Moment) -> Footnotes:
    """Return what the positions of a page rest on.

    Args:
        db: the views.
        rows: the positions, in the order in which they are read.
        at: the two moments they are of.
    """
    standing: dict[int, Resting] = {}
    for row in rows:
        for entry in (row.entry, row.deed and row.deed.entry):
            if entry is not None:
                before = standing.get(entry)
                parties = () if before is None else before.parties
                standing[entry] = Resting(entry, (*parties, row.party), row.issue)
    if not standing or len(standing) > _MOST:
        return Footnotes((), {})
    by_source: dict[str | None, list[Resting]] = {}
    spoken = said(db, list(standing), at)
    for entry, one in standing.items():
        by_source.setdefault(spoken[entry].source, []).append(one)
    if None in by_source:
        by_source[None] = by_source.pop(None)
    listed = [
        Footnote(None if name is None else source(db, at.known_at, name) or {"source": name}, resting)
        for name, resting in by_source.items()
    ]
    numbers = {one.entry: number for number, note in enumerate(listed, 1) for one in note.resting}
    return Footnotes(listed, numbers)
