"""A source: what it is, its text with every quote that the ledger holds from it, and the entries that rest on it."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import UnknownName
from projections.resting import resting
from projections.wanted import base_of
from verbale.documents import card
from verbale.terminal.sealed import closed_text
from verbale.web import words
from verbale.web.answering import Page
from verbale.web.coding.marks import paragraphs
from verbale.web.coding.quoted import kept, part_of, parts, quoted
from verbale.web.pages.fields import link_of
from verbale.web.pages.matrix import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.clocks import Moment
    from projections.evidence import Reading
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked
    from verbale.web.coding.marks import Mark, Piece, Sentence

_MARKED: Final = 2_000
"""Quotes that are marked in a text."""


class Run(NamedTuple):
    """Some words of the text, and the quotes that they are of."""

    text: str
    status: str | None
    """None where nobody quotes them; `retracted` where nobody does any more."""
    begins: Sequence[Mark]
    """The quotes that begin here."""
    ends: Sequence[Mark]


class Shown(NamedTuple):
    """A part of a source's text, its quotes marked."""

    paragraphs: Sequence[Sequence[Run]]
    part: int
    last: int
    cut: bool
    """Whether there are more quotes than are marked."""


class Resting(NamedTuple):
    """An entry that rests on the source."""

    one: Reading
    text: str
    about: tuple[str | None, str | None]
    """Party and issue; of an amendment, those of what it is about in the end."""
    part: int | None
    """In which part of the text its quote stands; None where it is not found there."""


def source(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of a source.

    Raises:
        UnknownName: there is none of this id, or K does not know it.
        Unparsable: a page or a part is no number.
    """
    at = ledger.moment(asked.as_of, asked.as_known_at)
    row = ledger.source_card("/".join(asked.parts()[1:]), asked.as_known_at)
    name = row["source"]
    text, why = kept(ledger, row)
    said = resting(ledger.views.db, at.known_at, name, quoting=True)
    some = list(islice(said, _MARKED + 1)) if text is not None else []
    marks = sorted(quoted(some[:_MARKED], text or ""))
    after = asked.number("after", 0)
    rows = list(islice(resting(ledger.views.db, at.known_at, name, after=after), AT_ONCE + 1))
    places = {mark.entry: part_of(text or "", mark.start) for mark in marks}
    fields = {
        "row": row,
        "address": link_of(row["url"]),
        "shown": None if text is None else _part(asked, text, marks, cut=len(some) > _MARKED),
        "length": None if text is None else len(text),
        "why": why,
        "resting": [_resting(ledger, at, one, places) for one in rows[:AT_ONCE]],
        "after": after,
        "older": rows[AT_ONCE - 1].entry if len(rows) > AT_ONCE else None,
    }
    return Page("source.html", row["title"], at, fields, lambda: card("source", at, row))


def _part(asked: Asked, text: str, marks: list[Mark], *, cut: bool) -> Shown:
    begins = [*parts(text), len(text)]
    part = asked.number("part")
    if part >= len(begins):
        raise UnknownName(f"the text has no part {part}", hint=f"the last is {len(begins) - 1}")
    start, end = begins[part - 1], begins[part]
    there = [
        mark._replace(start=max(mark.start, start) - start, end=min(mark.end, end) - start)
        for mark in marks
        if mark.start < end and mark.end > start
    ]
    return Shown(_runs(paragraphs(text[start:end], there)), part, len(begins) - 1, cut)


def _runs(text: list[list[Sentence]]) -> list[list[Run]]:
    pieces = [piece for paragraph in text for sentence in paragraph for piece in sentence.pieces]
    first: dict[Mark, int] = {}
    last: dict[Mark, int] = {}
    for at, piece in enumerate(pieces):
        for mark in piece.marks:
            first.setdefault(mark, at)
            last[mark] = at
    numbers = count()
    return [
        [_run(piece, next(numbers), first, last) for sentence in paragraph for piece in sentence.pieces]
        for paragraph in text
    ]


def _run(piece: Piece, at: int, first: dict[Mark, int], last: dict[Mark, int]) -> Run:
    stands = any(mark.status != "retracted" for mark in piece.marks)
    status = ("quoted" if stands else "retracted") if piece.marks else None
    begins, ends = ([mark for mark in piece.marks if where[mark] == at] for where in (first, last))
    return Run(piece.text, status, begins, ends)


def _resting(ledger: Ledger, at: Moment, one: Reading, places: dict[int | None, int]) -> Resting:
    event = base_of(ledger.views.db, one, at.known_at).event
    closed = {one.entry: closed_text(ledger.sealed(one.entry))} if getattr(one.event, "sealed", None) else None
    about = getattr(event, "party", None), getattr(event, "issue", None)
    return Resting(one, words.headline(one, closed), about, places.get(one.entry))
