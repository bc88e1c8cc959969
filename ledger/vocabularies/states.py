"""The states of the world: which state a code or a name stands for at a date.

`states.csv` has a row for each state, and for entities that some code lists have as one: the id that a ledger gives it
(its ISO 3166-1 alpha-3 code, where it has one that is its own), its name, the codes of four schemes, from when until
when it was, who came after it, and its other names.  What is one of several in a cell is separated by `|`.

- `iso3`: alpha-3 codes; the first is the state's own, others were withdrawn (`ROM`) or were used for it in its time:
  `DEU` meant the Federal Republic of Germany until 1990-10-02, `RUS` is what many lists call the Soviet Union.  Kosovo
  has none: its id, `XKX`, is one that ISO leaves to users, and is found as one.
- `cow`, `letters`: the Correlates of War's number and abbreviation.  Palestine has none; Taiwan is 713 `TAW`.
- `cameo`: the code that event data (CAMEO, GDELT) have for its country.
- `wikidata`: the item of the state.
- `from`, `until`: its first and last day, given where that tells states apart, not as its history: Russia and the
  Soviet Union share `365`, and dates say whose it is.

A name is compared by its letters alone: accents, points, "the" and how "and" or "Saint" is written do not matter.

>>> by_code("cow", "365", "1980-05-01").id, by_code("cow", "365", "2022").id, by_name("the Russian Federation").id
('SUN', 'RUS', 'RUS')
>>> by_code("iso3", "NA"), by_code("iso3", "NAM").name  # NA is Namibia's alpha-2 code, and no missing value
(None, 'Namibia')
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.times import BEGINNING, END, span

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMES: Final = ("iso3", "cow", "wikidata", "cameo")
_WORDS: Final = re.compile(r"[^\W_]+")
_ALIKE: Final = {"st": "saint", "ste": "saint", "the": ""}


class State(NamedTuple):
    """A state, or what some code lists have as one."""

    id: str
    name: str
    iso3: tuple[str, ...]
    cow: str | None
    letters: str | None
    cameo: tuple[str, ...]
    wikidata: str | None
    since: str | None
    until: str | None
    successors: tuple[str, ...]
    names: tuple[str, ...]
    """What else it is called."""

    @property
    def codes(self) -> dict[str, str]:
        """The codes that are its own, as a registration has them."""
        own = {
            "iso3": self.id if self.id in self.iso3[:1] else None,
            "cow": self.cow,
            "wikidata": self.wikidata,
            "cameo": self.cameo[0] if self.cameo else None,
        }
        return {scheme: code for scheme, code in own.items() if code is not None}

    @property
    def earliest(self) -> int:
        """The first instant of it, microseconds since 1970."""
        return BEGINNING if self.since is None else span(self.since).earliest

    @property
    def latest(self) -> int:
        """The first instant after it."""
        return END if self.until is None else span(self.until).latest


def every() -> Mapping[str, State]:
    """Return all states by id."""
    return _read()[0]


def by_code(scheme: str, code: str, on: str | None = None) -> State | None:
    """Return the state that a code stands for, None where there is none, or several and the date does not say which.

    Args:
        scheme: one of `SCHEMES`.
        code: as the scheme writes it; for `cow` its number or its letters.
        on: an EDTF date; None, today's state where there is one.
    """
    return _at(with_code(scheme, code), on)


def by_name(name: str, on: str | None = None) -> State | None:
    """Return the state that a name stands for, None where there is none, or several and the date does not say which.

    Args:
        name: in any spelling.
        on: an EDTF date; None, today's state where there is one.
    """
    return _at(with_name(name), on)


def with_code(scheme: str, code: str) -> tuple[State, ...]:
    """Return every state that a code has stood for."""
    key = code.strip().upper()
    return _read()[1].get((scheme, key.lstrip("0") if scheme == "cow" else key), ())


def with_name(name: str) -> tuple[State, ...]:
    """Return every state that a name has stood for."""
    return _read()[2].get(plain_key(name), ())


@lru_cache(maxsize=4_096)
def plain_key(name: str) -> str:
    """Return what the spellings of a state's name have in common.

    >>> plain_key("The Gambia"), plain_key("St. Kitts & Nevis") == plain_key("Saint Kitts and Nevis")
    ('gambia', True)
    """
    bare = unicodedata.normalize("NFKD", name.replace("&", " and ").replace("’", "'")).casefold()
    letters = "".join(one for one in bare if not unicodedata.combining(one) and one not in "'.")
    return " ".join(filter(None, (_ALIKE.get(word, word) for word in _WORDS.findall(letters))))


def _at(states: tuple[State, ...], on: str | None) -> State | None:
    """Return the one state of several that was there at a date; of one alone the dates do not matter."""
    if len(states) <= 1:
        return states[0] if states else None
    if on is None:
        there = [state for state in states if state.until is None]
    else:
        when = span(on)
        there = [state for state in states if state.earliest < when.latest and when.starts < state.latest]
    return there[0] if len(there) == 1 else None


@cache
def _read() -> tuple[
    dict[str, State], dict[tuple[str, str], tuple[State, ...]], dict[str, tuple[State, ...]]
]:  # by id, by code, by name
    states: dict[str, State] = {}
    codes: dict[tuple[str, str], tuple[State, ...]] = {}
    names: dict[str, tuple[State, ...]] = {}
    with Path(__file__).with_name("states.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            state = State(
                row["id"],
                row["name"],
                _several(row["iso3"]),
                row["cow"] or None,
                row["letters"] or None,
                _several(row["cameo"]),
                row["wikidata"] or None,
                row["from"] or None,
                row["until"] or None,
                _several(row["successors"]),
                _several(row["names"]),
            )
            states[state.id] = state
            for scheme, code in _codes_of(state):
                codes[scheme, code] = (*codes.get((scheme, code), ()), state)
            for key in {plain_key(name) for name in (state.name, *state.names)}:
                names[key] = (*names.get(key, ()), state)
    return states, codes, names


def _codes_of(state: State) -> set[tuple[str, str]]:
    found = {("iso3", code) for code in (state.id, *state.iso3)} | {("cameo", code) for code in state.cameo}
    single = {("cow", state.cow), ("cow", state.letters), ("wikidata", state.wikidata)}
    return found | {(scheme, code) for scheme, code in single if code is not None}


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
