from __future__ import annotations

from itertools import pairwise
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from ledger.entries.scales import STANCES, VALUES
from ledger.times import BEGINNING, END, span, when
from verbale.web.drawing.lanes import Drawing, Happening, Kind, Row, draw

DAYS = st.dates().map(str)
DATED = st.one_of(
    DAYS,
    DAYS.map(lambda day: day[:7]),
    DAYS.map(lambda day: day[:4]),
    DAYS.map(lambda day: f"../{day}"),
    DAYS.map(lambda day: f"{day}T14:30+03:00").filter(lambda text: text[:4] not in {"0001", "9999"}),
    st.tuples(DAYS, DAYS).map(sorted).map("/".join),
)
KINDS = st.sampled_from(get_args(Kind))
STANCE = st.sampled_from(STANCES)


@st.composite
def rows(draw_one: st.DrawFn) -> list[Row]:
    """Return some lanes of anything."""
    lanes = []
    for lane in range(draw_one(st.integers(1, 4))):
        found = [
            Happening(
                number, kind, draw_one(st.sampled_from(STANCES)) if kind == "word" else None, dated, span(dated), ""
            )
            for number, (kind, dated) in enumerate(draw_one(st.lists(st.tuples(KINDS, DATED), max_size=12)))
        ]
        lanes.append(Row(f"P{lane}", f"Party {lane}", sorted(found, key=lambda one: (*one.bounds[:2], one.entry))))
    return lanes


def drawn(*said: str, until: int = END) -> Drawing:
    """Return one lane; each of what was said is `DATE STANCE`."""
    found = []
    for number, one in enumerate(said, start=1):
        dated, stance = one.split()
        found.append(Happening(number, "word", stance, dated, span(dated), f"words of {dated}"))
    drawing = draw([Row("RUS", "Russia", found)], until)
    assert drawing is not None
    return drawing


@given(rows(), st.one_of(st.just(END), DAYS.map(when)))
def test_every_mark_lies_within_the_drawing_and_in_the_order_of_its_date(lanes: list[Row], until: int):
    """Whatever the dates: lanes do not overlap, and what was said later does not stand further left."""
    drawing = draw(lanes, until)
    if drawing is None:
        assert not any(row.happenings for row in lanes)
        return
    for lane in drawing.lanes:
        assert lane.top >= 0
        assert lane.top + lane.height <= drawing.bottom
        for mark in lane.marks:
            assert drawing.axis.left <= mark.x <= drawing.axis.right
            assert lane.top < mark.y < lane.top + lane.height
        for words in (True, False):
            at = [mark.x for mark in lane.marks if (mark.of.kind == "word") is words]
            assert at == sorted(at)
        for bar in lane.bars:
            assert bar.x + bar.width <= drawing.axis.right + 0.01
        for run in lane.runs:
            assert drawing.axis.left <= run.x1 <= run.x2 <= drawing.axis.right
    for above, below in pairwise(drawing.lanes):
        assert above.top + above.height <= below.top
    assert sum(len(lane.marks) for lane in drawing.lanes) == sum(len(row.happenings) for row in lanes)


@given(rows())
def test_a_bar_is_as_wide_as_the_bounds_of_its_date(lanes: list[Row]):
    """An open start reaches to the left edge; what is too narrow to be seen has no bar."""
    drawing = draw(lanes)
    for lane in () if drawing is None else drawing.lanes:
        assert drawing is not None
        barred = {bar.of.entry: bar for bar in lane.bars}
        for mark in lane.marks:
            bounds = mark.of.bounds
            left = drawing.axis.left if bounds.earliest == BEGINNING else drawing.axis.x(bounds.earliest)
            right = drawing.axis.x(bounds.latest)
            bar = barred.get(mark.of.entry)
            if bar is None:
                assert right - left < 3.01
            else:
                assert abs(bar.x - left) < 0.011
                assert abs(bar.x + bar.width - right) < 0.011


def test_the_line_steps_from_statement_to_statement_at_the_height_of_the_stance():
    """Support is the highest; the same stance again lengthens its run."""
    (lane,) = drawn("2025-03-01 oppose", "2025-03-05 support", "2025-03-09 support").lanes
    first, second = lane.runs
    assert (first.stance, second.stance) == ("oppose", "support")
    assert first.y > second.y
    assert first.x2 == second.x1 == lane.marks[1].x
    assert second.x2 > lane.marks[2].x
    assert [(riser.y1, riser.y2) for riser in lane.risers] == [(first.y, second.y)]


def test_a_stance_off_the_scale_interrupts_the_line():
    """It is a hollow mark on the middle, where no line begins or passes."""
    (lane,) = drawn("2025-03-01 support", "2025-03-05 awaiting", "2025-03-09 support").lanes
    assert [mark.hollow for mark in lane.marks] == [False, True, False]
    before, after = lane.runs
    assert before.x2 == lane.marks[1].x < after.x1 == lane.marks[2].x
    assert not lane.risers
    levels = {stance: y for y, stance in lane.rules}
    assert lane.marks[1].y == levels["uncommitted"]
    assert set(levels) == set(VALUES)


def test_lines_end_at_t():
    """What holds after T is not known as of T."""
    drawing = drawn("2025-03-01 support", until=when("2025-03-10"))
    assert drawing.until == drawing.lanes[0].runs[0].x2 < drawing.axis.right


def test_a_name_too_long_for_its_lane_is_cut_and_kept():
    """The whole of it is there to be shown otherwise."""
    name = "The conflict's root causes are settled " * 4
    drawing = draw([Row("a", name, [Happening(1, "deed", None, "2025", span("2025"), "")])])
    assert drawing is not None
    (lane,) = drawing.lanes
    assert (len(lane.label) <= 90, lane.label[-1], lane.name) == (True, "…", name)
