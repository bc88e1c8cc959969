"""Anybody's SQL over the views: one statement that reads, on a connection that cannot write.

Three locks, each enough by itself: the file is opened `mode=ro`, `PRAGMA query_only` is on, and an authorizer lets
SELECTs, columns, functions and a few PRAGMAs that describe tables pass, and nothing else: no ATTACH, so the journal
beside the views is out of reach, no other PRAGMA, no extension.  Views in memory are copied first.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.errors import Refused, Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PASSING: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_DESCRIBING: Final = frozenset(
    {
        "data_version",  # asked by FTS5 itself
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
_FUNCTIONS: Final = ("json_each", "json_tree")
_READING: Final = frozenset({"SELECT", "WITH", "VALUES", "EXPLAIN"})
_OTHER: Final = re.compile(
    "ALTER|ANALYZE|ATTACH|BEGIN|COMMIT|CREATE|DELETE|DETACH|DROP|END|INSERT|PRAGMA|REINDEX|RELEASE|REPLACE|ROLLBACK"
    "|SAVEPOINT|UPDATE|VACUUM"
)
_BEFORE: Final = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*+", re.DOTALL)
_WORD: Final = re.compile(r"[A-Za-z]*")
_DENIED: Final = ("not authorized", "authorization denied", "prohibited", "readonly")
_MOST_BYTES: Final = 100_000_000
"""The longest text or blob that a statement may make."""
_STEPS: Final = 20_000
"""Steps of SQLite's machine between two looks at whether somebody pressed Ctrl-C."""
_TABLES: Final = "see the tables with: verbale query --tables"
_ONE_READING: Final = "one SELECT, WITH, VALUES or EXPLAIN; what is recorded changes by entries only"


class Answer(NamedTuple):
    """What a statement answers."""

    columns: list[str]
    """Each named once: a second column of one name gets a number."""
    rows: Iterator[tuple[Any, ...]]
    """Read as they are asked for; the connection is closed after the last."""


class Table(NamedTuple):
    """A table of the views and its columns."""

    name: str
    columns: list[str]


def query(db: sqlite3.Connection, sql: str, parameters: Mapping[str, object]) -> Answer:
    """Run one statement that only reads.

    Args:
        db: the views, caught up.
        sql: the statement.
        parameters: what its `:names` stand for.

    Raises:
        Refused: it would do something else, or is more than one statement.
        Unparsable: SQLite does not understand it.
        KeyboardInterrupt: somebody pressed Ctrl-C.
    """
    _must_read(sql)
    reader = _reader(db)
    with _explained(reader):
        cursor = reader.execute(sql, parameters)
    return Answer(_distinct([column[0] for column in cursor.description or ()]), _rows(reader, cursor))


def tables(db: sqlite3.Connection) -> list[Table]:
    """Return the tables of the views that are meant to be read, in the order in which they were made."""
    found = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual', 'view')"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    names = [name for (name,) in found]
    query = "SELECT name FROM pragma_table_info(?)"
    return [Table(name, [column for (column,) in db.execute(query, (name,))]) for name in names]


def _must_read(sql: str) -> None:
    start = _BEFORE.match(sql)
    word = _WORD.match(sql, start.end() if start else 0)
    first = word[0].upper() if word else ""
    if _OTHER.fullmatch(first):
        raise Refused(f"{first} is not for the views", hint=_ONE_READING)
    if first not in _READING:
        raise Unparsable("that is no SQL that reads", hint=_ONE_READING)


def _reader(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a new connection to the same tables, with the three locks on."""
    (path,) = (file for _, name, file in db.execute("PRAGMA database_list") if name == "main")
    if path:
        reader = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True, isolation_level=None)
    else:
        reader = sqlite3.connect(":memory:", isolation_level=None)
        db.backup(reader)
    _make_virtual_tables(reader)
    reader.execute("PRAGMA query_only=ON")
    reader.execute("PRAGMA trusted_schema=OFF")
    reader.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    reader.set_authorizer(_allowed)
    # In between Python looks for signals: a Ctrl-C ends the statement.
    reader.set_progress_handler(lambda: 0, _STEPS)
    return reader


def _make_virtual_tables(reader: sqlite3.Connection) -> None:
    """Let the virtual tables declare themselves: in their constructors they create a table, as the authorizer sees it.

    On a read-only connection that is nothing but memory.
    """
    ours = reader.execute("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL %'").fetchall()
    for name in (*(name for (name,) in ours), *_FUNCTIONS, *(f"pragma_{name}" for name in _DESCRIBING)):
        with suppress(sqlite3.OperationalError):  # of a SQLite that does not have it
            reader.execute(f"SELECT * FROM {name} LIMIT 0")


def _allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in _PASSING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second == "load_extension" else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _DESCRIBING:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _rows(reader: sqlite3.Connection, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    try:
        with _explained(reader):
            yield from cursor
    finally:
        reader.close()


@contextmanager
def _explained(reader: sqlite3.Connection) -> Iterator[None]:
    """Turn what SQLite says into what a person can act on, and close the connection."""
    try:
        yield
    except sqlite3.Error as error:
        reader.close()
        said = str(error)
        if said == "interrupted":
            raise KeyboardInterrupt from None
        if "one statement at a time" in said:
            raise Refused("that is more than one statement", hint=_ONE_READING) from None
        if any(words in said for words in _DENIED):
            raise Refused(f"the views are only read: {said}", hint=_ONE_READING) from None
        if "binding" in said.lower():
            raise Unparsable(said.rstrip("."), hint="-p NAME=VALUE says what :NAME stands for") from None
        if isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError | sqlite3.DataError):
            raise Unparsable(f"SQLite says: {said}", hint=_TABLES) from None
        raise


def _distinct(names: list[str]) -> list[str]:
    taken: dict[str, int] = {}
    found = []
    for name in names:
        taken[name] = taken.get(name, 0) + 1
        found.append(name if taken[name] == 1 else f"{name}_{taken[name]}")
    return found
