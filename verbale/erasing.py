"""Erasing what is sealed: the record is appended, values and salts are destroyed, and what held the words with them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.batch import covers
from ledger.entries import ErasureRecorded
from ledger.errors import ConnectionLost, Refused
from ledger.remains import hold_any
from projections.erasures import erased_by, erasures
from projections.evidence import readings
from projections.schema import OPEN
from projections.states import read_event
from verbale.recording import Recorded, Recordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.entries.movers import SealedName
    from ledger.sealing import SealedValue
    from projections.evidence import Reading

_DECIDE = "say --remove-source, or --keep-source"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did."""

    recorded: Recorded
    """The entry that records it."""
    target: int
    destroyed: tuple[str, ...] = ()
    """The fields whose values and salts were at hand, and are gone now."""
    removed: tuple[str, ...] = ()
    """The sources whose bytes were removed."""
    kept: dict[str, str] = field(default_factory=dict)
    """The sources whose bytes may hold the words and stay, and why."""
    unchecked: tuple[int, ...] = ()
    """Other entries that quote a removed source, which nobody can check any more."""


class NotPurged(Refused):
    """The values are deleted, but not overwritten yet; `done` says what was done."""

    def __init__(self, done: Erased, why: Refused) -> None:
        super().__init__(why.message, hint=why.hint)
        self.done = done


class Erasings(Recordings):
    """What destroys."""

    def erase(
        self,
        entry: int,
        reason: str,
        authority: str,
        *,
        fields: Sequence[SealedName] = (),
        keep_source: bool | None = None,
    ) -> Erased:
        """Erase what is sealed in a statement, for good: the values, their salts, and source bytes that hold them.

        The same again says which entry has recorded it, and overwrites what could not be overwritten then.

        Args:
            entry: the statement; it may be retracted.
            reason: why.
            authority: by whose decision, or under what law.
            fields: which of its sealed fields; none named, all of them.
            keep_source: keep the bytes of its sources (True), remove them (False), or remove those that hold a word
                of what is erased (None).

        Raises:
            UnknownName: there is no such entry.
            Refused: it was never sealed, or nobody can tell whether a source holds the words; nothing was erased.
            NotPurged: it is recorded and deleted, but somebody is reading, so that it is not overwritten yet.
        """
        draft = {"type": "erasure-recorded", "entry": entry, "reason": reason, "authority": authority}
        named = tuple(fields)
        try:
            done = self._erase(entry, draft, named, keep_source=keep_source)
        except ConnectionLost:  # nothing was appended; on a new connection it is decided again
            self._register = None
            done = self._erase(entry, draft, named, keep_source=keep_source)
        self.snapshots.forget()
        if self.journal.erasures.unpurged or self.journal.kept.stem is None:
            try:
                self.journal.erasures.purge()
            except Refused as error:
                raise NotPurged(done, error) from None
        return done

    def _erase(
        self, entry: int, draft: dict[str, Any], fields: tuple[SealedName, ...], *, keep_source: bool | None
    ) -> Erased:
        with self.journal.writing():
            register = self.current_register()
            sealed = register.sealed(entry) if register.kind(entry) else frozenset()
            before = list(erasures(self.views.db, entry))
            wanted = sealed.intersection(fields) if fields else sealed
            by = [erased_by(before, name) for name in sorted(wanted)]
            if by and None not in by and sealed.issuperset(fields):
                return self._already(entry, max(filter(None, by)))
            values = [value for value in self.journal.sealed_values(entry) if covers(fields, value.field)]
            removed, kept = self._sources_of(entry, values, keep_source=keep_source) if sealed else ({}, {})
            also = {"fields": list(fields), "sources": sorted(set(removed.values()))}
            given = {**draft, **{name: some for name, some in also.items() if some}}
            recorded = self._record_once(given, None, None)
            gone = tuple(sorted(value.field for value in values))
            return Erased(recorded, entry, gone, tuple(removed), kept, self._quoting(entry, removed.values()))

    def _already(self, entry: int, by: int) -> Erased:
        event = read_event(self.views.db, by, OPEN)
        party, issue = self._cell_of(event)
        row = self._row(party, issue)
        kind = ErasureRecorded.type_name()
        said = Recorded(entry=by, already=True, type=kind, party=party, issue=issue, before=row, after=row, event=event)
        return Erased(said, entry)

    def _sources_of(
        self, entry: int, values: Sequence[SealedValue], *, keep_source: bool | None
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return the sources whose bytes are to go, with their SHA-256, and those that stay, with the reason."""
        removed: dict[str, str] = {}
        kept: dict[str, str] = {}
        store = self.journal.store
        for source, sha256 in self.current_register().documents(entry).items():
            document = store.shelf.get(sha256)
            if document is None:
                continue
            if keep_source:
                kept[source] = "as asked"
            elif keep_source is False or self._holds(source, document, values):
                others = store.also_in(sha256)
                if others:
                    kept[source] = f"ledger {', '.join(others)} of the same database names it too"
                else:
                    removed[source] = sha256
        return removed, kept

    def _holds(self, source: str, document: bytes, values: Sequence[SealedValue]) -> bool:
        message = f"whether source '{source}' holds what is to be erased cannot be told"
        if not values:
            raise Refused(f"{message}: the values are not at hand", hint=_DECIDE)
        try:
            return hold_any(document, values)
        except Refused as error:
            raise Refused(f"{message}: {error.message}", hint=_DECIDE) from None

    def _quoting(self, target: int, removed: Iterable[str]) -> tuple[int, ...]:
        """Return the entries that count and quote a document, whatever the id it was registered under."""
        db, named = self.views.db, set(removed)
        ids = {name for name, sha256 in db.execute("SELECT source, sha256 FROM sources") if sha256 in named}
        query = """SELECT entry FROM entries WHERE source IN (SELECT value FROM json_each(?1)) UNION
            SELECT entry FROM states WHERE json_extract(data, '$.source') IN (SELECT value FROM json_each(?1))"""
        rows = db.execute(query, (json.dumps(sorted(ids)),))
        found = [entry for (entry,) in rows.fetchall() if entry != target] if ids else []
        return tuple(number for number in sorted(found) if self._quotes(number, ids))

    def _quotes(self, number: int, ids: set[str]) -> bool:
        one: Reading = next(readings(self.views.db, self.head, "e.entry = :entry", {"entry": number}))
        quoted = getattr(one.event, "quote", None) is not None or "quote" in (getattr(one.event, "sealed", None) or {})
        return quoted and one.status != "retracted" and getattr(one.event, "source", None) in ids
