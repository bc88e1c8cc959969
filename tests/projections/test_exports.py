"""What is exported says elsewhere what the ledger says: the rule in SQL, positions as rectangles, every line's leaf."""

from __future__ import annotations

import doctest
import hashlib
import io
import json
import tempfile
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any
from unittest import mock

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.times import END, instant, span, when
from projections import rectangles as module
from projections.exports import belonging, parquet
from projections.exports.tables import TABLES
from projections.rectangles import State, in_time, rectangles
from projections.schema import OPEN
from tests.fold import World, rows, world
from tests.projections.engines import Duck, as_told, told
from tests.projections.test_positions import FIRST, HISTORIES, THOROUGH, Book, a_book, instants, play
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.positions import Position

UNSAID = "Между нами: мы согласимся"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Give an empty ledger with a register."""
    found = Book(tmp_path)
    yield found
    found.ledger.close()


@contextmanager
def a_book_without_lines() -> Iterator[Ledger]:
    """Give an empty ledger."""
    with tempfile.TemporaryDirectory() as folder:
        Ledger.create(Path(folder) / "ledger.db")
        with Ledger(Path(folder) / "ledger.db") as ledger:
            yield ledger


def exported(ledger: Ledger, name: str = "export") -> Path:
    """Export a ledger beside its file; return the folder."""
    assert isinstance(ledger.place, Place)
    folder = ledger.place.journal.parent / name
    rmtree(folder, ignore_errors=True)
    ledger.export_parquet(folder)
    return folder


def read(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a file."""
    found: list[dict[str, Any]] = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return found


# ── The rule in SQL ───────────────────────────────────────────────────────────


@THOROUGH
@given(HISTORIES, st.data())
def test_the_statement_answers_like_the_fold(history, data):
    """At random moments DuckDB's rows, in every column that the statement has, are those of the plain fold."""
    with a_book() as book:
        list(play(book, history))
        duck, journal = Duck(exported(book.ledger)), book.journal
        at = st.tuples(st.sampled_from(instants(journal)), st.integers(FIRST - 1, len(journal)))
        for t, k in {(None, len(journal)), *data.draw(st.lists(at, max_size=8))}:
            assert [told(row) for row in duck.rows(t, k)] == list(map(as_told, rows(world(journal, k), t))), (t, k)


def agree(book: Book, *asked: str | None) -> list[Position]:
    """Hold the statement against the fold at these T and every K; return the rows at the last of them."""
    duck, journal, found = Duck(exported(book.ledger)), book.journal, []
    for k, as_of in product(range(FIRST, len(journal) + 1), asked):
        t = None if as_of is None else when(as_of)
        found = rows(world(journal, k), t)
        assert [told(row) for row in duck.rows(t, k)] == list(map(as_told, found)), (as_of, k)
    return found


def test_members_have_what_their_coalitions_say(book):
    """Only certain joinings count, at once after leaving too; a possible leaving ends them; merged members count."""
    book.says("support", "2025-03-01", party="EU")
    book.says("oppose", "2025-03-01", party="UKR", issue="territory")
    member = {"party": "UKR", "coalition": "EU"}
    book.record({"type": "coalition-joined", **member, "from": "2025-03-02/2025-03-03"})
    book.record({"type": "coalition-left", **member, "until": "2025-03-05"})
    book.record({"type": "coalition-joined", **member, "from": "2025-03-06"})
    days = "2025-03-02", "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-08"
    assert [row.inherited_from for row in agree(book, *days)] == [None, "EU", None]
    vague = book.record({"type": "coalition-left", **member, "until": "2025-03-07/2025-03-09"})
    assert [row.party for row in agree(book, *days)] == ["EU", "UKR"]
    book.undoes(vague)
    book.record({"type": "party-merged", "party": "UKR", "into": "RUS"})
    assert [(row.party, row.inherited_from) for row in agree(book, *days)][1] == ("RUS", "EU")
    book.record({"type": "party-merged", "party": "EU", "into": "RUS"})
    assert {row.party for row in agree(book, *days)} == {"RUS"}


