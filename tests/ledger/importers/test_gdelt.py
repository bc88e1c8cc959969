"""GDELT's events, on rows of the tests' own: versions, separators, headers, repeats, artefacts, actors left out."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Refused
from ledger.importers import FORMATS, format_of, gdelt
from projections.backing import borne_out
from tests.ledger.importers.conftest import deeds
from verbale.cli.importing import _FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.reporting import Report
    from verbale import Ledger

NAMES = gdelt._COLUMNS
VERSION_1 = [name for name in NAMES if not name.endswith("ADM2Code")]
ROW = {
    "GLOBALEVENTID": "881990835",
    "SQLDATE": "20191023",
    "Actor1Code": "RUS",
    "Actor1Name": "MOSCOW",
    "Actor1CountryCode": "RUS",
    "Actor2Code": "UKRGOV",
    "Actor2Name": "KIEV",
    "Actor2CountryCode": "UKR",
    "IsRootEvent": "1",
    "EventCode": "043",
    "QuadClass": "1",
    "GoldsteinScale": "2.8",
    "NumMentions": "8",
    "ActionGeo_FullName": "Minsk, Belarus",
    "DATEADDED": "20191024143000",
    "SOURCEURL": "https://example.org/a",
}


def table(*rows: dict[str, str], columns: list[str] | tuple[str, ...] = NAMES, by: str = "\t", header: str = "") -> str:
    """Return rows as text."""
    lines = [by.join(row.get(name, "") for name in columns) for row in rows]
    return "\n".join(filter(None, (header, *lines))) + "\n"


def imported(book: Ledger, text: str) -> Report:
    """Import a file that nobody says the format of."""
    return book.import_file(io.BytesIO(text.encode()), keep_going=True)


def test_an_event_is_a_deed_on_its_dyad(book: Ledger) -> None:
    """The state acts towards an actor of the other; code, scheme, intensity and quad class are coding; no stance."""
    report = imported(book, table(ROW))
    (done,) = deeds(book)
    assert (done.party, done.to, done.issue) == ("RUS", ("cameo/UKRGOV",), "relations/RUS-UKR")
    assert (done.occurred_on, done.bearing, done.place) == ("2019-10-23", None, "Minsk, Belarus")
    assert done.text == "MOSCOW → KIEV: Host a visit"
    assert done.coding is not None
    assert done.coding.model_dump(exclude_defaults=True) == {
        "scheme": "CAMEO",
        "code": "043",
        "intensity": "2.8",
        "quad": "GDELT 1",
    }
    assert done.origin is not None
    assert (done.origin.dataset, done.origin.id) == ("gdelt", "881990835")
    assert done.origin.columns["DATEADDED"] == "20191024143000"
    (source,) = book.sources()
    assert source["url"] == "https://example.org/a"
    assert (report.rows, report.new, report.refused_count) == (1, 1, 0)
    assert {row["party"]: row["kind"] for row in book.parties()} == {
        "RUS": "state",
        "UKR": "state",
        "cameo/UKRGOV": "unresolved",
    }


LAYOUTS: dict[str, Callable[[], str]] = {
    "2.0, as published": lambda: table(ROW),
    "1.0, as published": lambda: table(ROW, columns=VERSION_1),
    "1.0, without an address": lambda: table(ROW, columns=VERSION_1[:-1]),
    "with its header": lambda: table(ROW, header="\t".join(NAMES)),
    "semicolons, quotes, a header in lower case": lambda: table(
        {name: f'"{value}"' for name, value in ROW.items()}, by=";", header=";".join(NAMES).lower()
    ),
    "a header that calls some columns otherwise": lambda: table(
        ROW, columns=VERSION_1, header="\t".join(VERSION_1).replace("SQLDATE", "day").replace("Actor1Name", "who_1")
    ),
    "columns in another order": lambda: table(ROW, columns=VERSION_1[::-1], header="\t".join(VERSION_1[::-1])),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_the_same(book: Ledger, layout: str) -> None:
    """Versions, separators and headers: the deed is the same."""
    text = LAYOUTS[layout]()
    assert format_of(io.BytesIO(text.encode())) is gdelt
    report = imported(book, text)
    assert [one.reason for one in report.refused] == []
    (done,) = deeds(book)
    assert (done.party, done.issue, done.occurred_on) == ("RUS", "relations/RUS-UKR", "2019-10-23")
    assert done.text == "MOSCOW → KIEV: Host a visit"


def test_packed_files_are_read(book: Ledger, tmp_path: Path) -> None:
    """A zip, as GDELT publishes it, and gzip hold the same."""
    text = table(ROW).encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("20191024.export.CSV", text)
    (tmp_path / "a.gz").write_bytes(gzip.compress(text))
    assert book.import_file(tmp_path / "a.zip").new == 1
    assert book.import_file(tmp_path / "a.gz").already == 1


def test_repeats_are_counted_and_never_evidence(book: Ledger) -> None:
    """Coded again in the article it says nothing; from another article it corroborates the first; all are counted."""
    again = ROW | {"GLOBALEVENTID": "2"}
    elsewhere = ROW | {"GLOBALEVENTID": "3", "SOURCEURL": "https://elsewhere.example.net/b"}
    text = table(ROW, again, elsewhere, elsewhere, ROW | {"GLOBALEVENTID": "4", "EventCode": "036"})
    report = imported(book, text)
    assert (report.rows, report.new, report.repeated, report.beside) == (5, 2, 3, 1)
    assert report.notes == {"coded_again_in_one_article": 2, "corroborated_by_another_article": 1}
    (more,) = [one for one in book.log() if one.type.startswith("entry-")]
    assert more.type == "entry-corroborated"
    deed = book.entry(more.target or 0)
    (group,) = borne_out(book.views.db, book.head, [deed])[deed.entry]
    assert (group.entries, group.because) == ((deed.entry, more.entry), ("same data set",))
    report = imported(book, text)
    assert (report.already, report.repeated, report.last) == (2, 3, None)


@pytest.mark.parametrize(("day", "note"), [("20181024", 365), ("20190924", 30), ("20191017", 7), ("20191018", None)])
def test_artefacts_of_a_year_ago_are_counted(book: Ledger, day: str, note: int | None) -> None:
    """Exactly 365, 30 or 7 days before it was seen; the date stays as it was coded."""
    report = imported(book, table(ROW | {"SQLDATE": day}))
    assert report.notes == ({} if note is None else {f"dated_{note}_days_before": 1})
    assert deeds(book)[0].occurred_on == f"{day[:4]}-{day[4:6]}-{day[6:]}"


def test_actors_that_are_left_out(book: Ledger) -> None:
    """Without a first actor somebody acts, without a second nobody is addressed; within a state is a dyad of one."""
    nobody = {name: "" for name in ROW if name.startswith("Actor1")}
    nowhere = {name: "" for name in ROW if name.startswith("Actor2")}
    within = {"Actor2Code": "RUSCVL", "Actor2Name": "CITIZEN", "Actor2CountryCode": "RUS"}
    imported(book, table(ROW | nobody, ROW | nowhere, ROW | within))
    first, second, third = deeds(book)
    assert (first.party, first.to, first.issue) == ("unspecified", ("cameo/UKRGOV",), "relations/UKR-unspecified")
    assert (second.party, second.to, second.issue) == ("RUS", (), "relations/RUS")
    assert (third.party, third.to, third.issue) == ("RUS", ("cameo/RUSCVL",), "relations/RUS")


def test_namibia_is_no_missing_value(book: Ledger) -> None:
    """Its code is NAM, and its alpha-2 code NA in a place's cell is kept as it is."""
    imported(book, table(ROW | {"Actor1Code": "NAM", "Actor1Name": "WINDHOEK", "Actor1CountryCode": "NAM"}))
    assert deeds(book)[0].party == "NAM"
    assert {row["name"] for row in book.parties() if row["party"] == "NAM"} == {"Namibia"}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"SQLDATE": "20190231"}, "'20190231' is no day"),
        ({"SQLDATE": "2019W431"}, "'2019W431' is no day"),
        ({"EventCode": "999"}, "the code '999' is not one of CAMEO's"),
    ],
)
def test_rows_that_say_nothing_are_refused(book: Ledger, changed: dict[str, str], why: str) -> None:
    """With their line and the reason."""
    report = imported(book, table(ROW, ROW | changed))
    assert [(one.line, one.reason) for one in report.refused] == [(2, why)]
    assert (report.rows, report.new) == (2, 1)


