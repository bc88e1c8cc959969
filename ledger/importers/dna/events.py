"""Reading event lists: one statement a row, as DNA and rDNA export them.

DNA writes semicolons between `statement_id`, `time`, the variables of one statement type, `start_position`,
`stop_position`, `text`, `coder` and `document_…`; rDNA's data frame has the same columns and becomes CSV with commas.
Some flat files have shorter names (`id`, `date_epoch`, `title`, `quote`).  A column without a name is R's row numbers.
A variable whose cells are 0 and 1, or TRUE and FALSE, is a boolean; one of whole numbers is an integer.

DNA writes a comma for each semicolon and an apostrophe for each quotation mark: a quote from an event list is what the
list says, is not compared with any document, and is counted as unchecked.
"""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.importers.dna.coded import Coded, Document, Variable
from ledger.importers.tables import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLUMNS: Final = {
    "id": ("statement_id", "id"),
    "time": ("time", "date_epoch"),
    "start": ("start_position", "start"),
    "stop": ("stop_position", "stop"),
    "text": ("text", "quote"),
    "coder": ("coder",),
    "document_id": ("document_id",),
    "document_title": ("document_title", "title"),
    "document_author": ("document_author", "author"),
    "document_source": ("document_source", "source"),
    "document_section": ("document_section", "section"),
    "document_type": ("document_type", "type"),
}
_NEEDED: Final = ("id", "time", "start", "stop")
_BOOLEAN: Final = {"0": 0, "1": 1, "false": 0, "true": 1}
_INTEGER: Final = re.compile("[+-]?[0-9]{1,9}")
_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?))?")
_EPOCH: Final = re.compile("-?[0-9]{1,11}")
_MIDNIGHT: Final = {"00:00", "00:00:00"}
_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def fits(head: bytes) -> bool:
    """Say whether a file that begins so is an event list."""
    line = head.decode("utf-8", "replace").lstrip("\ufeff").partition("\n")[0]
    return line.count('"') % 2 == 0 and set(_NEEDED) <= _placed(_header(line)).keys()


class Events:
    """An event list, read row by row; the first pass tells the types of its variables.

    Args:
        file: read twice, from its start.

    Raises:
        Refused: it lacks a column, or is no table.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._header: list[str] = []
        self._places: dict[str, int] = {}
        self.guessed = False
        """Whether nothing tells in which characters the list is written."""
        seen: dict[str, _Seen] = {}
        for row in self._rows():
            for place, cell in enumerate(row.cells if row.error is None else ()):
                name = self._header[place]
                if name and place not in self._places.values():
                    seen.setdefault(name, _Seen()).add(cell.strip())
        self.variables = {name: one.variable(name) for name, one in seen.items()}

    def statements(self) -> Iterator[Coded]:
        """Yield a statement for each row."""
        for row in self._rows():
            yield self._coded(row)

    def _rows(self) -> Iterator[Row]:
        with Table(self._file) as table:
            self._header = [name.strip() for name in table.header]
            self._places = _placed(self._header)
            self.guessed = table.charset.guessed
            missing = next((one for one in _NEEDED if one not in self._places), None)
            if missing is not None:
                column = _COLUMNS[missing][0]
                raise Refused(f"the event list has no column '{column}'", hint="export it with DNA or rDNA")
            yield from table

    def _coded(self, row: Row) -> Coded:
        cells = row.cells if row.error is None else []
        cell = {key: cells[place].strip() if cells else "" for key, place in self._places.items()}
        day, clock = _day(cell["time"])
        unsound = None if day else f"the time {cell['time'][:40]!r} is no date"
        if row.error is not None or not cell["id"]:
            unsound = "the row has no id" if row.error is None else row.error.message
        about = (cell.get(f"document_{name}", "") for name in ("title", "author", "source", "section", "type"))
        bounds = cell["start"], cell["stop"]
        return Coded(
            id=cell["id"],
            line=row.number,
            variables=self.variables,
            values=self._values(cells),
            document=Document(cell.get("document_id") or cell.get("document_title") or "unknown", *about),
            day=day,
            clock=clock,
            zone_unknown=False,
            coder=cell.get("coder") or None,
            bounds=(int(bounds[0]), int(bounds[1])) if all(map(_INTEGER.fullmatch, bounds)) else None,
            words=cell.get("text"),
            unsound=unsound,
        )

    def _values(self, row: list[str]) -> dict[str, str | int]:
        found: dict[str, str | int] = {}
        for name, text in zip(self._header, row, strict=False):
            variable, cell = self.variables.get(name), text.strip()
            if variable is None or (variable.datatype != "short text" and not cell):
                continue
            boolean, integer = variable.datatype == "boolean", variable.datatype == "integer"
            found[name] = _BOOLEAN[cell.lower()] if boolean else int(cell) if integer else cell
        return found


class _Seen:
    """What the cells of a column are, so far."""

    def __init__(self) -> None:
        self._filled = False
        self._boolean = self._integer = True
        self._low = self._high = 0

    def add(self, cell: str) -> None:
        if not cell:
            return
        self._filled = True
        self._boolean = self._boolean and cell.lower() in _BOOLEAN
        self._integer = self._integer and _INTEGER.fullmatch(cell) is not None
        if self._integer:
            self._low, self._high = min(self._low, int(cell)), max(self._high, int(cell))

    def variable(self, name: str) -> Variable:
        if self._filled and (self._boolean or self._integer):
            return Variable(name, "boolean" if self._boolean else "integer", self._low < 0, self._high)
        return Variable(name, "short text")


def _delimiter(first: str) -> str:
    return max(";,\t", key=first.count)


def _header(first: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([first.strip()], delimiter=_delimiter(first)), [])]
    except csv.Error:  # a lone CR, a cell without an end
        return []


def _placed(header: Sequence[str]) -> dict[str, int]:
    """Return where the columns stand that are no variables, as far as they are there."""
    found = {key: next((n for n in names if n in header), None) for key, names in _COLUMNS.items()}
    return {key: header.index(name) for key, name in found.items() if name is not None}


def _day(text: str) -> tuple[str, str | None]:
    """Return a time's day and its time of day, where there is one; no day where it is no time."""
    if _EPOCH.fullmatch(text):
        try:
            text = (_ZERO + timedelta(seconds=int(text))).isoformat(" ")[:19]
        except OverflowError:
            return "", None
    found = _TIME.fullmatch(text)
    if found is None:
        return "", None
    return found[1], None if found[2] is None or found[2] in _MIDNIGHT else found[2]