def test_of_two_coalitions_the_one_that_spoke_last_lends(book):
    """The last in the order of the rule, not of recording; of two that said it in one statement, the first by id."""
    for coalition in ("USA", "EU"):
        book.record({"type": "coalition-joined", "party": "UKR", "coalition": coalition})
    book.says("support", "2025-03-10", party="USA")
    book.says("oppose", "2025-03-08", party="EU")
    assert {row.inherited_from for row in agree(book, None, "2025-03-08")} == {None, "EU"}
    both = book.says("reserved", "2025-03-11", on_behalf_of=["USA", "EU"])
    book.disputes(both)
    lent = {row.party: (row.inherited_from, row.entry) for row in agree(book, "2025-03-10", None)}
    assert lent == {"EU": (None, both), "UKR": ("EU", both), "USA": (None, both)}


def test_disputes_contest_as_long_as_they_are_open(book):
    """Those that are open at K, after the rivals, in order, whenever they were opened again."""
    said = book.says("support", "2025-03-12")
    first, second = book.disputes(said), book.disputes(said, "misheard")
    back = book.undoes(first)
    book.undoes(second)
    book.undoes(back)
    assert agree(book, None)[0].contested_by == (first,)


def test_the_same_words_elsewhere_are_said_again(book):
    """Two readings of one place of a source are no rivals, of two places they are; a place that is not said is any."""
    quote = {"exact": "We shall see", "start": 40, "end": 52}
    one = book.says("awaiting", "2025-03-12", source="agency", quote=quote)
    book.says("conditional", "2025-03-12", source="agency", quote="We shall see")
    elsewhere = book.says("support", "2025-03-12", source="agency", quote={**quote, "start": 80, "end": 92})
    assert agree(book, None)[0].contested_by == (one,)
    book.says("oppose", "2025-03-12", source="paper", quote=quote)
    assert agree(book, None)[0].contested_by == (one, one + 1, elsewhere)


@settings(THOROUGH, max_examples=20)
@given(HISTORIES)
def test_issues_can_be_asked_apart(history):
    """The versions of some issues give the rows of those issues: a large record can be cut by issue."""
    with a_book() as book:
        list(play(book, history))
        duck, head = Duck(exported(book.ledger)), book.ledger.head
        whole = duck.rows(None, head)
        duck.db.execute("DELETE FROM versions WHERE issue <> 'ceasefire'")
        assert duck.rows(None, head) == [row for row in whole if row[1] == "ceasefire"]


def test_of_many_possible_ones_the_latest_twenty_are_listed(book):
    """The count is of all, the list of at most twenty, the latest first, as by the fold."""
    for number in range(23):
        book.says("support", "2025-03", text=f"Yes, {number}.")
    t = instant("2025-03-12T00:00:00.000000Z")
    expected = [as_told(row) for row in rows(world(book.journal, book.ledger.head), t)]
    assert [told(row) for row in Duck(exported(book.ledger)).rows(t, book.ledger.head)] == expected
    assert len(expected[0][10]) == 20


def test_two_coders_are_known_by_what_is_known_of_their_quotes(book):
    """A correction of a quote alone makes a rival of a reading of the same words, from then on and not before."""
    one = book.says("awaiting", "2025-03-12", source="agency", quote="We shall see")
    two = book.says("conditional", "2025-03-12", source="agency", quote="We shall see")
    apart = book.corrects(one, quote="We shall not see")
    duck = Duck(exported(book.ledger))
    assert [[told(row)[9] for row in duck.rows(None, k)] for k in (two, apart)] == [[()], [(one,)]]


# ── Positions as rectangles ───────────────────────────────────────────────────


