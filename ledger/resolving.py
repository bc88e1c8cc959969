"""Whom a data set means: an actor as a row names it, looked up in the register and among the states of the world.

An actor has a name, a code of a scheme, or both, perhaps a country, and a date.  In this order:

1. Its **code**, where a party was given it (`party add --code cameo:RUS`).  A code that several have is whose it was at
   the date, by the vocabulary; a code that the vocabulary gives to another state at that date is that state's.
2. Its **code**, where it is a state's (`ledger.vocabularies.states`).
3. A code that is neither says more than the name does: `USAMED` named "UNITED STATES" is not the United States, and its
   name leads only to a party that somebody registered and that is no state.
4. Without a code, its **name**, as the register has it at that date.  A name without dates in the register that the
   vocabulary splits goes by the vocabulary: "Russia" is the Soviet Union until 1991-12-25.
5. Its **name**, where it is a state's at that date.

A country says of which state an actor is that has no name of its own ("Police"): such an actor is nobody whom the
register has as unresolved without that country.  What is close to a name is never taken for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ledger.entries.scales import UNRESOLVED
from ledger.errors import LedgerError
from ledger.names import name_key
from ledger.times import span
from ledger.vocabularies import states

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.register import Register
    from ledger.vocabularies.states import State

_WITH_COUNTRY: Final = re.compile(r"(.*\S)\s*\(([^()]+)\)")
How = Literal["id", "name", "code", "state by code", "state by name"]


class Actor(NamedTuple):
    """Somebody as a row of a data set names him."""

    name: str | None = None
    code: str | None = None
    scheme: str | None = None
    """Whose code it is: `iso3`, `cow`, `cameo`, `wikidata`, or any other list's name."""
    country: str | None = None
    """The state it is of, by an ISO 3166-1 alpha-3 code or by name."""
    on: str | None = None
    """When, as an EDTF date."""


class Resolved(NamedTuple):
    """Who an actor is."""

    party: str | None = None
    """The party's id; None where there is none yet, and where nobody knows."""
    how: How | None = None
    """By what it was found; None where nobody knows."""
    state: State | None = None
    """The state of the vocabulary that it is."""


def resolved(register: Register, actor: Actor) -> Resolved:
    """Return who an actor is, as far as the register and the vocabulary know."""
    if actor.code and actor.scheme:
        return _by_code(register, actor, actor.scheme, actor.code)
    return _by_name(register, actor, actor.name) if actor.name else Resolved()


def state_named(country: str | None, on: str | None = None) -> State | None:
    """Return the state that a data set means by a country, by its code or name."""
    if not country:
        return None
    at = None if on is None else _date(on)
    return states.by_code("iso3", country, at) or states.by_name(country, at) or states.by_code("cameo", country, at)


@lru_cache(maxsize=65_536)
def split_country(name: str) -> tuple[str, State | None]:
    """Return a name without the country in brackets that it ends with, and that country.

    >>> split_country("Police (Nigeria)")[1].id, split_country("Police (night shift)")
    ('NGA', ('Police (night shift)', None))
    """
    found = _WITH_COUNTRY.fullmatch(name)
    state = None if found is None else state_named(found[2])
    return (name, None) if found is None or state is None else (found[1], state)


def party_of(register: Register, state: State) -> str | None:
    """Return the party that a state of the vocabulary is in the register, None where it is not there.

    It has the state's ISO code, its id, or its Wikidata item; or else a name that is no other state's.
    """
    own = state.codes
    owners = [*register.coded("iso3", own.get("iso3", state.id)), *register.coded("wikidata", own.get("wikidata", ""))]
    names = (state.id, *(name for name in (state.name, *state.names) if len(states.with_name(name)) == 1))
    for name in names:
        owners += [claim.party for claim in register.claims(name) if not claim.dated]
    return next((party for party in owners if register.party_kind(party) != UNRESOLVED), None)


def _by_code(register: Register, actor: Actor, scheme: str, code: str) -> Resolved:
    state = states.by_code(scheme, code, _date(actor.on))
    there = None if state is None else party_of(register, state)
    owners = register.coded(scheme, code)
    given = [party for party in owners if register.party_kind(party) != UNRESOLVED]
    if there is not None and (there in given or not given):
        return Resolved(there, "state by code", state)
    elsewhere = {party_of(register, other) for other in states.with_code(scheme, code) if other != state}
    mine = [party for party in given if party not in elsewhere]
    if len(mine) == 1:
        return Resolved(mine[0], "code")
    if state is not None:
        return Resolved(there, "state by code", state)
    if not given and len(owners) == 1:
        return Resolved(owners[0], "code")
    if not given and actor.name:
        found = _registered(register, actor.name, actor.on)
        if found is not None and register.party_kind(found) not in (UNRESOLVED, "state"):
            return Resolved(found, "name")
    return Resolved()


def _by_name(register: Register, actor: Actor, name: str) -> Resolved:
    country = state_named(actor.country, actor.on)
    state = states.by_name(name, _date(actor.on))
    if state is not None and country is not None and not _same(state, country):
        state = None  # Georgia, of the United States
    found = _registered(register, name, actor.on)
    if found is not None and country is not None and not _may_be_of(register, found, country, name):
        found = None
    if found is not None and not _meant_otherwise(register, name, found, state):
        return Resolved(found, "id" if name_key(found) == name_key(name) else "name", state)
    if state is not None:
        return Resolved(party_of(register, state), "state by name", state)
    return Resolved()


def _registered(register: Register, name: str, on: str | None) -> str | None:
    """Return the party that a name leads to at a date, None where that is nobody or nobody knows which."""
    try:
        return register.party(name, on)
    except LedgerError:
        return None


def _may_be_of(register: Register, party: str, country: State, name: str) -> bool:
    """Say whether a party with an actor's name may be of its country: "Georgia" of the United States is no state."""
    if register.party_kind(party) == UNRESOLVED:
        return False
    bearers = states.with_name(name)
    others = {party_of(register, state) for state in bearers if not _same(state, country)}
    return party not in others


def _same(state: State, country: State) -> bool:
    """Say whether two states are one, or one came after the other."""
    return state == country or country.id in state.successors or state.id in country.successors


def _meant_otherwise(register: Register, name: str, found: str, state: State | None) -> bool:
    """Say whether a name that the register has without dates was another state's at the date, by the vocabulary."""
    if state is None or any(claim.dated for claim in register.claims(name)) or found == party_of(register, state):
        return False
    return found in _parties(register, (other for other in states.with_name(name) if other != state))


def _parties(register: Register, of: Iterable[State]) -> set[str | None]:
    return {party_of(register, state) for state in of}


def _date(on: str | None) -> str | None:
    """Return a date, None for what is none: whoever records the row says what is wrong with it."""
    if on is None:
        return None
    try:
        span(on)
    except LedgerError:
        return None
    return on
