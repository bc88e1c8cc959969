"""Who may have spoken the words of a mark: a guess from the names that stand near it, and shown as one.

Looked for are the registered speakers, by their whole name or the last part of it, and the names of parties.  What
stands in the mark's own sentence, outside of quotation marks, is the nearest; then what stands before it, then after,
first in its own paragraph.
A speaker is worth more than a party, as a sentence that quotes one often names the other side.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEFORE: Final = 400
_AFTER: Final = 120
_SHORTEST: Final = 4
"""Letters of a last name that is looked for by itself."""
_QUOTED: Final = re.compile('“[^”\n]*”|"[^"\n]*"|«[^»\n]*»|„[^“\n]*“')


class Speaker(NamedTuple):
    """A registered speaker; an observer speaks for no party."""

    name: str
    party: str | None


class Guess(NamedTuple):
    """Who may have spoken, and why that is thought."""

    party: str | None = None
    speaker: str | None = None
    because: str = ""


class _Found(NamedTuple):
    distance: int
    name: str
    party: str | None
    is_party: bool = False


def guess(text: str, start: int, end: int, speakers: Iterable[Speaker], names: Iterable[tuple[str, str]]) -> Guess:
    """Return who may have spoken.

    Args:
        text: the source's normalised text.
        start: where the mark begins, in code points.
        end: where it ends.
        speakers: the registered ones.
        names: of parties, each with the party's id.
    """
    low, high = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    window = _unquoted(text, low, high)
    own = text.rfind("\n", 0, start) + 1, (text.find("\n", end) + 1 or len(text) + 1) - 1
    found = [
        _Found(_distance(low + at, start, end, own), one.name, one.party)
        for one in speakers
        for called in _calls(one.name)
        for at in _places(window, called)
    ]
    found += [
        _Found(_distance(low + at, start, end, own), name, party, is_party=True)
        for name, party in names
        for at in _places(window, name)
    ]
    if not found:
        return Guess()
    best = min(found, key=lambda one: (one.distance + (_AFTER if one.is_party else 0), -len(one.name)))
    where = "in the sentence" if best.distance == 0 else "near it"
    said = f"“{best.name}” stands {where}"
    return Guess(best.party, None if best.is_party else best.name, said)


def _unquoted(text: str, low: int, high: int) -> str:
    """Return a window of a text, what is quoted in it blanked: people name others in their own words."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text[low:high])


def _calls(name: str) -> Iterator[str]:
    yield name
    last = name.rsplit(maxsplit=1)[-1]
    if last != name and len(last) >= _SHORTEST:
        yield last


def _places(window: str, name: str) -> Iterator[int]:
    """Yield where a name stands as a word."""
    at = window.find(name)
    while at >= 0:
        around = window[at - 1 : at], window[at + len(name) : at + len(name) + 1]
        if not any(one.isalnum() for one in around):
            yield at
        at = window.find(name, at + 1)


def _distance(at: int, start: int, end: int, own: tuple[int, int]) -> int:
    """Return how far a name is from a mark; what follows it counts double, and another paragraph is far off."""
    if start <= at < end:
        return 0
    beyond = 0 if own[0] <= at < own[1] else _BEFORE
    return beyond + (start - at if at < start else 2 * (at - end + 1))
