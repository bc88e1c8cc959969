"""Tables: whatever the delimiter, the characters and the packing, the cells are the cells and the lines the lines."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.errors import LedgerError, Refused, Unparsable
from ledger.importers.tables import Layout, Row, Table
from ledger.importers.text_lines import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
"""Of a cell: line ends, quotes and delimiters among it."""


def read(content: bytes, layout: Layout | None = None) -> tuple[tuple[str, ...], list[Row]]:
    """Return the header and the rows."""
    with Table(io.BytesIO(content), layout or Layout()) as table:
        return table.header, list(table)


def cells(content: bytes, layout: Layout | None = None) -> list[list[str]]:
    """Return the header and the rows, none of which may have an error."""
    header, rows = read(content, layout)
    assert [row.error for row in rows] == [None] * len(rows)
    return [list(header), *(row.cells for row in rows)]


def errors(content: bytes, layout: Layout | None = None) -> list[tuple[int, str]]:
    """Return the lines that cannot be taken, and why."""
    return [(row.number, row.error.message) for row in read(content, layout)[1] if row.error is not None]


def zipped(**files: bytes) -> bytes:
    """Return files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zip": lambda content: zipped(**{"table": content, "__MACOSX/table": b"x"}),
}


@pytest.mark.parametrize("packed", PACKED)
@given(
    rows=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
    ),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(rows=[["Namibia", "NA"], ["a\nb", '"'], ["é", "\u2028"]], delimiter=",", end="\r\n", encoding="utf-8")
def test_what_was_written_is_read(packed: str, rows: list[list[str]], delimiter: str, end: str, encoding: str) -> None:
    """Any cells, quoted, in any of these spellings, come back as they were, each row on the line it begins on."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    lines = [1]
    for row in rows:
        writer.writerow(row)
        lines.append(len(io.StringIO(out.getvalue(), newline="").readlines()) + 1)
    content = PACKED[packed](out.getvalue().encode(encoding))
    layout = Layout(header=0, delimiter=delimiter, encoding="utf-8" if encoding == "utf-8" else None)
    wanted = [Row(line, row) for line, row in zip(lines, rows, strict=False) if any(map(str.strip, row))]
    assert read(content, layout)[1] == wanted


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_the_delimiter_is_told_by_the_rows(delimiter: str) -> None:
    """What the rows agree on stands between the cells, though others stand within them."""
    rows = [["id", "said; what|who", "on"], ["1", "no, never", "2025"], ["2", "yes\tsir", "2026"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    assert cells(out.getvalue().encode()) == rows


def test_a_delimiter_within_quotes_is_none() -> None:
    """Where one delimiter leaves the rows malformed, another that does not is taken, though it makes fewer cells."""
    assert cells(b'"a","\t\t"\n"b","x\ty"\n') == [["a", "\t\t"], ["b", "x\ty"]]


def test_a_table_may_say_its_delimiter_and_have_one_column() -> None:
    """`sep=;` on the first line is no header, and counts as a line; a table of one column has no delimiter to tell."""
    assert read(b"sep=;\r\na;b\r\n1;2\r\n") == (("a", "b"), [Row(3, ["1", "2"])])
    assert cells(b"party\nRUS\nNA\n") == [["party"], ["RUS"], ["NA"]]


def test_cells_are_text_as_it_stands() -> None:
    """Namibia's code is no missing value, leading zeros and blanks stay, an empty cell is empty."""
    assert cells(b"a,b,c\nNA,007, x \nnull,,NaN\n")[1:] == [["NA", "007", " x "], ["null", "", "NaN"]]


def test_rows_that_do_not_fit_are_refused_by_their_line() -> None:
    """Too few cells, too many, a word after the quote, a quote left open: each by itself, the rows between are read."""
    content = b'a,b\n1,2\n3\n"x\ny",4\n5,6,7\n"u"v,8\n\n9,10\n"open,11\n12,13\n'
    assert errors(content) == [
        (3, "1 cell, and the header has 2"),
        (6, "3 cells, and the header has 2"),
        (7, "a cell goes on after its closing quote"),
        (10, "a quote is opened in this row and never closed"),
    ]
    good = [row for row in read(content)[1] if row.error is None]
    assert good == [Row(2, ["1", "2"]), Row(4, ["x\ny", "4"]), Row(9, ["9", "10"])]


def test_short_rows_are_filled_up_only_where_that_is_said() -> None:
    """Padding adds blanks, and takes none but blanks away; keeping leaves the rows as long as they are."""
    content = b"a,b\n1\n2,3,\n4,5,6\n"
    assert errors(content, Layout(ragged="pad")) == [(4, "3 cells, and the header has 2")]
    assert [row.cells for row in read(content, Layout(ragged="pad"))[1][:2]] == [["1", ""], ["2", "3"]]
    assert cells(content, Layout(ragged="keep"))[1:] == [["1"], ["2", "3", ""], ["4", "5", "6"]]


