"""Who may hold a position on what: counts for lists, and the cells of a card, without reading any position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.entries.issues import DYADS
from projections.belonging import coalitions_of, members

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from projections.clocks import Moment

_CHUNK: Final = 5_000
"""Names in one statement."""
_COUNTS: Final = """
SELECT c.{of}, COUNT(DISTINCT c.{what}) FROM cells c
WHERE c.{of} IN ({named}) AND {filtered} EXISTS (
    SELECT 1 FROM versions v WHERE v.cell = c.id AND v.known_from <= ? AND v.known_to > ? AND v.latest <= ?
) GROUP BY c.{of}
"""
_ISSUES: Final = "SELECT DISTINCT issue FROM cells c WHERE c.party IN ({named}) AND {filtered} TRUE"
_PARTIES: Final = "SELECT DISTINCT party FROM cells WHERE issue = ?"
_NO_DYADS: Final = f"c.issue NOT GLOB '{DYADS}*' AND"


def issues_spoken_on(db: sqlite3.Connection, at: Moment, parties: Sequence[str]) -> dict[str, int]:
    """Return on how many issues each of some parties spoke or acted itself, dyads left out.

    Args:
        db: the views, caught up.
        at: the two moments.
        parties: their ids; who did on none is not among the keys.
    """
    return _counts(db, at, parties, _COUNTS, {"of": "party", "what": "issue", "filtered": _NO_DYADS})


def parties_heard_on(db: sqlite3.Connection, at: Moment, issues: Sequence[str]) -> dict[str, int]:
    """Return how many parties spoke or acted on each of some issues, likewise."""
    return _counts(db, at, issues, _COUNTS, {"of": "issue", "what": "party", "filtered": ""})


def _counts(
    db: sqlite3.Connection, at: Moment, named: Sequence[str], query: str, parts: dict[str, str]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for first in range(0, len(named), _CHUNK):
        some = named[first : first + _CHUNK]
        asked = query.format(named=", ".join("?" * len(some)), **parts)
        found.update(db.execute(asked, (*some, at.known_at, at.known_at, at.until)).fetchall())
    return found


def issues_of(db: sqlite3.Connection, at: Moment, party: str, *, dyads: bool = False) -> list[str]:
    """Return the issues on which a party may have a position, its own or a coalition's, in order.

    Args:
        db: the views, caught up.
        at: the two moments.
        party: its id.
        dyads: whether dyads are among them.
    """
    voices = (party, *coalitions_of(db, party, at))
    asked = _ISSUES.format(named=", ".join("?" * len(voices)), filtered="" if dyads else _NO_DYADS)
    return sorted(issue for (issue,) in db.execute(asked, voices))


def parties_of(db: sqlite3.Connection, at: Moment, issue: str) -> list[str]:
    """Return the parties that may have a position on an issue, their own or a coalition's, in order."""
    own = {party for (party,) in db.execute(_PARTIES, (issue,))}
    return sorted(own | {member for member, coalitions in members(db, at).items() if coalitions & own})
