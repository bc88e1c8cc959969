"""Living data sets: after each snapshot the ledger says what the data say, and at its label what they said then."""

from __future__ import annotations

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entries import ActionTaken, ImportFinished, Origin
from ledger.errors import LedgerError, Refused, Unparsable
from ledger.importers import FORMATS
from ledger.importers.line import Line, as_line
from tests.ledger.samples import BASICS, new_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.register import Register
    from ledger.reporting import Report
    from verbale import Ledger

DAYS = [f"2022-04-{day:02}" for day in range(1, 29)]
Data = dict[str, tuple[str, str]]
"""From a row's key to its text and its region."""


class Made:
    """A data set of the test's own: a JSON array a line, of the key, the text and the region."""

    NAME = "made"
    LIVING = "made"

    @staticmethod
    def fits(head: bytes) -> bool:
        """Recognise nothing."""
        return not head and False

    @staticmethod
    def lines(file: IO[bytes], register: Register) -> Iterator[Line]:  # noqa: ARG004  as every format
        """Yield a deed for each row."""
        for number, line in enumerate(file, start=1):
            key, text, region = json.loads(line)
            done = {"party": "RUS", "issue": "ceasefire", "occurred_on": "2022-03-01", "text": text, "to": ["UKR"]}
            origin = {"dataset": "made", "id": key, "columns": {"region": region}}
            yield Line(number, as_line({"type": "action-taken", **done, "origin": origin}), 0, file.tell())


