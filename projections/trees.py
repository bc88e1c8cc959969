"""Issues as trees: a wider proposition, and the parts of it that are negotiated one by one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from projections.positions import Position


def parents_at(db: sqlite3.Connection, known_at: int) -> dict[str, str]:
    """Return of each issue that is a part the issue that it is a part of, as known at K."""
    rows = db.execute("SELECT issue, parent FROM issues WHERE parent IS NOT NULL AND entry <= ?", (known_at,))
    return dict(rows.fetchall())


def path_of(issue: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """Return an issue's way from the top: an issue is opened after its parent, so it ends."""
    way = [issue]
    while way[-1] in parents:
        way.append(parents[way[-1]])
    return tuple(reversed(way))


def below(issue: str, parents: Mapping[str, str]) -> dict[str, str]:
    """Return the tree of which an issue is the top: it, its parts and theirs, each with what it is a part of."""
    return {part: parent for part, parent in parents.items() if issue in path_of(parent, parents)}


def folded(
    rows: Iterable[Position], parents: Mapping[str, str]
) -> tuple[list[Position], dict[tuple[str, str], Counter[str]]]:
    """Return the positions on issues at the top, and what is said on their parts: stances counted by (party, issue)."""
    top: list[Position] = []
    parts: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        root = path_of(row.issue, parents)[0]
        if root == row.issue:
            top.append(row)
        elif row.stance is not None:
            parts.setdefault((row.party, root), Counter())[row.stance] += 1
    return top, parts
