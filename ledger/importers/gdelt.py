"""GDELT: the event tables of the Global Database of Events, Language and Tone, versions 1.0 and 2.0.

Read are files of 57 columns (1.0 before April 2013), 58 (1.0, with the article's address) and 61 (2.0, a second code
for each place), with tabs or another separator, without a header as published or with one.  Re-exports rename some
columns in their headers: a column whose name is not known is taken by its place.  What is made of a row:

- `SQLDATE` is when it happened, `DATEADDED` when GDELT first saw it: 365, 30 or 7 days between them mostly mean an
  article's "a year ago", and the report counts these (`dated_365_days_before`).
- The actor's CAMEO code is who acts.  Its name in the row may be that of a town, and stands in the text.
- The article is the source.  GDELT codes an event once for each article and often several times in one: a row that
  repeats the date, both actors and the code of an earlier one of the file is no new event (`repeated`).  Where it has
  another address it corroborates the earlier one, and is no further evidence: one data set counts once.

Source: "The GDELT Event Database Data Format Codebook", V1.03 (2013) and V2.0 (2015).
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import IO, TYPE_CHECKING, Final

from ledger.errors import LedgerError, Unparsable
from ledger.importers.events import Actor, Dyads, Event, Source
from ledger.importers.headers import Columns, delimiter_of, first_line, plain
from ledger.importers.line import Draft, Line
from ledger.importers.packed import head_of
from ledger.importers.tables import Layout, Row, Table
from ledger.keys import KeySet
from ledger.vocabularies import cameo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.register import Register

NAME: Final = "gdelt"
_ACTOR: Final = (
    "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
)
_PLACE: Final = "Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID"
_COLUMNS: Final = (
    *["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"],
    *(f"Actor{number}{name}" for number in (1, 2) for name in _ACTOR.split()),
    *["IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"],
    *["NumMentions", "NumSources", "NumArticles", "AvgTone"],
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _PLACE.split()),
    *["DATEADDED", "SOURCEURL"],
)
_VERSION_1: Final = tuple(name for name in _COLUMNS if not name.endswith("ADM2Code"))
_LAYOUTS: Final = {57: _VERSION_1[:-1], 58: _VERSION_1, 61: _COLUMNS}
_KNOWN: Final = {plain(name): name for name in _COLUMNS} | {
    "eventid": "GLOBALEVENTID",
    "globaleventid": "GLOBALEVENTID",
    "day": "SQLDATE",
    "date": "SQLDATE",
    "eventdate": "SQLDATE",
    "cameocode": "EventCode",
    "goldstein": "GoldsteinScale",
    "sourceurls": "SOURCEURL",
    "url": "SOURCEURL",
}
_KEPT: Final = (
    *["DATEADDED", "IsRootEvent", "NumMentions", "NumSources", "NumArticles", "AvgTone"],
    *["ActionGeo_Lat", "ActionGeo_Long", "ActionGeo_FeatureID"],
)
"""What of a row is kept word for word beside what the action itself says."""
_NEEDED: Final = (
    *["GLOBALEVENTID", "SQLDATE", "EventCode", "QuadClass", "GoldsteinScale"],
    *(f"Actor{number}{name}" for number in (1, 2) for name in ("Code", "Name", "CountryCode")),
)
_READ: Final = (*_NEEDED, *_KEPT, "ActionGeo_FullName", "SOURCEURL")
_ARTEFACTS: Final = (365, 30, 7)
_TABLE: Final = Source("gdelt", "GDELT event database", "The GDELT Project")
_LONGEST_URL: Final = 2_000
_HEAD: Final = 65_536


def fits(head: bytes) -> bool:
    """Say whether a file begins with a row, or a header, of GDELT's events."""
    cells = [cell.strip('"') for cell in first_line(head)]
    is_row = len(cells) in _LAYOUTS and cells[0].isdigit() and len(cells[1]) == len("20191024") and cells[1].isdigit()
    return is_row or (len(cells) >= min(_LAYOUTS) - 5 and _is_header(cells))


def lines(file: IO[bytes], register: Register) -> Iterator[Line]:
    """Yield a line for each row.

    Raises:
        Refused: the header lacks a column, or has one twice.
    """
    events = _Events(register)
    layout: Sequence[str] | None = None
    # As published, tabs stand between cells and a quote is a character like any other.
    delimiter = delimiter_of(head_of(file, _HEAD))
    with Table(file, Layout(None, delimiter, None if delimiter == "\t" else '"', header=0, ragged="keep")) as table:
        for number, row in enumerate(table):
            if number == 0 and row.error is None and _is_header(row.cells):
                layout = _named(row.cells)
                continue
            yield events.line(row, layout or _LAYOUTS.get(len(row.cells)), table.position())


