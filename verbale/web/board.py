"""A cell of the matrix as HTML.  A page may hold 1,600 of them, which a template takes three times as long to write."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from verbale.web import words

if TYPE_CHECKING:
    from projections.positions import Position

_NOTHING = '<span aria-hidden="true">·</span><span class="unseen">no evidence</span>'


def cell(key: tuple[str, str], row: Position | None, until: int, href: str, above: str = "") -> Markup:
    """Return what the matrix says of a party on an issue, as a link to why.

    Args:
        key: the party and the issue.
        row: the position; None where nothing is known.
        until: T, to which its age is measured.
        href: where why is told.
        above: what stands above it, as `before` gives it.
    """
    data = f'data-cell="{escape(key[0])} on {escape(key[1])}" data-state="{escape(words.state(row))}"'
    data += f' data-words="{escape(words.told(row))}"'
    inner = "" if row is None else f"{stance(row.stance)}{_under(row, until)}"
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


def _under(row: Position, until: int) -> str:
    said = []
    if row.since:
        old = words.age(row.since, until)
        said.append(f"since {escape(row.since)}{', ' + old if old else ''}")
    if row.contested:
        said.append(f"{words.CONTESTED} contested")
    if row.inherited_from:
        said.append(f"{words.INHERITED} from {escape(row.inherited_from)}")
    if row.possible_count:
        said.append(f"{row.possible_count} possible")
    lines = [" · ".join(said)] if said else []
    if row.deed:
        lines.append(f"{words.DEED} deed: {words.sign(row.deed.bearing)} {row.deed.bearing or 'no bearing'}")
    return "".join(f'<span class="under">{line}</span>' for line in lines)