def test_quotes_may_be_characters_like_any_other() -> None:
    """In data that know no quoting, a quote opens nothing."""
    rows = cells(b'1\t"open\n2\tx\n', Layout(header=0, delimiter="\t", quote=None))
    assert rows == [[], ["1", '"open'], ["2", "x"]]


def test_the_header_may_lie_deeper_or_be_missing() -> None:
    """What stands above it is passed over; where there is none, names can be given."""
    assert read(b"Votes of 2025\n\na,b\n1,2\n", Layout(header=3)) == (("a", "b"), [Row(4, ["1", "2"])])
    assert read(b"1,2\n", Layout(header=0, columns=("a", "b"))) == (("a", "b"), [Row(1, ["1", "2"])])
    with pytest.raises(Unparsable, match="line 9 holds no header"):
        read(b"a,b\n1,2\n", Layout(header=9))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n"])
def test_nothing_is_an_empty_table(content: bytes) -> None:
    """A file with nothing in it has no header and no rows."""
    assert read(content) == ((), [])


def test_a_header_alone_has_no_rows() -> None:
    """A header without rows, with blanks, twins and capitals, stands as it is written."""
    assert read(b" Party ,,party,Party\n") == ((" Party ", "", "party", "Party"), [])


def test_two_hundred_columns() -> None:
    """A wide table is a table."""
    row = ",".join(map(str, range(200))).encode()
    assert cells(row + b"\n" + row + b"\n") == [list(map(str, range(200)))] * 2


WORDS = {
    "cp1252": "Côte d’Ivoire – “non”, déclare le ministre des affaires étrangères",
    "iso8859-1": "El Ministro español declaró que sí; Perú votó no",
    "iso8859-2": "Węgry i Łotwa poparły zawieszenie broni; Żądania odrzucono",
    "cp1251": "Москва заявила, что Россия не примет условий перемирия",
    "koi8-r": "Москва заявила, что Россия не примет условий перемирия",
    "cp1253": "Στις Βρυξέλλες υποστηρίζεται την εκεχειρία",
    "cp1256": "روسيا ترفض وقف إطلاق النار",
    "gb18030": "中国支持停火",
    "shift_jis": "日本は停戦を支持する",
    "utf-16": "Côte d’Ivoire, Россия, 日本",
    "utf-16-le": "Côte d’Ivoire votes yes, as most of the others do",
    "utf-8-sig": "Côte d’Ivoire, Россия, 日本",
}


@pytest.mark.parametrize("encoding", WORDS)
def test_files_that_are_not_utf8(encoding: str) -> None:
    """Words come out as they were written in, and unless a mark says so it is told to be a guess."""
    text = f"id\tsaid\n1\t{WORDS[encoding]}\n"
    with Table(io.BytesIO(text.encode(encoding))) as table:
        assert [row.cells for row in table] == [["1", WORDS[encoding]]]
        assert table.charset.guessed == (not encoding.startswith("utf"))
        assert table.charset.plain == (encoding == "utf-8-sig")
        assert all(word in WORDS[encoding] for word in table.charset.words)
    assert cells(text.encode(encoding), Layout(encoding=encoding))[1:] == [["1", WORDS[encoding]]]


def test_broken_bytes_in_utf8_are_the_row_s_fault() -> None:
    """A file that is UTF-8 but for one cut-off character stays so, and that row is refused."""
    rows = "".join(f"{n},Côte d’Ivoire\n" for n in range(50)).encode()
    content = b"id,name\n" + rows + b"50,C\xc3\n" + rows
    with Table(io.BytesIO(content)) as table:
        assert (table.charset.codec, table.charset.damaged, table.charset.plain) == ("utf-8", True, False)
        broken = [row.number for row in table if row.error is not None]
    assert broken == [52]


@pytest.mark.parametrize(
    ("content", "layout", "said"),
    [
        ("é".encode("cp1252") + b"a,b", Layout(encoding="utf-8"), "not written in utf-8: byte 0"),
        (b"a,b", Layout(encoding="utf-9"), "no encoding is called 'utf-9'"),
        (b"a,b", Layout(encoding="rot13"), "no encoding of text"),
        ("a,b\n".encode("utf-16") + b"\x00", Layout(), "cannot be read as utf-16"),
        (gzip.compress(b"a,b\n" * 9)[:-9], Layout(), "cut short or damaged"),
        (zipped(a=b"x", b=b"y"), Layout(), "the zip holds 2 files"),
        (zipped(a=b"x")[:-9], Layout(), "cut short or damaged"),
        (zipped(mimetype=b"", **{"content.xml": b""}), Layout(), "OpenDocument"),
        (zipped(**{"[Content_Types].xml": b"<"}), Layout(), "the spreadsheet cannot be read"),
        (b"x" * (LONGEST + 1), Layout(), "a line is longer"),
    ],
)
def test_files_that_are_no_tables(content: bytes, layout: Layout, said: str) -> None:
    """What cannot be read at all is refused as a whole, with a hint."""
    with pytest.raises(LedgerError, match=said) as caught:
        read(content, layout)
    assert caught.value.hint


