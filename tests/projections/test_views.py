"""Views are disposable: whatever happens to their file is noticed, and the answers stay those of the journal."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import UnknownName, Unparsable, VerificationFailed
from ledger.times import END, instant, stamp
from projections import views
from projections.clocks import moment
from projections.folding import Fold
from projections.matrix import matrix
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from projections.positions import Position

OPENING = "2025-03-20T09:00:00.000000Z"
MINUTE = 60_000_000
REGISTER: list[dict[str, Any]] = [
    {"type": "party-registered", "party": "RUS", "name": "Russia", "kind": "state"},
    {"type": "party-registered", "party": "UKR", "name": "Ukraine", "kind": "state"},
    {"type": "issue-opened", "issue": "ceasefire", "proposition": "A ceasefire takes effect"},
]
SAID = len(REGISTER) + 1
"""The entry of the first statement."""


def opened(folder: Path, name: str = "ledger.db") -> Ledger:
    """Open the ledger of a folder, its clock a minute on for every entry."""
    ledger: Ledger

    def clock() -> int:
        return instant(OPENING) + MINUTE * ledger.head

    ledger = Ledger(folder / name, recorded_by="anna", clock=clock)
    return ledger


def say(ledger: Ledger, stance: str, said_on: str, party: str = "RUS") -> int:
    """Record a statement."""
    fields = {"party": party, "issue": "ceasefire", "stance": stance, "said_on": said_on, "text": f"We {stance}."}
    return ledger.record({"type": "statement-made", **fields}).entry


def made(folder: Path, name: str = "ledger.db") -> Path:
    """Make a ledger of a few entries, with its views."""
    Ledger.create(folder / name)
    with opened(folder, name) as ledger:
        for draft in REGISTER:
            ledger.record(draft)
        say(ledger, "oppose", "../2025-03-11")
        entry = say(ledger, "awaiting", "2025-03-13")
        ledger.record(
            {"type": "entry-corrected", "entry": entry, "changes": {"said_on": "2025-03-12"}, "reason": "typo"}
        )
        disputed = say(ledger, "support", "2025-03-12", "UKR")
        ledger.record({"type": "entry-disputed", "entry": disputed, "reason": "not so"})
    return file_of(ledger)


def file_of(ledger: Ledger) -> Path:
    """Give the file of a ledger's views."""
    assert ledger.place.views is not None
    return ledger.place.views


def stance(ledger: Ledger) -> str | None:
    """Give the stance of the one party that these tests keep moving."""
    row = ledger.position("RUS", "ceasefire")
    assert row is not None
    return row.stance


def answers(ledger: Ledger) -> list[Position]:
    """Give every row at every day of some, as known at every entry."""
    days = ("2025-03-10", "2025-03-11", "2025-03-12", None)
    return [row for k in range(ledger.head + 1) for day in days for row in ledger.matrix(None, None, day, f"e{k}")]


def recomputed(ledger: Ledger) -> list[Position]:
    """Give the same rows from views that were made anew, beside the others."""
    fresh = views.Views(ledger.journal, None)
    try:
        fresh.rebuild()
        moments = [
            moment(fresh.db, ledger.head, day, f"e{k}")
            for k in range(ledger.head + 1)
            for day in ("2025-03-10", "2025-03-11", "2025-03-12", None)
        ]
        return [row for at in moments for row in matrix(fresh.db, at)]
    finally:
        fresh.close()


def basis(path: Path) -> tuple[int, str, int, bytes]:
    """Give the note that a views file holds."""
    connection = sqlite3.connect(path)
    try:
        row: tuple[int, str, int, bytes] = connection.execute(
            "SELECT version, ledger, entry, leaf FROM meta"
        ).fetchone()
        return row
    finally:
        connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder that holds a ledger and its views, both closed."""
    made(tmp_path)
    return tmp_path


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    """Give that ledger, open."""
    with opened(folder) as found:
        yield found


# ── What can happen to the file ───────────────────────────────────────────────


def delete(path: Path) -> None:
    """Delete the views, as the README of any cache would say."""
    path.unlink()


def empty(path: Path) -> None:
    """Leave a file of no bytes."""
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    """Leave half of the file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_in_the_header(path: Path) -> None:
    """Leave less than SQLite's header."""
    path.write_bytes(path.read_bytes()[:60])


