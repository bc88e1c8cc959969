"""Positions by index, by scan and by the plain fold of `tests.fold` are the same rows, at every pair of moments."""

from __future__ import annotations

import doctest
import tempfile
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tests.fold
from ledger.codec import CODEC
from ledger.entries import ActionTaken, Amendment, CoalitionJoined, CoalitionLeft, Mover, SpeakerAppointed
from ledger.entries.scales import STANCES
from ledger.errors import LedgerError
from ledger.times import END, instant, span, when
from projections import folding, views, walk
from projections.asking import position
from projections.clocks import Moment
from projections.matrix import matrix
from projections.positions import Position, Possible, Previous
from projections.ruling import rule_named
from projections.views import Views
from tests.fold import RULES, positions, rows, world
from verbale import Ledger

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.codec import Recorded

Draft = dict[str, Any]

PARTIES = ("EU", "RUS", "UKR", "USA")
ISSUES = ("ceasefire", "territory")
CELLS = list(product(PARTIES, ISSUES))
REGISTER: list[Draft] = [
    *({"type": "party-registered", "party": party, "name": f"Party {party}", "kind": "state"} for party in PARTIES),
    *({"type": "issue-opened", "issue": issue, "proposition": f"There is {issue}"} for issue in ISSUES),
    *({"type": "source-registered", "source": source, "title": f"Source {source}"} for source in ("agency", "paper")),
]
FIRST = len(REGISTER) + 1
"""The first entry that is about the world."""
OPENING = instant("2025-03-20T09:00:00.000000Z")
MINUTE = 60_000_000
DAY = 1_440 * MINUTE


class Book:
    """A ledger with a register, and a clock that goes by a minute an entry."""

    def __init__(self, folder: Path) -> None:
        Ledger.create(folder / "ledger.db")
        self.now = OPENING
        self.ledger = Ledger(folder / "ledger.db", recorded_by="anna", clock=lambda: self.now)
        for draft in REGISTER:
            self.record(draft)

    def record(self, draft: Draft, *, later: int = MINUTE) -> int:
        """Record a draft, and give its entry."""
        self.now += later
        return self.ledger.record(draft).entry

    # Short words for examples: all of one party on one issue, where nothing else is said.

    def says(self, stance: str, said_on: str, **more: object) -> int:
        """Record a statement."""
        fields = {"party": "RUS", "issue": "ceasefire", "stance": stance, "said_on": said_on, "text": f"We {stance}."}
        return self.record({"type": "statement-made", **fields, **more})

    def does(self, bearing: str | None, occurred_on: str, **more: object) -> int:
        """Record an action."""
        fields = {"party": "RUS", "issue": "ceasefire", "occurred_on": occurred_on, "text": "It was done."}
        return self.record({"type": "action-taken", **fields, **({"bearing": bearing} if bearing else {}), **more})

    def corrects(self, entry: int, **changes: object) -> int:
        """Record a correction."""
        return self.record({"type": "entry-corrected", "entry": entry, "changes": changes, "reason": "misread"})

    def undoes(self, entry: int) -> int:
        """Record a retraction."""
        return self.record({"type": "entry-retracted", "entry": entry, "reason": "mistaken"})

    def disputes(self, entry: int, reason: str = "not so") -> int:
        """Record a dispute."""
        return self.record({"type": "entry-disputed", "entry": entry, "reason": reason})

    # Answers

    @property
    def journal(self) -> list[Recorded]:
        """All entries."""
        return list(self.ledger.journal.read())

    def rows(self, as_of: str | None = None, k: int | None = None) -> list[Position]:
        """Give every row, after making sure that index, scan and fold agree on it."""
        known_at = self.ledger.head if k is None else k
        t = None if as_of is None else when(as_of)
        self.ledger.views.catch_up()
        found = positions(self.journal, t, known_at)
        assert answers(self.ledger.views.db, t, known_at) == (found, found)
        return found

    def row(self, as_of: str | None = None, k: int | None = None) -> Position:
        """Give the only row."""
        (found,) = self.rows(as_of, k)
        return found


def answers(
    db: sqlite3.Connection, t: int | None, k: int, rule: str = "latest/1"
) -> tuple[list[Position], list[Position]]:
    """Give every row at (T, K), each by a question of its own, and all by one scan."""
    at, by = Moment(None, END if t is None else t, k, None), rule_named(rule)
    sought = [position(db, party, issue, at, by) for party, issue in CELLS]
    return [row for row in sought if row is not None], list(matrix(db, at, rule=by))


