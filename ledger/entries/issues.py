"""Entries about issues: the propositions that parties can be for or against."""

from __future__ import annotations

from typing import ClassVar, Final

from ledger.entries.base import Edtf, Entry, Identifier, IssueId, Label, Prose

DYADS: Final = "relations/"
"""What the ids of dyads begin with: issues without a proposition, on which the deeds of two parties lie.

Events of data sets bear on one, `relations/RUS-UKR`; it is shown to who asks for it."""


class IssueOpened(Entry, frozen=True):
    """A proposition that parties can be for or against, perhaps a part of a wider one."""

    TOPIC: ClassVar[str] = "issue-opened.v1"

    issue: Identifier
    proposition: Label
    parent: IssueId | None = None


class IssueReworded(Entry, frozen=True):
    """The same proposition in other words; what it means is the same, or it would be another issue."""

    TOPIC: ClassVar[str] = "issue-reworded.v1"

    issue: IssueId
    proposition: Label
    reason: Prose | None = None


class IssueClosed(Entry, frozen=True):
    """Nobody negotiates it any more; what was said of it before can still be recorded."""

    TOPIC: ClassVar[str] = "issue-closed.v1"
    DATED: ClassVar[str] = "closed_on"

    issue: IssueId
    closed_on: Edtf | None = None
    """Words and deeds of after that day are refused; left out, none are."""
    reason: Prose | None = None
