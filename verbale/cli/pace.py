"""How fast long work goes, and how long it will take: for people at a terminal."""

from __future__ import annotations

import time

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
