"""The review queue: actors that nobody has identified, with who each may be, for a person to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries.scales import UNRESOLVED
from ledger.suggesting import Listed, Suggestions, country_of
from projections.registry import parties, unresolved_parties

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def review(db: sqlite3.Connection, known_at: int, country: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the actors that wait to be identified, those that most entries name first.

    A row's `suggestion` is written as a decision (`merge RUS`), and `decision` is left empty: it is a person's.

    Args:
        db: the views, caught up.
        known_at: K.
        country: only those of this state, by its id; an empty text, those of which nobody knows.
    """
    waiting = [_listed(row, row["entries"]) for row in unresolved_parties(db, known_at)]
    wanted = [one for one in waiting if country is None or (country_of(one) or "") == country]
    if not wanted:
        return
    known = [_listed(row) for row in parties(db, known_at) if row["kind"] != UNRESOLVED and not row["merged_into"]]
    suggestions = Suggestions([*known, *waiting])
    for one in wanted:
        found = suggestions.of(one)
        yield {
            "actor": one.party,
            "name": one.names[0],
            "country": country_of(one),
            "entries": one.entries,
            "suggestion": next((f"merge {first.into}" for first in found), None),
            "why": next((first.why for first in found), None),
            "also": "; ".join(f"merge {other.into}: {other.why}" for other in found[1:]) or None,
            "decision": None,
        }


def _listed(row: dict[str, Any], entries: int = 0) -> Listed:
    return Listed(row["party"], row["kind"], (row["name"], *row["aliases"]), tuple(row["codes"].items()), entries)
