"""An entry as evidence: its words, the quote marked where it stands in its source, what became of it, its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from projections.backing import borne_out
from projections.independence import NEEDED
from verbale.terminal.sealed import opened_text
from verbale.web.coding.quoted import kept, part_of, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.clocks import Moment
    from projections.evidence import Reading
    from projections.independence import Group
    from verbale.ledger import Ledger
    from verbale.reasons import Reasons

_AROUND: Final = 240
"""Characters of the source on each side of a quote."""


class Passage(NamedTuple):
    """A quote, and what stands around it in its source."""

    before: str
    exact: str
    after: str
    lang: str | None = None
    translated_by: str | None = None
    part: int | None = None
    """In which part of the source's text it stands; None where it is not found there."""
    why: str | None = None
    """Why it is not."""


class Shown(NamedTuple):
    """One entry, with what a reader wants to see of it."""

    one: Reading
    text: str | None
    """None where it is sealed and not at hand."""
    passage: Passage | None
    source: dict[str, Any] | None
    amendments: Sequence[Reading]
    groups: Sequence[Group] | None
    """Its independent sources; None where there is nothing to bear out."""
    checkpoint: int | None
    """The first signed checkpoint that covers it."""

    @classmethod
    def of(cls, ledger: Ledger, one: Reading, told: Reasons) -> Shown:
        """Return an entry of a position's reasons."""
        closed = told.sealed.get(one.entry)
        independent = None if told.why is None else told.why.independent.get(one.entry)
        source = told.sources.get(getattr(one.event, "source", None) or "")
        return cls(
            one,
            opened_text(closed) if closed and one.text is None else one.text,
            passage_of(ledger, one, source),
            source,
            told.amended.get(one.entry, ()),
            independent,
            checkpoint_of(ledger, one.entry),
        )

    @classmethod
    def alone(cls, ledger: Ledger, one: Reading, at: Moment) -> Shown:
        """Return an entry by itself, as it reads at a pair of moments."""
        name = getattr(one.event, "source", None)
        # A source's own registration names it too, and rests on nothing.
        source = None if name is None or one.type == "source-registered" else ledger.source(name, f"e{at.known_at}")
        closed = ledger.sealed(one.entry) if getattr(one.event, "sealed", None) else []
        return cls(
            one,
            opened_text(closed) if closed and one.text is None else one.text,
            passage_of(ledger, one, source),
            source,
            ledger.amendments(one.entry, at.known_at),
            borne_out(ledger.views.db, at.known_at, (one,)).get(one.entry),
            checkpoint_of(ledger, one.entry),
        )

    @property
    def unconfirmed(self) -> bool:
        """Whether it is called confirmed by other sources, and is not by as many as that takes."""
        credibility = getattr(self.one.event, "credibility", None) or ""
        return credibility.endswith("1") and self.groups is not None and len(self.groups) < NEEDED


def passage_of(ledger: Ledger, one: Reading, source: dict[str, Any] | None) -> Passage | None:
    """Return an entry's quote as it stands in its source; None where it has none that is open to read."""
    quote = getattr(one.event, "quote", None)
    if quote is None:
        return None
    told = (quote.lang, quote.translated_by)
    text, why = kept(ledger, source)
    place = place_of(quote, text)
    if text is None or place is None:
        why = why or "These words do not stand once, and once only, in the text that is kept of the source."
        return Passage(quote.prefix or "", quote.exact, quote.suffix or "", *told, why=why)
    start, end = place
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    cut = before if start <= _AROUND else "…" + before.partition(" ")[2]
    rest = after if end + _AROUND >= len(text) else after.rpartition(" ")[0] + " …"
    return Passage(cut, text[start:end], rest, *told, part=part_of(text, start))


def checkpoint_of(ledger: Ledger, entry: int) -> int | None:
    """Return the number of the first signed checkpoint that covers an entry."""
    return next((one.number for one in ledger.journal.checkpoints() if one.size >= entry), None)
