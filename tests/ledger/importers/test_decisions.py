"""Decisions about actors, as an analyst fills them in: what each records, and what is refused by its line."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Refused
from tests.ledger.samples import BASICS, new_ledger, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.reporting import Report
    from tests.verbale.doors import Door
    from verbale import Ledger

ACTORS = ("actor/police", "actor/rebels", "actor/press")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Give a ledger with two states and three actors that nobody has identified, one of which has said something."""
    with new_ledger(tmp_path / "ledger.db", *BASICS) as book:
        for actor in ACTORS:
            book.add_party(actor, actor.removeprefix("actor/").title(), "unresolved")
        book.record(statement(party="actor/police"))
        yield book


def decided(book: Ledger, *rows: str, header: str = "actor,name,decision", dry_run: bool = False) -> Report:
    """Apply a table."""
    return book.apply_review(io.BytesIO("\n".join((header, *rows)).encode() + b"\n"), dry_run=dry_run)


def kinds(book: Ledger) -> dict[str, tuple[str, str | None]]:
    """Give what each actor is, and into whom it is merged."""
    return {row["party"]: (row["kind"], row["merged_into"]) for row in book.parties() if row["party"] in ACTORS}


def test_decisions_are_recorded_together_and_once(book: Ledger) -> None:
    """Merged, identified, left for later; the same table again adds nothing."""
    rows = (
        "actor/police,Police,merge Kremlin",
        "actor/rebels,,New Armed-Group:  Hill Front ",
        "actor/press,Press,",
    )
    assert decided(book, *rows, dry_run=True).new == 2
    assert kinds(book) == dict.fromkeys(ACTORS, ("unresolved", None))
    report = decided(book, *rows)
    assert (report.rows, report.new, report.registered, report.error) == (2, 2, 0, None)
    assert kinds(book) == {
        "actor/police": ("unresolved", "RUS"),
        "actor/rebels": ("armed-group", None),
        "actor/press": ("unresolved", None),
    }
    assert book.party("Hill Front") == "actor/rebels"
    assert [row.party for row in book.matrix()] == ["RUS"]
    again = decided(book, *rows)
    assert (again.rows, again.already, again.new) == (2, 2, 0)


def test_a_state_that_nobody_registered_is_registered(book: Ledger) -> None:
    """`merge NAM` knows Namibia; a party of that id goes first."""
    report = decided(book, "actor/police,x,merge nam", "actor/press,x,merge NAM")
    assert (report.new, report.registered) == (2, 1)
    assert kinds(book)["actor/police"] == kinds(book)["actor/press"] == ("unresolved", "NAM")
    assert decided(book, "actor/rebels,x,merge into UKR").registered == 0


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("actor/rebels,x,mrege RUS", "'mrege RUS' is no decision"),
        ("actor/rebels,x,merge", "'merge' is no decision"),
        ("actor/rebels,x,new", "'new' is no decision"),
        ("actor/rebels,x,new unresolved", "'new unresolved' is no decision"),
        ("actor/rebels,x,new clan", "'new clan' is no decision"),
        ("actor/rebels,x,merge Atlantis", "no party 'Atlantis'"),
        ("actor/nobody,x,merge RUS", "no party 'actor/nobody'"),
        (",x,merge RUS", "no party ''"),
        ("RUS,x,new state", "RUS is identified already"),
        ("actor/rebels,x,merge actor/rebels", "cannot be merged into itself"),
        ("actor/police,x,new state", "actor/police was decided on above: 'merge RUS'"),
        ("actor/rebels,merge RUS", "2 cells, and the header has 3"),
        ("actor/rebels,x,new state: Kremlin", "belongs to RUS"),
    ],
)
def test_one_slip_and_nothing_is_recorded(book: Ledger, row: str, why: str) -> None:
    """The slip is named with its line, and the decisions beside it wait."""
    before = book.head
    report = decided(book, "actor/police,x,merge RUS", "", row, "actor/press,x,new organisation")
    assert [(one.line, why in one.reason) for one in report.refused] == [(4, True)], report.refused
    assert book.head == before


def test_decisions_of_one_table_know_of_each_other(book: Ledger) -> None:
    """Two that are merged into each other are a slip; a chain is none; the same decision twice is said once."""
    circle = decided(book, "actor/police,x,merge actor/press", "actor/press,x,merge actor/police")
    assert [one.line for one in circle.refused] == [3]
    chain = decided(book, "actor/police,x,merge actor/press", "actor/press,x,merge UKR", "ACTOR/PRESS,x,Merge UKR")
    assert (chain.error, chain.new, chain.repeated) == (None, 2, 1)
    assert [row.party for row in book.matrix()] == ["UKR"]


@pytest.mark.parametrize(
    "text",
    [
        "actor;name;decision\r\nactor/police;Police;merge RUS\r\n",
        "\ufeffactor\tdecision\nactor/police\tmerge RUS\n",
        "Decision,note,Actor\nmerge RUS,because,actor/police\n",
    ],
)
def test_a_table_as_a_spreadsheet_writes_it(book: Ledger, text: str) -> None:
    """Semicolons, tabs, a byte order mark, columns in another order: the same decision."""
    assert book.apply_review(io.BytesIO(text.encode())).new == 1
    assert kinds(book)["actor/police"] == ("unresolved", "RUS")


def test_a_table_without_its_columns_is_none(book: Ledger) -> None:
    """A file of something else is refused as a whole, with how to make the table."""
    with pytest.raises(Refused, match="no column 'decision'"):
        decided(book, "actor/police,x", header="actor,name")


def test_the_command_fills_the_table_and_applies_it(door: Door) -> None:
    """`--csv` gives a table whose suggestions, copied into `decision`, are what `--apply` records."""
    door.ok("init -q")
    door.ok("party add HEZ Hezbollah --kind armed-group -q")
    door.ok("party add actor/h Hizbollah --kind unresolved -q")
    door.ok("party add cameo/RUSGOV 'Russia: government' --kind unresolved --code cameo:RUSGOV -q")
    door.ok("party review --csv -o todo.csv")
    with Path("todo.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["actor"], row["suggestion"]) for row in rows] == [
        ("actor/h", "merge HEZ"),
        ("cameo/RUSGOV", "merge RUS"),
    ]
    with Path("done.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows({**row, "decision": row["suggestion"]} for row in rows)
    assert door.ok("party review --apply done.csv --dry-run --json").json["new"] == 2
    assert door.ok("party review --apply done.csv --json --by anna").json["notes"] == {"registered": 1}
    assert door.ok("party review").out.endswith("Nobody waits to be identified.\n")
    assert {row["recorded_by"] for row in door.ok("log --jsonl").rows} == {None, "anna"}
