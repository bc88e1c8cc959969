"""Who belongs to which coalition, and who was merged into whom, at two moments.

A party is certainly a member at T where a joining is over by T, and every leaving that may have happened by T was over
before that joining began.  Merged parties and coalitions count as their survivors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.entries import CoalitionJoined, CoalitionLeft
from ledger.merging import Merges
from ledger.times import BEGINNING, span
from projections.connection import has_any
from projections.schema import OPEN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from projections.clocks import Moment

_MEMBERSHIPS: Final = """
SELECT party, coalition, joined, earliest, latest FROM memberships
WHERE known_from <= :k AND known_to > :k
"""


_JOININGS: Final = """
SELECT entry, party, coalition FROM memberships
WHERE joined AND latest <= :t AND known_from <= :k AND known_to > :k ORDER BY entry
"""


class Period(NamedTuple):
    """The bounds of a joining or a leaving."""

    joined: bool
    earliest: int
    latest: int


def membership_row(event: CoalitionJoined | CoalitionLeft, entry: int, known_from: int) -> tuple[object, ...]:
    """Return the row of the views for what a joining or a leaving says."""
    joined = isinstance(event, CoalitionJoined)
    dated = event.from_ if isinstance(event, CoalitionJoined) else event.until
    earliest, latest = (BEGINNING, BEGINNING) if dated is None else (span(dated).earliest, span(dated).latest)
    return entry, event.party, event.coalition, joined, earliest, latest, known_from, OPEN


def close_membership(db: sqlite3.Connection, entry: int, known_to: int) -> None:
    """Note that an entry about a coalition says something else from an entry of the ledger on, or nothing."""
    db.execute("UPDATE memberships SET known_to = ? WHERE entry = ? AND known_to = ?", (known_to, entry, OPEN))


def merges_at(db: sqlite3.Connection, known_at: int) -> Merges:
    """Return which parties were merged as known at K."""
    if not has_any(db, "merges"):
        return Merges()
    asked = {"k": known_at}
    return Merges(db.execute("SELECT party, into_party FROM merges WHERE known_from <= :k AND known_to > :k", asked))


def coalitions_of(db: sqlite3.Connection, party: str, at: Moment) -> list[str]:
    """Return the coalitions of which a party is certainly a member, by id; none where it is merged into another."""
    if not has_any(db, "memberships"):
        return []
    query = f"{_MEMBERSHIPS} AND party = :party"
    rows = db.execute(query, {"k": at.known_at, "party": party}).fetchall()
    merges = merges_at(db, at.known_at)
    if merges:
        if merges.survivor(party) != party:
            return []
        rows = db.execute(_MEMBERSHIPS, {"k": at.known_at}).fetchall()
    return sorted(_members(rows, merges, at.until).get(party, ()))


def joinings(db: sqlite3.Connection, party: str, coalition: str, at: Moment) -> list[int]:
    """Return the entries on which it rests that a party is certainly a member of a coalition."""
    merges = merges_at(db, at.known_at)
    rows = db.execute(_JOININGS, {"k": at.known_at, "t": at.until}).fetchall()
    pair = party, coalition
    return [entry for entry, *named in rows if tuple(map(merges.survivor, named)) == pair]


def members(db: sqlite3.Connection, at: Moment) -> dict[str, set[str]]:
    """Return the coalitions of every party that is certainly a member of one."""
    rows = db.execute(_MEMBERSHIPS, {"k": at.known_at}).fetchall()
    return _members(rows, merges_at(db, at.known_at), at.until) if rows else {}


def _members(rows: Iterable[tuple[str, str, int, int, int]], merges: Merges, until: int) -> dict[str, set[str]]:
    periods: dict[tuple[str, str], list[Period]] = {}
    for party, coalition, joined, earliest, latest in rows:
        pair = merges.survivor(party), merges.survivor(coalition)
        periods.setdefault(pair, []).append(Period(bool(joined), earliest, latest))
    found: dict[str, set[str]] = {}
    for (party, coalition), told in periods.items():
        if party != coalition and is_certain(told, until):
            found.setdefault(party, set()).add(coalition)
    return found


def is_certain(told: Iterable[Period], until: int) -> bool:
    """Say whether a party is certainly a member just before an instant, given all its joinings and leavings."""
    told = list(told)
    leavings = [one for one in told if not one.joined and one.earliest < until]
    return any(
        one.joined and one.latest <= until and all(left.latest <= one.earliest for left in leavings) for one in told
    )
