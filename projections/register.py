"""The register: the names and entries that the rules ask about, from the views and from what was decided since.

During an import nothing is appended until everything is decided, so what was decided is remembered here: names and
amendments in full, of other entries the type only (one byte each), and the last thousands of them as they read.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import chain
from typing import TYPE_CHECKING, Final

from ledger.amending import RETRACTION, Amendments, Node, corrected
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
from ledger.names import name_key
from ledger.numbers import Numbers, hashed
from ledger.register import SourceFacts
from projections.naming import Naming
from projections.schema import OPEN
from projections.states import load_node, read_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.entries import Entry
    from projections.views import Views

_AT_HAND: Final = 20_000
_ORIGINS: Final = """
SELECT entry, EXISTS (SELECT 1 FROM effects f WHERE f.target = o.entry AND f.kind = ?2 AND f.known_to = ?3)
FROM origins o WHERE dataset = ?1 ORDER BY entry
"""
_COUNTED: Final = frozenset({IssueClosed.type_name(), PartyIdentified.type_name()})
"""Types about which the register remembers whether what they say is retracted."""
_AMENDING: Final = frozenset(cls.type_name() for cls in ENTRY_TYPES if issubclass(cls, Amendment))
_MANY_NODES: Final = 50_000
_CODES: Final = {name: code for code, name in enumerate(CODEC.type_names)}


class ViewRegister(Naming):
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
        self._joined: dict[tuple[str, str], list[int]] = {}
        self._sources: dict[str, tuple[str, SourceFacts]] = {}
        """What is at hand of sources, by their names' keys."""
        self._registered = Numbers()
        """Where the sources among what was decided are, by the hashes of those keys."""
        self._users = Numbers()
        """What names a source among what was decided, by its hash."""
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

    def source(self, name: str) -> str | None:
        """Return the id of the source known by this name."""
        found = self._source(name)
        return None if found is None else found[0]

    def source_facts(self, source: str) -> SourceFacts | None:
        """Return what is known of a source, by its id."""
        found = self._source(source)
        return None if found is None else found[1]

    def source_user(self, source: str) -> int | None:
        """Return an entry that rests on a source and is not retracted."""
        recorded = self._db.execute(
            "SELECT entry FROM entries WHERE source = ?1 UNION"
            " SELECT entry FROM states WHERE json_extract(data, '$.source') = ?1 ORDER BY entry",
            (source,),
        )
        users = chain((number for (number,) in recorded), self._users.find(hashed(source)))
        return next((number for number in users if self._rests_on(number, source)), None)

    def sealed(self, entry: int) -> frozenset[str]:
        """Return the names of the fields of an entry that are sealed."""
        if entry > self._base:
            return self._sealed.get(entry, frozenset())
        # Corrections leave sealed fields alone, so the entry as it was recorded tells.
        return frozenset(getattr(read_event(self._db, entry, entry), "sealed", None) or ())

    def documents(self, entry: int) -> dict[str, str]:
        """Return the documents that an entry, or an amendment of it, rests on: ids of sources, and their SHA-256."""
        recorded = self._db.execute(
            "SELECT source FROM entries WHERE entry = ?1 OR target = ?1 UNION"
            " SELECT json_extract(data, '$.source') FROM states WHERE entry = ?1",
            (entry,),
        )
        named = {name for (name,) in recorded} | {getattr(self.event(entry), "source", None)}
        facts = {name: self.source_facts(name) for name in sorted(filter(None, named))}
        return {name: one.sha256 for name, one in facts.items() if one is not None and one.sha256 is not None}

    def origin(self, dataset: str, row: str) -> int | None:
        """Return the recorded entry that was made from a row of a data set."""
        asked = "SELECT entry FROM origins WHERE dataset = ? AND row = ?"
        found = self._db.execute(asked, (dataset, row)).fetchone()
        return None if found is None else found[0]

    def origins(self, dataset: str) -> Iterator[tuple[int, bool]]:
        """Yield the recorded entries that were made from rows of a data set, and whether they are retracted."""
        for entry, gone in self._db.execute(_ORIGINS, (dataset, RETRACTION, OPEN)):
            yield entry, bool(gone)

    def last_snapshot(self, dataset: str) -> str | None:
        """Return the day of the last snapshot of a data set."""
        asked = "SELECT snapshot FROM snapshots WHERE dataset = ? ORDER BY entry DESC LIMIT 1"
        found = self._db.execute(asked, (dataset,)).fetchone()
        return None if found is None else found[0]

    def corrections(self, entry: int) -> list[EntryCorrected]:
        """Return the corrections of an entry that are in effect, in order."""
        recorded = () if entry > self._base else self._recorded_corrections(entry)
        numbers = (*recorded, *self._corrections.find(entry))
        found = (self.as_recorded(number) for number in numbers if self.retracted_by(number) is None)
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
            self._users.add(hashed(source), number)
        if isinstance(event, StatementMade) and event.sealed:
            self._sealed[number] = frozenset(event.sealed)
        match event:
            case Mover():
                pass
            case CoalitionJoined():
                self._joined.setdefault((event.party, event.coalition), []).append(number)
            case SourceRegistered():
                key = name_key(event.source)
                self._registered.add(hashed(key), number)
                self._source_at_hand(key, event, number)
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
            self._users.add(hashed(source), self.head)
        return self.head

    def _amend(self, event: Amendment, number: int) -> None:
        if number % _MANY_NODES == 0:
            self._graph.forget(retracted=False)
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
            self._users.add(hashed(moved_to), event.entry)
        self._corrections.add(event.entry, number)
        known, self._meant = self._meant, None
        if known is not None and known[0] is event:
            self._remember(event.entry, known[1])
            self._source_changed(event.entry, known[1])
        else:
            self._recent.pop(event.entry, None)

    def _rests_on(self, entry: int, source: str) -> bool:
        """Say whether an entry that named a source counts and names it still; where that is not at hand, it does."""
        today = self.event(entry)
        is_user = today is None or (
            not isinstance(today, SourceRegistered) and getattr(today, "source", None) == source
        )
        return is_user and self.retracted_by(entry) is None

    def _source_changed(self, entry: int, event: Entry) -> None:
        if isinstance(event, SourceRegistered):
            self._source_at_hand(name_key(event.source), event, entry)

    def _source_at_hand(self, key: str, event: SourceRegistered, entry: int) -> tuple[str, SourceFacts]:
        if len(self._sources) >= _AT_HAND:
            self._sources.clear()
        found = self._sources[key] = event.source, SourceFacts(entry, event.sha256)
        return found

    # What the views know

    def _source(self, name: str) -> tuple[str, SourceFacts] | None:
        key = name_key(name)
        found = self._sources.get(key)
        if found is not None:
            return found
        for entry in self._registered.find(hashed(key)):
            event = self.event(entry)
            if isinstance(event, SourceRegistered) and name_key(event.source) == key:
                return self._source_at_hand(key, event, entry)
        row = self._db.execute("SELECT entry FROM sources WHERE key = ?", (key,)).fetchone()
        event = None if row is None else self.event(row[0])
        return self._source_at_hand(key, event, row[0]) if isinstance(event, SourceRegistered) else None

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
