"""Living data sets: what a snapshot changes in what the ledger holds of the same data.

Data sets such as ACLED publish their whole state again and again.  A row is known by its key.  Against what the ledger
holds, a snapshot has rows that are new, rows that read otherwise (one correction each), and lacks rows that have
vanished (one retraction each).  A person's own correction or retraction of such an entry stays, and so does what a
person undid: compared is what the data say with what the *data* said last (`ledger.last_said`), and only the fields and
rows that turned since are moved.  A row that a person brought back stays until it is in the data again and vanishes
anew; one that a person retracted stays out, and its changes wait until that is undone.

A file that was filtered lacks most rows of the world.  So the comparison can be limited to a scope, and stops where
more has vanished than an update explains.
"""

from __future__ import annotations

import hashlib
from itertools import starmap
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from pydantic_core import from_json, to_json

from ledger.codec import CODEC
from ledger.entries import ImportFinished, Mover
from ledger.errors import Refused, Unparsable
from ledger.keys import KeySet
from ledger.last_said import LastSaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.entries import Entry
    from ledger.register import Register

VANISHED: Final = 5.0
"""Per cent of the rows that are held, of which a snapshot may lack as many."""
_ALL: Final = 100.0
_CHUNK: Final = 1 << 20

Draft = dict[str, Any]


def share(per_cent: float) -> float:
    """Return what may have vanished.

    Raises:
        Unparsable: it is no share: beyond all, below nothing, or no number.
    """
    if not 0 <= per_cent <= _ALL:
        raise Unparsable(f"{per_cent} is no share of the rows", hint="what may have vanished is a per cent, 0 to 100")
    return per_cent


class Snapshot(NamedTuple):
    """The state of a data set on a day, as somebody wants it to be imported."""

    dataset: str
    day: str | None = None
    """None for more rows of a data set that is held: none of them may change what is there."""
    allow_vanished: float = VANISHED
    """Per cent."""
    scope: Mapping[str, str] = {}
    """Columns, and the one value of each that the file is limited to."""

    @property
    def source(self) -> str:
        """The id of the source that what it changes rests on."""
        return f"{self.dataset}/{self.day}"


class Change(NamedTuple):
    """What is to be recorded for a row."""

    drafts: tuple[Draft, ...] = ()
    note: str | None = None
    """Under which name the report counts it."""
    repeats: bool = False
    held: int | None = None
    """The entry that the row is already."""


