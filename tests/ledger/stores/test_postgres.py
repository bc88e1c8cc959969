"""What holds of PostgreSQL alone: its tables, its locks, its users, and the library's ways that are not taken."""

from __future__ import annotations

import contextlib
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from psycopg.sql import SQL, Identifier, Literal

from ledger.batch import Batch
from ledger.codec import StoredLine
from ledger.errors import ConnectionLost, Refused, StateChanged
from ledger.stores import protocol
from ledger.stores.address import parse_address
from ledger.stores.postgres import PostgresStore
from ledger.stores.protocol import LAYOUT
from tests.ledger.samples import BASICS, RUS, new_ledger, source, statement
from tests.postgres import PASSWORD
from verbale import Ledger
from verbale.places import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.stores.protocol import Store
    from tests.postgres import Server


@pytest.fixture
def address(new_address: Callable[[], str]) -> str:
    """Make a ledger, and return its address."""
    address = new_address()
    assert Ledger.create(address)
    return address


def opened(address: str) -> contextlib.closing[PostgresStore]:
    """Open the store at an address."""
    store = place_of(address).open()
    assert isinstance(store, PostgresStore)
    return contextlib.closing(store)


def database_of(address: str) -> str:
    """Return the name of the database of an address."""
    database = parse_address(address)[0].database
    assert database is not None
    return database


# ── Tables ────────────────────────────────────────────────────────────────────


def test_the_tables_are_these(server: Server, database: str) -> None:
    """The names are pinned, the library's function and type are not made, and a second ledger makes none."""
    Ledger.create(server.address(database))
    Ledger.create(server.address(database) + "#second")
    with server.connected(database) as db:
        tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        others = """SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace UNION ALL
            SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname LIKE 'stored%'"""
        assert db.execute(others).fetchall() == [(0,), (0,)]
        assert db.execute("SELECT name, layout FROM verbale_ledgers ORDER BY 1").fetchall() == [
            ("main", LAYOUT),
            ("second", LAYOUT),
        ]
    assert [name for (name,) in tables] == [
        "verbale_checkpoints",
        "verbale_content_keys",
        "verbale_documents",
        "verbale_events",
        "verbale_ledgers",
        "verbale_sealed_values",
        "verbale_verifier_keys",
    ]


def test_opening_and_appending_make_no_tables(server: Server, database: str) -> None:
    """A table that is gone stays gone: the append is refused, with a hint, and nothing is recorded."""
    address = server.address(database)
    Ledger.create(address)
    with Ledger(address) as book:
        book.record(RUS)
        with server.connected(database) as db:
            db.execute("DROP TABLE verbale_content_keys")
        with pytest.raises(Refused) as refused:
            book.record(BASICS[1])
        assert refused.value.hint
        assert book.head == 1


def test_a_ledger_of_a_newer_layout_is_left_alone(server: Server, database: str) -> None:
    """`verbale_ledgers.layout` above ours: neither opened nor joined by another ledger."""
    address = server.address(database)
    Ledger.create(address)
    with server.connected(database) as db:
        db.execute("UPDATE verbale_ledgers SET layout = layout + 1")
    for attempt in (Ledger, lambda at: Ledger.create(f"{at}#second")):
        with pytest.raises(Refused, match="newer version"):
            attempt(address)


def test_a_database_that_cannot_hold_every_script_is_refused(server: Server) -> None:
    """A ledger needs UTF-8; the hint says how to make such a database, and no table is made."""
    with server.database(ENCODING="'LATIN1'", TEMPLATE="template0") as name:
        with pytest.raises(Refused, match="encoded in LATIN1") as refused:
            Ledger.create(server.address(name))
        assert "createdb --encoding=UTF8" in str(refused.value.hint)
        with server.connected(name) as db:
            assert db.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


# ── The library's ways ────────────────────────────────────────────────────────


@pytest.mark.parametrize("sizes", [[10] * 1_000, [2_000_000]], ids=["a thousand", "one of two megabytes"])
def test_saving_through_the_library_does_not_hang(address: str, sizes: list[int]) -> None:
    """The recorder's own `insert_events` goes by COPY too, in one transaction."""
    with opened(address) as store:
        events = [StoredEvent(store.ledger_id, n, "x.v1", b"x" * size) for n, size in enumerate(sizes, 1)]
        store.recorder.insert_events(events)
        assert [len(read.data) for read in store.lines()] == sizes
        again = [StoredEvent(store.ledger_id, n, "x.v1", b"") for n in (len(sizes) + 1, 1)]
        with pytest.raises(StateChanged):
            store.recorder.insert_events(again)
        assert store.head() == len(sizes)


