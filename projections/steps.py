"""The moments at which something changes, on either clock: what a slider steps through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.times import BEGINNING, END, stamp

if TYPE_CHECKING:
    import sqlite3

_DAY: Final = 86_400_000_000
_SHOWN: Final = 400
_WORLD: Final = "SELECT DISTINCT latest FROM versions WHERE known_from <= ? AND known_to > ? ORDER BY latest"
_LEDGER: Final = """
SELECT entry FROM entries WHERE entry <= ? AND (listed IS NULL OR listed IN
    ('party-merged', 'party-unmerged', 'coalition-joined', 'coalition-left', 'issue-closed', 'import-finished'))
ORDER BY entry
"""


def world_steps(db: sqlite3.Connection, known_at: int, most: int = _SHOWN) -> list[str]:
    """Return the moments by which something that K knows became certain, the first first, each as T is given.

    Args:
        db: the views, caught up.
        known_at: K.
        most: as many at most, evenly chosen; the first and the last are among them.
    """
    found = [latest for (latest,) in db.execute(_WORLD, (known_at, known_at)) if BEGINNING < latest < END]
    return [moment_of(latest) for latest in thinned(found, most)]


def ledger_steps(db: sqlite3.Connection, head: int, most: int = _SHOWN) -> list[int]:
    """Return the entries that moved positions, or might have, the first first; thinned likewise."""
    return thinned([entry for (entry,) in db.execute(_LEDGER, (head,))], most)


def thinned(found: list[int], most: int) -> list[int]:
    """Return some of a list, evenly chosen, its first and its last among them."""
    if len(found) <= most:
        return found
    last = len(found) - 1
    return [found[at * last // (most - 1)] for at in range(most)]


def moment_of(latest: int) -> str:
    """Return how T is given for an instant to be its end: the day that ends then, or the time of the clock."""
    if latest % _DAY == 0:
        return stamp(latest - _DAY)[:10]
    text = stamp(latest)
    return text.replace(":00.000000Z", "Z").replace(".000000Z", "Z")
