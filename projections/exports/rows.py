"""The rows of the exported tables, in their order, as they are read: nothing is held but what is being looked at."""

from __future__ import annotations

from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import from_json

from ledger.codec import format_line
from ledger.times import BEGINNING, END, instant, span
from projections.evidence import status_of
from projections.rectangles import State, rectangles
from projections.schema import OPEN, OWN_WORDS, VERIFIED
from projections.stored import damaged

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from ledger.codec import StoredLine
    from ledger.transparency.tree import Tree

Row = tuple[Any, ...]

_ENTRIES: Final = """
SELECT entry, type, party, issue, dated, stance, source, target, recorded_at, recorded_by FROM entries ORDER BY entry
"""
_IN_EFFECT: Final = (
    f"SELECT target, GROUP_CONCAT(kind) FROM effects WHERE known_to = {OPEN} GROUP BY target ORDER BY target"
)
_EFFECTS: Final = "SELECT amendment, target, kind, known_from, known_to FROM effects ORDER BY amendment, known_from"
_STATES: Final = "SELECT entry, known_from, data FROM states ORDER BY entry, known_from"
# In the order of cells and of `latest` within each: one sort a cell.
_IN_TIME: Final = """
SELECT c.party, c.issue, c.deeds, v.starts, v.latest, v.entry, v.known_from, v.known_to, v.stance, v.dated
FROM cells c INDEXED BY cells_by_names CROSS JOIN versions v ON v.cell = c.id
ORDER BY c.party, c.issue, c.deeds, v.latest, v.starts, v.entry, v.known_from
"""
# How quoted statements read, each state from when until when: the rule asks whether two rest on the same words, which
# are known by the first entry that brought them.
_QUOTED: Final = f"""
CREATE TEMP TABLE quoted AS
SELECT entry, known_from, known_to, quote_start,
    IIF(source IS NULL OR quote IS NULL, NULL, MIN(known_from) OVER (PARTITION BY source, quote)) AS words
FROM (
    SELECT entry, entry AS known_from, {OPEN} AS known_to, source,
        json_extract(data, '$.quote.exact') AS quote, json_extract(data, '$.quote.start') AS quote_start
    FROM main.entries e WHERE type = 'statement-made' AND source IS NOT NULL AND instr(data, '"quote":')
    AND NOT EXISTS (SELECT 1 FROM main.states s WHERE s.entry = e.entry)
    UNION ALL SELECT entry, known_from, LEAD(known_from, 1, {OPEN}) OVER (PARTITION BY entry ORDER BY known_from),
        json_extract(data, '$.source'), json_extract(data, '$.quote.exact'), json_extract(data, '$.quote.start')
    FROM (
        SELECT entry, entry AS known_from, data FROM main.entries
        WHERE type = 'statement-made' AND entry IN (SELECT entry FROM main.states)
        UNION ALL SELECT s.entry, s.known_from, s.data FROM main.states s JOIN main.entries e USING (entry)
        WHERE e.type = 'statement-made'
    )
)
"""
_QUOTED_BY_ENTRY: Final = "CREATE INDEX temp.quoted_by_entry ON quoted (entry, known_from)"
_VERSIONS: Final = f"""
SELECT c.party, c.issue, c.deeds, v.starts, v.latest, v.entry, v.earliest,
    MAX(v.known_from, IFNULL(q.known_from, 0)), MIN(v.known_to, IFNULL(q.known_to, {OPEN})),
    v.stance, v.dated, v.flags, q.words, q.quote_start
FROM cells c INDEXED BY cells_by_names CROSS JOIN versions v ON v.cell = c.id
LEFT JOIN temp.quoted q ON q.entry = v.entry AND q.known_from < v.known_to AND q.known_to > v.known_from AND NOT c.deeds
ORDER BY c.party, c.issue, c.deeds, v.starts, v.latest, v.entry, v.known_from, q.known_from
"""
_CELL: Final = itemgetter(0, 1, 2)


def statuses(db: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Yield the entries that amendments are in effect on at the last entry, with their status, by number."""
    for target, kinds in db.execute(_IN_EFFECT):
        yield target, status_of(kinds)


def entries(db: sqlite3.Connection, lines: Iterable[StoredLine], tree: Tree) -> Iterator[Row]:
    """Yield the rows of `entries`.

    Args:
        db: the views.
        lines: the journal's, as far as the views go.
        tree: empty; it grows by every leaf.

    Raises:
        VerificationFailed: the views are not of this journal.
    """
    amended = statuses(db)
    next_amended, status = next(amended, (0, ""))
    rows = db.execute(_ENTRIES)
    for line in lines:
        row = rows.fetchone()
        if row is None or row[0] != line.entry:
            raise damaged()
        entry, kind, party, issue, dated, stance, source, target, recorded_at, recorded_by = row
        earliest, latest = (None, None) if dated is None else bounds(dated)
        now = "counts"
        if entry == next_amended:
            now = status
            next_amended, status = next(amended, (0, ""))
        leaf = sha256(b"\x00" + format_line(*line)).digest()
        tree.add_leaf(leaf)
        origin = from_json(line.data).get("origin") or {} if b'"origin":{' in line.data else {}
        yield (
            *(entry, kind, line.topic, party, issue, dated, earliest, latest, stance, now),
            *(instant(recorded_at), recorded_by, source, target, origin.get("dataset"), origin.get("id")),
            *(line.data.decode(), leaf),
        )
    if rows.fetchone() is not None:
        raise damaged()


def states(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of `states`."""
    return db.execute(_STATES)


def effects(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of `effects`."""
    return db.execute(_EFFECTS)


def versions(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of `versions`: a state of an entry is split where its quote was corrected."""
    db.execute("DROP TABLE IF EXISTS temp.quoted")
    db.execute(_QUOTED)
    db.execute(_QUOTED_BY_ENTRY)
    for row in db.execute(_VERSIONS):
        party, issue, deeds, starts, latest, entry, earliest, low, high, stance, dated, flags, words, quote_start = row
        yield (
            *(party, issue, bool(deeds), starts, latest, entry, earliest, low, high, stance or None, dated),
            *(flags & VERIFIED > 0, bool(deeds) or flags & OWN_WORDS > 0),
            *(words, None if words is None else quote_start),
        )


def positions(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of `positions`."""
    for (party, issue, deeds), rows in groupby(db.execute(_IN_TIME), key=_CELL):
        for state, as_of_from, as_of_to, known_from, known_to in rectangles(State._make(row[3:]) for row in rows):
            yield (
                *(party, issue, bool(deeds), state.stance or None, state.entry, state.dated, as_of_from),
                *(None if as_of_to == END else as_of_to, known_from, None if known_to == OPEN else known_to),
            )


def bounds(dated: str) -> tuple[int | None, int]:
    """Return the bounds of a date; None stands for an open start."""
    _, latest, earliest = span(dated)
    return (None if earliest == BEGINNING else earliest), latest
