"""What a normalised text promises: the same characters from the same bytes, everywhere and always."""

from __future__ import annotations

import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.texts
from ledger.entries import Quote
from ledger.errors import Refused
from ledger.texts import anchor, normalise, sha256_of, text_sha256_of

PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<&\r\0\ufeff"))


def test_worked_example_runs() -> None:
    """The example in the specification is true."""
    assert doctest.testmod(ledger.texts).failed == 0


@given(PLAIN)
def test_a_plain_text_is_itself(text: str) -> None:
    """Without markup and references, only NFC is left to do."""
    assert normalise(text.encode()) == unicodedata.normalize("NFC", text)


@given(PLAIN)
def test_line_ends_do_not_matter(text: str) -> None:
    """A copy with CR LF, or with CR, has the same text and hash."""
    for end in ("\r\n", "\r"):
        assert text_sha256_of(text.replace("\n", end).encode()) == text_sha256_of(text.encode())


@given(st.binary(max_size=60) | st.text(st.sampled_from("<>!-/[]&;\"'a# sctylei="), max_size=60).map(str.encode))
def test_any_bytes_are_normalised_or_refused(document: bytes) -> None:
    """No document whatever raises anything but `Refused`; what comes out is NFC and can be stored."""
    try:
        text = normalise(document)
    except Refused:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    assert text_sha256_of(document) == sha256_of(text.encode())


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("\ufeffa", "a"),
        ("a<br>b<BR/>c", "abc"),
        ("<p class='x' title=\"1 > 0\">a</p>", "a"),
        ("a<!-- b <p> --- c -->d", "ad"),
        ("a<!DOCTYPE html>b<?xml v?>c<![foo[bar]]>d", "abcd"),
        ("a<script>if (a<b) {'</p>'}</script >b<STYLE type=x>p>q{}</STYLE>c", "abc"),
        ("a<scripture>b</scripture>c", "abc"),
        ("a<script>b", "ab"),
        ("1 < 2 & 3 > 2; a <b", "1 < 2 & 3 > 2; a <b"),
        ("x <a href='y>", "x <a href='y>"),
        ("&lt;b&gt; &amp;amp; &eacute; &#233; &#x2019; &nosuch; &", "<b> &amp; é é ’ &nosuch; &"),
        ("a&#13;&#10;b&#13;c", "a\nb\nc"),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_markup_goes_and_characters_stay(document: str, text: str) -> None:
    """Tags, comments, scripts and styles go; references become characters; a lone `<` stays."""
    assert normalise(document.encode()) == text


def test_a_document_that_is_no_text_is_refused() -> None:
    """Bytes that are not UTF-8 are refused at their place."""
    with pytest.raises(Refused, match="not UTF-8 at byte 3") as refused:
        normalise(b"ab\xff")
    assert refused.value.hint


@given(PLAIN, PLAIN.filter(str.strip), PLAIN)
def test_an_anchor_points_at_the_words(before: str, words: str, after: str) -> None:
    """An anchor is where the quoted characters stand, if they stand there once; otherwise it is refused."""
    text = normalise((before + words + after).encode())
    exact = unicodedata.normalize("NFC", words)
    first = text.find(exact)
    if first < 0 or text.find(exact, first + 1) >= 0:  # composed with its neighbours, or there twice
        with pytest.raises(Refused) as refused:
            anchor(Quote.model_construct(exact=words), text)
        assert refused.value.hint
    else:
        assert anchor(Quote.model_construct(exact=words), text) == (first, first + len(exact))


def test_where_the_words_stand_is_said() -> None:
    """A wrong place is answered with the right one."""
    with pytest.raises(Refused) as refused:
        anchor(Quote(exact="b", start=0, end=1), "abc")
    assert refused.value.hint == "these words stand at 1–2"
