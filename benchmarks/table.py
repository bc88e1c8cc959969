"""The table of ratios, and how both sides of a row are timed.

A row sets ours beside theirs, measured alternately in the same process, each as the median of its repeats.  The ratio
is ours / theirs: of speeds where more is better, of times or sizes where less is.  Only the ratio means anything
elsewhere.
"""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WIDTHS: Final = (46, 7, 16, 16, 9, 9, 9, 5)
HEADINGS: Final = ("what, against what", "entries", "ours", "theirs", "ratio", "must", "aim", "met")
_SCALE: Final = {"µs": 1e6, "ms": 1e3, "s": 1.0, "MB": 1.0, "/s": 1.0}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Args:
        key: its name for `--only`.
        what: what ours is.
        against: what theirs is.
        size: how many entries the ledger has.
        ours: our figure, in seconds, MB or per second.
        theirs: theirs, in the same unit.
        unit: `/s` is a speed, of which more is better; less is better of all others.
        must: the ratio that is promised, None for a row that only informs.
        aim: the ratio that is hoped for.
        note: what a reader must know to judge the row.
    """

    key: str
    what: str
    against: str
    size: int
    ours: float | None
    theirs: float | None = None
    unit: Literal["/s", "µs", "ms", "s", "MB"] = "/s"
    must: float | None = None
    aim: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours / theirs, None where one of them could not be measured."""
        return None if self.ours is None or not self.theirs else self.ours / self.theirs

    @property
    def met(self) -> Literal["aim", "must", "no", ""]:
        """Which of its marks the row reaches."""
        if self.ratio is None:
            return ""
        if self.aim is not None and self._reaches(self.aim):
            return "aim"
        if self.must is not None:
            return "must" if self._reaches(self.must) else "no"
        return ""

    def _reaches(self, mark: float) -> bool:
        ratio = self.ratio or 0.0
        return ratio >= mark if self.unit == "/s" else ratio <= mark

    def as_json(self) -> str:
        """Return the row as one line of JSON, figures in seconds, MB or per second."""
        return json.dumps({**asdict(self), "ratio": self.ratio, "met": self.met}, ensure_ascii=False)

    def as_text(self) -> str:
        """Return the row as lines of the table."""
        sign = "≥" if self.unit == "/s" else "≤"
        marks = [("" if mark is None else f"{sign} {mark:g}") for mark in (self.must, self.aim)]
        figures = [shown(self.ours, self.unit), shown(self.theirs, self.unit)]
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        lines = [_laid_out((self.what, entries(self.size), *figures, ratio, *marks, self.met or "–"))]
        lines.extend(f"  {text}" for text in (f"against {self.against}" if self.against else "", self.note) if text)
        return "\n".join(lines)

    def as_markdown(self) -> str:
        """Return the row as one of a Markdown table."""
        sign = "≥" if self.unit == "/s" else "≤"
        marks = [("" if mark is None else f"{sign} {mark:g}") for mark in (self.must, self.aim)]
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        what = f"{self.what}; {self.note}" if self.note else self.what
        sides = f"{shown(self.ours, self.unit)} | {shown(self.theirs, self.unit)}"
        cells = (what, self.against, entries(self.size), sides, ratio, *marks, self.met)
        return f"| {' | '.join(cells)} |"


def entries(size: int) -> str:
    """Return a number of entries as `--size` has it."""
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1_000}k"


def shown(figure: float | None, unit: str) -> str:
    """Return a figure with its unit, in three digits or more."""
    if figure is None:
        return "not available"
    scaled = figure * _SCALE[unit]
    return f"{scaled:,.0f} {unit}" if scaled >= 100 else f"{scaled:,.3g} {unit}"


def heading() -> str:
    """Return the head of the table."""
    return f"{_laid_out(HEADINGS)}\n{'─' * (sum(WIDTHS) + len(WIDTHS) - 1)}"


def _laid_out(cells: Iterable[str]) -> str:
    first, *rest = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    return " ".join((first, *rest))


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def alternately(ours: Callable[[], object], theirs: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the median times of both sides, measured one after the other, `repeats` times over."""
    times = [(timed(ours), timed(theirs)) for _ in range(repeats)]
    return statistics.median(t for t, _ in times), statistics.median(t for _, t in times)