def cut_to_a_page(path: Path) -> None:
    """Leave the first page, which says that there are more."""
    path.write_bytes(path.read_bytes()[:4096])


def fill_with_text(path: Path) -> None:
    """Put something there that is no database."""
    path.write_bytes(b"This is no database.\n" * 1_000)


def fill_with_zeros(path: Path) -> None:
    """Leave the length, and nothing else, as a crash of the machine can."""
    path.write_bytes(bytes(path.stat().st_size))


def put_a_stranger_there(path: Path) -> None:
    """Put another program's database there, which even has a table of the name."""
    path.unlink()
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE meta (colour TEXT); CREATE TABLE bookmarks (url TEXT)")
    connection.close()


def put_another_ledger_there(path: Path) -> None:
    """Put the views of a ledger of another name there."""
    Ledger.create(path.parent / "other.db#second")
    with Ledger(path.parent / "other.db#second") as other:
        for draft in REGISTER:
            other.record(draft)
    shutil.copyfile(file_of(other), path)


def put_a_namesake_there(path: Path) -> None:
    """Put the views of another database's ledger there: same name, same id, other entries."""
    with_others = path.parent / "elsewhere"
    Ledger.create(with_others / "ledger.db")
    with opened(with_others) as other:
        for draft in REGISTER:
            other.record(draft)
        for day in range(10, 15):
            say(other, "reserved", f"2025-03-{day}", "UKR")
    shutil.copyfile(file_of(other), path)


def make_it_of_an_older_version(path: Path) -> None:
    """Say that the tables are of another version, and leave one out that this one has."""
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET version = version - 1")
    connection.execute("DROP TABLE effects")
    connection.execute("CREATE TABLE effects_of_old (amendment INTEGER)")
    connection.commit()
    connection.close()


def spoil_the_note(path: Path) -> None:
    """Overwrite the page of the note, and leave the rest as it is."""
    connection = sqlite3.connect(path)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'meta'").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek(4096 * (page - 1))
        file.write(b"garbage!" * 512)


def take_the_note_away(path: Path) -> None:
    """Leave the tables without the note that says how far they go."""
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM meta")
    connection.execute("DELETE FROM versions")
    connection.commit()
    connection.close()


MISHAPS = [
    delete,
    empty,
    cut_in_half,
    cut_in_the_header,
    cut_to_a_page,
    fill_with_text,
    fill_with_zeros,
    put_a_stranger_there,
    put_another_ledger_there,
    put_a_namesake_there,
    make_it_of_an_older_version,
    spoil_the_note,
    take_the_note_away,
]


@pytest.mark.parametrize("mishap", MISHAPS, ids=lambda mishap: mishap.__name__)
def test_whatever_happens_to_the_file_is_noticed_and_mended(folder: Path, mishap: Callable[[Path], None]):
    """Views that are gone, damaged, foreign or old are made anew, in the file, and answer as before."""
    with opened(folder) as ledger:
        expected, path = answers(ledger), file_of(ledger)
    before = basis(path)
    mishap(path)
    with opened(folder) as ledger:
        assert answers(ledger) == expected == recomputed(ledger)
    assert basis(path) == before
    with opened(folder) as ledger:
        say(ledger, "conditional", "2025-03-14")
        assert stance(ledger) == "conditional"
        assert answers(ledger) == recomputed(ledger)


