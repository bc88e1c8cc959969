"""Lanes: what each party said, did and announced, along one axis of time.

A lane has a line for words, whose height is the stance: support on top, oppose below, five levels.  It steps from
statement to statement.  A stance off the scale is a hollow mark on the middle, and interrupts the line.  Deeds and
announcements have a strip of their own below the words, since the two are never merged.  What is not exactly dated is a
bar as wide as its bounds; an open start reaches to the left edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ledger.entries.scales import VALUES
from ledger.times import BEGINNING, END
from verbale.web.drawing.axis import DAY, HOUR, Axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.times import Span

Kind = Literal["word", "deed", "plan"]

WIDTH: Final = 960
_LEFT: Final = 26.0
_RIGHT: Final = WIDTH - 12.0
_HEAD: Final = 28.0
"""A lane's label."""
_LEVEL: Final = 11.0
"""From one stance to the next."""
_WORDS: Final = 4 * _LEVEL + 16
_STRIP: Final = 22.0
_LEVELS: Final = {str(stance): value for stance, value in VALUES.items()}
_GAP: Final = 10.0
_AXIS: Final = 26.0
_CROWN: Final = 20.0
_TALL: Final = 5
"""So many lanes have the axis labelled above them too."""
_BAR: Final = 8.0
_NARROWEST: Final = 3.0
"""A bar that is no wider would lie under its mark, and is left out."""
_FOR_A_SIGN: Final = 26.0
_AIR: Final = 40
"""A fortieth of the extent is left free at each end."""
_LABEL: Final = 90
"""Characters of a lane's label."""


class Happening(NamedTuple):
    """One entry, as it is drawn."""

    entry: int
    kind: Kind
    stance: str | None
    """A statement's stance, a deed's bearing."""
    dated: str
    bounds: Span
    text: str
    disputed: bool = False


class Row(NamedTuple):
    """What is drawn in one lane."""

    id: str
    name: str
    happenings: Sequence[Happening]
    """In the order of their `bounds`."""
    left_out: int = 0
    """Earlier ones that are not among them."""


class Mark(NamedTuple):
    """A word, a deed or an announcement, where it begins."""

    x: float
    y: float
    of: Happening
    hollow: bool
    signed: bool
    """Whether there is room for its sign."""

    @property
    def shape(self) -> str:
        """The corners of a deed or of an announcement, as a path."""
        x, y = self.x, self.y
        if self.of.kind == "plan":
            return f"M{x} {y - 7}L{x + 7} {y}L{x} {y + 7}L{x - 7} {y}Z"
        up = -1 if _value(self.of.stance) >= 0 else 1
        return f"M{x - 6.5} {y - 5.5 * up}L{x + 6.5} {y - 5.5 * up}L{x} {y + 6 * up}Z"


class Bar(NamedTuple):
    """The bounds of a date that is no instant."""

    x: float
    y: float
    width: float
    height: float
    of: Happening


class Run(NamedTuple):
    """A piece of the line: one stance for as long as it holds."""

    x1: float
    x2: float
    y: float
    stance: str


class Riser(NamedTuple):
    """From one level to the next."""

    x: float
    y1: float
    y2: float


class Lane(NamedTuple):
    """A lane, drawn."""

    id: str
    label: str
    name: str
    top: float
    height: float
    rules: Sequence[tuple[float, str]]
    """Where the levels lie that are ruled, and the stance of each; none in a lane without words."""
    runs: Sequence[Run]
    risers: Sequence[Riser]
    bars: Sequence[Bar]
    marks: Sequence[Mark]
    left_out: int
    last: Happening | None
    """The last word."""

    @property
    def baseline(self) -> float:
        """Where the label stands."""
        return self.top + 14


class Notch(NamedTuple):
    """A mark of the axis."""

    x: float
    label: str | None
    """None where it would not fit into the drawing."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All lanes, and their axis."""

    lanes: Sequence[Lane]
    axis: Axis
    notches: Sequence[Notch]
    until: float | None
    """Where T lies, if it is given."""
    width: int
    height: float

    @property
    def crowned(self) -> bool:
        """Whether the axis is labelled above the lanes too."""
        return len(self.lanes) >= _TALL

    @property
    def bottom(self) -> float:
        """Where the axis lies."""
        return self.height - _AXIS


