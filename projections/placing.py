"""Where the states of entries stand: which version of which cell, opened, closed, and moved when parties merge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.entries import ActionTaken, EventScheduled, Mover
from ledger.merging import Merges
from ledger.times import span
from projections.ruling import flags_of
from projections.schema import OPEN, width_class
from projections.states import moved, read_event, stance_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from ledger.entries import Entry
    from projections.waiting import Waiting

_REMEMBERED: Final = 200_000
"""Cells whose numbers are kept at hand."""
_MOVE: Final = """
INSERT INTO versions
SELECT ?2, starts, latest, entry, ?3, known_to, earliest, stance, dated, width, flags FROM versions v
WHERE cell = ?1 AND known_to = ?4 AND NOT EXISTS (
    SELECT 1 FROM versions w WHERE w.cell = ?2 AND w.starts = v.starts AND w.latest = v.latest AND w.entry = v.entry
    AND w.known_to = ?4
)
"""
# What may be of one of some parties though it stands in another's cell.
_MAYBE_OF: Final = """
SELECT DISTINCT v.entry FROM versions v JOIN cells c ON c.id = v.cell JOIN entries e ON e.entry = v.entry
WHERE c.party = ?1 AND v.known_to = ?2 AND (0 OR
    e.party IN (SELECT value FROM json_each(?3)) OR json_extract(e.data, '$.on_behalf_of') IS NOT NULL
    OR EXISTS (SELECT 1 FROM states s WHERE s.entry = e.entry)
)
"""


class Place(NamedTuple):
    """Where one state of an entry stands in a cell: the key of its version, and what the version says."""

    cell: int
    starts: int
    latest: int
    earliest: int
    stance: str
    dated: str
    flags: int


class Places:
    """The cells, and the versions in them.

    Args:
        db: the views' connection.
        waiting: takes the new versions.
    """

    def __init__(self, db: sqlite3.Connection, waiting: Waiting) -> None:
        self._db = db
        self._waiting = waiting
        self._cells: dict[tuple[str, str, bool], int] = {}
        self._widths: dict[int, int] = {}
        self.merges = Merges(db.execute("SELECT party, into_party FROM merges WHERE known_to = ?", (OPEN,)))

    def of(self, event: Entry) -> set[Place]:
        """Return where an entry stands as it reads: nowhere, unless it is words or deeds."""
        if not isinstance(event, Mover) or isinstance(event, EventScheduled):
            return set()
        dated = getattr(event, event.DATED)
        bounds, stance, deed = span(dated), stance_of(event) or "", isinstance(event, ActionTaken)
        flags = flags_of(getattr(event, "credibility", None), getattr(event, "attribution", None), deed=deed)
        where = bounds.starts, bounds.latest, bounds.earliest, stance, dated, flags
        return {Place(self.cell(party, event.issue, deed=deed), *where) for party in self.moved(moved(event))}

    def moved(self, parties: Iterable[str]) -> Iterable[str]:
        """Return the parties whose position moves, those that are merged given way to their survivors."""
        return dict.fromkeys(map(self.merges.survivor, parties)) if self.merges else parties

    def cell(self, party: str, issue: str, *, deed: bool) -> int:
        """Return the number of a cell, which is made if need be."""
        found = self._cells.get((party, issue, deed))
        if found is None:
            cell = party, issue, deed
            query = "SELECT id, widths FROM cells WHERE party = ? AND issue = ? AND deeds = ?"
            row = self._db.execute(query, cell).fetchone()
            if row is None:
                insert = "INSERT INTO cells (party, issue, deeds, widths) VALUES (?, ?, ?, 0)"
                row = self._db.execute(insert, cell).lastrowid or 0, 0
            found, self._widths[row[0]] = row
            if len(self._cells) >= _REMEMBERED:
                self._cells.clear()  # and asked for again: memory stays flat
                self._widths = {found: row[1]}
            self._cells[cell] = found
        return found

    def widened(self, cell: int, width: int) -> None:
        """Note that a date of a class of width stands in a cell: who asks looks for no others."""
        widths = self._widths.get(cell)
        if widths is None:
            (widths,) = self._db.execute("SELECT widths FROM cells WHERE id = ?", (cell,)).fetchone()
            self._widths[cell] = widths
        if not widths >> width & 1:
            self._widths[cell] = widths | 1 << width
            self._db.execute("UPDATE cells SET widths = ? WHERE id = ?", (widths | 1 << width, cell))

    def replace(self, entry: int, old: set[Place], new: set[Place], number: int) -> None:
        """Let an entry stand elsewhere from an entry of the ledger on."""
        for place in old - new:
            self._close(place, entry, number)
        for place in new - old:
            self.open(place, entry, number)

    def open(self, place: Place, entry: int, known_from: int) -> None:
        """Let an entry stand at a place from an entry of the ledger on."""
        cell, starts, latest, earliest, stance, dated, flags = place
        width = width_class(earliest, latest)
        self.widened(cell, width)
        row = (cell, starts, latest, entry, known_from, OPEN, earliest, stance, dated, width, flags)
        self._waiting.rows["versions"].append(row)

    def _close(self, place: Place, entry: int, known_to: int) -> None:
        self._db.execute(
            # The open version is the last one: found by its key, however often the entry was corrected.
            "UPDATE versions SET known_to = ?1 WHERE cell = ?2 AND starts = ?3 AND latest = ?4 AND entry = ?5"
            " AND known_from = (SELECT MAX(known_from) FROM versions"
            " WHERE cell = ?2 AND starts = ?3 AND latest = ?4 AND entry = ?5) AND known_to = ?6",
            (known_to, place.cell, place.starts, place.latest, entry, OPEN),
        )

    # Merging

    def merge(self, party: str, into: str, number: int) -> None:
        """Move what a party and those merged into it hold to another, once and for every cell."""
        survivor = self.merges.survivor(into)
        if not self.merges.merge(party, into):
            return  # a foreign journal's: no rule admits it
        self._waiting.rows["merges"].append((party, into, number, OPEN))
        self._waiting.flush()
        for cell, issue, deed, widths in self._cells_of(party):
            theirs = self.cell(survivor, issue, deed=bool(deed))
            self._db.execute(_MOVE, (cell, theirs, number, OPEN))
            for width in range(widths.bit_length()):
                self.widened(theirs, width) if widths >> width & 1 else None
            self._db.execute("UPDATE versions SET known_to = ? WHERE cell = ? AND known_to = ?", (number, cell, OPEN))

    def unmerge(self, party: str, number: int) -> None:
        """Move back what is a party's or of those merged into it, whenever it was recorded."""
        survivor = self.merges.survivor(party)
        self._waiting.flush()
        group = json.dumps(sorted(self.merges.group(party)))
        entries = [entry for (entry,) in self._db.execute(_MAYBE_OF, (survivor, OPEN, group))]
        events = {entry: read_event(self._db, entry, OPEN) for entry in entries}
        before = {entry: self.of(event) for entry, event in events.items()}
        if not self.merges.unmerge(party):
            return
        self._db.execute("UPDATE merges SET known_to = ? WHERE party = ? AND known_to = ?", (number, party, OPEN))
        for entry, event in events.items():
            self.replace(entry, before[entry], self.of(event), number)
        self._waiting.of(*entries)

    def _cells_of(self, party: str) -> list[tuple[int, str, int, int]]:
        return self._db.execute("SELECT id, issue, deeds, widths FROM cells WHERE party = ?", (party,)).fetchall()
