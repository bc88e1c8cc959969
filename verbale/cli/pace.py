"""How fast long work goes, and how long it will take: for people at a terminal."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from verbale.cli.output import tell_in_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MINUTE = 60
_SOON = 0.5
"""Seconds after which a rate means something."""


class Pace:
    """Counts from the moment at which it is made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def told(self, done: int, total: int, unit: str) -> str:
        """Return rate and time left, as in `, 41,000 entries/s, 12 s left`; nothing while it is too early to say."""
        seconds = time.monotonic() - self._began
        if seconds < _SOON or not done:
            return ""
        left = round(seconds * (total - done) / done)
        minutes = f"{left // _MINUTE} min " if left >= _MINUTE else ""
        rate = done / seconds
        said = f"{rate / 1_000_000:,.1f} MB/s" if unit == "bytes" else f"{rate:,.0f} {unit}/s"
        return f", {said}, {minutes}{left % _MINUTE} s left"


class Show(Protocol):
    """Shows how far a step is."""

    def __call__(self, doing: str, done: int, total: int, unit: str = "entries") -> None:
        """Say it on the terminal's present line; `unit` may be `bytes`."""


@contextmanager
def shown(*, quiet: bool) -> Iterator[Show | None]:
    """Give what shows on a terminal how far each step of long work is, and take the line away in the end.

    Args:
        quiet: give None, as where nobody watches.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    paces: dict[str, Pace] = {}  # none where the work was done before anybody could watch

    def show(doing: str, done: int, total: int, unit: str = "entries") -> None:
        pace = paces.setdefault(doing, Pace())
        tell_in_place(f"{done / max(1, total):4.0%} {doing}{pace.told(done, total, unit)}")

    try:
        yield show
    finally:
        if paces:
            tell_in_place("")


@contextmanager
def counting(doing: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """Give what shows on a terminal how many entries are done; None where nobody watches."""
    with shown(quiet=quiet) as show:
        yield None if show is None else lambda done: show(doing, done, total)
