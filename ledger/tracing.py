r"""Where a passage of a document stands in its normalised text.

Tools that code documents count in what they hold themselves: Java and JavaScript in UTF-16 units of the raw text.  A
quote counts code points of the normalised text (`ledger.texts`).  `traced` takes the bounds of passages through each
step of the normalisation: what is deleted moves what follows, and a bound within something that becomes one character
goes outwards, so that a passage never loses half of a letter.

>>> traced("\U0001f600 <b>Cafe\u0301</b>\r\nopen", [(6, 11)])
('😀 Café\nopen', [(2, 6)])
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Refused
from ledger.texts import MARKUP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BYTE_ORDER_MARK: Final = re.compile("\\A\ufeff")
_LINE_END: Final = re.compile(r"\r\n?")
_REFERENCE: Final = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
"""What may be a character reference, as `html.unescape` looks for them."""
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")
_COMPOSING: Final = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
"""What composes on its own: no character composes with an ASCII character that follows it."""


class _Bound(NamedTuple):
    at: int
    closes: bool


def traced(raw: str, passages: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Return a document's normalised text, and where passages of the document stand in it.

    Args:
        raw: the document, as its bytes read.
        passages: `[start, end)` each, in UTF-16 units of `raw`.

    Raises:
        Refused: a passage lies beyond the document's end, or is none.
    """
    bounds = [_Bound(at, closes) for start, end in passages for at, closes in ((start, False), (end, True))]
    if any(not 0 <= start < end for start, end in passages):
        raise Refused("the passage is empty or begins before the document", hint="mend its bounds")
    bounds = _in_code_points(raw, bounds)
    text = raw
    for pattern, replacement, inner in _STEPS:
        text, bounds = _replaced(text, pattern, replacement, inner, bounds)
    if not unicodedata.is_normalized("NFC", text):
        text, bounds = _replaced(text, _COMPOSING, _composed, _between_letters, bounds)
    return text, [(start.at, end.at) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]


def _in_code_points(text: str, bounds: list[_Bound]) -> list[_Bound]:
    """Return the bounds, which count UTF-16 units, in code points: characters beyond U+FFFF are two units."""
    units = len(text)
    pairs = [match.start() for match in _BEYOND.finditer(text)]
    if max((bound.at for bound in bounds), default=0) > units + len(pairs):
        raise Refused("the passage ends beyond its document", hint="was the document changed after it was coded?")
    if not pairs:
        return bounds
    found, passed = list(bounds), 0
    for number in sorted(range(len(bounds)), key=lambda one: bounds[one].at):
        at, closes = bounds[number]
        while passed < len(pairs) and pairs[passed] + passed + 2 <= at:
            passed += 1
        halved = passed < len(pairs) and pairs[passed] + passed + 1 == at
        found[number] = _Bound(at - passed - (halved and not closes), closes)
    return found


def _replaced(
    text: str,
    pattern: re.Pattern[str],
    replacement: Callable[[str], str],
    inner: Callable[[str, str, _Bound], int],
    bounds: list[_Bound],
) -> tuple[str, list[_Bound]]:
    """Return a text with what matches replaced, and where bounds stand then.

    Args:
        text: what they count in.
        pattern: what is replaced.
        replacement: gives what stands in a match's place.
        inner: where a bound within a match stands in its replacement; given the match, that, and the bound within it.
        bounds: in any order.
    """
    order = sorted(range(len(bounds)), key=lambda one: bounds[one].at)
    parts: list[str] = []
    moved, next_, done, length = list(bounds), 0, 0, 0
    for match in pattern.finditer(text):
        start, end = match.span()
        old = match.group()
        new = replacement(old)
        while next_ < len(order) and bounds[order[next_]].at <= start:
            moved[order[next_]] = bounds[order[next_]]._replace(at=bounds[order[next_]].at - done + length)
            next_ += 1
        parts += text[done:start], new
        length += start - done
        while next_ < len(order) and bounds[order[next_]].at < end:
            within = bounds[order[next_]]._replace(at=bounds[order[next_]].at - start)
            moved[order[next_]] = within._replace(at=length + inner(old, new, within))
            next_ += 1
        length, done = length + len(new), end
    for number in order[next_:]:
        moved[number] = bounds[number]._replace(at=bounds[number].at - done + length)
    return "".join((*parts, text[done:])) if done else text, moved


def _outwards(old: str, new: str, bound: _Bound) -> int:  # noqa: ARG001  one of the ways to place a bound
    return len(new) if bound.closes else 0


def _between_letters(old: str, new: str, bound: _Bound) -> int:
    """Return where a bound stands among composed letters, moved outwards until it parts none."""
    at = bound.at
    while _composed(old[:at]) + _composed(old[at:]) != new:
        at += 1 if bound.closes else -1
    return len(_composed(old[:at]))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _nothing(old: str) -> str:  # noqa: ARG001  whatever it was
    return ""


def _line_feed(old: str) -> str:  # noqa: ARG001  whatever it was
    return "\n"


_STEPS: Final = (
    (_BYTE_ORDER_MARK, _nothing, _outwards),
    (_LINE_END, _line_feed, _outwards),
    (MARKUP, _nothing, _outwards),
    (_REFERENCE, unescape, _outwards),
    (_LINE_END, _line_feed, _outwards),
)
"""The steps of `ledger.texts.normalise` before the text becomes NFC."""
