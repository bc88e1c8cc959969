"""Where whoever may write gives the token that the terminal printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbale.documents import envelope
from verbale.web.answering import Page

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def token(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of the token."""
    return Page("token.html", "Token", ledger.moment(), {"to": asked.get("to") or ""}, lambda: envelope("token"))
