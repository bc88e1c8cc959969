"""Tables that are read by a mapping: each row is a draft, with the drafts of what it names and the ledger lacks.

A row that is a source has an id made of all that it says, unless the mapping gives one; a source beside a row has one
made of its URL (of its title, publisher and time where it has none), so that it is registered once.  What a later row
says otherwise of the same source is not recorded, and counted in the report as `sources_differ`.

Names that the ledger does not know are refused with their row, unless the mapping registers them (`Unknown`).
"""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from ledger.drafts import references
from ledger.entries import SourceRegistered
from ledger.errors import LedgerError, Refused, Unparsable
from ledger.importers.cells import Cells, Columns, Fields, bound
from ledger.importers.line import Line, as_line
from ledger.importers.mapping_parts import Group
from ledger.importers.tables import Table
from ledger.importers.unknown import Unknown
from ledger.texts import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.entries import Entry
    from ledger.importers.mapping_parts import Mapping, Rule
    from ledger.importers.tables import Row
    from ledger.register import Register

_ASKED: Final = 50_000
"""Names and sources that are remembered as known."""
_ABOUT: Final = ("title", "publisher", "published_at")


class Mapped:
    """The format of the tables that a mapping is for.

    Args:
        mapping: says what their rows are.
    """

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.NAME = mapping.dataset

    def fits(self, head: bytes) -> bool:  # noqa: ARG002  a mapping is given, never told by the file
        """Say no: only its user knows that a mapping is for a file."""
        return False

    def lines(self, file: IO[bytes], register: Register) -> Iterator[Line]:
        """Yield a line for each row.

        Raises:
            Unparsable: the mapping asks for a column that the table lacks.
            Refused: the file cannot be read as a table.
        """
        with Table(file, self.mapping.layout) as table:
            if not table.header:
                return
            rows = _Rows(self.mapping, table.header, register)
            taken = () if table.charset.plain else (f"read_as_{table.charset.codec.replace('_', '-')}",)
            for row in table:
                yield rows.line(row, table.position(), taken)

    def again(self, file: IO[bytes], numbers: Iterator[int]) -> Iterator[bytes]:
        """Yield a table of some rows, as it can be imported by the same mapping: its header, and the rows as they are.

        Args:
            file: as it was read before.
            numbers: the lines that the rows begin on, ascending; in place of one that is too long to be held comes a
                blank line, which is passed over.
        """
        with Table(file, self.mapping.layout) as table:
            codec = table.charset.codec if not table.sheets else "utf-8-sig"
            write = _writer(codec, table.delimiter or ",", self.mapping.layout.quote)
            # Above a header that is sought on its line, there are lines.
            yield write("\n" * ((self.mapping.layout.header or 1) - 1))
            if self.mapping.layout.header != 0:
                yield write(list(table.header))
            wanted = next(numbers, None)
            for row in table:
                if row.number == wanted:
                    yield write(row.text or row.cells)
                    wanted = next(numbers, None)


def _writer(codec: str, delimiter: str, quote: str | None) -> Callable[[Cells | str], bytes]:
    """Return what writes a row: as the rest of the file is written, a mark only where it begins."""
    text, began = io.StringIO(), False
    if quote is None:
        plain = every = csv.writer(
            text, delimiter=delimiter, quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
        )
    else:
        plain = csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator="\n")
        every = csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator="\n", quoting=csv.QUOTE_ALL)
    rest = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}

    def write(row: Cells | str) -> bytes:
        nonlocal began
        text.seek(0)
        text.truncate()
        if isinstance(row, str):
            text.write(row)
        else:
            # Before Python 3.13 a lone CR is not reason enough to quote a cell, and a reader ends the row there.
            (every if any("\r" in cell for cell in row) else plain).writerow(row)
        written = text.getvalue().encode(rest.get(codec, codec) if began else codec, "surrogateescape")
        began = True
        return written

    return write


class _Bound(NamedTuple):
    """A rule, bound to the columns of a table."""

    cls: type[Entry]
    topic: str
    """The name of its type."""
    when: tuple[tuple[Callable[[Cells], str], tuple[str, ...]], ...]
    fields: Fields
    beside: tuple[tuple[str, type[Entry], Fields], ...]
    """Fields that hold a table of what registers a name."""
    names: dict[str, str]
    """The other fields that hold names, and of what."""

    def fits(self, cells: Cells) -> bool:
        """Say whether a row is what the rule is about."""
        return all(reader(cells).strip() in words for reader, words in self.when)


