"""What holds of SQLite files alone: which file is a ledger, and what makes a commit durable."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Refused
from ledger.journal import Journal
from ledger.stores import protocol, sqlite
from ledger.stores.protocol import LAYOUT
from ledger.stores.sqlite import SQLiteStore
from tests.ledger.samples import BASICS, CEASEFIRE, NOW, RUS, new_ledger, prepared
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Make an empty journal in a file."""
    SQLiteStore.create(tmp_path / "l.db")
    with Journal(SQLiteStore(tmp_path / "l.db")) as journal:
        yield journal


def store_of(journal: Journal) -> SQLiteStore:
    """Return the store of a journal that lies in a SQLite file."""
    assert isinstance(journal.store, SQLiteStore)
    return journal.store


def test_a_hole_does_not_end_the_reading(journal: Journal) -> None:
    """Where somebody deleted thousands of entries, the rest is still read, so that a check can see the hole."""
    journal.append([prepared(journal, f"i{n}") for n in range(4_500)], now=NOW, recorded_by=None, head=0)
    with contextlib.closing(sqlite3.connect(store_of(journal).path, isolation_level=None)) as db:
        db.execute("DELETE FROM stored_events WHERE originator_version BETWEEN 2 AND 4400")
    assert [line.entry for line in journal.lines()] == [1, *range(4_401, 4_501)]


@pytest.mark.parametrize("name", ["", "A", "a b", "a/b", "a" * 50, "-a", "ü"])
def test_a_name_that_no_ledger_can_have_is_refused(tmp_path: Path, name: str) -> None:
    """Names are small letters, digits and hyphens."""
    with pytest.raises(Refused, match="cannot name a ledger"):
        SQLiteStore.create(tmp_path / "l.db", name)


# ── Files that are no ledger ──────────────────────────────────────────────────


def foreign(path: Path) -> None:
    """Make a database of something else."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE ledgers (id, name)")
        db.commit()


@pytest.mark.parametrize("kind", ["text", "empty", "foreign", "truncated"])
def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path, kind: str) -> None:
    """Opening it says so, with a hint, and leaves it and its folder as they were."""
    path = tmp_path / "x.db"
    match kind:
        case "text":
            path.write_text("no database at all\n" * 100)
        case "empty":
            path.touch()
        case "foreign":
            foreign(path)
        case "truncated":
            new_ledger(path, *BASICS).close()
            path.write_bytes(path.read_bytes()[:5_000])
    before = path.read_bytes()
    with pytest.raises(Refused, match=r"x\.db is not a ledger") as refused:
        Ledger(path)
    assert refused.value.hint
    assert path.read_bytes() == before


def test_opening_makes_no_file(tmp_path: Path) -> None:
    """A ledger that is not there is refused, and still not there afterwards."""
    for opening in (Ledger, SQLiteStore):
        with pytest.raises(Refused):
            opening(tmp_path / "no.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["text", "foreign", "folder", "below a file"])
def test_a_ledger_is_not_made_in_something_else(tmp_path: Path, kind: str) -> None:
    """`create` refuses a file of another kind and leaves it as it was."""
    path = tmp_path / "x.db"
    match kind:
        case "text" | "below a file":
            path.write_text("no database at all\n" * 100)
        case "foreign":
            foreign(path)
        case "folder":
            path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(Refused) as refused:
        SQLiteStore.create(path / "l.db" if kind == "below a file" else path)
    assert refused.value.hint
    assert (path.read_bytes() if path.is_file() else None) == before


def test_names_that_uris_would_read_otherwise(tmp_path: Path) -> None:
    """A path may hold blanks, question marks, percent signs and other scripts."""
    path = tmp_path / "a b?x=1%20ü" / "l?x.db"
    SQLiteStore.create(path)
    with contextlib.closing(Journal(SQLiteStore(path))) as journal:
        journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    with contextlib.closing(Journal(SQLiteStore(path))) as journal:
        assert journal.head == 1


# ── Durability ────────────────────────────────────────────────────────────────


def test_the_writing_connection_is_durable(journal: Journal) -> None:
    """The connection that commits has `synchronous=FULL` and a write-ahead log."""
    with store_of(journal).recorder.datastore.get_connection(commit=True) as connection, connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA fullfsync").fetchone()[0] == 1


def test_tables_are_made_by_create_only(tmp_path: Path) -> None:
    """Opening and appending run no `CREATE`: a table that is gone stays gone."""
    new_ledger(tmp_path / "l.db", RUS).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "l.db", isolation_level=None)) as db:
        db.execute("DROP TABLE content_keys")
    with contextlib.closing(Journal(SQLiteStore(tmp_path / "l.db"))) as journal:
        with pytest.raises(Refused, match="nothing was recorded"):
            journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=1)
        assert journal.head == 1


# ── Files that can no longer be read or written ───────────────────────────────


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """A `user_version` above ours: neither opened nor added to, and told what to do."""
    path = tmp_path / "l.db"
    new_ledger(path, RUS).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (LAYOUT,)
        db.execute(f"PRAGMA user_version = {LAYOUT + 1}")
    for attempt in (lambda: Ledger(path), lambda: SQLiteStore.create(path, "second")):
        with pytest.raises(Refused, match="newer version") as refused:
            attempt()
        assert refused.value.exit_code == 1
        assert "upgrade" in str(refused.value.hint)


@pytest.mark.parametrize("harm", ["id = 'a3cc345a83a85d40bf457bd!4185a57c'", "secret = CAST('x' AS TEXT)"])
def test_a_ledger_that_is_not_itself_is_refused(tmp_path: Path, harm: str) -> None:
    """An id that is not the name's, or a secret that is none: damage is told as such, not by a traceback."""
    new_ledger(tmp_path / "l.db", RUS).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "l.db", isolation_level=None)) as db:
        db.execute(f"UPDATE ledgers SET {harm}")
    with pytest.raises(Refused, match=r"l\.db is damaged") as refused:
        Ledger(tmp_path / "l.db")
    assert "backup" in str(refused.value.hint)


