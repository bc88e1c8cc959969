"""Entries as they read at a moment of the ledger: what `log`, `timeline`, `agenda` and `why` are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.amending import RETRACTION
from ledger.entries import Amendment, Entry, EntryCorrected, EntryDisputed, Mover
from ledger.times import END, span
from projections.states import event_from, stance_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from projections.clocks import Moment

CORRECTION: Final = EntryCorrected.type_name()
DISPUTE: Final = EntryDisputed.type_name()

_READING: Final = """
SELECT e.entry, e.type, e.recorded_at, e.recorded_by,
    COALESCE((SELECT s.data FROM states s WHERE s.entry = e.entry AND s.known_from <= :k
              ORDER BY s.known_from DESC LIMIT 1), e.data),
    (SELECT GROUP_CONCAT(f.kind) FROM effects f WHERE f.target = e.entry AND f.known_from <= :k AND f.known_to > :k)
FROM entries e
"""


_FULFILS: Final = """
e.entry IN (SELECT entry FROM entries WHERE fulfils IS NOT NULL
            UNION SELECT entry FROM states WHERE json_extract(data, '$.fulfils') IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One entry as it reads at a moment of the ledger."""

    entry: int
    type: str
    recorded_at: str
    recorded_by: str | None
    event: Entry
    status: str
    """`retracted`, `disputed`, `corrected` or `counts`: the first that holds."""

    @property
    def dated(self) -> str | None:
        """When it was said, done or is to happen."""
        return getattr(self.event, self.event.DATED) if isinstance(self.event, Mover) else None

    @property
    def target(self) -> int | None:
        """The entry that it amends."""
        return self.event.entry if isinstance(self.event, Amendment) else None

    @property
    def stance(self) -> str | None:
        """A statement's stance, an action's bearing."""
        return stance_of(self.event) if isinstance(self.event, Mover) else None

    @property
    def text(self) -> str | None:
        """What a reader would want to see of it in one line; None where that is sealed."""
        event = self.event
        for name in ("text", "reason", "proposition", "title", "name", "alias"):
            value: str | None = getattr(event, name, None)
            if value is not None:
                return value
        return None

    def certain_by(self, until: int) -> bool:
        """Say whether it is of the world and was over by an instant."""
        return self.dated is not None and span(self.dated).latest <= until

    def fields(self) -> dict[str, Any]:
        """Return the draft's fields that are set."""
        return self.event.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def readings(
    db: sqlite3.Connection,
    known_at: int,
    where: str = "1",
    asked: dict[str, object] | None = None,
    *,
    latest: int | None = None,
    backwards: bool = False,
) -> Iterator[Reading]:
    """Yield entries as they read at K, in journal order.

    Args:
        db: the views, caught up.
        known_at: K.
        where: an SQL condition on `e`, the entries as recorded.
        asked: its parameters.
        latest: only the last so many.
        backwards: the last first, as they are asked for.
    """
    order = f"ORDER BY e.entry{' DESC' * backwards}" if latest is None else f"ORDER BY e.entry DESC LIMIT {int(latest)}"
    rows = db.execute(f"{_READING} WHERE e.entry <= :k AND ({where}) {order}", {**(asked or {}), "k": known_at})
    for row in rows if latest is None else reversed(rows.fetchall()):
        yield _reading(row)


def reading(db: sqlite3.Connection, entry: int, known_at: int) -> Reading | None:
    """Return one entry as it reads at K, None where K does not know it."""
    row = db.execute(f"{_READING} WHERE e.entry = :entry AND e.entry <= :k", {"entry": entry, "k": known_at}).fetchone()
    return None if row is None else _reading(row)


def _reading(row: tuple[Any, ...]) -> Reading:
    entry, kind, recorded_at, recorded_by, data, effects = row
    return Reading(entry, kind, recorded_at, recorded_by, event_from(kind, data), status_of(effects))


def status_of(effects: str | None) -> str:
    """Return the status of an entry.

    Args:
        effects: the types of the amendments in effect on it, with commas between them; None where there are none.
    """
    kinds = frozenset((effects or "").split(","))
    if RETRACTION in kinds:
        return "retracted"
    if DISPUTE in kinds:
        return "disputed"
    return "corrected" if CORRECTION in kinds else "counts"


def amendments_of(db: sqlite3.Connection, entry: int, known_at: int) -> Iterator[Reading]:
    """Yield the amendments in effect of an entry."""
    yield from readings(
        db,
        known_at,
        "e.entry IN (SELECT amendment FROM effects WHERE target = :target AND known_from <= :k AND known_to > :k)",
        {"target": entry},
    )


# What may be about a party or an issue, as recorded or as corrected at any time, and every amendment of it; no event is
# made of the others.
_OF_PARTY: Final = """
json_extract(data, '$.party') = :party OR data LIKE '%"on_behalf_of"%' AND EXISTS (
    SELECT 1 FROM json_each(data, '$.on_behalf_of') WHERE value = :party
)
"""
_OF_ISSUE: Final = "json_extract(data, '$.issue') = :issue"
_ABOUT: Final = """
WITH RECURSIVE about(entry) AS (
    SELECT entry FROM entries WHERE {of} UNION SELECT entry FROM states WHERE {of}
    UNION SELECT amendment.entry FROM about JOIN entries amendment ON amendment.target = about.entry
) SELECT entry FROM about
"""


def log(
    db: sqlite3.Connection,
    at: Moment,
    party: str | None = None,
    issue: str | None = None,
    latest: int | None = None,
) -> Iterator[Reading]:
    """Yield the journal's entries up to K as they read there, in order; with a T, those of the world certain by it.

    Args:
        db: the views, caught up.
        at: the two moments.
        party: only what is about this party, as corrected, and amendments of it.
        issue: likewise.
        latest: only the last so many.
    """
    plain = party is None and issue is None and at.until == END
    if plain:
        yield from readings(db, at.known_at, latest=latest)
        return
    filters = {_OF_PARTY: party, _OF_ISSUE: issue}
    where = [f"e.entry IN ({_ABOUT.format(of=of)})" for of, named in filters.items() if named is not None]
    asked: dict[str, object] = {"party": party, "issue": issue}
    found = readings(db, at.known_at, " AND ".join(where) or "e.dated IS NOT NULL", asked)
    about: set[int] = set()
    wanted = []
    for one in found:
        if one.target in about or _is_about(one.event, party, issue):
            about.add(one.entry)
            if at.until == END or one.certain_by(at.until):
                wanted.append(one)
    yield from wanted if latest is None else wanted[-latest:]


def _is_about(event: Entry, party: str | None, issue: str | None) -> bool:
    parties = (getattr(event, "party", None), *getattr(event, "on_behalf_of", ()))
    return (party is None or party in parties) and (issue is None or getattr(event, "issue", None) == issue)


def timeline(db: sqlite3.Connection, at: Moment, issue: str) -> list[Reading]:
    """Return what was said, done and announced on an issue, as it counts at the two moments, in the world's order."""
    found = [
        one
        for one in readings(
            db,
            at.known_at,
            "e.issue = :issue OR e.entry IN (SELECT entry FROM states WHERE json_extract(data, '$.issue') = :issue)",
            {"issue": issue},
        )
        if isinstance(one.event, Mover)
        and one.event.issue == issue
        and one.status != "retracted"
        and (one.certain_by(at.until) or one.type == "event-scheduled")
    ]
    return sorted(found, key=lambda one: (*span(one.dated or "")[:2], one.entry))


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A scheduled event, and what became of it."""

    scheduled: Reading
    status: str
    """`fulfilled`, `cancelled` (it was retracted), `overdue` (its time was over by T) or `scheduled`."""
    fulfilled_by: int | None


def agenda(db: sqlite3.Connection, at: Moment) -> list[AgendaItem]:
    """Return what is scheduled at the two moments, in the world's order."""
    scheduled = readings(db, at.known_at, "e.listed = 'event-scheduled'")
    return agenda_of(at, scheduled, readings(db, at.known_at, _FULFILS))


def agenda_of(at: Moment, scheduled: Iterable[Reading], fulfilling: Iterable[Reading]) -> list[AgendaItem]:
    """Return what became of some scheduled events, in the world's order.

    Args:
        at: the two moments.
        scheduled: the events, as they read.
        fulfilling: among others, all that fulfils one of them, in journal order.
    """
    fulfilled = {
        one.event.fulfils: one.entry  # type: ignore[attr-defined]
        for one in fulfilling
        if one.status != "retracted" and (at.until == END or one.certain_by(at.until))
    }
    items = []
    for one in scheduled:
        by = fulfilled.get(one.entry)
        overdue = at.until != END and one.certain_by(at.until)
        status = "cancelled" if one.status == "retracted" else "overdue" if overdue else "scheduled"
        items.append(AgendaItem(one, "fulfilled" if by and status != "cancelled" else status, by))
    return sorted(items, key=lambda item: (*span(item.scheduled.dated or "")[:2], item.scheduled.entry))
