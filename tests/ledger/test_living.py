"""Living data sets: after each snapshot the ledger says what the data say, and at its label what they said then."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
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


def test_a_vanished_row_that_people_took_out_is_counted(book: Ledger) -> None:
    """Nothing is recorded of it, and the report says of how many; what the data took out themselves is none of them."""
    rows = {"a": ("talks", "north"), "b": ("talks", "south"), "c": ("a truce", "north")}
    taken_in(book, rows, snapshot_of=DAYS[0])
    entry = {deed(book, one.entry).id: one.entry for one in book.log() if one.type == "action-taken"}
    taken = book.retract(entry["a"], reason="not theirs").entry
    left = {"c": rows["c"]}
    report = taken_in(book, left, snapshot_of=DAYS[1], allow_vanished=100)
    assert report.notes == {"vanished": 1, "vanished_retracted_here": 1}
    book.retract(taken, reason="theirs after all")
    assert said(book) == {"a": rows["a"], "c": rows["c"]}
    report = taken_in(book, left, snapshot_of=DAYS[2], allow_vanished=100)
    assert report.notes == {"vanished": 1}


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


def test_a_row_that_people_brought_back_stays(book: Ledger) -> None:
    """Until it is in the data again and vanishes anew; snapshots that lack it go on lacking it."""
    row = {"a": ("talks", "north")}
    taken_in(book, row, snapshot_of=DAYS[0])
    taken_in(book, {}, snapshot_of=DAYS[1], allow_vanished=100)
    undone = max(one.entry for one in book.log() if one.type == "entry-retracted")
    book.retract(undone, reason="it was so")
    report = taken_in(book, {}, snapshot_of=DAYS[2])
    assert (report.notes, said(book)) == ({"kept_here": 1}, row)
    report = taken_in(book, row, snapshot_of=DAYS[3])
    assert (report.new, report.notes, said(book)) == (1, {"brought_back": 1}, row)
    report = taken_in(book, {}, snapshot_of=DAYS[4], allow_vanished=100)
    assert (report.notes, said(book)) == ({"vanished": 1}, {})


def test_a_row_in_the_data_again_that_people_take_out_again_stays_out(book: Ledger) -> None:
    """The data brought it back, a person undid that: snapshots that go on having it leave it so."""
    row = {"a": ("talks", "north")}
    for day, state in zip(DAYS, (row, {}, row), strict=False):
        taken_in(book, state, snapshot_of=day, allow_vanished=100)
    back = max(one.entry for one in book.log() if one.type == "entry-retracted")
    book.retract(back, reason="the data err")
    report = taken_in(book, row, snapshot_of=DAYS[3])
    assert (report.already, report.notes, said(book)) == (1, {"retracted_here": 1}, {})


@pytest.mark.parametrize("how", ["undone", "corrected"])
def test_data_that_turn_back_to_what_people_read_are_heard(book: Ledger, how: str) -> None:
    """From A to B, which a person takes back; to A, which changes nothing today; to B again, which does."""
    first, second = {"a": ("shelling", "north")}, {"a": ("talks", "north")}
    taken_in(book, first, snapshot_of=DAYS[0])
    taken_in(book, second, snapshot_of=DAYS[1])
    changed = next(one for one in book.log() if one.type == "entry-corrected")
    assert changed.target is not None
    if how == "undone":
        by = book.retract(changed.entry, reason="the data err").entry
    else:
        by = book.correct(changed.target, {"text": "shelling"}, reason="the data err").entry
    report = taken_in(book, first, snapshot_of=DAYS[2])
    assert (report.new, report.notes, said(book)) == (1, {"changed": 1}, first)
    head = book.head
    book.retract(by, reason="they did not")
    assert said(book) == first
    book.retract(book.head, reason="they did")
    report = taken_in(book, first, snapshot_of=DAYS[2])
    assert (report.last, book.head) == (None, head + 2)
    report = taken_in(book, second, snapshot_of=DAYS[3])
    assert (report.notes, said(book)) == ({"changed": 1}, second)
    assert book.verify().ok


@pytest.mark.parametrize("source", [None, "other/2022-04-03", "made/April"])
def test_only_the_data_may_say_again_what_holds_already(book: Ledger, source: str | None) -> None:
    """A correction that changes nothing, and a second retraction of a retraction, are refused to everybody else."""
    row = {"a": ("talks", "north")}
    for day, state in zip(DAYS, (row, {}), strict=False):
        taken_in(book, state, snapshot_of=day, allow_vanished=100)
    gone = max(one.entry for one in book.log() if one.type == "entry-retracted")
    target = next(one.entry for one in book.log() if one.type == "action-taken")
    for name in ("made/2022-04-03", *filter(None, [source])):
        book.record({"type": "source-registered", "source": name, "title": name})
    book.retract(gone, reason="it was so")
    again: dict[str, Any] = {"type": "entry-retracted", "entry": gone, "reason": "again"}
    same = {"type": "entry-corrected", "entry": target, "changes": {"text": "talks"}, "reason": "again"}
    for draft, why in ((again, "is retracted by"), (same, "says that already")):
        with pytest.raises(Refused, match=why):
            book.record(draft | ({"source": source} if source else {}))
        book.record(draft | {"source": "made/2022-04-03"})
    with pytest.raises(Refused, match="is retracted by"):
        book.record(again | {"source": "made/2022-04-03", "after": book.last_amendment(gone)})


def test_a_scope_asks_where_the_data_have_a_row(book: Ledger) -> None:
    """Not where a person moved it."""
    taken_in(book, {"a": ("talks", "north"), "b": ("talks", "north")}, snapshot_of=DAYS[0])
    entry = next(one.entry for one in book.log() if one.type == "action-taken")
    moved = {"dataset": "made", "id": "a", "columns": {"region": "south"}}
    book.correct(entry, {"origin": moved}, reason="it is in the south")
    report = taken_in(
        book, {"b": ("talks", "north")}, snapshot_of=DAYS[1], scope={"region": "north"}, allow_vanished=50
    )
    assert (report.notes, set(said(book))) == ({"vanished": 1}, {"b"})


MANY = st.integers(0, 1_000)
FEW = st.dictionaries(
    st.just("a"), st.tuples(st.sampled_from(["talks", "a truce"]), st.sampled_from(["north", "south"]))
)
STEPS = st.one_of(
    FEW,
    FEW,
    STATES,
    st.tuples(st.just("read"), MANY, TEXTS),
    st.tuples(st.just("move"), MANY, st.sampled_from(["north", "south"])),
    st.tuples(st.just("undo"), MANY, st.just("")),
    st.tuples(st.just("undo"), MANY, st.just("")),
)
"""A snapshot, or what a person does: correct a text or a region, undo a deed or an amendment."""


A_ROW: Data = {"a": ("talks", "north")}


def by_hand(book: Ledger, what: str, which: int, value: str) -> None:
    """Let a person amend one of the entries that can be amended so."""
    found = [one for one in book.log() if one.status != "retracted"]
    kinds = ("action-taken", "entry-corrected", "entry-retracted") if what == "undo" else ("action-taken",)
    chosen = [one.entry for one in found if one.type in kinds]
    if not chosen:
        return
    entry = chosen[which % len(chosen)]
    if what == "undo":
        book.retract(entry, reason="by hand")
        return
    origin = deed(book, entry).model_dump()
    changes = {"text": value} if what == "read" else {"origin": origin | {"columns": {"region": value}}}
    with suppress(Refused):  # where it reads so already
        book.correct(entry, changes, reason="by hand")


def taken_out(book: Ledger) -> set[str]:
    """Return the rows that people have retracted, whatever the data say of them."""
    gone = [one for one in book.log() if one.type == "entry-retracted" and one.status != "retracted"]
    by_people = [one.target for one in gone if one.text == "by hand" and one.target is not None]
    return {deed(book, entry).id for entry in by_people if book.entry(entry).type == "action-taken"}


def readings(book: Ledger) -> Data:
    """Return how every row reads, those that are retracted too."""
    events = [book.entry(one.entry).event for one in book.log() if one.type == "action-taken"]
    deeds = [event for event in events if isinstance(event, ActionTaken) and event.origin is not None]
    return {event.origin.id: (event.text, event.origin.columns["region"]) for event in deeds if event.origin}


class Heard:
    """What the data said last, as far as the ledger was to follow them."""

    def __init__(self) -> None:
        self.rows: Data = {}
        self.there: set[str] = set()

    def after(self, state: Data, book: Ledger) -> Data:
        """Return what the ledger is to say after a snapshot: what the data turned, on top of what it says."""
        counting, reading, out = set(said(book)), readings(book), taken_out(book)
        vanished = (counting & self.there) - state.keys()
        counting -= vanished
        counting |= {key for key in state if key not in self.there and key not in out}
        self.there = (self.there - vanished) | state.keys()
        for key in counting & state.keys():
            new, old = state[key], self.rows.get(key, ("", ""))
            text, region = reading.get(key, new)
            reading[key] = new[0] if new[0] != old[0] else text, new[1] if new[1] != old[1] else region
            self.rows[key] = new
        return {key: reading[key] for key in counting}


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=14))
@example(steps=[A_ROW, {}, A_ROW, {}, ("undo", 0, ""), A_ROW])  # who undid a bringing back, and the data turned anew
def test_what_the_data_turn_reads_so_and_all_else_as_before(steps: list[Any]) -> None:
    """Whatever people do meanwhile: a snapshot moves the fields and rows that the data turned since their last word."""
    with TemporaryDirectory() as folder, new_ledger(Path(folder) / "ledger.db", *BASICS) as book:
        days, heard, labels = iter(DAYS), Heard(), dict[str, Data]()
        for step in steps:
            if isinstance(step, tuple):
                by_hand(book, *step)
                continue
            day, expected = next(days), heard.after(step, book)
            taken_in(book, step, snapshot_of=day, allow_vanished=100)
            assert said(book) == expected
            labels[day], head = expected, book.head
            assert taken_in(book, step, snapshot_of=day, allow_vanished=100).last is None
            assert book.head == head
        assert {day: said(book, f"made@{day}") for day in labels} == labels
        assert book.verify().ok


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
