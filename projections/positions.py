"""What a position is: one row for a party on an issue at one pair of moments, in the fields of the JSON contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.entries.scales import VALUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.seeks import Outcome, Standing
    from projections.words import Said


class Previous(NamedTuple):
    """The run before the present one."""

    stance: str
    since: str
    entry: int


class Deed(NamedTuple):
    """The latest counting action: never merged with the words."""

    entry: int
    bearing: str | None
    occurred_on: str
    text: str


class Possible(NamedTuple):
    """A statement that may have been made by T, but is not certain to have been."""

    entry: int
    stance: str
    said_on: str


class Condition(NamedTuple):
    """Something on which a position depends."""

    condition: str
    outcome: str


class Position(NamedTuple):
    """One row: what a party's position on an issue is at one pair of moments.

    The fields are those of the JSON contract, in its order.  A party of which nothing is certain, or with deeds only,
    has `stance` None.
    """

    party: str
    issue: str
    stance: str | None = None
    value: int | None = None
    since: str | None = None
    entry: int | None = None
    speaker: str | None = None
    text: str | None = None
    quote: dict[str, Any] | None = None
    attribution: str | None = None
    conditions: tuple[Condition, ...] = ()
    credibility: str | None = None
    previous: Previous | None = None
    deed: Deed | None = None
    contested: bool = False
    contested_by: tuple[int, ...] = ()
    possible: tuple[Possible, ...] = ()
    possible_count: int = 0
    inherited_from: str | None = None


def row_of(
    cell: tuple[str, str],
    outcome: Outcome,
    deed: Standing | None,
    words: Mapping[int, Said],
    contested: tuple[int, ...],
    inherited_from: str | None = None,
) -> Position | None:
    """Return a row with the words of the entries that the rule found, None where it found nothing."""
    (party, issue), winner, previous = cell, outcome.winner, outcome.previous
    if winner is None and deed is None and not outcome.possible_count:
        return None
    possible = tuple(Possible(p.entry, p.stance, p.dated) for p in outcome.possible)
    did = None if deed is None else Deed(deed.entry, deed.stance or None, deed.dated, words[deed.entry].text or "")
    if winner is None:
        return Position(party, issue, deed=did, possible=possible, possible_count=outcome.possible_count)
    spoken = words[winner.entry]
    return Position(
        party=party,
        issue=issue,
        stance=winner.stance,
        value=VALUES.get(winner.stance),  # type: ignore[call-overload]  # a stance, as it was validated
        since=outcome.since,
        entry=winner.entry,
        speaker=spoken.speaker,
        text=spoken.text,
        quote=spoken.quote,
        attribution=spoken.attribution,
        conditions=tuple(Condition(*one) for one in spoken.conditions),
        credibility=spoken.credibility,
        previous=None if previous is None else Previous(*previous),
        deed=did,
        contested=bool(contested),
        contested_by=contested,
        possible=possible,
        possible_count=outcome.possible_count,
        inherited_from=inherited_from,
    )
