"""How old a position is, measured to the moment that was asked about and never to the wall clock."""

from __future__ import annotations

from typing import Final

from ledger.times import BEGINNING, END, span

_DAY: Final = 86_400_000_000


def age(since: str | None, until: int) -> str:
    """Return the time from the end of `since` to T, in words, rounded down; empty where either is without bound."""
    if since is None or until == END:
        return ""
    bounds = span(since)
    if bounds.earliest == BEGINNING:
        return ""
    days = (until - bounds.latest) // _DAY
    if days < 0:
        return ""
    for size, word in ((365, "year"), (30, "month"), (7, "week")):
        if days >= 2 * size:
            return f"{days // size} {word}s"
    return f"{days} day{'' if days == 1 else 's'}" if days else "under a day"
