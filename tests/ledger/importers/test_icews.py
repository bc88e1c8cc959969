"""ICEWS, on rows of the tests' own: as published and as quadruples, mirrored pairs, relations in words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from ledger.importers import format_of, icews
from ledger.vocabularies import cameo
from tests.ledger.importers.conftest import deeds

if TYPE_CHECKING:
    from ledger.reporting import Report
    from verbale import Ledger

COLUMNS = """
Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,Target Name,
Target Sectors,
Target Country,Story ID,Sentence Number,Publisher,City,District,Province,Country,Latitude,Longitude
"""
HEADER = "\t".join(COLUMNS.replace("\n", "").split(","))
BASE = {
    "Event ID": "1",
    "Event Date": "2018-06-01",
    "Source Name": "Sergey Lavrov",
    "Source Sectors": "Government",
    "Source Country": "Russian Federation",
    "Event Text": "Consult",
    "CAMEO Code": "040",
    "Intensity": "1",
    "Target Name": "Ukraine",
    "Target Sectors": "NA",
    "Target Country": "Ukraine",
    "Story ID": "77",
    "Sentence Number": "2",
    "Publisher": "A wire",
    "City": "Minsk",
    "District": "NA",
    "Country": "Belarus",
}
MIRROR = {
    "Event ID": "2",
    "Source Name": "Ukraine",
    "Source Country": "Ukraine",
    "Target Name": "Sergey Lavrov",
    "Target Country": "Russian Federation",
}


def imported(book: Ledger, *rows: dict[str, str]) -> Report:
    """Import rows as published."""
    lines = ["\t".join((BASE | row).get(name, "") for name in HEADER.split("\t")) for row in rows]
    return book.import_file(io.BytesIO("\n".join([HEADER, *lines, ""]).encode()), keep_going=True)


def test_a_mirrored_pair_is_one_deed(book: Ledger) -> None:
    """The first row's source is the party, the other stands in `to`; both find it in their dyad, counted once."""
    report = imported(book, {}, MIRROR, {"Event ID": "3", "Sentence Number": "4"}, MIRROR | {"Story ID": "78"})
    assert (report.rows, report.new, report.repeated, report.notes) == (4, 3, 1, {"mirrored": 1})
    first, *_ = deeds(book)
    assert (first.party, first.to, first.issue) == ("actor/sergey-lavrov-rus", ("UKR",), "relations/RUS-UKR")
    assert first.text == "Sergey Lavrov → Ukraine: Consult"
    assert (first.place, first.source) == ("Minsk, Belarus", "icews/77")
    assert first.coding is not None
    assert (first.coding.scheme, first.coding.code, first.coding.intensity) == ("CAMEO", "040", "1")
    assert first.origin is not None
    assert (first.origin.id, first.origin.columns["Source Sectors"]) == ("1/2018-06-01", "Government")
    assert "Target Sectors" not in first.origin.columns


def test_a_mirrored_pair_that_two_files_share_is_one_deed(book: Ledger) -> None:
    """The second file finds the other side in the ledger; each file again changes nothing."""
    assert imported(book, {}).new == 1
    other = MIRROR | {"Event ID": "3", "CAMEO Code": "036", "Event Text": "Express intent to meet"}
    changes = ({"Sentence Number": "3"}, {"Event Date": "2018-06-02"}, {"Story ID": "78"})
    others = [MIRROR | change | {"Event ID": f"{number}"} for number, change in enumerate(changes, start=4)]
    second = imported(book, MIRROR, other, *others)
    assert (second.new, second.repeated, second.notes) == (4, 1, {"mirrored": 1})
    again = imported(book, MIRROR, other, *others)
    assert (again.new, again.already, again.repeated) == (0, 4, 1)
    assert (imported(book, {}).already, len(deeds(book))) == (1, 5)


