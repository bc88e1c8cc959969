"""Cells of our own CSV: a `'` keeps a spreadsheet from taking a text for a formula, and is taken away again in reading.

>>> guarded("=1+1"), guarded("1+1"), guarded("'=1+1")
("'=1+1", '1+1', "''=1+1")
>>> unguarded("'=1+1"), unguarded("'tis")
('=1+1', "'tis")
"""

from __future__ import annotations

from typing import Final

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the beginning of a formula; some take the wide forms for the narrow ones."""


def guarded(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULAS) else text


def unguarded(text: str) -> str:
    """Return the text that a cell was made of: the inverse of `guarded`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULAS) else text
