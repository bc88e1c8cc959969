"""What a search found: each entry in a line, and its words below, those that were looked for set off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.search import CLOSED, OPENED
from verbale.terminal.evidence import facts_line
from verbale.terminal.positions import clocks_line, nothing
from verbale.terminal.style import coloured, faint, safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.clocks import Moment
    from projections.search import Found


def found_text(found: Sequence[Found], limit: int, words: str, at: Moment, total: int) -> str:
    """Return at most `limit` of what was found, and say whether there is more."""
    if not found:
        return nothing(f"Nothing has the words: {safe(words)}", at)
    shown = found[:limit]
    label = max(len(f"e{one.reading.entry}") for one in shown) + 2
    lines = [clocks_line(at), ""]
    for one in shown:
        lines.append(f"{f'e{one.reading.entry}':<{label}}{facts_line(one.reading)}")
        snippet = one.snippet if coloured() else one.plain
        lines.append(_set_off(wrapped(snippet, " " * label, total)))
    if len(found) > limit:
        lines += ["", faint(f"more than these {limit}: --limit N shows N, --json all")]
    return "\n".join(lines) + "\n"


def _set_off(text: str) -> str:
    # Each mark ends what another began: a text that holds such characters itself can leave nothing set off.
    return text.replace(OPENED, "\x1b[1m").replace(CLOSED, "\x1b[22m") + ("\x1b[22m" if OPENED in text else "")
