"""Who an actor that nobody has identified may be: suggestions with a reason each, and never a decision.

What is compared: the name without the country that it ends with ("Police (UKR)"), by its letters and the order of its
words aside; how it looks; and what its CAMEO code says.  An actor of one country is never suggested to be one of
another, nor one with a number in its name to be one with another number, nor one code to be another.  Of two actors
that nobody has identified, both of one country or both of none, the one that fewer entries name may be the other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.entries.scales import UNRESOLVED
from ledger.names import skeletons
from ledger.resolving import split_country
from ledger.vocabularies import cameo_actors, states
from ledger.vocabularies.states import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.vocabularies.states import State

_NUMBERS: Final = re.compile(r"\d+")
_SAME, _LOOKS, _CODE, _ALIKE = 100, 98, 95, 85
_SHORTEST: Final = 5
"""Shorter names are spelt like too many others."""
_TRIED: Final = 12
_SHOWN: Final = 3


class Listed(NamedTuple):
    """A party as far as suggestions need it."""

    party: str
    kind: str
    names: tuple[str, ...]
    codes: tuple[tuple[str, str], ...] = ()
    entries: int = 0
    """How many entries name it; counted for those that nobody has identified."""

    @property
    def rank(self) -> tuple[int, int, str]:
        """The order of who may be merged into whom: into who is known, then into who is named more often."""
        return (self.kind == UNRESOLVED, -self.entries, self.party)


class Suggestion(NamedTuple):
    """Who an actor may be."""

    into: str
    """A party's id; that of a state of the world where it is not registered yet."""
    why: str
    score: int
    """Of 100: for the order only."""


class _Names:
    """Names of parties, to be found again by their letters, by their looks, and by what is nearly them."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[tuple[Listed, str]]] = {}
        self._by_look: dict[str, list[tuple[Listed, str]]] = {}
        self._keys: list[str] = []

    def add(self, one: Listed) -> None:
        """Take in the names of a party."""
        for name in one.names:
            bare = split_country(name)[0]
            key = _key(bare)
            if key not in self._by_key:
                self._keys.append(key)
            self._by_key.setdefault(key, []).append((one, bare))
            for look in skeletons(bare):
                self._by_look.setdefault(look, []).append((one, bare))

    def like(self, name: str) -> Iterator[tuple[Listed, Suggestion]]:
        """Yield who has a name, or one that is close."""
        key = _key(name)
        for other, said in self._by_key.get(key, ()):
            yield other, Suggestion(other.party, f"has the name '{said}', but for how it is written", _SAME)
        for look in skeletons(name):
            for other, said in self._by_look.get(look, ()):
                yield other, Suggestion(other.party, f"looks the same as '{said}'", _LOOKS)
        if len(key) < _SHORTEST:
            return
        from rapidfuzz import fuzz, process  # noqa: PLC0415  only when somebody reviews

        for spelt, score, _ in process.extract(key, self._keys, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_TRIED):
            if spelt != key and _NUMBERS.findall(spelt) == _NUMBERS.findall(key):
                for other, said in self._by_key[spelt]:
                    yield other, Suggestion(other.party, f"is spelt like '{said}' ({score:.0f} of 100)", int(score))


class Suggestions:
    """Compares actors with all parties, and with the states of the world.

    Args:
        listed: the parties, without those that are merged into others.
    """

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._known = _Names()
        self._waiting: dict[str | None, _Names] = {}
        """Those that nobody has identified, by their countries: others are not suggested for each other."""
        self._states: dict[str, Listed] = {}
        for one in listed:
            if one.kind == UNRESOLVED:
                self._waiting.setdefault(country_of(one), _Names()).add(one)
                continue
            self._known.add(one)
            state = state_of(one)
            if state is not None:
                self._states[state] = one
        for each in states.every().values():
            if each.id not in self._states:
                self._states[each.id] = _unregistered(each)
                self._known.add(self._states[each.id])

    def of(self, actor: Listed) -> list[Suggestion]:
        """Return who an actor may be, and not many: those that somebody knows before others, the likeliest first."""
        best: dict[str, tuple[Suggestion, Listed]] = {}
        for other, suggestion in self._found(actor, country_of(actor)):
            known = best.get(other.party)
            if known is None or known[0].score < suggestion.score:
                best[other.party] = suggestion, other
        ordered = sorted(best.values(), key=lambda one: (one[1].kind == UNRESOLVED, -one[0].score, one[1].rank))
        return [suggestion for suggestion, _ in ordered[:_SHOWN]]

    def _found(self, actor: Listed, country: str | None) -> Iterator[tuple[Listed, Suggestion]]:
        for code in (code for scheme, code in actor.codes if scheme == "cameo"):
            said = cameo_actors.read(code)
            if said is not None and said.country is not None and said.roles == ("GOV",):
                state = self._states[said.country]
                yield state, Suggestion(state.party, f"has the code of '{cameo_actors.in_words(code)}'", _CODE)
        beside = self._waiting.get(country)
        for bare in dict.fromkeys(split_country(name)[0] for name in actor.names):
            for found in self._known.like(bare):
                if country is None or country_of(found[0]) in (None, country):
                    yield found
            for found in beside.like(bare) if beside is not None else ():
                if found[0].rank < actor.rank and not _coded_apart(actor, found[0]):
                    yield found


def _coded_apart(one: Listed, other: Listed) -> bool:
    """Say whether two actors have different codes of one list, which say who they are better than their names do."""
    codes = dict(other.codes)
    return any(codes.get(scheme, code) != code for scheme, code in one.codes)


def _unregistered(state: State) -> Listed:
    """Return a state that no party is; a name that it shared with another is that one's since it ended."""
    names = (one for one in (state.name, *state.names) if not state.until or len(states.with_name(one)) == 1)
    return Listed(state.id, "state", tuple(names), (("iso3", state.id),))


def country_of(one: Listed) -> str | None:
    """Return the state that a party is of, as its code or the end of its name says; a state is of itself."""
    for scheme, code in one.codes:
        said = cameo_actors.read(code) if scheme == "cameo" else None
        if said is not None and said.country is not None:
            return said.country
    named = (split_country(name)[1] for name in one.names)
    return state_of(one) or next((country.id for country in named if country is not None), None)


def state_of(one: Listed) -> str | None:
    """Return the state of the vocabulary that a party is, None where it is none."""
    if one.kind == UNRESOLVED:
        return None
    codes = dict(one.codes)
    if "iso3" in codes:
        found = states.by_code("iso3", codes["iso3"])
    elif one.kind == "state":
        found = states.every().get(one.party) or states.by_name(one.names[0])
    else:
        found = None
    return None if found is None else found.id


@lru_cache(maxsize=65_536)
def _key(name: str) -> str:
    return " ".join(sorted(plain_key(name).split()))