def test_the_library_takes_nothing_from_the_environment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stray settings of the library change neither the connection nor how rows are inserted."""
    for name in ("POSTGRES_DBNAME", "POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_PASSWORD", "CREATE_TABLE"):
        monkeypatch.setenv(name, "yes")
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "yes")
    with opened(address) as store:
        store.append([Batch([StoredLine(1, "x.v1", b"{}")])])
        assert store.head() == 1
        assert store.recorder.datastore.enable_db_functions is False
        assert store.recorder.events_table_name == "verbale_events"


# ── Locks and commits ─────────────────────────────────────────────────────────


def test_ledgers_of_one_database_do_not_wait_for_each_other(
    new_address: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one ledger is written to, in an open transaction even, another one records."""
    monkeypatch.setattr(protocol, "LOCK_SECONDS", 0.2)
    first, second = new_address(), new_address()
    for address in (first, second):
        Ledger.create(address)
    with opened(first) as busy, Ledger(second) as book:

        def batches() -> Iterator[Batch]:
            yield Batch([StoredLine(1, "x.v1", b"{}")], [(1, 1)])
            assert book.record(RUS).entry == 1

        with busy.writing():
            busy.append(batches())
        assert busy.head() == 1


def test_one_lock_for_each_ledger(server: Server, address: str) -> None:
    """Writing holds exactly one advisory lock, on the connection that appends, and holds none afterwards."""
    database = database_of(address)
    query = """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = %s)"""
    with opened(address) as store, server.connected() as db:
        with store.writing(), store.writing():
            assert db.execute(query.encode(), (database,)).fetchone() == (1,)
        assert db.execute(query.encode(), (database,)).fetchone() == (0,)


def test_commits_are_durable_whatever_the_role_says(server: Server, address: str) -> None:
    """A role that switched durable commits off has them on here; a stronger setting stays."""
    with server.connected() as db:
        for role, setting, found in (("hasty", "off", "on"), ("careful", "remote_apply", "remote_apply")):
            db.execute(SQL("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}").format(Identifier(role), Literal(PASSWORD)))
            try:
                db.execute(SQL("ALTER ROLE {} SET synchronous_commit = {}").format(Identifier(role), Literal(setting)))
                with opened(address.replace("postgres:", f"{role}:")) as store:
                    assert store._session.rows("SHOW synchronous_commit") == [(found,)]
            finally:
                db.execute(SQL("DROP ROLE {}").format(Identifier(role)))


def test_a_lost_connection_is_opened_again_to_read(server: Server, address: str) -> None:
    """Somebody who only reads does not notice that the server has ended the session meanwhile."""
    with new_ledger(address, RUS) as book:
        end_sessions(server, address)
        assert book.head == 1
        end_sessions(server, address)
        assert [row["party"] for row in book.parties()] == ["RUS"]
        end_sessions(server, address)
        assert book.record(BASICS[1]).entry == 2


def test_a_lock_that_went_with_its_session_is_let_go_without_a_word(server: Server, address: str) -> None:
    """The session ends while it holds the lock and is not asked again: leaving is silent, the next writer gets in."""
    with opened(address) as store:
        with store.writing():
            end_sessions(server, address)
        with store.writing():
            store.append([Batch([StoredLine(1, "x.v1", b"{}")])])


def test_without_its_lock_a_session_does_nothing(server: Server, address: str) -> None:
    """The session ends while it holds the lock: nothing more is read or appended, however often it is tried."""
    with opened(address) as store:
        with store.writing():
            end_sessions(server, address)
            for _ in range(2):
                with pytest.raises(ConnectionLost):
                    store.head()
                with pytest.raises(ConnectionLost):
                    store.append([Batch([StoredLine(1, "x.v1", b"{}")])])
        assert store.head() == 0


def end_sessions(server: Server, address: str) -> None:
    """End every session on the database of an address."""
    database = database_of(address)
    with server.connected() as db:
        db.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (database,))


# ── Users ─────────────────────────────────────────────────────────────────────

_PAGE = (Path(__file__).parents[3] / "docs" / "stores.md").read_text(encoding="utf-8")
RECORDS, READS = re.findall(r"^```sql\n(.*?)^```", _PAGE, re.DOTALL | re.MULTILINE)
"""The rights of users who record, and of users who only ask, as the page tells them."""


