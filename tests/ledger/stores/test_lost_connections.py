"""A connection that breaks while something is recorded.

It is decided again where nothing was committed, and told as done where it was: never an error for what is there, and
never twice.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import ConnectionLost, Refused, StateChanged
from ledger.journal import Journal
from ledger.stores.postgres import PostgresStore
from ledger.stores.postgres_recorder import JournalRecorder
from tests.ledger.samples import BASICS, RUS, UKR, about, new_ledger, statement
from tests.ledger.stores.proxy import Wire
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.batch import Appended
    from tests.postgres import Server

WHERE = ("asked", "answered")
"""Cut where COMMIT is asked for (nothing is there afterwards), or where it is answered (all of it is)."""


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    """Stretch a wire to the server."""
    wire = Wire(server.port)
    yield wire
    wire.close()


@pytest.fixture
def direct(new_address: Callable[[], str]) -> str:
    """Make a ledger with its basics, and return its address without the wire."""
    address = new_address()
    new_ledger(address, *BASICS).close()
    return address


@pytest.fixture
def through(server: Server, wire: Wire, direct: str) -> str:
    """Return the same ledger's address through the wire."""
    return direct.replace(f":{server.port}/", f":{wire.port}/")


def ends_every_session(server: Server) -> Callable[[], None]:
    """Return what ends every session of ours on the server, and waits until they have ended."""

    def end() -> None:
        with server.connected() as db:
            db.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'verbale'"
            )

    return end


@pytest.mark.parametrize("kill", [False, True], ids=["wire cut", "backend ended"])
@pytest.mark.parametrize("where", WHERE)
def test_a_record_is_told_as_recorded(
    server: Server, wire: Wire, direct: str, through: str, where: str, kill: bool
) -> None:
    """Whether the commit was lost or only its answer: recorded now, once, as the entry that it is."""
    with Ledger(through, recorded_by="anna") as book:
        book.record(statement("before"))
        wire.cut(where, then=ends_every_session(server) if kill else lambda: None)
        done = book.record(statement("through"))
        assert wire.cuts == 1
        assert (done.entry, done.already) == (5, False)
        assert done.after is not None
        assert book.record(statement("after")).entry == 6
        assert book.record(statement("through")).already
    with Ledger(direct) as book:
        texts = [getattr(recorded.event, "text", None) for recorded in book.journal.read(after=3)]
        assert texts == ["before", "through", "after"]
        assert book.replay().equals_views


@pytest.mark.parametrize("others", [0, 1], ids=["alone", "and another records"])
def test_a_connection_lost_after_the_answer_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, server: Server, direct: str, others: int
) -> None:
    """It is recorded, and the answer says so, though the session ended before the views were in step."""
    append, ends = Journal.append, ends_every_session(server)
    calls = itertools.count()

    def then_lost(self: Journal, *given: Any, **named: Any) -> Appended:
        done = append(self, *given, **named)
        if not next(calls):
            ends()
            for n in range(others):
                with Ledger(direct) as other:
                    other.record(statement(f"other {n}", said_on="2026-01-01", stance="support"))
        return done

    monkeypatch.setattr(Journal, "append", then_lost)
    with Ledger(direct) as book:
        done = book.record(statement("mine"))
        assert (done.entry, done.already, book.head) == (4, False, 4 + others)
        assert done.after is not None
        assert book.replay().equals_views


