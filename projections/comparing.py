"""Do two views say the same?  Table by table, row by row, in the order of each table's key, in memory that stays flat.

Whatever tables the fold makes are compared, so that a table added to `projections.schema` is compared too.  The search
index has a way of its own: it is brought up to date only when somebody searches, so its rows are held to what they
would be at the entry that it has reached.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from projections import search

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

FRESH: Final = "fresh"
"""The name under which the views that were folded anew are attached to the connection to the others."""

_CHUNK: Final = 5_000
_OF_SEARCH: Final = ("search", "search_mark", "search_fts")
_ABOUT: Final = ("entry", "amendment", "known_from")
"""The columns that say which entry a row is about: the first of them that a table has."""
_SCHEMA: Final = """
SELECT name, type || ' ' || sql FROM {}.sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""
_KEY: Final = "SELECT name FROM pragma_table_info(?, 'fresh') WHERE pk > 0 ORDER BY pk"
_COLUMNS: Final = "SELECT name FROM pragma_table_info(?, 'fresh') ORDER BY cid"


class Difference(NamedTuple):
    """One way in which the views are not what they should be."""

    table: str
    entry: int | None
    """The first entry that is told of otherwise, where that can be said."""
    says: str


class Compared(NamedTuple):
    """A table that was compared to its end."""

    table: str
    rows: int


def compared(db: sqlite3.Connection, skipped: Collection[str] = ()) -> Iterator[Difference | Compared]:
    """Yield how each table compares, the first difference of each.

    Args:
        db: the views in question, with those folded anew attached as `fresh`; in a transaction, so that nobody changes
            them meanwhile.
        skipped: tables that are not compared.

    Raises:
        sqlite3.Error: the views cannot be read.
    """
    expected, found = (
        {n: s for n, s in db.execute(_SCHEMA.format(of)) if not _is_of_search(n)} for of in (FRESH, "main")
    )
    for name in sorted((expected.keys() | found.keys()) - set(skipped)):
        if name not in found:
            yield Difference(name, None, f"{name} is missing")
        elif name not in expected:
            yield Difference(name, None, f"{name} is none of the ledger's tables and indexes")
        elif expected[name] != found[name]:
            yield Difference(name, None, f"{name} is laid out otherwise")
        elif expected[name].startswith("table "):
            yield _table(db, name)


def _is_of_search(name: str) -> bool:
    return name in _OF_SEARCH or name.startswith("search_fts_")


def _table(db: sqlite3.Connection, name: str) -> Difference | Compared:
    key = ", ".join(f'"{column}"' for (column,) in db.execute(_KEY, (name,))) or "rowid"
    number = 0
    db.text_factory = bytes  # what is no UTF-8 is a difference too
    try:
        mine, theirs = (db.execute(f'SELECT * FROM {of}."{name}" ORDER BY {key}') for of in ("main", FRESH))
        while (chunk := theirs.fetchmany(_CHUNK)) == mine.fetchmany(_CHUNK):
            number += len(chunk)
            if not chunk:
                return Compared(name, number)
        theirs.close()
        mine.close()
    finally:
        db.text_factory = str
    return _first_of(db, name)


def _first_of(db: sqlite3.Connection, name: str) -> Difference:
    columns = [column for (column,) in db.execute(_COLUMNS, (name,))]
    about = next((column for column in _ABOUT if column in columns), None)
    query = f"SELECT COUNT(*), MIN({about or 'NULL'}) FROM (SELECT * FROM {{}}.{name} EXCEPT SELECT * FROM {{}}.{name})"
    (surplus, there), (missing, here) = (
        db.execute(query.format(*both)).fetchone() for both in (("main", FRESH), (FRESH, "main"))
    )
    if not surplus and not missing:
        return Difference(name, None, f"{name} has a row twice, or in another order")
    entry = min((number for number in (there, here) if isinstance(number, int)), default=None)
    said = [
        f"{surplus:,} that do not follow from the journal" if surplus else "",
        f"{missing:,} missing" if missing else "",
    ]
    of = "" if entry is None else f", first of e{entry}"
    return Difference(
        name, entry, f"{name} has rows that are not what they should be: {', '.join(filter(None, said))}{of}"
    )


def searched(db: sqlite3.Connection, fresh: sqlite3.Connection) -> Difference | Compared | None:
    """Return how the rows of the search index compare; None where nobody has searched.

    Args:
        db: the views in question.
        fresh: those folded anew, at least as far.

    Raises:
        sqlite3.Error: the views cannot be read.
    """
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    mark = db.execute("SELECT version, entry FROM search_mark").fetchall() if "search_mark" in names else []
    if "search" not in names or len(mark) != 1 or mark[0][0] != search.VERSION:
        return None  # made anew when somebody searches
    rows: Iterator[tuple[Any, Any]] = zip_longest(
        db.execute("SELECT * FROM search ORDER BY id"), search.indexed(fresh, mark[0][1])
    )
    count = 0
    for found, expected in rows:
        count += 1
        if found != expected:
            entry = (expected or found)[1]
            return Difference("search", entry, f"search has rows that are not what they should be, first of e{entry}")
    return Compared("search", count)


def check_words(db: sqlite3.Connection) -> None:
    """Let the full-text index be held to the rows that it indexes; nothing is changed.

    Args:
        db: the views, on a connection that can write, in a transaction that is rolled back.

    Raises:
        sqlite3.Error: it does not hold.
    """
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'search_fts'").fetchone():
        db.execute("INSERT INTO search_fts (search_fts, rank) VALUES ('integrity-check', 1)")