def contents(db: sqlite3.Connection) -> dict[str, list[Any]]:
    """Give every row of every table, and the tables and indexes themselves."""
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    found = {name: sorted(db.execute(f'SELECT * FROM "{name}"'), key=repr) for name in tables}
    return found | {"": sorted(db.execute("SELECT type, name, sql FROM sqlite_schema"), key=repr)}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Give an empty ledger with a register."""
    found = Book(tmp_path)
    yield found
    found.ledger.close()


# ── Histories ─────────────────────────────────────────────────────────────────

# Few days, so that dates coincide, overlap and contain each other; every form of `ledger.times`; of each width class of
# `projections.schema` the greatest width, and one beyond it.
DAYS = st.sampled_from([f"2025-03-{day:02}" for day in range(8, 14)])
CLOCKS = st.sampled_from(["T00:00Z", "T11:30Z", "T14:30+03:00", "T11:30:00Z", "T11:30:00.5Z", "T23:59:59.999999Z"])
MASKS = st.sampled_from(
    ["2025-03-1X", "2025-03-0X", "2025-03-XX", "2025-03", "2025-XX", "2025", "202X", "20XX", "19XX"]
)
WIDE = st.sampled_from(
    [
        "2025-03-10T12:00Z/2025-03-11T11:59Z",  # one day to the minute, across midnight
        "2025-03-10T12:00Z/2025-03-11T12:00Z",
        "2025-02-09/2025-03-11",  # 31 days, 32 days
        "2025-02-08/2025-03-11",
        "2024-03-11/2025-03-11",  # 366 days, 367 days
        "2024-03-10/2025-03-11",
        "2015-03-12/2025-03-11",  # 3,653 days, 3,654 days
        "2015-03-11/2025-03-11",
        "1925-03-12/2025-03-11",  # 36,525 days, 36,526 days
        "1925-03-11/2025-03-11",
        "0001/2025-03-11",
        "../2025",
        "2026-01-01",  # refused as future, unless it is a correction of what is scheduled
    ]
)
POINTS = st.one_of(DAYS, st.builds("{}{}".format, DAYS, CLOCKS), MASKS)
QUALIFIED = st.builds("{}{}".format, POINTS, st.sampled_from("?~%"))
INTERVALS = st.builds("{}/{}".format, POINTS, POINTS)
OPEN_STARTS = st.builds("../{}".format, POINTS)


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Draw a date of any form, now and then one that no entry takes."""
    return draw(draw(st.sampled_from([DAYS, DAYS, POINTS, QUALIFIED, INTERVALS, OPEN_STARTS, WIDE])))


DATES = dates()

SPOKEN_FOR = st.lists(st.sampled_from(PARTIES), max_size=3)
STANCE = st.sampled_from(["oppose", "support", *STANCES])
TEXTS = st.sampled_from(["Yes.", "No.", "We shall see.", "Not yet.", "Что ж."])
QUOTES = st.sampled_from(
    [
        "We shall see",
        "Not yet",
        {"exact": "Not yet", "start": 7, "end": 14},
        {"exact": "Not yet", "start": 70, "end": 77, "lang": "en"},
    ]
)
SOURCES = st.sampled_from(["agency", "paper"])
BACK = st.integers(0, 9)
"""How many entries ago the one was recorded that an amendment is about."""

# Most of what is drawn is about one cell, or little would meet.
ABOUT = {
    "party": st.sampled_from(["RUS", "RUS", "RUS", *PARTIES]),
    "issue": st.sampled_from(["ceasefire", "ceasefire", *ISSUES]),
    "text": TEXTS,
}
WORDS: dict[str, st.SearchStrategy[Any]] = {
    "speaker": st.sampled_from(["Dmitry Peskov", "an aide"]),
    "conditions": st.lists(st.sampled_from(["a date", "a monitor"]), max_size=2),
    "attribution": st.sampled_from(["reported", "inferred"]),
    "credibility": st.sampled_from(["A1", "C3"]),
}
SHARED: dict[str, st.SearchStrategy[Any]] = {"source": SOURCES, "quote": QUOTES, "on_behalf_of": SPOKEN_FOR}