@pytest.mark.parametrize("mishap", MISHAPS, ids=lambda mishap: mishap.__name__)
def test_recording_does_not_trust_damaged_views_either(folder: Path, mishap: Callable[[Path], None]):
    """A command that finds the views damaged decides on what the journal says: once only, and by the rules."""
    mishap(folder / "ledger.views.db")
    with opened(folder) as ledger:
        again = ledger.record(REGISTER[0])
        assert (again.entry, again.already) == (1, True)
        assert say(ledger, "oppose", "../2025-03-11") == SAID
        undone = ledger.record({"type": "entry-retracted", "entry": SAID, "reason": "mistaken"})
        assert (undone.entry, undone.party, stance(ledger)) == (9, "RUS", "awaiting")
        assert answers(ledger) == recomputed(ledger)


def test_what_others_record_waits_until_somebody_was_answered(folder: Path):
    """All that is asked meanwhile is of one entry; afterwards the rest is folded in."""
    made(folder)
    with opened(folder) as reader, opened(folder) as writer:
        with reader.views.still() as entry:
            before = stance(reader)
            say(writer, "support", "2025-03-15")
            assert reader.moment().known_at == entry == writer.head - 1
            assert stance(reader) == before
        assert stance(reader) == "support" != before
        assert reader.moment().known_at == writer.head


def test_a_folder_in_the_place_of_the_file_is_left_alone(folder: Path):
    """Where no file can be, the views live in memory, and every command answers."""
    path = folder / "ledger.views.db"
    path.unlink()
    path.mkdir()
    with opened(folder) as ledger:
        say(ledger, "conditional", "2025-03-14")
        assert answers(ledger) == recomputed(ledger)
        assert stance(ledger) == "conditional"
    assert path.is_dir()
    assert not list(path.iterdir())


def test_a_schema_that_is_no_text_is_mended(folder: Path):
    """SQLite quotes what it cannot read, and Python cannot decode that: views damaged so are made anew as well."""
    with opened(folder) as ledger:
        expected, path = answers(ledger), file_of(ledger)
    path.write_bytes(
        path.read_bytes()
        .replace(b"CREATE UNIQUE INDEX [", b"CRE\xc1TE UNIQUE INDEX [")
        .replace(b"CREATE UNIQUE INDEX s", b"CRE\xc1TE UNIQUE INDEX s")
    )
    with pytest.raises(UnicodeDecodeError), contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT COUNT(*) FROM meta")
    with opened(folder) as ledger:
        assert answers(ledger) == expected


def test_stored_fields_that_are_none_are_told(folder: Path):
    """A row of the views that was damaged where it lies: an error with a way out, not a traceback."""
    with opened(folder) as ledger:
        ledger.views.catch_up()
        ledger.views.db.execute("UPDATE entries SET data = '{' WHERE entry = ?", (SAID,))
        with pytest.raises(VerificationFailed, match="views are damaged") as failed:
            ledger.position("RUS", "ceasefire", as_known_at=f"e{SAID}")
        assert "delete" in str(failed.value.hint)


def test_views_without_room_live_in_memory(folder: Path):
    """On a full disk the journal has the last word: what it took in is answered from, and the file is left there."""
    with opened(folder) as ledger:
        ledger.views.catch_up()
        (pages,) = ledger.views.db.execute("PRAGMA page_count").fetchone()
        ledger.views.db.execute(f"PRAGMA max_page_count = {pages}")
        for n in range(28):
            say(ledger, "oppose", f"2025-01-{n + 1:02}", "UKR")
        assert ledger.views.db.execute("PRAGMA database_list").fetchone()[2] == ""
        assert answers(ledger) == recomputed(ledger)
    assert (folder / "ledger.views.db").exists()
    with opened(folder) as ledger:
        assert answers(ledger) == recomputed(ledger)
        assert ledger.views.db.execute("PRAGMA database_list").fetchone()[2] != ""


