"""The library beside the command line: rows that stream and become data frames, and a method for each mutation."""

from __future__ import annotations

import inspect
import json
import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest

from ledger.errors import LedgerError, Refused, UnknownName
from projections.json_rows import position_row
from tests.ledger.samples import BASICS, new_ledger, source, statement
from tests.verbale.doors import Clock
from verbale import Ledger
from verbale.contract import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.verbale.doors import Door
    from verbale.rows import Rows

LISTS: dict[str, Callable[[Ledger], Rows[Any]]] = {
    "matrix": lambda ledger: ledger.matrix(),
    "log": lambda ledger: ledger.log(),
    "timeline ceasefire-30d": lambda ledger: ledger.timeline("ceasefire-30d"),
    "agenda": lambda ledger: ledger.agenda(),
    "when RUS ceasefire-30d": lambda ledger: ledger.when("RUS", "ceasefire-30d"),
    "diff 2025-03-11 2025-03-12": lambda ledger: ledger.diff(ledger.moment("2025-03-11"), ledger.moment("2025-03-12")),
    "party list": lambda ledger: ledger.parties(),
    "issue list": lambda ledger: ledger.issues(),
    "source list": lambda ledger: ledger.sources(),
    "speaker list": lambda ledger: ledger.speakers(),
}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Make a ledger that knows Russia and a pause."""
    Ledger.create(tmp_path / "l.db")
    with Ledger(tmp_path / "l.db", clock=Clock("2026-11-24T10:00:00Z")) as book:
        book.add_party("RUS", "Russia", aliases=["Kremlin"], codes={"iso3": "RUS"})
        book.add_issue("pause", "A pause takes effect")
        yield book


# Rows


@pytest.mark.parametrize("line", LISTS)
def test_rows_are_what_the_command_prints(sample: Door, tmp_path: Path, line: str) -> None:
    """`to_dicts` gives the rows of `--json`, and both kinds of data frame have a row for each, and its columns."""
    with Ledger(tmp_path) as ledger:
        rows = LISTS[line](ledger)
        dicts = rows.to_dicts()
        assert json.loads(json.dumps(dicts)) == sample.ok(f"{line} --jsonl").rows
        assert dicts
        names = list(dict.fromkeys(name for row in dicts for name in row))
        assert rows.to_polars().shape == rows.to_pandas().shape == (len(dicts), len(names))
        assert list(rows.to_pandas().columns) == rows.to_polars().columns == names
        assert rows.to_polars().to_dicts()[0].keys() == set(names)


def test_frames_hold_the_values(ceasefire: Ledger) -> None:
    """What a frame holds is what the rows say, nested values too."""
    rows = ceasefire.matrix(as_of="2025-03-12")
    stances = [row.stance for row in rows]
    assert rows.to_polars()["stance"].to_list() == stances
    assert [None if pd.isna(value) else value for value in rows.to_pandas()["stance"]] == stances
    previous = [None if row.previous is None else row.previous.stance for row in rows]
    assert [None if one is None else one["stance"] for one in rows.to_polars()["previous"].to_list()] == previous


def test_a_frame_without_rows_has_its_columns(book: Ledger) -> None:
    """An answer without rows becomes a frame with the contract's columns."""
    rows = book.matrix()
    assert rows.to_polars().columns == list(rows.to_pandas().columns) == columns_of("positions")
    assert (len(rows.to_polars()), len(rows.to_pandas())) == (0, 0)


def test_rows_stream_and_repeat(ceasefire: Ledger) -> None:
    """Rows come one by one and as often as they are asked for; as a sequence they are a list's equal."""
    rows = ceasefire.matrix()
    first = next(iter(rows))
    assert repr(rows) == "<Rows: positions>"
    assert list(rows) == list(rows)
    assert rows == list(rows)
    assert (rows[0], rows[-1], rows[:2]) == (first, list(rows)[-1], list(rows)[:2])
    assert first in rows
    assert repr(rows) == f"<Rows: positions, {len(rows)}>"
    assert rows.to_dicts()[0] == position_row(first)


