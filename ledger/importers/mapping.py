r"""A mapping: a file in TOML that says what the rows of a table are, and where each field of theirs comes from.

    dataset = "talks"                # the name of the data, in ids and origins

    [row]
    type = "statement-made"          # any draft of events/README.md that is not about another entry
    party = "{country}"              # a text in which {column} stands for that cell
    issue = "ceasefire-30d"          # the same in every row
    text = "{country} voted {vote}"
    said_on = { from = "{day}", date = "%d/%m/%Y" }
    stance = { from = "{vote}", values = { "Y" = "support", "N" = "oppose" } }
    to = { from = "{addressed}", separator = ";" }

    [row.source]                     # the document that the row rests on, registered once for each URL
    title = "{headline}"
    url = "{link}"
    published_at = "{published}"

    [row.origin]                     # where the row comes from
    id = "{id}"
    columns = ["notes"]              # what else of it is kept, word for word

A field whose cells are all blank is left out.  Beside `from` a field may say `values` and what to do with others
(`otherwise`: refuse, keep, leave-out), `date` and `zone` (`ledger.importers.moments`), `separator`, `slug` (make an id
of it) and `default`.  `party`, `issue` and `source` may be a table of the fields that register one, where the ledger
does not know it.  `[[row]]` with `when = { column = ["value"] }` makes entries of several types; `other_rows` says what
becomes of rows that no `when` fits.  `[table]` says what is not told by looking at the file
(`ledger.importers.tables.Layout`) and which words mean a blank (`missing`); `[unknown]` whether names that the ledger
does not know are refused or registered.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from ledger.drafts import references
from ledger.entries import Entry, IssueOpened, PartyRegistered, Quote, SourceRegistered
from ledger.entries.base import Value
from ledger.errors import Refused, Unparsable
from ledger.explaining import named, shown
from ledger.importers.likeness import meant
from ledger.importers.mapping_parts import Cell, Group, Mapping, MappingFile, Rule, Spec
from ledger.importers.moments import UNIX
from ledger.importers.shapes import TYPES, Shape, shapes
from ledger.importers.tables import Layout
from ledger.importers.toml_lines import line_of

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

REGISTERED: Final[dict[str, type[Entry]]] = {"party": PartyRegistered, "issue": IssueOpened, "source": SourceRegistered}
"""Fields that name something, and what registers it."""
TO_EDIT: Final = "EDIT"
"""What stands in a drafted mapping for what nothing tells."""


class _Wrong(Exception):
    """What is wrong with a key."""

    def __init__(self, path: tuple[str, ...], message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.path, self.message, self.hint = path, message, hint


def read_mapping(path: Path) -> Mapping:
    """Return what a mapping file says.

    Raises:
        Refused: it cannot be read.
        Unparsable: it is no mapping.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        hint = "draft one with: verbale import FILE --suggest-mapping"
        raise Refused(f"cannot read the mapping {path}: {error.strerror}", hint=hint) from None
    except UnicodeDecodeError:
        raise Unparsable(f"the mapping {path} is not UTF-8", hint="TOML is UTF-8; save it so") from None
    return mapping_of(text, path.name)


