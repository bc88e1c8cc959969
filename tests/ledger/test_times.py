"""What a written time promises: bounds that a calendar agrees with, an order that holds, refusals that help."""

from __future__ import annotations

import doctest
import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ledger import times
from ledger.errors import Unparsable
from ledger.times import BEGINNING, END, Span, instant, published, span, stamp, when

if TYPE_CHECKING:
    from collections.abc import Callable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000


def us(year: int, month: int = 1, day: int = 1, *clock: int) -> int:
    """Give the instant that `datetime` counts for these fields, down to the microsecond."""
    hour, minute, second, micro = (*clock, 0, 0, 0, 0)[:4]
    return (datetime(year, month, day, hour, minute, second, micro, UTC) - EPOCH) // MICROSECOND


FIRST = us(1)
LAST = us(9999, 12, 31) + DAY  # where the year 10000 would begin


def refusal(parse: Callable[[str], object], text: str) -> Unparsable | None:
    """Give the error that a text meets, or None if it parses; any other exception is a failed test."""
    try:
        parse(text)
    except Unparsable as refused:
        return refused
    return None


def bounds(text: str) -> tuple[int, int]:
    """Give only the bounds of a text."""
    _, latest, earliest = span(text)
    return earliest, latest


# ── Texts to draw ─────────────────────────────────────────────────────────────

CALENDAR = st.dates()
TREACHEROUS = st.text("0123456789-:/.+TZXxWQY?~% \n\x00\u0663\u2212\ud800", max_size=2)
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])
# Away from both ends of time, so that no zone leads out of the years 0001–9999.
CLOCKED = st.builds(
    lambda at, minutes: at.replace(tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)),  # noqa: DTZ001 (the zone is drawn too)
    st.integers(-1439, 1439),
)


def zone(at: datetime) -> str:
    """Write the offset of a time as ±HH:MM."""
    minutes = at.utcoffset() // timedelta(minutes=1)  # type: ignore[operator] # aware, as drawn
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


DATES = 8  # so many of the texts below have no clock


def refinements(at: datetime) -> list[str]:
    """Write one time in every precision that the grammar has, the vaguest first."""
    day = at.date().isoformat()
    year, month = day[:4], day[:7]
    dates = [f"{year[:2]}XX", f"{year[:3]}X", year, f"{year}-XX-XX", f"{month[:6]}X", month, f"{day[:9]}X", day]
    clock = at.strftime("%H:%M:%S.%f")
    return dates + [f"{day}T{clock[:end]}{zone(at)}" for end in (5, 8, 10, 11, 12, 13, 14, 15)]


PLAIN = st.one_of(
    CALENDAR.map(date.isoformat),
    CALENDAR.map(lambda day: day.isoformat()[:7]),
    CALENDAR.map(lambda day: day.isoformat()[:4]),
)
POINTS = st.builds(lambda at, pick, mark: refinements(at)[pick] + mark, CLOCKED, st.integers(0, 15), QUALIFIERS)
TEXTS = st.one_of(POINTS, POINTS.map("../{}".format), st.builds("{}/{}".format, POINTS, POINTS))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Draw a good text with some of its characters changed, dropped, doubled or swapped for treacherous ones."""
    text = list(draw(st.one_of(TEXTS, st.sampled_from([case[0] for case in REFUSED]))))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text[at : at + draw(st.integers(0, 2))] = draw(TREACHEROUS)
    return "".join(text)


# ── Promises ──────────────────────────────────────────────────────────────────


@given(CALENDAR)
@example(date.min)
@example(date.max)
@example(date(1969, 12, 31))
def test_a_day_is_a_day_of_utc(day: date):
    """A full date means that day in UTC, from its first microsecond to the next day's, whichever way it is parsed."""
    start = us(day.year, day.month, day.day)

    assert span(day.isoformat()) == Span(starts=start, latest=start + DAY, earliest=start)
    assert span(f"{day}?") == span(f"{day}/{day}") == span(day.isoformat())


@given(CALENDAR)
def test_a_month_and_a_year_are_the_days_within(day: date):
    """A month runs from its first day through its last, and a year from January through December."""
    month, year = day.isoformat()[:7], day.isoformat()[:4]

    assert bounds(month) == bounds(f"{month}-01/{month}-{monthrange(day.year, day.month)[1]}")
    assert bounds(year) == bounds(f"{year}-01/{year}-12")


