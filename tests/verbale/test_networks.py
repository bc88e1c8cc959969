"""Networks and event lists of a ledger: what counts, on both clocks, and the files that other tools read."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ledger.errors import Unparsable
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.exports.statements import Duplicates
    from tests.verbale.doors import Door
    from verbale.networks import Exported


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Make a ledger of three parties and two issues."""
    Ledger.create(tmp_path / "l.db")
    with Ledger(tmp_path / "l.db") as book:
        for party, name in (("RUS", "Russia"), ("UKR", "Ukraine"), ("KREM", "Press office")):
            book.add_party(party, name, kind="organisation" if party == "KREM" else "state")
        book.add_issue("truce", "A truce takes effect")
        book.add_issue("talks", "Talks resume")
        yield book


def say(book: Ledger, party: str, stance: str, on: str = "2025-03-12", issue: str = "truce", **more: str) -> int:
    """Record a statement, which no other one says again."""
    text = f"{party} {book.head}"
    draft = {"type": "statement-made", "party": party, "issue": issue, "stance": stance, "said_on": on, "text": text}
    return book.record({**draft, **more}).entry


def ties(found: Exported) -> dict[tuple[str, str], float]:
    """Return the weights of a network."""
    return dict(found.network.weights)


def test_what_counts_is_what_counts_for_positions(book: Ledger) -> None:
    """Corrected, retracted, possible, merged, and spoken for by another: a network knows what the matrix knows."""
    first = say(book, "RUS", "oppose")
    say(book, "KREM", "oppose", on_behalf_of=["RUS", "KREM"])  # type: ignore[arg-type]
    gone = say(book, "UKR", "support")
    known = {"as_known_at": f"e{book.head}"}
    book.correct(first, {"issue": "talks"}, "the other one")
    book.retract(gone, "not said")
    book.merge_party("KREM", "RUS")
    book.record({"type": "action-taken", "party": "UKR", "issue": "talks", "text": "Sits down.", "occurred_on": "2025"})
    assert ties(book.network()) == {("RUS", "talks"): 1, ("RUS", "truce"): 1}  # said once, for one
    before = {("KREM", "truce"): 1, ("RUS", "truce"): 2, ("UKR", "truce"): 1}
    assert ties(book.network(**known)) == before  # type: ignore[arg-type]
    assert ties(book.network(as_of="2025-03-11")) == {}
    assert ties(book.network(as_of="2025-03-12T12:00Z")) == {}


@pytest.mark.parametrize(
    ("within", "left"),
    [("include", 8), ("document", 5), ("day", 6), ("week", 5), ("month", 4), ("year", 3), ("acrossrange", 2)],
)
def test_duplicates_count_once(book: Ledger, within: Duplicates, left: int) -> None:
    """The same again counts once a document, day, week, month, year or at all; another stance is not the same."""
    book.add_source("wire", "A wire")
    book.add_source("paper", "A paper")
    say(book, "RUS", "oppose", "2025-03-10", source="wire")
    say(book, "RUS", "oppose", "2025-03-10T23:30-05:00", source="wire")
    say(book, "RUS", "oppose", "2025-03-16", source="wire")
    say(book, "RUS", "oppose", "2025-03-17", source="paper")
    say(book, "RUS", "support", "2025-03-17", source="wire")
    say(book, "RUS", "reserved", "2025-04", source="wire")
    say(book, "RUS", "oppose", "2026-03-11")
    say(book, "RUS", "oppose", "2026-03-11")
    found = book.network(duplicates=within, aggregation="subtract")
    assert (found.used, found.statements) == (left, 8)


def test_what_qualifies_a_use(book: Ledger) -> None:
    """For or against is a boolean, the scale an integer, and what is off it counts only where that is ignored."""
    for stance in ("oppose", "reserved", "uncommitted", "conditional", "support", "support", "awaiting"):
        say(book, "RUS", stance)
    say(book, "UKR", "support")
    pair = ("RUS", "truce")
    assert ties(book.network())[pair] == 7
    assert ties(book.network(aggregation="subtract"))[pair] == 1
    assert ties(book.network(aggregation="subtract", qualifier="stance"))[pair] == 2
    assert ties(book.network(aggregation="combine"))[pair] == 3
    assert ties(book.network("onemode", aggregation="conflict"))["RUS", "UKR"] == 2
    assert ties(book.network("onemode", aggregation="conflict", qualifier="stance"))["RUS", "UKR"] == 2.5
    assert ties(book.network("onemode", qualifier="none"))["RUS", "UKR"] == 7


def test_other_variables_and_isolates(book: Ledger) -> None:
    """Speakers may be nodes and sources concepts; who has neither is left out, or is an isolate."""
    book.add_source("wire", "A wire", snapshot=None)
    say(book, "RUS", "oppose", speaker="Dmitry Peskov", source="wire")
    say(book, "RUS", "awaiting", speaker="Yuri Ushakov")
    found = book.network(variable1="speaker", variable2="source")
    assert ties(found) == {("Dmitry Peskov", "wire"): 1}
    assert found.called == ({"Dmitry Peskov": "Dmitry Peskov"}, {"wire": "A wire"})
    assert list(book.network(variable1="speaker", variable2="source", isolates=True).network.rows) == [
        "Dmitry Peskov",
        "Yuri Ushakov",
    ]
    assert book.network("onemode", variable1="speaker", aggregation="conflict", isolates=True).network.edges == 0


