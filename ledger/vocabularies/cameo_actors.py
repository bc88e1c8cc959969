"""What a CAMEO actor code says: a country's code, if any, then roles, three letters each.

>>> in_words("RUSGOV"), in_words("UKRGOVMIL"), in_words("COP"), in_words("IGOEUREEC")
('Russia: government', 'Ukraine: government, military', 'No country: police', None)
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ledger.vocabularies.states import by_code

ROLES: Final = {
    "AGR": "agriculture",
    "BUS": "business",
    "COP": "police",
    "CRM": "criminals",
    "CVL": "civilians",
    "DEV": "development",
    "EDU": "education",
    "ELI": "elites",
    "ENV": "environment",
    "GOV": "government",
    "HLH": "health",
    "HRI": "human rights",
    "INS": "insurgents",
    "JUD": "judiciary",
    "LAB": "labour",
    "LEG": "legislature",
    "MED": "media",
    "MIL": "military",
    "MOD": "moderates",
    "OPP": "opposition",
    "PTY": "parties",
    "RAD": "radicals",
    "REB": "rebels",
    "REF": "refugees",
    "SEP": "separatists",
    "SPY": "intelligence",
    "UAF": "armed forces, unidentified",
}
"""The roles within a country; codes with others are left as they are."""
_LETTERS: Final = 3


class Actor(NamedTuple):
    """A code that says which country an actor is of, and in which roles."""

    country: str | None
    """The id of the state, as it is today; None where the code begins with a role."""
    name: str
    """The state's name; `No country` where there is none."""
    roles: tuple[str, ...]


def read(code: str) -> Actor | None:
    """Return what a code says, None where some of it is not known."""
    parts = tuple(code[at : at + _LETTERS].upper() for at in range(0, len(code), _LETTERS))
    state = by_code("cameo", parts[0]) if parts else None
    roles = parts if state is None else parts[1:]
    if not parts or any(part not in ROLES for part in roles):
        return None
    return Actor(None, "No country", roles) if state is None else Actor(state.id, state.name, roles)


def in_words(code: str) -> str | None:
    """Return a code in words, None where some of it is not known."""
    actor = read(code)
    if actor is None:
        return None
    return ": ".join(filter(None, (actor.name, ", ".join(ROLES[role] for role in actor.roles))))
