"""What the first rows of a table tell: which column is what, how its times are written, which words it holds."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import LedgerError, Refused
from ledger.importers.header_words import NAMES, plain
from ledger.importers.moments import UNIX, Spelling, moment
from ledger.importers.tables import Layout, Table

if TYPE_CHECKING:
    from typing import IO

    from ledger.importers.charsets import Charset
    from ledger.importers.tables import Row

_ROWS: Final = 1_000
_DATES: Final = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d%m%Y"),
    *("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y", "%B %Y", "%b %Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d.%m.%y"),
)
_CLOCKS: Final = ("", " %H:%M", " %H:%M:%S", ", %H:%M", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
MIDNIGHT: Final = ("%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00:00")
"""How spreadsheets and data frames write days, where they have no type for them."""
_SECONDS: Final = re.compile("[0-9]{9,10}")


class Column(NamedTuple):
    """A column of a table."""

    at: int
    name: str
    """As it stands in the header."""
    reference: str
    """How a mapping calls it, in braces."""
    values: tuple[str, ...]
    """The cells of the first rows that are not blank."""

    @property
    def words(self) -> tuple[str, ...]:
        """The different values, in the order of their first appearance."""
        return tuple(dict.fromkeys(value.strip() for value in self.values))


class Sample(NamedTuple):
    """A table, as far as its first rows go."""

    columns: tuple[Column, ...]
    rows: int
    more: bool
    """Whether there are rows that were not looked at."""
    charset: Charset
    delimiter: str | None
    sheets: tuple[str, ...]

    def column(self, *fields: str, taken: frozenset[int] | set[int] = frozenset()) -> Column | None:
        """Return the column of the first of these fields that has one, but for those that are taken."""
        for field in fields:
            for name in NAMES[field]:
                for column in self.columns:
                    if column.at not in taken and plain(column.name) == name:
                        return column
        return None


def sampled(file: IO[bytes], name: str) -> Sample:
    """Return what the first rows of a table hold.

    Args:
        file: the table.
        name: how the file is called.

    Raises:
        LedgerError: the file cannot be read as a table, or holds no row that can be read.
    """
    with Table(file, Layout(ragged="pad")) as table:
        first = list(islice(table, _ROWS))
        rows = [row.cells for row in first if len(row.cells) == len(table.header)]
        if not rows:
            raise _nothing_in(name, table.header, first)
        more = next(iter(table), None) is not None
        names = [name.strip() for name in table.header]
        keys = [name.casefold() for name in names]
        columns = tuple(
            Column(
                at,
                name,
                f"{{{name}}}"
                if name and keys.count(keys[at]) == 1 and not re.search(r"[{}\n]", name)
                else f"{{#{at + 1}}}",
                tuple(row[at] for row in rows if row[at].strip()),
            )
            for at, name in enumerate(names)
        )
        return Sample(columns, len(rows), more, table.charset, table.delimiter, table.sheets)


def _nothing_in(name: str, header: tuple[str, ...], rows: list[Row]) -> Refused:
    """Return why a table tells nothing of what its columns are."""
    trouble = next(((row.number, row.error) for row in rows if row.error is not None), None)
    if trouble is not None:
        number, error = trouble
        return Refused(f"no row of {name} can be read: line {number}: {error.message}", hint=error.hint)
    if header:
        hint = "a mapping is told from the rows as well: give it a table that has some"
        return Refused(f"{name} has a header and no row below it to draft a mapping from.", hint=hint)
    hint = "give it a table: a line with the names of the columns, and the rows below"
    return Refused(f"{name} is empty: there is no header and no row to draft a mapping from.", hint=hint)


class Times(NamedTuple):
    """How the times of a column are written."""

    formats: tuple[str, ...] = ()
    """None where they have one meaning; one that reads all of them; several that read all, and differ."""
    evidence: str | None = None
    """The value that tells day and month apart."""
    needs_zone: bool = False
    unread: str | None = None
    """A value that no format here reads."""


def times_of(column: Column) -> Times:
    """Return how the times of a column are written, as far as its values tell."""
    values = [value.strip() for value in column.words]
    for form in MIDNIGHT if values else ():
        if all(not _fails(value, Spelling((form,))) for value in values):
            return Times((form,))
    zoneless = [value for value in values if _fails(value, Spelling()) and not _fails(value, Spelling(zone="Z"))]
    if all(not _fails(value, Spelling(zone="Z")) for value in values):
        return Times(needs_zone=bool(zoneless))
    if all(_SECONDS.fullmatch(value) for value in values):
        return Times((UNIX,))
    fitting = [
        form
        for form in (day + clock for clock in _CLOCKS for day in _DATES)
        if all(not _fails(value, Spelling((form,), "Z")) for value in values)
    ]
    if not fitting:
        unread = next(value for value in values if _fails(value, Spelling(zone="Z")))
        return Times(unread=unread)
    clock = "%H" in fitting[0] or "%I" in fitting[0]
    meanings: dict[tuple[str, ...], str] = {}
    for form in fitting:
        meanings.setdefault(tuple(moment(value, Spelling((form,), "Z")) for value in values), form)
    formats = tuple(meanings.values())
    return Times(formats, _evidence(formats, values) if len(formats) == 1 else None, needs_zone=clock)


def _evidence(formats: tuple[str, ...], values: list[str]) -> str | None:
    """Return a value that reads in no other order of day and month."""
    swapped = formats[0].translate(str.maketrans("dm", "md"))
    return next((value for value in values if swapped != formats[0] and _fails(value, Spelling((swapped,), "Z"))), None)


def _fails(value: str, spelling: Spelling) -> bool:
    try:
        moment(value, spelling)
    except LedgerError:
        return True
    return False


def separator_of(column: Column) -> str | None:
    """Return what stands between the values of cells that hold several; None where none does."""
    return next((one for one in (";", "|") if any(one in value for value in column.values)), None)
