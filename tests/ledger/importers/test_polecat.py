"""POLECAT, on rows of the tests' own: lists stay lists, both names of the intensity, both dates."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from ledger.importers import format_of, polecat
from tests.ledger.importers.conftest import deeds

if TYPE_CHECKING:
    from verbale import Ledger

ROW = {
    "Event ID": "20230105-1-ab",
    "Event Date": "2023-01-04",
    "Event Type": "CONSULT",
    "Event Mode": "visit",
    "Intensity": "4.0",
    "Quad Code": "VERBAL COOPERATION",
    "Contexts": "diplomatic; military",
    "Actor Name": "Emmanuel Macron; Olaf Scholz",
    "Actor Country": "FRA; DEU",
    "Actor COW": "220; 255",
    "Recipient Name": "Ukraine",
    "Recipient Country": "UKR",
    "City": "Kyiv",
    "Country": "UKR",
    "Source": "A daily",
    "Publication Date": "2023-01-05",
    "Story People": "None",
    "Language": "en",
    "Headline": "Two go to Kyiv",
}


def text_of(row: dict[str, str]) -> bytes:
    """Return a row below its header, with tabs."""
    return ("\t".join(row) + "\n" + "\t".join(row.values()) + "\n").encode()


@pytest.mark.parametrize("called", ["Intensity", "Event Intensity"])
def test_an_event_keeps_its_lists(book: Ledger, called: str) -> None:
    """All actors act, all recipients are addressed; mode, contexts, intensity and quad class are coding."""
    row = {called if name == "Intensity" else name: value for name, value in ROW.items()}
    assert format_of(io.BytesIO(text_of(row))) is polecat
    report = book.import_file(io.BytesIO(text_of(row)))
    assert (report.new, report.refused_count) == (1, 0)
    (done,) = deeds(book)
    actors = ("actor/emmanuel-macron-fra", "actor/olaf-scholz-deu")
    assert (done.party, done.on_behalf_of, done.to) == (actors[0], actors, ("UKR",))
    assert done.issue == "relations/DEU-FRA-UKR"
    assert (done.occurred_on, done.text, done.place) == ("2023-01-04", "Two go to Kyiv", "Kyiv, UKR")
    assert done.coding is not None
    assert done.coding.model_dump(mode="json") == {
        "scheme": "PLOVER",
        "code": "CONSULT",
        "mode": "visit",
        "intensity": "4.0",
        "quad": "VERBAL COOPERATION",
        "contexts": ["diplomatic", "military"],
    }
    assert done.origin is not None
    assert done.origin.columns["Actor COW"] == "220; 255"
    assert "Story People" not in done.origin.columns
    (source,) = book.sources()
    assert (source["publisher"], source["published_at"], source["title"]) == ("A daily", "2023-01-05", "Two go to Kyiv")
    assert book.import_file(io.BytesIO(text_of(row))).already == 1


def test_lists_that_do_not_match_are_not_matched(book: Ledger) -> None:
    """Three actors and two countries: nobody can tell whose they are, so the actors have none; one is everybody's."""
    book.import_file(io.BytesIO(text_of(ROW | {"Actor Name": "A B; C D; E F"})))
    assert deeds(book)[0].party == "actor/a-b"
    book.import_file(io.BytesIO(text_of(ROW | {"Event ID": "2", "Actor Name": "A B; C D", "Actor Country": "ITA"})))
    assert deeds(book)[1].issue == "relations/ITA-UKR"


def test_an_unknown_recipient_is_none(book: Ledger) -> None:
    """`None` is how the files say that nothing is known."""
    book.import_file(io.BytesIO(text_of(ROW | {"Recipient Name": "None", "Recipient Country": "None"})))
    assert (deeds(book)[0].to, deeds(book)[0].issue) == ((), "relations/DEU-FRA")


@pytest.mark.parametrize("changed", [{"Event Date": "yesterday"}, {"Event Type": ""}, {"Event ID": "None"}])
def test_rows_that_say_nothing_are_refused(book: Ledger, changed: dict[str, str]) -> None:
    """With their line."""
    report = book.import_file(io.BytesIO(text_of(ROW | changed)))
    assert [one.line for one in report.refused] == [2]