class Comparison:
    """Compares the rows of a snapshot with what is held.

    Args:
        snapshot: what it is.
        register: what is known, and what is held.
        read: returns the entry that a draft would become.
    """

    def __init__(self, snapshot: Snapshot, register: Register, read: Callable[[Draft], Entry]) -> None:
        self.snapshot = snapshot
        self.rows = 0
        self.kept = 0
        """Rows that vanished before, were brought back by people and are not in the data yet."""
        self.gone = 0
        """Rows that have vanished, and that people had retracted: nothing is recorded of them."""
        self._turned = False
        """Whether anything is to be recorded for a row."""
        self._register = register
        self._read = read
        self._last = LastSaid(snapshot.dataset, register)
        self._amended: set[int] = {row.entry for row in register.origins(snapshot.dataset) if row.amended}
        """Those of which the data, or people, have said more since."""
        self._seen = bytearray()
        """A bit for each entry that a row stands for."""
        self._keys = KeySet()
        self._said = KeySet()

    def change(self, row: Draft) -> Change:
        """Return what a row changes.

        Raises:
            Refused: it has no key, lies outside of the scope, or differs from an earlier row with its key.
        """
        key = self._key(row)
        self.rows += 1
        found = self._compared(row, key)
        self._turned = self._turned or bool(found.drafts)
        return found

    def _compared(self, row: Draft, key: str) -> Change:
        again = not self._said.add(key + to_json(row).decode())
        if not self._keys.add(key):
            if again:
                return Change(repeats=True)
            raise Refused(f"row '{key}' is given twice, and not alike", hint="a data set has each row once")
        held = self._register.origin(self.snapshot.dataset, key)
        if held is None:
            return Change((row,))
        self._mark(held)
        return self._changed(held, self._read(row))._replace(held=held)

    def finish(self, file: IO[bytes]) -> Iterator[Draft]:
        """Yield what ends the import: a retraction for each row that vanished, and the end itself.

        Raises:
            Refused: more has vanished than is allowed.
        """
        snapshot, of = self.snapshot, f"the snapshot of {self.snapshot.dataset} of {self.snapshot.day}"
        rows = (row.entry for row in self._register.origins(snapshot.dataset) if not row.retracted)
        held = [entry for entry in rows if self._in_scope(entry)]
        lacking = [entry for entry in held if not self._is_marked(entry)]
        vanished = [entry for entry in lacking if entry not in self._amended or not self._last.gone(entry)]
        self.kept = len(lacking) - len(vanished)
        there = len(held) - self.kept
        if len(vanished) > there * snapshot.allow_vanished / 100:
            share = 100 * len(vanished) / there
            message = f"{len(vanished):,} of {there:,} rows have vanished ({share:.1f} %)"
            limits = "a filtered file names its limits, --scope COLUMN=VALUE; else allow it, --allow-vanished PERCENT"
            raise Refused(message, hint=limits)
        self.gone = sum(
            not self._is_marked(row.entry) and self._in_scope(row.entry) and not self._last.gone(row.entry)
            for row in self._register.origins(snapshot.dataset)
            if row.retracted
        )
        for entry in vanished:
            reason = f"no longer in {of}"
            given = {"entry": entry, "reason": reason, "source": snapshot.source}
            yield {"type": "entry-retracted", **given, **self._after(entry)}
        yield self._end(_sha256(file), turned=self._turned or bool(vanished))

    def _end(self, sha256: str, *, turned: bool) -> Draft:
        """Return the draft of the end: another one than before wherever the data turned since."""
        snapshot = self.snapshot
        given: Draft = {"dataset": snapshot.dataset, "snapshot": snapshot.day, "sha256": sha256, "rows": self.rows}
        if snapshot.scope:
            given["scope"] = dict(snapshot.scope)
        earlier = self._register.snapshot_end(snapshot.dataset, snapshot.day or "")
        last = None if earlier is None else self._register.event(earlier)
        after = earlier if turned else None
        if not turned and isinstance(last, ImportFinished):
            same = (last.sha256, last.scope) == (sha256, dict(snapshot.scope))
            after = last.after if same else None
        return {"type": ImportFinished.type_name(), **given, **({} if after is None else {"after": after})}

    def source(self) -> Draft:
        """Return the draft that registers the snapshot as a source."""
        title = f"{self.snapshot.dataset}: the data of {self.snapshot.day}"
        return {"type": "source-registered", "source": self.snapshot.source, "title": title}

    def _key(self, row: Draft) -> str:
        origin = row.get("origin") or {}
        if origin.get("dataset") != self.snapshot.dataset or not origin.get("id"):
            hint = f"a snapshot compares rows of the data set '{self.snapshot.dataset}' by their keys"
            raise Refused("the row has no key", hint=hint)
        columns = origin.get("columns", {})
        for column, value in self.snapshot.scope.items():
            if column not in columns:
                hint = f"a scope takes one of: {', '.join(sorted(columns))}"
                raise Unparsable(f"the row has no column '{column}'", hint=hint)
            if columns[column] != value:
                hint = "the scope says to what the file is limited"
                raise Refused(f"{column} is '{columns[column]}', outside of the scope {column}={value}", hint=hint)
        return str(origin["id"])

    def _changed(self, held: int, meant: Entry) -> Change:
        drafts: list[Draft] = []
        note = None
        if held in self._amended:
            gone = () if self.snapshot.day is None else self._last.gone(held)
            for by in gone:
                back = f"in the data again on {self.snapshot.day}"
                given = {"entry": by, "reason": back, "source": self.snapshot.source, **self._after(by)}
                drafts.append({"type": "entry-retracted", **given})
                note = "brought_back"
            out = set(self._register.retractions(held)).difference(gone)
            if any(self._register.retracted_by(by) is None for by in out):
                return Change(tuple(drafts), "retracted_here")
        before = self._last.reading(held) if held in self._amended else self._register.event(held)
        if before is not None and before != meant:
            changes = _changes(before, meant)
            if changes and self.snapshot.day is None:
                hint = "with --snapshot-of DAY, what the data change becomes a correction"
                raise Refused(f"the row is e{held} already, and reads otherwise: {', '.join(changes)}", hint=hint)
            if changes:
                given = {"entry": held, "changes": changes, "reason": f"changed in the data of {self.snapshot.day}"}
                given |= {"source": self.snapshot.source, **self._after(held)}
                drafts.append({"type": "entry-corrected", **given})
                note = note or "changed"
        return Change(tuple(drafts), note)

    def _after(self, entry: int) -> Draft:
        """Return what tells an amendment from an earlier one that says the same: the data may turn on one day."""
        last = self._register.last_amendment(entry)
        return {} if last is None else {"after": last}

    def _in_scope(self, entry: int) -> bool:
        if not self.snapshot.scope:
            return True
        event = self._last.reading(entry) if entry in self._amended else self._register.event(entry)
        columns = event.origin.columns if isinstance(event, Mover) and event.origin is not None else {}
        return all(starmap(lambda column, value: columns.get(column) == value, self.snapshot.scope.items()))

    def _mark(self, entry: int) -> None:
        at = entry >> 3
        if at >= len(self._seen):
            self._seen.extend(bytes(at + 1 - len(self._seen) + len(self._seen) // 8))
        self._seen[at] |= 1 << (entry & 7)

    def _is_marked(self, entry: int) -> bool:
        at = entry >> 3
        return at < len(self._seen) and bool(self._seen[at] >> (entry & 7) & 1)


def _changes(before: Entry, after: Entry) -> dict[str, Any]:
    """Return the fields that differ, as a correction words them: null where a field is gone."""
    old, new = (from_json(CODEC.encode(event)) for event in (before, after))
    names = [name for name in (*new, *(name for name in old if name not in new)) if old.get(name) != new.get(name)]
    return {name: new.get(name) for name in names}


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(_CHUNK):
        digest.update(part)
    return digest.hexdigest()
