"""What the ledger admits: pure decisions on one draft at a time, against what is known so far.

Every function here either returns or raises; nothing is read but what the `Register` answers, and nothing is written.
`projections.register` fulfils the register from the views and from what was decided since they were written.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import ValidationError

from ledger.amending import corrected
from ledger.codec import CODEC
from ledger.entries import (
    AliasAdded,
    Amendment,
    EntryCorrected,
    EntryCorroborated,
    EntryDisputed,
    EntryRetracted,
    EventScheduled,
    IssueOpened,
    Mover,
    PartyRegistered,
    SourceRegistered,
    SpeakerAppointed,
)
from ledger.errors import Refused, StateChanged, UnknownName
from ledger.explaining import explained
from ledger.texts import anchor
from ledger.times import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.entries import Entry, Quote
    from ledger.register import Register

DAY_LINE: Final = 14 * 3600 * 1_000_000
"""Dates are the speaker's calendar day, and it is tomorrow first at UTC+14."""


class Circumstances(NamedTuple):
    """What a decision depends on beside the draft."""

    register: Register
    now: int
    """The time at which the entry would be recorded, microseconds since 1970."""
    text_of: Callable[[str], str | None]
    """The normalised text of a document, given its SHA-256, where its bytes are kept."""
    seen: int | None = None
    """The last entry that the author of the draft knew of, where that is known."""


@singledispatch
def admit(event: Entry, given: Circumstances) -> None:  # noqa: ARG001  those that are registered use it
    """Return if the ledger takes this entry.

    Raises:
        Refused: it does not.
        UnknownName: what it points at is not there.
        StateChanged: what it points at was retracted since its author looked.
    """
    raise Refused(f"no rule admits {type(event).__name__}")  # pragma: no cover  a type without a rule is a bug


@admit.register
def _(event: PartyRegistered, given: Circumstances) -> None:
    for name in (event.party, event.name, *event.aliases):
        _must_be_free(name, given)


@admit.register
def _(event: AliasAdded, given: Circumstances) -> None:
    _must_be_free(event.alias, given)


def _must_be_free(name: str, given: Circumstances) -> None:
    owner = given.register.party(name)
    if owner == name:
        raise Refused(f"party '{name}' is registered already", hint="choose another id, or record on that party")
    if owner is not None:
        raise Refused(f"the name '{name}' belongs to {owner}", hint="a name stands for one party at a time")


@admit.register
def _(event: IssueOpened, given: Circumstances) -> None:
    if given.register.issue(event.issue) is not None:
        raise Refused(f"issue '{event.issue}' is open already", hint="choose another id, or record on that issue")


@admit.register
def _(event: SourceRegistered, given: Circumstances) -> None:
    if given.register.source(event.source) is not None:
        hint = "choose another id, or correct that source"
        raise Refused(f"source '{event.source}' is registered already", hint=hint)


@admit.register
def _(event: SpeakerAppointed, given: Circumstances) -> None:  # noqa: ARG001  names were resolved, dates parsed
    if event.from_ and event.to and span(event.from_).earliest >= span(event.to).latest:
        message = f"{event.name} would leave ({event.to}) before taking office ({event.from_})"
        raise Refused(message, hint="'from' is the first day in the role, 'to' the last")


@admit.register
def _(event: Mover, given: Circumstances) -> None:
    date = getattr(event, event.DATE)
    if not isinstance(event, EventScheduled) and span(date).earliest > given.now + DAY_LINE:
        hint = f"announce it with: verbale record scheduled {event.party} {event.issue}"
        raise Refused(f"{event.DATE} {date} is in the future", hint=hint)
    if event.source is not None:
        _must_stand(event.source, given)
    if event.quote is not None and event.source is not None:
        _must_anchor(event.quote, event.source, given)
    for name in ("re", "fulfils"):
        number = getattr(event, name, None)
        if number is not None:
            kind = _kind(number, given)
            wanted = EventScheduled if name == "fulfils" else Mover
            if not issubclass(CODEC.type_named(kind) or Mover, wanted):
                raise Refused(f"e{number} is of type {kind}", hint=f"'{name}' points at {_IN_WORDS[wanted]}")


_IN_WORDS: Final[dict[type[Mover], str]] = {
    EventScheduled: "a scheduled event",
    Mover: "a statement, an action or a scheduled event",
}


def _must_stand(source: str, given: Circumstances) -> None:
    facts = given.register.source_facts(source)
    by = None if facts is None else given.register.retracted_by(facts.entry)
    if by is not None:
        raise _retracted(f"source '{source}'", by, given)


def _retracted(what: str, by: int, given: Circumstances) -> Refused | StateChanged:
    message = f"{what} is retracted by e{by}"
    if given.seen is not None and by > given.seen:
        return StateChanged(message, hint="another writer was first; nothing was recorded")
    return Refused(message, hint=f"bring it back with: verbale undo e{by}")


