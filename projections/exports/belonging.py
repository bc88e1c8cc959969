"""Memberships as files have them: merged parties and coalitions are their survivors, each as long as it is merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from projections.exports.rows import Row

_MEMBERSHIPS: Final = """
SELECT party, coalition, entry, joined, earliest, latest, known_from, known_to FROM memberships
ORDER BY party, coalition, entry, known_from
"""


class Survivor(NamedTuple):
    """Who holds a party's positions for K in `[known_from, known_to)`."""

    party: str
    known_from: int
    known_to: int


class Survivors:
    """Who survives whom, over the whole journal.

    Args:
        merges: party, the party into which it was merged, and the bounds of K between which it was.

    >>> from projections.schema import OPEN
    >>> survivors = Survivors([("KREM", "MOSCOW", 5, 9), ("MOSCOW", "RUS", 7, OPEN)])
    >>> [(one.party, one.known_from) for one in survivors.of("KREM", 1, OPEN)]
    [('KREM', 1), ('MOSCOW', 5), ('RUS', 7), ('KREM', 9)]
    """

    def __init__(self, merges: Iterable[tuple[str, str, int, int]]) -> None:
        self._merges: dict[str, list[Survivor]] = {}
        for party, into, known_from, known_to in merges:
            self._merges.setdefault(party, []).append(Survivor(into, known_from, known_to))
        for spans in self._merges.values():
            spans.sort(key=lambda one: one.known_from)

    def of(self, party: str, low: int, high: int) -> Iterator[Survivor]:
        """Yield who survives a party for K in `[low, high)`, in order; no party is merged into itself."""
        for into, known_from, known_to in self._merges.get(party, ()):
            start, stop = max(low, known_from), min(high, known_to)
            if start < stop:
                if low < start:
                    yield Survivor(party, low, start)
                yield from self.of(into, start, stop)
                low = stop
        if low < high:
            yield Survivor(party, low, high)


def memberships(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of `memberships`; of what makes a party a member of itself there is none."""
    survivors = Survivors(db.execute("SELECT party, into_party, known_from, known_to FROM merges"))
    for party, coalition, entry, joined, earliest, latest, known_from, known_to in db.execute(_MEMBERSHIPS):
        for member, *during in survivors.of(party, known_from, known_to):
            for of, low, high in survivors.of(coalition, *during):
                if member != of:
                    yield member, of, entry, bool(joined), earliest, latest, low, high
