"""Why a position is what it is: what counts, what contradicts it, what was set aside, down to the quote.

Of each list the first 40 are shown; `list=set_aside&page=2` shows the next ones of that list alone, and
`list=runs&before=41` the runs of stances before the one that e41 began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.errors import UnknownName, Unparsable
from projections.grounds import AGAINST, COUNTS, LISTS, SET_ASIDE, part_of_why
from projections.registry import names_at
from projections.ruling import rule_named
from projections.running import last_runs
from verbale.reasons import reasons, told_of
from verbale.web.answering import Page
from verbale.web.pages.evidence import Shown
from verbale.web.pages.matrix import AT_ONCE, Pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.aside import SetAside
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked

_RUNS: Final = "runs"
_TITLES: Final = {
    COUNTS: "What counts",
    AGAINST: "What contradicts it",
    SET_ASIDE: "What was set aside",
}
_SHOWN: Final = (*LISTS, _RUNS)


class Listed(NamedTuple):
    """One of the lists, as far as it is shown."""

    name: str
    title: str
    rows: Sequence[Shown | SetAside]
    pages: Pages


def why(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of a party on an issue.

    Raises:
        Unparsable: there is no such list.
        UnknownName: the address does not name both.
    """
    party, issue = _named(asked)
    at, rule = ledger.moment(asked.as_of, asked.as_known_at), rule_named(asked.rule)
    pair = ledger.holder(party, at), ledger.issue(issue)
    title, wanted = f"{pair[0]} on {pair[1]}", _wanted(asked)
    number = asked.number("page") if len(wanted) == 1 else 1
    before = asked.number("before") if asked.get("before") else None

    def document() -> dict[str, Any]:
        return reasons(ledger, party, issue, asked.as_of, asked.as_known_at, asked.rule).document()

    if asked.form != "html":
        return Page("why.html", title, at, {}, document)
    firsts = {name: (number - 1) * AT_ONCE for name in LISTS if name in wanted}
    db = ledger.views.db
    part = part_of_why(db, pair, at, rule, firsts, AT_ONCE)
    told = told_of(ledger, None if part is None else part.why, at, rule.name)
    names = names_at(db, at.known_at)

    found = None if part is None else part.why
    shown: dict[str, Sequence[Shown | SetAside]] = {}
    if found is not None:
        shown = {name: [Shown.of(ledger, one, told) for one in getattr(found, name)] for name in (COUNTS, AGAINST)}
        shown[SET_ASIDE] = found.set_aside
    totals = {} if part is None else part.totals
    fields = {
        "lists": [Listed(name, _TITLES[name], shown[name], Pages(number, totals[name])) for name in totals],
        "only": wanted[0] if len(wanted) == 1 else None,
        "possible": []
        if found is None or len(wanted) == 1
        else [Shown.of(ledger, one, told) for one in found.possible],
        "runs": last_runs(db, pair, at, rule, AT_ONCE, before) if _RUNS in wanted else None,
        "row": None if found is None else found.position,
        "party": pair[0],
        "issue": pair[1],
        "party_name": names[0].get(pair[0], pair[0]),
        "proposition": names[1].get(pair[1], pair[1]),
    }
    return Page("why.html", title, at, fields, document)


def _wanted(asked: Asked) -> Sequence[str]:
    """Return the lists that are shown: all, or the one that is asked for."""
    said = asked.get("list")
    if said is None:
        return _SHOWN
    if said not in _SHOWN:
        raise Unparsable(f"no list '{said}'", hint=f"one of: {', '.join(_SHOWN)}")
    return (said,)


def _named(asked: Asked) -> tuple[str, str]:
    """Return the party and the issue of an address; an issue's id may have slashes."""
    _, party, *rest = (*asked.parts(), "")
    issue = "/".join(filter(None, rest))
    if not party or not issue:
        raise UnknownName("whose position, and on what?", hint="the address is /why/PARTY/ISSUE")
    return party, issue
