r"""The times of the world, as written: a subset of EDTF (ISO 8601-2), and the bounds that each text stands for.

An instant is a whole number of microseconds since 1970-01-01T00:00Z, proleptic Gregorian, no leap seconds, and may be
negative.  A text stands for half-open bounds ``[earliest, latest)``, as wide as the last unit written.  The grammar:

    time      = point / interval
    interval  = point "/" point                     ; closed: the first's earliest, the second's latest
              / "../" point                         ; an open start: earliest is BEGINNING
    point     = (date / full-date "T" clock zone) [qualifier]
    date      = year ["-" month ["-" day]]          ; 0001–9999, 01–12, 01 to the length of that month: UTC days
    clock     = HH ":" MM [":" SS ["." 1*6DIGIT]]   ; 00:00 to 23:59:59.999999, ASCII digits
    zone      = "Z" / ("+" / "-") HH ":" MM         ; required; -23:59 to +23:59; -00:00 is UTC
    qualifier = "?" / "~" / "%"                     ; a flag that is kept with the text and never widens

In a date that has no clock, trailing digits may be masked by ``X``: up to two of the year's, any of the month's and
day's, and after one ``X`` only ``X``.  A mask stands for all that exists: ``00XX`` is 0001–0099, ``2025-1X`` October to
December, ``2025-03-3X`` the 30th and 31st; one that fits nothing (``2025-02-3X``) is refused.  What is left out counts
as masked: ``2025-03`` is ``2025-03-XX``.  Widths: a minute for HH:MM, a second for HH:MM:SS, 10^-n s for n digits.

An interval is refused as reversed when nothing is left of it: when its end is over by the time its start begins.  In
UTC every bound lies within [0001-01-01T00:00Z, 10000-01-01T00:00Z], save for an open start.  ``starts`` comes first in
the order of positions: it is `earliest`, but ``../B`` is ordered as ``B``, or it would lose to any dated word.

    >>> span("2025-03-1X") == span("2025-03-10/2025-03-19")
    True
    >>> [stamp(bound) for bound in span("2025-03-12T14:30+03:00?")]
    ['2025-03-12T11:30:00.000000Z', '2025-03-12T11:31:00.000000Z', '2025-03-12T11:30:00.000000Z']
    >>> span("../2025-03-11")
    Span(starts=1741651200000000, latest=1741737600000000, earliest=-4611686018427387904)
    >>> stamp(when("2025-Q1")), stamp(when("2025-03-12T14:30Z"))
    ('2025-04-01T00:00:00.000000Z', '2025-03-12T14:30:00.000000Z')
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from ledger.errors import Unparsable

# Minus and plus infinity: they fit a signed 64-bit column, with room to add to them.
BEGINNING: Final = -(1 << 62)
END: Final = 1 << 62

_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_DAY: Final = 1_440 * _MINUTE
_EPOCH: Final = datetime.fromisoformat("1970-01-01")  # UTC, without saying so: an aware one is half as fast
_EPOCH_DAY: Final = _EPOCH.toordinal()
_FIRST: Final = (date.min.toordinal() - _EPOCH_DAY) * _DAY
_LAST: Final = (date.max.toordinal() + 1 - _EPOCH_DAY) * _DAY

_WHOLE_DATE: Final = len("2025-03-12")
_MONTHS: Final = 12
_SHOWN: Final = 60
_LIKE: Final = "2025, 2025-03, 2025-03-12 or 2025-03-12T14:30Z"

_HOUR_MINUTE: Final = "([01][0-9]|2[0-3]):([0-5][0-9])"
_DATE: Final = re.compile(r"(?=[0-9-]*(?:X[X-]*)?\Z)([0-9]{2}[0-9X]{2})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?")
_CLOCK: Final = re.compile(rf"{_HOUR_MINUTE}(?::([0-5][0-9])(?:\.([0-9]{{1,6}}))?)?(?:Z|([+-]){_HOUR_MINUTE})")
_STAMP: Final = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_HOUR_MINUTE}:[0-5][0-9]\.[0-9]{{6}}Z")

# What people write instead, why it does not parse, and what to write.  The first that fits is said; `\1` is filled in.
# Left as text: `re` compiles on use, and a refusal is rare while the import of this module is not.  The first line
# bounds the backtracking of the others; the third makes `\d` mean 0 to 9.
_MISTAKES: Final = (
    (r"(?s:.{80,})", "it is too long", f"write it like {_LIKE}"),
    (r"\s*", "it is blank", f"write it like {_LIKE}"),
    (r"(?s:.*[^\x00-\x7f].*)", "it has characters beyond ASCII", "use the digits 0 to 9 and plain hyphens: 2025-03-12"),
    (r"(?s:\s.*|.*\s)", "there are spaces around it", "leave out the spaces"),
    (r"(\d{4})(0\d|1[0-2])([0-2]\d|3[01])", "its hyphens are missing", r"write \1-\2-\3"),
    (r"\d{6}|\d{8}T.*", "its hyphens are missing", "write it like 2025-03 or 2025-03-12T14:30Z"),
    (r"([+-]|Y-?)\d.*|0000(-.*|T.*)?|\d{5,}(-.*)?", "that is no year here", "years go from 0001 to 9999, four digits"),
    (r"\d[\dxX-]*x[\dxX-]*", "a mask is a capital X", "write X, as in 202X or 2025-03-1X"),
    (r"\d.*\d[tz].*", "T and Z are capitals", "write it like 2025-03-12T14:30Z"),
    (r"[\dX-]*X-*\d.*|\d?X[\dX-]*", "X masks only the last digits", "write it like 202X, 20XX, 2025-XX or 2025-03-1X"),
    (r"\d.*X.*T.*", "a masked date has no clock time", "leave out the time, or write the whole date"),
    (r"\d{4}-2[1-4]", "21 to 24 are seasons, which have no fixed bounds", "write its months, as in 2025-03/2025-05"),
    (r"\d{4}-?[Qq].*", "a quarter, Q1 to Q4, is only for a moment", "write its months, as in 2025-01/2025-03"),
    (r"\d{4}-?W.*|\d{4}-\d{3}", "weeks and days of the year are not read", "write month and day, as in 2025-03-12"),
    (r"\d{4}-[\dX]{2}(-[\dX]{2})?", "there is no such month", "months go from 01 to 12"),
    (r"\d{4}-\d(-\d\d?)?|\d{4}-\d\d-\d", "months and days have two digits", "write it like 2025-03-09"),
    (r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", "day and month may be confused", "the year goes first: 2025-03-12"),
    (r"\d{4}([./])\d{1,2}(\1\d{1,2})?", "a date is written with hyphens", "write it like 2025-03 or 2025-03-12"),
    (r"([12][\dX:TZ+-]+)(?:\.\.| - | to |, ?)([12][\dX:TZ+-]+)", "an interval is written with a slash", r"write \1/\2"),
    (r".*/.*/.*", "an interval has one slash", "write it like 2025-03-13/2025-03-16"),
    (r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)", "a day is a UTC day and has no zone", r"write \1"),
    (r"(\d{4}-\d\d-\d\d) (\d\d:[\d:.Z+-]+)", "a T goes between day and time", r"write \1T\2"),
    (r"\d[^T]*T24.*", "the last minute of a day is 23:59", "write 00:00 of the next day"),
    (r"\d[^T]*T\d\d:\d\d:60.*", "there is no second 60 here", "write second 59, or second 00 of the next minute"),
    (r"\d{4}(-\d\d)?T.*", "a time needs a whole date before it", "write it like 2025-03-12T14:30Z"),
    (r"\d[^T]*T\d\d(Z|[+-].*)?", "its minutes are missing", "write it like 2025-03-12T14:00Z"),
    (rf"\d{{4}}-\d\d-\d\dT{_HOUR_MINUTE}(:[0-5]\d(\.\d{{1,6}})?)?", "its zone is missing", r"add Z or +03:00: \g<0>Z"),
    (r"\d[^T]*T.*[.,]\d.*", "1 to 6 digits follow the seconds and a point", "write it like 2025-03-12T14:30:05.25Z"),
    (r"\d[^T]*T.*", "that is no time of day with a zone", "write it from 00:00Z to 23:59:59Z, or as in 14:30+03:00"),
    (r"\d.*[?~%].*", "one of ? ~ % may stand at the very end", "write it like 2025-03? or 2025-03-12~"),
    (r"(?s:.*)", "it is no date that we know", f"write it like {_LIKE}"),
)


class Span(NamedTuple):
    """The bounds ``[earliest, latest)`` of a text, in the order in which positions are sorted."""

    starts: int
    """`earliest`, or for an open start that of its end."""
    latest: int
    """The first instant that is no longer meant."""
    earliest: int
    """The first instant that is meant; `BEGINNING` for an open start."""


@lru_cache(maxsize=65_536)
def span(text: str) -> Span:
    """Give the bounds of a time of the world: ``said_on``, ``occurred_on``, ``occurs_on``.

    Raises:
        Unparsable: It is no time of the grammar above, or fits no instant; the hint says what to write.
    """
    # The fast path: nearly all texts are whole dates.  The shape goes first, as `fromisoformat` also reads 2025-W11-3.
    if len(text) == _WHOLE_DATE and text[4] == "-" == text[7] and text.isascii():
        try:
            start = (date.fromisoformat(text).toordinal() - _EPOCH_DAY) * _DAY
        except ValueError:  # a mask, or a mistake that the long way explains
            pass
        else:
            return Span(start, start + _DAY, start)
    left, slash, right = text.partition("/")
    if not slash:
        earliest, latest = _point(text)
        return Span(earliest, latest, earliest)
    return _interval(text, left, right)


def when(text: str) -> int:
    """Give the instant that a moment means: as of when, as known at when.

    A year, month, quarter (``2025-Q1``, only here) or day means its end, the first instant after it.  A time with a
    clock means that very instant, not the end of its minute or second.

    Raises:
        Unparsable: It does not parse, or it is an interval, qualified or masked: a moment is one and certain.
    """
    quarter = re.fullmatch(r"([0-9]{4})-Q([1-4])", text)
    if quarter and quarter[1] != "0000":
        return span(f"{quarter[1]}-{int(quarter[2]) * 3:02}").latest
    bounds = _plain(text)
    return bounds.earliest if "T" in text else bounds.latest


def published(text: str) -> str:
    """Return a source's own time unchanged; raise `Unparsable` if it is not one date or time, certain and unmasked."""
    _plain(text)
    return text


