"""The fold: what each entry of the journal adds to the views.

Rows wait in lists and go in by `executemany`; whatever must first be read is read after the lists are flushed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic_core import from_json

from ledger.amending import Amendments, Change, Node
from ledger.codec import CODEC, Stamp, stamp_of
from ledger.entries import (
    ActionTaken,
    AliasAdded,
    Amendment,
    Entry,
    EntryCorrected,
    EventScheduled,
    IssueOpened,
    Mover,
    PartyRegistered,
    SourceRegistered,
    StatementMade,
)
from ledger.entries.scales import STANCES
from ledger.errors import LedgerError
from ledger.times import span
from projections.names import name_key
from projections.schema import OPEN, width_class
from projections.states import corrected, event_from, load_node, moved, read_event, stance_of

if TYPE_CHECKING:
    import sqlite3

    from ledger.codec import Recorded, StoredLine

_CORRECTION: Final = EntryCorrected.type_name()
_MANY_NODES: Final = 50_000

_INSERT: Final = {
    "entries": "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "versions": "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "states": "INSERT INTO states VALUES (?, ?, ?)",
    "effects": "INSERT INTO effects VALUES (?, ?, ?, ?, ?)",
    "parties": "INSERT OR IGNORE INTO parties VALUES (?, ?, ?, ?)",
    "party_names": "INSERT OR IGNORE INTO party_names VALUES (?, ?, ?, ?)",
    "issues": "INSERT OR IGNORE INTO issues VALUES (?, ?, ?, ?)",
    "sources": "INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?)",
}


class Place(NamedTuple):
    """Where one state of an entry stands in a cell: the key of its version, and what the version says."""

    cell: int
    starts: int
    latest: int
    earliest: int
    stance: str
    dated: str


class Shape(NamedTuple):
    """Where the fields of a type of words or deeds are."""

    type: str
    date: str
    stance: str
    stances: frozenset[str | None]
    deeds: bool


_SHAPES: Final = {
    StatementMade.TOPIC: Shape(
        StatementMade.type_name(), StatementMade.DATE, "stance", frozenset(STANCES), deeds=False
    ),
    ActionTaken.TOPIC: Shape(
        ActionTaken.type_name(), ActionTaken.DATE, "bearing", frozenset((*STANCES, None)), deeds=True
    ),
}


class Fold:
    """Folds entries into the views, within the caller's transaction.

    Args:
        connection: of the views.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _INSERT}
        self._cells: dict[tuple[str, str, bool], int] = {}
        self._graph = Amendments(self._load)
        self._amended = 0
        self._stamp = Stamp(b"", "", None)
        self._waiting: set[int] = set()
        """Entries of which something is not written yet."""

    def add(self, recorded: Recorded) -> None:
        """Fold one entry in."""
        number, event = recorded.entry, recorded.event
        data = CODEC.encode(event).decode()
        party = issue = dated = stance = source = target = change = None
        if isinstance(event, Mover):
            party, issue, dated = event.party, event.issue, getattr(event, event.DATE)
            source = event.source
            if not isinstance(event, EventScheduled):
                stance = stance_of(event)
                for place in self._places(event):
                    self._open(place, number, number)
        elif isinstance(event, Amendment):
            target, source = event.entry, getattr(event, "source", None)
            change = self._change(event, number)  # before its row is there to be loaded, or it would count twice
        else:
            party, issue, source = self._register(event, number)
        said = (number, event.type_name(), recorded.recorded_at, recorded.recorded_by)
        self._rows["entries"].append((*said, party, issue, dated, stance, source, target, data))
        if isinstance(event, Amendment) and change is not None:
            self._amend(event, number, change)
            self._waiting.update((change.base, *change.flipped))
        self._waiting.update((number,) if target is None else (number, target))

    def add_line(self, line: StoredLine) -> None:
        """Fold one stored entry in.

        Words and deeds, which are nearly all, are read without making an event of each: what the journal holds was
        validated when it was appended or replayed.  Whatever looks odd is decoded, which says what is wrong.
        """
        shape = _SHAPES.get(line.topic)
        if shape is None or not self._add_mover(line, shape):
            self.add(CODEC.decode(*line))

    def _add_mover(self, line: StoredLine, shape: Shape) -> bool:
        number, _, data = line
        if not self._stamp.begins(data):
            self._stamp = stamp_of(data)
        prefix, recorded_at, recorded_by = self._stamp
        try:
            get = from_json(data).get
            party, issue, dated = get("party"), get("issue"), get(shape.date)
            stance, source = get(shape.stance), get("source")
            starts, latest, earliest = span(dated)
            if not prefix or not party or not issue or stance not in shape.stances:
                return False
            moves = tuple(dict.fromkeys(get("on_behalf_of") or (party,)))
        except (ValueError, TypeError, AttributeError, LedgerError):
            return False
        rows, width = self._rows, width_class(earliest, latest)
        for moved_party in moves:
            cell = self._cells.get((moved_party, issue, shape.deeds)) or self._cell(moved_party, issue, shape.deeds)
            row = (cell, starts, latest, number, number, OPEN, earliest, stance or "", dated, width)
            rows["versions"].append(row)
        fields = f"{{{data[len(prefix) :].decode()}"
        said = (number, shape.type, recorded_at, recorded_by, party, issue, dated, stance, source, None, fields)
        rows["entries"].append(said)
        self._waiting.add(number)
        return True

    def flush(self) -> None:
        """Write the rows that wait, sorted as the tables are."""
        for table, rows in self._rows.items():
            if rows:
                rows.sort() if table == "versions" else None
                self._db.executemany(_INSERT[table], rows)
                rows.clear()
        self._waiting.clear()

    def _written(self, *entries: int) -> None:
        """Write what waits if something of these entries is among it: what is read next must be there."""
        if not self._waiting.isdisjoint(entries):
            self.flush()

    # Names

    def _register(self, event: Entry, number: int) -> tuple[str | None, str | None, str | None]:
        rows = self._rows
        match event:
            case PartyRegistered():
                rows["parties"].append((event.party, event.name, event.kind, number))
                for name in (event.party, event.name, *event.aliases):
                    rows["party_names"].append((name_key(name), name, event.party, number))
                return event.party, None, None
            case AliasAdded():
                rows["party_names"].append((name_key(event.alias), event.alias, event.party, number))
                return event.party, None, None
            case IssueOpened():
                rows["issues"].append((event.issue, name_key(event.issue), event.proposition, number))
                return None, event.issue, None
            case SourceRegistered():
                # `source` stays empty: the column says what an entry rests on, not what it names.
                rows["sources"].append((event.source, name_key(event.source), event.sha256, number))
                return None, None, None
            case _:
                return getattr(event, "party", None), None, None

    # Versions

    def _places(self, event: Mover) -> list[Place]:
        bounds, dated = span(getattr(event, event.DATE)), getattr(event, event.DATE)
        stance, deeds = stance_of(event) or "", isinstance(event, ActionTaken)
        return [
            Place(self._cell(party, event.issue, deeds), bounds.starts, bounds.latest, bounds.earliest, stance, dated)
            for party in moved(event)
        ]

    def _cell(self, party: str, issue: str, deeds: bool) -> int:  # noqa: FBT001  one of two kinds of cell
        found = self._cells.get((party, issue, deeds))
        if found is None:
            cell = party, issue, deeds
            self._db.execute("INSERT OR IGNORE INTO cells (party, issue, deeds) VALUES (?, ?, ?)", cell)
            query = "SELECT id FROM cells WHERE party = ? AND issue = ? AND deeds = ?"
            (found,) = self._db.execute(query, cell).fetchone()
            self._cells[cell] = found
        return found

    def _open(self, place: Place, entry: int, known_from: int) -> None:
        cell, starts, latest, earliest, stance, dated = place
        row = (cell, starts, latest, entry, known_from, OPEN, earliest, stance, dated, width_class(earliest, latest))
        self._rows["versions"].append(row)

    def _close(self, place: Place, entry: int, known_to: int) -> None:
        self._db.execute(
            # The open version is the last one: found by its key, however often the entry was corrected.
            "UPDATE versions SET known_to = ?1 WHERE cell = ?2 AND starts = ?3 AND latest = ?4 AND entry = ?5"
            " AND known_from = (SELECT MAX(known_from) FROM versions"
            " WHERE cell = ?2 AND starts = ?3 AND latest = ?4 AND entry = ?5) AND known_to = ?6",
            (known_to, place.cell, place.starts, place.latest, entry, OPEN),
        )

    # Amendments

    def _change(self, event: Amendment, number: int) -> Change | None:
        if self._amended >= _MANY_NODES:
            self._graph.forget()  # loaded again when asked for: memory stays flat
            self._amended = 0
        self._amended += 1
        try:
            return self._graph.add(number, event.type_name(), event.entry)
        except KeyError:
            return None  # of an entry that is not there: no rule admits it, and it has no effect

    def _amend(self, event: Amendment, number: int, change: Change) -> None:
        self._written(change.base, event.entry, *change.flipped)
        self._rows["effects"].append((number, event.entry, event.type_name(), number, OPEN))
        for entry in change.flipped:
            self._flip_effect(entry, number)
        self._restate(event, change.base, number, was_retracted=self._was_retracted(change.base, change.flipped))

    def _was_retracted(self, base: int, flipped: list[int]) -> bool:
        retracted = self._graph.retracted_by(base) is not None
        return retracted != (base in flipped)

    def _flip_effect(self, entry: int, number: int) -> None:
        node = self._graph.node(entry)
        if node is None or node.target is None:
            return
        if self._graph.retracted_by(entry) is not None:
            self._db.execute(
                "UPDATE effects SET known_to = ? WHERE amendment = ? AND known_to = ?", (number, entry, OPEN)
            )
        else:
            self._rows["effects"].append((entry, node.target, node.kind, number, OPEN))

    def _restate(self, event: Amendment, base: int, number: int, *, was_retracted: bool) -> None:
        before = self.event_at(base)
        if isinstance(event, EntryCorrected) and event.entry == base:
            after = corrected(before, event)
        elif event.entry != base:  # an amendment of an amendment: corrections may have come or gone
            after = self._recomputed(base)
        else:
            after = before
        if after != before:
            self._rows["states"].append((base, number, CODEC.encode(after).decode()))
            if isinstance(after, SourceRegistered):
                self._db.execute("UPDATE sources SET sha256 = ? WHERE entry = ?", (after.sha256, base))
        is_retracted = self._graph.retracted_by(base) is not None
        old = set() if was_retracted else self._counting_places(before)
        new = set() if is_retracted else self._counting_places(after)
        for place in old - new:
            self._close(place, base, number)
        for place in new - old:
            self._open(place, base, number)

    def _counting_places(self, event: Entry) -> set[Place]:
        if isinstance(event, Mover) and not isinstance(event, EventScheduled):
            return set(self._places(event))
        return set()

    def event_at(self, entry: int) -> Entry:
        """Return an entry as it reads after everything folded in so far."""
        return read_event(self._db, entry, OPEN)

    def _recomputed(self, base: int) -> Entry:
        event = read_event(self._db, base, base)
        corrections = self._db.execute(
            "SELECT entry, data FROM entries WHERE target = ? AND type = ? ORDER BY entry", (base, _CORRECTION)
        ).fetchall()
        for number, data in corrections:
            if self._graph.retracted_by(number) is None:
                correction = event_from(_CORRECTION, data)
                if isinstance(correction, EntryCorrected):
                    event = corrected(event, correction)
        return event

    def _load(self, entry: int) -> Node | None:
        self._written(entry)
        return load_node(self._db, entry)
