"""What a position rests on, gathered from everywhere it is kept: the evidence, its amendments, documents and seals."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from projections.json_rows import clocks, group_row, position_row
from verbale.documents import envelope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.clocks import Moment
    from projections.evidence import Reading
    from projections.history import Why
    from verbale.disclosing import SealedField
    from verbale.ledger import Ledger

_AMENDED: Final = 10
"""Counting entries whose amendments are told of."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """A position's reasons, with all that is told of them."""

    why: Why | None
    at: Moment
    rule: str
    amended: Mapping[int, list[Reading]]
    """The amendments in effect of the evidence, by entry."""
    sources: Mapping[str, dict[str, Any]]
    """The documents that the evidence rests on: a ledger may hold many more."""
    sealed: Mapping[int, list[SealedField]]
    """What is sealed in the evidence, by entry."""

    def document(self) -> dict[str, Any]:
        """Return the answer as the JSON contract has it."""
        clocked = clocks(self.at)
        nothing: dict[str, Any] = {"position": None, "counts": [], "against": [], "set_aside": [], "possible": []}
        empty = envelope("why", **clocked, **nothing, rule=self.rule)
        if self.why is None:
            return empty
        return {
            **empty,
            "position": position_row(self.why.position),
            "counts": [self._evidence(one) for one in self.why.counts],
            "against": [self._evidence(one) for one in self.why.against],
            "set_aside": [asdict(one) for one in self.why.set_aside],
            "possible": [self._evidence(one) for one in self.why.possible],
        }

    def _evidence(self, one: Reading) -> dict[str, Any]:
        stamp = {"recorded_at": one.recorded_at, "recorded_by": one.recorded_by}
        rests_on = self.sources.get(getattr(one.event, "source", None) or "")
        amendments = [{"entry": a.entry, "type": a.type, **_without_entry(a)} for a in self.amended.get(one.entry, ())]
        named = {"entry": one.entry, "type": one.type, "status": one.status, **stamp}
        closed = {each.field: each.state for each in self.sealed.get(one.entry, ())}
        said = {**named, **_without_entry(one), **({"sealed_fields": closed} if closed else {})}
        borne_out = None if self.why is None else self.why.independent.get(one.entry)
        return {
            **said,
            "document": rests_on,
            "amended_by": amendments,
            "independent_sources": None if borne_out is None else len(borne_out),
            "source_groups": None if borne_out is None else [group_row(group) for group in borne_out],
        }


def reasons(ledger: Ledger, party: str, issue: str, as_of: str | None, as_known_at: str | None, rule: str) -> Reasons:
    """Return why a position is what it is.

    Args:
        ledger: of which.
        party: by any name.
        issue: the issue.
        as_of: the world's clock.
        as_known_at: the ledger's.
        rule: the position rule.

    Raises:
        Unparsable: a moment does not parse.
        UnknownName: there is no such party, issue or entry.
    """
    at = ledger.moment(as_of, as_known_at)
    return told_of(ledger, ledger.why(party, issue, as_of, as_known_at, rule), at, rule)


def told_of(ledger: Ledger, found: Why | None, at: Moment, rule: str) -> Reasons:
    """Return a position's reasons with all that is told of them.

    Args:
        ledger: of which.
        found: the reasons, or part of them.
        at: the two moments.
        rule: the position rule.
    """
    if found is None:
        return Reasons(None, at, rule, {}, {}, {})
    evidence, known_at = (*found.counts, *found.against, *found.possible), f"e{at.known_at}"
    amended = {
        one.entry: ledger.amendments(one.entry, at.known_at) for one in (*found.counts[:_AMENDED], *found.against)
    }
    names = {name for one in evidence if (name := getattr(one.event, "source", None)) is not None}
    sources = {name: row for name in names if (row := ledger.source(name, known_at)) is not None}
    sealed = {one.entry: ledger.sealed(one.entry) for one in evidence if getattr(one.event, "sealed", None)}
    return Reasons(found, at, rule, amended, sources, sealed)


def _without_entry(one: Reading) -> dict[str, Any]:
    return {name: value for name, value in one.fields().items() if name != "entry"}
