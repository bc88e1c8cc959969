"""The agenda: what was announced, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.json_rows import clocks
from projections.registry import names_at
from verbale.documents import envelope
from verbale.web.answering import Page
from verbale.web.pages.matrix import AT_ONCE, Pages

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def agenda(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of what is scheduled, in the world's order."""
    at = ledger.moment(asked.as_of, asked.as_known_at)
    items = ledger.agenda(asked.as_of, asked.as_known_at)
    pages = Pages(asked.number("page"), len(items))
    names = names_at(ledger.views.db, at.known_at)

    def document() -> dict[str, Any]:
        return envelope("agenda", **clocks(at), rows=items.to_dicts())

    fields = {
        "items": items[(pages.page - 1) * AT_ONCE : pages.page * AT_ONCE],
        "pages": pages,
        "names": {"party": names[0], "issue": names[1]},
    }
    return Page("agenda.html", "Agenda", at, fields, document)
