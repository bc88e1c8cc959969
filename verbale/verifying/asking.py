"""Verify a ledger wherever it lies, also one that is too damaged to be opened; and what was found, as JSON."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import LedgerError, VerificationFailed
from verbale.documents import envelope
from verbale.verifying import unopened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbale.places import Location
    from verbale.verifying import Step, Verified

EVIDENCE: Final = "restore a backup or another copy, and keep this one as evidence"


def verified(
    place: Location,
    since: str | None = None,
    told: Callable[[Step], None] | None = None,
    checkpoints: Mapping[str, bytes] | None = None,
) -> Verified:
    """Open a ledger and verify it; damage that keeps it from being opened is something found.

    Args:
        place: where it lies.
        since: a checkpoint (`cp3`); None verifies everything.
        told: called now and then with how far it is.
        checkpoints: signed notes that somebody kept elsewhere, by what they are called.

    Raises:
        LedgerError: it cannot be opened, and not for damage; or there is no such checkpoint.
    """
    from verbale.ledger import Ledger

    try:
        opened = Ledger(place)
    except (LedgerError, sqlite3.Error, ValueError):
        found = unopened(place)
        if found is None:
            raise
        return found
    with opened:
        try:
            return opened.verify(since, told, checkpoints)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # pragma: no cover  where no check expects it
            raise VerificationFailed(f"{opened.place} cannot be read: {error}", hint=EVIDENCE) from None


def verified_json(found: Verified) -> dict[str, Any]:
    """Return what verifying found, as the contract has it."""
    return envelope(
        "verify",
        ok=found.ok,
        entries=found.entries,
        root=found.root,
        first_bad_entry=found.first_bad_entry,
        checked=[
            *({"check": one.check, "ok": True, "entry": None, "says": one.says} for one in found.checked),
            *({"check": one.check, "ok": False, "entry": one.entry, "says": one.says} for one in found.problems),
        ],
        not_checked=[one._asdict() for one in found.not_checked],
    )
