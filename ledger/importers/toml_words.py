"""Words as a drafted mapping writes them: values, comments, the names of files."""

from __future__ import annotations

import json
import re
from typing import Final

from ledger.importers.wording import slug

_SUFFIXES: Final = re.compile(r"(?i)\.(csv|tsv|tab|txt|xlsx|xlsm|gz|zip)$")
_WIDE: Final = 40


def quoted(text: str) -> str:
    """Return a text as TOML has it: JSON's, but for one character that TOML wants escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def comment(text: str, width: int = _WIDE) -> str:
    """Return a text as a comment can show it."""
    shown = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return shown if len(shown) <= width else f"{shown[: width - 1]}…"


def stem(name: str) -> str:
    """Return a file's name without what says how it is written and packed."""
    while (shorter := _SUFFIXES.sub("", name)) != name and shorter:
        name = shorter
    return name


def dataset(name: str) -> str:
    """Return what the data in a file may be called."""
    bare = stem(name)
    return bare if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", bare) else slug(bare)[:80] or "table"


def shell(name: str) -> str:
    """Return a file's name as a comment shows it to be typed."""
    shown = comment(name, 200)
    return shown if re.fullmatch(r"[\w.,/+-]+", shown) else f"'{shown}'"
