"""The cells of the matrix as HTML.

A page may hold 1,600 of them, which a template takes ten times as long to write; and as a slider moves most cells say
what they said before, so what was written is kept for a while.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from verbale.web import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.positions import Position

_KEPT: Final = 50_000
_NOTHING: Final = '<span aria-hidden="true">·</span><span class="unseen">no evidence</span>'


class Sheet(NamedTuple):
    """What all cells of a page share."""

    until: int
    """T, to which ages are measured."""
    notes: Mapping[int, int]
    """The number of an entry's footnote, which is seen in print alone."""


class Told(NamedTuple):
    """All that the matrix tells of a position."""

    stance: str | None
    entry: int | None
    since: str | None
    age: str
    contested: bool
    inherited_from: str | None
    possible: int
    deed: int | None
    bearing: str | None
    notes: tuple[int | None, int | None]
    """Of the words and of the deed."""


class Written(NamedTuple):
    """A cell without its link: what a script asks of it, and what stands in it; both HTML."""

    data: str
    inner: str


def cell(party: str, issue: str, row: Position | None, sheet: Sheet, href: str, above: str = "") -> str:
    """Return what the matrix says of a party on an issue, as a link to why; HTML in which all foreign text is escaped.

    Args:
        party: whose position it is.
        issue: on what.
        row: the position; None where nothing is known.
        sheet: what all cells share.
        href: where why is told.
        above: what stands above it, as `before` gives it.
    """
    if row is None and not above:
        return _nothing(party, issue)
    written = _written(party, issue, None if row is None else _told(row, sheet))
    chosen = "" if row is None else row.stance or ""
    return f'<a class="cell {chosen}" href="{escape(href)}" {written.data}>{above}{written.inner}</a>'


def stance(value: str | None) -> str:
    """Return a stance by sign and word."""
    sign = f'<span class="sign" aria-hidden="true">{words.sign(value)}</span>'
    return f'<span class="stance {value or ""}">{sign} {value or "no stance"}</span>'


def before(value: str | None) -> str:
    """Return the stance that was known then, to stand above the one that is known now."""
    then = f'<span class="unseen">Then: </span>{stance(value)}'
    return f'<span class="then">{then}</span><span class="unseen">Now: </span>'


def _told(row: Position, sheet: Sheet) -> Told:
    deed, bearing = (None, None) if row.deed is None else (row.deed.entry, row.deed.bearing)
    notes = sheet.notes
    numbers = (notes.get(row.entry or 0), notes.get(deed or 0)) if notes else (None, None)
    old = words.age(row.since, sheet.until)
    position = row.stance, row.entry, row.since, old, row.contested, row.inherited_from, row.possible_count
    return Told(*position, deed, bearing, numbers)


@lru_cache(maxsize=_KEPT)
def _nothing(party: str, issue: str) -> str:
    return f'<span class="cell nothing" {_written(party, issue, None).data}>{_NOTHING}</span>'


@lru_cache(maxsize=_KEPT)
def _written(party: str, issue: str, told: Told | None) -> Written:
    named = f'data-cell="{escape(party)} on {escape(issue)}"'
    if told is None:
        return Written(f'{named} data-state="" data-words=""', "")
    state = f"{told.stance} {told.entry} {told.contested} {told.inherited_from} {told.deed}"
    deed = "" if told.deed is None else f" ({words.DEED} {told.bearing or 'no bearing'})"
    data = f'{named} data-state="{escape(state)}" data-words="{told.stance or "no stance"}{deed}"'
    return Written(data, f"{stance(told.stance)}{_note(told.notes[0])}{_under(told)}")


def _note(number: int | None) -> str:
    return "" if number is None else f'<sup class="note">{number}</sup>'


def _under(told: Told) -> str:
    said = []
    if told.since:
        said.append(f'since {_dated(told.since)}<span class="age">{", " + told.age if told.age else ""}</span>')
    if told.contested:
        said.append(f"{words.CONTESTED} contested")
    if told.inherited_from:
        said.append(f"{words.INHERITED} from {escape(told.inherited_from)}")
    if told.possible:
        said.append(f"{told.possible} possible")
    lines = [" · ".join(said)] if said else []
    if told.deed is not None:
        lines.append(_deed(told.bearing) + _note(told.notes[1]))
    return "".join(f'<span class="under">{line}</span>' for line in lines)


def _dated(text: str) -> str:
    return "/<wbr>".join(f'<span class="number">{escape(part)}</span>' for part in text.split("/"))


def _deed(bearing: str | None) -> str:
    signs = (f'<span class="mark">{one}</span>' for one in (words.DEED, words.sign(bearing)))
    return f'<span class="deed">{" deed: ".join(signs)} {bearing or "no bearing"}</span>'
