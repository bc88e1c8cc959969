"""The types of entries in the words of who reads them."""

from __future__ import annotations

from typing import Final

_KINDS: Final = {
    "party-registered": "party",
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
}
_DID: Final = {
    "entry-corrected": "corrected",
    "entry-retracted": "retracted",
    "entry-disputed": "disputed",
    "entry-corroborated": "corroborated",
    "condition-resolved": "condition resolved",
}


def kind_of(type_name: str) -> str:
    """Return what an entry of a type is: a noun, or the verb of what it does."""
    return _KINDS[type_name]


def did_of(type_name: str) -> str:
    """Return what an amendment did to its target."""
    return _DID[type_name]
