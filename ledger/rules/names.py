"""The rules on names: a name stands for one party at a time, and no two names look alike.

Likewise for issues, sources and speakers, and for what parties are to each other.
"""

from __future__ import annotations

from ledger.claims import Claim
from ledger.entries import (
    AliasAdded,
    CoalitionJoined,
    CoalitionLeft,
    IssueClosed,
    IssueOpened,
    IssueReworded,
    PartyIdentified,
    PartyMerged,
    PartyRegistered,
    PartyRenamed,
    PartySucceeded,
    PartyUnmerged,
    SourceRegistered,
    SpeakerAppointed,
)
from ledger.entries.scales import UNRESOLVED
from ledger.errors import Refused
from ledger.names import must_be_plain, name_key
from ledger.rules.admitting import Circumstances, admit
from ledger.times import span


@admit.register
def _(event: PartyRegistered, given: Circumstances) -> None:
    claims = given.register.claims(event.party)
    if any(claim.party == event.party for claim in claims):
        raise Refused(f"party '{event.party}' is registered already", hint="choose another id, or record on that party")
    for name in (event.party, event.name, *event.aliases):
        _must_be_free(name, Claim(event.party), given)


@admit.register
def _(event: PartyRenamed, given: Circumstances) -> None:
    _may_be_called(event.party, event.name, given)


@admit.register
def _(event: PartyIdentified, given: Circumstances) -> None:
    survivor = given.register.survivor(event.party)
    if survivor != event.party:
        hint = f"take it out first: verbale party unmerge {event.party}"
        raise Refused(f"{event.party} is merged into {survivor}, and no party of its own", hint=hint)
    if given.register.party_kind(event.party) != UNRESOLVED:
        hint = f"its kind is known; see: verbale party show {event.party}"
        raise Refused(f"{event.party} is identified already", hint=hint)
    if event.name is not None:
        _may_be_called(event.party, event.name, given)


def _may_be_called(party: str, name: str, given: Circumstances) -> None:
    if all(claim.party != party or claim.dated for claim in given.register.claims(name)):
        _must_be_free(name, Claim(party), given)


@admit.register
def _(event: AliasAdded, given: Circumstances) -> None:
    if event.from_ and event.until and span(event.from_).earliest >= span(event.until).latest:
        message = f"the name would end ({event.until}) before it begins ({event.from_})"
        raise Refused(message, hint="'from' is its first day, 'until' its last")
    _must_be_free(event.alias, Claim(event.party, event.from_, event.until), given)


def _must_be_free(name: str, claim: Claim, given: Circumstances) -> None:
    must_be_plain(name)
    for held in given.register.claims(name):
        if not held.admits(claim, name):
            is_id = name_key(held.party) == name_key(name)
            split = "a name stands for one party at a time; dates may split an alias"
            raise Refused(f"the name '{name}' belongs to {held}", hint="an id is nobody else's" if is_id else split)
    other = given.register.lookalike(name, claim.party)
    if other is not None:
        raise Refused(f"the name '{name}' looks like {other}", hint="choose one that nobody can take for the other")


@admit.register
def _(event: PartyMerged, given: Circumstances) -> None:
    survivor = given.register.survivor(event.party)
    if event.party == event.into:
        raise Refused(f"{event.party} cannot be merged into itself", hint="name two parties by their ids")
    if survivor != event.party:
        hint = f"take it out first: verbale party unmerge {event.party}"
        raise Refused(f"{event.party} is merged into {survivor} already", hint=hint)
    if given.register.survivor(event.into) == event.party:
        hint = f"take it out first: verbale party unmerge {event.into}"
        raise Refused(f"{event.into} is itself merged into {event.party}", hint=hint)


@admit.register
def _(event: PartyUnmerged, given: Circumstances) -> None:
    if given.register.survivor(event.party) == event.party:
        raise Refused(f"{event.party} is not merged into another party", hint="see: verbale party show " + event.party)


@admit.register
def _(event: PartySucceeded, given: Circumstances) -> None:  # noqa: ARG001  names were resolved
    if event.party == event.by:
        raise Refused(f"{event.party} cannot succeed itself", hint="name two parties by their ids")


@admit.register
def _(event: CoalitionJoined, given: Circumstances) -> None:  # noqa: ARG001  names were resolved
    if event.party == event.coalition:
        raise Refused(f"{event.party} cannot join itself", hint="name the party first, then the coalition")


@admit.register
def _(event: CoalitionLeft, given: Circumstances) -> None:
    joined = given.register.joined(event.party, event.coalition)
    left = f"{event.party} would leave {event.coalition}"
    if joined is None:
        hint = f"record first: verbale party join {event.party} {event.coalition}"
        raise Refused(f"{left}, of which it is no member", hint=hint)
    if joined.from_ is not None and span(joined.from_).earliest >= span(event.until).latest:
        raise Refused(f"{left} ({event.until}) before joining it ({joined.from_})", hint="'until' is when it left")


@admit.register
def _(event: IssueOpened, given: Circumstances) -> None:
    if given.register.issue(event.issue) is not None:
        raise Refused(f"issue '{event.issue}' is open already", hint="choose another id, or record on that issue")


@admit.register
def _(event: IssueReworded, given: Circumstances) -> None:
    """Take other words for an issue, which is known, as its name was resolved."""


@admit.register
def _(event: IssueClosed, given: Circumstances) -> None:
    closing = given.register.closing(event.issue)
    if closing is not None:
        on = "" if closing.closed_on is None else f" on {closing.closed_on}"
        raise Refused(f"issue '{event.issue}' was closed already{on}", hint="open another for what is negotiated now")


@admit.register
def _(event: SourceRegistered, given: Circumstances) -> None:
    if given.register.source(event.source) is not None:
        hint = "choose another id, or correct that source"
        raise Refused(f"source '{event.source}' is registered already", hint=hint)


@admit.register
def _(event: SpeakerAppointed, given: Circumstances) -> None:  # noqa: ARG001  names were resolved, dates parsed
    must_be_plain(event.name)
    if event.from_ and event.to and span(event.from_).earliest >= span(event.to).latest:
        message = f"{event.name} would leave ({event.to}) before taking office ({event.from_})"
        raise Refused(message, hint="'from' is the first day in the role, 'to' the last")
