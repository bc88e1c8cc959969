"""Positions as text: the matrix, and one party's or one issue's positions in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from projections.trees import path_of
from verbale.terminal.age import age
from verbale.terminal.sealed import SEALED
from verbale.terminal.style import (
    CONTESTED,
    DEED,
    INHERITED,
    NO_EVIDENCE,
    SIGNS,
    clock_words,
    columns,
    faint,
    pad,
    paint,
    safe,
    stance_words,
    strong,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from projections.clocks import Moment
    from projections.positions import Position

_GAP: Final = 2
_INDENT: Final = "   "
_NAMED: Final = 3
"""Entries named before "and N more"."""


class Names(NamedTuple):
    """What ids stand for."""

    parties: Mapping[str, str]
    issues: Mapping[str, str]


def clocks_line(at: Moment) -> str:
    """Return the two clocks of an answer in words."""
    world = f"as of {at.as_of}" if at.as_of else "no bound in time"
    if at.recorded_at is None:
        return f"{world} · nothing recorded"
    return f"{world} · as known at e{at.known_at}, recorded {clock_words(at.recorded_at)}"


def nothing(text: str, at: Moment) -> str:
    """Return an answer that finds nothing, below the moments that it is about."""
    return f"{clocks_line(at)}\n\n{text}\n"


# The matrix


def matrix_text(
    rows: Sequence[Position],
    at: Moment,
    total: int,
    parents: Mapping[str, str] | None = None,
    parts: Mapping[tuple[str, str], Mapping[str, int]] | None = None,
) -> str:
    """Return positions as a table, issues down and parties across, in blocks as wide as the terminal.

    Args:
        rows: the positions.
        at: the two moments.
        total: the columns of the terminal.
        parents: of each issue that is a part, what it is a part of; parts stand below it, indented.
        parts: where the parts are folded away, how many have which stance, by (party, issue).
    """
    if not rows and not parts:
        return nothing("No positions.", at)
    found = {row.issue for row in rows} | {issue for _, issue in parts or ()}
    paths = sorted(path_of(issue, parents or {}) for issue in found)
    issues = {path[-1]: f"{'  ' * sum(step in found for step in path[:-1])}{path[-1]}" for path in paths}
    label = min(max(map(columns, issues.values())), total // 2)
    columns_of: dict[str, dict[str, tuple[str, str, str | None]]] = {}
    for row in sorted(rows, key=lambda row: row.party):
        lower = " ".join(filter(None, (_lower(row), _tally((parts or {}).get((row.party, row.issue))))))
        columns_of.setdefault(row.party, {})[row.issue] = _upper(row), lower, row.stance
    for (party, issue), counts in (parts or {}).items():
        columns_of.setdefault(party, {}).setdefault(issue, (NO_EVIDENCE, _tally(counts), None))
    some = [_Column.of(party, columns_of[party]) for party in sorted(columns_of)]
    blocks = [_block(block, issues, label) for block in _fitting(some, total - label)]
    shown = {row.stance for row in rows} | {stance for counts in (parts or {}).values() for stance in counts}
    legend = _legend(rows, shown, total) + ("\n(…) the stances on its parts" if parts else "")
    return f"{clocks_line(at)}\n\n" + "\n\n".join(blocks) + "\n\n" + faint(legend) + "\n"


def _tally(counts: Mapping[str, int] | None) -> str:
    """Return how many parts of an issue have which stance, in the order of the scale."""
    if not counts:
        return ""
    return "(" + " ".join(f"{counts[stance]}{SIGNS[stance]}" for stance in SIGNS if stance in counts) + ")"


class _Column(NamedTuple):
    """One party's column: for each issue an upper and a lower line."""

    party: str
    width: int
    cells: Mapping[str, tuple[str, str, str | None]]

    @classmethod
    def of(cls, party: str, cells: Mapping[str, tuple[str, str, str | None]]) -> _Column:
        return cls(party, max(columns(text) for text in (party, *(t for c in cells.values() for t in c[:2]))), cells)


def _fitting(found: Sequence[_Column], room: int) -> list[list[_Column]]:
    """Return the columns in blocks, each as wide as the room allows."""
    blocks: list[list[_Column]] = [[]]
    taken = 0
    for column in found:
        if blocks[-1] and taken + _GAP + column.width > room:
            blocks.append([])
            taken = 0
        blocks[-1].append(column)
        taken += _GAP + column.width
    return blocks


def _block(some: Sequence[_Column], issues: Mapping[str, str], label: int) -> str:
    gap = " " * _GAP
    lines = [pad("", label) + "".join(gap + strong(pad(safe(column.party), column.width)) for column in some)]
    for issue, shown in issues.items():
        cells = [(column.cells.get(issue, (NO_EVIDENCE, "", None)), column.width) for column in some]
        if any(issue in column.cells for column in some):
            lines.append(pad(safe(shown), label) + "".join(gap + paint(pad(c[0], w), c[2]) for c, w in cells))
            if any(lower for (_, lower, _), _ in cells):
                lines.append(faint(pad("", label) + "".join(gap + pad(c[1], w) for c, w in cells)))
    return "\n".join(line.rstrip() for line in lines)