STATEMENTS = st.fixed_dictionaries(
    {"type": st.just("statement-made"), **ABOUT, "stance": STANCE, "on": DATES},
    optional={**WORDS, **SHARED, "sealed": st.just(True)},
)
PLAIN_STATEMENTS = st.fixed_dictionaries({"type": st.just("statement-made"), **ABOUT, "stance": STANCE, "on": DATES})
CODINGS = st.fixed_dictionaries(
    {
        "type": st.just("statement-made"),
        **ABOUT,
        "stance": STANCE,
        "on": st.sampled_from(["2025-03-11", "2025-03"]),
        "source": st.just("agency"),
        "quote": QUOTES,
    }
)
ACTIONS = st.fixed_dictionaries(
    {"type": st.just("action-taken"), **ABOUT, "on": DATES}, optional={"stance": STANCE, **SHARED}
)
SCHEDULED = st.fixed_dictionaries({"type": st.just("event-scheduled"), **ABOUT, "on": DATES})

CHANGE = st.one_of(
    *(st.fixed_dictionaries({name: drawn}) for name, drawn in {**ABOUT, **WORDS, **SHARED}.items()),
    st.fixed_dictionaries({"on": DATES}),
    st.fixed_dictionaries({"stance": STANCE}),
    st.sampled_from([{"quote": None}, {"source": None}, {"on_behalf_of": []}, {"conditions": []}, {"speaker": None}]),
)
CHANGES = st.lists(CHANGE, min_size=1, max_size=2).map(lambda some: {k: v for one in some for k, v in one.items()})


MEMBERS = st.sampled_from(["RUS", "RUS", "UKR", "EU"])
COALITIONS = st.sampled_from(["EU", "EU", "USA"])
JOININGS = st.fixed_dictionaries(
    {"type": st.just("coalition-joined"), "party": MEMBERS, "coalition": COALITIONS}, optional={"from": DATES}
)
LEAVINGS = st.fixed_dictionaries(
    {"type": st.just("coalition-left"), "party": MEMBERS, "coalition": COALITIONS, "until": DATES}
)
MERGING = st.fixed_dictionaries(
    {"type": st.just("party-merged"), "party": st.sampled_from(PARTIES), "into": st.sampled_from(["RUS", *PARTIES])}
)
UNMERGING = st.fixed_dictionaries({"type": st.just("party-unmerged"), "party": st.sampled_from(PARTIES)})
APPOINTMENTS = st.fixed_dictionaries(
    {
        "type": st.just("speaker-appointed"),
        "name": st.sampled_from(["Dmitry Peskov", "an aide"]),
        "party": st.sampled_from(["RUS", "RUS", "EU"]),
        "rank": st.integers(1, 3),
    },
    optional={"from": DATES, "to": DATES},
)


def amendments(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Draft]:
    """Draw amendments of one type."""
    return st.fixed_dictionaries({"type": st.just(kind), "entry": BACK, "reason": TEXTS, **fields})


OF_COALITIONS = (CoalitionJoined, CoalitionLeft)
CORRECTIONS = amendments(
    "entry-corrected", changes=CHANGES, among=st.sampled_from([Mover, Mover, Mover, OF_COALITIONS])
)
RETRACTIONS = amendments(
    "entry-retracted", among=st.sampled_from([Mover, *[Amendment] * 4, (*OF_COALITIONS, SpeakerAppointed)])
)
RESOLUTIONS = st.fixed_dictionaries(
    {
        "type": st.just("condition-resolved"),
        "entry": BACK,
        "condition": st.sampled_from(["a date", "a monitor"]),
        "outcome": st.sampled_from(["met", "failed"]),
    },
    optional={"resolved_on": DATES},
)
DISPUTES = amendments("entry-disputed")
CORROBORATIONS = st.fixed_dictionaries(
    {"type": st.just("entry-corroborated"), "entry": BACK, "observer": st.just("a monitor")}
)
KINDS = [
    *[PLAIN_STATEMENTS] * 3,
    *[STATEMENTS] * 3,
    *[CODINGS] * 2,
    *[ACTIONS] * 2,
    SCHEDULED,
    *[CORRECTIONS] * 4,
    *[RETRACTIONS] * 4,
    *[DISPUTES] * 2,
    CORROBORATIONS,
]
OF_PARTIES = [*[JOININGS] * 3, *[LEAVINGS] * 2, *[MERGING] * 2, *[UNMERGING] * 2, APPOINTMENTS, *[RESOLUTIONS] * 2]
LATER = st.sampled_from([MINUTE, 0, 1, DAY, -DAY])


