"""What goes into the journal at a time, on its way from a decision to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.codec import StoredLine
    from ledger.sealing import SealedValue


class Prepared(NamedTuple):
    """A draft that was decided on: what the journal needs to append it, and nothing that must be computed again."""

    topic: str
    fields: bytes
    key: bytes
    sealed: tuple[SealedValue, ...] = ()


class Destroyed(NamedTuple):
    """Sealed values that are to be gone, and the content key of their entry."""

    entry: int
    fields: Sequence[str] = ()
    """None named, all of them."""
    key: int | None = None
    """As it is stored; None where nobody can tell any more."""


def covers(fields: Sequence[str], field: str) -> bool:
    """Say whether an erasure of these fields destroys that one; none named are all."""
    return not fields or field in fields


class Batch(NamedTuple):
    """Entries for one transaction, and what goes into the tables beside them."""

    lines: Sequence[StoredLine]
    keys: Sequence[tuple[int, int]] = ()
    """(stored content key, entry)"""
    sealed: Sequence[tuple[int, SealedValue]] = ()
    destroyed: Sequence[Destroyed] = ()
    """What an erasure among these lines destroys, in the same transaction."""


class Appended(NamedTuple):
    """What an append did."""

    first: int
    last: int
    recorded_at: str
    clock_behind: int | None
    """Whole seconds by which this host's clock is behind the journal, where that is more than five minutes."""
