"""What one entry changed: every row that reads otherwise once it is known, in sentences, or why none does.

Compared are the positions without a bound in the world's time, as known just before the entry and with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.amending import RETRACTION
from ledger.entries import (
    ActionTaken,
    Amendment,
    CoalitionJoined,
    CoalitionLeft,
    EventScheduled,
    Mover,
    PartyMerged,
    PartyUnmerged,
    PositionAsserted,
    StatementMade,
)
from ledger.entries.audits import ErasureRecorded, KeyAdded, KeyRetired, ProjectionAttested
from ledger.times import END
from projections.aside import reason_of_one
from projections.asking import position
from projections.belonging import members, merges_at
from projections.clocks import Moment, recorded_at
from projections.evidence import Reading, amendments_of, reading
from projections.matrix import matrix
from projections.positions import Position
from projections.states import moved

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.entries import Entry

    _Found = dict[tuple[str, str], Position]

_AUDITS: Final = (KeyAdded, KeyRetired, ErasureRecorded, ProjectionAttested)


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that an entry changed."""

    party: str
    issue: str
    before: Position | None
    after: Position | None
    says: tuple[str, ...]
    """How, in sentences."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry changed."""

    reading: Reading
    """The entry, as it read when it was recorded."""
    before: Moment
    after: Moment
    rows: tuple[Changed, ...]
    reasons: tuple[str, ...]
    """Where there are none: why not."""


def change(db: sqlite3.Connection, entry: int) -> Change | None:
    """Return what an entry changed, None where there is no such entry.

    Args:
        db: the views, caught up at least that far.
        entry: its number.
    """
    one = reading(db, entry, entry)
    if one is None:
        return None
    before, after = (Moment(None, END, known_at, recorded_at(db, known_at)) for known_at in (entry - 1, entry))
    rows = tuple(_differing(db, one, before, after))
    return Change(one, before, after, rows, () if rows else tuple(_why_not(db, one, after)))


def _differing(db: sqlite3.Connection, one: Reading, before: Moment, after: Moment) -> Iterator[Changed]:
    old, new = _rows(db, one, before, after)
    for party, on in sorted(old.keys() | new.keys()):
        was, now = old.get((party, on)), new.get((party, on))
        if was != now:
            yield Changed(party, on, was, now, tuple(sentences(was, now)))


def _rows(db: sqlite3.Connection, one: Reading, before: Moment, after: Moment) -> tuple[_Found, _Found]:
    """Return the rows that an entry may have changed, before and after: no others are asked for.

    Words and deeds move those they speak for, and the members of coalitions among these; whoever joins, leaves or is
    merged may read otherwise on every issue.
    """
    moments, moved_by = (before, after), list(_bases(db, one))
    named = {party for each in moved_by for at in moments for party in _named(db, each, at)}
    voices = named | {
        member for at in moments for member, coalitions in members(db, at).items() if not named.isdisjoint(coalitions)
    }
    issues = sorted({each.issue for each in moved_by if isinstance(each, Mover)})

    def found(at: Moment) -> Iterator[Position | None]:
        for party in sorted(voices):
            if issues:
                yield from (position(db, party, issue, at) for issue in issues)
            else:
                yield from matrix(db, at, party)

    old, new = ({(row.party, row.issue): row for row in found(at) if row is not None} for at in moments)
    return old, new


def _bases(db: sqlite3.Connection, one: Reading) -> Iterator[Entry]:
    """Yield what an entry is, or amends in the end, as it read just before it and with it."""
    for known_at in (one.entry - 1, one.entry):
        yield _base(db, one.event, known_at)


def _named(db: sqlite3.Connection, event: Entry, at: Moment) -> set[str]:
    """Return the parties whose rows an event may change, but for those who inherit from them."""
    match event:
        case Mover():
            parties: tuple[str, ...] = moved(event)
        case CoalitionJoined() | CoalitionLeft() | PartyUnmerged():
            parties = (event.party,)
        case PartyMerged():
            parties = event.party, event.into
        case _:
            parties = ()
    return {*parties, *map(merges_at(db, at.known_at).survivor, parties)}


def _base(db: sqlite3.Connection, event: Entry, known_at: int) -> Entry:
    """Return what an amendment is about in the end, as it reads at K; another entry is returned as it is."""
    while isinstance(event, Amendment) and (target := reading(db, event.entry, known_at)) is not None:
        event = target.event
    return event


# In sentences