@st.composite
def steps(draw: st.DrawFn) -> tuple[Draft, int]:
    """Draw one draft of a history, as `as_draft` reads it, and how much later it comes."""
    kinds = draw(st.sampled_from([KINDS, KINDS, OF_PARTIES]))
    return draw(draw(st.sampled_from(kinds))), draw(LATER)


# The length is drawn first: left alone, lists are short, and little meets in them.
HISTORIES = st.integers(1, 24).flatmap(lambda length: st.lists(steps(), min_size=length, max_size=length))


def as_draft(drawn: Draft, journal: list[Recorded]) -> Draft | None:
    """Give the draft that is meant where a history says `on`, `stance` or how many entries ago."""
    draft = dict(drawn)
    if "on" not in draft and "entry" not in draft:
        return draft
    if "entry" not in draft:
        return _with_names(draft, CODEC.type_named(draft["type"]))
    kind = draft.pop("among", Mover)
    targets = [recorded for recorded in journal if isinstance(recorded.event, kind)]
    if not targets:
        return None
    target = targets[-1 - draft["entry"] % len(targets)]
    draft["entry"] = target.entry
    if "changes" in draft:
        draft["changes"] = _with_names(draft["changes"], type(target.event))
    return draft


def _with_names(fields: Draft, kind: type[Any] | None) -> Draft:
    names = {"on": getattr(kind, "DATED", "on"), "stance": "bearing" if kind is ActionTaken else "stance"}
    return {names.get(name, name): value for name, value in fields.items()}


def play(book: Book, history: list[tuple[Draft, int]]) -> Iterator[int]:
    """Record a history, and yield every new entry; what the ledger refuses is left out."""
    for drawn, later in history:
        draft = as_draft(drawn, book.journal)
        head = book.ledger.head
        if draft is not None:
            try:
                entry = book.record(draft, later=later)
            except LedgerError:
                continue
            if entry > head:
                yield entry


@contextmanager
def a_book() -> Iterator[Book]:
    """Give a ledger of its own, for one history."""
    with tempfile.TemporaryDirectory() as folder:
        book = Book(Path(folder))
        with book.ledger:
            yield book


def instants(journal: list[Recorded]) -> list[int | None]:
    """Give no bound, and each instant beside which an answer may change: the bounds of every date ever in use."""
    moments = range(FIRST, len(journal) + 1)
    worlds = [world(journal, k) for k in moments]
    spans = {one.dated for known in worlds for one in known.words}
    spans |= {one.dated for known in worlds for one in known.deeds}
    dates = {getattr(one, "from_", None) or getattr(one, "until", None) for w in worlds for one in w.memberships}
    dates |= {one.resolved_on for known in worlds for said in known.words for one in said.resolved}
    spans |= {span(date) for date in dates if date is not None}
    bounds = {t for _, latest, earliest in spans for t in (earliest, earliest + 1, latest - 1, latest)}
    return [None, *sorted(bounds)]


# ── Properties ────────────────────────────────────────────────────────────────

