"""What the journal promises: numbers without a gap, time that never goes back, nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.batch import Prepared
from ledger.codec import CODEC, StoredLine, format_line, stamp_data
from ledger.entries import IssueOpened
from ledger.errors import Refused, StateChanged, Unparsable
from ledger.journal import Journal
from tests.ledger.samples import BASICS, CEASEFIRE, NOW, RUS, new_ledger, statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MINUTE = 60_000_000
YEAR = 365 * 24 * 60 * MINUTE


def prepared(journal: Journal, name: str) -> Prepared:
    """Prepare the opening of an issue."""
    event = IssueOpened(issue=name, proposition=name)
    fields = CODEC.encode(event)
    return Prepared(event.TOPIC, fields, journal.content_key(event, fields, sealing=False))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Make an empty journal."""
    Journal.create(tmp_path / "l.db")
    with contextlib.closing(Journal(tmp_path / "l.db")) as journal:
        yield journal


def stamps(journal: Journal) -> list[str]:
    """List when each entry was recorded."""
    return [recorded.recorded_at for recorded in journal.read()]


# ── Numbers and times ─────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(-YEAR, YEAR)), min_size=1, max_size=6))
def test_numbers_have_no_gap_and_time_never_goes_back(batches: list[tuple[int, int]]) -> None:
    """Whatever the clock does between batches of any size, entries count from 1 and `recorded_at` never decreases."""
    path = Path(os.environ["TMPDIR_FOR_TEST"]) / f"{os.urandom(8).hex()}.db"
    Journal.create(path)
    with contextlib.closing(Journal(path)) as journal:
        for size, drift in batches:
            head = journal.head
            some = [prepared(journal, f"i{head + n}") for n in range(size)]
            done = journal.append(some, now=NOW + drift, recorded_by=None, head=head)
            assert (done.first, done.last) == (head + 1, head + size)
        assert [line.entry for line in journal.lines()] == list(range(1, journal.head + 1))
        assert stamps(journal) == sorted(stamps(journal))


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the generated journals a folder: Hypothesis does not make a `tmp_path` for each example."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR_FOR_TEST", str(tmp_path_factory.mktemp("journals")))
        yield


def test_a_clock_set_back_repeats_the_last_time(journal: Journal) -> None:
    """Thirty years back: the last `recorded_at` again, the entry marked, and the caller told by how much."""
    journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    done = journal.append([prepared(journal, "b")], now=NOW - 30 * YEAR, recorded_by=None, head=1)
    assert done.clock_behind == 30 * YEAR // 1_000_000
    assert stamps(journal) == ["2026-11-23T09:12:00.000000Z"] * 2
    line = journal.line(2)
    assert line is not None
    assert b'"clock_behind":%d,' % done.clock_behind in line.data


@pytest.mark.parametrize(
    ("behind", "marked"), [(0, None), (5 * MINUTE, None), (5 * MINUTE + 1, 300), (6 * MINUTE, 360)]
)
def test_more_than_five_minutes_behind_is_marked(journal: Journal, behind: int, marked: int | None) -> None:
    """Hosts differ by seconds without a word; by more than five minutes the entry says so."""
    journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    done = journal.append([prepared(journal, "b")], now=NOW - behind, recorded_by=None, head=1)
    assert done.clock_behind == marked
    line = journal.line(2)
    assert line is not None
    assert (b"clock_behind" in line.data) == (marked is not None)


def test_a_clock_behind_is_told_by_the_ledger(tmp_path: Path) -> None:
    """`Ledger.record` passes on that the clock is behind."""
    new_ledger(tmp_path / "l.db", RUS).close()
    with new_ledger(tmp_path / "l.db", now=NOW - 10 * MINUTE) as book:
        assert book.record(CEASEFIRE).clock_behind == 600


@pytest.mark.parametrize(("by", "written"), [(None, None), ("anna", "anna"), ("", None), ('A "B" \\', 'A "B" \\')])
def test_who_records_is_null_when_nobody_says_so(journal: Journal, by: str | None, written: str | None) -> None:
    """`recorded_by` is what was given, and null where nothing was."""
    journal.append([prepared(journal, "a")], now=NOW, recorded_by=by, head=0)
    assert [recorded.recorded_by for recorded in journal.read()] == [written]


