"""Entries about parties: who can hold a position, what they are called, what they belong to, what became of them.

An entry stores the id that a party was registered under, never a survivor: merging and unmerging move positions, and
what was recorded stays as it was recorded.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ledger.entries.base import Edtf, Entry, Identifier, Label, PartyId
from ledger.entries.scales import IdentifiedKind, PartyKind

CodeScheme = Literal["iso3", "cow", "wikidata", "cameo"]


class PartyRegistered(Entry, frozen=True):
    """Somebody who can hold a position: a state, an organisation, a coalition, an armed group."""

    TOPIC: ClassVar[str] = "party-registered.v1"

    party: Identifier
    name: Label
    kind: PartyKind
    aliases: tuple[Label, ...] = ()
    codes: dict[CodeScheme, Label] = Field(default_factory=dict)


class PartyIdentified(Entry, frozen=True):
    """An actor that was registered as unresolved turns out to be a party of its own, of this kind.

    One that turns out to be a party known already is merged into that instead.
    """

    TOPIC: ClassVar[str] = "party-identified.v1"

    party: PartyId
    kind: IdentifiedKind
    name: Label | None = None
    """What it is called now; the name under which the data set has it still leads to it."""
    codes: dict[CodeScheme, Label] = Field(default_factory=dict)


class PartyRenamed(Entry, frozen=True):
    """A party has another name now; the old one still leads to it."""

    TOPIC: ClassVar[str] = "party-renamed.v1"

    party: PartyId
    name: Label


class AliasAdded(Entry, frozen=True):
    """A party is also called something else, perhaps only between two dates.

    A dated alias goes before one without dates: "Moscow" may be Russia's, and the Soviet Union's until 1991-12-25.
    """

    TOPIC: ClassVar[str] = "alias-added.v1"

    party: PartyId
    alias: Label
    from_: Edtf | None = Field(default=None, alias="from")
    until: Edtf | None = None


class PartyMerged(Entry, frozen=True):
    """Two parties were one all along: what `party` holds and is to say moves to `into`, until they are unmerged."""

    TOPIC: ClassVar[str] = "party-merged.v1"

    party: PartyId
    into: PartyId


class PartyUnmerged(Entry, frozen=True):
    """A merged party is one of its own again, with all that was recorded for it."""

    TOPIC: ClassVar[str] = "party-unmerged.v1"

    party: PartyId


class PartySucceeded(Entry, frozen=True):
    """A party came after another, as Russia after the Soviet Union: a link, which passes no position on."""

    TOPIC: ClassVar[str] = "party-succeeded.v1"
    DATED: ClassVar[str] = "from"

    party: PartyId
    by: PartyId
    from_: Edtf | None = Field(default=None, alias="from")


class CoalitionJoined(Entry, frozen=True):
    """A party became a member of a coalition, whose positions it shares where it says nothing of its own."""

    TOPIC: ClassVar[str] = "coalition-joined.v1"
    DATED: ClassVar[str] = "from"

    party: PartyId
    coalition: PartyId
    from_: Edtf | None = Field(default=None, alias="from")
    """Left out: as long as anybody remembers."""


class CoalitionLeft(Entry, frozen=True):
    """A party left a coalition."""

    TOPIC: ClassVar[str] = "coalition-left.v1"
    DATED: ClassVar[str] = "until"

    party: PartyId
    coalition: PartyId
    until: Edtf
    """When it left: as of that day it is a member no more."""
