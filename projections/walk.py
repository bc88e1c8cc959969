"""The rule `latest/1` by walking back from T: what nearly every question needs, in one statement or two.

A position, the run it stands in and the run before it mostly lie within the last few statements.  Where they do not,
`walk` gives up after `NEAR` of them, and `projections.seeks` answers at a cost that does not grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.times import BEGINNING
from projections.schema import DAY, WIDTHS
from projections.seeks import COLUMNS, SHOWN_POSSIBLE, Outcome, Standing

if TYPE_CHECKING:
    import sqlite3

    from projections.clocks import Moment

NEAR: Final = 24
_ENOUGH: Final = 2
"""Runs that a row tells of."""

_CELL: Final = "cell = (SELECT id FROM cells WHERE party = ?1 AND issue = ?2 AND deeds = {})"
_KNOWN: Final = "known_from <= ?4 AND known_to > ?4"
_BACKWARDS: Final = "ORDER BY starts DESC, latest DESC, entry DESC LIMIT"
_OPEN_START: Final = f"width = {len(WIDTHS)} AND width > 0 AND earliest = {BEGINNING}"

# SQLite reads the parts as they are asked for: the latest deed (its cell negative); the words from T backwards; then,
# where these were all, what has an open start and does not end by T, as it may be ordered after T.
_NEAR: Final = f"""
SELECT * FROM (
    SELECT {COLUMNS}, -cell FROM versions
    WHERE {_CELL.format(1)} AND starts < ?3 AND latest <= ?3 AND {_KNOWN} {_BACKWARDS} 1
)
UNION ALL SELECT * FROM (
    SELECT {COLUMNS}, cell FROM versions WHERE {_CELL.format(0)} AND starts < ?3 AND {_KNOWN} {_BACKWARDS} ?5
)
UNION ALL SELECT {COLUMNS}, cell FROM versions INDEXED BY versions_imprecise
WHERE {_CELL.format(0)} AND {_OPEN_START} AND earliest < ?3 AND latest > ?3 AND {_KNOWN}
"""

# Dates up to a day wide lie where the walk passes; wider ones may reach into a moment from far before it.
_OF_CLASS: Final = "FROM versions INDEXED BY versions_imprecise WHERE cell = ?1 AND width > 0"
_WIDE: Final = f"""
SELECT {COLUMNS} FROM (VALUES {", ".join(f"({n}, {width})" for n, width in enumerate(WIDTHS) if n)}) CROSS JOIN
versions INDEXED BY versions_imprecise ON cell = ?1 AND width > 0 AND width = column1
AND earliest > ?2 - column2 AND earliest < ?3 AND latest > ?2 AND {_KNOWN}
UNION ALL SELECT {COLUMNS} {_OF_CLASS} AND {_OPEN_START} AND earliest < ?3 AND latest > ?2 AND {_KNOWN}
UNION ALL SELECT {COLUMNS} {_OF_CLASS} AND width = {len(WIDTHS)}
AND earliest > {BEGINNING} AND earliest < ?3 AND latest > ?2 AND {_KNOWN}
"""


def walk(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> tuple[Outcome, Standing | None] | None:
    """Apply the rule to the words of a party on an issue, and find the latest deed; None where it does not lie near."""
    until, deed, whole = at.until, None, True
    rows: list[tuple[Any, ...]] = []
    ends: list[tuple[Any, ...]] = []  # the last statement of each run, the latest run first
    runs: list[tuple[Any, ...]] = []  # the first of each, as far as was walked
    found = db.execute(_NEAR, (party, issue, until, at.known_at, NEAR))
    for row in found:
        if row[6] < 0:
            deed = Standing._make(row[:6])
            continue
        rows.append(row)
        if row[1] <= until:
            if ends and ends[-1][4] == row[4]:
                runs[-1] = row
            else:
                ends.append(row)
                runs.append(row)
            if len(ends) > _ENOUGH and row[0] + DAY <= ends[0][3]:
                whole = False
                break
        if len(rows) == NEAR:
            found.close()
            return None
    found.close()
    winner = Standing._make(ends[0][:6]) if ends else None
    near = {row[:6] for row in rows}
    if not whole and winner is not None:
        near.update(db.execute(_WIDE, (rows[0][6], winner.earliest, until, at.known_at)))
    possible = sorted((row for row in near if row[1] > until), reverse=True)
    shown, count = [Standing._make(row) for row in possible[:SHOWN_POSSIBLE]], len(possible)
    if winner is None:
        return Outcome(None, possible=shown, possible_count=count), deed
    previous = (ends[1][4], runs[1][5], ends[1][2]) if len(ends) > 1 else None
    rivals = sorted(row[2] for row in near if _contests(row, winner, until))
    return Outcome(winner, runs[0][5], previous, rivals, shown, count), deed


def _contests(row: tuple[Any, ...], winner: Standing, until: int) -> bool:
    _, latest, _, earliest, stance, _ = row
    return bool(stance != winner.stance and winner.earliest < latest <= until and earliest < winner.latest)
