"""Projects and event lists of Discourse Network Analyzer, row by row."""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Refused, Unparsable
from ledger.importers.dna import fits
from ledger.importers.dna.drafts import issue_of, slug
from ledger.texts import normalise, sha256_of
from tests.ledger.importers.projects import JANUARY, OWN, Doc, Made, Mark
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.reporting import Report
    from tests.verbale.doors import Door

TEXT = "The Senate says yes. The Sierra Club says no."
YES = {"person": "George", "organization": "Senate", "concept": "Regulate CO2.", "agreement": 1}
NO = {"person": "", "organization": "Sierra Club", "concept": "Regulate CO2.", "agreement": 0}
HEADER = "statement_id;time;person;organization;concept;agreement;start_position;stop_position;text;coder;document_id"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Make an empty ledger."""
    Ledger.create(tmp_path / "l.db")
    with Ledger(tmp_path / "l.db") as book:
        yield book


def imported(book: Ledger, folder: Path, made: Made, schema: int = 3, **told: str) -> Report:
    """Import a project under the name of `energy`."""
    path = folder / "energy.dna"
    path.unlink(missing_ok=True)
    return book.import_file(made.written(path, schema), settings=told)


def said(book: Ledger) -> list[dict[str, Any]]:
    """Return the statements of a ledger, as they were drafted."""
    return [row.fields() for row in book.log() if row.type == "statement-made"]


def one(values: dict[str, Any], text: str = TEXT, words: str = "says", **more: Any) -> Made:
    """Make a project of one statement."""
    return Made([Doc(text)], [Mark(values, words, **more)])


@pytest.mark.parametrize("schema", [2, 3])
def test_a_statement_becomes_a_position(book: Ledger, tmp_path: Path, schema: int) -> None:
    """Both schemas say the same: party, speaker, issue, stance, day, source, quote, coder and code."""
    document = Doc(TEXT, "A hearing", "Clerk", "Record", "p. 3")
    report = imported(book, tmp_path, Made([document], [Mark(YES, "says yes"), Mark(NO, "says no", coder=2)]), schema)
    assert (report.rows, report.new, report.registered, report.refused_count) == (2, 2, 4, 0)
    first, second = said(book)
    assert first == {
        "party": "actor/senate",
        "issue": issue_of("Regulate CO2."),
        "stance": "support",
        "said_on": "2005-01-26",
        "text": "Senate agrees: Regulate CO2.",
        "speaker": "George",
        "source": "dna/energy/1",
        "quote": {"exact": "says yes", "start": 11, "end": 19},
        "coding": {"scheme": "DNA", "code": "agreement", "mode": "1"},
        "origin": {
            "dataset": "dna/energy",
            "id": "1",
            "coder": "Anna",
            "columns": {"document_author": "Clerk", "document_section": "p. 3"},
        },
    }
    assert (second["stance"], second["origin"]["coder"], "speaker" in second) == ("oppose", "Ben", False)
    (source,) = book.sources().to_dicts()
    assert (source["title"], source["publisher"], source["published_at"]) == ("A hearing", "Record", "2005-01-26")
    assert book.snapshots.document(source["sha256"]) == TEXT.encode()
    assert {row["kind"] for row in book.parties().to_dicts()} == {"unresolved"}


@pytest.mark.parametrize("schema", [2, 3])
def test_the_same_project_again_is_silent(book: Ledger, tmp_path: Path, schema: int) -> None:
    """A second import finds every statement there already, and a statement more is the only one that is new."""
    made = Made([Doc(TEXT)], [Mark(YES, "says yes"), Mark(NO, "says no")], aliases={("organization", "Senate"): "Hill"})
    assert imported(book, tmp_path, made, schema).new == 2
    head = book.head
    again = imported(book, tmp_path, made, schema)
    assert (again.rows, again.already, again.new, again.registered, book.head) == (2, 2, 0, 0, head)
    made.marks.append(Mark(YES | {"concept": "Tax it."}, "says yes"))
    more = imported(book, tmp_path, made, schema)
    assert (more.already, more.new, more.registered) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "words", "exact"),
    [
        ("\U0001f600 \U0001f600 They agree.", "They agree", "They agree"),
        ("Cafe\u0301 owners agree: e\u0301te\u0301.", "agree: e\u0301te\u0301", "agree: \u00e9t\u00e9"),
        ("Line one.\r\nLine two agrees.\r\n", "Line two agrees", "Line two agrees"),
        ("AT&amp;T <i>agrees</i> & pays < 5.", "agrees</i> & pays < 5", "agrees & pays < 5"),
        ("\ufeffThey agree.", "They agree", "They agree"),
    ],
)
def test_offsets_count_code_points_of_the_normalised_text(
    book: Ledger, tmp_path: Path, text: str, words: str, exact: str
) -> None:
    """Java's UTF-16 units of the raw text become code points of ours, and the quote is compared with its source."""
    assert imported(book, tmp_path, one(YES, text, words)).notes == {}
    quote = said(book)[0]["quote"]
    assert quote["exact"] == exact == normalise(text.encode())[quote["start"] : quote["end"]]


