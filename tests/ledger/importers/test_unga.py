"""Votes in the General Assembly, on rows of the tests' own: what each becomes, and what of those that say nothing."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from ledger.errors import LedgerError, Refused
from ledger.texts import sha256_of
from tests.ledger.samples import new_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.reporting import Report
    from tests.verbale.doors import Door
    from verbale import Ledger

HEADER = "rcid,country,country_code,vote,session,date,unres,short,importantvote,issues"
ROWS = (
    '3,Côte d’Ivoire,CI,yes,1.0,1962-01-01,R/1/66,"AMENDMENTS,\tRULES\nOF PROCEDURE ",0.0,',
    "3,Russia,RU,no,1.0,1962-01-01,R/1/66,x,0.0,",
    "9,Russia,RU,abstain,74.0,2019-12-18,A/RES/74/168,,1.0,di|nu",
    "9,Namibia,,yes,74.0,2019-12-18,,,1.0,",
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open an empty ledger."""
    with new_ledger(tmp_path / "ledger.db") as book:
        yield book


def imported(book: Ledger, folder: Path, *rows: str, header: str = HEADER) -> Report:
    """Import rows."""
    path = folder / "votes.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return book.import_file(path, keep_going=True)


def test_votes_become_positions_on_roll_calls(book: Ledger, tmp_path: Path) -> None:
    """Yes, no and abstaining; resolutions in one spelling; states registered, and none twice; titles made plain."""
    report = imported(book, tmp_path, *ROWS)
    assert (report.rows, report.new, report.refused_count, report.registered) == (4, 4, 0, 9)
    assert report.entries == book.head == 13
    found = [(row.party, row.issue, row.stance, row.since) for row in book.matrix()]
    assert found == [
        ("CIV", "unga/rcid-3", "support", "1962-01-01"),
        ("NAM", "unga/rcid-9", "support", "2019-12-18"),
        ("RUS", "unga/rcid-9", "uncommitted", "2019-12-18"),
        ("SUN", "unga/rcid-3", "oppose", "1962-01-01"),
    ]
    first, second = (row["proposition"] for row in book.issues().to_dicts())
    assert first == "Roll call 3 of the General Assembly: adopt A/RES/1/66, AMENDMENTS, RULES OF PROCEDURE"
    assert second == "Roll call 9 of the General Assembly: adopt A/RES/74/168"


def test_the_same_votes_again_change_nothing(book: Ledger, tmp_path: Path) -> None:
    """Every row is there already, and every name is known; more rows add what is new."""
    imported(book, tmp_path, *ROWS[:2])
    again = imported(book, tmp_path, *ROWS[:2])
    assert (again.rows, again.already, again.new, again.registered) == (2, 2, 0, 0)
    more = imported(book, tmp_path, *ROWS, ROWS[0])
    assert (more.rows, more.already, more.new, more.registered) == (5, 3, 2, 4)


def test_names_that_the_ledger_has_are_used(book: Ledger, tmp_path: Path) -> None:
    """A state that is registered under an id of its own keeps it."""
    book.add_party("namibia", "Republic of Namibia", "state", aliases=["Namibia"])
    report = imported(book, tmp_path, ROWS[3])
    assert report.registered == 2
    assert [row.party for row in book.matrix()] == ["namibia"]


