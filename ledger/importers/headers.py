"""The columns of a table by their names, however a re-export spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

_LONGEST_NAME: Final = 200
_MISSING: Final = frozenset({"", "NA", "NULL", "None", "NaN", "nan", "\\N"})


def plain(name: str) -> str:
    """Return what the spellings of a column's name have in common.

    >>> plain("Event_Date") == plain("event date") == plain('"EventDate"')
    True
    """
    return "".join(filter(str.isalnum, name.casefold()))


def delimiter_of(head: bytes, delimiters: str = "\t;,|") -> str:
    """Return which of the delimiters cuts a file's first line into most cells."""
    return max(delimiters, key=lambda one: _first(head).count(one))


def first_line(head: bytes) -> list[str]:
    """Return the cells of a file's first line, cut by the delimiter that cuts most."""
    return _first(head).split(delimiter_of(head))


def _first(head: bytes) -> str:
    return head.partition(b"\n")[0].decode("utf-8", "replace").strip("\r\ufeff")


def has(head: bytes, columns: Iterable[str]) -> bool:
    """Say whether the first line of a file names these columns, in any spelling."""
    found = set(map(plain, first_line(head)))
    return all(plain(name) in found for name in columns)


def must_be_once(header: Sequence[str], read: Iterable[str]) -> None:
    """Refuse a header in which a column that is read stands more than once: which is meant?

    Args:
        header: the names as they stand, or as they are understood.
        read: names of columns.

    Raises:
        Refused: one does.

    >>> must_be_once(["Date", "Party", "date"], ["date"])
    Traceback (most recent call last):
    ledger.errors.Refused: the header has the column 'date' twice
    """
    places: dict[str, list[int]] = {}
    for at, name in enumerate(header, start=1):
        places.setdefault(plain(name), []).append(at)
    for name in read:
        *others, last = places.get(plain(name), [0])
        if others:
            often = "twice" if len(others) == 1 else f"{len(others) + 1} times"
            hint = f"columns {', '.join(map(str, others))} and {last}: rename, or drop, what is not meant"
            raise Refused(f"the header has the column '{name}' {often}", hint=hint)


class Columns:
    """Finds the cells of a row by the names of their columns.

    Args:
        header: the names as they stand.
        needed: those without which a row says nothing.
        read: those that are read where they are there.

    Raises:
        Refused: one is not there, or stands there twice.
    """

    def __init__(self, header: Sequence[str], needed: Collection[str], read: Collection[str] = ()) -> None:
        must_be_once(header, (*needed, *read))
        self._at = {plain(name): at for at, name in reversed(list(enumerate(header)))}
        missing = [name for name in needed if plain(name) not in self._at]
        if missing:
            raise Refused(f"the header has no column '{missing[0]}'", hint=f"it has: {', '.join(header)[:300]}")

    def read(self, cells: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Return the cells of some columns under our names for them, blank where there is none.

        Args:
            cells: the row.
            names: under our name, the names that the column has had.
        """
        return {ours: self.cell(cells, *theirs) for ours, theirs in names.items()}

    def cell(self, cells: Sequence[str], *names: str) -> str:
        """Return the cell of the first of these columns that the file has, blank where it has none."""
        at = next((self._at[plain(name)] for name in names if plain(name) in self._at), None)
        return "" if at is None or at >= len(cells) else cells[at].strip()


def given(cell: str) -> str:
    """Return a cell, blank where it says that nothing is known: only for columns in which `NA` is no value."""
    return "" if cell in _MISSING else cell


def kept_columns(header: Sequence[str], elsewhere: Iterable[str]) -> list[tuple[int, str]]:
    """Return the columns of which an entry keeps the cells word for word, each with a name that no other has.

    Args:
        header: the names as they stand; a blank one, and one that stands there again, is told by its place.
        elsewhere: the columns of which the entry itself holds all.
    """
    left_out, found, taken = set(map(plain, elsewhere)), [], set[str]()
    for at, name in enumerate(header):
        if plain(name) in left_out and plain(name) not in taken:
            taken.add(plain(name))
            continue
        words = " ".join("".join(one if one.isprintable() else " " for one in name).split())[:_LONGEST_NAME]
        words = words if words and words not in taken else f"{words or 'column'} #{at + 1}"
        taken.add(words)
        found.append((at, words))
    return found