def holders(found: list[dict[str, Any]], t: int | None, k: int) -> dict[tuple[str, str, bool], list[Any]]:
    """Return what the rows of `positions` say at (T, K), in every cell."""
    at = END if t is None else t
    says: dict[tuple[str, str, bool], list[Any]] = {}
    for row in found:
        low, high = row["as_of_from"], END if row["as_of_to"] is None else row["as_of_to"]
        until = OPEN if row["known_to"] is None else row["known_to"]
        if low <= at and (at < high or at == high == END) and row["known_from"] <= k < until:
            cell = row["party"], row["issue"], row["deeds"]
            says.setdefault(cell, []).append((row["entry"], row["stance"], row["dated"]))
    return says


def own(known: World, t: int | None) -> dict[tuple[str, str, bool], list[Any]]:
    """Return the answers of the fold that rest on a party's own words, and its deeds."""
    says: dict[tuple[str, str, bool], list[Any]] = {}
    dated = {one.entry: one.event.said_on for one in known.words}
    for row in rows(known, t):
        if row.entry is not None and row.inherited_from is None:
            says[row.party, row.issue, False] = [(row.entry, row.stance, dated[row.entry])]
        if row.deed is not None:
            says[row.party, row.issue, True] = [(row.deed.entry, row.deed.bearing, row.deed.occurred_on)]
    return says


@THOROUGH
@given(HISTORIES)
def test_rectangles_hold_the_answer_at_every_pair_of_moments(history):
    """At every (T, K) there is one row for each cell that has an answer of its own, with that answer, and no other."""
    with a_book() as book:
        list(play(book, history))
        table = pq.read_table(exported(book.ledger) / "positions.parquet")
        for name in ("as_of_from", "as_of_to"):
            at = table.column_names.index(name)
            table = table.set_column(at, name, table[name].cast("int64"))
        found, journal = table.to_pylist(), book.journal
        for k in range(len(journal) + 1):
            known = world(journal, k)
            for t in instants(journal):
                assert holders(found, t, k) == own(known, t), (t, k)


SPANS = st.tuples(st.integers(0, 9), st.integers(1, 4))
LIVES = st.tuples(st.integers(1, 12), st.integers(1, 12))


