"""Passages of a document, traced through its normalisation."""

from __future__ import annotations

import unicodedata
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.texts import normalise
from ledger.tracing import traced

PIECES: Final = st.one_of(
    st.sampled_from(["a", "b ", "e", "é", "Ж", "\u0301", "\u0323", "\u0306", "ㄱ", "\u1100", "\u1161", "\u11a8"]),
    st.sampled_from(["\U0001f600", "\U0001d11e", "\ufeff", "\r\n", "\r", "\n"]),
    st.sampled_from(["<b>", "</b>", "<", ">", "&amp;", "&#233;", "&", "&#13;", "&#x301;"]),
)
DOCUMENTS: Final = st.lists(PIECES, max_size=30).map("".join)


def units(text: str) -> int:
    """Return how many UTF-16 units a text has, as Java counts."""
    return len(text.encode("utf-16-le")) // 2


@given(DOCUMENTS)
def test_the_text_is_the_normalised_text(raw: str) -> None:
    """Step by step, the text becomes what `normalise` makes of the document's bytes."""
    assert traced(raw, [])[0] == normalise(raw.encode())


@given(DOCUMENTS, st.data())
def test_passages_stay_in_order_and_within_the_text(raw: str, data: st.DataObject) -> None:
    """Bounds never cross, whatever is deleted or composed, and the whole document is the whole text."""
    length = units(raw)
    if not length:
        return
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, length))
    text, ((whole, last), (first, after), (_, behind)) = traced(raw, [(0, length), (start, end), (start, length)])
    assert (whole, last, behind) == (0, len(text), len(text))
    assert 0 <= first <= after <= len(text)
    assert traced(raw, [(start, end)])[1] == [(first, after)]  # whatever else is asked for


@given(
    st.lists(st.sampled_from(["word", "Straße", "e\u0301te\u0301", "\U0001f600", "한", "&amp;", "A\u030a"])), st.data()
)
def test_whole_words_are_found_as_they_are(words: list[str], data: st.DataObject) -> None:
    """A passage of whole words, with line ends as Windows writes them between, is those words, normalised."""
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    before, passage = "".join(word + "\r\n" for word in words[:first]), "\r\n".join(words[first : last + 1])
    text, [(start, end)] = traced("\r\n".join(words), [(units(before), units(before + passage))])
    assert text[start:end] == normalise(passage.encode())


@pytest.mark.parametrize(
    ("raw", "passage", "found"),
    [
        ("\U0001f600 yes", (3, 6), "yes"),
        ("\U0001f600 yes", (1, 6), "\U0001f600 yes"),
        ("no \U0001f600", (0, 4), "no \U0001f600"),
        ("one\r\ntwo", (5, 8), "two"),
        ("Cafe\u0301 open", (0, 4), "Caf\u00e9"),
        ("Cafe\u0301 open", (4, 10), "\u00e9 open"),
        ("AT&amp;T rose", (0, 8), "AT&T"),
        ("a <b>bold</b> word", (5, 9), "bold"),
        ("a <b>bold</b> word", (3, 15), "bold w"),
    ],
)
def test_bounds_go_outwards(raw: str, passage: tuple[int, int], found: str) -> None:
    """A bound within a surrogate pair, an accented letter or a reference takes the whole of it in."""
    text, [(start, end)] = traced(raw, [passage])
    assert text[start:end] == found
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("passage", [(0, 4), (2, 2), (3, 1), (-1, 2)])
def test_a_passage_that_is_none_is_refused(passage: tuple[int, int]) -> None:
    """What ends beyond the document, or holds nothing, is told of."""
    with pytest.raises(Refused):
        traced("yes", [passage])
