"""An axis of time: where it is marked, and in which unit, chosen from its extent.

Instants are microseconds since 1970, UTC, as everywhere (`ledger.times`).
"""

from __future__ import annotations

from datetime import date
from itertools import count, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Unparsable
from ledger.times import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
_WEEK: Final = 7 * DAY
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MONDAY: Final = 4 * DAY
"""1970-01-05."""
_MONTHS: Final = 12
_YEARS: Final = range(1, 10_000)
_QUARTER: Final = 3


class Tick(NamedTuple):
    """A mark of the axis."""

    at: int
    label: str


class Unit(NamedTuple):
    """A way to mark an axis."""

    name: str
    width: int
    """The least distance of two marks."""
    room: float
    """How wide its labels are, with air, in the units of the drawing."""
    ticks: Callable[[int], Iterator[Tick]]
    """Yields the marks from an instant on, perhaps beginning a little before it."""


class Axis(NamedTuple):
    """From an instant to a later one, drawn from the left to the right."""

    first: int
    last: int
    left: float
    right: float

    def x(self, instant: int) -> float:
        """Return where an instant lies; what lies beyond the axis, at its edge."""
        within = max(self.first, min(self.last, instant))
        return round(self.left + (self.right - self.left) * (within - self.first) / (self.last - self.first), 2)

    def ticks(self) -> list[Tick]:
        """Return the marks of the axis, in the finest unit whose labels fit; none where nothing begins within it."""
        unit = self.unit()
        following = takewhile(lambda tick: tick.at <= self.last, unit.ticks(self.first))
        return [tick for tick in following if tick.at >= self.first]

    def unit(self) -> Unit:
        """Return the unit in which the axis is marked."""
        across = self.right - self.left
        fits = (one for one in UNITS if across * one.width >= one.room * (self.last - self.first))
        return next(fits, UNITS[-1])


def _hours(step: int) -> Callable[[int], Iterator[Tick]]:
    def ticks(first: int) -> Iterator[Tick]:
        for at, text in _even(first, step * HOUR):
            yield Tick(at, f"{text[5:10]} {text[11:16]}")

    return ticks


def _days(step: int, offset: int = 0) -> Callable[[int], Iterator[Tick]]:
    def ticks(first: int) -> Iterator[Tick]:
        for at, text in _even(first, step * DAY, offset):
            yield Tick(at, text[:10])

    return ticks


def _even(first: int, step: int, offset: int = 0) -> Iterator[tuple[int, str]]:
    """Yield instants that are evenly apart and how they are written, as long as they can be."""
    for at in count((first - offset) // step * step + offset, step):
        try:
            yield at, stamp(at)
        except Unparsable:  # beyond the years that have four digits
            if at > 0:
                return


def _months(step: int) -> Callable[[int], Iterator[Tick]]:
    def ticks(first: int) -> Iterator[Tick]:
        begun = _day_of(first)
        month = begun.year * _MONTHS + (begun.month - 1) // step * step
        while (year := month // _MONTHS) in _YEARS:
            at = _instant(year, month % _MONTHS + 1)
            number = month % _MONTHS
            yield Tick(at, f"{year:04}-Q{number // _QUARTER + 1}" if step == _QUARTER else f"{year:04}-{number + 1:02}")
            month += step

    return ticks


def _years(step: int) -> Callable[[int], Iterator[Tick]]:
    def ticks(first: int) -> Iterator[Tick]:
        begun = _day_of(first).year // step * step
        yield from (Tick(_instant(year, 1), f"{year:04}") for year in range(begun, 10_000, step) if year in _YEARS)

    return ticks


def _day_of(instant: int) -> date:
    return date.fromordinal(max(1, min(date.max.toordinal(), instant // DAY + _EPOCH)))


def _instant(year: int, month: int) -> int:
    return (date(year, month, 1).toordinal() - _EPOCH) * DAY


UNITS: Final = (
    *(Unit("hours", step * HOUR, 88, _hours(step)) for step in (1, 3, 6, 12)),
    *(Unit("days", step * DAY, 82, _days(step)) for step in (1, 2)),
    Unit("weeks", _WEEK, 82, _days(7, _MONDAY)),
    Unit("weeks", 2 * _WEEK, 82, _days(14, _MONDAY)),
    Unit("months", 28 * DAY, 62, _months(1)),
    Unit("quarters", 90 * DAY, 66, _months(3)),
    *(Unit("years", step * 365 * DAY, 46, _years(step)) for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)
"""From the finest to the widest."""
