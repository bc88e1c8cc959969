"""Where the sentences of a text begin and end, as code points: an offer to who marks, and never more than that.

A line is a paragraph.  Within it a sentence ends at `.`, `!`, `?` or `…` (and their like in other scripts), with the
quotation marks and brackets that close there, before a space and what may begin another.  Abbreviations that are known,
initials and `U.S.` end none, nor does an `…` that stands by itself.  Of a page that was made without white space the
paragraphs stand close together, and one ends within `said.They`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSING: Final = r"""["'”’»)\]]*"""
_END: Final = re.compile(
    rf"""(?:[.!?؟।]+|(?<![\s…])…){_CLOSING}(?=\s+["'“‘«„(\[]*[^\W_a-z])"""  # noqa: RUF001
    rf"""|(?<=[a-z]{{2}})[.!?]{_CLOSING}(?=[A-Z][a-z])"""
    r"""|[。！？]+[」』）”]*"""  # noqa: RUF001  as Chinese and Japanese write them
)
_ABBREVIATED: Final = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|Gov|Amb|St|No|Nos|vs|etc|Inc|Ltd|Co|Jr|Sr|Art|Sec|cf|ca))\.$"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text, `[start, end)` each, without the white space around them.

    >>> [("One by Mr. X. Two?")[a:b] for a, b in sentences("One by Mr. X. Two?")]
    ['One by Mr. X. Two?']
    >>> ["He said “no.” We wait."[a:b] for a, b in sentences("He said “no.” We wait.")]
    ['He said “no.”', 'We wait.']
    """
    return [span for start, end in _lines(text) for span in _in_line(text, start, end)]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _in_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begun = start
    for found in _END.finditer(text, start, end):
        if _ABBREVIATED.search(text, begun, found.end()) is None:
            yield from _bare(text, begun, found.end())
            begun = found.end()
    yield from _bare(text, begun, end)


def _bare(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    said = text[start:end]
    if said.strip():
        yield start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())
