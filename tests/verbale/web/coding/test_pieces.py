"""Texts in sentences and marks: nothing of a text is ever lost or doubled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.sentences import sentences
from verbale.web.coding.marks import Mark, paragraphs

WORDS = st.text(alphabet='aB é中.!?…。 \n"“”)U', max_size=80)


@given(WORDS)
def test_sentences_follow_each_other_and_hold_every_word(text: str):
    """Between them is white space alone."""
    found = sentences(text)
    at = 0
    for start, end in found:
        assert at <= start < end
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        at = end
    assert text[at:].strip() == ""


@given(WORDS, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=6))
def test_marks_cut_sentences_and_lose_nothing(text: str, spans: list[tuple[int, int]]):
    """Each character is marked by what covers it, and by nothing else."""
    marks = [Mark(low, high, "x") for one in spans for low, high in [sorted(one)] if low < high <= len(text)]
    for sentence in (one for paragraph in paragraphs(text, marks) for one in paragraph):
        assert "".join(piece.text for piece in sentence.pieces) == text[sentence.start : sentence.end]
        if sentence.between:
            continue
        at = sentence.start
        for piece in sentence.pieces:
            for offset in range(at, at + len(piece.text)):
                assert set(piece.marks) == {mark for mark in marks if mark.start <= offset < mark.end}
            at += len(piece.text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("President Donald J. Trump met Gen. Kellogg. They spoke.", 2),
        ("The U.S. administration waits. So do we.", 2),
        ("“Russia is advancing … Any agreements must be on our terms,” he said.", 1),
        ("Moscow waits.Kyiv does not.", 2),
        ("See example.com and v1.2 of it.", 1),
        ("我们等待。他们不。", 2),
        ("قال الوزير: نحن ننتظر. متى؟ غدا.", 3),
    ],
)
def test_where_sentences_end(text: str, count: int):
    """Abbreviations end none; other scripts have their own full stops."""
    assert len(sentences(text)) == count