@given(CLOCKED, st.integers(0, 7))
def test_a_clock_time_is_as_wide_as_its_last_unit(at: datetime, unit: int):
    """A time is shifted to UTC and lasts a minute, a second, or 10^-n s for n digits."""
    width = [60_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1][unit]
    text = refinements(at)[DATES + unit]

    earliest, latest = bounds(text)

    assert latest - earliest == width
    assert earliest == (at - EPOCH) // MICROSECOND // width * width
    assert when(text) == earliest


@given(CLOCKED)
def test_sharper_lies_within_vaguer(at: datetime):
    """Each further unit or digit narrows the bounds, or leaves them, and never moves them out."""
    same_day = at.replace(tzinfo=UTC)  # a zone may rightly carry a time out of the UTC day that it is written with
    texts = refinements(same_day)

    for vaguer, sharper in pairwise(texts):
        assert bounds(vaguer)[0] <= bounds(sharper)[0] < bounds(sharper)[1] <= bounds(vaguer)[1]


@given(POINTS, POINTS)
def test_an_interval_runs_from_its_first_start_to_its_last_end(left: str, right: str):
    """Its bounds are the earliest of the one and the latest of the other; it is refused exactly if nothing is left."""
    earliest, latest = bounds(left)[0], bounds(right)[1]

    if earliest < latest:
        assert span(f"{left}/{right}") == Span(starts=earliest, latest=latest, earliest=earliest)
    else:
        with pytest.raises(Unparsable, match="ends before it starts") as refused:
            span(f"{left}/{right}")
        assert span(str(refused.value.hint).rpartition(" ")[2])


@given(POINTS)
def test_an_open_start_is_ordered_as_its_end(text: str):
    """`../B` reaches back to the beginning of time, and sorts as B does."""
    assert span(f"../{text}") == span(text)._replace(earliest=BEGINNING)


@given(TEXTS)
def test_every_time_has_bounds_that_are_ordered_and_finite(text: str):
    """Bounds hold at least one instant and lie within the years 0001–9999, but for an open start."""
    if refused := refusal(span, text):
        assert "ends before it starts" in refused.message
        return
    starts, latest, earliest = span(text)

    assert FIRST <= starts < latest <= LAST
    assert earliest == (BEGINNING if text.startswith("..") else starts)
    assert BEGINNING < FIRST
    assert LAST < END


@given(CALENDAR, CALENDAR)
def test_dates_sort_as_calendars_do(one: date, other: date):
    """The order of two spans of days is the order of the days."""
    assert (span(one.isoformat()) < span(other.isoformat())) == (one < other)


@given(POINTS, POINTS)
def test_what_is_over_sorts_below_what_follows(one: str, other: str):
    """Where one time ends before another starts, spans sort in that order, however vague either is."""
    assume(span(one).latest <= span(other).earliest)

    assert span(one) < span(other)
    assert span(f"../{one}") < span(other)


@given(POINTS, QUALIFIERS)
def test_a_qualifier_never_widens(text: str, mark: str):
    """`?`, `~` and `%` are flags: the bounds are those of the text without them."""
    bare = text.rstrip("?~%")

    assert span(bare + mark) == span(bare)
    assert span(f"{bare}{mark}/{text}") == span(f"{bare}/{bare}")


@given(PLAIN)
def test_a_date_given_as_a_moment_means_its_end(text: str):
    """A day, month or year as of which we ask means the first instant after it."""
    assert when(text) == span(text).latest


@given(st.integers(1, 9999), st.integers(1, 4))
def test_a_quarter_ends_with_its_third_month(year: int, quarter: int):
    """A quarter means the end of March, June, September or December, and is one only as a moment."""
    assert when(f"{year:04}-Q{quarter}") == when(f"{year:04}-{quarter * 3:02}")
    with pytest.raises(Unparsable):
        span(f"{year:04}-Q{quarter}")


@given(st.integers(FIRST, LAST - 1))
@example(FIRST)
@example(LAST - 1)
@example(-1)
def test_stamp_and_instant_are_inverse(at: int):
    """An instant written and read is the same, its text has one length, and texts sort as instants do."""
    text = stamp(at)

    assert instant(text) == at == when(text)
    assert stamp(instant(text)) == text
    assert len(text) == len("2026-11-23T09:12:00.000000Z")
    assert at == LAST - 1 or stamp(at + 1) > text