def _upper(row: Position) -> str:
    marks = (CONTESTED if row.contested else "") + (INHERITED if row.inherited_from else "")
    did = _deed_mark(row) if row.since is None else ""
    return " ".join(filter(None, (stance_words(row.stance), marks, did)))


def _lower(row: Position) -> str:
    if row.since:
        return " ".join(filter(None, (row.since, _deed_mark(row))))
    return f"{row.possible_count} possible" if row.possible_count else ""


def _deed_mark(row: Position) -> str:
    return "" if row.deed is None else f"{DEED}{SIGNS.get(row.deed.bearing or '', '')}"


def _legend(rows: Sequence[Position], shown: Collection[str | None], total: int) -> str:
    stances = [s for s in SIGNS if s in shown]
    said = ", ".join(f"{SIGNS[s]} {s}" for s in stances if len(SIGNS[s]) < len(s))
    marks = [f"{NO_EVIDENCE} no evidence"]
    if any(row.contested for row in rows):
        marks.append(f"{CONTESTED} contested")
    if any(row.inherited_from for row in rows):
        marks.append(f"{INHERITED} inherited")
    if any(row.deed for row in rows):
        marks.append(f"{DEED} what was done, beside the words")
    return "\n".join(wrapped(line, "", total) for line in filter(None, (said, "; ".join(marks))))


# One position in full


def positions_text(rows: Sequence[Position], at: Moment, names: Names, total: int, sealed: Mapping[int, str]) -> str:
    """Return positions in full, one below the other.

    Args:
        rows: the positions.
        at: the two moments.
        names: what the ids stand for.
        total: the columns of the terminal.
        sealed: what the holder of the ledger may read of sealed entries, marked.
    """
    if not rows:
        return nothing("Nothing is known.", at)
    return f"{clocks_line(at)}\n" + "".join("\n" + position_text(row, at, names, total, sealed) for row in rows)


def position_text(row: Position, at: Moment, names: Names, total: int, sealed: Mapping[int, str]) -> str:
    """Return one position: its stance, its words, what was before and what was done."""
    lines = _heading(row, at, names, total)
    if row.stance is not None:
        lines += _words(row, total, sealed)
    lines += _around(row, total)
    if row.deed is not None:
        lines.append(wrapped(row.deed.text, _INDENT * 2, total, f"{_INDENT * 2}e{row.deed.entry} "))
    return "\n".join(lines) + "\n"


def heading_text(row: Position, at: Moment, names: Names, total: int) -> str:
    """Return one position without its words: what stands above the evidence for it."""
    return "\n".join([*_heading(row, at, names, total), *_around(row, total)]) + "\n"


def _heading(row: Position, at: Moment, names: Names, total: int) -> list[str]:
    party = names.parties.get(row.party, row.party)
    lines = [strong(f"{safe(party)} ({row.party}) on {row.issue}")]
    if row.issue in names.issues:
        lines.append(wrapped(names.issues[row.issue], _INDENT, total))
    if row.stance is None:
        return [*lines, f"{NO_EVIDENCE}  no position in words"]
    old = age(row.since, at.until)
    contested = f"  {CONTESTED} contested by {_listed(row.contested_by)}" if row.contested else ""
    inherited = f"  {INHERITED} inherited from {row.inherited_from}" if row.inherited_from else ""
    since = f"since {row.since}" + (f" ({old})" if old else "")
    return [*lines, f"{paint(stance_words(row.stance), row.stance)}  {since}{contested}{inherited}"]


def _around(row: Position, total: int) -> list[str]:
    """Return what goes with a position: conditions, the run before, the latest deed, what may have been said."""
    lines = [
        wrapped(f"if {condition.condition} ({condition.outcome})", _INDENT * 2, total, f"{_INDENT}◦ ")
        for condition in row.conditions
    ]
    if row.previous is not None:
        before = row.previous
        lines.append(f"{_INDENT}before: {SIGNS[before.stance]} {before.stance}, since {before.since} (e{before.entry})")
    if row.possible_count:
        some = ", ".join(f"{p.stance} {p.said_on} (e{p.entry})" for p in row.possible[:_NAMED])
        more = f" and {row.possible_count - _NAMED} more" if row.possible_count > _NAMED else ""
        lines.append(wrapped(f"possible by then, not certain: {some}{more}", _INDENT * 2, total, _INDENT))
    if row.deed is not None:
        bearing = f"{SIGNS[row.deed.bearing]} {row.deed.bearing}" if row.deed.bearing else "no bearing said"
        lines.append(f"{_INDENT}deed: {bearing}, on {row.deed.occurred_on}")
    return lines


def _words(row: Position, total: int, sealed: Mapping[int, str]) -> list[str]:
    lines = []
    how = ", ".join(filter(None, (row.speaker, row.attribution, row.credibility)))
    words = sealed.get(row.entry or 0, SEALED) if row.text is None else row.text
    lines.append(wrapped(f"{words} ({how})", _INDENT * 2, total, f"{_INDENT}e{row.entry} "))
    if row.quote is not None:
        lines.append(wrapped(f"“{row.quote['exact']}”", _INDENT * 2, total))
    return lines


def _listed(entries: Sequence[int]) -> str:
    shown = ", ".join(f"e{entry}" for entry in entries[:_NAMED])
    return shown + (f" and {len(entries) - _NAMED} more" if len(entries) > _NAMED else "")