def test_line_ends_counted_as_the_window_shows_them(book: Ledger, tmp_path: Path) -> None:
    """Where a document has Windows' line ends, the reading is taken in which passages begin and end with words."""
    text = "First line here.\r\nSecond line there.\r\nThird one says yes."
    shown = text.replace("\r\n", "\n")
    bounds = shown.index("says"), shown.index("says") + 8
    imported(book, tmp_path, one(YES, text, bounds=bounds))
    assert said(book)[0]["quote"]["exact"] == "says yes"


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="ab é\u0301\U0001f600<>&\r\n", min_size=1, max_size=40).filter(str.strip), st.data())
def test_every_passage_is_somewhere(tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject) -> None:
    """Whatever was marked in whatever document, its quote stands in the source, or is left out and told of."""
    units = len(text.encode("utf-16-le")) // 2
    start = data.draw(st.integers(0, units - 1))
    bounds = start, data.draw(st.integers(start + 1, units))
    folder = tmp_path_factory.mktemp("dna")
    Ledger.create(folder / "l.db")
    with Ledger(folder / "l.db") as book:
        report = imported(book, folder, one(YES, text, bounds=bounds))
        assert (report.new + report.refused_count, report.notes.get("quotes_unchecked", 0)) == (1, 0)
        if report.new:
            assert ("quote" in said(book)[0]) != ("quotes_left_out" in report.notes)


def test_words_that_no_entry_can_hold_are_left_out(book: Ledger, tmp_path: Path) -> None:
    """A passage with a page break, or of more than 20,000 characters, is left out and stays findable by its bounds."""
    text = f"Page one\x0cpage two. {'long ' * 5_000}"
    marks = [Mark(YES, "one\x0cpage"), Mark(NO, "long " * 4_500)]
    report = imported(book, tmp_path, Made([Doc(text)], marks))
    assert (report.new, report.notes) == (2, {"quotes_left_out": 2})
    assert said(book)[0]["origin"]["columns"] == {"start_position": "5", "stop_position": "13"}


def test_what_is_no_position_is_left_out_and_counted(book: Ledger, tmp_path: Path, door: Door) -> None:
    """An annotation has no stance; a statement without its concept or anybody who speaks is half coded."""
    types = [OWN, {"note": "long text"}]
    nobody = YES | {"person": "", "organization": " "}
    marks = [
        Mark(YES, "says"),
        Mark({"note": "why?"}, "yes", type=2),
        Mark(YES | {"concept": ""}, "no"),
        Mark(nobody, "no"),
    ]
    made = Made([Doc(TEXT), Doc("Nobody read this.")], marks, types)
    report = imported(book, tmp_path, made)
    left = {"left_out_without_stance": 1, "left_out_without_issue": 1, "left_out_without_party": 1}
    assert (report.rows, report.new, report.refused_count) == (1, 1, 0)
    assert report.notes == left | {"documents_without_statements": 1}
    door.ok("init -q")
    assert "1 row left out: without stance" in door.ok(f"import {tmp_path}/energy.dna").out


def test_who_speaks_for_nobody_is_a_party(book: Ledger, tmp_path: Path) -> None:
    """Without an organisation the position is the person's, who is registered as of another kind."""
    imported(book, tmp_path, one(YES | {"organization": ""}))
    assert (said(book)[0]["party"], "speaker" in said(book)[0]) == ("actor/george", False)
    assert [row["kind"] for row in book.parties().to_dicts()] == ["other"]


