from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.times import instant, span
from verbale.web.drawing.axis import DAY, HOUR, Axis

YEARS = (span("0001").earliest, span("9999").latest)
INSTANTS = st.integers(*YEARS)


def axis(extent: str) -> Axis:
    """Return an axis over the bounds of a time of the world, as wide as a page."""
    bounds = span(extent)
    return Axis(bounds.earliest, bounds.latest, 0, 960)


@pytest.mark.parametrize(
    ("extent", "unit", "labels"),
    [
        ("1946/2025", "years", ["1950", "1955", "1960"]),
        ("2022/2024", "quarters", ["2022-Q1", "2022-Q2", "2022-Q3"]),
        ("2025", "months", ["2025-01", "2025-02", "2025-03"]),
        ("2025-03-01/2025-04-30", "weeks", ["2025-03-03", "2025-03-10", "2025-03-17"]),
        ("2025-03-08/2025-03-16", "days", ["2025-03-08", "2025-03-09"]),
        ("2025-03-12", "hours", ["03-12 00:00", "03-12 03:00", "03-12 06:00"]),
    ],
)
def test_an_axis_is_marked_in_the_unit_that_its_extent_asks_for(extent: str, unit: str, labels: list[str]):
    """A century in decades, a year in months, a day in hours."""
    drawn = axis(extent)
    assert drawn.unit().name == unit
    assert [tick.label for tick in drawn.ticks()][: len(labels)] == labels


def test_a_week_begins_on_monday_and_a_label_says_the_day_at_which_it_stands():
    """2025-03-03 was a Monday."""
    first = axis("2025-03-01/2025-04-30").ticks()[0]
    assert first.at == instant("2025-03-03T00:00:00.000000Z")


@given(INSTANTS, st.integers(6 * HOUR, YEARS[1] - YEARS[0]))
def test_marks_lie_within_the_axis_in_order_and_leave_each_other_room(first: int, extent: int):
    """Whatever is drawn, from a few hours to all of recorded time."""
    drawn = Axis(first, min(first + extent, YEARS[1] + DAY), 0, 960)
    ticks = drawn.ticks()
    assert all(drawn.first <= tick.at <= drawn.last for tick in ticks)
    room = drawn.unit().room
    for before, after in pairwise(ticks):
        assert drawn.x(after.at) - drawn.x(before.at) >= room - 0.1
    assert len({tick.label for tick in ticks}) == len(ticks)


@given(st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_what_is_later_lies_no_further_left(instants: list[int]):
    """The axis keeps the order, and holds what lies beyond it at its edge."""
    first, between, last = instants
    drawn = Axis(first, last + 1, 10, 950)
    assert 10 == drawn.x(first - 1) == drawn.x(first) <= drawn.x(between) <= drawn.x(last) <= drawn.x(last + 9) == 950
