"""How old a position is, measured to the moment that was asked about and never to the wall clock."""

from __future__ import annotations

from typing import Final

from ledger.times import BEGINNING, END, span

_DAY: Final = 86_400_000_000


def age(since: str | None, until: int) -> str:
    """Return the time from the end of `since` to T, in words; empty where either is without bound."""
    if since is None or until == END:
        return ""
    bounds = span(since)
    if bounds.earliest == BEGINNING:
        return ""
    days = (until - bounds.latest) // _DAY
    if days < 0:
        return ""
    if days == 0:
        return "that day" if bounds.latest - bounds.earliest <= _DAY else "at the latest that day"
    for size, word in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if days >= size * (1 if word == "day" else 2):
            number = days // size
            return f"{number} {word}{'s' if number > 1 else ''} before"
    return ""
