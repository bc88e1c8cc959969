"""Whether the bytes of a source still hold the words that are to be erased."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.texts import like_source, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.sealing import SealedValue


def words_of(value: SealedValue) -> str:
    """Return the words of a sealed value: a quote's are those that stand in its source."""
    return str(json.loads(value.value)["exact"]) if value.field == "quote" else value.value


def hold_any(document: bytes, values: Iterable[SealedValue]) -> bool:
    """Say whether a document holds one of some sealed values, as bytes or in its normalised text.

    Case, and how the words are spaced or broken into lines, make no difference.

    Raises:
        Refused: nobody can tell: the document is not text, or a quote is a translation of its words.
    """
    some = list(values)
    if any(words_of(value).encode() in document for value in some):
        return True
    text = _alike(normalise(document))
    if any(_alike(words_of(value)) in text for value in some):
        return True
    if any(value.field == "quote" and "translated_by" in json.loads(value.value) for value in some):
        raise Refused("the quote is a translation, and the words themselves may stand there")
    return False


def _alike(words: str) -> str:
    return " ".join(like_source(words).casefold().split())
