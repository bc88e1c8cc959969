"""What verifying found: what was checked, what was not, and what does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verbale.terminal.style import coloured, wrapped
from verbale.terminal.tables import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbale.verifying import Verified

_COLOURS: Final = {"ok": "32", "not checked": "33", "wrong": "31"}
_INDENT: Final = " " * 13
_LISTED: Final = 20


def verified_text(found: Verified, total: int) -> str:
    """Return every check in a line or two, what is wrong last, and what comes of it."""
    root = "" if found.root is None else f" · root {found.root}"
    lines = [f"{counted(found.entries, 'entry', 'entries')}{root}", ""]
    lines += [line for word, says in _said(found) for line in (_line(word, says, total),)]
    return "\n".join(lines) + f"\n\n{_outcome(found)}\n"


def worst(found: Verified) -> str:
    """Return in one sentence what does not hold first."""
    first = next((one for one in found.problems if one.entry == found.first_bad_entry), found.problems[0])
    return f"{first.check}: {first.says}"


def _said(found: Verified) -> Iterator[tuple[str, str]]:
    wrong = {one.check for one in found.problems}
    for one in found.checked:
        if one.check not in wrong:
            yield "ok", f"{one.check}: {one.says}"
    for one in found.not_checked:
        yield "not checked", f"{one.check}: {one.says}"
    for bad in found.problems[:_LISTED]:
        yield "wrong", f"{bad.check}: {bad.says}"
    if len(found.problems) > _LISTED:
        yield "wrong", f"and {len(found.problems) - _LISTED:,} more (--json)"


def _line(word: str, says: str, total: int) -> str:
    shown = f"{word:<{len(_INDENT)}}"
    start = f"\x1b[{_COLOURS[word]}m{shown}\x1b[0m" if coloured() else shown
    return start + wrapped(says, _INDENT, total, _INDENT)[len(_INDENT) :]


def _outcome(found: Verified) -> str:
    if found.ok:
        return "All that was checked holds."
    first = found.first_bad_entry
    return "It does not hold." if first is None else f"It does not hold: the first bad entry is e{first}."