def test_a_cell_is_no_file() -> None:
    """A quote that swallows a file line after line is noticed; a long cell is just a long cell."""
    long = b"x" * 200_000
    assert cells(b'a,b\n1,"' + long + b'"\n')[1] == ["1", long.decode()]
    swallowed = b'a,b\n1,"' + (b"x" * 99 + b"\n") * (LONGEST // 90)
    assert errors(swallowed)[0][0] == 2
    assert "longer than" in errors(swallowed)[0][1]


def test_a_line_that_is_too_long_takes_no_other_with_it() -> None:
    """It is refused by its number, in cells or in one; the lines around it are read, and counted as they are."""
    many, one = b"x," * LONGEST, b"x" * (3 * LONGEST)
    for content in (many, one):
        file = b"a,b\n1,2\n" + content + b"\r\n3,4\n\n" + content + b'\n"5\n",6\n7\n'
        assert errors(file) == [
            (3, f"a line is longer than {LONGEST:,} characters"),
            (6, f"a line is longer than {LONGEST:,} characters"),
            (9, "1 cell, and the header has 2"),
        ]
        good = [row for row in read(file)[1] if row.error is None]
        assert good == [Row(2, ["1", "2"]), Row(4, ["3", "4"]), Row(7, ["5\n", "6"])]
    for ahead in (1, 60):  # among the lines by which the delimiter is told, and after them
        assert errors(b"a,b\n" * ahead + many)[0][0] == ahead + 1
        within = b"a,b\n" * ahead + b'1,"x\n' + one + b"\n3,4\n"
        (caught,) = [row for row in read(within)[1] if row.error is not None]
        assert caught.number == ahead + 1
        assert "quote" in str(caught.error and caught.error.hint)
        assert read(within)[1][-1] == Row(ahead + 3, ["3", "4"])
    exact = b"1," + b"x" * (LONGEST - 3) + b"\n"
    assert errors(b"a,b\n" + exact) == []


def test_a_line_that_is_too_long_is_never_held() -> None:
    """Ten times the longest line takes no more memory than a few of them."""
    packed = gzip.compress(b"a,b\n1,2\n" + b"x," * (10 * LONGEST) + b"\n3,4\n")
    tracemalloc.start()
    try:
        rows = read(packed)[1]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [row.number for row in rows] == [2, 3, 4]
    assert peak < 10 * LONGEST


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """Return a spreadsheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_spreadsheet_is_a_table() -> None:
    """Cells of every type become text, rows have their numbers, blank cells at the end of a row are blank."""
    day, clock = dt.date(2025, 3, 12), dt.datetime(2025, 3, 12, 14, 30)  # noqa: DTZ001  has none
    content = workbook(
        (
            "Votes",
            [
                ["country", "code", "n", "on", "at"],
                ["Namibia", "NA", 3, day, clock],
                [],
                [None, "007", 2.5, dt.time(9, 5), dt.timedelta(hours=30)],
                ["Côte d’Ivoire", True],
                ["a", "b", "c", "d", "e", "f"],
            ],
        ),
        ("Notes", [["x"], ["y"]]),
    )
    header, rows = read(content)
    assert header == ("country", "code", "n", "on", "at")
    assert rows[:3] == [
        Row(2, ["Namibia", "NA", "3", "2025-03-12", "2025-03-12T14:30:00"]),
        Row(4, ["", "007", "2.5", "09:05:00", "30:00:00"]),
        Row(5, ["Côte d’Ivoire", "TRUE", "", "", ""]),
    ]
    assert isinstance(rows[3].error, Refused)
    assert read(content, Layout(sheet="Notes")) == (("x",), [Row(2, ["y"])])
    with Table(io.BytesIO(content)) as table:
        assert table.sheets == ("Votes", "Notes")
    with pytest.raises(Unparsable, match="no sheet 'Nots'"):
        read(content, Layout(sheet="Nots"))


def test_the_file_stays_open_and_can_be_read_again() -> None:
    """Whoever opened the file closes it; a second reading gives the same."""
    for content in (b"a,b\n1,2\n", gzip.compress(b"a,b\n1,2\n"), workbook(("s", [["a", "b"], ["1", "2"]]))):
        file = io.BytesIO(content)
        both = []
        for _ in range(2):
            with Table(file) as table:
                both.append((table.header, list(table)))
                assert table.position() <= len(content)
        assert both[0] == both[1] == (("a", "b"), [Row(2, ["1", "2"])])
        assert not file.closed