def test_the_same_draft_by_another_in_between_is_already_there(
    monkeypatch: pytest.MonkeyPatch, server: Server, direct: str
) -> None:
    """The break lost our commit, and another hand was faster with the same draft: `already`, and there once."""
    append, ends = JournalRecorder.append, ends_every_session(server)
    calls = []

    def broken(self: JournalRecorder, *given: object) -> None:
        calls.append(given)
        if len(calls) == 1:
            ends()  # before anything is inserted; the lock goes with the session
            with Ledger(direct, recorded_by="boris") as book:
                assert book.record(statement("same")).entry == 4
        append(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(JournalRecorder, "append", broken)
    with Ledger(direct, recorded_by="anna") as book:
        done = book.record(statement("same"))
        assert (done.entry, done.already, book.head) == (4, True, 4)
        assert [recorded.recorded_by for recorded in book.journal.read(after=3)] == ["boris"]


def test_what_was_retracted_in_between_is_refused(monkeypatch: pytest.MonkeyPatch, server: Server, direct: str) -> None:
    """Decided again means by the rules as they now are: an amendment of what another retracted is `StateChanged`."""
    with Ledger(direct) as book:
        book.record(statement("a"))
    append, ends = JournalRecorder.append, ends_every_session(server)
    calls = []

    def broken(self: JournalRecorder, *given: object) -> None:
        calls.append(given)
        if len(calls) == 1:
            ends()
            with Ledger(direct) as book:
                book.record(about("retracted", 4))
        append(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(JournalRecorder, "append", broken)
    with Ledger(direct) as book:
        with pytest.raises(StateChanged):
            book.record(about("corrected", 4, changes={"stance": "support"}), seen=4)
        assert book.head == 5


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("batch", [1, 2, 3])
def test_an_import_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, direct: str, through: str, wire: Wire, where: str, batch: int
) -> None:
    """An import whose connection breaks at any of its batches records all of it, once, and reports all as new."""
    monkeypatch.setattr("ledger.importing.BATCH", 40)
    drafts = [statement(f"{n % 110}") for n in range(120)]
    dossier = tmp_path / "d.jsonl"
    dossier.write_text("".join(json.dumps(draft) + "\n" for draft in [RUS, *drafts]))
    with Ledger(through) as book:
        wire.cut(where, batch)
        report = book.import_file(dossier)
        assert wire.cuts == 1
        assert (report.rows, report.new, report.already, report.repeated) == (121, 110, 1, 10)
        assert (report.first, report.last, report.error) == (4, 113, None)
    with Ledger(direct) as book:
        texts = [getattr(recorded.event, "text", None) for recorded in book.journal.read(after=3)]
        assert texts == [f"{n}" for n in range(110)]
        assert book.import_file(dossier).new == 0


@pytest.mark.parametrize("lost_at", [1, 3, 7, 9])
def test_an_import_that_loses_its_connection_while_deciding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: Server, direct: str, lost_at: int
) -> None:
    """Before or while it holds the lock: no line is refused for it, and all is recorded once."""
    ask, ends, calls = PostgresStore.entries_with_key, ends_every_session(server), itertools.count(1)

    def interrupted(self: PostgresStore, key: int) -> list[int]:
        call = next(calls)
        if call == 2:
            with Ledger(direct) as other:
                other.record(UKR | {"party": "FRA", "name": "France"})  # so that it is decided again, under the lock
        if call == lost_at:
            ends()
        return ask(self, key)

    dossier = tmp_path / "d.jsonl"
    dossier.write_text("".join(json.dumps(draft) + "\n" for draft in [RUS] * 5 + [statement(f"{n}") for n in range(9)]))
    with Ledger(direct) as book:
        monkeypatch.setattr(PostgresStore, "entries_with_key", interrupted)
        report = book.import_file(dossier)
        assert next(calls) > 10
        assert (report.rows, report.new, report.already, report.refused_count) == (14, 9, 5, 0)
        assert book.head == 13


@pytest.mark.parametrize("where", WHERE)
def test_a_replay_is_whole_or_not_there(
    tmp_path: Path, server: Server, wire: Wire, direct: str, new_address: Callable[[], str], where: str
) -> None:
    """Replaying through a wire that is cut: done where the commit was, else refused and the ledger still empty."""
    file, target = tmp_path / "lines", new_address()
    with Ledger(direct) as book:
        file.write_bytes(b"".join(book.export_journal()))
    Ledger.create(target)
    with Ledger(target.replace(f":{server.port}/", f":{wire.port}/")) as book, file.open("rb") as lines:
        wire.cut(where)
        if where == "answered":
            assert book.replay_file(lines) == 3
        else:
            with pytest.raises(ConnectionLost) as lost:
                book.replay_file(lines)
            assert "again" in str(lost.value.hint)
        assert book.head == (3 if where == "answered" else 0)


def test_a_server_that_stays_away_is_an_error(direct: str, through: str, wire: Wire) -> None:
    """Where nothing can be reached any more, the command ends with a hint that the same command again is safe."""
    with Ledger(through) as book:
        wire.cut("answered", then=wire.close)
        with pytest.raises(Refused, match="whether e4 was recorded is not known") as lost:
            book.record(UKR | {"party": "FRA", "name": "France"})
        assert lost.value.exit_code == 1
        assert "recorded once only" in str(lost.value.hint)
    with Ledger(direct) as book:
        assert book.record(UKR | {"party": "FRA", "name": "France"}).already