def sentences(was: Position | None, now: Position | None) -> Iterator[str]:
    """Yield how a row differs from what it was.

    >>> before = Position("RUS", "truce", stance="oppose", since="../2025-03-11", entry=12)
    >>> after = before._replace(stance="awaiting", since="2025-03-12", entry=31, contested=True, contested_by=(9,))
    >>> list(sentences(before, after))
    ['oppose → awaiting, since 2025-03-12 (e31)', 'contested by e9 now']
    """
    if now is None:
        yield "nothing that counts is left, and no position"
        return
    was = was or Position(now.party, now.issue)
    yield from _stance(was, now)
    yield from _voice(was, now)
    if was.previous != now.previous and (was.stance, was.entry) == (now.stance, now.entry):
        run = now.previous
        yield (
            "nothing before it any more"
            if run is None
            else f"before it: {run.stance}, since {run.since} (e{run.entry})"
        )
    if was.contested_by != now.contested_by:
        by = ", ".join(f"e{entry}" for entry in now.contested_by)
        yield f"contested by {by} now" if by else "contested no more"
    yield from _conditions(was, now)
    if (was.possible, was.possible_count) != (now.possible, now.possible_count):
        yield f"{now.possible_count:,} statements possible, not certain"
    if was.deed != now.deed:
        did = now.deed
        yield (
            "no deed any more"
            if did is None
            else f"deed: {did.bearing or 'no bearing said'}, {did.occurred_on} (e{did.entry})"
        )


def _stance(was: Position, now: Position) -> Iterator[str]:
    rests = "" if now.entry is None else f" (e{now.entry})"
    if was.stance != now.stance:
        since = "" if now.since is None else f", since {now.since}"
        yield f"{was.stance or 'no position'} → {now.stance or 'no position in words'}{since}{rests}"
        return
    if now.stance is None:
        return
    if was.entry != now.entry:
        yield f"still {now.stance}, and rests on e{now.entry} in place of e{was.entry}"
    if was.since != now.since:
        yield f"since {now.since}, no longer {was.since}"
    if was.entry == now.entry and _words(was) != _words(now):
        yield f"e{now.entry} reads otherwise"


def _words(row: Position) -> tuple[object, ...]:
    return row.speaker, row.text, row.quote, row.attribution, row.credibility


def _voice(was: Position, now: Position) -> Iterator[str]:
    if was.inherited_from != now.inherited_from:
        if now.inherited_from is not None:
            yield f"inherited from {now.inherited_from}"
        elif now.stance is not None:
            yield f"in words of its own, no longer inherited from {was.inherited_from}"


def _conditions(was: Position, now: Position) -> Iterator[str]:
    before, after = dict(was.conditions), dict(now.conditions)
    for condition in {**before, **after}:
        if before.get(condition) == after.get(condition):
            continue
        if condition not in after:
            yield f"no condition any more: {condition}"
        elif condition in before:
            yield f"condition {before[condition]} → {after[condition]}: {condition}"
        else:
            yield f"if {condition} ({after[condition]})"


# Where nothing moved


def _why_not(db: sqlite3.Connection, one: Reading, at: Moment) -> Iterator[str]:
    event = one.event
    match event:
        case StatementMade() | ActionTaken():
            yield from _set_aside(db, one.entry, event, at)
        case EventScheduled():
            yield "what is announced moves no position: the words or deeds that follow do"
        case Amendment() if not isinstance(event, _AUDITS):
            yield from _amended(db, event, at)
        case CoalitionJoined() | CoalitionLeft():
            yield f"no position of {event.party} is, or was, inherited from {event.coalition}"
        case PartyMerged() | PartyUnmerged():
            yield f"{event.party} holds no positions that could move"
        case PositionAsserted():
            yield "an expectation moves no position: it is asked again by doctor and verify"
        case event if isinstance(event, _AUDITS):
            yield "it is there for whoever verifies, and moves no position"
        case _:
            yield "it gives names to what later entries speak of, and moves no position"


def _amended(db: sqlite3.Connection, event: Amendment, at: Moment) -> Iterator[str]:
    target: Reading | None = reading(db, event.entry, at.known_at)
    while target is not None:
        if target.status == "retracted" and event.type_name() != RETRACTION:
            by = next((a.entry for a in amendments_of(db, target.entry, at.known_at) if a.type == RETRACTION), None)
            yield f"e{target.entry} is retracted" + ("" if by is None else f" by e{by}")
            return
        if not isinstance(target.event, Amendment):
            break
        target = reading(db, target.event.entry, at.known_at)
    if target is not None and isinstance(target.event, Mover) and target.status != "retracted":
        yield from _set_aside(db, target.entry, target.event, at)
    elif target is not None and isinstance(target.event, Mover):
        yield f"no position rested on e{target.entry}"
    elif target is not None:
        yield f"e{target.entry} moves no position"


def _set_aside(db: sqlite3.Connection, entry: int, event: Mover, at: Moment) -> Iterator[str]:
    """Yield why a statement or an action is not what a position rests on."""
    for party in dict.fromkeys(map(merges_at(db, at.known_at).survivor, moved(event))):
        row = position(db, party, event.issue, at)
        if row is None:
            continue
        if isinstance(event, ActionTaken) and row.deed is not None and row.deed.entry != entry:
            yield f"{party} on {event.issue}: e{row.deed.entry}, {row.deed.occurred_on}, is the later deed"
        elif (aside := reason_of_one(db, entry, row, at)) is not None:
            yield f"{party} on {event.issue}: e{entry} is {aside}"
        else:
            yield f"{party} on {event.issue}: it rests on the same entries, and reads the same"