def instant(text: str) -> int:
    """Give the instant of a timestamp as `stamp` writes it.

    Raises:
        Unparsable: It has another form, even of the same instant, so that each has one text; or there is no such day.
    """
    if _STAMP.fullmatch(text):
        try:
            since = datetime.fromisoformat(text[:-1]) - _EPOCH
        except ValueError:  # the shape is right, and the day does not exist
            pass
        else:
            return since.days * _DAY + since.seconds * _SECOND + since.microseconds
    raise _unparsable(text, "it is no UTC time to the microsecond", "write it like 2026-11-23T09:12:00.000000Z")


def stamp(instant: int) -> str:
    """Write an instant as RFC 3339 in UTC, always with six digits of fraction and ``Z``: the inverse of `instant`.

    Raises:
        Unparsable: The instant lies outside the years 0001–9999, as `BEGINNING` and `END` do.
    """
    try:
        return (_EPOCH + timedelta(microseconds=instant)).isoformat(timespec="microseconds") + "Z"
    except OverflowError:
        raise _unparsable(str(instant), "it lies outside the years 0001 to 9999", "an open bound has no text") from None


def _interval(text: str, left: str, right: str) -> Span:
    """Give the bounds of ``left/right``."""
    opened, ended = left in {"", ".."}, right not in {"", ".."}
    if not ended:
        if opened:
            raise _unparsable(text, "it is open at both ends", "write when it ended, as in ../2025-03-11")
        _point(left)  # a start that does not parse is said first
        hint = f"for words and deeds an open end is not allowed; write when it began, {left}, or when it ended too"
        raise _unparsable(text, "it has an open end", hint)
    if "/" in right or len(right) < len("2025"):
        raise _explained(text)
    begin, latest = _point(right)
    if not left:
        raise _unparsable(text, "its start is left out", f"write an open start with two dots: ..{text}")
    if opened:
        return Span(begin, latest, BEGINNING)
    earliest, _ = _point(left)
    if earliest >= latest:
        raise _unparsable(text, "it ends before it starts", f"write the earlier first: {right}/{left}")
    return Span(earliest, latest, earliest)


