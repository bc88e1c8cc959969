"""What the doctor says, a check a line, with what was found and what to do below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verbale.terminal.positions import clocks_line
from verbale.terminal.style import coloured, faint, wrapped
from verbale.terminal.tables import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.clocks import Moment
    from verbale.doctor import Check

_LISTED: Final = 5
_COLOURS: Final = {"ok": "32", "warning": "33", "error": "31"}
_INDENT: Final = " " * 9


def doctor_text(found: Sequence[Check], at: Moment, limit: int | None, total: int) -> str:
    """Return the checks, `limit` findings of each at most, and the count of each outcome."""
    lines = [clocks_line(at), ""]
    for one in found:
        lines.append(
            _outcome(one.outcome) + wrapped(f"{one.check}: {one.says}", _INDENT, total, _INDENT)[len(_INDENT) :]
        )
        shown = one.found[: limit or _LISTED]
        lines += [wrapped(finding.says, _INDENT + "    ", total, f"{_INDENT}  ") for finding in shown]
        if len(one.found) > len(shown):
            lines.append(faint(f"{_INDENT}  … and {len(one.found) - len(shown):,} more (--limit N, or --json)"))
        if one.hint:
            lines.append(wrapped(one.hint, _INDENT + "   ", total, f"{_INDENT}→ "))
    outcomes = [one.outcome for one in found]
    said = ", ".join(counted(outcomes.count(name), name) for name in ("warning", "error"))
    return "\n".join(lines) + f"\n\n{counted(len(found), 'check')}: {said}\n"


def _outcome(outcome: str) -> str:
    word = f"{outcome:<{len(_INDENT)}}"
    return f"\x1b[{_COLOURS[outcome]}m{word}\x1b[0m" if coloured() else word
