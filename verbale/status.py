"""What is in a ledger, and how far it goes: the same at every door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbale.places import Place

if TYPE_CHECKING:
    from projections.clocks import Moment
    from verbale.ledger import Ledger


def status(ledger: Ledger, at: Moment, as_known_at: str | None) -> dict[str, Any]:
    """Return the state of a ledger as the contract has it, without the envelope.

    Args:
        ledger: of which.
        at: as `Ledger.moment` understood the clocks.
        as_known_at: the ledger's clock, as it was given.
    """
    key, known = ledger.verifier_key(), ledger.journal.checkpoints()
    return {
        "ledger": str(ledger.journal.ledger_id),
        "name": ledger.place.name,
        "path": str(ledger.place.journal if isinstance(ledger.place, Place) else ledger.place),
        "head": {"entry": at.known_at, "recorded_at": at.recorded_at},
        "parties": len(ledger.parties(as_known_at)),
        "issues": len(ledger.issues(as_known_at, dyads=True)),
        "sources": len(ledger.sources(as_known_at)),
        "key": None if key is None else key.format(),
        "checkpoint": {"checkpoint": known[-1].number, "size": known[-1].size} if known else None,
    }