def _must_anchor(quote: Quote, source: str, given: Circumstances) -> None:
    text = _text(source, given)
    if text is not None and quote.translated_by is None:
        anchor(quote, text)


def _text(source: str, given: Circumstances) -> str | None:
    facts = given.register.source_facts(source)
    return None if facts is None or facts.sha256 is None else given.text_of(facts.sha256)


def unchecked_quote(event: Entry, given: Circumstances) -> bool:
    """Say whether an entry quotes a source whose text is not at hand, so that nobody has compared the words."""
    quote, source = getattr(event, "quote", None), getattr(event, "source", None)
    return quote is not None and (source is None or quote.translated_by is not None or _text(source, given) is None)


def _kind(entry: int, given: Circumstances) -> str:
    kind = given.register.kind(entry)
    if kind is None:
        raise UnknownName(f"no entry e{entry}", hint="see: verbale log")
    return kind


def _must_count(event: Amendment, given: Circumstances) -> str:
    """Return the type of an amendment's target, which must be there and not be retracted."""
    kind = _kind(event.entry, given)
    if event.after is not None:
        _must_amend(event.after, event.entry, given)
    by = given.register.retracted_by(event.entry)
    if by is not None:
        raise _retracted(f"e{event.entry}", by, given)
    return kind


def _must_amend(entry: int, target: int, given: Circumstances) -> None:
    cls, amendment = CODEC.type_named(_kind(entry, given)), given.register.event(entry)
    amends = cls is not None and issubclass(cls, Amendment)
    if not amends or (isinstance(amendment, Amendment) and amendment.entry != target):
        hint = "'after' is the last amendment of that entry that you saw; it can be left out"
        raise Refused(f"e{entry} does not amend e{target}", hint=hint)


@admit.register
def _(event: EntryCorrected, given: Circumstances) -> None:
    _must_count(event, given)
    if event.source is not None:
        _must_stand(event.source, given)
    sealed = sorted(given.register.sealed(event.entry) & event.changes.keys())
    if sealed:
        hint = f"retract e{event.entry} and record the statement anew with --sealed"
        raise Refused(f"'{sealed[0]}' of e{event.entry} is sealed, and a correction would lay it open", hint=hint)
    for name in ("re", "fulfils"):
        if event.changes.get(name) == event.entry:
            raise Refused(f"e{event.entry} cannot point at itself", hint=f"'{name}' points at another entry")
    today = given.register.event(event.entry)
    if today is None:
        return
    try:
        meant = corrected(today, event.changes)
    except ValidationError as error:
        why = explained(error, type(today))
        raise Refused(f"e{event.entry} would not stand as corrected: {why.message}", hint=why.hint) from None
    if meant == today:
        raise Refused(f"e{event.entry} says that already", hint="see: verbale log")
    if isinstance(meant, Mover):
        _admit_as_corrected(meant, today, given)
    elif isinstance(meant, SpeakerAppointed):
        admit(meant, given)


def _admit_as_corrected(meant: Mover, today: Entry, given: Circumstances) -> None:
    """Hold what a correction changed to the rules of a new entry; what it leaves alone was admitted in its time."""
    changed = {name for name in type(meant).model_fields if getattr(meant, name) != getattr(today, name)}
    if not changed & {"quote", "source"}:
        meant = meant.model_copy(update={"quote": None, "source": None})
    admit(meant, given)


@admit.register
def _(event: EntryRetracted, given: Circumstances) -> None:
    kind = _must_count(event, given)
    cls = CODEC.type_named(kind)
    if cls is not None and issubclass(cls, SourceRegistered):
        source = given.register.event(event.entry)
        user = given.register.source_user(source.source) if isinstance(source, SourceRegistered) else None
        if user is not None:
            hint = f"correct the source, or retract e{user} first"
            raise Refused(f"source '{source.source}' is in use by e{user}", hint=hint)  # type: ignore[union-attr]
    elif cls is not None and not issubclass(cls, Mover | Amendment | SpeakerAppointed):
        hint = "a registration stays; register another, or add an alias"
        raise Refused(f"e{event.entry} is a registration ({kind}) and cannot be retracted", hint=hint)


@admit.register
def _(event: EntryDisputed, given: Circumstances) -> None:
    _must_be_about_the_world(event, given)
    if event.source is not None:
        _must_stand(event.source, given)


@admit.register
def _(event: EntryCorroborated, given: Circumstances) -> None:
    _must_be_about_the_world(event, given)
    if event.source is None and event.observer is None:
        raise Refused("nobody corroborates", hint="name a source, or an observer")
    if event.source is not None:
        _must_stand(event.source, given)
        if event.quote is not None:
            _must_anchor(event.quote, event.source, given)


def _must_be_about_the_world(event: Amendment, given: Circumstances) -> None:
    kind = _must_count(event, given)
    cls = CODEC.type_named(kind)
    if cls is not None and not issubclass(cls, Mover):
        raise Refused(f"e{event.entry} is of type {kind}", hint=f"{event.type_name()} is about {_IN_WORDS[Mover]}")
