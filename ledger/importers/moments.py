"""Times as data sets write them, made into those of the ledger; what can be read in two ways is not read.

Without more being said, three spellings are read, since each has one meaning: the ledger's own (`ledger.times`), which
passes as it is; ISO 8601 with a blank for the `T`, in its basic form, or with an hour for a zone; and the date of a
mail or news feed (RFC 2822).  A weekday must be that of the date.

>>> moment("2025-05-21 20:00:05+0900"), moment("Mon, 26 May 2025 06:57:34 EDT")
('2025-05-21T20:00:05+09:00', '2025-05-26T06:57:34-04:00')
>>> in_utc("2025-05-26T06:57:34-04:00"), in_utc("2025-05-26")
('2025-05-26T10:57:34Z', '2025-05-26')

Anything else needs a format, in the letters of `strptime`; its precision is that of the time.  A time of day without
a zone needs a zone, an offset or a name such as `Europe/Kyiv`; in an hour that clocks repeat or skip, it is refused.

>>> moment("03/04/2025", Spelling(("%d/%m/%Y",))), moment("April 2025", Spelling(("%B %Y",)))
('2025-04-03', '2025-04')
>>> moment("3.4.2025 14:30", Spelling(("%d.%m.%Y %H:%M",), zone="Europe/Berlin"))
'2025-04-03T14:30+02:00'
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.errors import LedgerError, Unparsable
from ledger.explaining import named
from ledger.times import span, stamp

if TYPE_CHECKING:
    from datetime import tzinfo

UNIX: Final = "unix"
"""The format of seconds since 1970, UTC."""
_DIRECTIVE: Final = re.compile(r"%(.?)")
_KNOWN: Final = frozenset("YymbBdHIpMSfzaA%")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZONES: Final = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0} | {
    f"{letter}{kind}": hours + (kind == "DT")
    for letter, hours in {"E": -5, "C": -6, "M": -7, "P": -8}.items()
    for kind in ("ST", "DT")
}
"""The names of zones in RFC 2822, in hours; others mean several zones (IST, BST) or nothing fixed."""
_CLOCK: Final = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,6})\d*)?)?"
_ISO: Final = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)[Tt ]{_CLOCK} ?(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_BASIC: Final = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)[Tt](?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)"
    r"(?:[.,](?P<fraction>\d{1,6})\d*)?)?(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_MAIL: Final = re.compile(
    r"(?:(?P<weekday>[A-Za-z]{3})[a-z]*,?\s*)?"
    r"(?P<day>\d{1,2})[ -](?P<name>[A-Za-z]{3})[a-z]*[ -](?P<year>\d{4})"
    rf",?\s+{_CLOCK}(?:\s*(?P<zone>[+-]\d\d:?\d\d|[A-Za-z]+))?(?:\s*\([^()]*\))?",
    re.ASCII,
)
_AMBIGUOUS: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2,4}\b.*|\d{8}", re.ASCII)


class Spelling(NamedTuple):
    """How the times of a column are written, where that is not plain."""

    formats: tuple[str, ...] = ()
    """In the letters of `strptime`, or `unix`; one that fits is taken, and two that differ are not."""
    zone: str | None = None
    """Where the clocks hung that a time of day without a zone was read from: `+03:00`, `Europe/Kyiv`."""


PLAIN: Final = Spelling()


@lru_cache(maxsize=65_536)
def moment(text: str, spelling: Spelling = PLAIN) -> str:
    """Return a time as the ledger writes it, its zone kept; what is written so already is returned as it is.

    Raises:
        Unparsable: it is no time in such a spelling, or can be read in two ways.
    """
    text = text.strip()
    if spelling.formats:
        found = {read for one in spelling.formats if (read := _formatted(text, one, spelling.zone)) is not None}
        if len(found) > 1:
            first, second, *_ = sorted(found)
            raise Unparsable(f"{named(text)} may be {first} or {second}", hint="give one format, the one that holds")
        if found:
            return found.pop()
        hint = f"it is not written as {' or '.join(spelling.formats)}"
        raise Unparsable(f"cannot read {named(text)} as a time", hint=hint)
    try:
        span(text)
    except LedgerError as error:
        found_in = _ISO.fullmatch(text) or _BASIC.fullmatch(text)
        if found_in is not None:
            return _put_together(text, found_in, int(found_in["month"]), spelling.zone)
        mail = _MAIL.fullmatch(text)
        if mail is not None and mail["name"].lower() in _MONTHS:
            return _of_mail(text, mail, spelling.zone)
        if _AMBIGUOUS.fullmatch(text):
            said = f"{named(text)} can be read in more than one way"
            likely = ("%d/%m/%Y", "%m/%d/%Y") if not text.isdigit() else ("%Y%m%d", "%d%m%Y")
            raise Unparsable(said, hint='say how it is written: date = "{}", or "{}"'.format(*likely)) from None
        raise error from None
    return text


def in_utc(text: str) -> str:
    """Return a time of the ledger with its clock at UTC; one without a clock is a UTC day already."""
    day, has_clock, clock = text.partition("T")
    if not has_clock or clock.endswith("Z") or "/" in text:
        return text
    fraction = re.match(r"\d\d:\d\d(:\d\d(\.\d+)?)?", clock)
    length = len(day) + 1 + len(fraction[0] if fraction else "")
    return stamp(span(text).earliest)[:length] + "Z"


def must_be_format(text: str) -> None:
    """Return if a text can be the format of a time.

    Raises:
        ValueError: it cannot; the message says why.
    """
    if text == UNIX:
        return
    letters = _DIRECTIVE.findall(text)
    if not letters:
        msg = f"{text!r} is no format: write it in the letters of strptime, as %d/%m/%Y, or %d %B %Y %H:%M"
        raise ValueError(msg)
    strange = next((letter for letter in letters if letter not in _KNOWN), None)
    if strange is not None:
        what = "give the zone apart: zone" if strange == "Z" else "%Y %y %m %b %B %d %a %A %H %I %p %M %S %f %z"
        msg = f"%{strange} is not read in a format; use {what}"
        raise ValueError(msg)
    given = _parts(letters)
    lacking = next((needed for part, needed in _NEEDS.items() if part in given and not needed <= given), None)
    if "year" not in given or lacking or ("I" in letters and "p" not in letters):
        what = "a year (%Y)" if "year" not in given else "what comes before its smallest part"
        msg = f"{text!r} lacks {what if lacking or 'year' not in given else '%p, morning or evening'}"
        raise ValueError(msg)


def must_be_zone(text: str) -> None:
    """Return if a text can be a zone.

    Raises:
        ValueError: it cannot; the message says why.
    """
    _zone(text)


_NEEDS: Final = {
    "fraction": {"second"},
    "second": {"minute"},
    "minute": {"hour"},
    "hour": {"minute", "day"},
    "day": {"month"},
}
"""Which parts of a time make no sense without which."""
_PART: Final = {
    **dict.fromkeys("Yy", "year"),
    **dict.fromkeys("mbB", "month"),
    "d": "day",
    **dict.fromkeys("HI", "hour"),
    "M": "minute",
    "S": "second",
    "f": "fraction",
}


def _parts(letters: list[str]) -> set[str]:
    return {_PART[letter] for letter in letters if letter in _PART}


def _has_clock(letters: list[str]) -> bool:
    return bool({"H", "I"} & set(letters))


def _formatted(text: str, form: str, zone: str | None) -> str | None:
    """Return what a text means in a format, None where it is not written so."""
    if form == UNIX:
        if not re.fullmatch(r"[0-9]{1,11}(\.0*)?", text):
            return None
        return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(float(text)))).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        read = datetime.strptime(text, form)  # noqa: DTZ007  its zone is looked at below
    except ValueError:
        return None
    letters = _DIRECTIVE.findall(form)
    parts = _parts(letters)
    year = f"{read.year:04}"
    if not _has_clock(letters):
        return "-".join([year, *(f"{n:02}" for part, n in (("month", read.month), ("day", read.day)) if part in parts)])
    clock = "%H:%M:%S.%f" if "fraction" in parts else "%H:%M:%S" if "second" in parts else "%H:%M"
    return f"{read.date()}T{read.strftime(clock)}{_offset(text, read, zone)}"


def _of_mail(text: str, found: re.Match[str], zone: str | None) -> str:
    month = _MONTHS.index(found["name"].lower()) + 1
    written = _put_together(text, found, month, zone)
    if found["weekday"]:
        meant = _DAYS[datetime.fromisoformat(written[:10]).weekday()]
        if found["weekday"].lower() != meant:
            said = f"{named(text)}: that day is a {meant.capitalize()}"
            raise Unparsable(said, hint="mend the weekday or the date, or leave the weekday out")
    return written


def _put_together(text: str, found: re.Match[str], month: int, zone: str | None) -> str:
    parts = found.groupdict()
    second = f":{parts['second']}" if parts["second"] else ""
    fraction = f".{parts['fraction']}" if parts["fraction"] else ""
    local = f"{parts['year']}-{month:02}-{int(parts['day']):02}T{parts['hour']}:{parts['minute']}{second}{fraction}"
    span(f"{local}Z")  # which says what is wrong with the day or the clock
    return local + _offset_said(text, local, parts["zone"], zone)


def _offset_said(text: str, local: str, said: str | None, zone: str | None) -> str:
    if not said:
        return _offset(text, datetime.fromisoformat(local), zone)
    if said[0] in "+-":
        minutes = said[3:].lstrip(":") or "00"
        return _as_offset(text, int(f"{said[0]}1") * (int(said[1:3]) * 60 + int(minutes)))
    hours = _ZONES.get(said.upper())
    if hours is None:
        hint = "write its offset, as +0100: such a name means several zones, or is none of RFC 2822"
        raise Unparsable(f"{named(text)}: which zone {named(said)} means cannot be told", hint=hint)
    return _as_offset(text, hours * 60)


def _offset(text: str, read: datetime, zone: str | None) -> str:
    """Return the offset from UTC of a time that was read, as it is written."""
    if read.tzinfo is None and zone is None:
        hint = 'say where the clock hung: zone = "+03:00", or zone = "Europe/Kyiv"'
        raise Unparsable(f"{named(text)} has a time of day and no zone", hint=hint)
    there = read if read.tzinfo is not None else read.replace(tzinfo=_zone(zone or ""))
    offset, other = there.utcoffset(), there.replace(fold=1).utcoffset()
    if offset is None or offset != other:
        raise Unparsable(
            f"{named(text)}: the clocks of {zone} were changed then", hint="write the offset with the time"
        )
    return _as_offset(text, round(offset.total_seconds() / 60))


def _as_offset(text: str, minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    if hours > 23 or rest > 59:  # noqa: PLR2004  of a day, of an hour
        raise Unparsable(f"{named(text)}: there is no such zone", hint="zones go from -23:59 to +23:59")
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else "Z"


@lru_cache(maxsize=64)
def _zone(text: str) -> tzinfo:
    offset = re.fullmatch(r"([+-])([01]\d|2[0-3]):?([0-5]\d)", text, re.ASCII)
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    if text.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = f"no zone {text!r}: write an offset such as +03:00, or a name such as Europe/Kyiv"
        raise ValueError(msg) from None
