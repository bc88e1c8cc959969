"""Entries about where the words come from: documents, and the people who speak."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from ledger.entries.base import MAX_NUMBER, Edtf, Entry, Identifier, Label, PartyId, Published, Sha256, Url
from ledger.entries.scales import Reliability

Rank = Annotated[int, Field(ge=1, le=MAX_NUMBER, strict=True)]


class SourceRegistered(Entry, frozen=True):
    """The document that entries rest on.

    `sha256` is of its bytes, `text_sha256` of its normalised text (`ledger.texts`).  A draft may name a `snapshot` file
    instead; its bytes are then kept beside the ledger and the hashes taken from them.
    """

    TOPIC: ClassVar[str] = "source-registered.v1"

    source: Identifier
    title: Label
    publisher: Label | None = None
    agency: Label | None = None
    """The news agency whose report it prints: however many print it, it counts as one source."""
    url: Url | None = None
    published_at: Published | None = None
    sha256: Sha256 | None = None
    text_sha256: Sha256 | None = None
    reliability: Reliability | None = None


class SpeakerAppointed(Entry, frozen=True):
    """A person speaks for a party in a role; without a party, an observer who speaks for none."""

    TOPIC: ClassVar[str] = "speaker-appointed.v1"
    DATED: ClassVar[str] = "from"

    name: Label
    party: PartyId | None = None
    role: Label | None = None
    rank: Rank | None = None
    """1 is the highest."""
    from_: Edtf | None = Field(default=None, alias="from")
    to: Edtf | None = None

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if self.rank is not None and self.party is None:
            msg = "a rank needs the party in which it is held"
            raise ValueError(msg)
        return self
