"""The rule `latest/1` in one cell by index seeks: what a cell of any size costs alike.

`since` and `previous` are found from the last entry of another stance, one seek per stance, never by walking the run.
What a seek steps over: versions of the cell that K does not know, and imprecise ones that T does not yet make certain.
"""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries.scales import STANCES
from ledger.times import BEGINNING, END
from projections.schema import DAY, WIDTHS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

SHOWN_POSSIBLE: Final = 20


class Standing(NamedTuple):
    """One state of an entry in a cell, as the position rule sees it."""

    starts: int
    latest: int
    entry: int
    earliest: int
    stance: str
    dated: str


class Outcome(NamedTuple):
    """What the rule finds in one cell of words, before any text is fetched."""

    winner: Standing | None
    since: str | None = None
    previous: tuple[str, str, int] | None = None
    """Stance, since and last entry of the run before."""
    rivals: Sequence[int] = ()
    """The entries of another stance whose bounds overlap the winner's, in order."""
    possible: Sequence[Standing] = ()
    """The latest first, and not more than are shown."""
    possible_count: int = 0
    rank: int = 0
    """What goes before the winner's order, under a rule that asks who spoke."""

    def lent_to(self, own: Outcome) -> Outcome:
        """Return what a member has from its coalition: all but what is possible, which is its own."""
        return self._replace(possible=own.possible, possible_count=own.possible_count)


ALIVE: Final = "known_from <= :k AND known_to > :k"
COLUMNS: Final = "starts, latest, entry, earliest, stance, dated"

_LAST: Final = f"""
SELECT {COLUMNS} FROM versions
WHERE cell = ?1 AND starts < ?2 AND latest <= ?2 AND known_from <= ?3 AND known_to > ?3
ORDER BY starts DESC, latest DESC, entry DESC LIMIT 1
"""

_LAST_OF_ANOTHER_STANCE: Final = (
    "SELECT starts, latest, entry, NULL, stance, NULL FROM ("
    + " UNION ALL ".join(
        f"""
SELECT * FROM (SELECT starts, latest, entry, stance FROM versions INDEXED BY versions_by_stance
WHERE cell = :cell AND stance = '{stance}' AND :stance <> '{stance}'
AND (starts, latest, entry) < (:starts, :latest, :entry) AND latest <= :t AND {ALIVE}
ORDER BY starts DESC, latest DESC, entry DESC LIMIT 1)
"""
        for stance in STANCES
    )
    + ") ORDER BY starts DESC, latest DESC, entry DESC LIMIT 1"
)

_FIRST_OF_STANCE_AFTER: Final = f"""
SELECT dated FROM versions INDEXED BY versions_by_stance
WHERE cell = :cell AND stance = :stance
AND (starts, latest, entry) > (:starts, :latest, :entry) AND latest <= :t AND {ALIVE}
ORDER BY starts, latest, entry LIMIT 1
"""

_OVERLAPPING: Final = f"""
SELECT {COLUMNS} FROM versions
WHERE cell = :cell AND starts > :from - {DAY} AND starts < :to AND latest > :from AND width = 0 AND {ALIVE}
""" + "".join(
    f"""
UNION ALL SELECT {COLUMNS} FROM versions INDEXED BY versions_imprecise
WHERE cell = :cell AND width = {number} AND width > 0
AND earliest > {lower} AND earliest < :to AND latest > :from AND {ALIVE}
"""
    for number, lower in [
        *((n, f":from - {width}") for n, width in enumerate(WIDTHS) if n),
        (len(WIDTHS), f"{BEGINNING} - 1"),
    ]
)
_RIVALS: Final = f"SELECT entry FROM ({_OVERLAPPING}) WHERE stance <> :stance AND latest <= :t"


def last(db: sqlite3.Connection, cell: int, until: int, known_at: int) -> Standing | None:
    """Return the last of a cell that is certain by T, as known at K."""
    row = db.execute(_LAST, (cell, until, known_at)).fetchone()
    return None if row is None else Standing._make(row)


def seek(db: sqlite3.Connection, cell: int, until: int, known_at: int) -> Outcome:
    """Apply the rule to one cell of words, by index seeks."""
    at: dict[str, int] = {"cell": cell, "t": until, "k": known_at}
    shown, count = ([], 0) if until >= END else _possible(db, at)
    winner = last(db, cell, until, known_at)
    if winner is None:
        return Outcome(None, possible=shown, possible_count=count)
    turn = before_run(db, at, winner)
    since = _since(db, at, winner.stance, turn) or winner.dated
    previous = None
    if turn is not None:
        earlier = before_run(db, at, turn)
        previous = turn.stance, _since(db, at, turn.stance, earlier) or "", turn.entry
    asked = {**at, "from": winner.earliest, "to": winner.latest, "stance": winner.stance}
    rivals = sorted(entry for (entry,) in db.execute(_RIVALS, asked).fetchall())
    return Outcome(winner, since, previous, rivals, shown, count)


def _possible(db: sqlite3.Connection, at: dict[str, int]) -> tuple[list[Standing], int]:
    """Return the latest of what T falls within, as many as are shown, and how many there are."""
    rows = db.execute(_OVERLAPPING, {**at, "from": at["t"], "to": at["t"]}).fetchall()
    return latest_of(rows), len(rows)


def latest_of(rows: Sequence[tuple[Any, ...]]) -> list[Standing]:
    """Return the latest of some rows that begin with the fields of a `Standing`, as many as are shown."""
    return [Standing._make(row[:6]) for row in nlargest(SHOWN_POSSIBLE, rows)] if rows else []


def before_run(db: sqlite3.Connection, at: dict[str, int], point: Standing) -> Standing | None:
    """Return the last statement of a cell before another and of another stance: where the run before its run ends.

    Args:
        db: the views, caught up.
        at: the `cell`, and `t` and `k`.
        point: any statement of the run.
    """
    asked = {**at, "stance": point.stance, "starts": point.starts, "latest": point.latest, "entry": point.entry}
    row = db.execute(_LAST_OF_ANOTHER_STANCE, asked).fetchone()
    return None if row is None else Standing._make(row)


def _since(db: sqlite3.Connection, at: dict[str, int], stance: str, turn: Standing | None) -> str | None:
    after = (BEGINNING, BEGINNING, 0) if turn is None else turn[:3]
    asked = {**at, "stance": stance, "starts": after[0], "latest": after[1], "entry": after[2]}
    row = db.execute(_FIRST_OF_STANCE_AFTER, asked).fetchone()
    return None if row is None else row[0]