def states(drawn: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[State]:
    """Return states of a cell, in the order in which they are taken."""
    made = [
        State(starts, starts + width, entry, low, low + length if length < 12 else OPEN, "", "")
        for entry, ((starts, width), (low, length)) in enumerate(drawn, 1)
    ]
    return sorted(made, key=in_time)


@given(st.lists(st.tuples(SPANS, LIVES), max_size=14).map(states))
def test_rectangles_cover_what_has_an_answer_once(given_states):
    """At every point one rectangle, of the last in the order that counts there; nothing where nothing counts."""
    found = list(rectangles(given_states))
    for t, k in product(range(15), range(26)):
        certain = [one for one in given_states if one.latest <= t and one.known_from <= k < one.known_to]
        there = [
            one.state for one in found if one.as_of_from <= t < one.as_of_to and one.known_from <= k < one.known_to
        ]
        assert there == ([max(certain)] if certain else []), (t, k)


@given(st.lists(st.tuples(SPANS, LIVES), max_size=14).map(states))
def test_rectangles_are_few(given_states):
    """There are at most three for a state, and for each piece into which the dates within its own cut it."""
    within = sum(
        one is not other and one.starts <= other.starts and other.latest <= one.latest and one[:2] != other[:2]
        for one, other in product(given_states, repeat=2)
    )
    assert len(list(rectangles(given_states))) <= 3 * (len(given_states) + within)


def test_the_examples_are_kept():
    """The worked examples of the modules run as written."""
    for one in (module, belonging):
        assert doctest.testmod(one) == (0, doctest.testmod(one).attempted)
        assert doctest.testmod(one).attempted > 0


# ── The files ─────────────────────────────────────────────────────────────────


def test_every_leaf_follows_from_its_row(book):
    """Number, topic and data make the line whose hash the row has, and the leaves the root of the footer."""
    book.says("support", "2025-03-12", text="Да \u2028 “yes”")
    book.disputes(book.does(None, "../2025-03-13"))
    folder = exported(book.ledger)
    found = read(folder, "entries")
    assert [row["entry"] for row in found] == list(range(1, book.ledger.head + 1))
    for row, line in zip(found, book.ledger.export_journal(), strict=True):
        text = f'{{"entry":{row["entry"]},"type":"{row["topic"]}","data":{row["data"]}}}'
        assert text.encode() + b"\n" == line
        assert row["leaf"] == hashlib.sha256(b"\0" + text.encode()).digest()
    says = pq.read_metadata(folder / "entries.parquet").metadata
    assert says[b"verbale.root"].decode() == book.ledger.replay().root


def test_duckdb_checks_the_leaves(book):
    """What the leaf is made of is said in the file's own terms, and an engine can check it."""
    book.says("support", "2025-03-12", text="Да")
    query = """
        SELECT COUNT(*), SUM((unhex(sha256('\\x00'::BLOB || encode('{"entry":' || entry || ',"type":"' || topic
            || '","data":' || data || '}'))) = leaf)::INT)
    """
    found = duckdb.execute(f"{query} FROM '{exported(book.ledger)}/entries.parquet'").fetchone()
    assert found == (book.ledger.head, book.ledger.head)


def test_entries_say_what_was_recorded_and_how_it_stands(book):
    """Fields as recorded, bounds as instants, status at the last entry, and where a row came from."""
    said = book.says(
        "support", "../2025-03-11", source="agency", origin={"dataset": "votes", "id": "r1/RUS", "coder": "ada"}
    )
    done = book.does("oppose", "2025-03-12")
    corrected = book.corrects(said, stance="oppose")
    gone = book.undoes(done)
    by_number = {row["entry"]: row for row in read(exported(book.ledger), "entries")}
    row = by_number[said]
    assert (row["type"], row["party"], row["issue"], row["stance"]) == ("statement-made", "RUS", "ceasefire", "support")
    assert (row["status"], row["source"], row["dataset"], row["origin"]) == ("corrected", "agency", "votes", "r1/RUS")
    assert (row["earliest"], row["latest"].isoformat()) == (None, "2025-03-12T00:00:00+00:00")
    assert (by_number[done]["stance"], by_number[done]["status"]) == ("oppose", "retracted")
    assert by_number[done]["earliest"].isoformat() == "2025-03-12T00:00:00+00:00"
    assert [by_number[entry]["target"] for entry in (corrected, gone)] == [said, done]
    assert by_number[said]["recorded_by"] == "anna"


def test_evidence_names_what_entries_rest_on(book):
    """Source with publisher and address as they read last, the quote, and who corroborates or disputes it still."""
    paper = {"source": "wire", "title": "A wire", "publisher": "An agency", "url": "https://example.org/1"}
    registered = book.record({"type": "source-registered", **paper})
    book.says("oppose", "2025-03-10")
    said = book.says("support", "2025-03-12", source="wire", quote={"exact": "Yes", "start": 4, "end": 7, "lang": "en"})
    book.corrects(registered, publisher="Another agency")
    same = {"type": "entry-corroborated", "entry": said, "source": "paper", "observer": "a monitor", "quote": "Yes"}
    corroborated = book.record(same)
    book.undoes(book.record({**same, "quote": "No"}))
    dispute = book.disputes(said)
    book.undoes(book.disputes(said, "another reason"))
    (row,) = read(exported(book.ledger), "evidence")
    assert (row["entry"], row["status"], row["attribution"]) == (said, "disputed", "direct")
    assert (row["source"], row["publisher"], row["url"]) == ("wire", "Another agency", "https://example.org/1")
    assert (row["quote"], row["quote_start"], row["quote_end"], row["lang"]) == ("Yes", 4, 7, "en")
    (one,) = row["corroborations"]
    assert (one["entry"], one["source"], one["observer"], one["quote"]) == (corroborated, "paper", "a monitor", "Yes")
    assert row["disputes"] == [{"entry": dispute, "source": None, "reason": "not so"}]


def test_what_is_sealed_stays(book):
    """No file holds a sealed value, nor its salt; the commitment is there, as it is in the line."""
    said = book.says("support", "2025-03-12", text=UNSAID, quote=UNSAID, speaker=UNSAID, sealed=True)
    book.corrects(said, stance="oppose")
    folder = exported(book.ledger)
    held = book.ledger.journal.sealed_values(said)
    everything = json.dumps({table.name: read(folder, table.name) for table in TABLES}, default=repr)
    assert len(held) == 3
    for text in (UNSAID, UNSAID[:8], *(one.salt.hex() for one in held)):
        assert json.dumps(text)[1:-1] not in everything
        assert text not in everything
    (row,) = [row for row in read(folder, "entries") if row["entry"] == said]
    assert set(json.loads(row["data"])["sealed"]) == {"speaker", "text", "quote"}


@settings(THOROUGH, max_examples=15)
@given(HISTORIES)
def test_the_same_journal_gives_the_same_bytes(history):
    """Whether views were kept in step or made anew, and whatever ledger the lines were replayed into."""
    with a_book() as book, a_book_without_lines() as other:
        list(play(book, history))
        first = exported(book.ledger)
        book.ledger.views.rebuild()
        second = exported(book.ledger, "again")
        other.replay_file(io.BytesIO(b"".join(book.ledger.export_journal())))
        third = exported(other)
        names = sorted(path.name for path in first.iterdir())
        assert names == sorted([*(f"{table.name}.parquet" for table in TABLES), "latest-1.sql"])
        for name in names:
            assert (first / name).read_bytes() == (second / name).read_bytes() == (third / name).read_bytes(), name


def test_row_groups_do_not_change_the_rows(book):
    """However few rows a row group holds, each file has the same rows in the same order."""
    for day in range(1, 20):
        book.says("support" if day % 3 else "oppose", f"2025-03-{day:02}", source="agency", quote="Yes")
    whole = exported(book.ledger)
    with mock.patch.multiple(parquet, ROW_GROUP=4, _BATCH=3):
        cut = exported(book.ledger, "cut")
    assert pq.ParquetFile(cut / "entries.parquet").num_row_groups > 3
    for table in TABLES:
        assert read(cut, table.name) == read(whole, table.name)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_polars_and_duckdb_read_every_file(book, table):
    """Both see the same columns and rows; the footer says of what ledger, up to which entry, in what terms."""
    said = book.says("support", "2025-03-12", source="agency", quote="Yes")
    book.corrects(said, stance="oppose")
    book.record({"type": "coalition-joined", "party": "RUS", "coalition": "EU"})
    path = exported(book.ledger) / f"{table.name}.parquet"
    frame, duck = pl.read_parquet(path), duckdb.execute(f"SELECT * FROM '{path}'")
    names = [column.name for column in table.columns]
    assert frame.columns == [column[0] for column in duck.description or ()] == names
    assert frame.height == pq.read_metadata(path).num_rows > 0
    assert frame.to_dicts() == read(path.parent, table.name)
    (count,) = duckdb.execute(f"SELECT COUNT(*) FROM '{path}'").fetchone() or (0,)
    assert count == frame.height
    says = {key.decode(): value.decode() for key, value in pq.read_metadata(path).metadata.items()}
    assert list(json.loads(says["verbale.columns"])) == names
    ledger = str(book.ledger.journal.ledger_id)
    told_of = [says[f"verbale.{name}"] for name in ("ledger", "entry", "rule", "table", "format")]
    assert told_of == [ledger, str(book.ledger.head), "latest/1", table.name, "1"]


def test_bounds_are_those_of_the_dates(book):
    """Instants in `versions` are the microseconds of `ledger.times`, and the order is that of the rule."""
    dates = ["../2025-03-11", "2025-03-12T14:30+03:00", "2025-03"]
    for dated in dates:
        book.says("support", dated)
    found = {row["dated"]: row for row in read(exported(book.ledger), "versions")}
    assert [tuple(found[one][name] for name in ("starts", "latest", "earliest")) for one in dates] == [
        tuple(span(one)) for one in dates
    ]
