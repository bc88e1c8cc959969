r"""Tables: rows of cells out of text or a spreadsheet, each with the line that it begins on, however many there are.

    with Table(file, Layout(header=0)) as table:
        for row in table:
            row.number, row.cells, row.error

- **A cell is text, as it stands**: `NA` is "NA" (Namibia), `007` is "007", blanks around it stay.  The cells
  of a spreadsheet have types; a number is written as briefly as it goes (`3`, `2.5`), a date as ISO 8601 has it.
- **Text** is UTF-8, or what its bytes tell (`ledger.importers.charsets`; `Table.charset` says what was taken), plain or
  packed by gzip or zip.  Cells are apart by `,` `;` tab or `|`, whichever the first rows agree on, unless it is said.
  Lines end with LF, CRLF or CR; a cell in quotes may hold line ends, and the lines are counted all the same.
- **Spreadsheets** are `.xlsx`: the first sheet, or the one that is named.  A formula counts as what it came to when the
  file was saved.
- **A row that does not fit is not mended**: one with more or fewer cells than the header, a quote that is not closed, a
  byte that is no character, a line of more than a million has an `error`, and the next row is read.  Where a format
  says so (`ragged="pad"`), cells that are missing at the end of a row are blank.  Rows without anything in any cell are
  passed over.

Nothing is held but the row at hand, and of a spreadsheet its table of words.
"""

from __future__ import annotations

import csv
import re
import warnings
from collections import Counter
from contextlib import ExitStack
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

from ledger.errors import LedgerError, Refused, Unparsable
from ledger.importers.charsets import Charset, charset_of
from ledger.importers.packed import spreadsheet_in, unpacked, whole
from ledger.importers.sheets import typed
from ledger.importers.text_lines import LONGEST, lines_of, text_in, too_long

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

DELIMITERS: Final = ",;\t|"
_TRIED: Final = 50
_UNPAIRED: Final = re.compile("[\ud800-\udfff]")
_TELLS: Final = re.compile(r"(?i)sep=(.)\r?\n?")
"""What Excel takes as the first line to tell the delimiter."""


