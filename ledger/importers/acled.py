"""ACLED: the Armed Conflict Location & Event Data, as its export tool gives them (31 columns, of which few are needed).

A row is known by `event_id_cnty`, which stays the same while the row is rewritten; `timestamp` is its last change.  So
an export is a snapshot of living data (`ledger.living`).  What is made of a row:

- `event_date` is as sharp as `time_precision` says: 1 is that day, 2 the ISO week that holds it, 3 its month.
- Actor 1 is the party, actor 2 stands in `to`: two sides of which neither is said to have begun.  They belong to the
  state that their name ends in (`Civilians (Ukraine)`, `Military Forces of Russia (2000-)`), if it ends in one.
- Type and sub-type are the coding, the notes its text; all other columns are kept word for word, deaths among them.

Source: ACLED, "Armed Conflict Location & Event Data Project (ACLED) Codebook" (2023).
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from typing import IO, TYPE_CHECKING, Final

from ledger.errors import LedgerError, Unparsable
from ledger.importers.events import Actor, Dyads, Event, Source
from ledger.importers.headers import Columns, has, kept_columns
from ledger.importers.line import Line
from ledger.importers.tables import Layout, Row, Table
from ledger.resolving import state_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.register import Register

NAME: Final = "acled"
LIVING: Final = NAME
_NEEDED: Final = ("event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1")
_ELSEWHERE: Final = {"event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "notes"}
"""Columns of which the entry itself holds all."""
_READ: Final = ("disorder_type", "actor2", "location", "admin1", "country", "source", "notes")
_LONG_DATE: Final = "%d %B %Y"
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BRACKETED: Final = re.compile(r".*\(([^()0-9]+)\)")
_OF: Final = re.compile(r".* of (?:the )?([^()]+?)(?: \([0-9]{4}-[0-9]{0,4}\))?")
_BARE: Final = Source("acled", "Armed Conflict Location & Event Data", "ACLED")


def fits(head: bytes) -> bool:
    """Say whether a file begins with the header of an ACLED export."""
    return has(head, _NEEDED)


def lines(file: IO[bytes], register: Register) -> Iterator[Line]:
    """Yield a line for each row.

    Raises:
        Refused: the header lacks a column, or has one twice.
    """
    with Table(file, Layout()) as table:
        events = _Events(table.header, register)
        for row in table:
            yield events.line(row, table.position())


class _Events:
    """Reads the rows of one file."""

    def __init__(self, header: tuple[str, ...], register: Register) -> None:
        self._columns = Columns(header, _NEEDED, _READ)
        self._kept = kept_columns(header, _ELSEWHERE)
        self._dyads = Dyads(NAME, None, register)

    def line(self, row: Row, end: int) -> Line:
        """Return what a row says."""
        try:
            if row.error is not None:
                raise row.error
            event, source = self._read(row)
        except LedgerError as error:
            return Line(row.number, None, 0, end, error=error)
        needed = list(self._dyads.source(source))
        draft = self._dyads.draft(event, needed)
        return Line(row.number, draft, 0, end, tuple(needed))

    def _read(self, row: Row) -> tuple[Event, Source]:
        def cell(name: str) -> str:
            return self._columns.cell(row.cells, name)

        key, kind, of_kind = cell("event_id_cnty"), cell("event_type"), cell("sub_event_type")
        if not key or not kind:
            raise Unparsable("the row has no key or no type", hint="event_id_cnty and event_type are needed")
        on = _dated(cell("event_date"), cell("time_precision"))
        source = _source(cell("source"))
        disorder = cell("disorder_type")
        event = Event(
            id=key,
            on=on,
            actors=_actor(cell("actor1"), on),
            targets=_actor(cell("actor2"), on),
            words=of_kind or kind,
            coding={"scheme": "ACLED", "code": kind, "mode": of_kind, "contexts": [disorder] if disorder else []},
            columns={name: row.cells[at].strip() for at, name in self._kept if row.cells[at].strip()},
            place=", ".join(filter(None, map(cell, ("location", "admin1", "country")))) or None,
            source=source.id,
            text=cell("notes") or None,
        )
        return event, source


def _dated(text: str, precision: str) -> str:
    """Return a date as sharp as it is known.

    >>> _dated("2022-04-07", "1"), _dated("07 April 2022", "2"), _dated("2022-04-07", "3")
    ('2022-04-07', '2022-04-04/2022-04-10', '2022-04')
    """
    try:
        # Not any form of ISO 8601: `2022-W05` is a week, and would be its Monday.
        on = date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else datetime.strptime(text, _LONG_DATE).date()  # noqa: DTZ007
        monday = on - timedelta(days=on.weekday())
        sunday = monday + timedelta(days=6)
    except (ValueError, OverflowError):
        raise Unparsable(f"'{text[:40]}' is no day", hint="as in 2022-04-07, or 07 April 2022") from None
    if precision == "1":
        return on.isoformat()
    if precision == "2":
        return f"{monday.isoformat()}/{sunday.isoformat()}"
    if precision == "3":
        return on.isoformat()[: len("2022-04")]
    raise Unparsable(f"'{precision[:40]}' is no time_precision", hint="1 is the day, 2 the week, 3 the month")


def _actor(name: str, on: str) -> tuple[Actor, ...]:
    """Return an actor, and the state in which their name ends."""
    if not name:
        return ()
    found = (shape.fullmatch(name) for shape in (_BRACKETED, _OF))
    named = (one[1] for one in found if one is not None and state_named(one[1], on) is not None)
    return (Actor(name, country=next(named, None)),)


def _source(cell: str) -> Source:
    """Return what stands in the column of sources: several are kept together, as they are there."""
    if not cell:
        return _BARE
    digest = hashlib.sha256(cell.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return Source(f"acled/source-{digest}", cell[:500], cell[:500])
