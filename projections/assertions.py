"""Do the positions that somebody was sure of still hold?  Asked again whenever anybody asks, as known at K."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.entries import PositionAsserted
from ledger.times import END, when
from projections.asking import position
from projections.belonging import merges_at
from projections.clocks import Moment
from projections.evidence import readings
from projections.ruling import LATEST, Rule

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


class Asserted(NamedTuple):
    """An expectation, and what the ledger says."""

    entry: int
    party: str
    issue: str
    as_of: str | None
    stance: str | None
    found: str | None
    holds: bool


def assertions(db: sqlite3.Connection, known_at: int, rule: Rule = LATEST) -> Iterator[Asserted]:
    """Yield every assertion that is not retracted at K, with the position as of its moment as known at K."""
    merges = merges_at(db, known_at)
    for one in readings(db, known_at, "e.listed = 'position-asserted'"):
        event = one.event
        if one.status == "retracted" or not isinstance(event, PositionAsserted):
            continue
        until = END if event.as_of is None else when(event.as_of)
        row = position(db, merges.survivor(event.party), event.issue, Moment(None, until, known_at, None), rule)
        found = None if row is None else row.stance
        holds = found == event.stance
        yield Asserted(one.entry, event.party, event.issue, event.as_of, event.stance, found, holds)