@given(st.one_of(st.text(), mutated()))
@example("")
@example("X" * 60_000)
@example("-" * 60_000 + "q")
@example("9" * 60_000)
@example("2025-03-12T14:30:05." + "1" * 60_000)
@example("/" * 60_000)
def test_a_text_parses_or_is_refused_with_a_hint(text: str):
    """Whatever is typed, each parser answers or raises `Unparsable` with a short message and a hint: nothing else."""
    for parse in (span, when, instant, published):
        if refused := refusal(parse, text):
            assert refused.message.endswith(".")
            assert refused.hint
            assert refused.message.isprintable()
            assert refused.hint.isprintable()
            assert len(refused.message + refused.hint) < 500


@given(mutated())
def test_what_parses_is_of_the_grammar(text: str):
    """Nothing parses that the grammar of the module does not allow: no stray space, no other digits, no newline."""
    assume(refusal(span, text) is None)

    clock = r"T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)"
    point = rf"(\d\d[\dX]{{2}}(-[\dX]{{2}}(-[\dX]{{2}})?)?|\d{{4}}-\d\d-\d\d{clock})[?~%]?"
    assert re.fullmatch(rf"((\.\.|{point})/)?{point}", text, re.ASCII)


def test_the_documented_examples_hold():
    """The worked example that specifies the format is what the module does."""
    tried = doctest.testmod(times)

    assert tried.attempted > 0
    assert tried.failed == 0


# ── Examples ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025", us(2025), us(2026)),
        ("9999", us(9999), LAST),
        ("0001", FIRST, us(2)),
        ("202X", us(2020), us(2030)),
        ("20XX", us(2000), us(2100)),
        ("99XX", us(9900), LAST),
        ("000X", FIRST, us(10)),
        ("00XX", FIRST, us(100)),
        ("2025-03", us(2025, 3), us(2025, 4)),
        ("2025-12", us(2025, 12), us(2026)),
        ("9999-12", us(9999, 12), LAST),
        ("2025-XX", us(2025), us(2026)),
        ("2025-XX-XX", us(2025), us(2026)),
        ("2025-0X", us(2025), us(2025, 10)),
        ("2025-1X", us(2025, 10), us(2026)),
        ("2025-03-12", us(2025, 3, 12), us(2025, 3, 13)),
        ("2024-02-29", us(2024, 2, 29), us(2024, 3)),
        ("1900-02-28", us(1900, 2, 28), us(1900, 3)),
        ("9999-12-31", us(9999, 12, 31), LAST),
        ("2025-03-XX", us(2025, 3), us(2025, 4)),
        ("2025-03-0X", us(2025, 3), us(2025, 3, 10)),
        ("2025-03-1X", us(2025, 3, 10), us(2025, 3, 20)),
        ("2025-02-2X", us(2025, 2, 20), us(2025, 3)),
        ("2025-03-3X", us(2025, 3, 30), us(2025, 4)),
        ("2025-04-3X", us(2025, 4, 30), us(2025, 5)),
        ("2025-03-12?", us(2025, 3, 12), us(2025, 3, 13)),
        ("202X~", us(2020), us(2030)),
        ("2025-03%", us(2025, 3), us(2025, 4)),
        ("2025-03-12T14:30Z", us(2025, 3, 12, 14, 30), us(2025, 3, 12, 14, 31)),
        ("2025-03-12T14:30+03:00", us(2025, 3, 12, 11, 30), us(2025, 3, 12, 11, 31)),
        ("2025-03-12T01:30+03:00", us(2025, 3, 11, 22, 30), us(2025, 3, 11, 22, 31)),
        ("2025-12-31T23:59:59-05:30", us(2026, 1, 1, 5, 29, 59), us(2026, 1, 1, 5, 30)),
        ("2025-03-12T14:30-00:00", us(2025, 3, 12, 14, 30), us(2025, 3, 12, 14, 31)),
        ("2025-03-12T14:30:05Z", us(2025, 3, 12, 14, 30, 5), us(2025, 3, 12, 14, 30, 6)),
        ("2025-03-12T14:30:05.1Z", us(2025, 3, 12, 14, 30, 5, 100_000), us(2025, 3, 12, 14, 30, 5, 200_000)),
        ("2025-03-12T14:30:05.123456Z", us(2025, 3, 12, 14, 30, 5, 123_456), us(2025, 3, 12, 14, 30, 5, 123_457)),
        ("2025-03-12T14:30Z~", us(2025, 3, 12, 14, 30), us(2025, 3, 12, 14, 31)),
        ("9999-12-31T23:59Z", LAST - 60_000_000, LAST),
        ("0001-01-01T00:00-00:01", FIRST + 60_000_000, FIRST + 120_000_000),
        ("2025-03-13/2025-03-16", us(2025, 3, 13), us(2025, 3, 17)),
        ("2025-03-13/2025-03-13", us(2025, 3, 13), us(2025, 3, 14)),
        ("2025-03-13?/2025-04~", us(2025, 3, 13), us(2025, 5)),
        ("202X/203X", us(2020), us(2040)),
        ("2025-03-12/2025-03", us(2025, 3, 12), us(2025, 4)),
        ("2025-03-12T10:00Z/2025-03-12T12:00Z", us(2025, 3, 12, 10), us(2025, 3, 12, 12, 1)),
        ("../2025-03-11", BEGINNING, us(2025, 3, 12)),
        ("../2025?", BEGINNING, us(2026)),
    ],
)
def test_bounds(text: str, earliest: int, latest: int):
    """Each form of the grammar has the bounds that a calendar gives."""
    assert bounds(text) == (earliest, latest)


