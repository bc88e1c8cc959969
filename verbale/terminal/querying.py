"""Whatever a statement answers as a plain table, and the tables that can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verbale.terminal.style import columns, pad, strong, wrapped
from verbale.terminal.tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.querying import Table

_GAP: Final = 2
_NARROWEST: Final = 8

_MEANING: Final = {
    "cells": "party × issue × words or deeds",
    "effects": "while which amendment is in effect: entries [known_from, known_to)",
    "entries": "one row per entry, as recorded; data is the draft's fields",
    "issues": "the issues, as opened",
    "memberships": "what joinings and leavings of coalitions say, while [known_from, known_to)",
    "merges": "which party was merged into which, while [known_from, known_to)",
    "meta": "of which journal, and how far these tables go",
    "parties": "the parties, as registered",
    "party_codes": "the codes that parties were given, by which entry",
    "party_names": "every name of a party, and between which dates",
    "search": "the words of each reading of an entry; search_fts finds them",
    "search_fts": "FTS5: WHERE search_fts MATCH 'ceasefire'; rowid is search.id",
    "search_mark": "how far the search goes",
    "sources": "the sources",
    "stances": "the stances, in the order of the scale",
    "states": "how an entry reads after a correction, from known_from on",
    "versions": "what counts in a cell, for entries [known_from, known_to)",
}


def grid(names: Sequence[str], rows: Sequence[Sequence[object]], total: int) -> str:
    """Return rows as a table: the widest columns give way until it fits, or all are narrow."""
    cells = [[_shown(value) for value in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(names, *cells, strict=True)]
    room = total - _GAP * (len(widths) - 1)
    while sum(widths) > room and (widest := max(widths, default=0)) > _NARROWEST:
        widths[widths.index(widest)] = max(_NARROWEST, widest - (sum(widths) - room), sorted(widths)[-2:][0] - 1)
    cut = [[pad(cell, width).rstrip() for cell, width in zip(row, widths, strict=True)] for row in (names, *cells)]
    return table(cut[0], cut[1:], total) if names else ""


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"{value[:16].hex()}{'…' if len(value) > 16 else ''}"  # noqa: PLR2004
    return " ".join(str(value).split())


def tables_text(found: Sequence[Table], total: int) -> str:
    """Return tables with their columns, and what they hold."""
    lines = []
    for one in found:
        meaning = _MEANING.get(one.name)
        lines.append(strong(one.name) + (f"  {meaning}" if meaning else ""))
        lines.append(wrapped(", ".join(one.columns), "   ", total))
    return "\n".join(lines) + "\n"
