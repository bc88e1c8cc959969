"""On which line of a file in TOML a key stands, which its reader does not tell."""

from __future__ import annotations

import re
from typing import Final

_HEADER: Final = re.compile(r"\s*\[+\s*([^\]#]+?)\s*\]+")
_KEY: Final = re.compile(r"\s*(?:\"([^\"]*)\"|([A-Za-z0-9_.-]+))\s*=")


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """Return the line on which a key stands, or what it stands in; a key is found by its name, not by its value."""
    table: tuple[str, ...] = ()
    best, found = 0, None
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = tuple(part.strip().strip('"') for part in header[1].split("."))
            here = table
        elif key := _KEY.match(line):
            here = (*table, *([key[1]] if key[1] is not None else key[2].split(".")))
        else:
            continue
        common = next(
            (n for n, (a, b) in enumerate(zip(here, path, strict=False)) if a != b), min(len(here), len(path))
        )
        if common == len(here) and common > best:
            best, found = common, number
    return found