def _point(text: str) -> tuple[int, int]:
    """Give the bounds of a date or of a date with a clock, whatever its qualifier."""
    bare = text[:-1] if text.endswith(("?", "~", "%")) else text
    day, with_clock, time = bare.partition("T")
    found, clock = _DATE.fullmatch(day), _CLOCK.fullmatch(time)
    if found is None or (with_clock and (clock is None or found[3] is None or "X" in day)):
        raise _explained(bare)
    earliest, latest = _days(found)
    if clock is not None:
        at, width = _shifted(clock)
        earliest += at
        latest = earliest + width
        if earliest < _FIRST or latest > _LAST:
            raise _unparsable(text, "in UTC it falls outside the years 0001 to 9999", "mind the zone, or write the day")
    return earliest, latest


def _days(found: re.Match[str]) -> tuple[int, int]:
    """Give the bounds of a date, from a match of `_DATE`."""
    year, month, day = found.groups(default="XX")
    first_year, last_year = _range(year, 9999)
    first_month, last_month = _range(month, _MONTHS)
    if first_year > last_year or first_month > last_month:
        raise _explained(found.string)
    length = 31
    if last_month < _MONTHS:  # the month after 9999-12 is beyond `date`
        length = (date(last_year, last_month + 1, 1) - date(last_year, last_month, 1)).days
    first_day, last_day = _range(day, length)
    if first_day > last_day:
        hint = f"{last_year:04}-{last_month:02} has {length} days, 01 to {length}"
        raise _unparsable(found.string, "there is no such day", hint)
    first = date(first_year, first_month, first_day).toordinal()
    last = date(last_year, last_month, last_day).toordinal()
    return (first - _EPOCH_DAY) * _DAY, (last + 1 - _EPOCH_DAY) * _DAY