def test_rows_of_another_kind_do_not_end_in_a_traceback(tmp_path: Path) -> None:
    """A flipped bit turns a text into bytes, or a number into nothing: read as what it was, or refused."""
    path = tmp_path / "l.db"
    with new_ledger(path, RUS) as book:
        before = list(book.journal.lines())
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE stored_events SET topic = CAST(topic AS BLOB), state = CAST(state AS TEXT)")
        db.execute("UPDATE content_keys SET key = 'x'")
    with Ledger(path) as book:
        assert list(book.journal.lines()) == before
        with pytest.raises(Refused, match="is damaged"):
            book.journal.keys()


def test_a_database_from_before_versions_were_said_is_opened(tmp_path: Path) -> None:
    """`user_version` 0 is the first layout, written before it said so."""
    path = tmp_path / "l.db"
    new_ledger(path, RUS).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 0")
    with Ledger(path) as book:
        assert book.record(CEASEFIRE).entry == 2


def test_a_full_disk_is_refused_and_harms_nothing(journal: Journal) -> None:
    """Where the database can grow no more, nothing of the batch is there, and with room again it goes on."""
    done = journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    with store_of(journal).recorder.datastore.get_connection(commit=True) as connection, connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    before = list(journal.lines())
    with pytest.raises(Refused, match="nothing was recorded: database or disk is full") as refused:
        journal.append([prepared(journal, f"i{n}") for n in range(500)], now=NOW, recorded_by=None, head=done.last)
    assert "disk full" in str(refused.value.hint)
    assert list(journal.lines()) == before
    with store_of(journal).recorder.datastore.get_connection(commit=True) as connection, connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 100000")
    assert journal.append([prepared(journal, "b")], now=NOW, recorded_by=None, head=done.last).last == done.last + 1


def test_a_journal_without_room_to_open_is_no_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader needs a little room beside the journal: where there is none, nobody is told that it is no ledger."""
    SQLiteStore.create(tmp_path / "l.db")
    full = sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"

    def cannot(_: str) -> sqlite3.Connection:
        raise full

    monkeypatch.setattr(sqlite, "opened", cannot)
    with pytest.raises(Refused, match="no room is left on its disk") as refused:
        Ledger(tmp_path / "l.db")
    assert "make room" in str(refused.value.hint)


SIZE_LIMITED = """
import resource, signal, sys
from verbale.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files here")
def test_a_file_that_may_not_grow_is_a_message_not_a_traceback(tmp_path: Path) -> None:
    """The command line under a limit on the size of files: exit 1, a hint, the journal as it was."""
    path = tmp_path / "l.db"
    with new_ledger(path, *BASICS) as book:
        before = b"".join(book.export_journal())
        book.views.catch_up()
    size = str(max(file.stat().st_size for file in tmp_path.glob("l.db*")))
    words = [
        "record",
        "statement",
        "RUS",
        "ceasefire",
        "oppose",
        "-m",
        "x" * 60_000,
        "--said-on",
        "2025",
        "--ledger",
        path,
    ]
    command = [sys.executable, "-c", SIZE_LIMITED, size, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert "Hint: " in done.stderr
    assert "Traceback" not in done.stderr
    with Ledger(path) as book:
        assert b"".join(book.export_journal()) == before


def test_a_journal_that_cannot_be_locked_names_its_file(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer that does not let go: refused after a while, with a hint that names the file."""
    monkeypatch.setattr(protocol, "LOCK_SECONDS", 0)
    path = store_of(journal).path
    with (
        Journal(SQLiteStore(path)) as other,
        other.writing(),
        pytest.raises(Refused, match=r"l\.db has been held by another writer") as refused,
        journal.writing(),
    ):
        pass
    assert "try again" in str(refused.value.hint)


ASKING = """
import sys
sys.argv = ["verbale", *sys.argv[1:]]
from verbale.cli import main
try:
    main()
finally:
    heavy = {"eventsourcing", "filelock", "psycopg", "psycopg_pool", "sqlite_utils", "rapidfuzz"} & set(sys.modules)
    assert not heavy, heavy
"""


@pytest.mark.parametrize("words", ["show RUS", "matrix", "log", "status", "why RUS ceasefire"])
def test_asking_imports_nothing_that_only_writers_need(tmp_path: Path, words: str) -> None:
    """A question to a SQLite file starts without the library, the lock, PostgreSQL's client and the helpers."""
    new_ledger(tmp_path / "l.db", *BASICS).close()
    command = [sys.executable, "-c", ASKING, *words.split(), "--ledger", str(tmp_path / "l.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
