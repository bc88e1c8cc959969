"""Published event data as they are: every row of the samples accounted for.

The data lie outside of the project: `../shared/data`.  Whoever lacks them sees these tests skipped.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.entries import ActionTaken
from ledger.vocabularies import cameo
from tests.ledger.samples import new_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.reporting import Report

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
GDELT = DATA / "gdelt" / "20191024143000.export.CSV"
ICEWS = DATA / "icews" / "events.2018.sample.tab"
CODES = DATA / "vocab" / "cameo-codes.csv"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data are not here: ../shared/data")


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a file, with their ends."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from file


def taken_in(folder: Path, path: Path) -> tuple[Report, Report, list[ActionTaken]]:
    """Import a file twice; return both reports and the deeds."""
    with new_ledger(folder / "ledger.db") as book:
        first, second = book.import_file(path), book.import_file(path)
        events = [book.entry(one.entry).event for one in book.log() if one.type == "action-taken"]
        assert list(book.matrix()) == []
        assert len(book.matrix(dyads=True)) > 0
    return first, second, [event for event in events if isinstance(event, ActionTaken)]


def test_gdelt(tmp_path: Path) -> None:
    """2,111 rows, of which 596 repeat; 425 articles; the artefacts of "a year ago" are 24, 20 and 7."""
    first, second, deeds = taken_in(tmp_path, GDELT)
    assert (first.rows, first.new, first.already, first.repeated, first.refused_count) == (2_111, 1_515, 0, 596, 0)
    assert (second.rows, second.new, second.already, second.repeated, second.last) == (2_111, 0, 1_515, 596, None)
    assert [first.notes[f"dated_{days}_days_before"] for days in (365, 30, 7)] == [24, 20, 7]
    rows = list(csv.reader(lines_of(GDELT), delimiter="\t", quoting=csv.QUOTE_NONE))
    keys = [(row[1], row[5], row[15], row[26]) for row in rows]
    articles = {(key, row[60]) for key, row in zip(keys, rows, strict=True)}
    assert first.notes["corroborated_by_another_article"] == len(articles) - len(set(keys)) == first.beside
    kept = {row[0]: row for row in reversed(rows)}
    for deed in deeds:
        assert deed.origin is not None
        assert deed.coding is not None
        row = kept[deed.origin.id]
        assert (deed.occurred_on.replace("-", ""), deed.coding.code, deed.coding.intensity) == (
            row[1],
            row[26],
            row[30],
        )
        assert bool(deed.to) == bool(row[15])
        assert (deed.party == "unspecified") == (not row[5])


def test_icews(tmp_path: Path) -> None:
    """3,705 rows: 501 mirror an earlier one of their story, sentence and code; of the others each is a deed."""
    first, second, deeds = taken_in(tmp_path, ICEWS)
    assert (first.rows, first.new, first.repeated, first.refused_count) == (3_705, 3_204, 501, 0)
    assert (second.already, second.repeated, second.last) == (3_204, 501, None)
    rows = list(csv.DictReader(lines_of(ICEWS), delimiter="\t", quoting=csv.QUOTE_NONE))
    by_key = {f"{row['Event ID']}/{row['Event Date']}": row for row in rows}
    for deed in deeds:
        assert deed.origin is not None
        assert deed.coding is not None
        row = by_key[deed.origin.id]
        assert deed.text.endswith(f": {row['Event Text']}")
        assert (deed.coding.code, deed.coding.intensity) == (row["CAMEO Code"], row["Intensity"])
    # Both sides find a mirrored event in their dyad.
    assert Counter(len(deed.to) for deed in deeds) == {1: 3_204}


def test_no_relation_is_missed() -> None:
    """Every relation that ICEWS puts in words leads to its code, and every code of the published list is known."""
    rows = csv.DictReader(lines_of(ICEWS), delimiter="\t", quoting=csv.QUOTE_NONE)
    relations = {(row["Event Text"], row["CAMEO Code"]) for row in rows}
    assert len(relations) == 122
    assert {(words, cameo.code_of(words)) for words, _ in relations} == relations
    for row in csv.DictReader(lines_of(CODES)):
        called = cameo.label(row["code"])
        assert called is not None
        assert called.casefold() == row["name"].casefold()
