"""What the journal says was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.batch import covers
from ledger.entries import ErasureRecorded
from projections.states import event_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

_ERASURE = ErasureRecorded.type_name()


class Erased(NamedTuple):
    """One erasure."""

    entry: int
    """The entry that records it."""
    event: ErasureRecorded


def erasures(db: sqlite3.Connection, of: int | None = None) -> Iterator[Erased]:
    """Yield the erasures, in journal order; nothing takes one back, so K has no say in them.

    Args:
        db: the views, caught up.
        of: only those of this entry.
    """
    rows = (
        db.execute("SELECT entry, data FROM entries WHERE listed = ? ORDER BY entry", (_ERASURE,))
        if of is None
        else db.execute("SELECT entry, data FROM entries WHERE target = ? AND type = ? ORDER BY entry", (of, _ERASURE))
    )
    for entry, data in rows:
        event = event_from(_ERASURE, data)
        if isinstance(event, ErasureRecorded):
            yield Erased(entry, event)


def erased_by(found: Sequence[Erased], field: str) -> int | None:
    """Return the first of some erasures that took a field, None where none did."""
    return next((one.entry for one in found if covers(one.event.fields, field)), None)