def test_ragged_rows_are_refused(book: Ledger) -> None:
    """A row that has lost cells is not guessed at; one that lacks the address only is read."""
    short, cut = table(ROW, columns=VERSION_1[:-1]), table(ROW, columns=NAMES[:40])
    report = imported(book, table(ROW | {"EventCode": "036"}, columns=VERSION_1) + short + cut)
    assert [(one.line, one.reason) for one in report.refused] == [(3, "40 cells, where GDELT has 57, 58 or 61")]
    assert report.new == 2


def test_files_that_are_not_utf8_are_read(book: Ledger) -> None:
    """A table in the letters of Western Europe is told by its bytes."""
    text = table(*(ROW | {"GLOBALEVENTID": str(n), "EventCode": f"04{n}", "Actor1Name": "MALMÖ"} for n in range(1, 7)))
    book.import_file(io.BytesIO(text.encode("cp1252")))
    assert deeds(book)[0].text.startswith("MALMÖ →")


def test_the_help_names_every_format() -> None:
    """What the command's help lists is what there is."""
    assert set(_FORMATS) == set(FORMATS)


@pytest.mark.parametrize("harm", [lambda packed: packed[:-9], lambda packed: packed[:-8] + bytes(8)])
@pytest.mark.parametrize("as_", [None, "gdelt"])
def test_a_packed_file_that_is_damaged_is_refused(
    book: Ledger, harm: Callable[[bytes], bytes], as_: str | None
) -> None:
    """However short it is: cut off, or with another sum than it says."""
    packed = harm(gzip.compress(table(ROW).encode()))
    with pytest.raises(Refused, match="cut short or damaged"):
        book.import_file(io.BytesIO(packed), format_=as_)


def test_a_snapshot_twice_finds_its_repeats_again(book: Ledger) -> None:
    """A row that another article repeats stands beside an event that is held already."""
    first = ROW | {"SOURCEURL": "https://a.example/1"}
    again = first | {"GLOBALEVENTID": "2", "SOURCEURL": "https://b.example/2"}
    for day, new in (("2019-10-25", 1), ("2019-10-26", 0)):
        report = book.import_file(io.BytesIO(table(first, again).encode()), format_="gdelt", snapshot_of=day)
        assert (report.rows, report.new, report.already, report.repeated) == (2, new, 1 - new, 1)
    assert [one.type for one in book.log()].count("entry-corroborated") == 1
