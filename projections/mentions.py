"""How often each party is named in words, deeds and announcements: as their own, to it, or on its behalf."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from pydantic_core import from_json

from ledger.amending import RETRACTION

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_NAMED: Final = """
SELECT json_extract(COALESCE((SELECT s.data FROM states s WHERE s.entry = e.entry AND s.known_from <= :k
                              ORDER BY s.known_from DESC LIMIT 1), e.data), '$.party', '$.to', '$.on_behalf_of')
FROM entries e WHERE e.entry <= :k AND e.dated IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM effects f
    WHERE f.target = e.entry AND f.kind = :retraction AND f.known_from <= :k AND f.known_to > :k)
"""
_last: WeakKeyDictionary[sqlite3.Connection, tuple[int, Counter[str]]] = WeakKeyDictionary()
"""What was counted last on a connection, and for which K: whoever leafs through a list asks again and again."""


def mentions(db: sqlite3.Connection, known_at: int) -> Mapping[str, int]:
    """Return how many entries that count at K name each party, 0 for who is not named.

    Args:
        db: the views, caught up; every word and deed is read, once for a K.
        known_at: K.
    """
    counted = _last.get(db)
    if counted is None or counted[0] != known_at:
        counts = Counter[str]()
        for (said,) in db.execute(_NAMED, {"k": known_at, "retraction": RETRACTION}):
            party, to, on_behalf_of = from_json(said)
            counts.update({party, *(to or ()), *(on_behalf_of or ())})
        counted = _last[db] = known_at, counts
    return counted[1]
