"""ICEWS: coded events of the Integrated Crisis Early Warning System, as published and as bare quadruples.

As published (20 columns with a header, tabs): the event's number is unique in its file only, the key is number and day.
A relation that holds both ways is coded twice, once from each side: of two rows of one story and sentence that have the
same code and the actors exchanged, the second says nothing new (`repeated`), and the first has the other in `to`.  So
it is where the first came in an earlier file, unless it is retracted since, or as published has no story.  Hosting and
making a visit are two codes, and stay two entries.  `NA` and blanks mean that nothing is known: names of
countries are spelled out here.  The story and its publisher are the source.

Quadruples, as studies of temporal graphs use them: day, source, relation, target, in four columns.  The relation's
words lead to its CAMEO code (`ledger.vocabularies.cameo`); mirrored are rows of one day and relation.

Source: E. Boschee et al., "ICEWS Coded Event Data", Harvard Dataverse (2015), doi:10.7910/DVN/28075.
"""

from __future__ import annotations

import re
from datetime import date
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from ledger.entries import ActionTaken
from ledger.errors import LedgerError, Unparsable
from ledger.importers.events import Actor, Dyads, Event, Source, words_of
from ledger.importers.headers import Columns, first_line, given, has
from ledger.importers.line import Line
from ledger.importers.tables import Layout, Row, Table
from ledger.keys import KeySet
from ledger.vocabularies import cameo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.register import Register

NAME: Final = "icews"
_NEEDED: Final = ("Event ID", "Event Date", "Source Name", "Event Text", "CAMEO Code", "Target Name", "Story ID")
_PLACE: Final = ("City", "District", "Province", "Country")
_KEPT: Final = ("Source Sectors", "Target Sectors", "Story ID", "Sentence Number", "Latitude", "Longitude")
_READ: Final = ("Source Country", "Target Country", "Intensity", "Publisher", *_PLACE, *_KEPT)
_QUADRUPLE: Final = ("date", "source", "relation", "target")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00.*)?")
_AMERICAN: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_COUNTRY: Final = re.compile(r".*\(([^()]+)\)")
_BARE: Final = Source("icews", "ICEWS coded event data", "Lockheed Martin")


class _Said(NamedTuple):
    """What a row says, in whichever of the two forms."""

    event: Event
    source: Source
    mirror: str
    """What this row has in common with the one that would be its mirror image, and its sides in their order."""
    mirrored: str
    """The same, the sides exchanged."""

    @property
    def exchanged(self) -> Event:
        """What the row that would be its mirror image says, as far as this one tells."""
        return self.event._replace(actors=self.event.targets, targets=self.event.actors)


def fits(head: bytes) -> bool:
    """Say whether a file begins with the header of ICEWS, or with a quadruple whose relation is one of CAMEO's."""
    if has(head, _NEEDED) or has(head, _QUADRUPLE):
        return True
    cells = first_line(head)
    return len(cells) == len(_QUADRUPLE) and any(_is_quadruple([cells[at] for at in order]) for order in _ORDERS)


_ORDERS: Final = ((0, 1, 2, 3), (3, 0, 1, 2))
"""Where day, source, relation and target stand: in the order of their name, or the day last."""


def _is_quadruple(cells: list[str]) -> bool:
    day, _, relation, _ = cells
    return bool(_DAY.fullmatch(day.strip())) and cameo.code_of(relation) is not None


def lines(file: IO[bytes], register: Register) -> Iterator[Line]:
    """Yield a line for each row.

    Raises:
        Refused: the header lacks a column, or has one twice.
    """
    with Table(file, Layout(header=0, ragged="keep", quote=None)) as table:
        read = None
        events = _Events(register)
        for row in table:
            if read is None:
                read, is_header = _form_of(row, register)
                if is_header:
                    continue
            yield events.line(row, read, table.position())


def _form_of(row: Row, register: Register) -> tuple[_Published | _Quadruples, bool]:
    """Return how the rows of a file are read, told by the first, and whether that is a header."""
    cells = row.cells
    if len(cells) != len(_QUADRUPLE):
        return _Published(Columns(cells, _NEEDED, _READ), register), True
    order = next((one for one in _ORDERS if _is_quadruple([cells[at] for at in one])), None)
    if order is not None:
        return _Quadruples(order, register), False
    columns = Columns(cells, _QUADRUPLE)
    numbers = [str(at) for at in range(len(cells))]
    return _Quadruples(tuple(int(columns.cell(numbers, name)) for name in _QUADRUPLE), register), True


class _Events:
    """What the rows of one file have said so far."""

    def __init__(self, register: Register) -> None:
        self._dyads = Dyads(NAME, None, register)
        self._register = register
        self._sides = KeySet()

    def line(self, row: Row, form: _Published | _Quadruples, end: int) -> Line:
        """Return what a row says."""
        try:
            if row.error is not None:
                raise row.error
            said = form.read(row)
        except LedgerError as error:
            return Line(row.number, None, 0, end, error=error)
        if said.mirror != said.mirrored and (said.mirrored in self._sides or self._is_held(form.mirrors(said), said)):
            return Line(row.number, None, 0, end, repeats=True, notes=("mirrored",))
        self._sides.add(said.mirror)
        needed = list(self._dyads.source(said.source))
        draft = self._dyads.draft(said.event, needed)
        return Line(row.number, draft, 0, end, tuple(needed))

    def _is_held(self, found: Iterator[int], said: _Said) -> bool:
        """Say whether an earlier file brought the mirror image of a row, which is not retracted, and not the row."""
        held = next((one for one in found if self._register.retracted_by(one) is None), None)
        return held is not None and self._register.origin(NAME, said.event.id) is None


