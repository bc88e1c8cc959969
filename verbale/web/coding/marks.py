"""A text in pieces: its paragraphs, their sentences, and in them what was coded before."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from projections.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Mark(NamedTuple):
    """Something that was coded in a text."""

    start: int
    end: int
    label: str
    """Who, on what, which stance."""
    entry: int | None = None
    """None for a draft that waits in the tray."""
    status: str = "counts"
    """Of the entry: one that is retracted was coded here, and does not count."""


class Piece(NamedTuple):
    """Some words, and what is marked there."""

    text: str
    marks: tuple[Mark, ...] = ()


class Sentence(NamedTuple):
    """A sentence of a text, or what stands between two."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    between: bool = False
    """Whether it is only what stands between sentences."""


def paragraphs(text: str, marks: Iterable[Mark]) -> list[list[Sentence]]:
    """Return a text in paragraphs of sentences, each in pieces that are marked alike; nothing of it is lost."""
    known = sorted(marks)
    found: list[list[Sentence]] = [[]]
    at = 0
    for start, end in [*sentences(text), (len(text), len(text))]:
        gap = text[at:start]
        if "\n" in gap and found[-1]:
            found.append([])
        elif gap and found[-1]:
            found[-1].append(Sentence(at, start, (Piece(gap),), between=True))
        if end > start:
            found[-1].append(Sentence(start, end, _pieces(text, start, end, known)))
        at = end
    return [paragraph for paragraph in found if paragraph]


def _pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    there = [mark for mark in marks if mark.start < end and mark.end > start]
    cuts = sorted({start, end, *(at for mark in there for at in mark[:2] if start < at < end)})
    return tuple(
        Piece(text[one:other], tuple(mark for mark in there if mark.start <= one and mark.end >= other))
        for one, other in pairwise(cuts)
    )
