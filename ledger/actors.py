"""The parties of a data set's actors: known ones, and drafts that register the others.

An importer asks once for each row; what it asks again is remembered.  A state of the world is registered as a state
under its ISO code, with its codes and those of its names that are free; "Russia" until 1991 as the Soviet Union, with
that name until then, and with the link to who came after it.  Anybody else is registered as `unresolved`:

- with a code, as `cameo/RUSGOV`, "Russia: government": a code says who, whatever the row calls him;
- without one, as `actor/police-ukr`, "Police (UKR)": by the name, and the country where the data set gives one.

No name makes a row be refused (`ledger.free_names`); the same actor is the same party in every file.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from ledger.claims import Claim
from ledger.entries.parties import CodeScheme
from ledger.entries.scales import UNRESOLVED
from ledger.free_names import FreeNames, ids, names, shown_name, slug
from ledger.names import name_key
from ledger.resolving import Actor, party_of, resolved, split_country, state_named
from ledger.vocabularies import states
from ledger.vocabularies.cameo_actors import in_words
from ledger.vocabularies.states import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.register import Register
    from ledger.vocabularies.states import State

_REMEMBERED: Final = 100_000
_SCHEMES: Final = frozenset(get_args(CodeScheme))
_DRAFTS: Final = 1_000
_PLAIN_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")


class Found(NamedTuple):
    """The party that an actor is."""

    party: str
    """Its id."""
    needed: tuple[bytes, ...] = ()
    """Drafts to be recorded before it is named: none where it is registered."""


_Key = tuple[str | None, ...]
_BY_DATE: Final = Found("")
"""Remembered of an actor whose party depends on the date."""


class Actors:
    """Finds the parties of actors, as rows name them.

    Args:
        register: knows the parties so far; what was found and not recorded yet is remembered here.
        remembered: how many answers are kept.
    """

    def __init__(self, register: Register, *, remembered: int = _REMEMBERED) -> None:
        self._register = register
        self._free = FreeNames(register)
        self._found: OrderedDict[_Key, Found] = OrderedDict()
        self._states: dict[str, Found] = {}
        self._drafts: dict[str, tuple[bytes, ...]] = {}
        """The drafts of actors, until they are registered."""
        self._most = _DRAFTS
        self._remembered = remembered

    def party(
        self,
        *,
        name: str | None = None,
        code: str | None = None,
        scheme: str | None = None,
        country: str | None = None,
        on: str | None = None,
    ) -> Found:
        """Return the party that an actor is, with the drafts that register it where it is new.

        Args:
            name: what the row calls it.
            code: its code, `scheme` being given as well.
            scheme: whose code it is: `iso3`, `cow`, `cameo`, `wikidata`, or another list's name.
            country: the state that it is of, by alpha-3 code or name, where the data set says so.
            on: when, as an EDTF date.
        """
        key = (name, code, scheme, country)
        found = self._found.get(key)
        if found is None or found is _BY_DATE:
            found = self._asked(_bare(name), _bare(code), _bare(scheme), _bare(country), on, key)
        elif found.needed and self._register.claims(found.party):
            found = self._found[key] = Found(found.party)
        return found

    def _asked(
        self, name: str | None, code: str | None, scheme: str | None, country: str | None, on: str | None, key: _Key
    ) -> Found:
        """Return who an actor is that is not remembered, or whose date matters; remember that."""
        actor = Actor(name, code, scheme, country, on)
        if self._dated(actor):
            self._remember(key, _BY_DATE)
            key = (*key, on)
        found = self._found.get(key)
        if found is None or (found.needed and self._register.claims(found.party)):
            found = self._find(actor)
        self._remember(key, found)
        return found

    def _remember(self, key: _Key, found: Found) -> None:
        self._found[key] = found
        if len(self._found) > self._remembered:
            self._found.popitem(last=False)

    def _dated(self, actor: Actor) -> bool:
        """Say whether it may matter when a row names this actor."""
        if actor.code and actor.scheme and len(states.with_code(actor.scheme, actor.code)) > 1:
            return True
        return actor.name is not None and (
            len(states.with_name(actor.name)) > 1 or any(claim.dated for claim in self._register.claims(actor.name))
        )

    def _find(self, actor: Actor) -> Found:
        known = resolved(self._register, actor)
        if known.party is not None:
            return Found(known.party)
        if known.state is not None:
            return self._state(known.state)
        return self._unresolved(actor)

    # States

    def _state(self, state: State) -> Found:
        found = self._states.get(state.id)
        if found is None:
            party, drafts = self._registering(state)
            found = self._states[state.id] = Found(party, tuple(map(_bytes, drafts)))
        return found

    def _registering(self, state: State) -> tuple[str, list[dict[str, Any]]]:
        identity = f"state:{state.id}"
        party = self._free.first((state.id, *ids("state", state.id, identity)))
        name = self._free.first((state.name, f"{state.name} ({state.id})", *names(state.name, identity)), party)
        registered: dict[str, Any] = {"type": "party-registered", "party": party, "name": name, "kind": "state"}
        claims, aliases, drafts = {name: Claim(party)}, list[str](), list[dict[str, Any]]()
        taken = {name_key(name), name_key(party)}
        for alias in state.names:
            is_shared = len(states.with_name(alias)) > 1
            claim = Claim(party, None if state.until else state.since, state.until) if is_shared else Claim(party)
            if name_key(alias) in taken or not self._free.is_free(alias, claim):
                continue
            claims[alias] = claim
            if is_shared:
                dates = {"from": claim.since, "until": claim.until}
                drafts.append({"type": "alias-added", "party": party, "alias": alias, **_known(dates)})
            else:
                aliases.append(alias)
        self._free.take(party, claims)
        registered |= _known({"aliases": aliases, "codes": state.codes})
        return party, [registered, *drafts, *self._successions(state, party)]

    def _successions(self, state: State, party: str) -> Iterator[dict[str, Any]]:
        """Yield who came after a state and after whom it came, of those that are registered."""
        pairs = [(state, states.every()[after]) for after in state.successors]
        pairs += [(before, state) for before in states.every().values() if state.id in before.successors]
        for before, after in pairs:
            of, by = (party if one is state else party_of(self._register, one) for one in (before, after))
            if of is not None and by is not None:
                yield {"type": "party-succeeded", "party": of, "by": by, **_known({"from": after.since})}

    # Everybody else

    def _unresolved(self, actor: Actor) -> Found:
        called = _called(actor)
        if actor.code and actor.scheme:
            return self._coded(actor.scheme, actor.code, called)
        identity = f"name:{name_key(called)}"
        there = self._free.owner(called) or self._named(called)
        if there is not None:
            return self._again(there)
        possible = list(ids("actor", called, identity))
        for party in possible[1:] or possible:
            if self._free.is_id(party):
                return self._again(party)
        is_its_name = name_key(shown_name(called)) == name_key(called)
        if not (is_its_name and self._free.is_free(called, Claim(possible[0]))):
            possible = possible[1:] or possible  # found again by its id alone, which has to be nobody else's
        return self._drafted(self._free.first(possible), names(called, identity))

    def _named(self, called: str) -> str | None:
        claims = self._register.claims(called)
        return claims[0].party if len(claims) == 1 and not claims[0].dated else None

    def _coded(self, scheme: str, code: str, called: str) -> Found:
        identity = f"{scheme}:{code.upper()}"
        possible = list(ids(slug(scheme) or "code", code, identity))
        is_plain = _PLAIN_CODE.fullmatch(code) is not None and slug(scheme) == scheme
        possible = [f"{scheme}/{code}", *possible[-2:]] if is_plain else possible[-2:]
        for party in possible:
            if self._free.is_id(party):
                return self._again(party)
        is_given = is_plain and scheme in _SCHEMES and not states.with_code(scheme, code)
        codes = {scheme: code} if is_given else {}
        return self._drafted(self._free.first(possible), names(called, identity), codes)

    def _again(self, party: str) -> Found:
        """Return a party that has its id already, with its drafts while the register lacks it."""
        if self._register.claims(party):
            self._drafts.pop(party, None)
        return Found(party, self._drafts.get(party, ()))

    def _drafted(self, party: str, possible: Iterable[str], codes: dict[str, str] | None = None) -> Found:
        name = self._free.first(possible, party)
        self._free.take(party, {name: Claim(party)})
        draft = {
            "type": "party-registered",
            "party": party,
            "name": name,
            "kind": UNRESOLVED,
            **_known({"codes": codes}),
        }
        if len(self._drafts) >= self._most:
            self._drafts = {one: drafts for one, drafts in self._drafts.items() if not self._register.claims(one)}
            self._most = max(_DRAFTS, 2 * len(self._drafts))
        self._drafts[party] = (_bytes(draft),)
        return Found(party, self._drafts[party])


def _called(actor: Actor) -> str:
    """Return what an actor is called where nobody knows it: with its country, or by what its code says."""
    if actor.code and actor.scheme:
        said = in_words(actor.code) if actor.scheme == "cameo" else None
        return said or (f"{actor.name} ({actor.code})" if actor.name else f"{actor.scheme} {actor.code}")
    name = actor.name or actor.code or "Unnamed actor"
    state = state_named(actor.country, actor.on)
    says_so = state is not None and (
        split_country(name)[1] == state or f" {plain_key(state.name)} " in f" {plain_key(name)} "
    )
    if actor.country is None or says_so:
        return name
    return f"{name} ({actor.country if state is None else state.id})"


def _bare(text: str | None) -> str | None:
    return text.strip() or None if text else None


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _bytes(draft: dict[str, Any]) -> bytes:
    return json.dumps(draft, ensure_ascii=False).encode()