def test_an_alias_is_a_name_unless_somebody_has_it(book: Ledger, tmp_path: Path) -> None:
    """Aliases come along where they are free; the others are counted, and nobody is taken for somebody else."""
    aliases = {("organization", "Senate"): "Upper House; Hill", ("organization", "Sierra Club"): "Hill"}
    marks = [Mark(YES, "yes"), Mark(NO, "no")]
    report = imported(book, tmp_path, Made([Doc(TEXT)], marks, aliases=aliases))
    assert report.notes == {"aliases_left_out": 1}
    assert {row["party"]: row["aliases"] for row in book.parties().to_dicts()} == {
        "actor/senate": ["Upper House", "Hill"],
        "actor/sierra-club": [],
    }


def test_a_party_that_is_known_is_not_registered_again(book: Ledger, tmp_path: Path) -> None:
    """An organisation that the ledger knows by a name is that party, whatever its id."""
    book.add_party("US-S", "United States Senate", aliases=["Senate"], kind="organisation")
    assert imported(book, tmp_path, one(YES)).registered == 2
    assert said(book)[0]["party"] == "US-S"


def test_no_organisations_name_makes_a_row_be_refused(book: Ledger, tmp_path: Path) -> None:
    """A state of the world is that state; names that look alike, or hold what does not show, are parties too."""
    names = ["Germany", "Working Group 1", "Working Group I", "Euro\u200bpol", "Greenpeace\u2122"]
    marks = [Mark(YES | {"organization": name}, "says") for name in names]
    made = Made([Doc(TEXT)], marks)
    report = imported(book, tmp_path, made)
    assert (report.new, report.refused_count, len(book.parties())) == (5, 0, 5)
    assert said(book)[0]["party"] == "DEU"
    assert imported(book, tmp_path, made).already == 5


@pytest.mark.parametrize(
    ("values", "stances"),
    [
        ([-2, -1, 0, 1, 2], ["oppose", "oppose", "uncommitted", "support", "support"]),
        ([0, 1], ["uncommitted", "support"]),
    ],
)
def test_an_integer_is_a_stance_by_its_sign(
    book: Ledger, tmp_path: Path, values: list[int], stances: list[str]
) -> None:
    """How far from 0 it is stays in the coding: it is nobody's condition or reservation."""
    types = [OWN | {"agreement": "integer"}]
    marks = [Mark(YES | {"agreement": value}, "says") for value in values]
    imported(book, tmp_path, Made([Doc(TEXT)], marks, types))
    assert [row["stance"] for row in said(book)] == stances
    assert [row["coding"]["mode"] for row in said(book)] == [str(value) for value in values]


def test_an_integer_that_never_opposes_is_refused(book: Ledger, tmp_path: Path) -> None:
    """A scale from 1 to 5 does not say which of its values oppose, and nobody guesses."""
    marks = [Mark(YES | {"agreement": value}, "says") for value in (1, 5)]
    report = imported(book, tmp_path, Made([Doc(TEXT)], marks, [OWN | {"agreement": "integer"}]))
    assert (report.refused_count, book.head) == (2, 0)
    assert "never below 0" in report.refused[0].reason


def test_a_codebook_of_ones_own(book: Ledger, tmp_path: Path) -> None:
    """Variables of other names have a role because a setting says so; the others stay with the statement."""
    types = [{"actor": "short text", "frame": "short text", "tone": "integer", "note": "long text", "sure": "boolean"}]
    values = {"actor": "Senate", "frame": "Regulate CO2.", "tone": -1, "note": "Really?", "sure": 1}
    made = Made([Doc(TEXT)], [Mark(values, "says")], types)
    with pytest.raises(Unparsable, match="no statement type has a party, an issue and a stance"):
        imported(book, tmp_path, made)
    imported(book, tmp_path, made, party="actor", issue="Frame", stance="tone", dataset="climate")
    (statement,) = said(book)
    assert (statement["party"], statement["stance"], statement["coding"]["code"]) == ("actor/senate", "oppose", "tone")
    assert statement["origin"] == {
        "dataset": "climate",
        "id": "1",
        "coder": "Anna",
        "columns": {"note": "Really?", "sure": "1"},
    }
    for wrong in ({"party": "nobody"}, {"party": "tone"}, {"colour": "red"}, {"dataset": "two words"}):
        with pytest.raises(Unparsable):
            imported(book, tmp_path, made, 3, **wrong)


