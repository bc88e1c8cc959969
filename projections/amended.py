"""What was said of an entry later: every amendment as it came, and whether it still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from projections.evidence import Reading, readings

if TYPE_CHECKING:
    import sqlite3

_IN_EFFECT: Final = "SELECT amendment FROM effects WHERE target = :target AND known_from <= :k AND known_to > :k"
_FULFILLING: Final = """e.entry IN (
    SELECT entry FROM entries WHERE fulfils = :target
    UNION SELECT entry FROM states WHERE json_extract(data, '$.fulfils') = :target)
"""


class Amended(NamedTuple):
    """An amendment of an entry."""

    by: Reading
    in_effect: bool
    """At K: one that was itself retracted is not."""


def amendments_ever(db: sqlite3.Connection, entry: int, known_at: int) -> list[Amended]:
    """Return every amendment of an entry that K knows, in the order in which they came.

    Args:
        db: the views, caught up.
        entry: its number.
        known_at: K.
    """
    asked: dict[str, object] = {"target": entry}
    holding = {number for (number,) in db.execute(_IN_EFFECT, {**asked, "k": known_at})}
    return [Amended(one, one.entry in holding) for one in readings(db, known_at, "e.target = :target", asked)]


def last_amendment(db: sqlite3.Connection, entry: int, known_at: int) -> int | None:
    """Return the last entry that amends another as K knows it, in effect or not; None where there is none."""
    asked = "SELECT MAX(entry) FROM entries WHERE target = ? AND entry <= ?"
    (found,) = db.execute(asked, (entry, known_at)).fetchone()
    return None if found is None else int(found)


def fulfilled_by(db: sqlite3.Connection, entry: int, known_at: int) -> list[Reading]:
    """Return the words and deeds that fulfil a scheduled event, as they read at K and unless they are retracted."""
    found = readings(db, known_at, _FULFILLING, {"target": entry})
    return [one for one in found if one.status != "retracted" and getattr(one.event, "fulfils", None) == entry]
