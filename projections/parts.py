"""The part of a journal that some positions rest on: what a bundle of one party, or of one issue, holds.

In are the words and deeds on the issue by or on behalf of the party, and of the parties that it was ever merged with or
a member with; those mergers, memberships and appointments of speakers; the registrations of all that they name; the
keys; and with every line all that amend it.  More would do no harm, less would: nobody can tell from a part that
nothing was left out of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import from_json

from ledger.codec import CODEC
from ledger.drafts import references

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_LINKS: Final = ("party-merged", "party-unmerged", "coalition-joined", "coalition-left")
_KEYS: Final = ("key-added", "key-retired")
_APPOINTED: Final = ("speaker-appointed",)

_READINGS: Final = """
SELECT e.entry, e.type, e.data FROM entries e WHERE e.entry <= :k AND {0}
UNION ALL SELECT s.entry, e.type, s.data FROM states s JOIN entries e USING (entry) WHERE s.known_from <= :k AND {0}
"""
_MOVERS: Final = """
SELECT entry FROM entries
WHERE entry <= :k AND type IN ('statement-made', 'action-taken') AND (:issue IS NULL OR issue = :issue)
AND (:all OR party IN (SELECT value FROM json_each(:parties)))
UNION SELECT v.entry FROM versions v JOIN cells c ON c.id = v.cell
WHERE v.known_from <= :k AND (:issue IS NULL OR c.issue = :issue)
AND (:all OR c.party IN (SELECT value FROM json_each(:parties)))
UNION SELECT s.entry FROM states s JOIN entries e USING (entry)
WHERE s.known_from <= :k AND e.type IN ('statement-made', 'action-taken')
AND (:issue IS NULL OR json_extract(s.data, '$.issue') = :issue)
AND (:all OR json_extract(s.data, '$.party') IN (SELECT value FROM json_each(:parties)))
"""
_AMENDING: Final = "SELECT entry FROM entries WHERE entry <= ? AND target IN (SELECT value FROM json_each(?))"
_NAMED: Final = "SELECT entry FROM {0} WHERE entry <= ? AND {1} IN (SELECT value FROM json_each(?))"
_TABLES: Final = {"party": ("parties", "party"), "issue": ("issues", "issue"), "source": ("sources", "source")}


def part(db: sqlite3.Connection, known_at: int, party: str | None, issue: str | None) -> list[int]:
    """Return the entries that the positions of a party, or on an issue, rest on, as known at K; in order.

    Args:
        db: the views, caught up.
        known_at: K.
        party: its id; None is every party.
        issue: its id; None is every issue.
    """
    parties = None if party is None else _related(db, known_at, party)
    asked = {"k": known_at, "issue": issue, "all": parties is None, "parties": _json(parties or ())}
    found = {entry for (entry,) in db.execute(_MOVERS, asked)}
    for entry, kind, data in _listed(db, known_at, (*_LINKS, *_APPOINTED, *_KEYS)):
        if kind in _KEYS or parties is None or not parties.isdisjoint(_names(kind, data)["party"]):
            found.add(entry)
    return sorted(_closed(db, known_at, found))


def _related(db: sqlite3.Connection, known_at: int, party: str) -> set[str]:
    """Return a party and all that it is linked to, through however many."""
    links = [_names(kind, data)["party"] for _, kind, data in _listed(db, known_at, _LINKS)]
    found, size = {party}, 0
    while size != len(found):
        size = len(found)
        for names in links:
            if not found.isdisjoint(names):
                found |= names
    return found


def _closed(db: sqlite3.Connection, known_at: int, entries: set[int]) -> set[int]:
    """Return entries with all that amend them and with the registrations of what they name."""
    found: set[int] = set()
    while new := entries - found:
        found |= new
        entries = {entry for (entry,) in db.execute(_AMENDING, (known_at, _json(new)))}
        named: dict[str, set[str]] = {kind: set() for kind in _TABLES}
        for _, kind, data in db.execute(
            _READINGS.format("e.entry IN (SELECT value FROM json_each(:of))"), {"k": known_at, "of": _json(new)}
        ):
            for of, names in _names(kind, data).items():
                named[of] |= names
        for of, (table, column) in _TABLES.items():
            query = _NAMED.format(table, column)
            entries |= {entry for (entry,) in db.execute(query, (known_at, _json(named[of])))}
    return found


def _listed(db: sqlite3.Connection, known_at: int, kinds: tuple[str, ...]) -> list[tuple[int, str, str]]:
    query = _READINGS.format("e.listed IN (SELECT value FROM json_each(:kinds))")
    return db.execute(query, {"k": known_at, "kinds": _json(kinds)}).fetchall()


def _names(kind: str, data: str) -> dict[str, set[str]]:
    """Return the ids that an entry names, by what they are; a correction names what it changes to."""
    found: dict[str, set[str]] = {of: set() for of in _TABLES}
    cls, fields = CODEC.type_named(kind), from_json(data)
    if cls is not None:
        _add(found, references(cls), fields)
    for name, value in (fields.get("changes") or {}).items():
        for of in _TABLES:
            if name in _CHANGED[of]:
                _add(found, {name: of}, {name: value})
    return found


def _add(found: dict[str, set[str]], kinds: dict[str, str], fields: dict[str, Any]) -> None:
    for name, of in kinds.items():
        value = fields.get(name)
        if of in found and value is not None:
            found[of].update(value if isinstance(value, list) else (value,))


_CHANGED: Final = {
    "party": frozenset({"party", "to", "on_behalf_of", "coalition"}),
    "issue": frozenset({"issue"}),
    "source": frozenset({"source"}),
}
"""The fields that a correction can change to another name."""


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values))