@pytest.mark.parametrize(
    ("hours", "days", "unsure"),
    [
        ([0, 0], ["2005-01-26", "2005-01-26"], 0),
        ([-1, -2], ["2005-01-26", "2005-01-26"], 0),
        ([5, 4], ["2005-01-26", "2005-01-26"], 0),
        ([0, -1], ["2005-01-26", "2005-01-26"], 0),
        ([-12, -13], ["2005-01-26", "2005-01-26"], 0),
        ([-1, 9.5], ["2005-01-25", "2005-01-26"], 2),
    ],
)
def test_midnight_somewhere_is_a_day(
    book: Ledger, tmp_path: Path, hours: list[float], days: list[str], unsure: int
) -> None:
    """DNA 2 kept the instant of a coder's midnight: Berlin's, New York's, London's or Auckland's day is found again."""
    documents = [Doc(TEXT, date=round(JANUARY + 3_600 * hour)) for hour in hours]
    marks = [Mark(YES, "says", document=1), Mark(YES, "says", document=2)]
    report = imported(book, tmp_path, Made(documents, marks), schema=2)
    assert [row["said_on"] for row in said(book)] == days
    assert report.notes.get("days_in_an_unknown_zone", 0) == unsure


def test_a_time_of_day_is_kept_without_a_zone(book: Ledger, tmp_path: Path) -> None:
    """DNA 3 keeps the time that somebody typed, of whatever zone: the day is the day, the time a column."""
    imported(book, tmp_path, Made([Doc(TEXT, date=JANUARY + 84_600)], [Mark(YES, "says")]))
    assert (said(book)[0]["said_on"], said(book)[0]["origin"]["columns"]) == ("2005-01-26", {"time": "23:30:00"})


def test_two_coders_on_one_quote_differ_and_contest_nothing(book: Ledger, tmp_path: Path, door: Door) -> None:
    """They are named by `doctor` as the project names them; the position is nobody's contradiction of itself."""
    made = Made([Doc(TEXT)], [Mark(YES, "says yes"), Mark(YES | {"agreement": 0}, "says yes", coder=2)])
    imported(book, tmp_path, made)
    row = book.position("Senate", issue_of("Regulate CO2."))
    assert row is not None
    assert (row.stance, row.contested) == ("oppose", False)
    door.ok("init -q")
    door.ok(f"import {tmp_path}/energy.dna")
    told = door("doctor").out
    assert "support by Anna" in told
    assert "oppose by Ben" in told


def test_a_passage_outside_of_its_document_is_refused(book: Ledger, tmp_path: Path) -> None:
    """A document that was shortened after it was coded is told of by the statement's id."""
    report = imported(book, tmp_path, Made([Doc(TEXT)], [Mark(YES, "says"), Mark(NO, bounds=(40, 400))]))
    assert [(one.line, one.reason) for one in report.refused] == [(2, "the passage 40–400 does not lie in document 1")]
    assert book.head == 0


def test_a_document_that_changed_is_another_source(book: Ledger, tmp_path: Path) -> None:
    """A text that was mended in DNA is registered beside the old one, and what rests on that still stands."""
    imported(book, tmp_path, one(YES))
    report = imported(book, tmp_path, one(YES, f"{TEXT} Applause."))
    assert (report.new, report.notes) == (1, {})
    assert len({row["sha256"] for row in book.sources().to_dicts()}) == 2


def test_what_is_no_project_is_refused(book: Ledger, tmp_path: Path) -> None:
    """Another database, a damaged one, or a damaged row is refused in words."""
    other = tmp_path / "other.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE DOCUMENTS(ID)")
    db.commit()
    db.close()
    with pytest.raises(Refused, match="no DNA project: it has no table"):
        book.import_file(other)
    (tmp_path / "begun.dna").write_bytes(b"SQLite format 3\0")
    assert book.import_file(tmp_path / "begun.dna").refused_count == 1  # as a dossier
    with pytest.raises(Refused, match="not a database"):
        book.import_file(tmp_path / "begun.dna", format_="dna")
    path = one(YES).written(tmp_path / "cut.dna", 3)
    path.write_bytes(path.read_bytes()[:6_000])
    with pytest.raises(Refused, match="cannot be read"):
        book.import_file(path)
    path = one(YES).written(tmp_path / "odd.dna", 3)
    db = sqlite3.connect(path)
    db.executescript("UPDATE DATABOOLEAN SET Value = 7; UPDATE DOCUMENTS SET Date = 1e300")
    db.close()
    report = book.import_file(path)
    assert (report.refused_count, book.head) == (1, 0)


