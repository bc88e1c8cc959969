"""Entries about entries: nobody edits, so a correction, a retraction, a dispute is itself recorded."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ledger.entries.base import Edtf, Entry, EntryNumber, Label, Prose, SourceId
from ledger.entries.movers import Origin, Quote


class Amendment(Entry, frozen=True):
    """What is said of an earlier entry."""

    entry: EntryNumber
    after: EntryNumber | None = None
    """The target's last amendment that its author saw: makes a second, later "same correction" a new fact."""


class EntryCorrected(Amendment, frozen=True):
    """Some fields of an entry are to be read otherwise; null takes an optional field away."""

    TOPIC: ClassVar[str] = "entry-corrected.v1"

    changes: dict[str, Any]
    reason: Prose
    source: SourceId | None = None


class EntryRetracted(Amendment, frozen=True):
    """An entry no longer counts, whatever it is; retracting a retraction brings its target back."""

    TOPIC: ClassVar[str] = "entry-retracted.v1"

    reason: Prose
    source: SourceId | None = None


class EntryDisputed(Amendment, frozen=True):
    """Somebody contests an entry: open until the dispute is retracted."""

    TOPIC: ClassVar[str] = "entry-disputed.v1"

    reason: Prose
    source: SourceId | None = None


class EntryCorroborated(Amendment, frozen=True):
    """Another source, or an observer, says the same."""

    TOPIC: ClassVar[str] = "entry-corroborated.v1"

    source: SourceId | None = None
    observer: Label | None = None
    quote: Quote | None = None
    text: Prose | None = None
    origin: Origin | None = None


class ConditionResolved(Amendment, frozen=True):
    """Something on which a position depends was met, or failed."""

    TOPIC: ClassVar[str] = "condition-resolved.v1"
    DATED: ClassVar[str] = "resolved_on"

    condition: Label
    """As the statement words it."""
    outcome: Literal["met", "failed"]
    resolved_on: Edtf | None = None
    """Before that it is open; left out, it was so all along."""
    reason: Prose | None = None
    source: SourceId | None = None