class _Rows:
    """Makes lines of the rows of one table."""

    def __init__(self, mapping: Mapping, header: tuple[str, ...], register: Register) -> None:
        self._mapping = mapping
        self._register = register
        self._unknown = Unknown(register, mapping.registers)
        self._known: dict[tuple[str, str], int] = {}
        columns = Columns(header, mapping)
        self._rules = [_bound(rule, columns, mapping.dataset) for rule in mapping.rules]

    def line(self, row: Row, read: int, notes: tuple[str, ...]) -> Line:
        """Return what a row says."""
        try:
            if row.error is not None:
                raise row.error if row.text or row.cells else _not_held(row.error)
            rule = next((one for one in self._rules if one.fits(row.cells)), None)
            if rule is None:
                return self._left(row, read)
            return self._drafted(rule, row, read, notes)
        except LedgerError as error:
            return Line(row.number, None, 0, read, error=error)

    def _left(self, row: Row, read: int) -> Line:
        if self._mapping.leaves_out:
            return Line(row.number, None, 0, read, left_out="by_mapping")
        hint = 'add a [[row]] that it fits, or other_rows = "leave-out" at the top of the mapping'
        raise Refused("no 'when' of the mapping fits the row", hint=hint)

    def _drafted(self, rule: _Bound, row: Row, read: int, notes: tuple[str, ...]) -> Line:
        draft = {"type": rule.topic, **rule.fields.read(row.cells)}
        if rule.cls is SourceRegistered:
            draft = _as_source(draft, self._mapping.dataset)
        needed: list[bytes] = []
        for field, cls, fields in rule.beside:
            try:
                found = fields.read(row.cells)
                name = self._beside(field, cls, found, needed)
            except Unparsable as error:
                raise Unparsable(f"{field}.{error.message}", hint=error.hint) from None
            if name is not None:
                draft[field] = name
                if field == "source" and self._differs(name, found):
                    notes = (*notes, "sources_differ")
        needed += self._unknown.in_(draft, rule.names, rule.cls.DATED)
        return Line(row.number, draft, 0, read, tuple(needed), notes=notes)

    def _beside(
        self, field: str, cls: type[Entry], found: dict[str, Any], needed: list[bytes]
    ) -> str | None:  # fmt: skip
        """Return the name of what a table within the row registers; whatever the ledger lacks comes to the needed."""
        if cls is SourceRegistered:
            if not found.keys() & {"source", "url", "title"}:
                return None
            found = _as_source(found, self._mapping.dataset, once_by_url=True)
        name: str | None = found.get(field)
        if name is None:
            return None
        if (field, name) not in self._known:
            if self._stands(field, name):
                self._remember(field, name, found)
            else:
                needed.append(as_line({"type": cls.type_name(), **found}))
        return name

    def _stands(self, field: str, name: str) -> bool:
        if field == "party":
            return bool(self._register.claims(name))
        return (self._register.issue(name) if field == "issue" else self._register.source(name)) is not None

    def _remember(self, field: str, name: str, found: dict[str, Any]) -> None:
        if len(self._known) >= _ASKED:
            self._known.clear()
        facts = self._register.source_facts(name) if field == "source" else None
        event = None if facts is None else self._register.event(facts.entry)
        if isinstance(event, SourceRegistered):
            found = {key: value for key in _ABOUT if (value := getattr(event, key)) is not None}
        self._known[field, name] = _about(found)

    def _differs(self, name: str, found: dict[str, Any]) -> bool:
        said = self._known.get(("source", name))
        return said is not None and said != _about(_titled(found))


def _not_held(error: LedgerError) -> Refused:
    """Return why a row is refused of which nothing is held, and that it cannot be set aside."""
    return Refused(error.message, hint=f"{error.hint or ''} Not written by --refused: mend it where it stands".strip())


def _bound(rule: Rule, columns: Columns, dataset: str) -> _Bound:
    own = {name: spec for name, spec in rule.fields.fields.items() if not _registers(spec)}
    beside = [
        (name, spec.registers, _within(name, spec, spec.registers, columns, dataset))
        for name, spec in rule.fields.fields.items()
        if isinstance(spec, Group) and spec.registers is not None
    ]
    try:
        when = tuple((columns.reader(column), words) for column, words in rule.when.items())
        fields = bound(rule.fields._replace(fields=own), rule.cls, columns, dataset)
    except Unparsable as error:
        raise Unparsable(f"the mapping: row.{error.message}", hint=error.hint) from None
    names = {name: kind for name, kind in references(rule.cls).items() if name in own}
    return _Bound(rule.cls, rule.cls.type_name(), when, fields, tuple(beside), names)


def _within(name: str, spec: Group, cls: type[Entry], columns: Columns, dataset: str) -> Fields:
    try:
        return bound(spec, cls, columns, dataset)
    except Unparsable as error:
        raise Unparsable(f"the mapping: row.{name}.{error.message}", hint=error.hint) from None


def _registers(spec: object) -> bool:
    return isinstance(spec, Group) and spec.registers is not None


def _as_source(found: dict[str, Any], dataset: str, *, once_by_url: bool = False) -> dict[str, Any]:
    """Return a source with an id and a title."""
    found = _titled(found)
    if "source" not in found:
        about: dict[str, Any] = {key: found[key] for key in ("url", *_ABOUT) if key in found}
        if once_by_url and "url" in about:
            about = {"url": about["url"]}
        found["source"] = f"{dataset}/{sha256_of(as_line(about))[:16]}"
    return found


def _titled(found: dict[str, Any]) -> dict[str, Any]:
    return found if "title" in found or "url" not in found else {**found, "title": found["url"]}


def _about(found: dict[str, Any]) -> int:
    return hash(tuple(found.get(key) for key in _ABOUT))
