"""From the cells of a row to the fields of a draft: a mapping bound to the header of one table.

A column is named as in the header, whatever its case and the blanks around it; one without a name of its own by its
number, `{#3}`.  `{{` and `}}` are braces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries import Quote
from ledger.errors import Unparsable
from ledger.explaining import named
from ledger.formulas import unguarded
from ledger.importers.likeness import meant
from ledger.importers.mapping_parts import Cell
from ledger.importers.moments import Spelling, in_utc, moment
from ledger.importers.shapes import Shape, shapes
from ledger.importers.wording import one_line, slug
from ledger.names import name_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from ledger.importers.mapping_parts import Group, Mapping, Spec

Cells = list[str]
_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_DIGITS: Final = re.compile(r"\s*[0-9]{1,18}\s*", re.ASCII)
_REMEMBERED: Final = 20_000
"""Words of one field."""


class Columns:
    """The columns of a table, and which of them were asked for.

    Args:
        header: their names, as they stand.
        mapping: which words are blanks, and whether formulas are guarded.
    """

    def __init__(self, header: tuple[str, ...], mapping: Mapping) -> None:
        self.header = header
        self.used: set[int] = set()
        self._missing = mapping.missing
        self._guarded = mapping.guarded
        self._exact: dict[str, list[int]] = {}
        self._alike: dict[str, list[int]] = {}
        for at, name in enumerate(header):
            self._exact.setdefault(name, []).append(at)
            self._alike.setdefault(name_key(name), []).append(at)

    def at(self, name: str) -> int:
        """Return the place of a column.

        Raises:
            Unparsable: there is none of this name, or more than one.
        """
        found = self._exact.get(name) or self._alike.get(name_key(name), [])
        number = re.fullmatch("#([1-9][0-9]{0,4})", name)
        if not found and number and int(number[1]) <= len(self.header):
            found = [int(number[1]) - 1]
        if len(found) == 1:
            self.used.add(found[0])
            return found[0]
        if found:
            those = " or ".join(f"{{#{at + 1}}}" for at in found)
            raise Unparsable(f"{len(found)} columns are called {named(name)}", hint=f"write {those}, by their place")
        names = [one.strip() for one in self.header if one.strip()]
        raise Unparsable(
            f"the table has no column {named(name)}", hint=meant(name, names) if names else "it has no header"
        )

    def name_of(self, at: int) -> str:
        """Return the name of a column as an entry keeps it: one that it shares, or lacks, comes with its place."""
        name = one_line(self.header[at])
        return name if name and len(self._alike[name_key(name)]) == 1 else f"{name} #{at + 1}".strip()

    def reader(self, name: str) -> Callable[[Cells], str]:
        """Return what reads a column's cell, empty where it says nothing."""
        return self.reader_at(self.at(name))

    def reader_at(self, at: int) -> Callable[[Cells], str]:
        """Return what reads a cell by its place."""
        missing = self._missing
        if not missing and not self._guarded:
            return lambda cells: "" if (text := cells[at]).isspace() else text

        def read(cells: Cells) -> str:
            text = unguarded(cells[at]) if self._guarded else cells[at]
            return "" if text.isspace() or text.strip() in missing else text

        return read

    def template(self, text: str) -> Callable[[Cells], str]:
        """Return what fills a text in; empty where it has columns and each of them says nothing."""
        fixed, names, end = [""], [], 0
        for piece in _PIECE.finditer(text):
            fixed[-1] += text[end : piece.start()]
            end = piece.end()
            if piece[1] is not None:
                names.append(piece[1])
                fixed.append("")
            elif len(piece[0]) > 1:
                fixed[-1] += piece[0][0]
            else:
                hint = "a column stands as {column}; a brace that is meant as one is doubled: {{"
                raise Unparsable(f"{named(text)} has a brace without its other", hint=hint)
        fixed[-1] += text[end:]
        if not names:
            if text.strip() and self._alike.get(name_key(text)):
                hint = f'write "{{{text}}}" for the column, or {{ from = "", default = "{text}" }} for the word itself'
                raise Unparsable(f"{named(text)} is a column's name, and here the same word in every row", hint=hint)
            return lambda _: fixed[0]
        readers = [self.reader(name) for name in names]
        if fixed == ["", ""]:
            return readers[0]

        def filled(cells: Cells) -> str:
            read = [reader(cells) for reader in readers]
            if not any(read):
                return ""
            parts = [part for pair in zip(fixed, [*(one.strip() for one in read), ""], strict=True) for part in pair]
            return "".join(parts)

        return filled


class Fields(NamedTuple):
    """Fields that are bound to columns."""

    readers: tuple[tuple[str, Callable[[Cells], Any]], ...]
    """Each field, and what makes its value of the cells; nothing is made of blanks."""

    def read(self, cells: Cells) -> dict[str, Any]:
        """Return the fields of a row.

        Raises:
            Unparsable: a cell says nothing that can be made of it; the message begins with the field.
        """
        found: dict[str, Any] = {}
        for name, reader in self.readers:
            try:
                value = reader(cells)
            except Unparsable as error:
                raise Unparsable(f"{name}: {error.message}", hint=error.hint) from None
            if value is not None:
                found[name] = value
        return found


