"""Plain tables: columns as wide as what is in them; the last one takes what is left, in several lines if need be.

Where long ids would leave it too little, they stand on a line of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbale.terminal.style import columns, faint, pad, safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 2


def table(header: Sequence[str], rows: Sequence[Sequence[str]], total: int, *, squeezed: int = -1) -> str:
    """Return rows below a header, within a width.

    Args:
        header: the columns' names.
        rows: their cells; control characters are made visible.
        total: the columns of the terminal.
        squeezed: the column that gives way where the table is too wide: the last one is wrapped, another one cut.
    """
    cells = [[safe(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(header, *cells, strict=True)]
    squeezed %= len(widths)
    if squeezed == len(widths) - 1 and sum(widths[:-1]) > total * 2 // 3:
        widths[0] = min(widths[0], max(columns(header[0]), total // 3))
    others = sum(widths) - widths[squeezed] + _GAP * (len(widths) - 1)
    widths[squeezed] = min(widths[squeezed], max(columns(header[squeezed]), 12, total - others))

    def line(row: Sequence[str], whole: str) -> str:
        *first, last = row
        if first and columns(first[0]) > widths[0]:  # a long id has a line of its own
            return first[0] + "\n" + line(("", *first[1:], last), whole)
        before = "".join(pad(cell, width) + " " * _GAP for cell, width in zip(first, widths, strict=False))
        if columns(last) <= widths[-1]:
            return (before + last).rstrip()
        return wrapped(whole, " " * columns(before), columns(before) + widths[-1], before)

    lines = [faint(line(header, header[-1])), *(line(cut, row[-1]) for cut, row in zip(cells, rows, strict=True))]
    return "".join(f"{text}\n" for text in lines)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
