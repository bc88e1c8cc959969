"""Entries that say what the ledger should answer: expectations, checked whenever somebody asks.

As the balance assertions of accounting ledgers: one that fails is reported, and never refused, because it is a later
correction of something else that mostly makes it fail.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from ledger.entries.base import Entry, IssueId, PartyId, Prose
from ledger.entries.scales import Stance
from ledger.times import when


def _moment(text: str) -> str:
    when(text)
    return text


class PositionAsserted(Entry, frozen=True):
    """Somebody is sure of a position: as of that moment, the ledger should say so."""

    TOPIC: ClassVar[str] = "position-asserted.v1"
    DATED: ClassVar[str] = "as_of"

    party: PartyId
    issue: IssueId
    as_of: Annotated[str, AfterValidator(_moment)] | None = None
    """A moment as `--as-of` takes it; left out, all that is recorded counts."""
    stance: Stance | None = None
    """Left out: no position in words."""
    reason: Prose | None = None
