"""The agenda: what was announced, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.json_rows import clocks
from projections.registry import names_at
from projections.scheduling import agenda_part
from verbale.documents import envelope
from verbale.web.answering import Page
from verbale.web.pages.matrix import AT_ONCE, Pages

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def agenda(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of what is scheduled, in the world's order."""
    at = ledger.moment(asked.as_of, asked.as_known_at)
    number = asked.number("page")
    items, total = agenda_part(ledger.views.db, at, (number - 1) * AT_ONCE, AT_ONCE)
    names = names_at(ledger.views.db, at.known_at)

    def document() -> dict[str, Any]:
        return envelope("agenda", **clocks(at), rows=ledger.agenda(asked.as_of, asked.as_known_at).to_dicts())

    fields = {
        "items": items,
        "pages": Pages(number, total),
        "names": {"party": names[0], "issue": names[1]},
    }
    return Page("agenda.html", "Agenda", at, fields, document)
