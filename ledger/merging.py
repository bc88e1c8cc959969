"""Merging parties: which party holds what another one said, as merges and unmergings come along.

>>> merges = Merges([("KREMLIN", "MOSCOW")])
>>> sorted(merges.merge("MOSCOW", "RUS"))
['KREMLIN', 'MOSCOW']
>>> merges.survivor("KREMLIN"), merges.unmerge("KREMLIN"), merges.survivor("KREMLIN")
('RUS', {'KREMLIN'}, 'KREMLIN')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Merges:
    """Which party is merged into which.

    Args:
        pairs: each merged party, and the party into which it was merged.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._into: dict[str, str] = dict(pairs)

    def __bool__(self) -> bool:
        """Say whether any party is merged at all."""
        return bool(self._into)

    def survivor(self, party: str) -> str:
        """Return the party that holds a party's positions: itself, where it is not merged."""
        into = self._into
        while party in into:
            party = into[party]
        return party

    def into(self, party: str) -> str | None:
        """Return the party into which a party was merged itself, None where it was not."""
        return self._into.get(party)

    def group(self, party: str) -> set[str]:
        """Return a party and all that are merged into it, directly or by way of another."""
        return {party} | {merged for merged in self._into if party in self._way(merged)}

    def merge(self, party: str, into: str) -> set[str]:
        """Merge a party; return those whose positions move: its group, or nobody where it cannot be merged."""
        if party in self._into or self.survivor(into) == party:
            return set()
        moved = self.group(party)
        self._into[party] = into
        return moved

    def unmerge(self, party: str) -> set[str]:
        """Take a party out again; return those whose positions move: its group, or nobody where it is not merged."""
        return set() if self._into.pop(party, None) is None else self.group(party)

    def _way(self, party: str) -> list[str]:
        way = []
        while party in self._into:
            party = self._into[party]
            way.append(party)
        return way
