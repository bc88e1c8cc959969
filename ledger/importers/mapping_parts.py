"""The parts of a mapping, as `ledger.importers.mapping` reads them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from ledger.entries import Entry  # noqa: TC001  a part of types that pydantic reads
from ledger.entries.base import Identifier, Value
from ledger.importers.moments import must_be_format, must_be_zone
from ledger.importers.tables import Layout  # noqa: TC001  likewise

Choice = Literal["refuse", "register"]
_DATASET: Final = 80


def _format(text: str) -> str:
    must_be_format(text)
    return text


def _zone(text: str) -> str:
    must_be_zone(text)
    return text


class Cell(Value, frozen=True):
    """Where a field comes from."""

    from_: str = Field(alias="from")
    """A text in which `{column}` stands for the cell of that column."""
    values: dict[str, str] | None = None
    """What each word of the table is in the ledger; a blank one leaves the field out."""
    otherwise: Literal["refuse", "keep", "leave-out"] = "refuse"
    """What becomes of a word that is not among them."""
    date: tuple[Annotated[str, AfterValidator(_format)], ...] = ()
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    separator: Annotated[str, Field(min_length=1)] | None = None
    slug: bool = False
    default: str | None = None
    """What stands for blanks."""

    @model_validator(mode="before")
    @classmethod
    def _spelled(cls, given: object) -> object:
        if isinstance(given, str | int | float) and not isinstance(given, bool):
            return {"from": str(given)}
        if isinstance(given, dict) and isinstance(given.get("date"), str):
            return {**given, "date": (given["date"],)}
        return given


Spec: TypeAlias = "Cell | Group | Literal[True]"
"""What a mapping says of a field."""


class Group(NamedTuple):
    """Fields together: of a row, of a table within it, or of what a row's `party`, `issue` or `source` registers."""

    fields: dict[str, Spec]
    registers: type[Entry] | None = None
    columns: tuple[str, ...] = ()
    """Of an origin: the columns that are kept; `*` is all that nothing else is made of."""


class Rule(NamedTuple):
    """What some rows are."""

    cls: type[Entry]
    when: dict[str, tuple[str, ...]]
    """The words that a row must have in each of these columns."""
    fields: Group


class TablePart(Value, frozen=True):
    """`[table]`: what is not told by looking at the file."""

    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote: Annotated[str, Field(max_length=1)] = '"'
    header: Annotated[int, Field(ge=0, strict=True)] | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    ragged: Literal["refuse", "pad"] = "refuse"
    missing: tuple[str, ...] = ()
    formula_guard: bool = False


class UnknownPart(Value, frozen=True):
    """`[unknown]`: what becomes of names that the ledger does not know."""

    party: Choice = "refuse"
    issue: Choice = "refuse"


class MappingFile(Value, frozen=True):
    """All of a mapping; its rows are looked at one by one."""

    dataset: Annotated[Identifier, Field(max_length=_DATASET)]
    table: TablePart = TablePart()
    unknown: UnknownPart = UnknownPart()
    other_rows: Literal["refuse", "leave-out"] = "refuse"
    row: dict[str, Any] | list[dict[str, Any]]


class Mapping(NamedTuple):
    """What a mapping file says."""

    dataset: str
    layout: Layout
    missing: frozenset[str]
    """Words that mean a blank."""
    guarded: bool
    """Whether cells have a `'` before what a spreadsheet would take for a formula, as our own CSV does."""
    registers: frozenset[str]
    """Of which kinds unknown names are registered: `party`, `issue`."""
    leaves_out: bool
    """Whether rows that no rule is about are left out, and not refused."""
    rules: tuple[Rule, ...]
