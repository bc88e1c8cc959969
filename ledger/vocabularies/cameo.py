"""CAMEO: the codes of Conflict and Mediation Event Observations, and what they are called.

Codes have two to four digits; the first two are the root.  Source: P. A. Schrodt, "CAMEO: Conflict and Mediation Event
Observations Event and Actor Codebook", version 1.1b3 (2012).  Data sets word the same label in several ways, of which
`cameo.csv` lists those that are more than another spelling.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def label(code: str) -> str | None:
    """Return what a code is called, None where CAMEO has no such code.

    >>> label("036")
    'Express intent to meet or negotiate'
    """
    return _labels().get(code)


def code_of(words: str) -> str | None:
    """Return the code that is called so, None where none is; a root's name means its general code (`100`, not `10`).

    >>> code_of("Use_chemical,_biological,_or_radiological_weapons"), code_of("Demand")
    ('2041', '100')
    """
    return _codes().get(_bare(words))


def _bare(words: str) -> str:
    return "".join(filter(str.isalnum, words.casefold()))


@cache
def _table() -> list[tuple[str, str, str]]:
    text = (files(__package__) / "cameo.csv").read_text(encoding="utf-8")
    return [(row["code"], row["label"], row["also"]) for row in csv.DictReader(text.splitlines())]


@cache
def _labels() -> dict[str, str]:
    return {code: called for code, called, _ in _table()}


@cache
def _codes() -> dict[str, str]:
    roots_first = sorted(_table(), key=lambda row: len(row[0]))
    found: dict[str, str] = {}
    for code, called, also in roots_first:
        for words in filter(None, (called, also)):
            general = found.get(_bare(words))
            found[_bare(words)] = code if general is None or len(general) == len("10") else general
    return found