def test_an_open_start_does_not_lose_to_a_dated_word():
    """A standing position held up to the 11th sorts above a word of the 10th, and with a word of the 11th."""
    standing = span("../2025-03-11")

    assert standing == Span(starts=us(2025, 3, 11), latest=us(2025, 3, 12), earliest=BEGINNING)
    assert standing > span("2025-03-10")
    assert standing[:2] == span("2025-03-11")[:2]


def test_a_sharper_later_date_beats_a_vaguer_one():
    """The 12th of March sorts above March, and so does an hour of the 12th above the 12th."""
    assert span("2025") < span("2025-03") < span("2025-03-12") < span("2025-03-12T14:30Z")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-12", us(2025, 3, 13)),
        ("2025-03", us(2025, 4)),
        ("2025", us(2026)),
        ("9999", LAST),
        ("2025-Q1", us(2025, 4)),
        ("2025-Q4", us(2026)),
        ("9999-Q4", LAST),
        ("2025-03-12T14:30Z", us(2025, 3, 12, 14, 30)),
        ("2025-03-12T14:30+03:00", us(2025, 3, 12, 11, 30)),
        ("2025-03-12T14:30:05Z", us(2025, 3, 12, 14, 30, 5)),
        ("2025-03-12T14:30:05.123456Z", us(2025, 3, 12, 14, 30, 5, 123_456)),
    ],
)
def test_a_moment(text: str, expected: int):
    """A date as a moment is its end, and a clock time is itself."""
    assert when(text) == expected


@pytest.mark.parametrize("text", ["2025", "2025-03", "2025-03-12", "2025-03-12T09:00Z", "2025-03-12T09:00:01.5+03:00"])
def test_a_publication_time_is_kept_as_written(text: str):
    """A source's own time is checked and given back unchanged."""
    assert published(text) == text


# ── Refusals ──────────────────────────────────────────────────────────────────

