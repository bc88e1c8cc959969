"""Entries as they read at an entry of the ledger, taken from the views: what a fold, a register and an answer share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from ledger.amending import RETRACTION, Node
from ledger.amending import corrected as corrected_strictly
from ledger.codec import CODEC
from ledger.entries import StatementMade
from ledger.errors import LedgerError
from projections.stored import damaged

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.entries import Entry, EntryCorrected, Mover

E = TypeVar("E", bound="Entry")


_LISTED: Final = """
SELECT data FROM entries e WHERE listed = ?1 AND entry <= ?2 AND NOT EXISTS (
    SELECT 1 FROM effects f WHERE f.target = e.entry AND f.kind = ?3 AND f.known_from <= ?2 AND f.known_to > ?2
) ORDER BY entry
"""


def load_node(db: sqlite3.Connection, entry: int) -> Node | None:
    """Return what the views know of an entry as far as amendments go."""
    row = db.execute("SELECT type, target FROM entries WHERE entry = ?", (entry,)).fetchone()
    if row is None:
        return None
    (last,) = db.execute("SELECT MAX(entry) FROM entries WHERE target = ?", (entry,)).fetchone()
    retractions = db.execute(
        "SELECT entry FROM entries WHERE target = ? AND type = ? ORDER BY entry", (entry, RETRACTION)
    ).fetchall()
    return Node(row[0], row[1], [number for (number,) in retractions], last)


def read_event(db: sqlite3.Connection, entry: int, known_at: int) -> Entry:
    """Return an entry as it reads at an entry of the ledger, its corrections by then applied.

    Raises:
        KeyError: there is no such entry.
    """
    row = db.execute(
        "SELECT type, COALESCE((SELECT data FROM states WHERE entry = e.entry AND known_from <= ?"
        " ORDER BY known_from DESC LIMIT 1), data) FROM entries e WHERE entry = ?",
        (known_at, entry),
    ).fetchone()
    if row is None:
        raise KeyError(entry)
    return event_from(row[0], row[1])


def corrected(event: Entry, correction: EntryCorrected) -> Entry:
    """Return an entry as corrected, or as it was where a foreign journal corrects it into nonsense."""
    try:
        return corrected_strictly(event, correction.changes)
    except (ValueError, LedgerError):
        return event


def event_from(type_name: str, data: str) -> Entry:
    """Return the event that a row of the views holds.

    Raises:
        VerificationFailed: the views are damaged.
    """
    cls = CODEC.type_named(type_name)
    if cls is None:
        raise damaged()
    try:
        return cls.model_validate_json(data)
    except ValueError:
        raise damaged() from None


def listed_events(db: sqlite3.Connection, kind: type[E], known_at: int) -> Iterator[E]:
    """Yield the entries of a type that is never corrected, those that are not retracted at an entry of the ledger."""
    for (data,) in db.execute(_LISTED, (kind.type_name(), known_at, RETRACTION)):
        yield kind.model_validate_json(data)


def stance_of(event: Mover) -> str | None:
    """Return a statement's stance, or how an action bears on the proposition."""
    return event.stance if isinstance(event, StatementMade) else getattr(event, "bearing", None)


def moved(event: Mover) -> tuple[str, ...]:
    """Return the parties whose position an entry moves: those it speaks for, else its own."""
    return tuple(dict.fromkeys(getattr(event, "on_behalf_of", ()))) or (event.party,)
