"""What somebody probably meant by a word that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOSE_ENOUGH: Final = 60
_LISTED: Final = 12


def meant(word: str, known: Iterable[str]) -> str:
    """Return a hint: the word that is closest, where one is close, and else those that there are.

    >>> meant("valeus", ["from", "values"]), meant("x", ["from", "values"])
    ("did you mean 'values'?", 'one of: from, values')
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415  only when something was misspelt

    listed = list(known)
    by_key = {name_key(one): one for one in listed}
    found = process.extractOne(name_key(word), list(by_key), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    if found is not None:
        return f"did you mean '{by_key[found[0]]}'?"
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return f"one of: {', '.join(listed[:_LISTED])}{more}"
