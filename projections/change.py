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
from projections.belonging import merges_at
from projections.clocks import Moment, recorded_at
from projections.evidence import Reading, amendments_of, reading
from projections.history import why
from projections.matrix import matrix
from projections.positions import Position
from projections.states import moved

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from ledger.entries import Entry

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
    for issue in _issues(db, one):
        old, new = ({(row.party, row.issue): row for row in matrix(db, at, issue=issue)} for at in (before, after))
        for party, on in sorted(old.keys() | new.keys()):
            was, now = old.get((party, on)), new.get((party, on))
            if was != now:
                yield Changed(party, on, was, now, tuple(sentences(was, now)))


def _issues(db: sqlite3.Connection, one: Reading) -> Sequence[str | None]:
    """Return the issues on which an entry may move anybody; None stands for all of them."""
    if isinstance(one.event, CoalitionJoined | CoalitionLeft | PartyMerged | PartyUnmerged):
        return [None]
    based = _base(db, one.event, one.entry)
    if isinstance(based, CoalitionJoined | CoalitionLeft):
        return [None]
    read = (_base(db, one.event, known_at) for known_at in (one.entry - 1, one.entry))
    return sorted({event.issue for event in read if isinstance(event, Mover)})


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
        found = why(db, party, event.issue, at)
        if found is None:
            continue
        deed = found.position.deed
        aside = next((one.reason for one in found.set_aside if one.entry == entry), None)
        if isinstance(event, ActionTaken) and deed is not None and deed.entry != entry:
            yield f"{party} on {event.issue}: e{deed.entry}, {deed.occurred_on}, is the later deed"
        elif aside is not None:
            yield f"{party} on {event.issue}: e{entry} is {aside}"
        else:
            yield f"{party} on {event.issue}: it rests on the same entries, and reads the same"