def draw(rows: Sequence[Row], until: int = END) -> Drawing | None:
    """Return the drawing of some lanes, None where there is nothing to draw.

    Args:
        rows: the lanes.
        until: T; without bound, the lines reach to the right edge.
    """
    axis = _axis([one.bounds for row in rows for one in row.happenings], until)
    if axis is None:
        return None
    ends = axis.x(until) if until < END else axis.right
    lanes: list[Lane] = []
    top = _CROWN if len(rows) >= _TALL else 0.0
    for row in rows:
        lanes.append(_lane(row, axis, top, ends))
        top += lanes[-1].height + _GAP
    return Drawing(lanes, axis, _notches(axis), None if until == END else ends, WIDTH, top + _AXIS)


def _axis(bounds: Sequence[Span], until: int) -> Axis | None:
    if not bounds:
        return None
    given = () if until == END else (until,)
    first = min(*(one.starts for one in bounds), *given, END)
    last = max(*(one.latest for one in bounds), *given, first)
    air = max((last - first) // _AIR, HOUR if last - first < 2 * DAY else 0)
    return Axis(first - air, last + air, _LEFT, _RIGHT)


def _notches(axis: Axis) -> list[Notch]:
    room = axis.unit().room - _LEFT / 2
    at = ((axis.x(tick.at), tick.label) for tick in axis.ticks())
    return [Notch(x, label if x + room <= WIDTH else None) for x, label in at]


def _lane(row: Row, axis: Axis, top: float, ends: float) -> Lane:
    words = [one for one in row.happenings if one.kind == "word"]
    others = [one for one in row.happenings if one.kind != "word"]
    middle = top + _HEAD + _WORDS / 2
    strip = top + _HEAD + (_WORDS if words else 0) + _STRIP / 2
    placed = [(axis.x(one.bounds.starts), _level(one, middle), one) for one in words]
    set_below = [(axis.x(one.bounds.starts), strip, one) for one in others]
    runs = _runs(placed, max(ends, placed[-1][0] if placed else ends))
    return Lane(
        id=row.id,
        label=row.name if len(row.name) <= _LABEL else row.name[: _LABEL - 1].rstrip() + "…",
        name=row.name,
        top=top,
        height=_HEAD + (_WORDS if words else 0) + (_STRIP if others else 0),
        rules=[(middle - value * _LEVEL, stance) for stance, value in VALUES.items()] if words else (),
        runs=runs,
        risers=[Riser(after.x1, before.y, after.y) for before, after in pairwise(runs) if before.x2 == after.x1],
        bars=[bar for x, y, one in (*placed, *set_below) if (bar := _bar(axis, x, y, one)) is not None],
        marks=[*_marks(placed), *_marks(set_below)],
        left_out=row.left_out,
        last=words[-1] if words else None,
    )


def _level(one: Happening, middle: float) -> float:
    return middle - _value(one.stance) * _LEVEL


def _value(stance: str | None) -> int:
    """Return the level of a stance: off the scale, the middle."""
    return _LEVELS.get(stance or "", 0)


def _runs(placed: Sequence[tuple[float, float, Happening]], ends: float) -> list[Run]:
    """Return the line: a piece for each run of a stance, none while the stance is off the scale."""
    runs: list[Run] = []
    before: str | None = None
    for number, (x, y, one) in enumerate(placed):
        until = placed[number + 1][0] if number + 1 < len(placed) else ends
        stance = one.stance or ""
        if stance in VALUES:
            if stance == before:
                runs[-1] = runs[-1]._replace(x2=until)
            else:
                runs.append(Run(x, until, y, stance))
        before = stance
    return runs


def _bar(axis: Axis, x: float, y: float, one: Happening) -> Bar | None:
    left = axis.left if one.bounds.earliest == BEGINNING else x
    width = round(axis.x(one.bounds.latest) - left, 2)
    return None if width < _NARROWEST else Bar(left, y - _BAR / 2, width, _BAR, one)


def _marks(placed: Sequence[tuple[float, float, Happening]]) -> list[Mark]:
    found = []
    for number, (x, y, one) in enumerate(placed):
        after = placed[number + 1][0] if number + 1 < len(placed) else WIDTH + _FOR_A_SIGN
        hollow = one.kind == "word" and one.stance not in VALUES
        found.append(Mark(x, y, one, hollow, signed=one.stance is not None and after - x >= _FOR_A_SIGN))
    return found