def test_rows_are_of_the_moment_at_which_they_were_asked_for(book: Ledger) -> None:
    """What is recorded later does not get into an answer that was asked for before."""
    book.record_statement("RUS", "pause", "oppose", "No.", "2025-03-12")
    rows, log = book.matrix(), book.log()
    book.record_statement("RUS", "pause", "support", "Yes.", "2025-03-13")
    assert ([row.stance for row in rows], len(log)) == (["oppose"], 3)
    assert [row.stance for row in book.matrix()] == ["support"]


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_missing_library_is_told(ceasefire: Ledger, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """Without the library, the error names it and how to install it; nothing else needs it."""
    monkeypatch.setitem(sys.modules, library, None)
    rows = ceasefire.matrix()
    with pytest.raises(Refused, match=f"{library} is not installed") as error:
        getattr(rows, f"to_{library}")()
    assert error.value.hint == f"install it with: pip install 'verbale[{library}]'"
    assert rows.to_dicts()


def test_frames_are_of_the_libraries(ceasefire: Ledger) -> None:
    """The frames are the libraries' own."""
    assert isinstance(ceasefire.matrix().to_polars(), pl.DataFrame)
    assert isinstance(ceasefire.matrix().to_pandas(), pd.DataFrame)


# Mutations


def test_words_and_deeds(book: Ledger, tmp_path: Path) -> None:
    """Each field goes where a draft has it, and the answer says what it did."""
    (tmp_path / "wire.txt").write_text("We refuse.")
    assert book.add_alias("RUS", "Moscow").entry == 3
    book.add_source(
        "wire",
        "Report",
        snapshot=tmp_path / "wire.txt",
        publisher="P",
        agency="Q",
        url="https://e.org",
        reliability="B",
    )
    book.add_speaker("Dmitry Peskov", "Kremlin", role="spokesman", rank=2, since="2008-05", until="2030")
    book.add_speaker("An observer")
    plan = book.record_scheduled("Moscow", "pause", "Talks.", "2025-03-13", place="Jeddah", source="wire", to=["RUS"])
    done = book.record_statement(
        "Moscow",
        "PAUSE",
        "conditional",
        "If others do.",
        "2025-03-12",
        speaker="Dmitry Peskov",
        act="demand",
        credibility="B2",
        source="wire",
        quote="We refuse",
        conditions=["others do"],
        to=["RUS"],
        re=plan.entry,
        fulfils=plan.entry,
        on_behalf_of=["RUS"],
        coding={"scheme": "PLOVER", "code": "DEMAND"},
    )
    assert (done.party, done.issue, done.before) == ("RUS", "pause", None)
    assert book.entry(done.entry).fields() == {
        "party": "RUS",
        "issue": "pause",
        "stance": "conditional",
        "said_on": "2025-03-12",
        "text": "If others do.",
        "speaker": "Dmitry Peskov",
        "act": "demand",
        "attribution": "direct",
        "credibility": "B2",
        "source": "wire",
        "quote": {"exact": "We refuse"},
        "conditions": ["others do"],
        "to": ["RUS"],
        "re": plan.entry,
        "fulfils": plan.entry,
        "on_behalf_of": ["RUS"],
        "coding": {"scheme": "PLOVER", "code": "DEMAND"},
    }
    deed = book.record_action("RUS", "pause", "Troops leave.", "2025-03-14", bearing="support", place="Kursk")
    assert deed.after is not None
    assert (deed.after.stance, deed.after.deed is not None) == ("conditional", True)
    sealed = book.record_statement("RUS", "pause", "oppose", "Off the record.", "2025-03-15", sealed=True)
    assert book.disclosed(sealed.entry) == {"text": "Off the record."}


def test_amendments(book: Ledger) -> None:
    """Correcting, disputing, corroborating, retracting and undoing tell the position before and after."""
    said = book.record_statement("RUS", "pause", "oppose", "No.", "2025-03-12", speaker="Peskov").entry
    corrected = book.correct(said, {"stance": "awaiting", "speaker": None}, "misheard")
    assert (corrected.before and corrected.before.stance, corrected.after and corrected.after.stance) == (
        "oppose",
        "awaiting",
    )
    assert "speaker" not in book.entry(said).fields()
    assert book.corroborate(said, observer="A monitor", text="heard it").type == "entry-corroborated"
    assert book.dispute(said, "another paper differs").after.contested  # type: ignore[union-attr]
    assert book.undo(corrected.entry).after.stance == "oppose"  # type: ignore[union-attr]
    assert book.retract(said, "never said").after is None
    with pytest.raises(Refused, match="is retracted by"):
        book.dispute(said, "too late")
    with pytest.raises(UnknownName):
        book.undo(999)


def test_undoing_again_is_a_new_fact(book: Ledger) -> None:
    """Undo, redo and undo again with the same words: three entries."""
    said = book.record_statement("RUS", "pause", "oppose", "No.", "2025-03-12").entry
    first = book.undo(said)
    assert book.undo(first.entry).after is not None
    second = book.undo(said)
    assert (second.already, second.entry, second.after) == (False, first.entry + 2, None)


def test_parties_and_issues_have_methods_too(book: Ledger) -> None:
    """Coalitions, merges, wordings, conditions and assertions are recorded by methods, as by the commands."""
    book.add_party("EU", "European Union", "coalition")
    book.add_party("KREM", "Kremlin press office", "organisation")
    book.join_coalition("KREM", "EU", since="2025-01-01")
    book.leave_coalition("KREM", "EU", "2025-06-01")
    said = book.record_statement("KREM", "pause", "conditional", "If.", "2025-03-12", conditions=["a date"]).entry
    book.merge_party("KREM", "RUS")
    asserted = book.assert_position("RUS", "pause", "conditional", as_of="2025-03-12").entry
    row = book.position("KREM", "pause")
    assert row is not None
    assert (row.party, row.entry) == ("RUS", said)
    book.resolve(said, "a date", "met", resolved_on="2025-04-01", reason="agreed")
    book.unmerge_party("KREM")
    assert [(one.entry, one.found, one.holds) for one in book.assertions()] == [(asserted, None, False)]
    assert [one.holds for one in book.assertions(f"e{asserted}")] == [True]
    book.rename_party("KREM", "Press office")
    book.add_party("actor/police", "Police", "unresolved")
    assert [one["party"] for one in book.parties(unresolved=True)] == ["actor/police"]
    book.identify_party("actor/police", "organisation", name="Police of Moscow", codes={"cameo": "RUSCOP"})
    assert book.parties(unresolved=True) == []
    book.add_alias("KREM", "Spokesmen", since="2012", until="2030")
    book.succeed_party("KREM", "RUS", since="2026")
    book.add_issue("pause-sea", "A pause at sea", parent="pause")
    book.reword_issue("pause-sea", "A pause in the Black Sea", reason="as signed")
    book.close_issue("pause-sea", closed_on="2025-05-01", reason="signed")
    card, issue = book.party_card("Spokesmen"), book.issue_card("pause-sea")
    assert (card["party"], card["name"], card["succeeded_by"]) == (
        "KREM",
        "Press office",
        [{"party": "RUS", "from": "2026"}],
    )
    assert (issue["wordings"], issue["closed_on"]) == (["A pause at sea", "A pause in the Black Sea"], "2025-05-01")


def test_a_source_s_card_tells_what_rests_on_it(tmp_path: Path) -> None:
    """Also what was corrected to rest on it, and whether its document is kept; another source's entries are not its."""
    document = tmp_path / "wire.txt"
    document.write_text("We wait.", encoding="utf-8")
    with new_ledger(tmp_path / "ledger.db", *BASICS, source("hashed", sha256="0" * 64)) as book:
        wire = book.add_source("wire", "A wire", snapshot=document)
        first = book.record(statement("We wait.", source="wire", quote="We wait."))
        second = book.record(statement("No.", source="hashed"))
        moved = book.correct(second.entry, {"source": "wire"}, "the other one")
        card, before = book.source_card("WIRE"), book.source_card("wire", f"e{second.entry}")
        assert (card["entry"], card["kept"], card["status"]) == (wire.entry, True, "counts")
        assert card["entries"] == [first.entry, second.entry]
        assert before["entries"] == [first.entry]
        assert book.source_card("hashed")["entries"] == []
        assert not book.source_card("hashed")["kept"]
        with pytest.raises(UnknownName, match="no source 'wire' at e1"):
            book.source_card("wire", "e1")
    assert moved.entry == second.entry + 1


PUBLIC = [name for name, member in inspect.getmembers(Ledger) if not name.startswith("_") and callable(member)]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_is_documented_and_typed(name: str) -> None:
    """A method says what it returns or raises and what each argument is, and every argument has a type."""
    method = getattr(Ledger, name)
    doc = inspect.getdoc(method) or ""
    assert doc[0].isupper()
    parameters = [p for p in inspect.signature(method).parameters if p not in {"self", "cls"}]
    if len(parameters) > 1:
        assert "Args:" in doc
    for parameter in parameters if "Args:" in doc else ():
        assert f"\n    {parameter}: " in doc, parameter
    assert set(parameters) <= set(method.__annotations__)
    assert "return" in method.__annotations__


def test_errors_have_one_base(book: Ledger) -> None:
    """Whatever a method refuses is a `LedgerError` with a hint."""
    for refused in (
        lambda: book.add_party("RUS", "Russia"),
        lambda: book.add_alias("FRA", "Paris"),
        lambda: book.correct(1, {"name": "x"}, "x"),
        lambda: book.record_statement("RUS", "pause", "oppose", "x", "2027"),
        lambda: book.add_source("s", "T", snapshot="missing.txt"),
    ):
        with pytest.raises(LedgerError) as error:
            refused()
        assert error.value.hint
    assert book.head == 2