class Layout(NamedTuple):
    """How a table is laid out, as far as that is to be said and not told by looking."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = '"'
    """What stands around cells that hold a delimiter; None where quotes are characters like any other."""
    header: int | None = None
    """The line of the names of the columns; None is the first that is not blank, 0 says that there is none."""
    columns: tuple[str, ...] = ()
    """Their names, where the file has no header."""
    sheet: str | None = None
    ragged: Literal["refuse", "pad", "keep"] = "refuse"
    """What to do with a row of too few cells: refuse it, fill it up, or leave all rows as long as they are."""


_AS_IT_COMES: Final = Layout()


class Row(NamedTuple):
    """A row that is not blank."""

    number: int
    """The line that it begins on, from 1; in a spreadsheet its number there."""
    cells: list[str]
    error: LedgerError | None = None
    """Why it cannot be taken as it is; its cells are then what can be made out."""
    text: str = ""
    """Its lines as they stand, where they cannot be cut into cells; none where one of them is too long to be held."""


class Table:
    """A table, to be read once from its beginning to its end.

    Args:
        file: anywhere; it can be read again, and is not closed.
        layout: what is known of the layout.

    Raises:
        Unparsable: the layout names what is not there: an encoding, a sheet, a line.
        Refused: the file is packed in another way, damaged, or written in nothing that is known.
    """

    header: tuple[str, ...]
    """The names of the columns as they stand; none where there is no header."""
    charset: Charset
    """What the characters are; a spreadsheet says so itself, and is `plain`."""
    delimiter: str | None = None
    """What stands between the cells; None in a spreadsheet."""
    sheets: tuple[str, ...] = ()
    """The names of a spreadsheet's sheets, the one that is read first."""

    def __init__(self, file: IO[bytes], layout: Layout = _AS_IT_COMES) -> None:
        self._file = file
        self._layout = layout
        self._open = ExitStack()
        try:
            self._rows = self._found()
            self.header = self._header()
        except BaseException:
            self._open.close()
            raise

    def __enter__(self) -> Self:
        """Use it as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it; the file stays open."""
        self._open.close()

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows below the header."""
        width = len(self.header)
        ragged = self._layout.ragged
        pad = ragged == "pad" or self.delimiter is None  # a spreadsheet has no end of a row
        if not width or ragged == "keep":
            yield from self._rows
            return
        for row in self._rows:
            if len(row.cells) == width or row.error is not None:
                yield row
            else:
                yield _fitted(row, width, pad=pad)

    def position(self) -> int:
        """Return how far the file is read, in bytes of what lies on the disk."""
        return self._file.tell()

    def _found(self) -> Iterator[Row]:
        kind = spreadsheet_in(self._file)
        if kind == "ods":
            raise Refused("an OpenDocument spreadsheet cannot be read", hint="save it as .xlsx or as CSV (UTF-8)")
        if kind == "xlsx":
            self.charset = Charset("utf-8")
            return self._spreadsheet()
        with whole():
            self.charset = charset_of(unpacked(self._file), self._layout.encoding)
        # A file that is guessed, or damaged, is told by its charset; another reader starts over.
        text = self._open.enter_context(text_in(self._file, self.charset.codec, self.charset.errors))
        return self._separated(lines_of(text))

    def _separated(self, rest: Iterator[str | None]) -> Iterator[Row]:
        lines = list(islice(rest, _TRIED))
        skipped = 0
        told = _TELLS.fullmatch(lines[0]) if lines and lines[0] is not None else None
        if told is not None:
            del lines[0]
            skipped = 1
        said = self._layout.delimiter or (told and told[1])
        quote = self._layout.quote
        self.delimiter = said or _delimiter([line for line in lines if line is not None], quote)
        return _parsed(_chained(lines, rest), self.delimiter, quote, skipped, damaged=self.charset.damaged)

    def _spreadsheet(self) -> Iterator[Row]:
        from openpyxl import load_workbook  # noqa: PLC0415  0.2 s, for spreadsheets only

        self._file.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what it does not read: styles, validation, drawings
                book = load_workbook(self._file, read_only=True, data_only=True)
        except Exception as error:  # noqa: BLE001  of any kind, on files that are damaged or made by hand
            raise Refused(f"the spreadsheet cannot be read: {error}", hint="save it again, or as CSV (UTF-8)") from None
        self._open.callback(book.close)
        names = [sheet.title for sheet in book.worksheets]
        said = self._layout.sheet or (names[0] if names else "")
        if said not in names:
            raise Unparsable(f"the spreadsheet has no sheet {said!r}", hint=f"one of: {', '.join(names)}")
        self.sheets = (said, *(name for name in names if name != said))
        sheet = book[said]
        sheet.reset_dimensions()  # which some programs write wrong
        return (Row(number, cells) for number, cells in typed(sheet.iter_rows()))

    def _header(self) -> tuple[str, ...]:
        wanted, columns = self._layout.header, self._layout.columns
        if wanted == 0:
            return columns
        for row in self._rows:
            if wanted is None or row.number >= wanted:
                if row.error is not None:
                    raise Refused(f"line {row.number}, the header: {row.error.message}", hint=row.error.hint)
                if wanted is not None and row.number != wanted:
                    break
                return columns or tuple(row.cells)
        if wanted is not None:
            raise Unparsable(f"line {wanted} holds no header", hint="header is the line of the columns' names, from 1")
        return columns


def _chained(first: list[str | None], rest: Iterator[str | None]) -> Iterator[str | None]:
    yield from first
    first.clear()
    yield from rest


def _parsed(
    lines: Iterator[str | None], delimiter: str, quote: str | None, skipped: int, *, damaged: bool
) -> Iterator[Row]:
    if csv.field_size_limit() < LONGEST:
        csv.field_size_limit(LONGEST)  # for all of the process, hence never lowered
    noted: list[str | None] = []
    reader = _reader(_noting(lines, noted), delimiter, quote)
    before, last = skipped, 0
    while True:
        number, error, text = before + last + 1, None, ""
        noted.clear()
        try:
            cells = next(reader)
        except StopIteration:
            if not noted:
                return
        except csv.Error as trouble:
            cells, error, text = [], _malformed(trouble), "".join(filter(None, noted))
        last = reader.line_num
        if noted[-1] is None:
            cells, error, text = [], too_long(within=len(noted) > 1), ""
            reader, before, last = _reader(_noting(lines, noted), delimiter, quote), before + last + 1, 0
        elif error is None and not any(map(str.strip, cells)):
            continue
        elif damaged and any(map(_UNPAIRED.search, cells)):
            error = Refused("the row holds bytes that are not UTF-8", hint="mend the row")
        yield Row(number, cells, error, text)


def _noting(lines: Iterable[str | None], noted: list[str | None]) -> Iterator[str]:
    """Yield lines up to one that is too long, and keep those that were taken."""
    for line in lines:
        noted.append(line)
        if line is None:
            return
        yield line


def _reader(lines: Iterable[str], delimiter: str, quote: str | None) -> Any:  # noqa: ANN401  csv has no name for it
    if quote is None:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)


def _malformed(trouble: csv.Error) -> Refused:
    said = str(trouble)
    if "unexpected end" in said:
        return Refused("a quote is opened in this row and never closed", hint='close it, or double it: ""')
    if "expected after" in said:
        return Refused("a cell goes on after its closing quote", hint='within a cell in quotes, write a quote as ""')
    if "field limit" in said:
        hint = "is a quote opened here and never closed?"
        return Refused(f"a cell is longer than {LONGEST:,} characters", hint=hint)
    return Refused(f"the row cannot be read: {said}", hint="mend the row")


def _fitted(row: Row, width: int, *, pad: bool) -> Row:
    """Return a row as wide as the header, as far as it may be made so, else with its error."""
    cells, count = row.cells, len(row.cells)
    if pad and count < width:
        return Row(row.number, [*cells, *[""] * (width - count)])
    if pad and not any(cells[width:]):
        return Row(row.number, cells[:width])
    said = f"{count} cell{'s' * (count != 1)}, and the header has {width}"
    hint = "is a delimiter within a cell that has no quotes?" if count > width else "fill in the cells that are missing"
    return Row(row.number, cells, Refused(said, hint=hint))


def _delimiter(lines: list[str], quote: str | None) -> str:
    """Return what the first rows agree on: into the same number of cells, and that number above one."""
    best, found = (0.0, 0), DELIMITERS[0]
    for one in DELIMITERS:
        widths = Counter(_widths(lines, one, quote))
        malformed = widths.pop(0, 0)
        if widths:
            width, count = widths.most_common(1)[0]
            agreed = (count / (widths.total() + malformed) if width > 1 else 0.0, width)
            if agreed > best:
                best, found = agreed, one
    return found


def _widths(lines: list[str], delimiter: str, quote: str | None) -> Iterator[int]:
    """Yield how many cells each row has; a malformed one has none, and one that is cut off here does not count."""
    reader = _reader(lines, delimiter, quote)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" not in str(error):
                yield 0
        else:
            if any(cells):
                yield len(cells)
