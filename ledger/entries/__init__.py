"""The entries a journal can hold: a closed registry of frozen event types.

What is not in `ENTRY_TYPES` is never constructed, whatever a stored text may name.
"""

from __future__ import annotations

from typing import Final

from ledger.entries.amendments import Amendment, EntryCorrected, EntryCorroborated, EntryDisputed, EntryRetracted
from ledger.entries.base import Entry
from ledger.entries.movers import ActionTaken, Coding, EventScheduled, Mover, Quote, StatementMade
from ledger.entries.registrations import AliasAdded, IssueOpened, PartyRegistered, SourceRegistered, SpeakerAppointed

ENTRY_TYPES: Final[tuple[type[Entry], ...]] = (
    PartyRegistered,
    AliasAdded,
    IssueOpened,
    SourceRegistered,
    SpeakerAppointed,
    StatementMade,
    ActionTaken,
    EventScheduled,
    EntryCorrected,
    EntryRetracted,
    EntryDisputed,
    EntryCorroborated,
)

__all__ = [
    "ENTRY_TYPES",
    "ActionTaken",
    "AliasAdded",
    "Amendment",
    "Coding",
    "Entry",
    "EntryCorrected",
    "EntryCorroborated",
    "EntryDisputed",
    "EntryRetracted",
    "EventScheduled",
    "IssueOpened",
    "Mover",
    "PartyRegistered",
    "Quote",
    "SourceRegistered",
    "SpeakerAppointed",
    "StatementMade",
]
