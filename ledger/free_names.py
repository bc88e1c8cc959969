"""Ids and names that the rules admit, for whoever must not be refused: found by trying, the same each time.

What a data set calls an actor may be too long, may hold what does not show or mix scripts, may be or look like somebody
else's name.  Such an actor is registered under another name, which holds its own as far as that goes and a hash of it.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.claims import Claim
from ledger.errors import Refused
from ledger.names import must_be_plain, name_key, skeletons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.register import Register

_LONGEST_ID: Final = 60
_LONGEST_NAME: Final = 200
_DIGITS: Final = 8
_FEW: Final = 64
"""As many handed out names are not looked for in the register."""
_OUTSIDE: Final = re.compile("[^a-z0-9]+")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


class FreeNames:
    """Which names are free: by the register, and by what was handed out and is not registered yet.

    Args:
        register: knows the names so far.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._claims: dict[str, list[Claim]] = {}
        self._looks: dict[str, set[str]] = {}
        self._waiting: dict[str, dict[str, Claim]] = {}
        self._most = _FEW

    def is_free(self, name: str, claim: Claim) -> bool:
        """Say whether the rules would admit a claim to a name, by a party that may be yet to be registered."""
        try:
            must_be_plain(name)
        except Refused:
            return False
        held = [*self._register.claims(name), *self._claims.get(name_key(name), ())]
        if not all(one.party == claim.party or one.admits(claim, name) for one in held):
            return False
        alike = {party for look in skeletons(name) for party in self._looks.get(look, ())}
        alike -= {claim.party, *(one.party for one in held)}
        return not alike and self._register.lookalike(name, claim.party) is None

    def first(self, possible: Iterable[str], party: str | None = None) -> str:
        """Return the first name that is free for a party; where none is given, the first free id."""
        if party is not None:
            return next(one for one in possible if self.is_free(one, Claim(party)))
        return next(one for one in possible if not self.is_id(one) and self.is_free(one, Claim(one)))

    def owner(self, name: str) -> str | None:
        """Return who was handed out a name that nobody has in the register yet."""
        claims = self._claims.get(name_key(name), ())
        return next((claim.party for claim in claims if not claim.dated), None)

    def is_id(self, name: str) -> bool:
        """Say whether a name is the id of a party, be it registered or handed out."""
        held = [*self._register.claims(name), *self._claims.get(name_key(name), ())]
        return any(name_key(claim.party) == name_key(name) for claim in held)

    def take(self, party: str, names: Mapping[str, Claim]) -> None:
        """Hand out an id and names."""
        if len(self._waiting) >= self._most:
            self._forget()
            self._most = max(_FEW, 2 * len(self._waiting))
        self._waiting[party] = {**names, party: Claim(party)}
        for name, claim in self._waiting[party].items():
            self._claims.setdefault(name_key(name), []).append(claim)
            for look in skeletons(name):
                self._looks.setdefault(look, set()).add(party)

    def _forget(self) -> None:
        """Forget what is registered by now."""
        for known in [one for one in self._waiting if self._register.claims(one)]:
            for name, claim in self._waiting.pop(known).items():
                left = [one for one in self._claims.pop(name_key(name), ()) if one != claim]
                if left:
                    self._claims[name_key(name)] = left
                for look in skeletons(name):
                    self._looks.get(look, set()).discard(known)
                    if not self._looks.get(look):
                        self._looks.pop(look, None)


def ids(prefix: str, name: str, identity: str) -> Iterator[str]:
    """Yield the ids that an actor may have, the plainest first; the last is nobody else's.

    >>> list(ids("actor", "Police (Kyiv)", "police (kyiv)"))
    ['actor/police-kyiv', 'actor/police-kyiv-1c6f0463', 'actor/1c6f04639f15c7ebc0d6cf618a73e2b6']
    """
    digest = sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    named = slug(name)
    if named:
        yield f"{prefix}/{named}"
        yield f"{prefix}/{named}-{digest[:_DIGITS]}"
    yield f"{prefix}/{digest[:32]}"


def names(name: str, identity: str) -> Iterator[str]:
    """Yield the names that an actor may have, its own first; the last is nobody else's."""
    digest = sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    shown = shown_name(name)
    if shown:
        yield shown
        yield f"{shown} ({digest[:_DIGITS]})"
    bare = slug(name)
    yield f"{bare or 'actor'} ({digest[:_DIGITS]})"
    yield f"actor {digest[:32]}"


def slug(name: str) -> str:
    """Return what of a name an id can hold.

    >>> slug("Côte d’Ivoire")
    'cote-d-ivoire'
    """
    letters = unicodedata.normalize("NFD", name.replace("’", " ")).encode("ascii", "ignore").decode()
    return _OUTSIDE.sub("-", letters.lower()).strip("-")[:_LONGEST_ID].strip("-")


def shown_name(name: str) -> str:
    r"""Return a name as one line of what shows, in the usual forms of its letters, and not without end.

    >>> shown_name("  Fra\u200bnce\t\uff21 ")
    'France A'
    """
    spaced = "".join(" " if one.isspace() else one for one in name)
    seen = "".join(one for one in spaced if unicodedata.category(one) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", seen)).split())[:_LONGEST_NAME].strip()
