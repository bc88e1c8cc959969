"""Who is meant by a party's name at a date: a name stands for one party at a time, and dates may split it.

A claim without dates holds wherever no dated one does.  So "Moscow" can be Russia's, and the Soviet Union's until
1991-12-25; what was said on 1962-10-27 is then the Soviet Union's, and what was said in 1991, no month given, is
ambiguous and refused.

>>> names = PartyNames([("Moscow", "RUS", None, None)])
>>> names.add("Moscow", "SUN", None, "1991-12-25")
>>> names.owner("moscow", "1962-10-27"), names.owner("Moscow", "2025-03-12")
('SUN', 'RUS')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import LedgerError, UnknownName
from ledger.names import name_key
from ledger.times import BEGINNING, END, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Claim(NamedTuple):
    """A party's claim to a name, as it was registered: from a date on, until a date, or without any."""

    party: str
    since: str | None = None
    until: str | None = None

    @property
    def dated(self) -> bool:
        """Whether it is bounded at all."""
        return self.since is not None or self.until is not None

    @property
    def earliest(self) -> int:
        """The first instant that it may hold."""
        return BEGINNING if self.since is None else span(self.since).earliest

    @property
    def latest(self) -> int:
        """The first instant that it holds no more."""
        return END if self.until is None else span(self.until).latest

    def overlaps(self, other: Claim) -> bool:
        """Say whether two claims may hold at one instant."""
        return self.earliest < other.latest and other.earliest < self.latest

    def admits(self, other: Claim, name: str) -> bool:
        """Say whether another claim to the same name may stand beside this one.

        Dates split a name; but an id is nobody else's at any time.
        """
        is_id, its_id = name_key(self.party) == name_key(name), name_key(other.party) == name_key(name)
        splits = other.dated and not self.dated and self.party != other.party and not is_id
        fills = self.dated and not other.dated and not its_id
        return splits or fills or (self.dated and other.dated and not self.overlaps(other))

    def __str__(self) -> str:
        """Return it in words: `SUN until 1991-12-25`."""
        since = "" if self.since is None else f" from {self.since}"
        until = "" if self.until is None else f" until {self.until}"
        return f"{self.party}{since}{until}"


class PartyNames:
    """Every name of every party.

    Args:
        claims: name, party, and the dates from and until which the name is the party's, where there are any.
    """

    def __init__(self, claims: Iterable[tuple[str, str, str | None, str | None]] = ()) -> None:
        self._sole: dict[str, str] = {}
        self._split: dict[str, list[Claim]] = {}
        for claim in claims:
            self.add(*claim)

    def add(self, name: str, party: str, since: str | None = None, until: str | None = None) -> None:
        """Take in a claim that the rules have admitted; of two without dates the first stays."""
        key, claim = name_key(name), Claim(party, since, until)
        if not claim.dated and key not in self._split:
            self._sole.setdefault(key, party)
            return
        if key not in self._split:
            sole = self._sole.pop(key, None)
            self._split[key] = [] if sole is None else [Claim(sole)]
        if claim.dated or all(one.dated for one in self._split[key]):
            self._split[key].append(claim)

    def keys(self) -> Iterator[str]:
        """Yield what every name is compared by."""
        yield from self._sole
        yield from self._split

    def claims(self, name: str) -> list[Claim]:
        """Return who claims a name."""
        key = name_key(name)
        sole = self._sole.get(key)
        return self._split.get(key, []) if sole is None else [Claim(sole)]

    def sole_owner(self, name: str) -> str | None:
        """Return the party that a name stands for at any date, None where it is nobody's or dates split it."""
        return self._sole.get(name) or self._sole.get(name_key(name))

    def owner(self, name: str, dated: str | None = None) -> str | None:
        """Return the party that a name stands for where it is used, None where it is nobody's.

        Args:
            name: in any spelling.
            dated: when it was used, as an entry is dated.

        Raises:
            UnknownName: it stands for several, and the date does not tell them apart.
        """
        found = self._sole.get(name) or self._sole.get(name_key(name))
        if found is not None or not self._split:
            return found
        claims = self.claims(name)
        if dated is None and len({claim.party for claim in claims}) == 1:
            return claims[0].party
        owners = set(_owners(claims, *_bounds(dated)))
        if len(owners) <= 1:
            return next(iter(owners), None)
        raise _ambiguous(name, claims, "nothing says when" if dated is None else f"{dated} does not say which")

    def owner_at(self, name: str, until: int) -> str | None:
        """Return the party that a name stands for just before an instant, None where it is nobody's.

        Raises:
            UnknownName: it stands for several, and for none of them then.
        """
        claims = self.claims(name)
        owner = next(iter(_owners(claims, until - 1, until)), None)
        if owner is None and len({claim.party for claim in claims}) > 1:
            raise _ambiguous(name, claims, "at that time it was nobody's")
        return owner or next((claim.party for claim in claims), None)


def _ambiguous(name: str, claims: list[Claim], why: str) -> UnknownName:
    who = " or ".join(map(str, claims))
    return UnknownName(f"'{name}' is {who}, and {why}", hint="name the party by its id")


def _bounds(dated: str | None) -> tuple[int, int]:
    try:
        bounds = None if dated is None else span(dated)
    except LedgerError:
        bounds = None  # whoever validates the date says what is wrong with it
    return (BEGINNING, END) if bounds is None else (bounds.starts, bounds.latest)


def _owners(claims: list[Claim], earliest: int, latest: int) -> Iterator[str | None]:
    """Yield who owns a name at some instant of a span, None for nobody."""
    always = next((claim.party for claim in claims if not claim.dated), None)
    dated = [claim for claim in claims if claim.dated]
    edges = {edge for claim in dated for edge in (claim.earliest, claim.latest) if earliest < edge < latest}
    for start in (earliest, *edges):
        yield next((claim.party for claim in dated if claim.earliest <= start < claim.latest), always)
