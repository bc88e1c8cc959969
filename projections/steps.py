"""The moments at which something changes, on either clock: what a slider steps through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.times import BEGINNING, END, span, stamp

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

_DAY: Final = 86_400_000_000
SHOWN: Final = 400
"""Moments of each clock, at most."""
_READ: Final = 20_000
"""Versions that are read at most; where there are more, the moments are those of some entries."""
_SAMPLE: Final = 2_000
_VERSIONS: Final = f"""
SELECT v.latest, v.known_from, v.known_to FROM cells c CROSS JOIN versions v ON v.cell = c.id
WHERE {{where}} LIMIT {_READ + 1}
"""
_AMENDED: Final = """
SELECT f.known_from, f.known_to FROM cells c CROSS JOIN versions v ON v.cell = c.id
CROSS JOIN effects f INDEXED BY effects_by_target ON f.target = v.entry
WHERE {where} AND f.kind IN ('entry-disputed', 'condition-resolved')
"""
_AROUND: Final = """
SELECT entry FROM entries INDEXED BY entries_by_listed WHERE entry <= ? AND listed IN
('party-merged', 'party-unmerged', 'coalition-joined', 'coalition-left', 'issue-closed', 'import-finished')
"""
BLOCK: Final = """
c.issue IN (SELECT value FROM json_each(:issues)) AND c.party IN (
    SELECT value FROM json_each(:parties)
    UNION SELECT coalition FROM memberships WHERE party IN (SELECT value FROM json_each(:parties))
)
"""
"""The cells of some parties, and of the coalitions that may speak for them, on some issues; both as JSON."""
_DATED: Final = "SELECT dated FROM entries WHERE dated IS NOT NULL AND entry IN ({})"


def steps(
    db: sqlite3.Connection, known_at: int, head: int, where: str, asked: Mapping[str, object]
) -> tuple[list[str], list[int]]:
    """Return the moments of the world, and the entries of the ledger, at which something changes in some cells.

    Those of the world as K knows them, each as T is given; both in order, 400 of each at most, evenly chosen.

    Args:
        db: the views, caught up.
        known_at: K.
        head: the last entry.
        where: which cells, as a condition in SQL on `c`.
        asked: its parameters, by name.
    """
    rows = db.execute(_VERSIONS.format(where=where), asked).fetchall()
    if len(rows) > _READ:
        some = thinned(range(1, head + 1), _SAMPLE)
        world = _spoken_of(db, [entry for entry in some if entry <= known_at])
        return _shown(world), thinned(some, SHOWN)
    world = {latest for latest, since, until in rows if since <= known_at < until}
    known = {entry for row in rows for entry in row[1:]}
    if len(known) < SHOWN:
        known.update(entry for row in db.execute(_AMENDED.format(where=where), asked) for entry in row)
        known.update(entry for (entry,) in db.execute(_AROUND, (head,)))
    return _shown(world), thinned(sorted(entry for entry in known if entry <= head), SHOWN)


def _spoken_of(db: sqlite3.Connection, entries: list[int]) -> set[int]:
    rows = db.execute(_DATED.format(", ".join(map(str, entries))))
    return {span(dated).latest for (dated,) in rows}


def _shown(world: set[int]) -> list[str]:
    """Return moments as T is given, those at the ends of time left out."""
    return [moment_of(latest) for latest in thinned(sorted(one for one in world if BEGINNING < one < END), SHOWN)]


def thinned(found: Sequence[int], most: int) -> list[int]:
    """Return some of a list, evenly chosen, its first and its last among them."""
    if len(found) <= most:
        return list(found)
    last = len(found) - 1
    return [found[at * last // (most - 1)] for at in range(most)]


def moment_of(latest: int) -> str:
    """Return how T is given for an instant to be its end: the day that ends then, or the time of the clock."""
    if latest % _DAY == 0:
        return stamp(latest - _DAY)[:10]
    text = stamp(latest)
    return text.replace(":00.000000Z", "Z").replace(".000000Z", "Z")
