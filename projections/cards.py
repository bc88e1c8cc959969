"""All that is known of one party, issue or source beside positions: names, links, members, parts, what rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries import CoalitionJoined, CoalitionLeft, IssueClosed, IssueReworded, PartySucceeded
from ledger.names import name_key
from projections.belonging import members, merges_at
from projections.evidence import reading, readings
from projections.registry import issues, parties, register_row, speakers
from projections.resting import resting
from projections.states import listed_events

if TYPE_CHECKING:
    import sqlite3

    from projections.clocks import Moment
    from projections.evidence import Reading

_NAMES = "SELECT name, since, until, entry FROM party_names WHERE party = ? AND entry <= ? ORDER BY entry, rowid"
_PARTS = "SELECT issue FROM issues WHERE parent = ? AND entry <= ? ORDER BY issue"
_HISTORY = """
e.listed IN ('issue-opened', 'issue-reworded', 'issue-closed')
AND (e.issue = :issue OR e.entry IN (SELECT entry FROM issues WHERE parent = :issue))
"""


def party_card(db: sqlite3.Connection, at: Moment, party: str) -> dict[str, Any] | None:
    """Return what is known of a party, None where K does not know it.

    `coalitions` and `members` are certain at T; `memberships` are all that was recorded of joining and leaving.
    """
    row = next(iter(parties(db, at.known_at, [party])), None)
    if row is None:
        return None
    belongs, merges = members(db, at), merges_at(db, at.known_at)
    successions = list(listed_events(db, PartySucceeded, at.known_at))
    return {
        **{name: row[name] for name in ("party", "name", "kind", "codes", "merged_into", "entry")},
        "merged": sorted(merges.group(party) - {party}),
        "names": [
            {"name": name, "from": since, "until": until, "entry": entry}
            for name, since, until, entry in db.execute(_NAMES, (party, at.known_at))
        ],
        "coalitions": sorted(belongs.get(party, ())),
        "members": sorted(member for member, coalitions in belongs.items() if party in coalitions),
        "memberships": _memberships(db, at, party),
        "succeeds": [{"party": one.party, "from": one.from_} for one in successions if one.by == party],
        "succeeded_by": [{"party": one.by, "from": one.from_} for one in successions if one.party == party],
        "speakers": [row for row in speakers(db, at.known_at) if row["party"] == party],
    }


def _memberships(db: sqlite3.Connection, at: Moment, party: str) -> list[dict[str, Any]]:
    found = []
    for one in readings(db, at.known_at, "e.listed IN ('coalition-joined', 'coalition-left')"):
        event = one.event
        if one.status == "retracted" or not isinstance(event, CoalitionJoined | CoalitionLeft):
            continue
        if party in (event.party, event.coalition):
            found.append({"type": one.type, **one.fields(), "entry": one.entry})
    return found


def issue_card(db: sqlite3.Connection, at: Moment, issue: str) -> dict[str, Any] | None:
    """Return what is known of an issue, None where K does not know it: its wordings, its parts, how it was closed."""
    row = next(iter(issues(db, at.known_at, among=[issue])), None)
    if row is None:
        return None
    closing = next((one for one in listed_events(db, IssueClosed, at.known_at) if one.issue == issue), None)
    wordings = [one.proposition for one in listed_events(db, IssueReworded, at.known_at) if one.issue == issue]
    (first,) = db.execute("SELECT proposition FROM issues WHERE issue = ?", (issue,)).fetchone()
    return {
        **row,
        "closed_on": None if closing is None else closing.closed_on,
        "closed_because": None if closing is None else closing.reason,
        "wordings": [first, *wordings],
        "parts": [part for (part,) in db.execute(_PARTS, (issue, at.known_at)).fetchall()],
    }


def issue_history(db: sqlite3.Connection, known_at: int, issue: str) -> list[Reading]:
    """Return what was done with an issue, in the order of the ledger, retracted or not.

    That is: how it was opened, worded anew, taken apart (each part that was opened below it) and closed.

    Args:
        db: the views, caught up.
        known_at: K.
        issue: its id.
    """
    return list(readings(db, known_at, _HISTORY, {"issue": issue}))


def source_card(db: sqlite3.Connection, known_at: int, name: str) -> dict[str, Any] | None:
    """Return what is known of a source, retracted or not, and the entries that rest on it; None where K knows none."""
    there = db.execute("SELECT entry FROM sources WHERE key = ?", (name_key(name),)).fetchone()
    one = None if there is None else reading(db, there[0], known_at)
    if one is None:
        return None
    row = register_row(one)
    return {**row, "status": one.status, "entries": [by.entry for by in resting(db, known_at, row["source"])]}
