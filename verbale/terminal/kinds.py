"""The types of entries in the words of who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.entries import (
    CoalitionJoined,
    CoalitionLeft,
    ConditionResolved,
    ImportFinished,
    IssueClosed,
    KeyAdded,
    KeyRetired,
    PartyIdentified,
    PartyMerged,
    PartySucceeded,
    PartyUnmerged,
    PositionAsserted,
    ProjectionAttested,
)

if TYPE_CHECKING:
    from ledger.entries import Entry

_KINDS: Final = {
    "party-registered": "party",
    "party-identified": "identifies",
    "party-renamed": "new name",
    "alias-added": "alias",
    "party-merged": "merges",
    "party-unmerged": "unmerges",
    "party-succeeded": "succession",
    "coalition-joined": "joins",
    "coalition-left": "leaves",
    "issue-opened": "issue",
    "issue-reworded": "new wording",
    "issue-closed": "closes",
    "source-registered": "source",
    "speaker-appointed": "speaker",
    "statement-made": "statement",
    "action-taken": "action",
    "event-scheduled": "scheduled event",
    "position-asserted": "asserts",
    "entry-corrected": "corrects",
    "entry-retracted": "retracts",
    "entry-disputed": "disputes",
    "entry-corroborated": "corroborates",
    "condition-resolved": "resolves",
    "erasure-recorded": "erases",
    "key-added": "key",
    "key-retired": "retires key",
    "import-finished": "import",
    "projection-attested": "attests",
}
_DID: Final = {
    "entry-corrected": "corrected",
    "entry-retracted": "retracted",
    "entry-disputed": "disputed",
    "entry-corroborated": "corroborated",
    "condition-resolved": "condition resolved",
    "erasure-recorded": "erased",
}


def kind_of(type_name: str) -> str:
    """Return what an entry of a type is: a noun, or the verb of what it does."""
    return _KINDS[type_name]


def did_of(type_name: str) -> str:
    """Return what an amendment did to its target."""
    return _DID[type_name]


def link_of(event: Entry) -> str | None:  # noqa: C901, PLR0911, PLR0912  one for each type
    """Return what an entry says of two that have names, as a sentence; None where it says something else."""
    match event:
        case PartyIdentified():
            return f"{event.party} is identified: {', '.join(filter(None, (event.name, event.kind)))}"
        case PartyMerged():
            return f"{event.party} is merged into {event.into}"
        case PartyUnmerged():
            return f"{event.party} is a party of its own again"
        case PartySucceeded():
            return f"{event.party} is succeeded by {event.by}" + _from(event.from_)
        case CoalitionJoined():
            return f"{event.party} joins {event.coalition}" + _from(event.from_)
        case CoalitionLeft():
            return f"{event.party} leaves {event.coalition} ({event.until})"
        case IssueClosed():
            on = "" if event.closed_on is None else f" on {event.closed_on}"
            return f"{event.issue} is closed{on}"
        case ConditionResolved():
            on = "" if event.resolved_on is None else f", {event.resolved_on}"
            return f"{event.condition}: {event.outcome}{on}"
        case PositionAsserted():
            as_of = "" if event.as_of is None else f" as of {event.as_of}"
            return f"{event.party} on {event.issue}: {event.stance or 'no position in words'}{as_of}"
        case ImportFinished():
            scope = "".join(f", {column} {value} only" for column, value in event.scope.items())
            return f"{event.label}: {event.rows:,} rows{scope}"
        case KeyAdded():
            return f"{event.key} may sign"
        case KeyRetired():
            return f"{event.key} signs no more"
        case ProjectionAttested():
            as_of = "" if event.as_of is None else f" as of {event.as_of}"
            return f"{event.projection} under {event.version} as known at e{event.basis}{as_of}: {event.digest}"
        case _:
            return None


def _from(date: str | None) -> str:
    return "" if date is None else f" from {date}"
