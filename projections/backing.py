"""Who bears entries out, as known at K: read from the views, then grouped (`projections.independence`)."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ledger.entries import EntryCorroborated, Mover, SourceRegistered
from ledger.names import name_key
from projections.evidence import readings
from projections.independence import NEEDED, Backer, Group, groups

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from ledger.entries import Entry
    from projections.evidence import Reading

_CORROBORATING: Final = """
e.entry IN (
    SELECT amendment FROM effects
    WHERE target IN (SELECT value FROM json_each(:targets)) AND kind = :kind AND known_from <= :k AND known_to > :k
)
"""
_OF_NAMES: Final = """
e.entry IN (SELECT entry FROM sources WHERE key IN (SELECT value FROM json_each(:names)))
"""
_CONFIRMED: Final = """
json_extract(e.data, '$.credibility') LIKE '_1'
OR e.entry IN (SELECT entry FROM states WHERE json_extract(data, '$.credibility') LIKE '_1')
"""


def borne_out(db: sqlite3.Connection, known_at: int, some: Iterable[Reading]) -> dict[int, tuple[Group, ...]]:
    """Return the independent sources of each of some words, deeds and plans, as known at K.

    Args:
        db: the views, caught up.
        known_at: K.
        some: entries as they read there; those that are of another kind are left out.
    """
    movers = [one for one in some if isinstance(one.event, Mover)]
    if not movers:
        return {}
    targets = json.dumps([one.entry for one in movers])
    asked: dict[str, object] = {"targets": targets, "kind": EntryCorroborated.type_name()}
    by_target: dict[int, list[Reading]] = defaultdict(list)
    for found in readings(db, known_at, _CORROBORATING, asked):
        by_target[found.target or 0].append(found)
    every = [*movers, *(one for found in by_target.values() for one in found)]
    sources = _sources(db, known_at, {name for one in every if (name := _source(one.event)) is not None})
    return {
        one.entry: groups(
            backer for each in (one, *by_target[one.entry]) if (backer := _backer(each, sources)) is not None
        )
        for one in movers
    }


def unconfirmed(db: sqlite3.Connection, known_at: int) -> list[tuple[Reading, tuple[Group, ...]]]:
    """Return the entries whose credibility says "confirmed" and that too few sources bear out at K, with these."""
    said = [
        one for one in readings(db, known_at, _CONFIRMED) if one.status != "retracted" and says_confirmed(one.event)
    ]
    found = borne_out(db, known_at, said)
    return [(one, found[one.entry]) for one in said if len(found[one.entry]) < NEEDED]


def unconfirmed_by(db: sqlite3.Connection, known_at: int, one: Reading) -> tuple[Group, ...] | None:
    """Return an entry's sources where its credibility says "confirmed" and they are too few, else None."""
    if not says_confirmed(one.event):
        return None
    found = borne_out(db, known_at, [one]).get(one.entry, ())
    return found if len(found) < NEEDED else None


def says_confirmed(event: Entry) -> bool:
    """Say whether an entry's credibility is "confirmed by other sources", digit 1."""
    credibility: str | None = getattr(event, "credibility", None)
    return credibility is not None and credibility.endswith("1")


def _backer(one: Reading, sources: dict[str, SourceRegistered]) -> Backer | None:
    """Return who speaks in an entry or a corroboration, None where it names neither source nor data set."""
    origin = getattr(one.event, "origin", None)
    found = Backer(
        one.entry,
        sources.get(name_key(_source(one.event) or "")),
        getattr(one.event, "observer", None),
        None if origin is None else origin.dataset,
    )
    return found if any(found[1:]) else None


def _source(event: Entry) -> str | None:
    name: str | None = getattr(event, "source", None)
    return name


def _sources(db: sqlite3.Connection, known_at: int, names: set[str]) -> dict[str, SourceRegistered]:
    asked: dict[str, object] = {"names": json.dumps([name_key(name) for name in sorted(names)])}
    found = readings(db, known_at, _OF_NAMES, asked)
    return {name_key(one.event.source): one.event for one in found if isinstance(one.event, SourceRegistered)}
