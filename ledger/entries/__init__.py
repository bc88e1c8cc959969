"""The entries a journal can hold: a closed registry of frozen event types.

What is not in `ENTRY_TYPES` is never constructed, whatever a stored text may name.
"""

from __future__ import annotations

from typing import Final

from ledger.entries.amendments import (
    Amendment,
    ConditionResolved,
    EntryCorrected,
    EntryCorroborated,
    EntryDisputed,
    EntryRetracted,
)
from ledger.entries.assertions import PositionAsserted
from ledger.entries.audits import ErasureRecorded, KeyAdded, KeyRetired, ProjectionAttested
from ledger.entries.base import Entry
from ledger.entries.imports import ImportFinished
from ledger.entries.issues import IssueClosed, IssueOpened, IssueReworded
from ledger.entries.movers import ActionTaken, Coding, EventScheduled, Mover, Origin, Quote, StatementMade
from ledger.entries.parties import (
    AliasAdded,
    CoalitionJoined,
    CoalitionLeft,
    PartyIdentified,
    PartyMerged,
    PartyRegistered,
    PartyRenamed,
    PartySucceeded,
    PartyUnmerged,
)
from ledger.entries.sources import SourceRegistered, SpeakerAppointed

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
    ConditionResolved,
    PartyRenamed,
    PartyMerged,
    PartyUnmerged,
    PartySucceeded,
    CoalitionJoined,
    CoalitionLeft,
    IssueReworded,
    IssueClosed,
    PositionAsserted,
    ImportFinished,
    KeyAdded,
    KeyRetired,
    ErasureRecorded,
    ProjectionAttested,
    PartyIdentified,
)

__all__ = [
    "ENTRY_TYPES",
    "ActionTaken",
    "AliasAdded",
    "Amendment",
    "CoalitionJoined",
    "CoalitionLeft",
    "Coding",
    "ConditionResolved",
    "Entry",
    "EntryCorrected",
    "EntryCorroborated",
    "EntryDisputed",
    "EntryRetracted",
    "ErasureRecorded",
    "EventScheduled",
    "ImportFinished",
    "IssueClosed",
    "IssueOpened",
    "IssueReworded",
    "KeyAdded",
    "KeyRetired",
    "Mover",
    "Origin",
    "PartyIdentified",
    "PartyMerged",
    "PartyRegistered",
    "PartyRenamed",
    "PartySucceeded",
    "PartyUnmerged",
    "PositionAsserted",
    "ProjectionAttested",
    "Quote",
    "SourceRegistered",
    "SpeakerAppointed",
    "StatementMade",
]