@contextlib.contextmanager
def role(server: Server, database: str, name: str, rights: str) -> Iterator[str]:
    """Make a user with these rights, and yield the address as that user sees it."""
    with server.connected(database) as db:
        db.execute(f"CREATE ROLE {name} LOGIN".encode())
        db.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(name), Literal(PASSWORD)))
        db.execute(rights.encode())
        try:
            yield server.address(database, user=name)
        finally:
            db.execute(f"DROP OWNED BY {name}".encode())
            db.execute(f"DROP ROLE {name}".encode())


def test_a_recording_user_needs_no_more_than_the_page_says(server: Server, database: str, tmp_path: Path) -> None:
    """With the rights of docs/stores.md a user records, seals and keeps documents, and changes nothing else."""
    Ledger.create(server.address(database))
    (tmp_path / "a.txt").write_text("Words.\n")
    with role(server, database, "anna", RECORDS) as address, Ledger(address) as book:
        for draft in BASICS:
            book.record(draft)
        book.record(source(snapshot="a.txt"), folder=tmp_path)
        book.record(statement("closed", sealed=True))
        assert book.head == 5
        assert book.disclosed(5) == {"text": "closed"}
        with psycopg.connect(address) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("DELETE FROM verbale_events")


def test_a_reading_user_reads_all_but_secrets_and_records_nothing(
    server: Server, database: str, tmp_path: Path
) -> None:
    """A reader has no secret, no key and no sealed value; recording is refused with a hint, and changes nothing."""
    (tmp_path / "a.txt").write_text("Words.\n")
    Ledger.create(server.address(database))
    with new_ledger(server.address(database), *BASICS) as book:
        book.record(source(snapshot="a.txt"), folder=tmp_path)
        book.record(statement("closed", sealed=True))
        digest = book.sources()[0]["sha256"]
    with role(server, database, "boris", READS) as address, Ledger(address) as book:
        row = book.position("RUS", "ceasefire")
        assert row is not None
        assert (row.stance, row.text) == ("oppose", None)
        assert book.disclosed(5) == {}
        assert list(book.journal.all_sealed()) == []
        assert book.snapshots.document(digest) == b"Words.\n"
        assert book.replay().equals_views
        with pytest.raises(Refused, match="permission denied") as refused:
            book.record(statement("open"))
        assert "docs/stores.md" in str(refused.value.hint)
        assert book.head == 5


def test_a_user_without_rights_makes_and_opens_nothing(server: Server, database: str) -> None:
    """Whoever may not make tables is told so, with a hint; likewise who may not even look."""
    with role(server, database, "carla", "") as address:
        with pytest.raises(Refused, match="permission denied for schema public") as refused:
            Ledger.create(address)
        assert "docs/stores.md" in str(refused.value.hint)
        Ledger.create(server.address(database))
        with pytest.raises(Refused, match="permission denied for table verbale_ledgers"):
            Ledger(address)
        with pytest.raises(Refused, match="permission denied for table verbale_ledgers"):
            Ledger.create(f"{address}#second")


def test_a_database_that_is_read_only_says_so(server: Server, address: str) -> None:
    """As on a standby: questions are answered, recording is refused with a hint."""
    with new_ledger(address, *BASICS) as book, server.connected() as db:
        database = database_of(address)
        db.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on".encode())
        try:
            book.journal.close()
            assert book.position("RUS", "ceasefire") is None
            with pytest.raises(Refused, match="is read-only") as refused:
                book.record(statement())
            assert "primary" in str(refused.value.hint)
            assert book.head == 3
        finally:
            db.execute(f"ALTER DATABASE {database} RESET default_transaction_read_only".encode())


def test_the_reader_sees_what_a_thread_elsewhere_records(address: str) -> None:
    """An open ledger takes in what another one appended, at its next question."""
    with new_ledger(address, *BASICS) as reader:
        assert reader.position("RUS", "ceasefire") is None

        def record() -> None:
            with Ledger(address) as writer:
                writer.record(statement())

        writing = threading.Thread(target=record)
        writing.start()
        writing.join()
        row = reader.position("RUS", "ceasefire")
        assert row is not None
        assert row.stance == "oppose"


def test_close_lets_go_of_the_connection(server: Server, address: str) -> None:
    """A closed ledger holds no session, and can be asked again."""
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'verbale'"
    store: Store = place_of(address).open()
    with server.connected() as db:
        assert db.execute(sessions).fetchone() == (1,)
        store.close()
        for _ in range(1_000):  # the server notices in its own time
            if db.execute(sessions).fetchone() == (0,):
                break
        assert db.execute(sessions).fetchone() == (0,)
    assert store.head() == 0
    store.close()
