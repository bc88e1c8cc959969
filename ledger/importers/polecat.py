"""POLECAT: coded events in the PLOVER scheme, as published since 2018 (a header, tabs).

What is made of a row: the event's type, mode, contexts and intensity are its coding (the header calls the last
`Intensity` or `Event Intensity`).  Cells that list several are cut at `;`: all actors act (`on_behalf_of`, the first is
the party), all recipients stand in `to`.  The event's date is when it happened; the article's, `Publication Date`, is
its source's.  `None` and blanks mean that nothing is known.

Source: A. Halterman et al., "PLOVER and POLECAT: A New Political Event Ontology and Dataset" (2023); PLOVER manual 0.8.
"""

from __future__ import annotations

import hashlib
import re
from typing import IO, TYPE_CHECKING, Final

from ledger.errors import LedgerError, Unparsable
from ledger.importers.events import Actor, Dyads, Event, Source
from ledger.importers.headers import Columns, given, has, kept_columns
from ledger.importers.line import Line
from ledger.importers.tables import Layout, Row, Table
from ledger.times import span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.register import Register

NAME: Final = "polecat"
_NEEDED: Final = ("Event ID", "Event Date", "Event Type", "Actor Name", "Recipient Name")
_ELSEWHERE: Final = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Event Intensity", "Quad Code", "Contexts"),
    *("Actor Name", "Recipient Name", "Source", "Publication Date", "Headline", "Event Text"),
    *("City", "District", "Province", "Country"),
)
"""Columns of which the entry itself holds all."""
_READ: Final = (*_ELSEWHERE, "Actor Country", "Recipient Country", "Story ID")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_BARE: Final = Source("polecat", "Political Event Classification, Attributes, and Types", "POLECAT")


def fits(head: bytes) -> bool:
    """Say whether a file begins with the header of POLECAT."""
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
        def cell(*names: str) -> str:
            return given(self._columns.cell(row.cells, *names))

        key, kind, mode = cell("Event ID"), cell("Event Type"), cell("Event Mode")
        if not key or not kind:
            raise Unparsable("the row has no key or no type", hint="Event ID and Event Type are needed")
        on = cell("Event Date")[:10]
        span(on)
        intensity = cell("Intensity", "Event Intensity")
        source = _source(cell)
        coding = {
            "scheme": "PLOVER",
            "code": kind,
            "mode": mode,
            "intensity": intensity if _NUMBER.fullmatch(intensity) else "",
            "quad": cell("Quad Code"),
            "contexts": _listed(cell("Contexts")),
        }
        event = Event(
            id=key,
            on=on,
            actors=_actors(cell("Actor Name"), cell("Actor Country")),
            targets=_actors(cell("Recipient Name"), cell("Recipient Country")),
            words=f"{kind} ({mode})" if mode else kind,
            coding=coding,
            columns={name: given(row.cells[at].strip()) for at, name in self._kept if given(row.cells[at].strip())},
            place=", ".join(filter(None, map(cell, ("City", "District", "Province", "Country")))) or None,
            source=source.id,
            text=cell("Event Text", "Headline") or None,
        )
        return event, source


def _listed(cell: str) -> list[str]:
    """Return what a cell lists.

    >>> _listed("diplomatic; military;")
    ['diplomatic', 'military']
    """
    return list(dict.fromkeys(filter(None, (given(one.strip()) for one in cell.split(";")))))


def _actors(names: str, countries: str) -> tuple[Actor, ...]:
    """Return actors, each with its country: there are as many, or one for all."""
    listed = [one for one in map(str.strip, names.split(";")) if given(one)]
    of = [given(one.strip()) for one in countries.split(";")]
    if len(of) != len(listed):
        of = of * len(listed) if len(of) == 1 else [""] * len(listed)
    found: dict[str, Actor] = {}
    for name, country in zip(listed, of, strict=True):
        found.setdefault(name, Actor(name, country=country or None))
    return tuple(found.values())


def _source(cell: Callable[[str], str]) -> Source:
    """Return the article of a row: nothing but its publisher, day and headline tells it from others."""
    publisher, published, headline = cell("Source"), cell("Publication Date")[:10], cell("Headline")
    if not publisher:
        return _BARE
    told = "\t".join((publisher, published, headline, cell("Story ID")))
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    title = headline or f"{publisher}, {published}".removesuffix(", ")
    return Source(f"polecat/{digest}", title[:500], publisher[:500], published_at=published or None)
