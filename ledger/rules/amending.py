"""The rules on amendments: what may be corrected, retracted, disputed, corroborated, resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from ledger.codec import CODEC
from ledger.entries import (
    Amendment,
    CoalitionJoined,
    CoalitionLeft,
    ConditionResolved,
    EntryCorrected,
    EntryCorroborated,
    EntryDisputed,
    EntryRetracted,
    ErasureRecorded,
    IssueClosed,
    Mover,
    PartyIdentified,
    PartyMerged,
    PartySucceeded,
    PositionAsserted,
    ProjectionAttested,
    SourceRegistered,
    SpeakerAppointed,
    StatementMade,
)
from ledger.errors import Refused
from ledger.explaining import explained
from ledger.last_said import dataset_of
from ledger.rules.admitting import Circumstances, admit, kind_of, must_stand, retracted
from ledger.rules.words import IN_WORDS, must_anchor, must_answer, must_be_open, must_be_past, must_rest

if TYPE_CHECKING:
    from ledger.entries import Entry

RETRACTABLE: Final = (
    Mover,
    Amendment,
    SpeakerAppointed,
    CoalitionJoined,
    CoalitionLeft,
    PartyIdentified,
    PartySucceeded,
    IssueClosed,
    PositionAsserted,
    ProjectionAttested,
)
"""What can be taken back: all but what gives a name, which others may rest on by now."""


def _must_count(event: Amendment, given: Circumstances) -> str:
    """Return the type of an amendment's target, which must be there and not be retracted."""
    kind = kind_of(event.entry, given)
    if event.after is not None:
        _must_amend(event.after, event.entry, given)
    by = given.register.retracted_by(event.entry)
    if by is not None:
        raise retracted(f"e{event.entry}", by, given)
    return kind


def _of_its_data(event: EntryCorrected, today: Entry) -> bool:
    """Say whether a row's own data set says so: it is their word also where a person has it so (`ledger.last_said`)."""
    origin = today.origin if isinstance(today, Mover) else None
    return origin is not None and origin.dataset == dataset_of(event.source)


def _takes_back_for_its_data(event: EntryRetracted, given: Circumstances) -> bool:
    """Say whether a data set takes back its own retraction, which people, and nobody else, have taken back already."""
    dataset = dataset_of(event.source)
    if dataset is None or kind_of(event.entry, given) != EntryRetracted.type_name():
        return False
    of = [given.register.event(entry) for entry in (event.entry, *given.register.retractions(event.entry))]
    said = [dataset_of(one.source) == dataset for one in of if isinstance(one, EntryRetracted)]
    return said[0] and not any(said[1:])


def _must_amend(entry: int, target: int, given: Circumstances) -> None:
    cls, amendment = CODEC.type_named(kind_of(entry, given)), given.register.event(entry)
    amends = cls is not None and issubclass(cls, Amendment)
    if not amends or (isinstance(amendment, Amendment) and amendment.entry != target):
        hint = "'after' is the last amendment of that entry that you saw; it can be left out"
        raise Refused(f"e{entry} does not amend e{target}", hint=hint)


@admit.register
def _(event: EntryCorrected, given: Circumstances) -> None:
    _must_count(event, given)
    if event.source is not None:
        must_stand(event.source, given)
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
        meant = given.register.corrected(event, today)
    except ValidationError as error:
        why = explained(error, type(today))
        raise Refused(f"e{event.entry} would not stand as corrected: {why.message}", hint=why.hint) from None
    before = vars(today)
    changed = {name for name, value in vars(meant).items() if value != before[name]}
    if not changed and not _of_its_data(event, today):
        raise Refused(f"e{event.entry} says that already", hint="see: verbale log")
    if isinstance(meant, Mover):
        _admit_as_corrected(meant, changed, given)
    elif isinstance(meant, SpeakerAppointed | CoalitionJoined | CoalitionLeft):
        admit(meant, given)


def _admit_as_corrected(meant: Mover, changed: set[str], given: Circumstances) -> None:
    """Hold what a correction changed to the rules of a new entry; what it leaves alone was admitted in its time."""
    if changed & {"issue", meant.DATED}:
        must_be_open(meant, given)
    must_be_past(meant, given)
    if changed & {"quote", "source"}:
        must_rest(meant, given)
    must_answer(meant, given)


@admit.register
def _(event: EntryRetracted, given: Circumstances) -> None:
    kind = kind_of(event.entry, given)
    if not _takes_back_for_its_data(event, given):
        _must_count(event, given)
    if event.source is not None:
        must_stand(event.source, given)
    cls = CODEC.type_named(kind)
    if cls is ErasureRecorded:
        raise Refused(f"e{event.entry} records an erasure and cannot be retracted", hint="what it destroyed is gone")
    if cls is not None and issubclass(cls, SourceRegistered):
        source = given.register.event(event.entry)
        user = given.register.source_user(source.source) if isinstance(source, SourceRegistered) else None
        if user is not None:
            hint = f"correct the source, or retract e{user} first"
            raise Refused(f"source '{source.source}' is in use by e{user}", hint=hint)  # type: ignore[union-attr]
    elif cls is not None and not issubclass(cls, RETRACTABLE):
        merged, stays = "unmerge the party instead", "a registration stays; register another, or add an alias"
        hint = merged if cls is PartyMerged else stays
        raise Refused(f"e{event.entry} is a registration ({kind}) and cannot be retracted", hint=hint)


@admit.register
def _(event: ConditionResolved, given: Circumstances) -> None:
    kind = _must_count(event, given)
    if event.source is not None:
        must_stand(event.source, given)
    statement = given.register.event(event.entry)
    if kind != StatementMade.type_name():
        raise Refused(f"e{event.entry} is of type {kind}", hint="only a statement has conditions")
    if isinstance(statement, StatementMade) and event.condition not in statement.conditions:
        known = "; ".join(statement.conditions)
        hint = f"its conditions: {known}" if known else "it has none; add them with: verbale correct"
        raise Refused(f"e{event.entry} has no condition '{event.condition}'", hint=hint)


@admit.register
def _(event: EntryDisputed, given: Circumstances) -> None:
    _must_be_about_the_world(event, given)
    if event.source is not None:
        must_stand(event.source, given)


@admit.register
def _(event: EntryCorroborated, given: Circumstances) -> None:
    _must_be_about_the_world(event, given)
    if event.source is None and event.observer is None:
        raise Refused("nobody corroborates", hint="name a source, or an observer")
    if event.source is not None:
        must_stand(event.source, given)
        if event.quote is not None:
            must_anchor(event.quote, event.source, given)


def _must_be_about_the_world(event: Amendment, given: Circumstances) -> None:
    kind = _must_count(event, given)
    cls = CODEC.type_named(kind)
    if cls is not None and not issubclass(cls, Mover):
        raise Refused(f"e{event.entry} is of type {kind}", hint=f"{event.type_name()} is about {IN_WORDS[Mover]}")