class _Published:
    """The form of 20 columns."""

    def __init__(self, columns: Columns, register: Register) -> None:
        self._columns = columns
        self._register = register

    def read(self, row: Row) -> _Said:
        """Return what a row says."""

        def cell(name: str) -> str:
            return given(self._columns.cell(row.cells, name))

        on, code, story = _day(cell("Event Date")), cell("CAMEO Code"), cell("Story ID")
        words = cameo.label(code)
        if words is None:
            raise Unparsable(f"the code '{code}' is not one of CAMEO's", hint="CAMEO Code has two to four digits")
        source, target = (_actor(cell(f"{who} Name"), cell(f"{who} Country")) for who in ("Source", "Target"))
        publisher = cell("Publisher")
        of = Source(f"icews/{story}", f"Story {story}", publisher or None) if story else _BARE
        event = Event(
            id=f"{cell('Event ID')}/{on}",
            on=on,
            actors=source,
            targets=target,
            words=cell("Event Text") or words,
            coding={"scheme": "CAMEO", "code": code, "intensity": cell("Intensity")},
            columns={name: cell(name) for name in _KEPT if cell(name)},
            place=", ".join(filter(None, map(cell, _PLACE))) or None,
            source=of.id,
        )
        return _sided(event, of, f"{on}\t{story}\t{cell('Sentence Number')}\t{code}")

    def mirrors(self, said: _Said) -> Iterator[int]:
        """Yield the recorded deeds that mirror a row: of its story, which are few."""
        event, wanted = said.event, words_of(said.exchanged)
        sentence = event.columns.get("Sentence Number")
        for entry in self._register.resting_on(said.source.id) if said.source is not _BARE else ():
            deed = self._register.as_recorded(entry)
            if not isinstance(deed, ActionTaken) or deed.coding is None or deed.origin is None:
                continue
            told = (deed.occurred_on, deed.coding.code, deed.origin.columns.get("Sentence Number"), deed.text)
            if told == (event.on, event.coding["code"], sentence, wanted):
                yield entry


class _Quadruples:
    """The form of four columns."""

    def __init__(self, order: tuple[int, ...], register: Register) -> None:
        self._order = order
        self._register = register

    def read(self, row: Row) -> _Said:
        """Return what a row says."""
        if len(row.cells) != len(_QUADRUPLE):
            raise Unparsable(f"{len(row.cells)} cells, where a quadruple has 4", hint="day, source, relation, target")
        day, source, relation, target = (row.cells[at].strip() for at in self._order)
        on, code = _day(day), cameo.code_of(relation)
        if code is None:
            raise Unparsable(f"no CAMEO code is called '{relation[:80]}'", hint="as in 'Make a visit'")
        doer, other = (_actor(" ".join(name.replace("_", " ").split()), "") for name in (source, target))
        words = cameo.label(code) or relation
        event = Event(
            _key(on, doer, code, other), on, doer, other, words, {"scheme": "CAMEO", "code": code}, {}, source=_BARE.id
        )
        return _sided(event, _BARE, f"{on}\t{code}")

    def mirrors(self, said: _Said) -> Iterator[int]:
        """Yield the recorded deed that mirrors a row: its key is told by the row."""
        event = said.event
        held = self._register.origin(NAME, _key(event.on, event.targets, event.coding["code"], event.actors))
        if held is not None:
            yield held


def _key(on: str, doer: tuple[Actor, ...], code: str, other: tuple[Actor, ...]) -> str:
    """Return the key of a quadruple: it is all that it says."""
    return " | ".join((on, _name(doer), code, _name(other)))[:500]


def _sided(event: Event, source: Source, common: str) -> _Said:
    sides = [_name(event.actors), _name(event.targets)]
    return _Said(event, source, "\t".join((common, *sides)), "\t".join((common, *reversed(sides))))


def _name(side: tuple[Actor, ...]) -> str:
    return (side[0].name or "") if side else ""


def _actor(name: str, country: str) -> tuple[Actor, ...]:
    """Return an actor; the country that stands in brackets behind a name is theirs."""
    if not name:
        return ()
    bracketed = _COUNTRY.fullmatch(name)
    return (Actor(name, country=country or (bracketed[1] if bracketed else None)),)


def _day(text: str) -> str:
    """Return a day as an entry is dated; with slashes the month stands first, as its makers write."""
    iso, american = _DAY.fullmatch(text), _AMERICAN.fullmatch(text)
    try:
        if iso is not None:
            return date(int(iso[1]), int(iso[2]), int(iso[3])).isoformat()
        if american is not None:
            return date(int(american[3]), int(american[1]), int(american[2])).isoformat()
    except ValueError:
        pass
    raise Unparsable(f"'{text[:40]}' is no day", hint="as in 2018-06-01, or 6/1/2018 for 1 June")
