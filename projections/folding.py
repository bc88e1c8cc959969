"""The fold: what each entry of the journal adds to the views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic_core import from_json

from ledger.amending import Amendments, Change, Node
from ledger.codec import CODEC, Stamp, stamp_of
from ledger.entries import (
    ActionTaken,
    Amendment,
    CoalitionJoined,
    CoalitionLeft,
    Entry,
    EntryCorrected,
    ErasureRecorded,
    EventScheduled,
    Mover,
    PartyMerged,
    PartyUnmerged,
    SourceRegistered,
    StatementMade,
)
from ledger.entries.scales import STANCES
from ledger.errors import LedgerError
from ledger.times import span
from projections.belonging import close_membership, membership_row
from projections.placing import Place, Places
from projections.registering import registered
from projections.ruling import flags_of
from projections.schema import OPEN, width_class
from projections.states import corrected, event_from, load_node, read_event, stance_of
from projections.waiting import Waiting

if TYPE_CHECKING:
    import sqlite3

    from ledger.codec import Recorded, StoredLine

_CORRECTION: Final = EntryCorrected.type_name()
_MANY_NODES: Final = 20_000


class Shape(NamedTuple):
    """Where the fields of a type of words or deeds are."""

    type: str
    date: str
    stance: str
    stances: frozenset[str | None]
    deeds: bool


_SHAPES: Final = {
    StatementMade.TOPIC: Shape(
        StatementMade.type_name(), StatementMade.DATED, "stance", frozenset(STANCES), deeds=False
    ),
    ActionTaken.TOPIC: Shape(
        ActionTaken.type_name(), ActionTaken.DATED, "bearing", frozenset((*STANCES, None)), deeds=True
    ),
}


class Fold:
    """Folds entries into the views, within the caller's transaction.

    Args:
        connection: of the views.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._waiting = Waiting(connection)
        self._places = Places(connection, self._waiting)
        self._graph = Amendments(self._load)
        self._amended = 0
        self._stamp = Stamp(b"", "", None)

    def add(self, recorded: Recorded) -> None:
        """Fold one entry in."""
        number, event = recorded.entry, recorded.event
        party, issue = getattr(event, "party", None), getattr(event, "issue", None)
        dated = stance = target = fulfils = listed = change = None
        source = None if isinstance(event, SourceRegistered) else getattr(event, "source", None)
        if isinstance(event, Mover):
            dated, stance, fulfils = getattr(event, event.DATED), stance_of(event), getattr(event, "fulfils", None)
            listed = event.type_name() if isinstance(event, EventScheduled) else None
            for place in self._places.of(event):
                self._places.open(place, number, number)
            self._name(event, number)
        elif isinstance(event, Amendment):
            target = event.entry
            listed = event.type_name() if isinstance(event, ErasureRecorded) else None
            change = self._change(event, number)  # before its row is there to be loaded, or it would count twice
        else:
            listed = event.type_name()
            self._register(event, number)
        said = (number, event.type_name(), recorded.recorded_at, recorded.recorded_by, party, issue, dated, stance)
        data = CODEC.encode(event).decode()
        self._waiting.rows["entries"].append((*said, source, target, fulfils, listed, data))
        if isinstance(event, Amendment) and change is not None:
            self._amend(event, number, change)
            self._waiting.of(change.base, *change.flipped)
        self._waiting.of(number, number if target is None else target)

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
            stance, source, origin = get(shape.stance), get("source"), get("origin")
            starts, latest, earliest = span(dated)
            if not prefix or not party or not issue or stance not in shape.stances:
                return False
            flags = flags_of(get("credibility"), get("attribution"), deed=shape.deeds)
            moves = self._places.moved(tuple(dict.fromkeys(get("on_behalf_of") or (party,))))
            row = None if origin is None else (origin["dataset"], origin["id"], number)
        except (LookupError, ValueError, TypeError, AttributeError, LedgerError):
            return False
        rows, width = self._waiting.rows, width_class(earliest, latest)
        for moved_party in moves:
            cell = self._places.cell(moved_party, issue, deed=shape.deeds)
            self._places.widened(cell, width)
            key = (cell, starts, latest, number, number, OPEN)
            rows["versions"].append((*key, earliest, stance or "", dated, width, flags))
        if row is not None:
            rows["origins"].append(row)
        fields = f"{{{data[len(prefix) :].decode()}"
        said = (number, shape.type, recorded_at, recorded_by, party, issue, dated, stance, source, None)
        rows["entries"].append((*said, get("fulfils"), None, fields))
        self._waiting.of(number)
        return True

    def flush(self) -> None:
        """Write the rows that wait."""
        self._waiting.flush()

    def _register(self, event: Entry, number: int) -> None:
        match event:
            case PartyMerged():
                self._places.merge(event.party, event.into, number)
            case PartyUnmerged():
                self._places.unmerge(event.party, number)
            case CoalitionJoined() | CoalitionLeft():
                self._waiting.rows["memberships"].append(membership_row(event, number, number))
            case _:
                self._name(event, number)

    def _name(self, event: Entry, number: int) -> None:
        for table, row in registered(event, number):
            self._waiting.rows[table].append(row)

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
        self._waiting.written(change.base, event.entry, *change.flipped)
        self._waiting.rows["effects"].append((number, event.entry, event.type_name(), number, OPEN))
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
            self._waiting.rows["effects"].append((entry, node.target, node.kind, number, OPEN))

    def _restate(self, event: Amendment, base: int, number: int, *, was_retracted: bool) -> None:
        before = self.event_at(base)
        if isinstance(event, EntryCorrected) and event.entry == base:
            after = corrected(before, event)
        elif event.entry != base:  # an amendment of an amendment: corrections may have come or gone
            after = self._recomputed(base)
        else:
            after = before
        if after != before:
            self._waiting.rows["states"].append((base, number, CODEC.encode(after).decode()))
            if isinstance(after, SourceRegistered):
                self._db.execute("UPDATE sources SET sha256 = ? WHERE entry = ?", (after.sha256, base))
        is_retracted = self._graph.retracted_by(base) is not None
        counts_before, counts = (None if was_retracted else before), (None if is_retracted else after)
        self._places.replace(base, self._placed(counts_before), self._placed(counts), number)
        if counts != counts_before and isinstance(before, CoalitionJoined | CoalitionLeft):
            close_membership(self._db, base, number)
            if isinstance(counts, CoalitionJoined | CoalitionLeft):
                self._waiting.rows["memberships"].append(membership_row(counts, base, number))

    def _placed(self, event: Entry | None) -> set[Place]:
        return set() if event is None else self._places.of(event)

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
        self._waiting.written(entry)
        return load_node(self._db, entry)