def test_reading_in_parts_is_reading_the_whole(journal: Journal) -> None:
    """`lines(after, upto)` gives exactly those entries, across the chunks in which they are fetched."""
    journal.append([prepared(journal, f"i{n}") for n in range(4_500)], now=NOW, recorded_by=None, head=0)
    whole = list(journal.lines())
    assert len(whole) == 4_500
    for after, upto in [(0, 0), (0, 1), (1_999, 2_001), (10, 4_400), (4_499, None), (4_500, None), (9_000, None)]:
        assert list(journal.lines(after, upto)) == whole[after:upto]
    assert journal.line(4_500) == whole[-1]
    assert journal.line(4_501) is None


def test_a_hole_does_not_end_the_reading(journal: Journal) -> None:
    """Where somebody deleted thousands of entries, the rest is still read, so that a check can see the hole."""
    journal.append([prepared(journal, f"i{n}") for n in range(4_500)], now=NOW, recorded_by=None, head=0)
    with contextlib.closing(sqlite3.connect(journal.path, isolation_level=None)) as db:
        db.execute("DELETE FROM stored_events WHERE originator_version BETWEEN 2 AND 4400")
    assert [line.entry for line in journal.lines()] == [1, *range(4_401, 4_501)]


def test_an_entry_that_is_too_long_is_refused_whole(journal: Journal) -> None:
    """One entry beyond the limit of a line: none of its batch is appended."""
    long = Prepared("issue-opened.v1", b'{"issue":"%s"}' % (b"x" * 65_535), bytes(16))
    with pytest.raises(Refused, match="holds at most 65,535"):
        journal.append([prepared(journal, "a"), long], now=NOW, recorded_by=None, head=0)
    assert journal.head == 0


# ── Several ledgers in one database ───────────────────────────────────────────


def test_ledgers_in_one_database_are_independent(tmp_path: Path) -> None:
    """Each has its own numbers, secret and views, and what one has recorded is new to the other."""
    path = tmp_path / "l.db"
    assert Ledger.create(path)
    assert Ledger.create(f"{path}#second")
    assert not Ledger.create(path)
    with Ledger(path) as main, Ledger(f"{path}#second") as second:
        for draft in BASICS:
            main.record(draft)
        assert (main.head, second.head) == (3, 0)
        assert [second.record(draft).already for draft in BASICS] == [False] * 3
        assert [main.record(draft).already for draft in BASICS] == [True] * 3
        second.record(statement())
        assert (main.head, second.head) == (3, 4)
        assert main.position("RUS", "ceasefire") is None
        assert second.position("RUS", "ceasefire") is not None
        assert main.journal.ledger_id != second.journal.ledger_id
        secrets = main.journal.reader.db.execute("SELECT secret FROM ledgers").fetchall()
        assert len(set(secrets)) == 2
        assert {len(secret) for (secret,) in secrets} == {32}


def test_a_ledger_that_was_not_made_is_refused(tmp_path: Path) -> None:
    """A name that the database does not hold is refused with the way to make it."""
    new_ledger(tmp_path / "l.db").close()
    with pytest.raises(Refused, match="holds no ledger 'other'") as refused:
        Ledger(f"{tmp_path / 'l.db'}#other")
    assert "init" in str(refused.value.hint)


@pytest.mark.parametrize("name", ["", "A", "a b", "a/b", "a" * 50, "-a", "ü"])
def test_a_name_that_no_ledger_can_have_is_refused(tmp_path: Path, name: str) -> None:
    """Names are small letters, digits and hyphens."""
    with pytest.raises(Refused, match="cannot name a ledger"):
        Journal.create(tmp_path / "l.db", name)


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
    for opening in (Ledger, Journal):
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
        Journal.create(path / "l.db" if kind == "below a file" else path)
    assert refused.value.hint
    assert (path.read_bytes() if path.is_file() else None) == before