@pytest.fixture(autouse=True, scope="module")
def _format() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setitem(FORMATS, "made", Made)
    yield
    patch.undo()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open a ledger with the parties and the issue."""
    with new_ledger(tmp_path / "ledger.db", *BASICS) as book:
        yield book


def taken_in(book: Ledger, rows: Data | list[list[str]], **asked: Any) -> Report:
    """Import rows."""
    listed = [[key, *said] for key, said in rows.items()] if isinstance(rows, dict) else rows
    file = io.BytesIO("".join(json.dumps(row) + "\n" for row in listed).encode())
    return book.import_file(file, format_="made", **asked)


def said(book: Ledger, known_at: str | None = None) -> Data:
    """Return what the ledger says that the data say."""
    found: Data = {}
    known = book.moment(as_known_at=known_at).known_at
    for one in book.log(as_known_at=known_at):
        if one.type == "action-taken" and one.status != "retracted":
            event = book.entry(one.entry, known).event
            origin = deed(book, one.entry, known)
            assert isinstance(event, ActionTaken)
            assert origin.id not in found
            found[origin.id] = event.text, origin.columns["region"]
    return found


def deed(book: Ledger, entry: int, known: int | None = None) -> Origin:
    """Return the row that a deed was made from."""
    event = book.entry(entry, known).event
    assert isinstance(event, ActionTaken)
    assert event.origin is not None
    return event.origin


TEXTS = st.sampled_from(["shelling", "a truce", "talks"])
STATES = st.dictionaries(st.sampled_from("abcdef"), st.tuples(TEXTS, st.sampled_from(["north", "south"])))


@settings(max_examples=60, deadline=None)
@given(states=st.lists(STATES, min_size=1, max_size=5))
def test_each_snapshot_comes_back_at_its_label(states: list[Data]) -> None:
    """However rows come, change, vanish and come again: now as in the last snapshot, at each label as in that one."""
    with TemporaryDirectory() as folder, new_ledger(Path(folder) / "ledger.db", *BASICS) as book:
        held: Data = {}
        for day, state in zip(DAYS, states, strict=False):
            report = taken_in(book, state, snapshot_of=day, allow_vanished=100)
            assert said(book) == state
            changed = {key for key in state if key in held and state[key] != held[key]}
            kept = {key for key in state if key in held and state[key] == held[key]}
            assert report.rows == len(state) == report.new + report.already
            assert report.already == len(kept)
            assert report.notes.get("vanished", 0) == len(held.keys() - state.keys())
            assert report.notes.get("changed", 0) == len(changed)
            held = state
            head = book.head
            assert taken_in(book, state, snapshot_of=day).last is None
            assert book.head == head
        for day, state in zip(DAYS, states, strict=False):
            assert said(book, f"made@{day}") == state


def test_what_people_corrected_and_retracted_stays(book: Ledger) -> None:
    """A snapshot that says what the last one said takes nothing back; where the data change, they go on top."""
    first = {"a": ("shelling", "north"), "b": ("talks", "north"), "c": ("talks", "north")}
    taken_in(book, first, snapshot_of=DAYS[0])
    entry = {deed(book, one.entry).id: one.entry for one in book.log() if one.type == "action-taken"}
    book.correct(entry["a"], {"text": "a shell"}, reason="read the report")
    book.retract(entry["b"], reason="not theirs")
    report = taken_in(book, first, snapshot_of=DAYS[1])
    assert (report.already, report.new, report.notes) == (3, 0, {"retracted_here": 1})
    assert said(book) == {"a": ("a shell", "north"), "c": ("talks", "north")}
    taken_in(book, {**first, "a": ("shelling", "south")}, snapshot_of=DAYS[2])
    assert said(book) == {"a": ("a shell", "south"), "c": ("talks", "north")}


@settings(max_examples=60, deadline=None)
@given(states=st.lists(STATES, min_size=1, max_size=6))
def test_files_of_one_day_may_turn_to_and_fro(states: list[Data]) -> None:
    """However often the state of one day is published: the ledger says what the last file says."""
    with TemporaryDirectory() as folder, new_ledger(Path(folder) / "ledger.db", *BASICS) as book:
        for state in states:
            taken_in(book, state, snapshot_of=DAYS[0], allow_vanished=100)
            assert said(book) == state
        assert book.verify().ok


def test_a_correction_of_the_data_that_people_undid_stays_undone(book: Ledger) -> None:
    """The next snapshot that says the same changes nothing; where the data change otherwise, that goes on top."""
    taken_in(book, {"a": ("shelling", "north")}, snapshot_of=DAYS[0])
    taken_in(book, {"a": ("talks", "north")}, snapshot_of=DAYS[1])
    undone = next(one.entry for one in book.log() if one.type == "entry-corrected")
    book.retract(undone, reason="the data are wrong")
    report = taken_in(book, {"a": ("talks", "north")}, snapshot_of=DAYS[2])
    assert (report.already, report.new, report.notes) == (1, 0, {})
    assert said(book) == {"a": ("shelling", "north")}
    taken_in(book, {"a": ("talks", "south")}, snapshot_of=DAYS[3])
    assert said(book) == {"a": ("shelling", "south")}
    taken_in(book, {"a": ("a truce", "south")}, snapshot_of=DAYS[4])
    assert said(book) == {"a": ("a truce", "south")}


def test_a_filtered_file_does_not_retract_the_world(book: Ledger) -> None:
    """Above five per cent nothing is recorded; a share can be allowed, or a scope limits what can vanish."""
    world = {f"k{n}": ("talks", "north" if n % 2 else "south") for n in range(40)}
    taken_in(book, world, snapshot_of=DAYS[0])
    north = {key: row for key, row in world.items() if row[1] == "north"}
    head = book.head
    with pytest.raises(Refused, match=r"20 of 40 rows have vanished \(50.0 %\)"):
        taken_in(book, north, snapshot_of=DAYS[1])
    assert book.head == head
    north.popitem()
    report = taken_in(book, north, snapshot_of=DAYS[1], scope={"region": "north"})
    assert (report.already, report.notes) == (19, {"vanished": 1})
    assert len(said(book)) == 39
    ended = book.entry(book.head).event
    assert isinstance(ended, ImportFinished)
    assert ended.scope == {"region": "north"}
    assert taken_in(book, {"k0": ("talks", "south")}, snapshot_of=DAYS[2], allow_vanished=98).notes == {"vanished": 38}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["a", "talks", "south"]], "region is 'south', outside of the scope region=north"),
        ([["a", "talks", "north"], ["a", "a truce", "north"]], "row 'a' is given twice, and not alike"),
    ],
)
def test_rows_that_a_snapshot_cannot_have(book: Ledger, rows: list[list[str]], why: str) -> None:
    """A row outside of the scope, and two that say different things of one key, are refused."""
    report = taken_in(book, rows, snapshot_of=DAYS[0], scope={"region": "north"})
    assert [one.reason for one in report.refused] == [why]
    assert report.last is None


def test_the_same_row_twice_is_repeated(book: Ledger) -> None:
    """Alike in everything, it counts once and as repeated."""
    report = taken_in(book, [["a", "talks", "north"]] * 2, snapshot_of=DAYS[0])
    assert (report.rows, report.new, report.repeated) == (2, 1, 1)


def test_what_is_asked_must_make_sense(book: Ledger) -> None:
    """No earlier snapshot after a later one, no column that is not there, no scope without a snapshot, no half."""
    taken_in(book, {"a": ("talks", "north")}, snapshot_of=DAYS[1])
    with pytest.raises(Refused, match="made@2022-04-01 cannot follow made@2022-04-02"):
        taken_in(book, {"a": ("talks", "north")}, snapshot_of=DAYS[0])
    report = taken_in(book, {"a": ("talks", "north")}, snapshot_of=DAYS[2], scope={"land": "x"})
    assert [one.reason for one in report.refused] == ["the row has no column 'land'"]
    for asked in (
        {"scope": {"region": "north"}},
        {"snapshot_of": "April"},
        {"snapshot_of": DAYS[2], "keep_going": True},
        {"snapshot_of": DAYS[2], "allow_vanished": float("nan")},
        {"snapshot_of": DAYS[2], "allow_vanished": 100.5},
        {"snapshot_of": DAYS[2], "allow_vanished": -1.0},
    ):
        with pytest.raises(Unparsable):
            taken_in(book, {}, **asked)
    with pytest.raises(LedgerError, match="a dossier is no data set"):
        book.import_file(io.BytesIO(), snapshot_of=DAYS[2])


def test_more_rows_of_a_data_set_change_nothing_that_is_there(book: Ledger) -> None:
    """Without a snapshot new rows come in and known ones are known; one that reads otherwise is refused."""
    taken_in(book, {"a": ("talks", "north")})
    report = taken_in(book, {"a": ("talks", "north"), "b": ("talks", "south")})
    assert (report.new, report.already) == (1, 1)
    report = taken_in(book, {"a": ("a truce", "north")}, keep_going=True)
    assert [one.reason for one in report.refused] == ["the row is e4 already, and reads otherwise: text"]


@pytest.mark.parametrize("label", ["made@2022-04-03", "other@2022-04-01", "made@", "@"])
def test_a_label_that_nobody_gave(book: Ledger, label: str) -> None:
    """It is told which there are."""
    taken_in(book, {}, snapshot_of=DAYS[0])
    with pytest.raises(LedgerError, match="no snapshot") as raised:
        book.matrix(as_known_at=label)
    assert ("made@2022-04-01" in str(raised.value.hint)) == label.startswith("made@")


def test_a_label_follows_data_that_turn_back_on_their_day(book: Ledger) -> None:
    """One day's file, another one, and the first again: the label is where the last of them ends."""
    first, second = {"a": ("talks", "north")}, {"a": ("a truce", "north")}
    for state in (first, second, first, second):
        taken_in(book, state, snapshot_of=DAYS[0])
        assert said(book) == said(book, f"made@{DAYS[0]}") == state
    head = book.head
    taken_in(book, second, snapshot_of=DAYS[0])
    assert book.head == head
