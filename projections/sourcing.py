"""What entries rest on, and which rows of data sets they were made from, as the rules and the imports ask.

Of what was decided and is not appended yet, only numbers are remembered: the entry itself is asked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import chain
from typing import TYPE_CHECKING, Final

from ledger.amending import RETRACTION
from ledger.entries import EntryCorrected, SourceRegistered
from ledger.names import name_key
from ledger.numbers import Numbers, hashed
from ledger.register import HeldRow, SourceFacts
from projections.naming import Naming
from projections.schema import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import Entry
    from projections.views import Views

_AT_HAND: Final = 20_000
_ORIGINS: Final = """
SELECT entry, EXISTS (SELECT 1 FROM effects f WHERE f.target = o.entry AND f.kind = ?2 AND f.known_to = ?3),
    EXISTS (SELECT 1 FROM entries a WHERE a.target = o.entry AND a.type IN (?2, ?4))
FROM origins o WHERE dataset = ?1 ORDER BY entry
"""


class Sourcing(Naming, ABC):
    """Sources, who rests on them, and the rows of data sets.

    Args:
        views: caught up.
    """

    def __init__(self, views: Views) -> None:
        super().__init__(views)
        self._sources: dict[str, tuple[str, SourceFacts]] = {}
        """What is at hand of sources, by their names' keys."""
        self._registered = Numbers()
        """Where the sources among what was decided are, by the hashes of those keys."""
        self._users = Numbers()
        """What names a source among what was decided, by its hash."""

    @abstractmethod
    def event(self, entry: int) -> Entry | None:
        """Return an entry as it reads today, None where it is not at hand."""

    @abstractmethod
    def retracted_by(self, entry: int) -> int | None:
        """Return the retraction in effect of an entry."""

    def source(self, name: str) -> str | None:
        """Return the id of the source known by this name."""
        found = self._source(name)
        return None if found is None else found[0]

    def source_facts(self, source: str) -> SourceFacts | None:
        """Return what is known of a source, by its id."""
        found = self._source(source)
        return None if found is None else found[1]

    def resting_on(self, source: str) -> Iterator[int]:
        """Yield the recorded entries that named a source when they were recorded, in their order."""
        for (entry,) in self._db.execute("SELECT entry FROM entries WHERE source = ? ORDER BY entry", (source,)):
            yield entry

    def source_user(self, source: str) -> int | None:
        """Return an entry that rests on a source and is not retracted."""
        recorded = self._db.execute(
            "SELECT entry FROM entries WHERE source = ?1 UNION"
            " SELECT entry FROM states WHERE json_extract(data, '$.source') = ?1 ORDER BY entry",
            (source,),
        )
        users = chain((number for (number,) in recorded), self._users.find(hashed(source)))
        return next((number for number in users if self._rests_on(number, source)), None)

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

    def origins(self, dataset: str) -> Iterator[HeldRow]:
        """Yield the recorded entries that were made from rows of a data set."""
        asked = dataset, RETRACTION, OPEN, EntryCorrected.type_name()
        for entry, retracted, amended in self._db.execute(_ORIGINS, asked):
            yield HeldRow(entry, bool(retracted), bool(amended))

    def snapshot_end(self, dataset: str, day: str) -> int | None:
        """Return where the last snapshot of a data set and a day ends."""
        asked = "SELECT MAX(entry) FROM snapshots WHERE dataset = ? AND snapshot = ?"
        (found,) = self._db.execute(asked, (dataset, day)).fetchone()
        return None if found is None else int(found)

    def last_snapshot(self, dataset: str) -> str | None:
        """Return the day of the last snapshot of a data set."""
        asked = "SELECT snapshot FROM snapshots WHERE dataset = ? ORDER BY entry DESC LIMIT 1"
        found = self._db.execute(asked, (dataset,)).fetchone()
        return None if found is None else found[0]

    # What was decided

    def rests(self, entry: int, source: str) -> None:
        """Take note that what was decided names a source."""
        self._users.add(hashed(source), entry)

    def registered(self, event: SourceRegistered, entry: int) -> None:
        """Take in a source."""
        key = name_key(event.source)
        self._registered.add(hashed(key), entry)
        self._source_at_hand(key, event, entry)

    def source_changed(self, entry: int, event: Entry) -> None:
        """Take in how a source reads now."""
        if isinstance(event, SourceRegistered):
            self._source_at_hand(name_key(event.source), event, entry)

    def _rests_on(self, entry: int, source: str) -> bool:
        """Say whether an entry that named a source counts and names it still; where that is not at hand, it does."""
        today = self.event(entry)
        is_user = today is None or (
            not isinstance(today, SourceRegistered) and getattr(today, "source", None) == source
        )
        return is_user and self.retracted_by(entry) is None

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

    def _source_at_hand(self, key: str, event: SourceRegistered, entry: int) -> tuple[str, SourceFacts]:
        if len(self._sources) >= _AT_HAND:
            self._sources.clear()
        found = self._sources[key] = event.source, SourceFacts(entry, event.sha256)
        return found
