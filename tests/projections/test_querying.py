"""Anybody's SQL is answered from the views, and can do nothing else."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import Refused, Unparsable
from projections.querying import query
from tests.ledger.samples import BASICS, new_ledger, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbale import Ledger


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Hold a ledger of two parties, an issue and a statement."""
    with new_ledger(tmp_path / "ledger.db", *BASICS, statement("No to pauses.")) as ledger:
        yield ledger


def rows(book: Ledger, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Return all rows of an answer."""
    return list(book.query(sql, parameters).rows)


READING = [
    ("SELECT 1", [(1,)]),
    ("  -- first\n/* then */ select 2", [(2,)]),
    ("WITH x(n) AS (SELECT 3) SELECT n FROM x", [(3,)]),
    ("VALUES (4), (5)", [(4,), (5,)]),
    ("WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < 3) SELECT SUM(n) FROM c", [(6,)]),
    ("SELECT COUNT(*) FROM entries", [(4,)]),
    ("SELECT value FROM json_each('[7]')", [(7,)]),
    ("SELECT name FROM pragma_table_info('issues') WHERE pk", [("issue",)]),
    ("SELECT s.entry FROM search_fts JOIN search s ON s.id = search_fts.rowid WHERE search_fts MATCH 'pauses'", [(4,)]),
    ("SELECT highlight(search_fts, 0, '<', '>') FROM search_fts WHERE search_fts MATCH 'no'", [("<No> to pauses.",)]),
    ("SELECT name FROM parties WHERE party = :party", [("Russia",)]),
]


@pytest.mark.parametrize(("sql", "answer"), READING)
def test_what_reads_is_answered(book: Ledger, sql: str, answer: list[tuple[Any, ...]]) -> None:
    """SELECT, WITH, VALUES, table-valued functions and full-text search work, on the disk and in memory."""
    assert rows(book, sql, party="RUS") == answer
    memory = sqlite3.connect(":memory:")
    book.views.db.backup(memory)
    assert list(query(memory, sql, {"party": "RUS"}).rows) == answer
    memory.close()


def test_explain_is_answered(book: Ledger) -> None:
    """How SQLite would go about it can be asked too."""
    assert rows(book, "EXPLAIN QUERY PLAN SELECT * FROM entries")


WRITING = [
    "INSERT INTO parties VALUES ('X', 'X', 'state', 1)",
    "UPDATE parties SET name = 'X'",
    "DELETE FROM entries",
    "REPLACE INTO parties VALUES ('X', 'X', 'state', 1)",
    "WITH x AS (SELECT 1) DELETE FROM entries",
    "WITH x AS (SELECT 1) INSERT INTO search_fts (search_fts) VALUES ('rebuild')",
    "EXPLAIN DELETE FROM entries",
    "DROP TABLE entries",
    "CREATE TABLE x (y)",
    "CREATE TEMP TABLE x (y)",
    "ATTACH 'ledger.db' AS journal",
    "DETACH main",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA query_only = OFF",
    "SELECT * FROM pragma_query_only",
    "SELECT * FROM pragma_database_list",
    "SELECT load_extension('x')",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT x",
    "REINDEX",
    "ANALYZE",
    "SELECT 1; DELETE FROM entries",
    "SELECT 1; SELECT 2",
]


@pytest.mark.parametrize("sql", WRITING)
def test_what_does_not_read_is_refused(book: Ledger, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever would write, attach, set or load is refused with a hint, and no file is any different."""
    monkeypatch.chdir(Path(str(book.place)).parent)
    before = (list(book.export_journal()), rows(book, "SELECT * FROM entries"), sorted(Path.cwd().iterdir()))
    with pytest.raises(Refused) as refused:
        rows(book, sql)
    assert refused.value.hint
    assert (list(book.export_journal()), rows(book, "SELECT * FROM entries"), sorted(Path.cwd().iterdir())) == before


@pytest.mark.parametrize("sql", [sql for sql in WRITING if ";" not in sql and "(SELECT 1)" not in sql])
def test_each_lock_holds_by_itself(book: Ledger, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first word gives away would be refused without it too: the connection itself does nothing else."""
    monkeypatch.chdir(Path(str(book.place)).parent)
    monkeypatch.setattr("projections.querying._must_read", lambda _: None)
    before = rows(book, "SELECT * FROM entries")
    with pytest.raises((Refused, Unparsable)):
        rows(book, sql)
    assert rows(book, "SELECT * FROM entries") == before


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("", "no SQL"),
        ("hello", "no SQL"),
        ("SELECT FROM", "syntax error"),
        ("SELECT (", "incomplete"),
        ("SELECT * FROM nowhere", "no such table: nowhere"),
        ("SELECT nowhere FROM entries", "no such column: nowhere"),
        ("SELECT nowhere(1)", "no such function: nowhere"),
        ("SELECT :missing", ":missing"),
        ("SELECT ?", "Binding"),
        ("SELECT zeroblob(1000000000)", "too big"),
    ],
)
def test_what_sqlite_does_not_understand(book: Ledger, sql: str, says: str) -> None:
    """SQL that SQLite cannot make sense of says why, and what to do."""
    with pytest.raises(Unparsable, match=says) as refused:
        rows(book, sql)
    assert refused.value.hint


def test_the_clocks_are_parameters(book: Ledger) -> None:
    """`:as_of` and `:as_known_at` are bound to the two clocks, and to other values only if somebody says so."""
    answer = book.query("SELECT :as_of, :as_known_at", None, "1970-01-01", "e2")
    assert list(answer.rows) == [(86_400_000_000, 2)]
    assert rows(book, "SELECT :as_known_at", as_known_at=1) == [(1,)]


def test_columns_are_named_once(book: Ledger) -> None:
    """Two columns of one name are told apart, so that no row of JSON loses a value."""
    assert book.query("SELECT 1 AS a, 2 AS a, 3 AS b").columns == ["a", "a_2", "b"]


def test_parameters_are_bound_not_pasted(book: Ledger) -> None:
    """A value is a value, whatever it looks like."""
    assert rows(book, "SELECT :x", x="'; DROP TABLE entries --") == [("'; DROP TABLE entries --",)]


def test_tables_are_listed(book: Ledger) -> None:
    """Every table that is listed can be asked, with the columns that are listed."""
    found = {one.name: one.columns for one in book.tables()}
    assert {"entries", "versions", "cells", "parties", "issues", "search", "search_fts"} <= found.keys()
    for name, columns in found.items():
        assert book.query(f"SELECT * FROM {name}").columns == columns


INTERRUPTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
from projections import querying
from verbale.cli import main

made = querying._reader

def reader(db):
    found = made(db)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print("running", flush=True)
    return found

querying._reader = reader
sys.argv[0] = "verbale"
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="a signal to another process means something else there")
@pytest.mark.parametrize("select", ["COUNT(*)", "n"])
def test_ctrl_c_ends_a_query(book: Ledger, select: str) -> None:
    """A query that runs away ends at Ctrl-C with exit code 130 and without a traceback."""
    sql = f"WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c) SELECT {select} FROM c"
    command = [sys.executable, "-c", INTERRUPTED, "query", sql, "--ledger", str(book.place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == b"running"
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert (running.returncode, err.strip()) == (130, b"")
