"""Headers of data sets: a column that is read stands there once, or nobody could say which is meant."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Refused
from ledger.importers import format_of
from tests.ledger.importers import test_acled, test_gdelt, test_icews, test_polecat, test_unga

if TYPE_CHECKING:
    from verbale import Ledger

HEADERS = {
    "acled": (",", test_acled.HEADER),
    "polecat": ("\t", list(test_polecat.ROW)),
    "icews": ("\t", test_icews.HEADER.split("\t")),
    "gdelt": ("\t", list(test_gdelt.NAMES)),
    "unga": (",", test_unga.HEADER.split(",")),
}


@pytest.mark.parametrize(
    ("format_", "column", "again"),
    [
        ("acled", "event_date", "Event Date"),
        ("acled", "notes", "notes"),
        ("polecat", "Event Type", "event_type"),
        ("polecat", "Headline", "HEADLINE"),
        ("icews", "CAMEO Code", "cameo_code"),
        ("icews", "Publisher", "Publisher"),
        ("gdelt", "SQLDATE", "day"),
        ("gdelt", "SOURCEURL", "SourceURL"),
        ("unga", "vote", "vote"),
    ],
)
def test_a_column_that_is_read_stands_there_once(book: Ledger, format_: str, column: str, again: str) -> None:
    """Twice, in whatever spelling, it is refused, and both places are named, counted from 1."""
    by, header = HEADERS[format_]
    text = by.join(["x", *header, again]) + "\n" + by.join(["1"] * (len(header) + 2)) + "\n"
    assert format_ == format_of(io.BytesIO(text.encode())).NAME
    with pytest.raises(Refused, match="twice") as caught:
        book.import_file(io.BytesIO(text.encode()), keep_going=True)
    assert f"columns {header.index(column) + 2} and {len(header) + 2}" in str(caught.value.hint)
    assert book.head == 0


@pytest.mark.parametrize("format_", HEADERS)
def test_a_column_that_nobody_reads_may_stand_there_twice(book: Ledger, format_: str) -> None:
    """The rows are read, whatever they say."""
    by, header = HEADERS[format_]
    text = by.join([*header, "more", "more"]) + "\n" + by.join(["1"] * (len(header) + 2)) + "\n"
    assert book.import_file(io.BytesIO(text.encode()), keep_going=True, format_=format_).rows == 1


def test_quadruples_have_each_column_once(book: Ledger) -> None:
    """Their four columns are all that they have."""
    with pytest.raises(Refused, match="the column 'source' twice"):
        book.import_file(io.BytesIO(b"date\tsource\trelation\tsource\n1\t2\t3\t4\n"), format_="icews")


@pytest.mark.parametrize("column", ["SQLDATE", "EventCode", "Actor1Code", "GLOBALEVENTID"])
def test_a_header_of_gdelt_that_lacks_a_column_is_told_so(book: Ledger, column: str) -> None:
    """What a row cannot do without is named."""
    header = [name for name in test_gdelt.NAMES if name != column]
    text = "\t".join(header) + "\n" + "\t".join(["1"] * len(header)) + "\n"
    with pytest.raises(Refused, match=f"no column '{column}'"):
        book.import_file(io.BytesIO(text.encode()), keep_going=True)


def test_a_row_of_gdelt_may_lack_the_last_cell_where_that_is_not_needed(book: Ledger) -> None:
    """The article's address may; in another order of the columns what stands last may be needed, and is missed."""
    columns = test_gdelt.VERSION_1
    for order, refused in ((columns, 0), (columns[::-1], 1)):
        row = "\t".join(test_gdelt.ROW.get(name, "") for name in order[:-1])
        text = "\t".join(order) + "\n" + row + "\n"
        assert book.import_file(io.BytesIO(text.encode()), keep_going=True).refused_count == refused
