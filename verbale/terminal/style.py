"""Signs, widths and what may reach a terminal.

A stance is a word and a sign, never a colour alone.  Quotes are other people's text: control characters are shown, not
sent, and right-to-left runs are isolated so that they cannot reorder what stands beside them.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from typing import Final
from unicodedata import bidirectional, east_asian_width

SIGNS: Final = {
    "oppose": "−−",
    "reserved": "−",
    "uncommitted": "0",
    "conditional": "+",
    "support": "++",
    "awaiting": "…",
    "declined": "×",
    "withdrawn": "↶",
}
NO_EVIDENCE: Final = "·"
CONTESTED: Final = "!"
INHERITED: Final = "^"
DEED: Final = "▲"

_COLOURS: Final = {"support": "32", "conditional": "32", "oppose": "31", "reserved": "31"}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_NARROWEST: Final = 40
_BOUNDLESS: Final = 1 << 20


def width() -> int:
    """Return the columns of the terminal: 80 where there is none."""
    return max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns) if sys.stdout.isatty() else 80


def room() -> int:
    """Return the columns that a table may take before it is cut: no bound where there is no terminal."""
    return width() if sys.stdout.isatty() else _BOUNDLESS


def coloured() -> bool:
    """Say whether stdout takes colour: a terminal that is not dumb, and `NO_COLOR` is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def safe(text: str) -> str:
    """Return text that a terminal shows and does not obey."""
    shown = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    if any(bidirectional(c) in _RIGHT_TO_LEFT for c in shown):
        return f"\u2068{shown}\u2069"
    return shown


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def pad(text: str, to: int) -> str:
    """Return a text filled with blanks to a width, cut with … where it is longer."""
    if columns(text) > to:
        from rich.cells import set_cell_size

        return (
            set_cell_size(text, max(0, to - 1)).rstrip()
            + "…"
            + " " * (to - columns(set_cell_size(text, to - 1).rstrip()) - 1)
        )
    return text + " " * (to - columns(text))


def clock_words(recorded_at: str, *, seconds: bool = False) -> str:
    """Return a time of the ledger as people write it."""
    return f"{recorded_at[: 19 if seconds else 16].replace('T', ' ')} UTC"


def wrapped(text: str, indent: str, total: int, first: str | None = None) -> str:
    """Return a text wrapped to a width, every line indented, the first perhaps otherwise."""
    shown = safe(" ".join(text.split()))
    # `textwrap` counts characters: one that takes two columns (東, 👍) is followed by one that is taken out again.
    wide = shown if shown.isascii() else "".join(f"{c}\0" if east_asian_width(c) in "WF" else c for c in shown)
    return textwrap.fill(
        wide,
        width=max(_NARROWEST, total) - (wide != shown),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=True,
        break_on_hyphens=False,
    ).replace("\0", "")


def stance_words(stance: str | None) -> str:
    """Return a stance as sign and word; `·` where there is no evidence, which is not "uncommitted"."""
    return NO_EVIDENCE if stance is None else f"{SIGNS[stance]:<2} {stance}"


def paint(text: str, stance: str | None) -> str:
    """Return a text in the stance's colour, where stdout takes colour."""
    code = _COLOURS.get(stance or "")
    return f"\x1b[{code}m{text}\x1b[0m" if code and coloured() else text


def faint(text: str) -> str:
    """Return a text in the background, where stdout takes colour."""
    return f"\x1b[2m{text}\x1b[0m" if coloured() else text


def strong(text: str) -> str:
    """Return a text set off, where stdout takes colour."""
    return f"\x1b[1m{text}\x1b[0m" if coloured() else text
