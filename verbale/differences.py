"""What changed between two moments, of the world or of the ledger: the same at every door."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import Unparsable
from projections.json_rows import clocks
from verbale.documents import envelope

if TYPE_CHECKING:
    from projections.clocks import Moment
    from projections.differing import Changed
    from verbale.ledger import Ledger
    from verbale.rows import Rows


class Between(NamedTuple):
    """Two moments as somebody names them; either two of the world, or two of the ledger."""

    world: tuple[str | None, str | None] = (None, None)
    known: tuple[str | None, str | None] = (None, None)
    as_of: str | None = None
    """The world's clock, where two moments of the ledger are compared."""
    as_known_at: str | None = None
    """The ledger's, where two moments of the world are."""

    @property
    def asked(self) -> bool:
        """Whether anything is to be compared."""
        return (*self.world, *self.known) != (None,) * 4


class Difference(NamedTuple):
    """Which positions differ between two pairs of moments."""

    before: Moment
    after: Moment
    rows: Rows[Changed]

    def document(self, rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Return the answer as the JSON contract has it.

        Args:
            rows: those that are answered; None answers all.
        """
        listed = [changed_row(row) for row in self.rows] if rows is None else rows
        return envelope("diff", **{"from": clocks(self.before), "to": clocks(self.after)}, rows=listed)


def difference(ledger: Ledger, between: Between, rule: str) -> Difference:
    """Return which positions changed between two moments.

    Args:
        ledger: of which.
        between: the moments; where the earlier of the ledger is left out, nothing was known, and the later is now.
        rule: the position rule.

    Raises:
        Unparsable: not two of one kind are named, or one does not parse.
        UnknownName: there is no such entry or checkpoint.
    """
    (before, after), (known_from, known_to) = between.world, between.known
    by_world, by_ledger = between.world != (None, None), between.known != (None, None)
    if by_world == by_ledger or (by_world and None in between.world):
        hint = "verbale diff 2025-03-10 2025-03-12, or verbale diff --known-from e41 --known-to e48"
        raise Unparsable("diff compares two moments of the world, or two of the ledger", hint=hint)
    if by_world:
        old, new = ledger.moment(before, between.as_known_at), ledger.moment(after, between.as_known_at)
    else:
        old, new = ledger.moment(between.as_of, known_from or "e0"), ledger.moment(between.as_of, known_to)
    return Difference(old, new, ledger.diff(old, new, rule))


def changed_row(row: Changed) -> dict[str, Any]:
    """Return a position that differs as `diff` shows it."""
    return {**asdict(row), "entries": list(row.entries)}