def test_a_journal_put_back_to_an_older_copy_is_noticed(folder: Path):
    """Views that know more than the journal are those of a journal that is gone, however it goes on afterwards."""
    journal, older = folder / "ledger.db", folder / "older.db"
    shutil.copyfile(journal, older)
    with opened(folder) as ledger:
        expected, head = answers(ledger), ledger.head
        say(ledger, "support", "2025-03-14")
        say(ledger, "withdrawn", "2025-03-15")
    shutil.copyfile(older, journal)
    with opened(folder) as ledger:
        assert (ledger.moment().known_at, answers(ledger)) == (head, expected)
        say(ledger, "support", "2025-03-14")
        say(ledger, "withdrawn", "2025-03-15")
    shutil.copyfile(older, journal)
    for day in ("2025-03-16", "2025-03-17", "2025-03-18"):
        with opened(folder) as ledger:  # the other history grows past those views, recorded by who keeps others
            ledger._views = views.Views(ledger.journal, None)
            say(ledger, "reserved", day)
        with opened(folder) as ledger:
            assert answers(ledger) == recomputed(ledger)


def test_a_rebuild_leaves_nothing_behind(folder: Path):
    """Tables that this version does not know are gone after a rebuild, and everything it knows is there."""
    path = folder / "ledger.views.db"
    connection = sqlite3.connect(path)
    schema_before = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    connection.executescript("CREATE TABLE leftover (x); UPDATE meta SET version = 0")
    connection.close()
    with opened(folder) as ledger:
        ledger.moment()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall() == schema_before
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


# ── Under an open reader ──────────────────────────────────────────────────────


@pytest.mark.parametrize("suffixes", [("", "-wal", "-shm"), ("",)], ids=["all files", "the main file alone"])
def test_views_deleted_under_an_open_reader(folder: Path, suffixes: tuple[str, ...]):
    """Who has the views open when they are deleted still answers right, and so does who opens them next."""
    with opened(folder) as reader, opened(folder) as writer:
        assert answers(reader) == answers(writer)
        for suffix in suffixes:
            (folder / f"ledger.views.db{suffix}").unlink()
        with opened(folder) as newcomer:
            assert answers(newcomer) == answers(reader) == answers(writer) == recomputed(newcomer)
            for one, said in ((writer, "support"), (newcomer, "reserved"), (reader, "declined"), (writer, "oppose")):
                say(one, said, "2025-03-14")
                assert answers(reader) == answers(newcomer) == answers(writer) == recomputed(reader)
    with opened(folder) as last:
        assert answers(last) == recomputed(last)


def test_a_register_outlives_the_connection_of_its_views(folder: Path):
    """What recording knows of names and entries is asked of the views that are there, not of those that were."""
    with opened(folder) as writer:
        entry = say(writer, "conditional", "2025-03-14")
        writer.views.db.close()
        writer.views.db = writer.views._anew()
        writer.views.appended()
        assert say(writer, "conditional", "2025-03-14") == entry
        undone = writer.record({"type": "entry-retracted", "entry": SAID + 1, "reason": "mistaken"})
        assert (undone.entry, stance(writer)) == (entry + 1, "conditional")
        assert answers(writer) == recomputed(writer)


def test_what_another_process_recorded_is_seen_by_the_next_question(folder: Path):
    """An open ledger catches up before every answer, whoever recorded and whoever wrote the views."""
    with opened(folder) as reader, opened(folder) as writer:
        assert stance(reader) == "awaiting"
        for said in ("support", "oppose", "declined"):
            say(writer, said, "2025-03-14")
            assert stance(reader) == said
            assert reader.moment().known_at == writer.head


def test_a_question_half_read_does_not_keep_the_ledger_from_catching_up(folder: Path):
    """A matrix that somebody began to read and put down blocks nobody, itself included."""
    with opened(folder) as reader, opened(folder) as writer:
        rows = iter(reader.matrix())
        first = next(rows)
        say(writer, "support", "2025-03-14")
        assert stance(reader) == "support"
        assert [first.stance, *(row.stance for row in rows)] == ["awaiting", "support"]


