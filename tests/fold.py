"""The position rule `latest/1`, said as plainly as it can be: what every index and every cache must agree with.

A ledger is a list of numbered entries.  A position is asked for at two moments: K, an entry, is how much of the list is
known; T, an instant (microseconds since 1970) or None for no bound, is how much of the world has happened.  First
`known` reads the list as it stands at K, then `rows` applies the rule at T; nothing here is fast, or means to be.

>>> from ledger.codec import CODEC
>>> from ledger.times import when
>>> said = b'{"recorded_at":"2025-03-13T09:00:00.000000Z","recorded_by":null,"party":"RUS","issue":"ceasefire",'
>>> journal = [
...     CODEC.decode(1, "statement-made.v1", said + b'"stance":"oppose","said_on":"../2025-03-11","text":"No."}'),
...     CODEC.decode(2, "statement-made.v1", said + b'"stance":"awaiting","said_on":"2025-03-12","text":"Hm."}'),
... ]
>>> for day in ("2025-03-10", "2025-03-11", "2025-03-12"):
...     (position,) = positions(journal, when(day), 2)
...     print(day, position.stance, position.since, [maybe.entry for maybe in position.possible])
2025-03-10 None None [1]
2025-03-11 oppose ../2025-03-11 []
2025-03-12 awaiting 2025-03-12 []
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ledger.amending import corrected
from ledger.entries import ActionTaken, Amendment, EntryCorrected, EntryDisputed, EntryRetracted, StatementMade
from ledger.entries.scales import VALUES
from ledger.times import Span, span
from projections.positions import Condition, Deed, Position, Possible, Previous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.codec import Recorded

M = TypeVar("M", StatementMade, ActionTaken)
A = TypeVar("A", bound=Amendment)

MOST_POSSIBLE = 20


class Counting(NamedTuple, Generic[M]):
    """A statement or an action that is not retracted, as its corrections leave it."""

    entry: int
    event: M
    disputes: tuple[int, ...]
    """The disputes that are open."""

    @property
    def dated(self) -> Span:
        """When it was said or done."""
        return span(getattr(self.event, self.event.DATE))

    @property
    def order(self) -> tuple[int, int, int]:
        """What decides which of two is the later: a sharper later date beats a vaguer one; the number comes last."""
        return self.dated.starts, self.dated.latest, self.entry

    @property
    def moves(self) -> tuple[str, ...]:
        """The parties whose position it moves: those that are spoken for, else the party itself."""
        return self.event.on_behalf_of or (self.event.party,)


def positions(journal: Sequence[Recorded], t: int | None, k: int) -> list[Position]:
    """Return every row at (T, K), ordered by party and issue."""
    return rows(known(journal, StatementMade, k), known(journal, ActionTaken, k), t)


def known(journal: Sequence[Recorded], kind: type[M], k: int) -> list[Counting[M]]:
    """Return the words, or the deeds, that count as known at entry K, in the order of the rule."""
    past = [recorded for recorded in journal if recorded.entry <= k]

    def in_effect(amendment: type[A], target: int) -> dict[int, A]:
        """Return the amendments of an entry that count: those at which no retraction aims that itself counts."""
        aimed = {r.entry: r.event for r in past if isinstance(r.event, amendment) and r.event.entry == target}
        return {entry: event for entry, event in aimed.items() if not in_effect(EntryRetracted, entry)}

    found = []
    for entry, _, _, event in past:
        if isinstance(event, kind) and not in_effect(EntryRetracted, entry):
            reads = event
            for correction in in_effect(EntryCorrected, entry).values():
                reads = kind.model_validate(corrected(reads, correction.changes))
            found.append(Counting(entry, reads, tuple(in_effect(EntryDisputed, entry))))
    return sorted(found, key=lambda one: one.order)


def rows(words: list[Counting[StatementMade]], deeds: list[Counting[ActionTaken]], t: int | None) -> list[Position]:
    """Return every row at T of what counts, ordered by party and issue."""
    cells = {(party, one.event.issue) for one in words for party in one.moves}
    cells |= {(party, one.event.issue) for one in deeds for party in one.moves}
    found = [row(party, issue, of(words, party, issue), of(deeds, party, issue), t) for party, issue in sorted(cells)]
    return [position for position in found if position is not None]


def of(counting: list[Counting[M]], party: str, issue: str) -> list[Counting[M]]:
    """Return what moves a party on an issue."""
    return [one for one in counting if party in one.moves and one.event.issue == issue]


def row(
    party: str, issue: str, words: list[Counting[StatementMade]], deeds: list[Counting[ActionTaken]], t: int | None
) -> Position | None:
    """Return the position of a party on an issue, None where nothing is certain and no statement possible."""
    said = [one for one in words if t is None or one.dated.latest <= t]
    done = [one for one in deeds if t is None or one.dated.latest <= t]
    maybe = [one for one in reversed(words) if t is not None and one.dated.earliest < t < one.dated.latest]
    if not (said or done or maybe):
        return None
    unsaid = Position(
        party,
        issue,
        deed=as_deed(done[-1]) if done else None,
        possible=tuple(Possible(one.entry, one.event.stance, one.event.said_on) for one in maybe[:MOST_POSSIBLE]),
        possible_count=len(maybe),
    )
    if not said:
        return unsaid
    winner, wins = said[-1], said[-1].event
    runs = [list(run) for _, run in groupby(said, key=lambda one: one.event.stance)]
    rivals = [one for one in said if one.event.stance != wins.stance and overlap(one, winner)]
    rivals = [one for one in rivals if not same_words(one.event, wins)]
    contested_by = (*sorted(rival.entry for rival in rivals), *sorted(winner.disputes))
    return replace(
        unsaid,
        stance=wins.stance,
        value=VALUES.get(wins.stance),
        since=runs[-1][0].event.said_on,
        entry=winner.entry,
        speaker=wins.speaker,
        text=wins.text,
        quote=None if wins.quote is None else wins.quote.model_dump(exclude_defaults=True),
        attribution=wins.attribution,
        conditions=tuple(Condition(text, "open") for text in wins.conditions),
        credibility=wins.credibility,
        previous=as_previous(runs[-2]) if len(runs) > 1 else None,
        contested=bool(contested_by),
        contested_by=contested_by,
    )


def overlap(one: Counting[M], other: Counting[M]) -> bool:
    """Say whether two dates share an instant; both are half-open."""
    return one.dated.earliest < other.dated.latest and other.dated.earliest < one.dated.latest


def same_words(one: StatementMade, other: StatementMade) -> bool:
    """Say whether two coders read the same quote of the same source; a place counts where both name it."""
    if one.source is None or one.source != other.source or one.quote is None or other.quote is None:
        return False
    same_place = None in (one.quote.start, other.quote.start) or one.quote.start == other.quote.start
    return one.quote.exact == other.quote.exact and same_place


def as_previous(run: list[Counting[StatementMade]]) -> Previous:
    """Return what a row says of the run before the present one."""
    return Previous(run[-1].event.stance, run[0].event.said_on, run[-1].entry)


def as_deed(done: Counting[ActionTaken]) -> Deed:
    """Return what a row says of the latest action."""
    return Deed(done.entry, done.event.bearing, done.event.occurred_on, done.event.text)
