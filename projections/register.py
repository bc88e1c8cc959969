"""The register: the names and entries that the rules ask about, from the views and from what was decided since.

During an import nothing is appended until everything is decided, so what was decided is remembered here: names and
amendments in full, of other entries the type only (one byte each), and the last thousands of them as they read.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import chain
from typing import TYPE_CHECKING, Final

from ledger.amending import Amendments, Node, corrected
from ledger.codec import CODEC
from ledger.entries import (
    ENTRY_TYPES,
    Amendment,
    CoalitionJoined,
    EntryCorrected,
    EntryRetracted,
    IssueClosed,
    Mover,
    PartyIdentified,
    SourceRegistered,
    StatementMade,
)
from ledger.numbers import Numbers
from projections.schema import OPEN
from projections.sourcing import Sourcing
from projections.states import load_node, read_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.entries import Entry
    from projections.views import Views

_AT_HAND: Final = 20_000
_COUNTED: Final = frozenset({IssueClosed.type_name(), PartyIdentified.type_name()})
"""Types about which the register remembers whether what they say is retracted."""
_AMENDING: Final = frozenset(cls.type_name() for cls in ENTRY_TYPES if issubclass(cls, Amendment))
_MANY_NODES: Final = 20_000
_CODES: Final = {name: code for code, name in enumerate(CODEC.type_names)}


class ViewRegister(Sourcing):
    """Fulfils `ledger.rules.Register`.

    Args:
        views: caught up to the entry after which the decisions begin.
    """

    def __init__(self, views: Views) -> None:
        self._base = views.catch_up()
        super().__init__(views)
        self.head = self._base
        """The last entry, decided ones included."""
        self._kinds = bytearray()
        self._graph = Amendments(self._load)
        self._amended = 0
        self._joined: dict[tuple[str, str], list[int]] = {}
        self._sealed: dict[int, frozenset[str]] = {}
        self._recent: OrderedDict[int, Entry] = OrderedDict()
        self._corrections = Numbers()
        """The corrections among what was decided, by what they correct."""
        self.recall: Callable[[int], Entry | None] | None = None
        """Returns an entry that was decided on and is not appended yet, as it was decided on."""
        self._meant: tuple[EntryCorrected, Entry] | None = None
        """A correction that is being decided on, and its target as it would read."""
        self._unsure: set[int] = set()
        """Entries whose corrections came or went among what was decided."""

    # What the rules ask

    def joined(self, party: str, coalition: str) -> CoalitionJoined | None:
        """Return how a party last became a member of a coalition, as far as that is not retracted."""
        decided = self._joined.get((party, coalition), [])
        recorded = self._db.execute(
            "SELECT DISTINCT entry FROM memberships WHERE party = ? AND coalition = ? AND joined AND known_to = ?"
            " ORDER BY entry DESC",
            (party, coalition, OPEN),
        )
        for entry in chain(reversed(decided), (number for (number,) in recorded)):
            event = self.event(entry)
            if isinstance(event, CoalitionJoined) and self.retracted_by(entry) is None:
                return event
        return None

    def sealed(self, entry: int) -> frozenset[str]:
        """Return the names of the fields of an entry that are sealed."""
        if entry > self._base:
            return self._sealed.get(entry, frozenset())
        # Corrections leave sealed fields alone, so the entry as it was recorded tells.
        return frozenset(getattr(read_event(self._db, entry, entry), "sealed", None) or ())

    def corrections(self, entry: int, *, undone: bool = False) -> list[EntryCorrected]:
        """Return the corrections of an entry that are in effect, in order; with `undone` also the others."""
        recorded = () if entry > self._base else self._recorded_corrections(entry)
        numbers = (*recorded, *self._corrections.find(entry))
        found = (self.as_recorded(number) for number in numbers if undone or self.retracted_by(number) is None)
        return [one for one in found if isinstance(one, EntryCorrected)]

    def kind(self, entry: int) -> str | None:
        """Return the type name of an entry, None where there is none."""
        node = self._graph.node(entry)
        return None if node is None else node.kind

    def retracted_by(self, entry: int) -> int | None:
        """Return the retraction in effect of an entry."""
        return self._graph.retracted_by(entry)

    @property
    def outdated(self) -> bool:
        """Whether something was decided that only fresh views can tell the effect of."""
        return bool(self._unsure)

    def retractions(self, entry: int) -> list[int]:
        """Return the retractions that aim at an entry, in effect or not, in order."""
        node = self._graph.node(entry)
        return [] if node is None else list(node.retractions)

    def last_amendment(self, entry: int) -> int | None:
        """Return the last entry that amends this one."""
        node = self._graph.node(entry)
        return None if node is None else node.last_amendment

    def event(self, entry: int) -> Entry | None:
        """Return an entry as it reads today, None where it is not at hand."""
        if entry in self._recent:
            return self._recent[entry]
        try:
            if entry > self._base or entry in self._unsure or entry in self._corrections:
                today = self._folded(entry)
                self._remember(entry, today)
                return today
            return read_event(self._db, entry, OPEN)
        except LookupError:
            return None

    def corrected(self, event: EntryCorrected, today: Entry) -> Entry:
        """Return an entry, which reads so today, as a correction would have it read."""
        meant = corrected(today, event.changes)
        self._meant = event, meant
        return meant

    def _folded(self, entry: int) -> Entry:
        """Return an entry as it reads, where what was decided on may have a part in that."""
        today = self.as_recorded(entry)
        for correction in self.corrections(entry):
            today = corrected(today, correction.changes)
        return today

    def _recorded_corrections(self, entry: int) -> list[int]:
        rows = self._db.execute(
            "SELECT entry FROM entries WHERE target = ? AND type = ? AND entry <= ? ORDER BY entry",
            (entry, EntryCorrected.type_name(), self._base),
        )
        return [number for (number,) in rows]

    def as_recorded(self, entry: int) -> Entry:
        """Return an entry as it was recorded, or is to be."""
        waiting = None if entry <= self._base or self.recall is None else self.recall(entry)
        return read_event(self._db, entry, entry) if waiting is None else waiting

    def _remember(self, entry: int, event: Entry) -> None:
        self._recent[entry] = event
        if len(self._recent) > _AT_HAND:
            self._recent.popitem(last=False)

    # What was decided

    def decided(self, event: Entry) -> int:
        """Take in the next entry; return its number."""
        self.head += 1
        number = self.head
        self._kinds.append(_CODES[event.type_name()])
        self._remember(number, event)
        source = getattr(event, "source", None)
        if source is not None and not isinstance(event, SourceRegistered):
            self.rests(number, source)
        if isinstance(event, StatementMade) and event.sealed:
            self._sealed[number] = frozenset(event.sealed)
        match event:
            case Mover():
                pass
            case CoalitionJoined():
                self._joined.setdefault((event.party, event.coalition), []).append(number)
            case SourceRegistered():
                self.registered(event, number)
            case Amendment():
                self._amend(event, number)
            case _:
                self.named(event)
        return number

    def moved(self, kind: str, source: str | None) -> int:
        """Take in words or a deed as the next entry, of which nobody needs to know more; return its number."""
        self.head += 1
        self._kinds.append(_CODES[kind])
        if source is not None:
            self.rests(self.head, source)
        return self.head

    def _amend(self, event: Amendment, number: int) -> None:
        self._amended += 1
        if self._amended % _MANY_NODES == 0:
            self._graph.forget(retracted=False)  # the others are loaded again when asked for: memory stays flat
        change = self._graph.add(number, event.type_name(), event.entry)
        if isinstance(event, EntryCorrected):
            self._correct(event, number)
        elif isinstance(event, EntryRetracted) and change.base != event.entry:
            self._unsure.add(change.base)
            self._recent.pop(change.base, None)
        if change.base in change.flipped and self.kind(change.base) in _COUNTED:
            counts = self.retracted_by(change.base) is None
            match self.event(change.base):
                case IssueClosed() as closing:
                    self.reopened(closing, closed=counts)
                case PartyIdentified() as identified:
                    self.identified_again(identified, counts=counts)
                case _:
                    pass

    def _correct(self, event: EntryCorrected, number: int) -> None:
        moved_to = event.changes.get("source")
        if moved_to is not None:
            self.rests(event.entry, moved_to)
        self._corrections.add(event.entry, number)
        known, self._meant = self._meant, None
        if known is not None and known[0] is event:
            self._remember(event.entry, known[1])
            self.source_changed(event.entry, known[1])
        else:
            self._recent.pop(event.entry, None)

    # What the views know

    def _load(self, entry: int) -> Node | None:
        if entry <= self._base:
            return load_node(self._db, entry)
        index = entry - self._base - 1
        if index >= len(self._kinds):
            return None
        kind = CODEC.type_names[self._kinds[index]]
        if kind not in _AMENDING:
            return Node(kind)
        event = self.as_recorded(entry)
        return Node(kind, event.entry if isinstance(event, Amendment) else None)