def bound(group: Group, cls: type[BaseModel], columns: Columns, dataset: str) -> Fields:
    """Bind the fields of a group to the columns of a table.

    Raises:
        Unparsable: they ask for a column that is not there; the message begins with the field.
    """
    known = shapes(cls)
    readers: list[tuple[str, Callable[[Cells], Any]]] = []
    for name, spec in group.fields.items():
        try:
            readers.append((name, _reader(name, spec, known[name], columns, dataset)))
        except Unparsable as error:
            raise Unparsable(f"{name}: {error.message}", hint=error.hint) from None
    return Fields(tuple(readers))


def _reader(name: str, spec: Spec, shape: Shape, columns: Columns, dataset: str) -> Callable[[Cells], Any]:
    if spec is True:
        return lambda _: True
    if isinstance(spec, Cell):
        return _of_cell(spec, shape, columns)
    if shape.model is None:  # a table of lines
        lines = Fields(
            tuple(
                (key, _of_cell(one, Shape("line"), columns))
                for key, one in spec.fields.items()
                if isinstance(one, Cell)
            )
        )
        return lambda cells: lines.read(cells) or None
    fields = bound(spec, shape.model, columns, dataset)
    if name == "origin":
        return _of_origin(fields, spec.columns, columns, dataset)
    # A quote without its words, a coding without its code: the row has none.
    needed = [key for key, one in shapes(shape.model).items() if one.required]

    def read(cells: Cells) -> dict[str, Any] | None:
        found = fields.read(cells)
        return found if all(key in found for key in needed) else None

    return read


def _of_origin(fields: Fields, kept: tuple[str, ...], columns: Columns, dataset: str) -> Callable[[Cells], Any]:
    places = [columns.at(name) for name in kept if name != "*"]
    readers: list[tuple[str, Callable[[Cells], str]]] = []

    def read(cells: Cells) -> dict[str, Any] | None:
        if not readers:  # once all other fields have asked for their columns
            rest = range(len(columns.header)) if "*" in kept else ()
            all_kept = [*places, *(at for at in rest if at not in columns.used)]
            readers.extend((columns.name_of(at), columns.reader_at(at)) for at in all_kept)
        found = {"dataset": dataset, **fields.read(cells)}
        if "id" not in found:
            return None
        if columns_kept := {name: text for name, reader in readers if (text := reader(cells))}:
            found["columns"] = columns_kept
        return found

    return read


def _of_cell(cell: Cell, shape: Shape, columns: Columns) -> Callable[[Cells], Any]:
    taken = columns.template(cell.from_) if cell.from_ else lambda _: ""
    one, default, separator = _one(cell, shape), cell.default, cell.separator

    def read(cells: Cells) -> Any:  # noqa: ANN401  whatever the field holds
        text = taken(cells)
        if text:
            return one(text)
        return None if default is None else one(default)

    def read_all(cells: Cells) -> list[Any] | None:
        text = taken(cells) or default or ""
        parts = text.split(separator) if separator is not None else [text]
        return [value for part in parts if part.strip() and (value := one(part)) is not None] or None

    return read_all if shape.many else read


def _one(cell: Cell, shape: Shape) -> Callable[[str], Any]:
    """Return what makes a value of a text that is not blank."""
    if cell.slug or cell.values is not None or shape.kind in {"time", "published"}:
        return _remembered(_looked_up(cell, shape))
    if shape.kind == "number":
        return _number
    return _as_it_stands if shape.kind == "prose" or shape.model is Quote else one_line


def _remembered(make: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return the same function, which is not asked again for what it was asked: most words come again and again."""
    known: dict[str, Any] = {}

    def asked(text: str) -> Any:  # noqa: ANN401  whatever the field holds
        try:
            return known[text]
        except KeyError:
            value = make(text)
        if len(known) < _REMEMBERED:
            known[text] = value
        return value

    return asked


def _looked_up(cell: Cell, shape: Shape) -> Callable[[str], Any]:
    values, spelling = cell.values, Spelling(cell.date, cell.zone)
    alike = {name_key(word): value for word, value in (values or {}).items()}
    plain = _as_it_stands if shape.kind == "prose" or shape.model is Quote else one_line

    def of(text: str) -> Any:  # noqa: ANN401  whatever the field holds
        if values is not None:
            found = values.get(text, alike.get(name_key(text)))
            if found is None and cell.otherwise == "refuse":
                raise _not_among(text, values)
            if found == "" or (found is None and cell.otherwise == "leave-out"):
                return None
            text = text if found is None else found
        if shape.kind == "time":
            return moment(text, spelling)
        if shape.kind == "published":
            return in_utc(moment(text, spelling))
        if shape.kind == "number":
            return _number(text)
        return slug(text) if cell.slug else plain(text)

    return of


def _number(text: str) -> int | str:
    """Return a whole number; anything else is left for the draft to be refused, or to be an entry's name (`e17`)."""
    return int(text) if _DIGITS.fullmatch(text) else one_line(text)


def _as_it_stands(text: str) -> str:
    return text


def _not_among(text: str, values: dict[str, str]) -> Unparsable:
    word = " ".join(text.split())
    likely = meant(word, values)
    return Unparsable(f"{named(word)} is not in the table of values", hint=f"add it to the mapping; {likely}")
