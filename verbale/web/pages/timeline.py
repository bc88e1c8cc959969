"""The timeline: what was said, done and announced, drawn as lanes, and the same as a table below.

`/timeline/ISSUE` has a lane for each party, `/timeline?party=PARTY` one for each issue.  JSON and CSV are those of
`verbale timeline ISSUE` and of `verbale log --party PARTY`.  A drawing has at most 40 lanes and some 800 marks: of a
lane that has more, the latest, and it says how many were before; the table pages through all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.errors import UnknownName
from ledger.times import span
from projections.json_rows import log_row, timeline_row
from projections.lanes import Of, lane, lanes_of, page, scheduled
from projections.registry import names_at
from projections.steps import steps
from verbale.documents import listing
from verbale.terminal.sealed import closed_text
from verbale.web.answering import Page
from verbale.web.drawing.lanes import Happening, Row, draw
from verbale.web.pages.matrix import AT_ONCE, Pages

if TYPE_CHECKING:
    from projections.clocks import Moment
    from projections.evidence import Reading
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked
    from verbale.web.drawing.lanes import Kind

_MARKS: Final = 800
_LEAST: Final = 24
"""Marks of each lane, however many lanes there are."""
_KINDS: Final[dict[str, Kind]] = {"statement-made": "word", "action-taken": "deed", "event-scheduled": "plan"}


def timeline(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of an issue's lanes, or of a party's.

    Raises:
        UnknownName: the address names neither, or what it names is not known.
    """
    at = ledger.moment(asked.as_of, asked.as_known_at)
    of = _of(ledger, asked, at)
    title, number, lanes_page = f"Timeline of {of.issue or of.party}", asked.number("page"), asked.number("down")

    def document() -> dict[str, Any]:
        if of.issue is not None:
            found = ledger.timeline(of.issue, asked.as_of, asked.as_known_at)
            return listing("timeline", at, [timeline_row(one) for one in found])
        log = ledger.log(asked.get("party"), None, asked.as_of, asked.as_known_at)
        return listing("log", at, [log_row(one) for one in log])

    if asked.form != "html":
        return Page("timeline.html", title, at, {}, document)
    db, known_at = ledger.views.db, at.known_at
    names = dict(zip(("party", "issue"), names_at(db, known_at), strict=True))
    plans = scheduled(db, at, of)
    every = lanes_of(db, at, of, plans)
    down = Pages(lanes_page, len(every))
    lanes = every[down.first_shown - 1 : down.last_shown] if every else []
    most = max(_LEAST, _MARKS // max(1, len(lanes)))
    erased = {entry: closed_text(fields) for entry, fields in ledger.erased_entries().items()}
    across = "party" if of.issue is not None else "issue"
    rows = [
        Row(
            getattr(one, across),
            names[across].get(getattr(one, across), getattr(one, across)),
            [_happening(each, erased) for each in one.shown],
            one.left_out,
        )
        for one in (lane(db, at, *pair, most, plans) for pair in lanes)
    ]
    listed, total = page(db, at, of, (number - 1) * AT_ONCE, AT_ONCE, plans)
    world, entries = steps(db, known_at, ledger.head, of.where, of._asdict())

    fields = {
        "of": of,
        "across": across,
        "title_of": names["issue"].get(of.issue, of.issue)
        if of.issue
        else names["party"].get(of.party or "", of.party),
        "drawing": draw(rows, at.until),
        "lanes": [one.id for one in rows],
        "cut": max((one.left_out for one in rows), default=0) and most,
        "down": down,
        "listed": listed,
        "erased": erased,
        "pages": Pages(number, total),
        "total": total,
        "world_steps": world,
        "ledger_steps": [f"e{entry}" for entry in entries],
    }
    return Page("timeline.html", title, at, fields, document)


def _of(ledger: Ledger, asked: Asked, at: Moment) -> Of:
    """Return whose or which lanes an address asks for; an issue's id may have slashes."""
    issue = "/".join(asked.parts()[1:])
    if issue:
        return Of(issue=ledger.issue(issue))
    party = asked.get("party")
    if party is None:
        hint = "the address is /timeline/ISSUE, or /timeline?party=PARTY"
        raise UnknownName("the timeline of which issue, or of whom?", hint=hint)
    return Of(party=ledger.holder(party, at), dyads=asked.flag("dyads"))


def _happening(one: Reading, erased: dict[int, str]) -> Happening:
    dated = one.dated or ""
    text = one.text or erased.get(one.entry, closed_text(()))
    return Happening(one.entry, _KINDS[one.type], one.stance, dated, span(dated), text, one.status == "disputed")