def test_states_that_ended_vote_until_the_session_did(book: Ledger, tmp_path: Path) -> None:
    """The Federal Republic and North Yemen are in the data until December 1990, and nobody else's name is theirs."""
    rows = [
        "5,Federal Republic of Germany,,yes,45.0,1990-12-06,,,1.0,",
        "5,Yemen Arab Republic,,no,45.0,1990-12-06,,,1.0,",
        "6,Germany,DE,yes,46.0,1991-10-03,,,1.0,",
        "6,Yemen,YE,no,46.0,1991-10-03,,,1.0,",
        "7,Yugoslavia,YU,yes,74.0,2019-12-18,,,1.0,",
    ]
    assert imported(book, tmp_path, *rows).refused_count == 0
    assert [row.party for row in book.matrix()] == ["DEU", "GFR", "YAR", "YEM", "YUG"]
    assert [one["party"] for one in book.party_card("Germany")["succeeds"]] == ["GFR"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3,Chile,CL,maybe,1.0,1962-01-01,R/1/66,x,0.0,", "the vote 'maybe'"),
        ("3,Chile,CL,yes", "4 cells, and the header has 10"),
        ("3,Chile,CL,yes,1.0,1962-13-01,R/1/66,x,0.0,", "there is no such month"),
        ("3,Chile,CL,yes,1.0,,R/1/66,x,0.0,", "cannot read ''"),
        ("three times,Chile,CL,yes,1.0,1962-01-01,R/1/66,x,0.0,", "issue"),
    ],
)
def test_rows_that_say_nothing_are_refused_by_their_line(book: Ledger, tmp_path: Path, row: str, reason: str) -> None:
    """A row is refused with its line and the reason; those beside it are recorded; the sum is the number of rows."""
    report = imported(book, tmp_path, ROWS[0], row, ROWS[2])
    assert [(one.line, reason in one.reason) for one in report.refused] == [(4, True)], report.refused
    assert report.new + report.already + report.repeated + report.refused_count == report.rows == 3


def test_votes_in_numbers(book: Ledger, tmp_path: Path) -> None:
    """1 is yes, 2 abstaining, 3 no; who was absent (8) or no member (9) is left out, and counted; words are refused."""
    rows = [
        f"9,{country},,{vote},74.0,2019-12-18,,,1.0,"
        for country, vote in zip(
            ("Chile", "Peru", "Cuba", "Haiti", "Malta", "Kenya", "Ghana"),
            ("1", "2", "3", "8", "9", "9", "yes"),
            strict=True,
        )
    ]
    report = imported(book, tmp_path, *rows)
    assert report.notes == {"left_out_absent": 1, "left_out_no_member": 2}
    assert [(row.party, row.stance, row.text) for row in book.matrix()] == [
        ("CHL", "support", "Chile voted yes"),
        ("CUB", "oppose", "Cuba voted no"),
        ("PER", "uncommitted", "Peru abstained"),
    ]
    ((line, reason, hint),) = report.refused
    assert (line, reason) == (8, "the vote 'yes' is no number, and the votes above are")
    assert "8 absent" in str(hint)
    assert [one["party"] for one in book.parties()] == ["CHL", "CUB", "PER"]
    (mixed,) = imported(book, tmp_path, ROWS[2], rows[0]).refused
    assert (mixed.line, mixed.reason) == (3, "the vote '1' is none of yes, no, abstain")


def test_a_packed_file_and_one_with_other_columns(book: Ledger, tmp_path: Path) -> None:
    """What gzip packed is unpacked; columns may stand in any order; one that lacks a column is told so."""
    path = tmp_path / "votes.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\n{ROWS[3]}\n".encode("utf-8-sig")))
    assert book.import_file(path).new == 1
    report = imported(book, tmp_path, "yes,1962-01-01,,,8,Chile", header="vote,date,unres,short,rcid,country")
    assert report.new == 1
    with pytest.raises(LedgerError, match="no column 'unres'"):
        book.import_file(_written(tmp_path, "rcid,country,vote,date,short\n"), format_="unga")
    with pytest.raises(LedgerError, match="no format 'nothing'"):
        book.import_file(path, format_="nothing")


def test_a_packed_file_that_is_cut_short_is_refused(book: Ledger) -> None:
    """However much of it can be read: nothing is recorded, and the file is open still for whoever opened it."""
    rows = "".join(f"9,Namibia,,yes,74.0,2019-12-18,,{sha256_of(b'%d' % n)},1.0,\n" for n in range(20_000))
    whole = gzip.compress(f"{HEADER}\n{rows}".encode())
    assert len(whole) > 200_000
    cut, damaged = io.BytesIO(whole[:150_000]), io.BytesIO(whole[:150_000] + b"\xff" * 99 + whole[150_099:])
    for file in (cut, damaged):
        with pytest.raises(Refused, match="cut short or damaged") as caught:
            book.import_file(file, keep_going=True)
        assert "nothing was recorded" in str(caught.value.hint)
        assert (book.head, file.closed) == (0, False)


