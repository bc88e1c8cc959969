"""The cells of a spreadsheet as text: numbers as briefly as they go, dates as ISO 8601 has them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def typed(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet that are not blank, with their numbers, without the blank cells at the end of each."""
    for number, row in enumerate(rows, start=1):
        cells = [_written(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, cells


def _written(cell: Any) -> str:  # noqa: ANN401  its library has no types
    """Return a cell of a spreadsheet as text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        clock = "h" in (cell.number_format or "").lower() or value.time() != time()
        return value.isoformat() if clock else value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else _duration(value)


def _duration(value: object) -> str:
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)