@pytest.mark.parametrize("schema", [2, 3])
def test_a_stance_that_is_a_text_is_refused(book: Ledger, tmp_path: Path, schema: int) -> None:
    """SQLite holds any text in a column of numbers: such a row says something, and is not left out in silence."""
    made = Made([Doc(TEXT)], [Mark(YES, "says"), Mark(NO | {"agreement": "no"}, "no")])
    report = imported(book, tmp_path, made, schema)
    assert [(row.line, row.reason) for row in report.refused] == [
        (2, "agreement is 'no', and is to be a whole number"),
    ]
    assert (report.rows, report.notes, book.head) == (2, {}, 0)


def test_a_project_without_its_entities_is_refused(book: Ledger, tmp_path: Path) -> None:
    """What DNA 3 keeps of short texts are numbers: without the table that they lead to, the refusal says what lacks."""
    path = one(YES).written(tmp_path / "half.dna", 3)
    db = sqlite3.connect(path)
    db.execute("DROP TABLE ENTITIES")
    db.close()
    with pytest.raises(Refused, match="lacks its table ENTITIES") as refused:
        book.import_file(path)
    assert refused.value.hint is not None
    assert "whole copy" in refused.value.hint


def test_a_project_may_be_packed_and_nothing_lies_beside_it(book: Ledger, tmp_path: Path) -> None:
    """A `.dna.gz` has the name of its project; reading one writes nothing where it lies."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    path = one(YES).written(folder / "energy.dna", 3)
    book.import_file(path)
    (folder / "energy.dna.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    assert book.import_file(folder / "energy.dna.gz").already == 1
    assert [one.name for one in folder.iterdir()] == ["energy.dna.gz"]
    assert book.import_file(io.BytesIO((folder / "energy.dna.gz").read_bytes())).new == 1  # of a data set without name


@given(st.text(max_size=300))
def test_ids_of_issues_are_ids(concept: str) -> None:
    """Any concept has an id of Latin letters that is no longer than an id may be, and two have two."""
    found = issue_of(concept)
    assert len(found) <= 120
    assert found.isascii()
    assert issue_of(f"{concept}!") != found
    assert slug(concept) == slug(concept).strip("-")


def test_what_was_erased_does_not_come_back(book: Ledger, tmp_path: Path) -> None:
    """A document that went with an erasure is not kept again because a project holds it too."""
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    book.add_source("closed", "A closed hearing", snapshot=tmp_path / "report.txt")
    book.add_party("RUS", "Russia")
    book.add_issue("truce", "A truce takes effect")
    words = {"party": "RUS", "issue": "truce", "stance": "oppose", "said_on": "2005", "text": "No.", "source": "closed"}
    done = book.record({"type": "statement-made", **words, "sealed": True, "quote": "says no"})
    book.erase(done.entry, "asked", "a court")
    report = imported(book, tmp_path, one(YES))
    assert (report.new, report.notes) == (1, {"quotes_unchecked": 1})
    assert {book.snapshots.document(row["sha256"]) for row in book.sources().to_dicts()} == {None}


def test_a_project_grows_as_a_living_data_set(book: Ledger, tmp_path: Path) -> None:
    """As of two days, a recoded statement is a correction, a deleted one a retraction, and both ends have labels."""
    made = Made([Doc(TEXT)], [Mark(YES, "says yes"), Mark(NO, "says no"), Mark(NO, "Sierra Club says no")])
    book.import_file(made.written(tmp_path / "energy.dna", 3), snapshot_of="2022-04-07")
    (tmp_path / "energy.dna").unlink()
    made.marks = [Mark(YES | {"agreement": 0}, "says yes"), made.marks[1]]
    path = made.written(tmp_path / "energy.dna", 3)
    report = book.import_file(path, snapshot_of="2022-04-14", allow_vanished=50)
    assert (report.rows, report.notes) == (2, {"changed": 1, "vanished": 1})
    before = book.position("Senate", issue_of("Regulate CO2."), as_known_at="dna/energy@2022-04-07")
    today = book.position("Senate", issue_of("Regulate CO2."), as_known_at="dna/energy@2022-04-14")
    assert before is not None
    assert today is not None
    assert (before.stance, today.stance) == ("support", "oppose")


# Event lists


def listed(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write an event list."""
    path = folder / "events.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def test_an_event_list_says_the_same(book: Ledger, tmp_path: Path) -> None:
    """A row becomes the position that its project's statement is; its quote cannot be compared with anything."""
    path = listed(tmp_path, '7;2005-01-26 00:00:00;"George";"Senate";"Regulate CO2.";1;11;19;"says yes";2;3')
    report = book.import_file(path)
    assert (report.new, report.notes) == (1, {"quotes_unchecked": 1})
    (row,) = said(book)
    assert (row["party"], row["stance"], row["source"]) == ("actor/senate", "support", "dna/events/3")
    assert row["quote"] == {"exact": "says yes"}
    assert row["origin"] == {
        "dataset": "dna/events",
        "id": "7",
        "coder": "2",
        "columns": {"start_position": "11", "stop_position": "19"},
    }
    assert book.import_file(path).already == 1


