"""Why a position is what it is: what counts, what contradicts it, what was set aside, down to the quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import UnknownName
from projections.registry import names_at
from verbale.reasons import reasons
from verbale.web.answering import Page
from verbale.web.pages.evidence import Shown

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def why(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of a party on an issue.

    Raises:
        UnknownName: the address does not name both.
    """
    party, issue = _named(asked)
    told = reasons(ledger, party, issue, asked.as_of, asked.as_known_at, asked.rule)
    party_id, issue_id = ledger.holder(party, told.at), ledger.issue(issue)
    names = names_at(ledger.views.db, told.at.known_at)
    found = told.why
    shown = {
        "counts": () if found is None else [Shown.of(ledger, one, told) for one in found.counts],
        "against": () if found is None else [Shown.of(ledger, one, told) for one in found.against],
        "possible": () if found is None else [Shown.of(ledger, one, told) for one in found.possible],
        "set_aside": () if found is None else found.set_aside,
        "runs": list(ledger.when(party_id, issue_id, asked.as_of, asked.as_known_at, asked.rule)),
    }
    fields = {
        **shown,
        "row": None if found is None else found.position,
        "party": party_id,
        "issue": issue_id,
        "party_name": names[0].get(party_id, party_id),
        "proposition": names[1].get(issue_id, issue_id),
    }
    return Page("why.html", f"{party_id} on {issue_id}", told.at, fields, told.document)


def _named(asked: Asked) -> tuple[str, str]:
    """Return the party and the issue of an address; an issue's id may have slashes."""
    _, party, *rest = (*asked.parts(), "")
    issue = "/".join(filter(None, rest))
    if not party or not issue:
        raise UnknownName("whose position, and on what?", hint="the address is /why/PARTY/ISSUE")
    return party, issue