THOROUGH = settings(deadline=None, max_examples=80, database=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(HISTORIES, st.sampled_from([1, 2, 5, walk.NEAR]))
def test_walk_seek_scan_and_fold_give_the_same_rows_at_every_pair_of_moments(history, near):
    """However far a question walks before it seeks, it and the scan answer like the plain fold, at every (T, K)."""
    with a_book() as book, mock.patch.object(walk, "NEAR", near):
        list(play(book, history))
        journal, db = book.journal, book.ledger.views.db
        asked = instants(journal)
        for k in range(len(journal) + 1):
            known = world(journal, k)
            for t in asked:
                expected = rows(known, t)
                assert answers(db, t, k) == (expected, expected), (t, k)
            for rule in RULES[1:]:
                expected = rows(known, asked[k % len(asked)], rule)
                assert answers(db, asked[k % len(asked)], k, rule) == (expected, expected), (k, rule)


@THOROUGH
@given(HISTORIES)
def test_views_caught_up_entry_by_entry_are_those_of_a_rebuild(history):
    """After every entry, the tables that were kept in step hold what a rebuild from nothing holds, row for row."""
    with a_book() as book:
        for _ in play(book, history):
            fresh = Views(book.ledger.journal, None)
            fresh.rebuild()
            assert contents(book.ledger.views.db) == contents(fresh.db)
            fresh.close()


@THOROUGH
@given(HISTORIES, st.integers(1, 9), st.lists(st.integers(1, 6)))
def test_tables_do_not_depend_on_how_the_journal_was_cut(history, batch, lots):
    """Whatever the size of the batches and of what is kept in memory, the tables come out the same."""
    with a_book() as book, mock.patch.multiple(views, _BATCH=batch), mock.patch.multiple(folding, _MANY_NODES=1):
        lagging, cuts, left = Views(book.ledger.journal, None), iter(lots), 0
        for _ in play(book, history):
            left -= 1
            if left < 0:
                left = next(cuts, 0)
                lagging.appended()
        lagging.appended()
        at_once = Views(book.ledger.journal, None)
        at_once.rebuild()
        assert contents(book.ledger.views.db) == contents(at_once.db) == contents(lagging.db)
        for temporary in (lagging, at_once):
            temporary.close()


# ── Examples, as short ledgers ────────────────────────────────────────────────


def test_the_fold_keeps_its_example():
    """The worked example of the plain fold runs as written."""
    assert doctest.testmod(tests.fold).failed == 0
    assert doctest.testmod(tests.fold).attempted > 0


def test_an_open_start_is_ordered_by_its_end(book):
    """A position that stood until a day yields to a word of the next day, and to none of the days before its end."""
    standing = book.says("oppose", "../2025-03-11")
    dated = book.says("awaiting", "2025-03-12")
    early = book.says("support", "2025-03-10")
    assert book.row().entry == dated
    assert book.row().previous == Previous("oppose", "../2025-03-11", standing)
    assert book.row("2025-03-11").entry == standing
    assert book.row("2025-03-11").contested_by == (early,)
    assert book.row("2025-03-10").entry == early
    assert book.row("2025-03-10").possible == (Possible(standing, "oppose", "../2025-03-11"),)


def test_a_standing_position_and_a_word_of_its_last_day_are_decided_by_number(book):
    """Where both begin to count on one day, what was recorded last is the position, and the other contests it."""
    dated = book.says("awaiting", "2025-03-11")
    standing = book.says("oppose", "../2025-03-11")
    assert (book.row().entry, book.row().contested_by) == (standing, (dated,))


def test_a_sharper_later_date_beats_a_vaguer_one(book):
    """A day within a month is later than the month, whichever was recorded last; the month still contests it."""
    day = book.says("oppose", "2025-03-12")
    month = book.says("support", "2025-03")
    assert (book.row().stance, book.row().entry, book.row().contested_by) == ("oppose", day, (month,))
    assert (book.row("2025-03-12").entry, book.row("2025-03-12").contested) == (day, False)


def test_of_two_that_start_together_the_one_that_ends_later_wins(book):
    """The first of a month yields to the whole month, and not the other way round."""
    month = book.says("support", "2025-03")
    book.says("oppose", "2025-03-01")
    assert book.row().entry == month


def test_what_is_said_later_on_a_day_beats_the_day(book):
    """A minute of a day is later than the day, in UTC whatever its zone."""
    minute = book.says("support", "2025-03-12T01:30+03:00")  # 22:30 of the day before
    day = book.says("oppose", "2025-03-12")
    assert book.row().entry == day
    assert book.row("2025-03-11").entry == minute
    assert not book.row().contested


def test_a_contradiction_on_one_day_is_contested(book):
    """Two stances on one day: the last recorded is the position, and the row names the other."""
    first, again = book.says("support", "2025-03-12"), book.says("support", "2025-03-12?", text="Yes, we do.")
    last = book.says("oppose", "2025-03-12")
    assert (book.row().entry, book.row().contested, book.row().contested_by) == (last, True, (first, again))
    assert book.row(k=again).contested_by == ()


def test_days_that_only_touch_do_not_contest(book):
    """Bounds are half-open: what is said today does not contradict yesterday."""
    book.says("support", "2025-03-11")
    book.says("oppose", "2025-03-12")
    book.says("support", "2025-03-13T00:00Z")
    assert not book.row().contested
    assert not book.row("2025-03-12").contested


def test_two_coders_of_one_quote_do_not_contest_each_other(book):
    """The same words of one source, read as two stances, are two coders differing, and no contradiction."""
    quote = {"exact": "We shall see", "start": 40, "end": 52}
    one = book.says("awaiting", "2025-03-12", source="agency", quote=quote)
    two = book.says("conditional", "2025-03-12", source="agency", quote="We shall see")
    assert book.row().contested_by == ()
    elsewhere = book.says("support", "2025-03-12", source="agency", quote={**quote, "start": 80, "end": 92})
    assert (book.row().entry, book.row().contested_by) == (elsewhere, (one,))
    book.says("oppose", "2025-03-12", source="paper", quote=quote)
    assert book.row().contested_by == (one, two, elsewhere)


def test_the_same_words_without_a_source_contest(book):
    """Where no source is named, nobody can say that it was the same utterance."""
    one = book.says("reserved", "2025-03-12", quote="We shall see")
    book.says("awaiting", "2025-03-12", quote="We shall see")
    assert book.row().contested_by == (one,)


def test_two_coders_are_known_by_what_is_known_of_their_quotes(book):
    """Whether two quotes are one is judged by how both entries read at K."""
    one = book.says("awaiting", "2025-03-12", source="agency", quote="We shall see")
    two = book.says("conditional", "2025-03-12", source="agency", quote="We shall see")
    apart = book.corrects(one, quote="We shall not see")
    together = book.corrects(two, quote="We shall not see")
    assert [book.row(k=k).contested_by for k in (two, apart, together)] == [(), (one,), ()]


def test_since_and_previous_are_of_whole_runs(book):
    """A position holds since the first of its unbroken run, and the run before it is told by its first and its last."""
    book.says("support", "2025-03-08")
    book.says("oppose", "2025-03-09")
    last = book.says("oppose", "2025-03-10", text="Still no.")
    book.says("support", "2025-03-11")
    book.says("support", "2025-03-12", text="Still yes.")
    assert (book.row().since, book.row().previous) == ("2025-03-11", Previous("oppose", "2025-03-09", last))


def test_undoing_a_correction_drops_that_one_alone(book):
    """Of two corrections of one field the later holds; when it is undone, the earlier does, and other fields stay."""
    entry = book.says("support", "2025-03-12")
    first = book.corrects(entry, said_on="2025-03-11", text="We agree.")
    second = book.corrects(entry, said_on="2025-03-10")
    speaker = book.corrects(entry, speaker="Dmitry Peskov")
    book.undoes(book.corrects(entry, said_on="2025-03-09"))
    assert book.row().since == "2025-03-10"
    undone = book.undoes(second)
    assert [book.row(k=k).since for k in (entry, first, second, undone)] == [
        "2025-03-12",
        "2025-03-11",
        "2025-03-10",
        "2025-03-11",
    ]
    assert (book.row().text, book.row().speaker) == ("We agree.", "Dmitry Peskov")
    book.undoes(first)
    assert (book.row().since, book.row().text, book.row().speaker) == ("2025-03-12", "We support.", "Dmitry Peskov")
    assert book.row(k=speaker).since == "2025-03-10"
    book.undoes(undone)
    assert book.row().since == "2025-03-10"


def test_correcting_the_party_moves_the_entry(book):
    """A statement whose party is corrected leaves the one row for the other, and keeps its number."""
    entry = book.says("support", "2025-03-12")
    moved = book.corrects(entry, party="UKR", issue="territory")
    assert [(row.party, row.issue, row.entry) for row in book.rows()] == [("UKR", "territory", entry)]
    assert [(row.party, row.issue, row.entry) for row in book.rows(k=entry)] == [("RUS", "ceasefire", entry)]
    book.undoes(moved)
    assert [row.party for row in book.rows()] == ["RUS"]


def test_those_who_are_spoken_for_are_moved(book):
    """A voice moves those it speaks for, itself only if it is listed; correcting the voice moves nobody."""
    entry = book.says("support", "2025-03-12", on_behalf_of=["UKR", "USA", "UKR"])
    assert [row.party for row in book.rows()] == ["UKR", "USA"]
    book.corrects(entry, party="USA")
    assert [row.party for row in book.rows()] == ["UKR", "USA"]
    book.corrects(entry, on_behalf_of=["USA", "RUS"])
    assert [row.party for row in book.rows()] == ["RUS", "USA"]
    book.corrects(entry, on_behalf_of=[])
    assert [row.party for row in book.rows()] == ["USA"]


def test_a_dispute_is_open_until_it_is_retracted(book):
    """A disputed position is contested by the dispute, as long as that stands, and while it is the position."""
    entry = book.says("support", "2025-03-12")
    dispute = book.disputes(entry)
    closed = book.undoes(dispute)
    opened = book.undoes(closed)
    assert [book.row(k=k).contested_by for k in (entry, dispute, closed, opened)] == [(), (dispute,), (), (dispute,)]
    rival = book.says("oppose", "2025-03-12")
    assert book.row().contested_by == (entry,)
    disputes = [book.disputes(rival, reason) for reason in ("he denies it", "misheard", "a forgery")]
    assert book.row().contested_by == (entry, *disputes)
    book.undoes(book.undoes(disputes[0]))  # opened again last, and listed where it was
    assert book.row().contested_by == (entry, *disputes)


def test_an_undone_retraction_brings_the_entry_back(book):
    """A retracted entry is gone from what is known afterwards, not from what was known; undoing that restores it."""
    before, entry = book.says("oppose", "2025-03-11"), book.says("support", "2025-03-12")
    gone = book.undoes(entry)
    back = book.undoes(gone)
    again = book.undoes(back)
    assert [book.row(k=k).entry for k in (entry, gone, back, again)] == [entry, before, entry, before]


def test_a_moment_within_a_vague_date_makes_it_possible_only(book):
    """What may have been said by T moves nothing and is listed, the latest first; from its end on it counts."""
    sure = book.says("oppose", "2025-03-10")
    month = book.says("support", "2025-03")
    tens = book.says("awaiting", "2025-03-1X~")
    row = book.row("2025-03-12")
    assert (row.entry, row.contested) == (sure, False)
    assert row.possible == (Possible(tens, "awaiting", "2025-03-1X~"), Possible(month, "support", "2025-03"))
    assert [p.entry for p in book.row("2025-03-09").possible] == [month]
    assert book.rows("2025-02") == []
    assert (book.row("2025-03-19").entry, book.row("2025-03").entry) == (tens, tens)
    assert book.row("2025-03").contested_by == (sure, month)


def test_a_day_counts_from_its_end(book):
    """Until midnight the day's word is possible, from midnight on it is certain, and at its start it is neither."""
    book.says("support", "2025-03-12")
    assert book.rows("2025-03-12T00:00Z") == []
    assert book.row("2025-03-12T00:00:00.000001Z").possible_count == 1
    assert book.row("2025-03-12T23:59:59.999999Z").stance is None
    assert book.row("2025-03-13T00:00Z").stance == "support"


def test_of_many_possible_ones_the_latest_twenty_are_listed(book):
    """The count is of all, the list of at most twenty."""
    entries = [book.says("support", "2025-03", text=f"Yes, {number}.") for number in range(23)]
    row = book.row("2025-03-12")
    assert (row.possible_count, [p.entry for p in row.possible]) == (23, entries[:2:-1])


def test_words_and_deeds_are_never_merged(book):
    """A deed stands beside the words, or alone in a row without a stance; a possible deed makes no row."""
    vague = book.does("oppose", "2025-03")
    assert book.rows("2025-03-12") == []
    assert (book.row().stance, book.row().deed.entry, book.row().deed.bearing) == (None, vague, "oppose")
    later = book.does(None, "2025-03-13", text="A convoy left.")
    said = book.says("support", "2025-03-12")
    row = book.row()
    assert (row.stance, row.entry, row.contested) == ("support", said, False)
    assert (row.deed.entry, row.deed.bearing, row.deed.text) == (later, None, "A convoy left.")


def test_what_is_learnt_late_changes_the_past_and_not_what_was_known_of_it(book):
    """A word recorded late counts for its day as known from then on, and for no answer as known before."""
    first = book.says("oppose", "2025-03-10")
    known_then = book.says("support", "2025-03-12")
    late = book.says("reserved", "2025-03-11")
    assert book.row("2025-03-11").entry == late
    assert book.row("2025-03-11", k=known_then).entry == first
    assert book.row().previous == Previous("reserved", "2025-03-11", late)
    assert book.row(k=known_then).previous == Previous("oppose", "2025-03-10", first)


def test_a_scheduled_event_moves_nothing(book):
    """What is to happen makes no row, neither before nor after it was to happen."""
    fields = {"party": "RUS", "issue": "ceasefire", "occurs_on": "2025-03-13", "text": "A meeting."}
    book.record({"type": "event-scheduled", **fields})
    assert book.rows() == []
