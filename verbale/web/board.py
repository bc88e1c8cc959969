"""A cell of the matrix as HTML.  A page may hold 1,600 of them, which a template takes three times as long to write."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from verbale.web import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.positions import Deed, Position

_NOTHING = '<span aria-hidden="true">·</span><span class="unseen">no evidence</span>'


class Sheet(NamedTuple):
    """What all cells of a page share."""

    until: int
    """T, to which ages are measured."""
    notes: Mapping[int, int]
    """The number of an entry's footnote, which is seen in print alone."""


def cell(key: tuple[str, str], row: Position | None, sheet: Sheet, href: str, above: str = "") -> Markup:
    """Return what the matrix says of a party on an issue, as a link to why.

    Args:
        key: the party and the issue.
        row: the position; None where nothing is known.
        sheet: what all cells share.
        href: where why is told.
        above: what stands above it, as `before` gives it.
    """
    data = f'data-cell="{escape(key[0])} on {escape(key[1])}" data-state="{escape(words.state(row))}"'
    data += f' data-words="{escape(words.told(row))}"'
    inner = "" if row is None else f"{stance(row.stance)}{_note(row.entry, sheet)}{_under(row, sheet)}"
    chosen = "" if row is None else row.stance or ""
    told = f'<a class="cell {chosen}" href="{escape(href)}" {data}>{above}{inner}</a>'
    if row is None and not above:
        told = f'<span class="cell nothing" {data}>{_NOTHING}</span>'
    return Markup(told)  # noqa: S704  what is foreign in it was escaped above


def stance(value: str | None) -> str:
    """Return a stance by sign and word."""
    sign = f'<span class="sign" aria-hidden="true">{words.sign(value)}</span>'
    return f'<span class="stance {value or ""}">{sign} {value or "no stance"}</span>'


def before(value: str | None) -> str:
    """Return the stance that was known then, to stand above the one that is known now."""
    then = f'<span class="unseen">Then: </span>{stance(value)}'
    return f'<span class="then">{then}</span><span class="unseen">Now: </span>'


def _note(entry: int | None, sheet: Sheet) -> str:
    number = None if entry is None else sheet.notes.get(entry)
    return "" if number is None else f'<sup class="note">{number}</sup>'


def _under(row: Position, sheet: Sheet) -> str:
    said = []
    if row.since:
        old = words.age(row.since, sheet.until)
        said.append(f'since {_dated(row.since)}<span class="age">{", " + old if old else ""}</span>')
    if row.contested:
        said.append(f"{words.CONTESTED} contested")
    if row.inherited_from:
        said.append(f"{words.INHERITED} from {escape(row.inherited_from)}")
    if row.possible_count:
        said.append(f"{row.possible_count} possible")
    lines = [" · ".join(said)] if said else []
    if row.deed:
        lines.append(_deed(row.deed) + _note(row.deed.entry, sheet))
    return "".join(f'<span class="under">{line}</span>' for line in lines)


def _dated(text: str) -> str:
    return "/<wbr>".join(f'<span class="number">{escape(part)}</span>' for part in text.split("/"))


def _deed(deed: Deed) -> str:
    signs = (f'<span class="mark">{one}</span>' for one in (words.DEED, words.sign(deed.bearing)))
    return f'<span class="deed">{" deed: ".join(signs)} {deed.bearing or "no bearing"}</span>'
