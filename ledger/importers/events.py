"""Coded events, as event data sets have them: who did what to whom, where and when, without an issue.

An event becomes an action.  The actor is the party, the target stands in `to`, and both bear on their *dyad*, the issue
`relations/RUS-UKR`: the ids of the states that they belong to, sorted, or of the actors themselves where they belong to
none; `relations/JPN` for what happens within one.  A row that names no actor is put down to the party `unspecified`.
The code, its scheme and its intensity are kept as the entry's coding: they say nothing of what a party holds.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.actors import Actors
from ledger.entries.issues import DYADS
from ledger.importers.line import Draft, as_line
from ledger.resolving import state_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.register import Register

UNSPECIFIED: Final = "unspecified"
_LONGEST: Final = 120
_LONGEST_LABEL: Final = 500


class Actor(NamedTuple):
    """Somebody as a data set has them."""

    name: str | None = None
    code: str | None = None
    country: str | None = None
    """The state they belong to, by its name, or by its code in the scheme of `code`."""


class Event(NamedTuple):
    """A coded event."""

    id: str
    on: str
    """As an entry is dated."""
    actors: tuple[Actor, ...]
    targets: tuple[Actor, ...]
    words: str
    """What was done."""
    coding: Mapping[str, Any]
    columns: Mapping[str, str]
    place: str | None = None
    source: str | None = None
    text: str | None = None
    """How the data describe it; None has the entry say who did what to whom."""


class Source(NamedTuple):
    """A document that rows rest on."""

    id: str
    title: str
    publisher: str | None = None
    url: str | None = None
    published_at: str | None = None

    def draft(self) -> Draft:
        """Return the draft that registers it."""
        given = {"source": self.id, **{name: value for name, value in self._asdict().items() if name != "id"}}
        return {"type": "source-registered", **{name: value for name, value in given.items() if value}}


class Dyads:
    """Turns the events of one data set into lines of drafts.

    Args:
        dataset: its name.
        scheme: of its actors' codes.
        register: what is known.
    """

    def __init__(self, dataset: str, scheme: str | None, register: Register) -> None:
        self._dataset = dataset
        self._scheme = scheme
        self._register = register
        self._actors = Actors(register)

    def draft(self, event: Event, needed: list[bytes]) -> Draft:
        """Return the action that an event is; what it names and nobody knows is added to `needed`."""
        parties = [self._party(actor, event.on, needed) for actor in event.actors]
        if not parties:
            needed += self._unspecified()
            parties = [UNSPECIFIED]
        targets = [self._party(actor, event.on, needed) for actor in event.targets]
        pairs = [*zip(event.actors or (Actor(),), parties, strict=True), *zip(event.targets, targets, strict=True)]
        sides = [self._side(actor, party, event.on, needed) for actor, party in pairs]
        dyad = dyad_of(sides)
        if self._register.issue(dyad) is None:
            needed.append(as_line({"type": "issue-opened", "issue": dyad, "proposition": _proposition(sides)}))
        origin = {"dataset": self._dataset, "id": event.id, "columns": dict(event.columns)}
        ids = list(dict.fromkeys(parties))
        given = {
            "party": ids[0],
            "issue": dyad,
            "occurred_on": event.on,
            "text": event.text or words_of(event),
            "place": event.place,
            "source": event.source,
            "to": list(dict.fromkeys(targets)),
            "on_behalf_of": ids if len(ids) > 1 else [],
            "coding": {name: value for name, value in event.coding.items() if value},
            "origin": {name: value for name, value in origin.items() if value},
        }
        return {"type": "action-taken", **{name: value for name, value in given.items() if value}}

    def source(self, source: Source) -> Iterator[bytes]:
        """Yield the draft that registers a source, if nobody knows it."""
        if self._register.source(source.id) is None:
            yield as_line(source.draft())

    def _party(self, actor: Actor, on: str, needed: list[bytes]) -> str:
        scheme = None if actor.code is None else self._scheme
        found = self._actors.party(name=actor.name, code=actor.code, scheme=scheme, country=actor.country, on=on)
        needed += found.needed
        return found.party

    def _side(self, actor: Actor, party: str, on: str, needed: list[bytes]) -> str:
        """Return what stands for an actor in a dyad: their state, or themselves."""
        state = state_named(actor.country, on)
        if state is None:
            return party
        found = self._actors.party(code=state.id, scheme="iso3", on=on)
        needed += found.needed
        return found.party

    def _unspecified(self) -> Iterator[bytes]:
        if not self._register.claims(UNSPECIFIED):
            name = "an actor that the data leave out"
            yield as_line({"type": "party-registered", "party": UNSPECIFIED, "name": name, "kind": "other"})


def dyad_of(sides: Iterable[str]) -> str:
    """Return the issue on which the relations of parties lie.

    >>> dyad_of(["UKR", "RUS"]), dyad_of(["JPN", "JPN"])
    ('relations/RUS-UKR', 'relations/JPN')
    """
    ids = sorted(set(sides), key=str.casefold)
    dyad = DYADS + "-".join(ids)
    if len(dyad) <= _LONGEST:
        return dyad
    digest = hashlib.sha256(dyad.encode()).hexdigest()[:16]
    return f"{dyad[: _LONGEST - len(digest) - 1]}-{digest}"


def _proposition(sides: Iterable[str]) -> str:
    """Return what stands in a dyad's place of a proposition: nobody is for or against it.

    >>> _proposition(["UKR", "RUS"]), _proposition(["JPN", "JPN"])
    ('Relations between RUS and UKR', 'Relations within JPN')
    """
    *others, last = sorted(set(sides), key=str.casefold)
    words = f"Relations between {', '.join(others)} and {last}" if others else f"Relations within {last}"
    return words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 1] + "…"


def words_of(event: Event) -> str:
    """Return who did what to whom, in one line."""
    doers = ", ".join(actor.name or actor.code or "" for actor in event.actors) or "Somebody"
    others = ", ".join(actor.name or actor.code or "" for actor in event.targets)
    return f"{doers} → {others}: {event.words}" if others else f"{doers}: {event.words}"
