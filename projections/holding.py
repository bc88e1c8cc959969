"""Who was heard on what: counts and the last evidence for lists, and the cells of a card, without any position."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic_core import from_json

from ledger.entries.issues import DYADS
from projections.belonging import coalitions_of, members

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from projections.clocks import Moment

_HEARD: Final = """
SELECT c.{of}, c.{what}, (
    SELECT json_array(v.starts, v.latest, v.entry, v.dated) FROM versions v
    WHERE v.cell = c.id AND v.starts < :t AND v.latest <= :t AND v.known_from <= :k AND v.known_to > :k
    ORDER BY v.starts DESC, v.latest DESC, v.entry DESC LIMIT 1)
FROM cells c WHERE c.{of} IN (SELECT value FROM json_each(:named)) AND {filtered}
"""
"""One seek in each cell, to its last by the order of the position rule."""
_ISSUES: Final = "SELECT DISTINCT issue FROM cells c WHERE c.party IN (SELECT value FROM json_each(?)) AND {filtered}"
_PARTIES: Final = "SELECT DISTINCT party FROM cells WHERE issue = ?"
_NO_DYADS: Final = f"c.issue NOT GLOB '{DYADS}*'"


class Heard(NamedTuple):
    """What a list tells of one name."""

    on: int
    """On how many issues a party spoke or acted itself; how many parties did so on an issue."""
    last: str
    """When it was heard last, as written."""
    entry: int
    """The entry that says so."""


def issues_spoken_on(
    db: sqlite3.Connection, at: Moment, parties: Sequence[str], *, dyads: bool = False
) -> dict[str, Heard]:
    """Return on how many issues each of some parties spoke or acted itself, and when last.

    Args:
        db: the views, caught up.
        at: the two moments.
        parties: their ids; who did on none is not among the keys.
        dyads: whether dyads count.
    """
    return _heard(db, at, parties, _HEARD.format(of="party", what="issue", filtered="TRUE" if dyads else _NO_DYADS))


def parties_heard_on(db: sqlite3.Connection, at: Moment, issues: Sequence[str]) -> dict[str, Heard]:
    """Return how many parties spoke or acted on each of some issues, and when last, likewise."""
    return _heard(db, at, issues, _HEARD.format(of="issue", what="party", filtered="TRUE"))


def _heard(db: sqlite3.Connection, at: Moment, named: Sequence[str], query: str) -> dict[str, Heard]:
    others: dict[str, set[str]] = {}
    lasts: dict[str, list[tuple[int, int, int, str]]] = {}
    asked = {"named": json.dumps(named), "t": at.until, "k": at.known_at}
    for name, other, last in db.execute(query, asked):
        if last is not None:
            others.setdefault(name, set()).add(other)
            lasts.setdefault(name, []).append(tuple(from_json(last)))
    found = {name: max(some) for name, some in lasts.items()}
    return {name: Heard(len(others[name]), dated, entry) for name, (_, _, entry, dated) in found.items()}


def issues_of(db: sqlite3.Connection, at: Moment, party: str, *, dyads: bool = False) -> list[str]:
    """Return the issues on which a party may have a position, its own or a coalition's, in order.

    Args:
        db: the views, caught up.
        at: the two moments.
        party: its id.
        dyads: whether dyads are among them.
    """
    voices = json.dumps([party, *coalitions_of(db, party, at)])
    asked = _ISSUES.format(filtered="TRUE" if dyads else _NO_DYADS)
    return sorted(issue for (issue,) in db.execute(asked, (voices,)))


def parties_of(db: sqlite3.Connection, at: Moment, issue: str) -> list[str]:
    """Return the parties that may have a position on an issue, their own or a coalition's, in order."""
    own = {party for (party,) in db.execute(_PARTIES, (issue,))}
    return sorted(own | {member for member, coalitions in members(db, at).items() if coalitions & own})