def _range(part: str, last: int) -> tuple[int, int]:
    """Give the first and last number from 1 to `last` that a part may stand for; first > last if there is none."""
    return max(1, int(part.replace("X", "0"))), min(last, int(part.replace("X", "9")))


def _shifted(clock: re.Match[str]) -> tuple[int, int]:
    """Give the time from midnight UTC of the day as written, and the width, from a match of `_CLOCK`."""
    hour, minute, second, fraction, sign, zone_hour, zone_minute = clock.groups(default="")
    at = (int(hour) * 60 + int(minute)) * _MINUTE + int(second or 0) * _SECOND + int(fraction.ljust(6, "0"))
    zone = (int(zone_hour) * 60 + int(zone_minute)) * _MINUTE if sign else 0
    width = 10 ** (6 - len(fraction)) if second else _MINUTE
    return (at + zone if sign == "-" else at - zone), width


def _plain(text: str) -> Span:
    """Give the bounds of a single, certain date or time."""
    if text.endswith(("/", "/..")):
        raise _unparsable(text, "a moment has no open end", "write one day or one time, as in 2025-03-12")
    bounds = span(text)
    last = date.fromordinal((bounds.latest - 1) // _DAY + _EPOCH_DAY)
    if "/" in text or "X" in text:
        raise _unparsable(text, "an interval or a mask is no moment", f"write the one you mean, such as its end {last}")
    if text.endswith(("?", "~", "%")):
        raise _unparsable(text, "a moment is certain and exact", f"write {text[:-1]}")
    return bounds


def _explained(text: str) -> Unparsable:
    """Say which mistake a text makes."""
    for pattern, why, hint in _MISTAKES:
        if found := re.fullmatch(pattern, text):
            return _unparsable(text, why, found.expand(hint))
    raise AssertionError(text)  # the last pattern fits everything


def _unparsable(text: str, why: str, hint: str) -> Unparsable:
    """Make the error; a text of any length is shown short, and what does not print is escaped."""
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return Unparsable(f"cannot read {shown!r} as a time: {why}.", hint=hint)