def _is_header(cells: Sequence[str]) -> bool:
    return sum(plain(cell) in _KNOWN for cell in cells) > len(cells) // 3


def _named(header: Sequence[str]) -> list[str]:
    """Return GDELT's names of a file's columns: those that it uses, else those of the place.

    Raises:
        Refused: it lacks a column, or has one twice.
    """
    by_place = _LAYOUTS.get(len(header), ())
    known = [_KNOWN.get(plain(cell)) for cell in header]
    names = [
        name or (by_place[at] if at < len(by_place) and by_place[at] not in known else header[at])
        for at, name in enumerate(known)
    ]
    Columns(names, _NEEDED, _READ)  # refuses it
    return names


class _Events:
    """What the rows of one file have said so far."""

    def __init__(self, register: Register) -> None:
        self._dyads = Dyads(NAME, "cameo", register)
        self._events = KeySet()
        self._articles = KeySet()
        """Of each event, the articles that have it."""

    def line(self, row: Row, layout: Sequence[str] | None, end: int) -> Line:
        """Return what a row says."""
        try:
            if row.error is not None:
                raise row.error
            if layout is None or not len(layout) - (layout[-1] not in _NEEDED) <= len(row.cells) <= len(layout):
                has = "57, 58 or 61" if layout is None else str(len(layout))
                raise Unparsable(f"{len(row.cells)} cells, where GDELT has {has}", hint="mend the row")
            return self._line(row.number, dict(zip(layout, map(str.strip, row.cells), strict=False)), end)
        except LedgerError as error:
            return Line(row.number, None, 0, end, error=error)

    def _line(self, number: int, said: Mapping[str, str], end: int) -> Line:
        happened = _day(said["SQLDATE"])
        notes: list[str] = []
        added = said.get("DATEADDED", "")[:8]
        if added:
            before = (_day(added) - happened).days
            notes += [f"dated_{days}_days_before" for days in _ARTEFACTS if before == days]
        code, address = said["EventCode"], said.get("SOURCEURL", "")
        if cameo.label(code) is None:
            raise Unparsable(f"the code '{code}' is not one of CAMEO's", hint="EventCode has two to four digits")
        source = article(address)
        needed = list(self._dyads.source(source))
        key = "\t".join((said["SQLDATE"], said["Actor1Code"], said["Actor2Code"], code))
        ref = f"gdelt-{hashlib.sha256(key.encode()).hexdigest()[:24]}"
        told = self._articles.add(f"{key}\t{address}")
        if not self._events.add(key):
            again = "coded again from another article"
            origin = {"dataset": NAME, "id": said["GLOBALEVENTID"]}
            more: Draft = {
                "type": "entry-corroborated",
                "entry": ref,
                "source": source.id,
                "text": again,
                "origin": origin,
            }
            notes.append("corroborated_by_another_article" if told else "coded_again_in_one_article")
            needed_lines = tuple(needed)
            return Line(number, more if told else None, 0, end, needed_lines, repeats=True, notes=tuple(notes))
        event = Event(
            id=said["GLOBALEVENTID"],
            on=happened.isoformat(),
            actors=_actor(said, "Actor1"),
            targets=_actor(said, "Actor2"),
            words=f"{cameo.label(code)}",
            coding={
                "scheme": "CAMEO",
                "code": code,
                "intensity": said["GoldsteinScale"],
                "quad": f"GDELT {said['QuadClass']}" if said["QuadClass"] else "",
            },
            columns={name: said[name] for name in _KEPT if said.get(name)},
            place=said.get("ActionGeo_FullName") or None,
            source=source.id,
        )
        draft = self._dyads.draft(event, needed) | {"ref": ref}
        return Line(number, draft, 0, end, tuple(needed), notes=tuple(notes))


def _day(digits: str) -> date:
    """Return the day that eight digits name."""
    try:
        found = (
            date.fromisoformat(digits)
            if digits.isascii() and digits.isdigit() and len(digits) == len("20191024")
            else None
        )
    except ValueError:
        found = None
    if found is None:
        raise Unparsable(f"'{digits[:40]}' is no day", hint="eight digits, as in 20191024")
    return found


def _actor(said: Mapping[str, str], which: str) -> tuple[Actor, ...]:
    code, name = said[f"{which}Code"], said[f"{which}Name"]
    return (Actor(name or None, code or None, said[f"{which}CountryCode"] or None),) if code or name else ()


def article(address: str) -> Source:
    """Return the source that an article is, by its address or whatever else names it; blank is the table itself."""
    if not address:
        return _TABLE
    digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    url = address if ":" in address and len(address) <= _LONGEST_URL and not any(map(str.isspace, address)) else None
    return Source(f"gdelt/{digest}", " ".join(address.split())[:500], url=url)
