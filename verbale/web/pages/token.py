"""Where whoever may write gives the token that the terminal printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbale.documents import envelope
from verbale.web.answering import Page

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def token(ledger: Ledger, asked: Asked) -> Page:  # noqa: ARG001  every page is made of both
    """Return the page of the token."""
    return Page("token.html", "Token", ledger.moment(), {}, lambda: envelope("token"))
