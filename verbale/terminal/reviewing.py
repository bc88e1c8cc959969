"""The review queue as text: by country, those that wait for most entries first."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from ledger.vocabularies import states
from verbale.terminal.positions import clocks_line
from verbale.terminal.style import faint, safe, strong, wrapped
from verbale.terminal.tables import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.clocks import Moment

_OF_EACH: Final = 10
"""Actors shown of each country, where nobody asked for one."""


def review_text(rows: Sequence[dict[str, Any]], at: Moment, total: int, *, whole: bool) -> str:
    """Return the queue.

    Args:
        rows: the actors, those first that most entries name.
        at: the moments.
        total: columns of the terminal.
        whole: show every actor, and not the first of each country alone.
    """
    if not rows:
        return f"{clocks_line(at)}\n\nNobody waits to be identified.\n"
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["country"] or "", []).append(row)
    ordered = sorted(groups.items(), key=lambda group: (-_entries(group[1]), group[0]))
    parts = [_group(country, members, total, whole=whole) for country, members in ordered]
    suggested = sum(row["suggestion"] is not None for row in rows)
    head = f"{counted(len(rows), 'actor')} that nobody has identified, {suggested:,} with a suggestion"
    ways = (
        "verbale party merge ACTOR --into PARTY · verbale party identify ACTOR --kind KIND\n"
        "All at once: verbale party review --csv -o todo.csv, fill in 'decision', verbale party review --apply todo.csv"
    )
    return f"{clocks_line(at)}\n\n{head}\n\n{chr(10).join(parts)}\n{faint(ways)}\n"


def _group(country: str, members: list[dict[str, Any]], total: int, *, whole: bool) -> str:
    name = f"{states.every()[country].name} ({country})" if country else "Of no country that is known"
    shown = members if whole else members[:_OF_EACH]
    widest = max(len(f"{row['entries']:,}") for row in shown)
    lines = [strong(f"{name}: {counted(len(members), 'actor')}, {counted(_entries(members), 'entry', 'entries')}")]
    for row in shown:
        lines.append(f"{row['entries']:>{widest + 2},}  {row['actor']}  {safe(row['name'])}")
        if row["suggestion"] is not None:
            says = safe(f"{row['suggestion']}? it {row['why']}")
            lines.append(wrapped(says, " " * (widest + 4), total))
    if len(members) > len(shown):
        option = country or "none"
        lines.append(faint(f"{' ' * (widest + 4)}and {len(members) - len(shown):,} more: --country {option}"))
    return "\n".join(lines) + "\n"


def _entries(rows: Sequence[dict[str, Any]]) -> int:
    return sum(row["entries"] for row in rows)


__all__ = ["groupby", "review_text"]
