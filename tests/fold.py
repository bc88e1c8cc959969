"""The position rules, said as plainly as they can be: what every index and every cache must agree with.

A ledger is a list of numbered entries.  A position is asked for at two moments: K, an entry, is how much of the list is
known; T, an instant (microseconds since 1970) or None for no bound, is how much of the world has happened.  First
`world` reads the list as it stands at K, then `rows` applies a rule at T; nothing here is fast, or means to be.

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

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ledger.amending import corrected
from ledger.entries import (
    ActionTaken,
    Amendment,
    CoalitionJoined,
    CoalitionLeft,
    ConditionResolved,
    Entry,
    EntryCorrected,
    EntryDisputed,
    EntryRetracted,
    PartyMerged,
    PartyUnmerged,
    SpeakerAppointed,
    StatementMade,
)
from ledger.entries.scales import VALUES
from ledger.times import BEGINNING, END, Span, span
from projections.positions import Condition, Deed, Position, Possible, Previous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.codec import Recorded

E = TypeVar("E", bound=Entry)
M = TypeVar("M", StatementMade, ActionTaken)
A = TypeVar("A", bound=Amendment)

MOST_POSSIBLE = 20
NO_RANK = 10**19
RULES = ("latest/1", "verified/1", "own-words/1", "senior/1")


class Counting(NamedTuple, Generic[M]):
    """A statement or an action that is not retracted, as its corrections leave it."""

    entry: int
    event: M
    moves: tuple[str, ...]
    """The parties whose position it moves: those that are spoken for, else the party itself; survivors for merged."""
    disputes: tuple[int, ...] = ()
    """The disputes that are open."""
    resolved: tuple[ConditionResolved, ...] = ()
    """What became of its conditions."""
    rank: int = NO_RANK
    """The highest that its speaker may have held in the party then."""

    @property
    def dated(self) -> Span:
        """When it was said or done."""
        return span(getattr(self.event, self.event.DATED))

    @property
    def order(self) -> tuple[int, int, int]:
        """What decides which of two is the later: a sharper later date beats a vaguer one; the number comes last."""
        return self.dated.starts, self.dated.latest, self.entry


@dataclass
class World:
    """What the ledger knows at K."""

    words: list[Counting[StatementMade]]
    deeds: list[Counting[ActionTaken]]
    memberships: list[CoalitionJoined | CoalitionLeft]
    survivors: dict[str, str]
    """Each merged party, and who it was in the end."""


def positions(journal: Sequence[Recorded], t: int | None, k: int, rule: str = "latest/1") -> list[Position]:
    """Return every row at (T, K), ordered by party and issue."""
    return rows(world(journal, k), t, rule)


def world(journal: Sequence[Recorded], k: int) -> World:
    """Return what counts as known at entry K, words and deeds in the order of the rule `latest/1`."""
    past = [recorded for recorded in journal if recorded.entry <= k]
    survivors = merged(past)

    def in_effect(amendment: type[A], target: int) -> dict[int, A]:
        """Return the amendments of an entry that count: those at which no retraction aims that itself counts."""
        aimed = {r.entry: r.event for r in past if isinstance(r.event, amendment) and r.event.entry == target}
        return {entry: event for entry, event in aimed.items() if not in_effect(EntryRetracted, entry)}

    def counting(kind: type[E]) -> dict[int, E]:
        """Return the entries of a type that are not retracted, as their corrections leave them."""
        found = {}
        for entry, _, _, event in past:
            if isinstance(event, kind) and not in_effect(EntryRetracted, entry):
                reads: Entry = event
                for correction in in_effect(EntryCorrected, entry).values():
                    reads = corrected(reads, correction.changes)
                assert isinstance(reads, kind)
                found[entry] = reads
        return found

    def who(event: StatementMade | ActionTaken) -> tuple[str, ...]:
        return tuple(survivors.get(party, party) for party in event.on_behalf_of or (event.party,))

    offices = [one for one in counting(SpeakerAppointed).values() if one.rank is not None]
    words = [
        Counting(
            entry,
            event,
            who(event),
            tuple(in_effect(EntryDisputed, entry)),
            tuple(in_effect(ConditionResolved, entry).values()),
            rank_of(event, offices, survivors),
        )
        for entry, event in counting(StatementMade).items()
    ]
    deeds = [Counting(entry, event, who(event)) for entry, event in counting(ActionTaken).items()]
    return World(
        sorted(words, key=lambda one: one.order),
        sorted(deeds, key=lambda one: one.order),
        [*counting(CoalitionJoined).values(), *counting(CoalitionLeft).values()],
        survivors,
    )


def merged(past: Sequence[Recorded]) -> dict[str, str]:
    """Return each merged party and its survivor."""
    into: dict[str, str] = {}
    for recorded in past:
        if isinstance(recorded.event, PartyMerged):
            into[recorded.event.party] = recorded.event.into
        elif isinstance(recorded.event, PartyUnmerged):
            del into[recorded.event.party]

    def end(party: str) -> str:
        return end(into[party]) if party in into else party

    return {party: end(party) for party in into}


def rank_of(said: StatementMade, offices: Sequence[SpeakerAppointed], survivors: dict[str, str]) -> int:
    """Return the highest rank of the speaker in the party, at some time when it may have been said."""
    held = [NO_RANK]
    dated = span(said.said_on)
    for office in offices:
        earliest = BEGINNING if office.from_ is None else span(office.from_).earliest
        latest = END if office.to is None else span(office.to).latest
        theirs = survivors.get(office.party or "", office.party) == survivors.get(said.party, said.party)
        if theirs and named(office.name) == named(said.speaker) and earliest < dated.latest and dated.earliest < latest:
            held.append(office.rank or NO_RANK)
    return min(held)


def named(speaker: str | None) -> str | None:
    """Return a name as names are compared: without case."""
    return None if speaker is None else speaker.casefold()


def rows(known: World, t: int | None, rule: str = "latest/1") -> list[Position]:
    """Return every row at T of what counts, ordered by party and issue."""
    words, deeds = known.words, known.deeds
    if rule == "verified/1":
        words = [one for one in words if (one.event.credibility or "F6")[1] in "12"]
        deeds = [one for one in deeds if (one.event.credibility or "F6")[1] in "12"]
    elif rule == "own-words/1":
        words = [one for one in words if one.event.attribution in ("direct", "paraphrase")]
    elif rule == "senior/1":
        words = sorted(words, key=lambda one: -one.rank)
    parties = {party for one in words for party in one.moves} | {party for one in deeds for party in one.moves}
    parties |= {known.survivors.get(one.party, one.party) for one in known.memberships}
    issues = {one.event.issue for one in words} | {one.event.issue for one in deeds}
    found = []
    for party, issue in sorted((party, issue) for party in parties for issue in issues):
        own = row(party, issue, of(words, party, issue), of(deeds, party, issue), t)
        if own is None or own.stance is None:
            own = inherited(own or Position(party, issue), words, coalitions(known, party, t), t)
        if own is not None:
            found.append(own)
    return found


def inherited(
    own: Position, words: list[Counting[StatementMade]], coalitions: list[str], t: int | None
) -> Position | None:
    """Return the row of a party with no words of its own, with those of its coalition that spoke last."""
    spoken = []
    for coalition in coalitions:
        said = [one for one in of(words, coalition, own.issue) if t is None or one.dated.latest <= t]
        if said:
            theirs = row(coalition, own.issue, said, [], t)
            assert theirs is not None
            spoken.append((words.index(said[-1]), theirs))
    if spoken:
        _, last = max(spoken, key=lambda one: one[0])  # the first by id, where both said it in one statement
        possible = last._replace(possible=own.possible, possible_count=own.possible_count)
        return possible._replace(party=own.party, inherited_from=last.party, deed=own.deed)
    return own if own.deed or own.possible else None


def coalitions(known: World, party: str, t: int | None) -> list[str]:
    """Return the coalitions of which a party is certainly a member at T, by id."""

    def told(coalition: str, kind: type[CoalitionJoined | CoalitionLeft]) -> list[Span]:
        pairs = [
            (known.survivors.get(x.party, x.party), known.survivors.get(x.coalition, x.coalition), x)
            for x in known.memberships
            if isinstance(x, kind)
        ]
        dates = [
            x.from_ if isinstance(x, CoalitionJoined) else x.until for p, c, x in pairs if (p, c) == (party, coalition)
        ]
        return [Span(BEGINNING, BEGINNING, BEGINNING) if date is None else span(date) for date in dates]

    def certain(coalition: str) -> bool:
        left = told(coalition, CoalitionLeft)
        return any(
            (t is None or joined.latest <= t)
            and all((t is not None and t <= leaving.earliest) or leaving.latest <= joined.earliest for leaving in left)
            for joined in told(coalition, CoalitionJoined)
        )

    named = {known.survivors.get(one.coalition, one.coalition) for one in known.memberships}
    return sorted(coalition for coalition in named - {party} if certain(coalition))


def of(counting: list[Counting[M]], party: str, issue: str) -> list[Counting[M]]:
    """Return what moves a party on an issue."""
    return [one for one in counting if party in one.moves and one.event.issue == issue]


def row(
    party: str, issue: str, words: list[Counting[StatementMade]], deeds: list[Counting[ActionTaken]], t: int | None
) -> Position | None:
    """Return the position of a party on an issue by its own words, None where nothing is certain or possible."""
    said = [one for one in words if t is None or one.dated.latest <= t]
    done = [one for one in deeds if t is None or one.dated.latest <= t]
    maybe = [one for one in words if t is not None and one.dated.earliest < t < one.dated.latest]
    maybe.sort(key=lambda one: one.order, reverse=True)
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
    return unsaid._replace(
        stance=wins.stance,
        value=VALUES.get(wins.stance),
        since=runs[-1][0].event.said_on,
        entry=winner.entry,
        speaker=wins.speaker,
        text=wins.text,
        quote=None if wins.quote is None else wins.quote.model_dump(exclude_defaults=True),
        attribution=wins.attribution,
        conditions=tuple(Condition(text, outcome(text, winner.resolved, t)) for text in wins.conditions),
        credibility=wins.credibility,
        previous=as_previous(runs[-2]) if len(runs) > 1 else None,
        contested=bool(contested_by),
        contested_by=contested_by,
    )


def outcome(condition: str, resolved: Sequence[ConditionResolved], t: int | None) -> str:
    """Return what had become of a condition by T: the last that was recorded counts."""
    found = "open"
    for one in resolved:
        certain = t is None or one.resolved_on is None or span(one.resolved_on).latest <= t
        if one.condition == condition and certain:
            found = one.outcome
    return found


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
