"""Times as data sets write them: the seven spellings of the feeds, formats, zones, and what is never guessed."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError, Unparsable
from ledger.importers.moments import Spelling, in_utc, moment, must_be_format, must_be_zone
from ledger.times import instant, span

HEADLINES = Path(__file__).resolve().parents[4] / "shared" / "data" / "news" / "rus_ukr_headlines_may2025.csv"
TIMES = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def spellings(at: datetime) -> list[str]:
    """Return an aware time in every spelling that has one meaning."""
    basic = at.strftime("%Y%m%dT%H%M%S%z").rjust(20, "0")
    return [
        at.isoformat(),
        at.isoformat(sep=" "),
        basic,
        at.isoformat().replace("T", "t"),
        format_datetime(at),
        format_datetime(at).split(", ")[1],
        f"{format_datetime(at)} (some comment)",
        format_datetime(at.astimezone(UTC), usegmt=True),
        format_datetime(at.astimezone(UTC)).replace("+0000", "UT"),
        at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    ]


@given(TIMES, OFFSETS)
def test_one_time_in_many_spellings(at: datetime, zone: timezone) -> None:
    """Each spelling means the same instant, to the second, whatever its zone; in UTC they are one text."""
    at = at.replace(tzinfo=zone)
    wanted = at.astimezone(UTC)
    text = f"{wanted.year:04}-{wanted:%m-%dT%H:%M:%SZ}"
    assert {in_utc(moment(one)) for one in spellings(at)} == {text}
    assert span(text).latest - span(text).earliest == 1_000_000
    assert span(moment(at.isoformat())).earliest == instant(f"{text[:-1]}.000000Z")


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        *(("GMT", 0), ("UT", 0), ("UTC", 0), ("Z", 0), ("EST", -5), ("EDT", -4)),
        *(("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7)),
    ],
)
def test_named_zones_are_those_of_mail(name: str, hours: int) -> None:
    """The names that RFC 2822 gives a meaning have it, in either case."""
    wanted = (datetime(2025, 5, 26, 6, 57, 34) - timedelta(hours=hours)).isoformat() + "Z"  # noqa: DTZ001
    assert in_utc(moment(f"Mon, 26 May 2025 06:57:34 {name}")) == wanted
    assert in_utc(moment(f"26 May 2025 06:57:34 {name.lower()}")) == wanted


@pytest.mark.skipif(not HEADLINES.exists(), reason="the headlines are not here: ../shared/data/news")
def test_publication_times_of_the_headlines() -> None:
    """All 207, in their spellings, are those that Python's own readers of mail and of ISO 8601 find."""
    with HEADLINES.open(encoding="utf-8", newline="") as file:
        written = [row["published"] for row in csv.DictReader(file)]
    read = [datetime.fromisoformat(one) if one[0].isdigit() else parsedate_to_datetime(one) for one in written]
    assert len(written) == 207
    assert len({re.sub(r"\d", "9", re.sub("[A-Z][a-z]{2}", "Aaa", one)) for one in written}) == 6
    assert [in_utc(moment(one)) for one in written] == [f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for at in read]


@pytest.mark.parametrize(
    "text",
    ["2025", "2025-03", "2025-03-12?", "202X", "2025-03-13/2025-03-16", "../2025-03-11", "2025-03-12T14:30+03:00"],
)
def test_the_ledger_s_own_times_pass_as_they_are(text: str) -> None:
    """What the ledger writes is not touched, but for the blanks around it."""
    assert moment(f" {text} ") == text


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("03/04/2025", "%d/%m/%Y", "2025-04-03"),
        ("03/04/2025", "%m/%d/%Y", "2025-03-04"),
        ("3.4.25", "%d.%m.%y", "2025-04-03"),
        ("April 2025", "%B %Y", "2025-04"),
        ("2025", "%Y", "2025"),
        ("20250403", "%Y%m%d", "2025-04-03"),
        ("20250403T0930+0200", "%Y%m%dT%H%M%z", "2025-04-03T09:30+02:00"),
        ("Apr 3 2025 2:30:05 PM -0500", "%b %d %Y %I:%M:%S %p %z", "2025-04-03T14:30:05-05:00"),
        ("1746000000", "unix", "2025-04-30T08:00:00Z"),
    ],
)
def test_a_format_says_how_it_is_written_and_how_exactly(text: str, form: str, wanted: str) -> None:
    """What a format leaves out is not made up."""
    must_be_format(form)
    assert moment(text, Spelling((form,))) == wanted