def mapping_of(text: str, name: str = "the mapping") -> Mapping:
    """Return what a mapping says.

    Args:
        text: the file.
        name: what messages call it.

    Raises:
        Unparsable: it is no TOML, or a key is wrong; the message names its line.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unparsable(f"{name}: no TOML: {error}", hint='texts stand in quotes: party = "{country}"') from None
    try:
        return _mapping(given)
    except _Wrong as wrong:
        line = line_of(text, wrong.path)
        where = f"{name}, line {line}" if line else name
        key = ".".join(wrong.path)
        said = f"{where}: {key}: {wrong.message}" if key else f"{where}: {wrong.message}"
        raise Unparsable(said, hint=wrong.hint) from None


def _mapping(given: dict[str, Any]) -> Mapping:
    file = _checked(MappingFile, given, ())
    table = file.table
    rows = file.row if isinstance(file.row, list) else [file.row]
    rules = tuple(_rule(row, several=len(rows) > 1) for row in rows)
    unknown = {
        kind for kind, choice in (("party", file.unknown.party), ("issue", file.unknown.issue)) if choice != "refuse"
    }
    layout = Layout(
        table.encoding, table.delimiter, table.quote or None, table.header, table.columns, table.sheet, table.ragged
    )
    return Mapping(
        file.dataset,
        layout,
        frozenset(word.strip() for word in table.missing),
        table.formula_guard,
        frozenset(unknown),
        file.other_rows == "leave-out",
        rules,
    )


def _rule(row: dict[str, Any], *, several: bool) -> Rule:
    given = dict(row)
    kind, when = given.pop("type", None), given.pop("when", {})
    if kind is None:
        raise _Wrong(("row",), "'type' is missing", f"what a row is, {meant('', TYPES)}")
    if kind not in TYPES:
        raise _Wrong(("row", "type"), f"no row can be {shown(kind)}", meant(str(kind), TYPES))
    if not isinstance(when, dict):
        raise _Wrong(("row", "when"), "it is a table of columns and words", 'when = { kind = ["speech", "vote"] }')
    conditions: dict[str, tuple[str, ...]] = {}
    for column, words in when.items():
        listed = words if isinstance(words, list) else [words]
        if not listed or not all(isinstance(word, str) for word in listed):
            raise _Wrong(("row", "when"), f"{named(column)} has no words", 'when = { kind = ["speech", "vote"] }')
        conditions[column] = tuple(word.strip() for word in listed)
    if several and not conditions:
        raise _Wrong(("row", "when"), "of several rows, each says which it is about", 'when = { kind = ["vote"] }')
    cls = TYPES[kind]
    return Rule(cls, conditions, _group(cls, given, ("row",)))


def _group(cls: type[BaseModel], given: dict[str, Any], path: tuple[str, ...], *, registers: bool = False) -> Group:
    known = shapes(cls)
    columns: tuple[str, ...] = ()
    found: dict[str, Spec] = {}
    for key, value in given.items():
        at = (*path, key)
        if key not in known:
            raise _Wrong(
                at, "there is no such field", meant(key, ["type", "when", *known] if path == ("row",) else known)
            )
        if path[-1] == "origin" and key == "columns":
            columns = _columns(value, at)
        else:
            named_by = REGISTERED.get(key) if path == ("row",) and key in references(cls) else None
            found[key] = _field(key, known[key], value, at, named_by)
    implied = {"dataset"} if path[-1] == "origin" else {"source", "title"} if cls is SourceRegistered else set()
    lacking = [key for key, shape in known.items() if shape.required and key not in found and key not in implied]
    if lacking:
        needed = ", ".join(key for key, shape in known.items() if shape.required and key not in implied)
        raise _Wrong(path, f"'{lacking[0]}' is missing", f"it needs {needed}")
    if cls is SourceRegistered and not {"source", "title", "url"} & found.keys():
        raise _Wrong(path, "'title' is missing", "a source needs a title, or a url")
    return Group(found, cls if registers and issubclass(cls, Entry) else None, columns)


def _columns(value: object, at: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Wrong(at, "it is a list of columns", 'columns = ["notes", "tone"], or ["*"] for all the rest')
    return tuple(value)


def _field(key: str, shape: Shape, value: object, at: tuple[str, ...], named_by: type[Entry] | None) -> Spec:
    if shape.kind == "flag":
        if value is not True:
            raise _Wrong(at, "it is true, or is left out", f"{key} = true")
        return True
    table = value if isinstance(value, dict) and "from" not in value else None
    if table is not None and shape.model is not None:
        return _group(shape.model, table, at)
    if table is not None and shape.keys:
        for name in table:
            if name not in shape.keys:
                raise _Wrong((*at, name), "there is no such code", meant(name, shape.keys))
        return Group({name: _cell(Shape("line"), one, (*at, name)) for name, one in table.items()})
    if table is not None and named_by is not None:
        return _group(named_by, table, at, registers=True)
    if shape.keys or (shape.model is not None and shape.model is not Quote):
        raise _Wrong(at, "it is a table of fields", f"[{'.'.join(at)}]")
    return _cell(shape, value, at)


def _cell(shape: Shape, value: object, at: tuple[str, ...]) -> Cell:
    cell = _checked(Cell, value, at)
    if cell.from_ == TO_EDIT:
        raise _Wrong(at, "it is yet to be said", "edit that line of the draft: the comment on it says how")
    if cell.separator is not None and not shape.many:
        raise _Wrong((*at, "separator"), "the field holds one value, and no list", "leave the separator out")
    timed = shape.kind in {"time", "published"}
    for name in ("date", "zone"):
        if getattr(cell, name) and not timed:
            raise _Wrong((*at, name), "the field holds no time", f"leave {name} out")
    if UNIX in cell.date and len(cell.date) > 1:
        raise _Wrong((*at, "date"), "seconds are written in one way", 'date = "unix"')
    if shape.among:
        constant = [] if "{" in cell.from_ or cell.values is not None else [cell.from_]
        for word in [*constant, *(cell.values or {}).values(), *filter(None, [cell.default])]:
            if word and word not in shape.among:
                raise _Wrong(at, f"{named(word)} is none of its values", _among(word, shape.among))
    return cell


def _among(word: str, values: tuple[str, ...]) -> str:
    hint = meant(word, values)
    return hint if hint.startswith("one") else f"{hint} One of: {', '.join(values)}"


M = TypeVar("M", bound=Value)


def _checked(cls: type[M], given: object, path: tuple[str, ...]) -> M:
    try:
        return cls.model_validate(given)
    except ValidationError as error:
        # A key that is misspelt is told of before the one that is then missing.
        first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    loc = tuple(str(part) for part in first["loc"])
    at = (*path, *(part for part in loc if not part.isdigit() and part != "[key]" and "[" not in part))
    kind = first["type"]
    names = [info.alias or name for name, info in _at(cls, loc[:-1]).model_fields.items()]
    if kind == "extra_forbidden":
        raise _Wrong(at, "there is no such key", meant(loc[-1], names))
    if kind == "missing":
        hint = {"dataset": 'name the data: dataset = "talks"', "row": "say what a row is: [row]"}.get(loc[-1])
        raise _Wrong(at[:-1], f"'{loc[-1]}' is missing", hint or f"keys: {', '.join(names)}")
    if kind == "literal_error":
        values = first["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        raise _Wrong(at, f"{shown(first['input'])} is none of its values", f"one of: {values}")
    if kind == "value_error":
        raise _Wrong(at, first["msg"].removeprefix("Value error, "))
    if kind in {"model_type", "model_attributes_type"} and cls is Cell:
        raise _Wrong(at, f"{shown(first['input'])} says no field", 'write a text: "{column}", or { from = "{column}" }')
    raise _Wrong(at, f"{shown(first['input'])} will not do", f"{first['msg'].lower()}")


def _at(cls: type[BaseModel], loc: tuple[str, ...]) -> type[BaseModel]:
    """Return the model that a key stands in."""
    for part in loc:
        info = cls.model_fields.get(part)
        if info is not None and isinstance(info.annotation, type) and issubclass(info.annotation, Value):
            cls = info.annotation
    return cls
