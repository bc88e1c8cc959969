"""What amendments do to each other: a pure graph of who amends whom, and which of them are in effect.

`undo eN` retracts eN whatever it is.  An entry is retracted while an unretracted retraction aims at it; so a
correction, a dispute or a retraction that is itself retracted has no effect, and comes back when *that* retraction is
retracted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries import EntryRetracted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.entries import Entry

RETRACTION: Final = EntryRetracted.type_name()


@dataclass(slots=True)
class Node:
    """An entry as far as amendments go."""

    kind: str
    """The name of its type."""
    target: int | None = None
    """The entry that it amends."""
    retractions: list[int] = field(default_factory=list)
    """The retractions that aim at it, in journal order, in effect or not."""
    last_amendment: int | None = None
    """The last entry that amends it, of whatever kind."""


class Change(NamedTuple):
    """What one amendment did to the entries it reaches."""

    base: int
    """The entry at the end of the chain of targets: the one that is no amendment."""
    flipped: list[int]
    """The entries on the chain that came into or went out of effect, the nearest first; `base` may be among them."""


class Amendments:
    """The graph of entries and their amendments.

    Args:
        load: returns what is known of an entry that was not added here, None where there is no such entry.
    """

    def __init__(self, load: Callable[[int], Node | None]) -> None:
        self._load = load
        self._nodes: dict[int, Node] = {}

    def node(self, entry: int) -> Node | None:
        """Return what is known of an entry."""
        found = self._nodes.get(entry)
        if found is None:
            found = self._load(entry)
            if found is not None:
                self._nodes[entry] = found
        return found

    def add(self, entry: int, kind: str, target: int) -> Change:
        """Add an amendment and say what it did.

        Raises:
            KeyError: the target is not there.
        """
        chain = self._outwards(target)
        self._nodes[entry] = Node(kind, target)
        node = self._nodes[target]
        node.last_amendment = entry
        if kind != RETRACTION:
            return Change(chain[-1], [])
        before = [self.retracted_by(link) is None for link in chain]
        node.retractions.append(entry)
        after = [self.retracted_by(link) is None for link in chain]
        return Change(chain[-1], [link for link, was, now in zip(chain, before, after, strict=True) if was != now])

    def retracted_by(self, entry: int) -> int | None:
        """Return the last retraction of an entry that is in effect, None where it is not retracted."""
        node = self.node(entry)
        if node is None or not node.retractions:
            return None
        return next((r for r in reversed(node.retractions) if self.retracted_by(r) is None), None)

    def forget(self, *, retracted: bool = True) -> None:
        """Let go of the nodes: what is asked next is loaded again.

        Args:
            retracted: also of those at which retractions aim.
        """
        self._nodes = {} if retracted else {entry: node for entry, node in self._nodes.items() if node.retractions}

    def _outwards(self, target: int) -> list[int]:
        chain = [target]
        while True:
            node = self.node(chain[-1])
            if node is None:
                raise KeyError(chain[-1])
            if node.target is None:
                return chain
            chain.append(node.target)


def corrected(event: Entry, changes: dict[str, Any]) -> Entry:
    """Return an entry as it reads after a correction; null takes a field away."""
    # `model_dump` and `model_validate`, bare: a correction of many costs a fifth less.
    fields = event.__pydantic_serializer__.to_python(event, mode="json", by_alias=True, exclude_defaults=True)
    fields.update(changes)
    given = {name: value for name, value in fields.items() if value is not None}
    return event.__pydantic_validator__.validate_python(given)  # type: ignore[no-any-return]
