"""Names of publishers: what two spellings have in common, and which of them are one agency's.

>>> folded("The Guardian"), folded("Agence France-Presse") == folded("AGENCE FRANCE PRESSE")
('guardian', True)
>>> voice_of("AP") == voice_of("The Associated Press (AP)"), agency_at("apnews.com")
(True, 'associated press')
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from ledger.names import name_key
from ledger.vocabularies import agencies

_ACCENTS: Final = 200
"""The combining classes from here on are accents; below are what some scripts write vowels and consonants with."""
_BRACKETED: Final = re.compile(r"(.*\S)\s*\([^()]+\)")


@lru_cache(maxsize=4_096)
def folded(name: str) -> str:
    """Return what two ways to write a name have in common."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(each for each in letters if unicodedata.combining(each) < _ACCENTS)
    words = re.sub(r"[^\w]+", " ", unicodedata.normalize("NFC", plain)).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words) or name_key(name)


@lru_cache(maxsize=4_096)
def voice_of(name: str) -> str:
    """Return what all names of one publisher have in common; an agency is one under every name that is known of it."""
    bracketed = _BRACKETED.fullmatch(name)
    for each in (name, *(bracketed.groups() if bracketed else ())):
        found = _named().get(folded(each))
        if found is not None:
            return found
    return folded(name)


def agency_at(domain: str) -> str | None:
    """Return the agency, as `voice_of` has it, whose a domain is; None where it is nobody's in the list."""
    return _sites().get(domain)


@cache
def _named() -> dict[str, str]:
    return {folded(name): folded(one.name) for one in agencies.every() for name in (one.name, *one.names)}


@cache
def _sites() -> dict[str, str]:
    return {site: folded(one.name) for one in agencies.every() for site in one.sites}