def test_names_that_uris_would_read_otherwise(tmp_path: Path) -> None:
    """A path may hold blanks, question marks, percent signs and other scripts."""
    path = tmp_path / "a b?x=1%20ü" / "l?x.db"
    Journal.create(path)
    with contextlib.closing(Journal(path)) as journal:
        journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    with contextlib.closing(Journal(path)) as journal:
        assert journal.head == 1


# ── Durability ────────────────────────────────────────────────────────────────


def test_the_writing_connection_is_durable(journal: Journal) -> None:
    """The connection that commits has `synchronous=FULL` and a write-ahead log."""
    with journal.recorder.datastore.get_connection(commit=True) as connection, connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA fullfsync").fetchone()[0] == 1


def test_tables_are_made_by_create_only(tmp_path: Path) -> None:
    """Opening and appending run no `CREATE`: a table that is gone stays gone."""
    new_ledger(tmp_path / "l.db", RUS).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "l.db", isolation_level=None)) as db:
        db.execute("DROP TABLE content_keys")
    with contextlib.closing(Journal(tmp_path / "l.db")) as journal:
        with pytest.raises(Refused, match="nothing was recorded"):
            journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=1)
        assert journal.head == 1


def behind_its_back(journal: Journal, entry: int) -> None:
    """Insert an entry from another connection, past the lock."""
    data = stamp_data(b'{"issue":"z","proposition":"Z"}', "2026-11-23T09:12:00.000000Z", None)
    with contextlib.closing(sqlite3.connect(journal.path, isolation_level=None)) as db:
        row = (journal.ledger_id.hex, entry, "issue-opened.v1", data)
        db.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)


def test_an_entry_decided_after_another_head_is_refused(journal: Journal) -> None:
    """Where somebody appended since the decision, nothing is appended, and trying again works."""
    behind_its_back(journal, 1)
    with pytest.raises(StateChanged, match="appended e1 first") as changed:
        journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    assert changed.value.hint
    assert journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=1).last == 2