# A text, a fragment of the message, a fragment of the hint.
REFUSED = [
    ("", "blank", "2025-03-12"),
    ("   ", "blank", "2025-03-12"),
    (" 2025-03-12", "spaces", "leave out"),
    ("2025-03-12\n", "spaces", "leave out"),
    ("2025-03-13 / 2025-03-16", "spaces", "leave out"),
    ("2025-03-12 14:30Z", "a T goes between", "write 2025-03-12T14:30Z"),
    ("2025-03-1\u0663", "beyond ASCII", "0 to 9"),
    ("\uff12025-03-12", "beyond ASCII", "0 to 9"),
    ("2025\u201303\u201312", "beyond ASCII", "hyphens"),
    ("\ud800", "beyond ASCII", "hyphens"),
    ("2" * 80, "too long", "2025-03-12"),
    ("yesterday", "no date that we know", "2025-03-12"),
    ("EXIT", "no date that we know", "2025-03-12"),
    ("Today", "no date that we know", "2025-03-12"),
    ("March 2025", "no date that we know", "2025-03"),
    ("199", "no date that we know", "2025"),
    ("e41", "no date that we know", "2025"),
    ("20250312", "hyphens are missing", "write 2025-03-12"),
    ("202503", "hyphens are missing", "2025-03"),
    ("20250312T143000Z", "hyphens are missing", "2025-03-12T14:30Z"),
    ("12/03/2025", "may be confused", "year goes first"),
    ("12.03.2025", "may be confused", "year goes first"),
    ("3-12-25", "may be confused", "year goes first"),
    ("25-03-12", "may be confused", "year goes first"),
    ("2025/03/12", "hyphens", "2025-03-12"),
    ("2025/03", "hyphens", "2025-03"),
    ("2025.03.12", "hyphens", "2025-03-12"),
    ("2025-3-12", "two digits", "2025-03-09"),
    ("2025-3", "two digits", "2025-03-09"),
    ("2025-03-1", "two digits", "2025-03-09"),
    ("2025-W11", "weeks", "month and day"),
    ("2025-W11-3", "weeks", "month and day"),
    ("2025-071", "days of the year", "month and day"),
    ("2025-03-12Z", "a day is a UTC day", "write 2025-03-12"),
    # years
    ("0000", "no year here", "0001 to 9999"),
    ("0000-01-01", "no year here", "0001 to 9999"),
    ("0000-01-01T00:00Z", "no year here", "0001 to 9999"),
    ("-0044", "no year here", "0001 to 9999"),
    ("-0044-03-15", "no year here", "0001 to 9999"),
    ("Y170000002", "no year here", "0001 to 9999"),
    ("Y-17000", "no year here", "0001 to 9999"),
    ("12025-03-12", "no year here", "0001 to 9999"),
    ("+2025", "no year here", "0001 to 9999"),
    # months and days that there are not
    ("2025-13", "no such month", "01 to 12"),
    ("2025-00-10", "no such month", "01 to 12"),
    ("2025-3X", "no such month", "01 to 12"),
    ("2025-21", "seasons", "2025-03/2025-05"),
    ("2025-24", "seasons", "2025-03/2025-05"),
    ("2025-21?", "seasons", "2025-03/2025-05"),
    ("2025-Q1", "only for a moment", "2025-01/2025-03"),
    ("2025-02-30", "no such day", "2025-02 has 28 days"),
    ("2024-02-30", "no such day", "2024-02 has 29 days"),
    ("2025-04-31", "no such day", "2025-04 has 30 days"),
    ("2025-12-32", "no such day", "2025-12 has 31 days"),
    ("2025-03-00", "no such day", "01 to 31"),
    ("2025-02-3X", "no such day", "2025-02 has 28 days"),
    ("2025-02-30T10:00Z", "no such day", "2025-02 has 28 days"),
    ("2025-03-01/2025-02-30", "no such day", "2025-02 has 28 days"),
    # masks and qualifiers
    ("20X5", "only the last digits", "202X"),
    ("X025", "only the last digits", "202X"),
    ("2XXX", "only the last digits", "202X"),
    ("XXXX", "only the last digits", "202X"),
    ("2025-X1", "only the last digits", "2025-XX"),
    ("2025-XX-12", "only the last digits", "2025-XX"),
    ("202X-03", "only the last digits", "202X"),
    ("202x", "capital X", "202X"),
    ("2025-03-1x", "capital X", "2025-03-1X"),
    ("2025-03-xx", "capital X", "write X"),
    ("2025-03-1XT10:00Z", "masked date", "leave out the time"),
    ("2025?-03", "very end", "2025-03?"),
    ("2025-03-12??", "very end", "2025-03-12~"),
    # clock and zone
    ("2025-03-12T14:30", "zone is missing", "add Z or +03:00: 2025-03-12T14:30Z"),
    ("2025-03-12T14:30:05.5", "zone is missing", "add Z or +03:00: 2025-03-12T14:30:05.5Z"),
    ("2025-03-12T14:30+03", "time of day with a zone", "14:30+03:00"),
    ("2025-03-12T14:30+0300", "time of day with a zone", "14:30+03:00"),
    ("2025-03-12T14:30+24:00", "time of day with a zone", "14:30+03:00"),
    ("2025-03-12T14Z", "minutes are missing", "T14:00Z"),
    ("2025-03-12T", "time of day with a zone", "00:00Z"),
    ("2025-03T14:30Z", "needs a whole date", "2025-03-12T14:30Z"),
    ("2025-03-12T24:00Z", "23:59", "00:00 of the next day"),
    ("2025-03-12T25:00Z", "time of day with a zone", "23:59:59Z"),
    ("2025-03-12T14:60Z", "time of day with a zone", "23:59:59Z"),
    ("2025-06-30T23:59:60Z", "no second 60", "next minute"),
    ("2025-03-12T14:30:05.1234567Z", "1 to 6 digits", "05.25Z"),
    ("2025-03-12T14:30:05,5Z", "1 to 6 digits", "05.25Z"),
    ("2025-03-12T14:30.5Z", "1 to 6 digits", "05.25Z"),
    ("2025-03-12t14:30z", "capitals", "2025-03-12T14:30Z"),
    ("0001-01-01T00:00+14:00", "in UTC it falls outside", "zone"),
    ("9999-12-31T23:30-01:00", "in UTC it falls outside", "zone"),
    # intervals
    ("2025-03-12/..", "open end", "for words and deeds an open end is not allowed"),
    ("2025-03-12/", "open end", "for words and deeds an open end is not allowed"),
    ("../..", "open at both ends", "../2025-03-11"),
    ("/", "open at both ends", "../2025-03-11"),
    ("..", "no date that we know", "2025-03-12"),
    ("/2025-03-11", "start is left out", "../2025-03-11"),
    ("2025-03-16/2025-03-13", "ends before it starts", "2025-03-13/2025-03-16"),
    ("2025/2024-12-31", "ends before it starts", "2024-12-31/2025"),
    ("2025-03-12T10:00+03:00/2025-03-12T06:59Z", "ends before it starts", "earlier first"),
    ("2025/2026/2027", "one slash", "2025-03-13/2025-03-16"),
    ("2025..2026", "with a slash", "write 2025/2026"),
    ("2025-03-13 to 2025-03-16", "with a slash", "write 2025-03-13/2025-03-16"),
    ("2025-03-13/yesterday", "no date that we know", "2025-03-12"),
]


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_refused(text: str, message: str, hint: str):
    """Each mistake has its own message, and a hint that says what to write."""
    with pytest.raises(Unparsable) as refused:
        span(text)

    assert message in refused.value.message
    assert hint in (refused.value.hint or "")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2025-03-13/2025-03-16", "no moment", "2025-03-16"),
        ("../2025-03-11", "no moment", "2025-03-11"),
        ("2025-03-12/..", "no open end", "2025-03-12"),
        ("2025-03-12/", "no open end", "2025-03-12"),
        ("202X", "no moment", "2029-12-31"),
        ("2025-02-2X", "no moment", "2025-02-28"),
        ("9999-XX", "no moment", "9999-12-31"),
        ("2025-03-12?", "certain", "write 2025-03-12"),
        ("2025-03-12T14:30Z~", "certain", "write 2025-03-12T14:30Z"),
        ("2025-Q5", "Q1 to Q4", "2025-01/2025-03"),
        ("0000-Q1", "no year here", "0001 to 9999"),
        ("2025-03-12T14:30", "zone is missing", "add Z"),
        ("today", "no date that we know", "2025-03-12"),
    ],
)
def test_refused_as_a_moment(text: str, message: str, hint: str):
    """A moment and a publication time are one and certain: no interval, mask, qualifier or open end."""
    for parse in (when, published):
        with pytest.raises(Unparsable) as refused:
            parse(text)
        assert message in refused.value.message
        assert hint in (refused.value.hint or "")


