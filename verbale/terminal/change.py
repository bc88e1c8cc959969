"""What one entry changed, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verbale.terminal.evidence import facts_line, headline
from verbale.terminal.positions import clocks_line
from verbale.terminal.style import clock_words, safe, strong, wrapped

if TYPE_CHECKING:
    from projections.change import Change

_INDENT: Final = "   "


def change_text(found: Change, total: int) -> str:
    """Return an entry, who recorded it when, and what it did to each position, or why it moved none."""
    one = found.reading
    by = "" if one.recorded_by is None else f" by {safe(one.recorded_by)}"
    lines = [
        f"e{one.entry}  {facts_line(one)}",
        f"{_INDENT}recorded {clock_words(one.recorded_at)}{by}",
        wrapped(headline(one), _INDENT, total),
        "",
    ]
    for row in found.rows:
        lines.append(strong(f"{row.party} on {row.issue}"))
        lines += [wrapped(says, _INDENT * 2, total, _INDENT) for says in row.says]
    if found.reasons:
        lines.append("It moved no position:")
        lines += [wrapped(reason, _INDENT * 2, total, _INDENT) for reason in found.reasons]
    lines += ["", wrapped(f"before: {clocks_line(found.before)}", "", total)]
    lines.append(wrapped(f"after: {clocks_line(found.after)}", "", total))
    return "\n".join(lines) + "\n"
