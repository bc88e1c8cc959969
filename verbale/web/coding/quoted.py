"""What the ledger holds from a text: the text of a source as it is kept here, and every quote where it stands in it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries import Mover
from ledger.errors import LedgerError, Refused
from ledger.texts import anchor
from verbale.terminal.kinds import kind_of
from verbale.web.coding.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.entries import Quote
    from projections.evidence import Reading
    from verbale.ledger import Ledger

PART: Final = 60_000
"""Characters of a text that are shown at once."""


class Kept(NamedTuple):
    """A source's text."""

    text: str | None
    why: str | None = None
    """Why there is none."""


def kept(ledger: Ledger, source: dict[str, Any] | None) -> Kept:
    """Return the text of a source as it is kept beside the ledger, or why it is not."""
    digest = None if source is None else source.get("sha256")
    if digest is None:
        return Kept(None, "It was registered without a document: its quotes stand as they were recorded, unchecked.")
    try:
        text = ledger.snapshots.text(digest)
    except Refused as error:
        return Kept(None, f"{error.message[:1].upper()}{error.message[1:]}: {error.hint}.")
    if text is None:
        return Kept(None, "Its text is not kept here, only its hash: whoever has the document can compare.")
    return Kept(text)


def place_of(quote: Quote, text: str | None) -> tuple[int, int] | None:
    """Return where a quote stands in a text, as code points; None where it does not, as a translation does not."""
    if text is None or quote.translated_by is not None:
        return None
    try:
        return anchor(quote, text)
    except LedgerError:
        return None


def quoted(some: Iterable[Reading], text: str) -> Iterator[Mark]:
    """Yield where entries have quoted a text; those whose quote is not found in it are left out."""
    for one in some:
        quote = getattr(one.event, "quote", None)
        place = None if quote is None else place_of(quote, text)
        if place is not None:
            yield mark_of(one, *place)


def mark_of(one: Reading, start: int, end: int) -> Mark:
    """Return the mark of an entry whose quote stands between two places of a text."""
    if isinstance(one.event, Mover):
        label = f"{one.event.party} on {one.event.issue}: {one.stance or 'no stance'}"
    else:
        label = f"{kind_of(one.type)} e{one.target}"
    return Mark(start, end, label, one.entry, one.status)


def parts(text: str) -> list[int]:
    """Return where the parts begin in which a long text is shown: each after the end of a line or a word.

    >>> parts("short")
    [0]
    """
    found = [0]
    while found[-1] + PART < len(text):
        least = found[-1] + PART
        end = next((at for sign in "\n " if (at := text.find(sign, least, least + PART // 10)) >= 0), least - 1)
        found.append(end + 1)
    return found if len(found) == 1 or found[-1] < len(text) else found[:-1]


def part_of(text: str, start: int) -> int:
    """Return in which part a place is, from 1."""
    return bisect_right(parts(text), start)