def test_parties_of_a_kind(book: Ledger) -> None:
    """A network of states leaves out what others said."""
    say(book, "RUS", "oppose")
    say(book, "KREM", "oppose")
    assert list(book.network(kinds=["state"]).network.rows) == ["RUS"]
    assert len(list(book.event_list(kinds=["organisation"]))) == 1
    with pytest.raises(Unparsable, match="kind of parties"):
        book.network(kinds=["planet"])


def test_an_event_list_reads_back(book: Ledger, tmp_path: Path, door: Door) -> None:
    """A row has the columns of DNA's lists, and importing the list gives the same positions for and against."""
    book.add_source("wire", "A wire", publisher="Reuters")
    said = say(book, "RUS", "oppose", speaker="Dmitry Peskov", source="wire", quote="No, never")
    say(book, "UKR", "conditional")
    say(book, "UKR", "awaiting", issue="talks")
    out = door.ok(f"export eventlist --ledger {tmp_path}/l.db").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["statement_id"] for row in rows] == [str(said + n) for n in range(3)]
    assert {name: rows[0][name] for name in list(rows[0])[1:13]} == {
        "time": "2025-03-12",
        "person": "Dmitry Peskov",
        "organization": "Russia",
        "concept": "A truce takes effect",
        "agreement": "0",
        "start_position": "",
        "stop_position": "",
        "text": "No, never",
        "coder": "",
        "document_id": "wire",
        "document_title": "A wire",
        "document_author": "",
    }
    assert [row["agreement"] for row in rows] == ["0", "1", ""]
    (tmp_path / "list.csv").write_text(out, encoding="utf-8")
    door.ok("init -q")
    report = door.ok("import list.csv --json").json
    assert (report["new"], report["notes"]["left_out_without_stance"]) == (2, 1)
    assert [row["stance"] for row in door.ok("matrix --json").json["rows"]] == ["oppose", "support"]


def test_graphml_is_read_by_any_parser(book: Ledger, tmp_path: Path, door: Door) -> None:
    """Nodes have names, kinds of node and frequencies, edges weights; a tie of a one-mode network stands there once."""
    book.rename_party("UKR", "Ukraine & <friends>")
    say(book, "RUS", "oppose")
    say(book, "UKR", "support")
    say(book, "UKR", "support", issue="talks")
    ledger = f"--ledger {tmp_path}/l.db"
    for what, nodes, edges in (("twomode", 4, 3), ("onemode", 2, 1)):
        tree = ET.fromstring(door.ok(f"export {what} --file-format graphml {ledger}").out)  # noqa: S314  our own
        space = "{http://graphml.graphdrawing.org/xmlns}"
        assert [len(tree.findall(f".//{space}{one}")) for one in ("node", "edge")] == [nodes, edges]
        told = [{d.get("key"): d.text for d in node} for node in tree.findall(f".//{space}node")]
        name = {"id": "UKR", "name": "Ukraine & <friends>", "variable": "party", "frequency": "2"}
        assert name in told


def test_a_window_has_what_was_certainly_said_in_it(book: Ledger, tmp_path: Path, door: Door) -> None:
    """From a day to the end of T: what may have been said before it counts no more than what may be after."""
    for on in (
        "2025-02-28",
        "2025-03",
        "../2025-03-11",
        "2025-03-10",
        "2025-03-31",
        "2025-03-31/2025-04-01",
        "2025-04-01",
    ):
        say(book, "RUS", "oppose", on)
    march = {"since": "2025-03-10", "as_of": "2025-03"}
    assert [row["time"] for row in book.event_list(**march)] == ["2025-03-10", "2025-03-31"]
    assert [row["time"] for row in book.event_list(since="2025-03-31")] == ["2025-03-31"] * 2 + ["2025-04-01"]
    assert ties(book.network(**march, isolates=True)) == {("RUS", "truce"): 2}  # type: ignore[arg-type]
    ledger = f"--ledger {tmp_path}/l.db"
    done = door.ok(f"export twomode --from 2025-03-10 --as-of 2025-03 {ledger}")
    assert done.err == "1 × 1, 1 edges, sum 2; of 2 of 2 statements, from 2025-03-10, as of 2025-03, as known at e12\n"
    assert len(door.ok(f"export eventlist --from 2025-03-10 {ledger}").out.splitlines()) == 5
    for wrong in ("twomode --from soon", "twomode --from 2025-04 --as-of 2025-03", "journal --from 2025"):
        assert door(f"export {wrong} {ledger}").code == 2, wrong


def test_the_command_says_what_it_wrote(book: Ledger, tmp_path: Path, door: Door) -> None:
    """Names by default, ids where asked for, the size to stderr; what there is not is refused."""
    say(book, "RUS", "oppose")
    ledger = f"--ledger {tmp_path}/l.db"
    done = door.ok(f"export twomode --qualifier-aggregation subtract {ledger}")
    assert done.out == ",A truce takes effect\nRussia,-1\n"
    assert done.err == "1 × 1, 1 edges, sum -1; of 1 of 1 statements, as of no bound, as known at e6\n"
    assert door.ok(f"export twomode --ids -q {ledger}").out == ",truce\nRUS,1\n"
    for wrong in (
        "twomode --qualifier-aggregation conflict",
        "onemode --normalization activity",
        "twomode --variable1 nobody",
        "twomode --duplicates hour",
        "twomode --qualifier tone",
        "twomode --file-format dl",
        "eventlist --file-format graphml",
        "journal --as-of 2025",
        "network",
    ):
        assert door(f"export {wrong} {ledger}").code == 2, wrong