@given(st.binary(max_size=60))
def test_any_bytes_may_begin_a_file(head: bytes) -> None:
    """Whether a file is an event list can be asked of any bytes; of these, which lack a header, none is."""
    assert not fits(head)
    assert fits(HEADER.encode() + b"\n" + head)


def test_an_event_list_of_r(book: Ledger, tmp_path: Path) -> None:
    """R adds its row numbers, commas, logical values and times of the day."""
    path = tmp_path / "events.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        rows.writerow(["", *HEADER.split(";")])
        rows.writerow(["1", 7, "2005-01-26 09:30:00", "", "Senate", 'Regulate, "soon"', "FALSE", 1, 5, "says;", 2, 3])
    assert book.import_file(path).new == 1
    (row,) = said(book)
    assert (row["stance"], row["said_on"], row["origin"]["columns"]["time"]) == ("oppose", "2005-01-26", "09:30:00")


def test_rows_that_say_nothing_are_refused_by_their_lines(book: Ledger, tmp_path: Path) -> None:
    """Too few cells, no date, no id: each row is told of; so is a list of which nothing says how it is written."""
    good = '7;2005-01-26;"";"Senate";"Regulate\nCO2.";1;11;19;"says";2;3'
    path = listed(
        tmp_path, good, "8;2005", good.replace("2005", "last May"), good.replace("7", "", 1), "Q;x;;Ö;c;1;1;2;;;"
    )
    path.write_bytes(path.read_bytes().replace("Ö".encode(), b"\xd6"))
    report = book.import_file(path)
    assert [one.line for one in report.refused] == [4, 5, 7, 9]
    assert (report.rows, report.notes.get("characters_guessed"), book.head) == (5, 1, 0)
    with pytest.raises(LedgerError, match="no column 'time'"):
        book.import_file(listed(tmp_path, header="statement_id;person"), format_="dna")


def test_settings_are_said_on_the_command_line(door: Door, tmp_path: Path) -> None:
    """`--set` names the data set, each setting once; a format that takes none says so."""
    listed(tmp_path, '7;2005-01-26;"";"Senate";"Regulate CO2.";1;11;19;"says";2;3')
    door.ok("init -q")
    door.ok("import events.csv --set dataset=energy -q")
    assert door.ok("source list --json").json["rows"][0]["source"] == "energy/3"
    for wrong in ("--set dataset", "--set dataset=a --set dataset=b", "--set rank=1", "--as unga --set dataset=a"):
        assert door(f"import events.csv {wrong}").code == 2


def test_a_packed_project_that_is_cut_short_is_refused(book: Ledger, tmp_path: Path) -> None:
    """However late that shows."""
    plain = one(YES, text=TEXT + "".join(sha256_of(bytes(n)) for n in range(3_000))).written(tmp_path / "whole.dna", 3)
    path = tmp_path / "cut.dna.gz"
    path.write_bytes(gzip.compress(plain.read_bytes())[:-9])
    with pytest.raises(Refused, match="cut short or damaged"):
        book.import_file(path)
