"""How far people who coded the same text agree, field by field.

Two readings are of the same passage where their quotes overlap by half of the shorter one; each has one partner at
most, the one whose quote and fields are most alike.  Of such pairs each field is a unit of its own.  Whether a sentence
was marked at all is the field `marked`, with every sentence of the text as a unit.

Cohen's kappa: agreement beyond what chance would bring about, from how often each of the two uses each label (J. Cohen,
A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20, 1960).  It is not defined
where chance alone would bring about full agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from ledger.entries import Mover
from ledger.errors import LedgerError, Refused
from ledger.texts import anchor
from projections.resting import resting

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Sequence

    from projections.evidence import Reading

FIELDS: Final = ("marked", "type", "party", "speaker", "issue", "stance", "act", "date", "attribution")
"""In which two readings may differ."""


@dataclass(frozen=True, slots=True)
class Coded:
    """What somebody read in a passage of a text."""

    reading: Reading
    coder: str
    start: int
    """Where the passage begins, in code points of the normalised text."""
    end: int

    def value(self, field: str) -> str:
        """Return what this person says in a field; empty where nothing."""
        event = self.reading.event
        if field == "type":
            return self.reading.type
        if field == "stance":
            return self.reading.stance or ""
        if field == "date":
            return self.reading.dated or ""
        return str(getattr(event, field, None) or "")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people agree in a field."""

    coder_a: str
    coder_b: str
    field: str
    units: int
    agreed: int
    kappa: float | None
    """None where it is not defined."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What two people made of the same passage; None is who left it out."""

    one: Coded | None
    other: Coded | None

    @property
    def differ(self) -> tuple[str, ...]:
        """In which fields they differ."""
        if self.one is None or self.other is None:
            return ("marked",)
        return tuple(name for name in FIELDS[1:] if self.one.value(name) != self.other.value(name))


def coder_of(one: Reading) -> str | None:
    """Return who coded an entry: whom its data set names, else who recorded it."""
    origin = getattr(one.event, "origin", None)
    return (None if origin is None else origin.coder) or one.recorded_by


def coded(db: sqlite3.Connection, known_at: int, source: str, text: str | None) -> Iterator[Coded]:
    """Yield what was read in a source, as it reads at K; what was retracted is left out.

    Args:
        db: the views, caught up.
        known_at: K.
        source: its id.
        text: its normalised text, in which quotes are looked for; without it, they are where they say they are.
    """
    for one in resting(db, known_at, source, quoting=True):
        quote = getattr(one.event, "quote", None)
        if not isinstance(one.event, Mover) or quote is None or one.status == "retracted":
            continue
        if text is None:
            if quote.start is None:
                continue
            start, end = quote.start, quote.start + len(quote.exact)
        else:
            try:
                start, end = anchor(quote, text)
            except LedgerError:
                continue
        yield Coded(one, coder_of(one) or "nobody named", start, end)


def passages(one: Sequence[Coded], other: Sequence[Coded]) -> list[Passage]:
    """Return what two people read, in the order of the text, side by side where it is the same passage."""
    likely = sorted(
        ((_alike(a, b), -at, -to, a, b) for at, a in enumerate(one) for to, b in enumerate(other) if _same(a, b)),
        key=lambda found: found[:3],
        reverse=True,
    )
    taken: set[int] = set()
    found = []
    for *_, a, b in likely:
        if taken.isdisjoint({a.reading.entry, b.reading.entry}):
            taken.update({a.reading.entry, b.reading.entry})
            found.append(Passage(a, b))
    found += [Passage(a, None) for a in one if a.reading.entry not in taken]
    found += [Passage(None, b) for b in other if b.reading.entry not in taken]
    return sorted(found, key=_place)


def agreements(some: Collection[Coded], sentences: Sequence[tuple[int, int]] = ()) -> list[Agreement]:
    """Return how far each two who coded a text agree, field by field.

    Args:
        some: what they read.
        sentences: of the text, `[start, end)` each; without them nothing is said of what was marked.
    """
    by: dict[str, list[Coded]] = {}
    for coding in some:
        by.setdefault(coding.coder, []).append(coding)
    return [
        _agreement(a, b, field, units)
        for a, b in combinations(sorted(by), 2)
        for field, units in _units(by[a], by[b], sentences)
    ]


def _units(
    one: Sequence[Coded], other: Sequence[Coded], sentences: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    if sentences:
        yield "marked", [(_marked(one, *sentence), _marked(other, *sentence)) for sentence in sentences]
    both = [(found.one, found.other) for found in passages(one, other)]
    pairs = [(a, b) for a, b in both if a is not None and b is not None]
    for field in FIELDS[1:]:
        yield field, [(a.value(field), b.value(field)) for a, b in pairs]


def _agreement(coder_a: str, coder_b: str, field: str, units: list[tuple[str, str]]) -> Agreement:
    agreed = sum(a == b for a, b in units)
    return Agreement(coder_a, coder_b, field, len(units), agreed, kappa(units))


def kappa(units: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of what two people said of the same units; None where it is not defined.

    Raises:
        Refused: the library that computes it is not installed.
    """
    if len({label for unit in units for label in unit}) < 2:  # noqa: PLR2004  with one label, chance agrees fully
        return None
    try:
        from nltk.metrics.agreement import AnnotationTask  # noqa: PLC0415  a second to import, needed only here
    except ImportError:
        hint = "install it with: pip install 'verbale[web]'"
        raise Refused("Cohen's kappa is computed by nltk, which is not installed", hint=hint) from None
    said = [(coder, at, label) for at, unit in enumerate(units) for coder, label in zip("ab", unit, strict=True)]
    return float(AnnotationTask(said).kappa())


def _marked(some: Sequence[Coded], start: int, end: int) -> str:
    return "yes" if any(one.start < end and one.end > start for one in some) else "no"


def _same(one: Coded, other: Coded) -> bool:
    overlap = min(one.end, other.end) - max(one.start, other.start)
    return overlap > 0 and 2 * overlap >= min(one.end - one.start, other.end - other.start)


def _alike(one: Coded, other: Coded) -> tuple[float, int]:
    overlap = min(one.end, other.end) - max(one.start, other.start)
    over = max(one.end, other.end) - min(one.start, other.start)
    return overlap / over, sum(one.value(name) == other.value(name) for name in FIELDS[1:])


def _place(found: Passage) -> tuple[int, int]:
    first = found.one or found.other
    return (0, 0) if first is None else (first.start, first.reading.entry)
