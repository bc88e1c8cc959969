"""A real project of Discourse Network Analyzer: testimony on climate legislation, coded by hand.

It ships with DNA, whose own tests hold its networks to the sums that are held against the ledger's entries here.  The
data lie outside of the project: `../shared/data/dna`.  Whoever lacks them sees these tests skipped.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.importers.dna.drafts import issue_of
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "dna"
PROJECT, FLAT = FOLDER / "sample_dna3_schema.dna", FOLDER / "sample_statements.csv"
pytestmark = pytest.mark.skipif(not PROJECT.exists(), reason="the project is not here: ../shared/data/dna")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Import the project; nobody adds to the ledger."""
    place = tmp_path_factory.mktemp("dna") / "ledger.db"
    Ledger.create(place)
    with Ledger(place) as book:
        report = book.import_file(PROJECT)
        assert (report.rows, report.new, report.refused_count, report.registered) == (40, 40, 0, 20)
        assert report.notes == {"left_out_without_stance": 1}, "one annotation, no quote unchecked"
        yield book


def test_every_statement_is_accounted_for(book: Ledger) -> None:
    """41 statements are 40 positions' evidence and an annotation; 7 documents are sources; again, all is there."""
    again = book.import_file(PROJECT)
    assert (again.already, again.new, again.notes) == (40, 0, {"left_out_without_stance": 1})
    assert [len(rows) for rows in (book.sources(), book.parties(), book.issues())] == [7, 7, 6]
    with sqlite3.connect(f"{PROJECT.as_uri()}?mode=ro", uri=True) as db:
        coders = Counter(
            name for (name,) in db.execute("SELECT Name FROM STATEMENTS s JOIN CODERS c ON c.ID = s.Coder")
        )
    coded = Counter(row.fields()["origin"]["coder"] for row in book.log() if row.type == "statement-made")
    assert coders == coded + Counter({"Coder 2": 1})  # the annotation's
    db.close()


def test_every_statement_says_what_its_row_says(book: Ledger) -> None:
    """Held against the flat file, each statement has its day, speaker, party, issue, stance and words."""
    names = {row["party"]: row["name"] for row in book.parties().to_dicts()}
    found = {row.fields()["origin"]["id"]: row.fields() for row in book.log() if row.type == "statement-made"}
    with FLAT.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["agreement"]]
    assert len(rows) == len(found) == 40
    for row in rows:
        one = found[row["id"]]
        assert names[one["party"]] == row["organization"]
        assert (one["speaker"], one["issue"]) == (row["person"], issue_of(row["concept"]))
        assert one["stance"] == {"1": "support", "0": "oppose"}[row["agreement"]]
        assert one["quote"]["exact"] == row["quote"]
        assert one["said_on"].startswith("2005-0")


def test_the_flat_file_says_the_same(tmp_path: Path) -> None:
    """The event list becomes the same positions, of a data set of its own, its quotes compared with nothing."""
    Ledger.create(tmp_path / "l.db")
    with Ledger(tmp_path / "l.db") as flat:
        report = flat.import_file(FLAT)
        assert (report.rows, report.new, report.refused_count) == (40, 40, 0)
        assert report.notes == {"quotes_unchecked": 40, "left_out_without_stance": 1}
        assert len(flat.matrix()) == 22


def test_networks_have_the_sums_of_dnas_own_tests(book: Ledger) -> None:
    """Computed from the ledger's entries: 7 × 6 with a sum of 40, 7 × 7 with one of 276, and so on."""
    two, one = book.network("twomode"), book.network("onemode")
    assert ([len(two.network.rows), len(two.network.columns)], two.network.total, two.network.edges) == ([7, 6], 40, 22)
    assert ([len(one.network.rows), len(one.network.columns)], one.network.total, one.network.edges) == (
        [7, 7],
        276,
        21,
    )
    alike = book.network("onemode", aggregation="congruence", normalization="average")
    assert round(alike.network.total) == 26
    called = {name: row for row, name in one.called[0].items()}
    energy, agency, alliance = (
        next(row for name, row in called.items() if name.startswith(begin)) for begin in ("Energy", "Env", "Alli")
    )
    assert (one.network.weights[agency, alliance], one.network.weights[agency, energy]) == (10, 2)
    assert set(two.called[1].values()) >= {
        "Cap and trade is the solution.",
        "Climate change is real and anthropogenic.",
    }


def test_networks_are_asked_on_both_clocks(book: Ledger) -> None:
    """As of a day, statements of documents up to it; as known at an entry, those recorded by then."""
    assert book.network(as_of="2005-02-09").statements == 20  # 4, 5 and 11 in three documents
    assert book.network(as_known_at="e8").network.total == 4
