"""The passages that were coded, as they stand in the normalised text of their document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.tracing import traced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.importers.dna.coded import Coded

_WINDOWS: str = "\r\n"
_PAIR = 2


def passages(raw: str, coded: Sequence[Coded]) -> tuple[str, list[tuple[int, int] | Refused]]:
    """Return a document's normalised text, and where each statement's passage stands in it, or why it stands nowhere.

    Args:
        raw: the document, as DNA holds it.
        coded: its statements.
    """
    read = _as_counted(raw, [one.bounds for one in coded if one.bounds is not None])
    length = _units(read)
    found: list[tuple[int, int] | Refused] = []
    sound = [one.bounds for one in coded if one.bounds is not None and _is_within(one.bounds, length)]
    text, places = traced(read, sound)
    standing = iter(places)
    for one in coded:
        if one.bounds is not None and _is_within(one.bounds, length):
            found.append(next(standing))
        else:
            start, stop = one.bounds or ("?", "?")
            message = f"the passage {start}–{stop} does not lie in document {one.document.id}"
            found.append(Refused(message, hint=f"the document ends at {length}"))
    return text, found


def _as_counted(raw: str, bounds: Sequence[tuple[int, int]]) -> str:
    """Return a document with its line ends as whoever counted had them (`ledger.importers.dna.project`)."""
    if _WINDOWS not in raw:
        return raw
    shown = raw.replace(_WINDOWS, "\n")
    return raw if _clean_edges(raw, bounds) > _clean_edges(shown, bounds) else shown


def _clean_edges(text: str, bounds: Sequence[tuple[int, int]]) -> int:
    """Return how many of the bounds fall where a word begins or ends."""
    length = _units(text)
    if any(not _is_within(one, length) for one in bounds):
        return -1
    wide = text.encode("utf-16-le", "surrogatepass")

    def unit(at: int) -> str:
        return wide[_PAIR * at : _PAIR * at + _PAIR].decode("utf-16-le", "replace") if 0 <= at < length else " "

    begins = sum(not unit(start).isspace() and not (unit(start - 1) + unit(start)).isalnum() for start, _ in bounds)
    return begins + sum(not (unit(stop - 1) + unit(stop)).isalnum() for _, stop in bounds)


def _is_within(bounds: tuple[int, int], length: int) -> bool:
    return 0 <= bounds[0] < bounds[1] <= length


def _units(text: str) -> int:
    """Return how many UTF-16 units a text has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // _PAIR