def test_a_retracted_side_leaves_the_other_to_be_recorded(book: Ledger) -> None:
    """What is retracted shows nothing to anybody: the mirror image is a deed of its own then, in both forms."""
    imported(book, {})
    quadruples = [f"{text}\n".encode() for text in ("Russia,Consult,Iran,2014-05-13", "Iran,Consult,Russia,2014-05-13")]
    assert book.import_file(io.BytesIO(quadruples[0])).new == 1
    assert book.import_file(io.BytesIO(quadruples[1])).repeated == 1
    for row in book.log():
        if row.type == "action-taken":
            book.retract(row.entry, "not so")
    assert imported(book, MIRROR).new == 1
    assert book.import_file(io.BytesIO(quadruples[1])).new == 1


def test_hosting_and_visiting_are_two_codes(book: Ledger) -> None:
    """They are no mirror images: each stays with its code, as do two codes of one sentence."""
    host = {"CAMEO Code": "043", "Event Text": "Host a visit"}
    report = imported(book, host, MIRROR | {"CAMEO Code": "042", "Event Text": "Make a visit"})
    assert (report.new, report.repeated) == (2, 0)


def test_the_key_is_number_and_day(book: Ledger) -> None:
    """Numbers come again in other files: on another day it is another event."""
    assert imported(book, {}).new == 1
    assert imported(book, {"Event Date": "2018-07-01"}).new == 1
    assert imported(book, {}, {"Event Date": "7/1/2018"}).already == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"Event Date": "31.12.2018"}, "'31.12.2018' is no day"),
        ({"Event Date": "13/1/2018"}, "'13/1/2018' is no day"),
        ({"CAMEO Code": "4"}, "the code '4' is not one of CAMEO's"),
    ],
)
def test_rows_that_say_nothing_are_refused(book: Ledger, changed: dict[str, str], why: str) -> None:
    """With their line and the reason."""
    report = imported(book, {}, changed)
    assert [(one.line, one.reason) for one in report.refused] == [(3, why)]


@pytest.mark.parametrize(
    "text",
    [
        "2014-05-13\tRussia\tMake_a_visit\tCitizen_(Ukraine)\n2014-05-13\tCitizen_(Ukraine)\tMake_a_visit\tRussia\n",
        "Russia,Make a visit,Citizen (Ukraine),2014-05-13\nCitizen (Ukraine),Make a visit,Russia,2014-05-13\n",
        "date,source,relation,target\n2014-05-13,Russia,Make a visit,Citizen (Ukraine)\n",
    ],
)
def test_bare_quadruples(book: Ledger, text: str) -> None:
    """Day, source, relation, target in either order: of one day and relation, the mirror image is repeated."""
    assert format_of(io.BytesIO(text.encode())) is icews
    report = book.import_file(io.BytesIO(text.encode()))
    assert (report.new, report.repeated, report.refused_count) == (1, text.count("Citizen") - 1, 0)
    (done,) = deeds(book)
    assert (done.party, done.to, done.issue) == ("RUS", ("actor/citizen-ukraine",), "relations/RUS-UKR")
    assert done.coding is not None
    assert (done.coding.code, done.coding.intensity) == ("042", None)
    assert book.import_file(io.BytesIO(text.encode())).already == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("find guilty or liable (legally)", "116"),
        ("Meet at a 'third' location", "044"),
        ("Demand", "100"),
        ("Decline to yield", "124"),
        ("Return, release person(s)", "0841"),
        ("sing a song", None),
    ],
)
def test_relations_in_words_have_their_code(words: str, code: str | None) -> None:
    """In the spellings of several releases; a root's name means its general code."""
    assert cameo.code_of(words) == code


def test_every_label_finds_a_code_that_it_is_the_label_of() -> None:
    """No label is lost to another one: reading it back gives the code, or one that shares the name."""
    for code, called, _ in cameo._table():
        found = cameo.code_of(called)
        assert found is not None
        assert (cameo.label(found) or "").casefold() == called.casefold()
        assert found[:2] == code[:2]
