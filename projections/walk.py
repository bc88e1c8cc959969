"""The rule `latest/1` by walking back from T: what nearly every question needs, in a statement or two.

A position, the run it stands in and the run before it mostly lie within the last few statements.  Where they do not,
`walk` gives up after `NEAR` of them, and `projections.seeks` answers at a cost that does not grow.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ledger.times import BEGINNING
from projections.schema import DAY, WIDTHS
from projections.seeks import COLUMNS, Outcome, Standing, latest_of

if TYPE_CHECKING:
    import sqlite3

    from projections.clocks import Moment

NEAR: Final = 24
_ENOUGH: Final = 2
"""Runs that a row tells of."""
_BROADEST: Final = 1 << len(WIDTHS)
"""The bit of a cell in which a date has an open start, or is wider than a century."""

_KNOWN: Final = "known_from <= ?3 AND known_to > ?3"
_NEAR: Final = f"""
SELECT {COLUMNS} FROM versions WHERE cell = ?1 AND starts < ?2 AND {_KNOWN}
ORDER BY starts DESC, latest DESC, entry DESC LIMIT ?4
"""
# What has an open start may be ordered after T though it began before.
_OPEN_START: Final = f"width = {len(WIDTHS)} AND width > 0 AND earliest = {BEGINNING}"
_OPEN: Final = f"""
SELECT {COLUMNS} FROM versions INDEXED BY versions_imprecise
WHERE cell = ?1 AND {_OPEN_START} AND earliest < ?2 AND latest > ?2 AND {_KNOWN}
"""
# Dates up to a day wide lie where the walk passes; wider ones may reach into a moment from far before it.
_OF_CLASS: Final = f"""
SELECT {COLUMNS} FROM versions INDEXED BY versions_imprecise WHERE cell = ?1 AND width > 0 AND width = {{}}
AND earliest > {{}} AND earliest < ?2 AND latest > ?4 AND {_KNOWN}
"""
_WIDE: Final = {
    1 << number: _OF_CLASS.format(number, f"?4 - {WIDTHS[number]}" if number < len(WIDTHS) else f"{BEGINNING} - 1")
    for number in range(1, len(WIDTHS) + 1)
}


def walk(db: sqlite3.Connection, cell: int, widths: int, at: Moment) -> Outcome | None:
    """Apply the rule to a cell of words; None where the answer does not lie near.

    Args:
        db: the views, caught up.
        cell: its number.
        widths: which classes of width its dates have, a bit for each.
        at: the two moments.
    """
    until, known_at, whole = at.until, at.known_at, True
    rows: list[tuple[Any, ...]] = []
    ends: list[tuple[Any, ...]] = []  # the last statement of each run, the latest run first
    runs: list[tuple[Any, ...]] = []  # the first of each, as far as was walked
    found = db.execute(_NEAR, (cell, until, known_at, NEAR))
    for row in found:
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
    winner = Standing._make(ends[0]) if ends else None
    near = _with_wide(db, rows, (cell, until, known_at), widths, None if whole else winner)
    possible = [row for row in near if row[1] > until]
    shown, count = latest_of(possible), len(possible)
    if winner is None:
        return Outcome(None, possible=shown, possible_count=count)
    previous = (ends[1][4], runs[1][5], ends[1][2]) if len(ends) > 1 else None
    begins, ends_at, stance = winner.earliest, winner.latest, winner.stance
    rivals = sorted(row[2] for row in near if row[4] != stance and begins < row[1] <= until and row[3] < ends_at)
    return Outcome(winner, runs[0][5], previous, rivals, shown, count)


def _with_wide(
    db: sqlite3.Connection,
    rows: list[tuple[Any, ...]],
    asked: tuple[int, int, int],
    widths: int,
    winner: Standing | None,
) -> list[tuple[Any, ...]] | set[tuple[Any, ...]]:
    """Return what was walked past, and what reaches into the winner's time or into T from elsewhere.

    Args:
        db: the views.
        rows: what was walked past: all there is before T, where there is no winner given.
        asked: the cell, T, K.
        widths: of the cell.
        winner: the winner, where the walk stopped at what ended before it.
    """
    if winner is None:
        return {*rows, *db.execute(_OPEN, asked)} if widths & _BROADEST else rows
    if widths < 1 << 1:
        return rows
    return {*rows, *db.execute(_wide(widths), (*asked, winner.earliest))}


@cache
def _wide(widths: int) -> str:
    """Return what finds the wider dates of a cell that has just these classes of them."""
    return " UNION ALL ".join(query for bit, query in _WIDE.items() if widths & bit)
