"""What happened on an issue, or of a party on all issues, lane by lane and page by page.

A lane is a party on an issue.  Its latest entries are read from the end of its cell, and a page of all of them in the
world's order without an event being made of the others, so that an issue with a hundred thousand entries is shown as
soon as one with ten.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.entries import EventScheduled
from ledger.entries.issues import DYADS
from ledger.times import span
from projections.belonging import merges_at
from projections.evidence import readings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from projections.clocks import Moment
    from projections.evidence import Reading

_PLAN: Final = EventScheduled.type_name()
_ALIVE: Final = "v.known_from <= :k AND v.known_to > :k AND v.latest <= :t"
_LANES: Final = f"""
SELECT DISTINCT c.party, c.issue FROM cells c
WHERE {{of}} AND EXISTS (SELECT 1 FROM versions v WHERE v.cell = c.id AND {_ALIVE})
"""
_LAST: Final = f"""
SELECT v.starts, v.latest, v.entry FROM versions v WHERE v.cell = :cell AND {_ALIVE}
ORDER BY v.starts DESC, v.latest DESC, v.entry DESC LIMIT :most
"""
_COUNT: Final = f"SELECT COUNT(*) FROM versions v WHERE v.cell = :cell AND {_ALIVE}"
_CELLS: Final = "SELECT id FROM cells WHERE party = :party AND issue = :issue"
_PAGE: Final = f"""
WITH every(starts, latest, entry) AS {{kept}} (
    SELECT v.starts, v.latest, v.entry FROM cells c CROSS JOIN versions v ON v.cell = c.id WHERE {{of}} AND {_ALIVE}
    {{union}} SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
    FROM json_each(:plans)
)
SELECT (SELECT COUNT(*) FROM every), (
    SELECT json_group_array(entry)
    FROM (SELECT entry FROM every ORDER BY starts, latest, entry LIMIT :most OFFSET :first)
)
"""
_ITS: Final = """
{issue} = :issue OR {party} = :party OR :party IS NOT NULL AND {party} IN (SELECT party FROM merges)
"""
# The index of such entries has all that is asked of those that were never corrected.
_SCHEDULED: Final = f"""
e.entry IN (
    SELECT p.entry FROM entries p WHERE p.listed = :scheduled AND p.entry <= :k AND (
        {_ITS.format(issue="p.issue", party="p.party")}
        OR EXISTS (
            SELECT 1 FROM states s WHERE s.entry = p.entry
            AND ({_ITS.format(issue="json_extract(s.data, '$.issue')", party="json_extract(s.data, '$.party')")})
        )
    )
)
"""


class Of(NamedTuple):
    """Whose or which lanes: all on an issue, or all of a party."""

    issue: str | None = None
    party: str | None = None
    dyads: bool = False
    """Whether the lanes of a party on dyads are among them; those on an issue that is one always are."""

    @property
    def where(self) -> str:
        """What holds of its cells `c`, in SQL with the parameters `asked`."""
        if self.issue is not None:
            return "c.issue = :issue"
        return "c.party = :party" if self.dyads else f"c.party = :party AND c.issue NOT GLOB '{DYADS}*'"

    def holds(self, party: str, issue: str) -> bool:
        """Say whether a lane is among them."""
        if self.issue is not None:
            return issue == self.issue
        return party == self.party and (self.dyads or not issue.startswith(DYADS))

    def asked(self, at: Moment) -> dict[str, object]:
        """Return the parameters of a query."""
        return {"issue": self.issue, "party": self.party, "t": at.until, "k": at.known_at}


class Plan(NamedTuple):
    """What a party has announced, or one that was merged into it."""

    party: str
    issue: str
    read: Reading


class Lane(NamedTuple):
    """A party on an issue, in the world's order."""

    party: str
    issue: str
    shown: list[Reading]
    left_out: int
    """Words, deeds and plans before those."""


def lanes_of(db: sqlite3.Connection, at: Moment, of: Of, plans: Iterable[Plan]) -> list[tuple[str, str]]:
    """Return the party and the issue of each lane on which something counts or is announced, in order.

    Args:
        db: the views, caught up.
        at: the two moments.
        of: whose or which lanes.
        plans: what `scheduled` found there.
    """
    found = {tuple(row) for row in db.execute(_LANES.format(of=of.where), of.asked(at))}
    found |= {plan[:2] for plan in plans}
    return sorted(found)


def lane(db: sqlite3.Connection, at: Moment, party: str, issue: str, most: int, plans: Iterable[Plan] = ()) -> Lane:
    """Return the last entries of a lane.

    Args:
        db: the views, caught up.
        at: the two moments.
        party: the party, by its id.
        issue: the issue, by its id.
        most: so many words and deeds at most, and as many plans.
        plans: what `scheduled` found; what is of this lane is put among them.
    """
    asked = {"party": party, "issue": issue, "t": at.until, "k": at.known_at, "most": most}
    keys: list[tuple[int, int, int]] = []
    total = 0
    for (cell,) in db.execute(_CELLS, asked).fetchall():
        keys += db.execute(_LAST, {**asked, "cell": cell}).fetchall()
        total += db.execute(_COUNT, {**asked, "cell": cell}).fetchone()[0]
    kept = sorted(keys)[-most:]
    own = sorted((plan.read for plan in plans if plan[:2] == (party, issue)), key=order_of)
    shown = sorted((*_read(db, at, [key[-1] for key in kept]), *own[-most:]), key=order_of)
    return Lane(party, issue, shown, total - len(kept) + len(own[:-most]))


def scheduled(db: sqlite3.Connection, at: Moment, of: Of) -> list[Plan]:
    """Return what is announced there, in the order of the journal."""
    merges = merges_at(db, at.known_at)
    found = []
    for one in readings(db, at.known_at, _SCHEDULED, {"scheduled": _PLAN, **of.asked(at)}):
        if one.status != "retracted" and isinstance(one.event, EventScheduled):
            plan = Plan(merges.survivor(one.event.party), one.event.issue, one)
            if of.holds(*plan[:2]):
                found.append(plan)
    return found


def page(
    db: sqlite3.Connection, at: Moment, of: Of, first: int, most: int, plans: Iterable[Plan]
) -> tuple[list[Reading], int]:
    """Return some of all that was said, done and announced there, in the world's order, and how many there are.

    Args:
        db: the views, caught up.
        at: the two moments.
        of: whose or which lanes.
        first: how many to leave out before.
        most: so many at most.
        plans: what `scheduled` found there.
    """
    announced = json.dumps([order_of(plan.read) for plan in plans])
    asked = {**of.asked(at), "plans": announced, "first": first, "most": most}
    # An entry may stand in the lanes of several parties, and is listed once; no entry is on several issues.
    how = ("MATERIALIZED", "UNION") if of.party is None else ("NOT MATERIALIZED", "UNION ALL")
    query = _PAGE.format(of=of.where, kept=how[0], union=how[1])
    total, listed = db.execute(query, asked).fetchone()
    shown: list[int] = json.loads(listed)
    found = {one.entry: one for one in _read(db, at, shown)}
    return [found[entry] for entry in shown], total


def order_of(one: Reading) -> tuple[int, int, int]:
    """Return what sorts entries in the world's order."""
    bounds = span(one.dated or "")
    return bounds.starts, bounds.latest, one.entry


def _read(db: sqlite3.Connection, at: Moment, entries: list[int]) -> list[Reading]:
    listed = ", ".join(map(str, entries))
    return list(readings(db, at.known_at, f"e.entry IN ({listed})")) if entries else []