def test_an_interrupted_fold_leaves_the_views_as_they_were(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Rows and note are written in one transaction: where it fails neither is, and the next question folds anew."""
    path = folder / "ledger.views.db"
    with opened(folder) as reader, opened(folder) as writer:
        assert stance(reader) == "awaiting"
        writer._views = views.Views(writer.journal, None)  # so that it leaves the file to the reader
        say(writer, "support", "2025-03-14")
        note = basis(path)
        flush = Fold.flush
        with monkeypatch.context() as patched:
            patched.setattr(Fold, "flush", lambda fold: (flush(fold), 1 / 0))
            with pytest.raises(ZeroDivisionError):
                reader.moment()
        assert basis(path) == note
        assert reader.views.db.execute("SELECT MAX(entry) FROM entries").fetchone() == (note[2],)
        assert stance(reader) == "support"
        assert answers(reader) == recomputed(reader)


def test_two_views_of_one_journal_both_see_what_another_process_recorded(folder: Path):
    """Catching up one pair of eyes does not blind the other, as `Ledger.replay` has both."""
    with opened(folder) as reader, opened(folder) as writer:
        assert stance(reader) == "awaiting"
        beside = views.Views(reader.journal, None)
        entry = say(writer, "support", "2025-03-14")
        assert beside.catch_up() == entry
        assert stance(reader) == "support"
        beside.close()


ASK = """
import json, sys
from verbale import Ledger
print("ready", flush=True)
sys.stdin.readline()
with Ledger(sys.argv[1]) as ledger:
    rows = [row._asdict() for day in ("2025-03-11", None) for row in ledger.matrix(as_of=day)]
print(json.dumps(rows))
"""


@pytest.mark.parametrize("mishap", [delete, fill_with_text, make_it_of_an_older_version], ids=lambda m: m.__name__)
def test_processes_that_open_at_once_all_answer_right(folder: Path, mishap: Callable[[Path], None]):
    """Several commands that all find the views gone or damaged make them anew without harming each other."""
    with opened(folder) as ledger:
        expected = [row._asdict() for day in ("2025-03-11", None) for row in ledger.matrix(as_of=day)]
    mishap(folder / "ledger.views.db")
    command = [sys.executable, "-c", ASK, str(folder / "ledger.db")]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        said, complained = process.communicate(timeout=60)
        assert (process.returncode, complained) == (0, "")
        assert json.loads(said) == json.loads(json.dumps(expected))
    with opened(folder) as ledger:
        assert answers(ledger) == recomputed(ledger)


# ── The two clocks ────────────────────────────────────────────────────────────


def at(entry: int, *, plus: int = 0) -> str:
    """Give the time at which an entry of these ledgers was recorded, or some microseconds later."""
    return stamp(instant(OPENING) + MINUTE * (entry - 1) + plus)


def test_the_clock_of_these_tests_goes_by_a_minute_an_entry(ledger: Ledger):
    """What the cases below rest on: e1 was recorded at nine, and each further entry a minute later."""
    times = [recorded.recorded_at for recorded in ledger.journal.read()]
    assert times == [at(entry) for entry in range(1, ledger.head + 1)]


@pytest.mark.parametrize(
    ("said", "known_at"),
    [
        (None, 8),
        ("e0", 0),
        ("e1", 1),
        ("e8", 8),
        ("2025-03-19", 0),
        ("2025-03-20", 8),
        ("2025-03", 8),
        ("2024", 0),
        ("2026", 8),
        ("9999", 8),
        ("2025-03-20T09:00Z", 1),
        ("2025-03-20T08:59Z", 0),
        ("2025-03-20T12:04+03:00", 5),
        ("2025-03-20T09:04:59.999999Z", 5),
        ("2025-03-20T09:05:00.000000Z", 6),
        ("2025-03-21T00:00Z", 8),
    ],
)
def test_a_moment_of_the_ledger_is_an_entry_or_what_was_recorded_by_then(
    ledger: Ledger, said: str | None, known_at: int
):
    """K is an entry, a time, which includes its own instant, or a day, month or year, which means its end."""
    found = ledger.moment(None, said)
    assert found == (None, END, known_at, at(known_at) if known_at else None)


def test_an_entrys_own_time_is_the_entry(ledger: Ledger):
    """What `recorded_at` says of an entry can be given as K, and a microsecond less is the entry before."""
    for entry in range(1, ledger.head + 1):
        assert ledger.moment(None, at(entry)).known_at == entry
        assert ledger.moment(None, at(entry, plus=-1)).known_at == entry - 1
        assert ledger.moment(None, at(entry, plus=1)).known_at == entry


def test_entries_recorded_at_one_instant_are_known_together(tmp_path: Path):
    """A lot that was recorded in one transaction has one time, which stands for the last of it."""
    Ledger.create(tmp_path / "ledger.db")
    drafts = "".join(json.dumps(draft) + "\n" for draft in REGISTER)
    (tmp_path / "lot.jsonl").write_text(drafts, encoding="utf-8")
    with opened(tmp_path) as ledger:
        ledger.import_file(tmp_path / "lot.jsonl")
        assert ledger.moment(None, OPENING).known_at == len(REGISTER)
        assert ledger.moment(None, "e2").recorded_at == OPENING


def test_a_midnight_belongs_to_the_day_that_it_begins(tmp_path: Path):
    """What was recorded at midnight is not known at the end of the day before, and is at that very instant."""
    Ledger.create(tmp_path / "ledger.db")
    with Ledger(tmp_path / "ledger.db", clock=lambda: instant("2025-03-20T00:00:00.000000Z")) as ledger:
        ledger.record(REGISTER[0])
        assert ledger.moment(None, "2025-03-19").known_at == 0
        assert ledger.moment(None, "2025-03-20T00:00Z").known_at == 1


@pytest.mark.parametrize("said", [None, "e0", "2025-03-20", "2025-03-20T09:00Z"])
def test_an_empty_ledger_knows_nothing_at_any_moment(tmp_path: Path, said: str | None):
    """Before the first entry every K is entry 0, which has no time; an answer is no rows."""
    Ledger.create(tmp_path / "ledger.db")
    with opened(tmp_path) as ledger:
        assert ledger.moment("2025-03-20", said) == ("2025-03-20", instant("2025-03-21T00:00:00.000000Z"), 0, None)
        assert list(ledger.matrix(as_known_at=said)) == []


def test_a_moment_of_the_world_is_echoed_as_it_was_given(ledger: Ledger):
    """T is understood as the end of what was written, and told as it was written."""
    assert ledger.moment("2025-Q1")[:2] == ("2025-Q1", instant("2025-04-01T00:00:00.000000Z"))
    assert ledger.moment("2025-03-12T14:30+03:00")[:2] == (
        "2025-03-12T14:30+03:00",
        instant("2025-03-12T11:30:00.000000Z"),
    )


@pytest.mark.parametrize(("said", "hint"), [("e9", "the last is e8"), ("e999999999999999999", "the last is e8")])
def test_an_entry_that_is_not_there_is_no_moment(ledger: Ledger, said: str, hint: str):
    """A number beyond the last is refused with the last one, never taken for "all"."""
    with pytest.raises(UnknownName) as refused:
        ledger.moment(None, said)
    assert (refused.value.exit_code, refused.value.hint) == (4, hint)


def test_an_empty_ledger_has_no_entry_to_know(tmp_path: Path):
    """Where nothing was recorded, e1 is unknown, and the hint says why."""
    Ledger.create(tmp_path / "ledger.db")
    with opened(tmp_path) as ledger, pytest.raises(UnknownName) as refused:
        ledger.moment(None, "e1")
    assert refused.value.hint == "the ledger is empty"


@pytest.mark.parametrize(
    "said", ["", "e", "e01", "e-1", "E1", "17", "yesterday", "2025-03-1X", "2025-03-12?", "../2025"]
)
def test_what_is_neither_entry_nor_time_is_no_moment_of_the_ledger(ledger: Ledger, said: str):
    """Anything else given as K does not parse, and the error says what would."""
    with pytest.raises(Unparsable) as refused:
        ledger.moment(None, said)
    assert refused.value.exit_code == 2
    assert refused.value.hint