def test_several_formats_are_tried_and_must_agree() -> None:
    """The one that fits is taken; where two fit with two meanings, none is."""
    both = Spelling(("%d/%m/%Y", "%m/%d/%Y"))
    assert moment("13/04/2025", both) == "2025-04-13"
    assert moment("04/04/2025", both) == "2025-04-04"
    with pytest.raises(Unparsable, match="may be 2025-03-04 or 2025-04-03"):
        moment("03/04/2025", both)


def test_a_clock_hangs_somewhere() -> None:
    """A time of day needs a zone; summer time is the place's; what the clock shows twice or never is refused."""
    there = Spelling(zone="Europe/Kyiv")
    assert moment("2025-01-12 14:30", there) == "2025-01-12T14:30+02:00"
    assert moment("2025-07-12 14:30", there) == "2025-07-12T14:30+03:00"
    assert moment("2025-07-12 14:30", Spelling(zone="-03:30")) == "2025-07-12T14:30-03:30"
    assert moment("2025-07-12 14:30Z", there) == "2025-07-12T14:30Z"
    for twice_or_never in ("2025-10-26 03:30", "2025-03-30 03:30"):
        with pytest.raises(Unparsable, match="clocks of Europe/Kyiv were changed"):
            moment(twice_or_never, there)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/04/2025", "more than one way"),
        ("3.4.25", "more than one way"),
        ("20250403", "more than one way"),
        ("03-04-2025 14:30", "more than one way"),
        ("2025-03-12 14:30", "no zone"),
        ("26 May 2025 06:57:34", "no zone"),
        ("26 May 2025 06:57:34 IST", "cannot be told"),
        ("26 May 2025 06:57:34 A", "cannot be told"),
        ("26 May 2025 06:57:34 +2460", "no such zone"),
        ("Tue, 26 May 2025 06:57:34 GMT", "that day is a Mon"),
        ("31 Feb 2025 00:00:00 GMT", "no such day"),
        ("26 May 2025 24:00:00 GMT", "as a time"),
        ("26 May 25 06:57:34 GMT", "as a time"),
        ("May 26, 2025", "as a time"),
        ("", "blank"),
        ("yesterday", "as a time"),
    ],
)
def test_nothing_is_guessed(text: str, said: str) -> None:
    """What has two meanings, or none, is refused with a hint."""
    with pytest.raises(Unparsable, match=said) as caught:
        moment(text)
    assert caught.value.hint


@given(st.text(max_size=40), st.sampled_from([Spelling(), Spelling(("%d/%m/%Y", "unix"), "Europe/Kyiv")]))
def test_what_is_read_is_a_time_of_the_ledger(text: str, spelling: Spelling) -> None:
    """Whatever stands in a cell, it is refused in the ledger's words, or is a time that the ledger takes."""
    try:
        read = moment(text, spelling)
    except LedgerError:
        return
    span(read)
    span(in_utc(read))


@pytest.mark.parametrize(
    "form", ["", "DD/MM/YYYY", "%d/%m", "%Y %d", "%H:%M", "%Y-%m-%d %H", "%Y-%m-%d %I:%M", "%c", "%Y%"]
)
def test_formats_that_say_too_little(form: str) -> None:
    """A format without a year, with a gap in it, or in other letters, is none."""
    with pytest.raises(ValueError, match=r"%|format"):
        must_be_format(form)


def test_zones_are_known_or_refused() -> None:
    """A zone is an offset or a place that the system's table has."""
    for zone in ("+03:00", "-0330", "UTC", "Europe/Kyiv"):
        must_be_zone(zone)
    for zone in ("Kyiv time", "+25:00", "../etc/passwd", ""):
        with pytest.raises(ValueError, match="no zone"):
            must_be_zone(zone)
