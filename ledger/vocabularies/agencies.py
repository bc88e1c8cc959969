"""News agencies: what else each is called, and its sites.

`agencies.csv` has those whose reports many papers print and whose names are written in several ways: `AP` and
`Associated Press`, `新华社` and `Xinhua`.  An abbreviation is in it only where hardly anybody else goes by it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Agency(NamedTuple):
    """A news agency."""

    name: str
    names: tuple[str, ...]
    """What else it is called."""
    sites: tuple[str, ...]
    """Its domains, as they were registered."""


@cache
def every() -> tuple[Agency, ...]:
    """Return all agencies, in the order of their names."""
    text = (files(__package__) / "agencies.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Agency(row["name"], _several(row["names"]), _several(row["sites"])) for row in rows)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
