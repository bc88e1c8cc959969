"""The agenda a page at a time: dates are compared of all that is scheduled, and events made of what is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ledger.times import span
from projections.evidence import agenda_of, readings

if TYPE_CHECKING:
    import sqlite3

    from projections.clocks import Moment
    from projections.evidence import AgendaItem

_DATES: Final = """
SELECT p.entry, COALESCE(
    (SELECT json_extract(s.data, '$.occurs_on') FROM states s WHERE s.entry = p.entry AND s.known_from <= :k
     ORDER BY s.known_from DESC LIMIT 1), p.dated
) FROM entries p WHERE p.listed = 'event-scheduled' AND p.entry <= :k
"""
_THESE: Final = "e.entry IN (SELECT value FROM json_each(:these))"
_FULFILS: Final = """
e.entry IN (
    SELECT p.entry FROM entries p WHERE p.fulfils IN (SELECT value FROM json_each(:these))
    UNION SELECT s.entry FROM states s WHERE json_extract(s.data, '$.fulfils') IN (SELECT value FROM json_each(:these))
)
"""


def agenda_part(db: sqlite3.Connection, at: Moment, first: int, most: int) -> tuple[list[AgendaItem], int]:
    """Return some of what is scheduled at the two moments, in the world's order, and how much there is.

    Args:
        db: the views, caught up.
        at: the two moments.
        first: how many to leave out before.
        most: so many at most.
    """
    every = sorted((*span(dated)[:2], entry) for entry, dated in db.execute(_DATES, {"k": at.known_at}))
    asked: dict[str, object] = {"these": json.dumps([entry for *_, entry in every[first : first + most]])}
    # What was corrected to fulfil another may come along: `agenda_of` looks at how it reads.
    fulfilling = readings(db, at.known_at, _FULFILS, asked)
    return agenda_of(at, readings(db, at.known_at, _THESE, asked), fulfilling), len(every)
