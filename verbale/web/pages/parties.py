"""The parties: a list to look through, and all that is known of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries.scales import UNRESOLVED
from ledger.errors import UnknownName
from projections.blocks import block
from projections.finding import parties_found
from projections.holding import issues_of, issues_spoken_on
from projections.registry import names_at
from projections.registry import parties as registered
from projections.ruling import rule_named
from verbale import documents
from verbale.web.answering import Page
from verbale.web.pages.listing import found
from verbale.web.pages.matrix import Pages

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def parties(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of the list: all, or with `unresolved=1` those that nobody has identified.

    JSON and CSV are those of `verbale party list`, with `--unresolved` likewise; the search leaves them as they are.
    """
    at = ledger.moment(asked.as_of, asked.as_known_at)
    db, unresolved, said, dyads = ledger.views.db, asked.flag("unresolved"), asked.get("name"), asked.flag("dyads")
    if unresolved:
        listed = found(ledger.parties(asked.as_known_at, unresolved=True), said, *_SEARCHED)
        pages = Pages(asked.number("page"), len(listed))
        shown = pages.part(listed)
    else:
        ids = parties_found(db, at.known_at, said)
        pages = Pages(asked.number("page"), len(ids))
        shown = [*registered(db, at.known_at, pages.part(ids))]

    def document() -> dict[str, Any]:
        return documents.listing("parties", at, list(ledger.parties(asked.as_known_at, unresolved=unresolved)))

    fields = {
        "parties": shown,
        "heard": issues_spoken_on(db, at, [row["party"] for row in shown], dyads=dyads),
        "pages": pages,
        "unresolved": unresolved,
    }
    return Page("parties.html", "Parties", at, fields, document)


_SEARCHED = ("party", "name", "aliases", "codes")


def party(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of one party.

    Raises:
        UnknownName: the address names none, or K does not know it.
    """
    name = "/".join(asked.parts()[1:])
    if not name:
        raise UnknownName("which party?", hint="the address is /party/PARTY")
    at = ledger.moment(asked.as_of, asked.as_known_at)
    card = ledger.party_card(name, asked.as_of, asked.as_known_at)
    db, holder = ledger.views.db, ledger.holder(name, at)
    issues = issues_of(db, at, holder, dyads=asked.flag("dyads"))
    pages = Pages(asked.number("page"), len(issues))
    names = names_at(db, at.known_at)
    fields = {
        "card": card,
        "holder": holder,
        "rows": list(block(db, at, [holder], pages.part(issues), rule_named(asked.rule))),
        "pages": pages,
        "names": {"party": names[0], "issue": names[1]},
        "unidentified": card["kind"] == UNRESOLVED and not card["merged_into"],
    }
    return Page("party.html", card["name"], at, fields, lambda: documents.card("party", at, card))
