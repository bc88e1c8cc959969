"""A timeline as lanes: one per party, the stance as a sign at each statement and a line until the next.

2025-03-11                2025-03-12
RUS  ‹−−━━━━━━━━━━━━━━━━━━━━━━━…┄┄┄┄┄┄┄┄┄┄┄┄┄
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.times import BEGINNING, span, stamp
from projections.states import moved
from verbale.terminal.evidence import entries_text
from verbale.terminal.positions import clocks_line
from verbale.terminal.style import NO_EVIDENCE, SIGNS, faint, pad, paint, strong, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.clocks import Moment
    from projections.evidence import Reading

_DAY: Final = 86_400_000_000
_LINES: Final = {
    "oppose": "━",
    "reserved": "─",
    "uncommitted": "╌",
    "conditional": "─",
    "support": "━",
    "awaiting": "┄",
    "declined": "┄",
    "withdrawn": " ",
}


def timeline_text(
    found: Sequence[Reading], at: Moment, issue: str, proposition: str, total: int, sealed: Mapping[int, str]
) -> str:
    """Return lanes for the parties that spoke or acted on an issue, and the entries below."""
    head = f"{clocks_line(at)}\n\n{strong(issue)}\n{wrapped(proposition, '   ', total)}\n\n"
    if not found:
        return head + "Nothing was said or done.\n"
    first, last = _range(found)
    parties = sorted({party for one in found for party in moved(one.event)})  # type: ignore[arg-type]
    label = max(map(len, parties)) + 1
    room = total - label - 1
    lanes = [pad("", label) + " " + faint(_axis(first, last, room))]
    for party in parties:
        own = [one for one in found if party in moved(one.event)]  # type: ignore[arg-type]
        words = [one for one in own if one.type == "statement-made"]
        marks = [one for one in own if one.type != "statement-made"]
        if words:
            lanes.append(strong(pad(party, label)) + " " + _words(words, first, last, room))
        if marks:
            lanes.append(pad("" if words else party, label) + " " + _marks(marks, first, last, room))
    legend = "line: words, with the sign where they begin; ‹ since when is not known\n▲ deed, ◇ scheduled"
    return (
        head
        + "\n".join(line.rstrip() for line in lanes)
        + "\n"
        + faint(legend)
        + "\n\n"
        + entries_text(found, total, sealed)
    )


def _range(found: Sequence[Reading]) -> tuple[int, int]:
    bounds = [span(one.dated or "") for one in found]
    first = min(b.starts for b in bounds)
    last = max(b.latest for b in bounds)
    return first, max(last, first + _DAY)


def _column(instant: int, first: int, last: int, room: int) -> int:
    return max(0, min(room - 1, (instant - first) * room // (last - first)))


def _axis(first: int, last: int, room: int) -> str:
    """Return dates along the lanes, each where its day begins, as many as fit with air between them."""
    line = stamp(first)[:10]
    for column in range(len(line) + 2, room - len(line)):
        starts, ends = (first + (last - first) * edge // room for edge in (column, column + 1))
        midnight = -(-starts // _DAY) * _DAY
        if midnight < ends and column >= len(line) + 2:
            line = line.ljust(column) + stamp(midnight)[:10]
    return line


def _words(words: Sequence[Reading], first: int, last: int, room: int) -> str:
    cells: list[str] = [NO_EVIDENCE] * room
    for number, one in enumerate(words):
        stance = one.stance or ""
        bounds = span(one.dated or "")
        start = _column(bounds.starts, first, last, room)
        end = room
        for rest in words[number + 1 :]:
            end = max(start + 1, _column(span(rest.dated or "").starts, first, last, room))
            break
        for column in range(start, end):
            cells[column] = paint(_LINES[stance], stance)
        if bounds.earliest == BEGINNING:
            cells[0] = "‹"
            start = max(1, start)
        sign = SIGNS[stance]
        for offset, character in enumerate(sign):
            if start + offset < room:
                cells[start + offset] = paint(character, stance)
    return "".join(cells)


def _marks(marks: Sequence[Reading], first: int, last: int, room: int) -> str:
    cells = [" "] * room
    for one in marks:
        bounds = span(one.dated or "")
        mark = "◇" if one.type == "event-scheduled" else "▲"
        start = _column(bounds.starts, first, last, room)
        stop = _column(bounds.latest - 1, first, last, room)
        if bounds.latest - bounds.starts > _DAY:
            for column in range(start, stop + 1):
                cells[column] = "╌"
        cells[start] = mark
        sign = SIGNS.get(one.stance or "", "")
        for offset, character in enumerate(sign, start=1):
            if start + offset < room:
                cells[start + offset] = character
    return "".join(cells)
