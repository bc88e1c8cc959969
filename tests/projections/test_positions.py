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
from ledger.entries import ActionTaken, EventScheduled, Mover, StatementMade
from ledger.entries.scales import STANCES
from ledger.errors import LedgerError
from ledger.times import END, instant, when
from projections import folding, views
from projections.clocks import Moment
from projections.matrix import matrix
from projections.positions import Position, Possible, Previous, position
from projections.views import Views
from tests.fold import known, positions, rows
from verbale import Ledger

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.codec import Recorded

Draft = dict[str, Any]

PARTIES = ("RUS", "UKR", "USA")
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

    def disputes(self, entry: int) -> int:
        """Record a dispute."""
        return self.record({"type": "entry-disputed", "entry": entry, "reason": "not so"})

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


def answers(db: sqlite3.Connection, t: int | None, k: int) -> tuple[list[Position], list[Position]]:
    """Give every row at (T, K), by index seeks and by one scan."""
    at = Moment(None, END if t is None else t, k, None)
    sought = [position(db, party, issue, at) for party, issue in CELLS]
    return [row for row in sought if row is not None], list(matrix(db, at))


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

# Few days, so that dates coincide, overlap and contain each other; every form of `ledger.times`; for each width class of
# `projections.schema` its greatest width and one beyond it.
DAYS = st.sampled_from([f"2025-03-{day:02}" for day in range(8, 14)])
CLOCKS = st.sampled_from(["T00:00Z", "T11:30Z", "T14:30+03:00", "T11:30:00Z", "T11:30:00.5Z", "T23:59:59.999999Z"])
MASKS = st.sampled_from(["2025-03-1X", "2025-03-0X", "2025-03-XX", "2025-03", "2025-XX", "2025", "202X", "20XX", "19XX"])
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

ABOUT = {"party": st.sampled_from(PARTIES), "issue": st.sampled_from(["ceasefire", *ISSUES]), "text": TEXTS}
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
    {**{"type": st.just("statement-made"), **ABOUT, "stance": STANCE, "on": DAYS}, "source": SOURCES, "quote": QUOTES}
)
ACTIONS = st.fixed_dictionaries(
    {"type": st.just("action-taken"), **ABOUT, "on": DATES}, optional={"stance": STANCE, **SHARED}
)
SCHEDULED = st.fixed_dictionaries({"type": st.just("event-scheduled"), **ABOUT, "on": DATES})

CHANGE = st.one_of(
    *(st.fixed_dictionaries({name: drawn}) for name, drawn in {**ABOUT, **WORDS, **SHARED}.items()),
    st.fixed_dictionaries({"on": DATES}),
    st.fixed_dictionaries({"stance": STANCE}),
    st.sampled_from([{"quote": None}, {"source": None}, {"on_behalf_of": None}, {"conditions": None}]),
)
CHANGES = st.lists(CHANGE, min_size=1, max_size=2).map(lambda some: {k: v for one in some for k, v in one.items()})


def amendments(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Draft]:
    """Draw amendments of one type."""
    return st.fixed_dictionaries({"type": st.just(kind), "entry": BACK, "reason": TEXTS, **fields})


CORRECTIONS = amendments("entry-corrected", changes=CHANGES)
RETRACTIONS = amendments("entry-retracted")
DISPUTES = amendments("entry-disputed")
CORROBORATIONS = st.fixed_dictionaries(
    {"type": st.just("entry-corroborated"), "entry": BACK, "observer": st.just("a monitor")}
)
KINDS = [
    *[PLAIN_STATEMENTS] * 3,
    *[STATEMENTS] * 3,
    CODINGS,
    *[ACTIONS] * 2,
    SCHEDULED,
    *[CORRECTIONS] * 4,
    *[RETRACTIONS] * 4,
    *[DISPUTES] * 2,
    CORROBORATIONS,
]
LATER = st.sampled_from([MINUTE, 0, 1, DAY, -DAY])


@st.composite
def steps(draw: st.DrawFn) -> tuple[Draft, int]:
    """Draw one draft of a history, as `as_draft` reads it, and how much later it comes."""
    return draw(draw(st.sampled_from(KINDS))), draw(LATER)


HISTORIES = st.lists(steps(), min_size=1, max_size=20)


def as_draft(drawn: Draft, journal: list[Recorded]) -> Draft | None:
    """Give the draft that is meant where a history says `on`, `stance` or how many entries ago."""
    draft = dict(drawn)
    if "entry" not in draft:
        return _with_names(draft, CODEC.type_named(draft["type"]))
    about_the_world = draft["type"] != "entry-retracted"
    targets = [r for r in journal[FIRST - 1 :] if isinstance(r.event, Mover) or not about_the_world]
    if not targets:
        return None
    target = targets[-1 - draft["entry"] % len(targets)]
    draft["entry"] = target.entry
    if "changes" in draft:
        draft["changes"] = _with_names(draft["changes"], type(target.event))
    return draft


def _with_names(fields: Draft, kind: type[Any] | None) -> Draft:
    names = {"on": getattr(kind, "DATE", "on"), "stance": "bearing" if kind is ActionTaken else "stance"}
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
    spans = {
        one.dated
        for k in range(FIRST, len(journal) + 1)
        for kind in (StatementMade, ActionTaken)
        for one in known(journal, kind, k)
    }
    bounds = {t for _, latest, earliest in spans for t in (earliest, earliest + 1, latest - 1, latest)}
    return [None, *sorted(bounds)]


# ── Properties ────────────────────────────────────────────────────────────────

THOROUGH = settings(deadline=None, max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(HISTORIES)
def test_seek_scan_and_fold_give_the_same_rows_at_every_pair_of_moments(history):
    """Whatever was recorded, the index seeks and the scan answer exactly like the plain fold, at every (T, K)."""
    with a_book() as book:
        list(play(book, history))
        journal, db = book.journal, book.ledger.views.db
        asked = instants(journal)
        for k in range(len(journal) + 1):
            words, deeds = known(journal, StatementMade, k), known(journal, ActionTaken, k)
            for t in asked:
                expected = rows(words, deeds, t)
                assert answers(db, t, k) == (expected, expected), (t, k)


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