def test_a_cell_or_line_without_end_is_refused_by_its_line(book: Ledger, tmp_path: Path) -> None:
    """A quote that nobody closes ends the file in words; a line that is too long takes no other with it."""
    long = f"9,Chile,CL,yes,74.0,2019-12-18,,{'x' * 1_000_000},1.0,"
    report = imported(book, tmp_path, ROWS[0], long, ROWS[2])
    assert [(one.line, one.reason) for one in report.refused] == [(4, "a line is longer than 1,000,000 characters")]
    assert report.new == 2
    swallowed = imported(book, tmp_path, '9,Chile,CL,yes,74.0,2019-12-18,,"x,1.0,', *[ROWS[3]] * 40_000)
    assert "quote" in str(swallowed.refused[0].hint)
    assert swallowed.refused[0].line == 2


def _written(folder: Path, text: str) -> Path:
    path = folder / "other.csv"
    path.write_text(text)
    return path


def test_the_command_tells_the_format_by_itself(door: Door, tmp_path: Path) -> None:
    """`import votes.csv` needs no `--as`; the report counts the names that it registered, in words and in JSON."""
    (tmp_path / "votes.csv").write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    door.ok("init -q")
    said = door.ok("import votes.csv --dry-run --json").json
    assert (said["rows"], said["new"], said["notes"]) == (4, 4, {"registered": 9})
    assert "9 names registered" in door.ok("import votes.csv").out
    assert door("import votes.csv --refused mend.csv").code == 1
    assert door("import votes.csv --as nothing").code == 2


def test_the_three_tables_of_the_original(book: Ledger, tmp_path: Path) -> None:
    """The votes take the rest from the roll calls that lie beside them; a vote without one is refused."""
    votes = "rcid,country,country_code,vote\n9,Namibia,NA,yes\n9,Russian Federation,RU,no\n10,Namibia,NA,no\n"
    calls = 'rcid,session,date,unres,amend,para,short,descr\n9,74,2019-12-18,R/74/168,0,0,"ARMS, ALL",x\n'
    (tmp_path / "un_votes.csv").write_text(votes)
    with pytest.raises(Refused, match="no roll calls lie beside them"):
        book.import_file(tmp_path / "un_votes.csv")
    (tmp_path / "un_roll_call_issues.csv").write_text("rcid,short_name,issue\n9,di,Arms control\n")
    (tmp_path / "un_roll_calls.csv").write_text(calls)
    report = book.import_file(tmp_path / "un_votes.csv", keep_going=True)
    assert [(one.line, one.reason) for one in report.refused] == [(4, "there is no roll call '10'")]
    found = [(row.party, row.issue, row.stance, row.since) for row in book.matrix()]
    assert found == [("NAM", "unga/rcid-9", "support", "2019-12-18"), ("RUS", "unga/rcid-9", "oppose", "2019-12-18")]
    (issue,) = book.issues().to_dicts()
    assert issue["proposition"] == "Roll call 9 of the General Assembly: adopt A/RES/74/168, ARMS, ALL"
    with pytest.raises(Refused, match="the votes have no column 'country'") as raised:
        book.import_file(tmp_path / "un_roll_calls.csv")
    assert "import the votes" in str(raised.value.hint)


def test_a_zip_of_the_three_tables(door: Door, tmp_path: Path) -> None:
    """It is recognised, and read as the three are, in whatever order they lie; without roll calls it is refused."""
    tables = {
        "un/un_roll_call_issues.csv": "rcid,short_name,issue\n9,di,Arms control\n",
        "un/un_roll_calls.csv": "rcid,session,date,unres,amend,para,short,descr\n9,74,2019-12-18,R/74/168,0,0,ARMS,x\n",
        "un/un_votes.csv": "rcid,country,country_code,vote\n9,Namibia,NA,yes\n9,Chile,CL,no\n",
    }

    def zipped(name: str, *held: str) -> str:
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for one in held:
                packed.writestr(one, tables[one])
        return name

    door.ok("init -q")
    every = zipped("un.zip", *tables)
    assert door.ok(f"import {every} --json").json["new"] == 2
    assert "oppose" in door.ok("show CHL").out
    assert door.ok(f"import {zipped('nu.zip', *reversed(tables))} --as unga --json").json["already"] == 2
    assert "no roll calls" in door(f"import {zipped('two.zip', *list(tables)[::2])}").err
    assert "the zip holds 2 files" in door(f"import {zipped('other.zip', *list(tables)[:2])} --as acled").err