def test_a_quarter_is_no_publication_time():
    """Only a moment may be a quarter."""
    with pytest.raises(Unparsable, match="quarter"):
        published("2025-Q1")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:12:00.000000",
        "2026-11-23T09:12:00Z",
        "2026-11-23T09:12:00.000Z",
        "2026-11-23T09:12:00.000000+00:00",
        "2026-11-23T09:12:00.000000z",
        "2026-11-23 09:12:00.000000Z",
        "2026-W47-1T09:12:00.000000Z",
        "2026-02-30T09:12:00.000000Z",
        "2026-11-23T24:00:00.000000Z",
        "2026-11-23T23:59:60.000000Z",
        "0000-01-01T00:00:00.000000Z",
        "2026-11-23T09:12:00.000000Z\n",
        "2026-11-23T09:12:00.00000\u0663Z",
    ],
)
def test_a_timestamp_has_one_form(text: str):
    """The ledger's own time is read only as it is written, so that no instant has two texts."""
    with pytest.raises(Unparsable, match="UTC") as refused:
        instant(text)

    assert "2026-11-23T09:12:00.000000Z" in (refused.value.hint or "")


@pytest.mark.parametrize("at", [BEGINNING, FIRST - 1, LAST, END, 1 << 200, -(1 << 200)])
def test_an_instant_beyond_the_calendar_has_no_text(at: int):
    """What lies outside the years 0001–9999 is refused, not written wrongly."""
    with pytest.raises(Unparsable, match="outside the years"):
        stamp(at)


def test_a_refusal_shows_long_or_unprintable_text_short_and_escaped():
    """A message stays one printable line, whatever was typed."""
    with pytest.raises(Unparsable) as refused:
        span("2025\x1b[31m\n" + "9" * 60_000)

    assert refused.value.message.isprintable()
    assert len(refused.value.message) < 200
