"""Entries about the world: statements and actions move positions, a scheduled event waits on the agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ledger.entries.base import (
    MAX_NUMBER,
    AdmiraltyCode,
    Edtf,
    Entry,
    EntryNumber,
    Identifier,
    IssueId,
    Label,
    Lang,
    PartyId,
    Prose,
    SourceId,
    Value,
)
from ledger.entries.scales import Act, Attribution, Stance
from ledger.texts import like_source

Offset = Annotated[int, Field(ge=0, le=MAX_NUMBER, strict=True)]


class Quote(Value, frozen=True):
    """The words as they stand in the source: the W3C Web Annotation text quote and text position selectors.

    `start` and `end` count Unicode code points of the source's normalised text, half-open.  A draft may give the exact
    words alone, as a bare string.
    """

    exact: Prose
    prefix: Prose | None = None
    suffix: Prose | None = None
    start: Offset | None = None
    end: Offset | None = None
    lang: Lang | None = None
    translated_by: Label | None = None
    """Set when `exact` is a translation: who made it."""

    @model_validator(mode="before")
    @classmethod
    def _bare_words(cls, given: object) -> object:
        return {"exact": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _offsets_agree(self) -> Self:
        if (self.start is None) != (self.end is None):
            msg = "a quote's start and end go together"
            raise ValueError(msg)
        # Offsets count the code points of the source's text, however the quote was typed.
        if self.start is not None and self.end is not None and self.end - self.start != len(like_source(self.exact)):
            msg = "a quote's start and end must span exactly the characters of 'exact'"
            raise ValueError(msg)
        return self


class Coding(Value, frozen=True):
    """A code of somebody's scheme, which is always named: schemes disagree with each other.

    None of it is a position: a scheme's intensity (Goldstein's scale in CAMEO) weighs the type of an event, not what a
    party holds of a proposition.
    """

    scheme: Label
    code: Label
    mode: Label | None = None
    intensity: Annotated[str, StringConstraints(max_length=40, pattern=r"^-?[0-9]+(?:\.[0-9]+)?$")] | None = None
    """As the scheme's table or the data give it, digit for digit."""
    quad: Label | None = None
    """The quad class, of which schemes have different ones for the same event."""
    contexts: tuple[Label, ...] = ()


class Origin(Value, frozen=True):
    """The row of a data set that an entry was made from."""

    dataset: Identifier
    id: Label
    """The row's key there; with the data set's name it finds the entry again."""
    coder: Label | None = None
    """Who coded it there."""
    columns: dict[Label, Prose] = Field(default_factory=dict)
    """What else the row holds, word for word; cells that are empty are left out."""


SealedName = Literal["speaker", "text", "quote"]
Commitment = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Mover(Entry, frozen=True):
    """What statements, actions and scheduled events share."""

    DATED: ClassVar[str]
    """`said_on`, `occurred_on` or `occurs_on`."""

    party: PartyId
    issue: IssueId

    if TYPE_CHECKING:  # each type has them in a place of its own, as the order of fields is the order in the line
        source: SourceId | None
        quote: Quote | None
        origin: Origin | None


class StatementMade(Mover, frozen=True):
    """A party took a position in words."""

    TOPIC: ClassVar[str] = "statement-made.v1"
    DATED: ClassVar[str] = "said_on"

    stance: Stance
    said_on: Edtf
    text: Prose | None = None
    """What was said, in the recorder's words; absent only where it is sealed."""
    speaker: Label | None = None
    act: Act | None = None
    attribution: Attribution = Field(default="paraphrase")
    credibility: AdmiraltyCode | None = None
    source: SourceId | None = None
    quote: Quote | None = None
    conditions: tuple[Label, ...] = ()
    to: tuple[PartyId, ...] = ()
    re: EntryNumber | None = None
    fulfils: EntryNumber | None = None
    on_behalf_of: tuple[PartyId, ...] = ()
    coding: Coding | None = None
    origin: Origin | None = None
    sealed: dict[SealedName, Commitment] | None = None
    """Commitments to fields that are not shown (`ledger.sealing`); a draft says `true`."""

    @classmethod
    def completed(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields with `attribution` said: words quoted are `direct` unless the draft says otherwise."""
        if "attribution" not in fields and fields.get("quote"):
            return {**fields, "attribution": "direct"}
        return fields

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and "text" not in (self.sealed or {}):
            msg = "text: Field required"
            raise ValueError(msg)
        return self


class ActionTaken(Mover, frozen=True):
    """A party did something that bears on the proposition."""

    TOPIC: ClassVar[str] = "action-taken.v1"
    DATED: ClassVar[str] = "occurred_on"

    occurred_on: Edtf
    text: Prose
    bearing: Stance | None = None
    place: Label | None = None
    attribution: Attribution | None = None
    credibility: AdmiraltyCode | None = None
    source: SourceId | None = None
    quote: Quote | None = None
    to: tuple[PartyId, ...] = ()
    re: EntryNumber | None = None
    fulfils: EntryNumber | None = None
    on_behalf_of: tuple[PartyId, ...] = ()
    coding: Coding | None = None
    origin: Origin | None = None


class EventScheduled(Mover, frozen=True):
    """Something is to happen; it moves no position until somebody speaks or acts."""

    TOPIC: ClassVar[str] = "event-scheduled.v1"
    DATED: ClassVar[str] = "occurs_on"

    occurs_on: Edtf
    text: Prose
    place: Label | None = None
    source: SourceId | None = None
    quote: Quote | None = None
    to: tuple[PartyId, ...] = ()
    coding: Coding | None = None
    origin: Origin | None = None
