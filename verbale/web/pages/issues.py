"""The issues: a tree to look through, and all that is known of one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ledger.entries.scales import STANCES
from ledger.errors import UnknownName
from projections.blocks import block
from projections.cards import issue_history
from projections.finding import issues_found
from projections.holding import parties_heard_on, parties_of
from projections.registry import issues as issues_at
from projections.registry import names_at
from projections.ruling import rule_named
from projections.trees import parents_at, path_of
from verbale import documents
from verbale.web.answering import Page
from verbale.web.pages.matrix import AT_ONCE, Pages

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked


def issues(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of the list: wider issues with their parts below them, dyads for who asks.

    JSON and CSV are those of `verbale issue list`; the filters leave them as they are.
    """
    at = ledger.moment(asked.as_of, asked.as_known_at)
    db = ledger.views.db
    said, dyads = asked.get("name"), asked.flag("dyads")
    tree = issues_found(db, at.known_at, said, dyads=dyads, still_open=asked.flag("open"))
    pages = Pages(asked.number("page"), len(tree))
    shown, chosen, parents = pages.part(tree), set(tree), parents_at(db, at.known_at)
    depths = {issue: sum(step in chosen for step in path_of(issue, parents)[:-1]) for issue in shown}
    rows = {row["issue"]: row for row in issues_at(db, at.known_at, among=shown)}

    def document() -> dict[str, Any]:
        return documents.listing("issues", at, list(ledger.issues(asked.as_known_at, dyads=dyads)))

    fields = {
        "issues": [(rows[issue], depths[issue]) for issue in shown],
        "heard": parties_heard_on(db, at, shown),
        "pages": pages,
    }
    return Page("issues.html", "Issues", at, fields, document)


def issue(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of one issue; its id may have slashes.

    Raises:
        UnknownName: the address names none, or K does not know it.
    """
    name = "/".join(asked.parts()[1:])
    if not name:
        raise UnknownName("which issue?", hint="the address is /issue/ISSUE")
    at = ledger.moment(asked.as_of, asked.as_known_at)
    card = ledger.issue_card(name, asked.as_of, asked.as_known_at)
    db = ledger.views.db
    rows = list(block(db, at, parties_of(db, at, card["issue"]), [card["issue"]], rule_named(asked.rule)))
    pages = Pages(asked.number("page"), len(rows))
    names = names_at(db, at.known_at)
    counted = Counter(row.stance for row in rows)
    fields = {
        "card": card,
        "history": issue_history(db, at.known_at, card["issue"]),
        "tally": [(stance, counted[stance]) for stance in (*reversed(STANCES[:5]), *STANCES[5:]) if counted[stance]],
        "silent": counted[None],
        "rows": rows[(pages.page - 1) * AT_ONCE : pages.page * AT_ONCE],
        "pages": pages,
        "names": {"party": names[0], "issue": names[1]},
    }
    return Page("issue.html", card["proposition"], at, fields, lambda: documents.card("issue", at, card))
