"""What changed between two moments: of the world, as the ledger knows it, or of the ledger, as it learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.differing import changed, turns
from projections.registry import names_at
from projections.ruling import rule_named
from verbale.differences import Between, difference
from verbale.web.answering import Page
from verbale.web.pages.matrix import AT_ONCE, Pages

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def diff(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of two moments; where none is named, one that asks for them.

    Raises:
        Unparsable: a moment does not parse, or they are not two of one kind.
        UnknownName: there is no such entry or checkpoint.
    """
    world, known = (asked.get("a"), asked.get("b")), (asked.get("known_from"), asked.get("known_to"))
    between = Between(world, known, asked.as_of, asked.as_known_at)
    signed = ledger.journal.checkpoints()
    fields: dict[str, Any] = {"between": between, "checkpoint": signed[-1] if signed else None, "found": None}
    if not between.asked and asked.form == "html":
        return Page("diff.html", "What changed", ledger.moment(asked.as_of, asked.as_known_at), fields, dict)
    found, number = difference(ledger, between, asked.rule), asked.number("page")
    if asked.form != "html":
        return Page("diff.html", "What changed", found.after, fields, found.document)
    moments, rule, db = (found.before, found.after), rule_named(asked.rule), ledger.views.db
    turned = turns(db, *moments, rule)
    pages = Pages(number, len(turned))
    shown = turned[(pages.page - 1) * AT_ONCE : pages.page * AT_ONCE]
    names = names_at(db, found.after.known_at)
    by_world = world != (None, None)
    fields |= {
        "found": found,
        "rows": [changed(db, one, *moments, rule) for one in shown],
        "pages": pages,
        "names": {"party": names[0], "issue": names[1]},
        "then": {"as_of": world[0]} if by_world else {"as_known_at": f"e{found.before.known_at}"},
        "now": {"as_of": world[1]} if by_world else {"as_known_at": f"e{found.after.known_at}"},
    }
    return Page("diff.html", "What changed", found.after, fields, found.document)