def test_a_version_conflict_leaves_the_journal_usable(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version check stays as a net: the conflict is `StateChanged`, and the next append does write."""
    behind_its_back(journal, 1)
    with monkeypatch.context() as patch:
        patch.setattr(type(journal), "head", 0)  # as it was before somebody wrote past the lock
        with pytest.raises(StateChanged, match="appended e1 first"):
            journal.append([prepared(journal, "a"), prepared(journal, "b")], now=NOW, recorded_by=None, head=0)
    assert journal.head == 1
    for name in ("a", "b"):
        journal.append([prepared(journal, name)], now=NOW, recorded_by=None, head=journal.head)
    assert journal.head == 3
    with contextlib.closing(Journal(journal.path)) as fresh:
        assert [line.entry for line in fresh.lines()] == [1, 2, 3]


def test_a_conflict_in_a_batch_writes_none_of_it(journal: Journal) -> None:
    """An entry in the way of the second of three: the first is not there either, nor any key."""
    behind_its_back(journal, 2)
    lines = [StoredLine(n, "issue-opened.v1", b"{}") for n in (1, 2, 3)]
    events = [(line, IssueOpened(issue=f"i{line.entry}", proposition="P")) for line in lines]
    with pytest.raises(StateChanged):
        journal.append_lines(events)
    assert [line.entry for line in journal.lines()] == [2]
    assert journal.reader.db.execute("SELECT COUNT(*) FROM content_keys").fetchone() == (0,)


def test_a_key_met_by_chance_keeps_both(journal: Journal) -> None:
    """Half a key is stored: two drafts that share it are told apart by what they say."""
    event, other = (IssueOpened(issue=name, proposition=name) for name in "ab")
    key = bytes(16)
    journal.append([Prepared(event.TOPIC, CODEC.encode(event), key)], now=NOW, recorded_by=None, head=0)
    assert journal.recorded_as(key, event, sealing=False) == 1
    assert journal.recorded_as(key, other, sealing=False) is None


# ── Several processes ─────────────────────────────────────────────────────────

SPAWN = multiprocessing.get_context("spawn")


def record_many(path: str, worker: int, count: int) -> list[int]:
    """Record statements of one worker, each by itself."""
    with Ledger(path) as book:
        return [book.record(statement(f"{worker}/{n}")).entry for n in range(count)]


def record_all(path: str, _: int, count: int) -> list[int]:
    """Record the same statements as every other worker."""
    with Ledger(path) as book:
        return [book.record(statement(f"{n}")).entry for n in range(count)]


def make_and_open(path: str, worker: int, _: int) -> list[int]:
    """Make the ledger, or find it made, and record something."""
    Ledger.create(path)
    with Ledger(path) as book:
        return [book.record(CEASEFIRE | {"issue": f"i{worker}"}).entry]


def at_once(work: object, path: Path, count: int) -> list[list[int]]:
    """Run four processes at once."""
    with SPAWN.Pool(4) as pool:
        return pool.starmap(work, [(str(path), worker, count) for worker in range(4)])  # type: ignore[arg-type]


def test_four_writers_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    """Four processes with fifty records each: two hundred entries, numbered without a gap, none twice."""
    path = tmp_path / "l.db"
    new_ledger(path, *BASICS).close()
    numbers = [entry for entries in at_once(record_many, path, 50) for entry in entries]
    assert sorted(numbers) == list(range(4, 204))
    with Ledger(path) as book:
        texts = [getattr(recorded.event, "text", None) for recorded in book.journal.read(after=3)]
        assert len(texts) == len(set(texts)) == 200
        assert stamps(book.journal) == sorted(stamps(book.journal))


def test_four_writers_of_the_same_record_it_once(tmp_path: Path) -> None:
    """Four processes with the same twenty drafts: twenty entries, and all four are told the same numbers."""
    path = tmp_path / "l.db"
    new_ledger(path, *BASICS).close()
    answers = at_once(record_all, path, 20)
    assert len({tuple(answer) for answer in answers}) == 1
    with Ledger(path) as book:
        assert book.head == 23


def test_making_and_opening_at_once_never_fails(tmp_path: Path) -> None:
    """Four processes that make and open the same new ledger: each gets in, one ledger is made."""
    for turn in range(2):
        path = tmp_path / f"l{turn}.db"
        assert sorted(at_once(make_and_open, path, 1)) == [[1], [2], [3], [4]]


APPENDER = """
import sys
from verbale import Ledger
with Ledger(sys.argv[1]) as book:
    n = book.head
    while True:
        n += 1
        done = book.record({"type": "issue-opened", "issue": f"i{n}", "proposition": "P"})
        print(done.entry, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_writer_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Twenty kills in the middle of appending: every entry that was answered for is there, and the next goes on."""
    path = tmp_path / "l.db"
    new_ledger(path).close()
    for turn in range(20):
        command = [sys.executable, "-c", APPENDER, str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(1 + turn % 5):
                assert writer.stdout.readline()
            writer.kill()
            answered = [int(line) for line in writer.stdout.read().split(b"\n") if line]
        with contextlib.closing(Journal(path)) as journal:
            numbers = [line.entry for line in journal.lines()]
            assert numbers == list(range(1, len(numbers) + 1))
            assert all(journal.line(entry) for entry in answered)
            assert journal.head >= max(answered, default=0)


def test_a_journal_that_cannot_be_locked_is_refused(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer that does not let go: refused after a while, with a hint."""
    monkeypatch.setattr("ledger.locking.LOCK_SECONDS", 0)
    with (
        contextlib.closing(Journal(journal.path)) as other,
        other.writing(),
        pytest.raises(Refused, match="another writer"),
        journal.writing(),
    ):
        pass


def test_the_clock_must_fit_a_stamp(journal: Journal) -> None:
    """A clock beyond the year 9999 is refused, not written."""
    with pytest.raises(Unparsable):
        journal.append([prepared(journal, "a")], now=1 << 61, recorded_by=None, head=0)
    assert journal.head == 0


def test_export_is_the_lines(tmp_path: Path) -> None:
    """What is exported is each stored line and its LF, and nothing else."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        expected = b"".join(format_line(*line) + b"\n" for line in book.journal.lines())
        assert b"".join(book.export_journal()) == expected
        assert len(io.BytesIO(expected).readlines()) == 3
