"""The sources, by id; with `q`, those that have these words in what names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.resting import has_words, shelf
from verbale.documents import listing
from verbale.web.answering import Page
from verbale.web.pages.matrix import AT_ONCE

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def sources(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of the sources."""
    at = ledger.moment(asked.as_of, asked.as_known_at)
    words = asked.get("q") or ""
    found = shelf(ledger.views.db, at.known_at, AT_ONCE, words, asked.get("after") or "")

    def document() -> dict[str, Any]:
        wanted = words.casefold().split()
        return listing("sources", at, [one for one in ledger.sources(asked.as_known_at) if has_words(one, wanted)])

    return Page("sources.html", "Sources", at, {"found": found, "q": words}, document)
