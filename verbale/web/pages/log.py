"""The journal as it reads, the last entry first; with `q`, the entries that have those words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from projections.browsing import leaf, search_leaf
from projections.json_rows import clocks, found_row
from projections.search import LAST
from projections.wanted import STATUSES, TYPES, base_of
from verbale.documents import envelope
from verbale.terminal.sealed import closed_text
from verbale.web import words
from verbale.web.answering import Page

if TYPE_CHECKING:
    from typing import Any

    from projections.clocks import Moment
    from projections.evidence import Reading
    from projections.wanted import Wanted
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked

AT_ONCE: Final = 40
_FILTERS: Final = ("party", "issue", "type", "status", "recorded_by")


class Line(NamedTuple):
    """An entry, as the log shows it."""

    one: Reading
    text: list[words.Piece]
    """What it says, or the words around those that were looked for."""
    about: tuple[str | None, str | None]
    """Party and issue; of an amendment, those of what it is about in the end."""


class Part(NamedTuple):
    """The lines of one page, and where the pages beside it begin."""

    lines: list[Line]
    newer: dict[str, int] | None
    """What the address says for the page of what was recorded later; None where there is none."""
    older: dict[str, int] | None
    looked_to: int | None
    """The entry at which looking ended before the page was full; 0 in a search, which has no such entry."""


def log(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of the log, or of a search.

    Raises:
        Unparsable: a filter is none, or there is no word in what is looked for.
        UnknownName: there is no such party or issue.
    """
    at = ledger.moment(asked.as_of, asked.as_known_at)
    party, issue, *of = (asked.get(name) for name in _FILTERS)
    wanted = ledger.wanted(at, party, issue, *of)
    looked_for = asked.get("q")
    if looked_for is None:
        part = _leafed(ledger, asked, at, wanted)
    else:
        part = _searched(ledger, asked, at, wanted, looked_for)

    def document() -> dict[str, Any]:
        about = party, issue, asked.as_of, asked.as_known_at
        kind, status, by = of
        if looked_for is None:
            every = ledger.log(*about, type=kind, status=status, recorded_by=by)
            return envelope("log", **clocks(at), rows=every.to_dicts())
        also = asked.flag("retracted")
        found = ledger.search(looked_for, *about, type=kind, status=status, recorded_by=by, retracted=also)
        return envelope("search", **clocks(at), rows=[found_row(one) for one in found])

    fields = {
        "part": part,
        "q": looked_for,
        "filtered": any((party, issue, *of)),
        "types": sorted(TYPES, key=words.kind_of),
        "statuses": STATUSES,
    }
    return Page("log.html", "Search" if looked_for else "Log", at, fields, document)


def _leafed(ledger: Ledger, asked: Asked, at: Moment, wanted: Wanted) -> Part:
    before = asked.number("before") if asked.get("before") else None
    after = asked.number("after", least=0) if asked.get("after") else None
    found = leaf(ledger.views.db, at, wanted, AT_ONCE, before=before, after=after)
    lines = [_line(ledger, at.known_at, one) for one in found.rows]
    newer = None if found.newer is None else {"after": found.newer}
    older = None if found.older is None else {"before": found.older}
    looked_to = (found.older if after is None else found.newer) if found.cut else None
    return Part(lines, newer, older, looked_to)


def _searched(ledger: Ledger, asked: Asked, at: Moment, wanted: Wanted, looked_for: str) -> Part:
    before = asked.number("before") if asked.get("before") else LAST
    everything = asked.flag("retracted") or wanted.status == "retracted"
    found = search_leaf(ledger.searchable(), looked_for, at, wanted, AT_ONCE, before, retracted=everything)
    lines = [_line(ledger, at.known_at, one.reading, one.snippet) for one in found.rows]
    older = None if found.older is None else {"before": found.older}
    return Part(lines, None, older, 0 if found.cut else None)


def _line(ledger: Ledger, known_at: int, one: Reading, snippet: str | None = None) -> Line:
    event = base_of(ledger.views.db, one, known_at).event
    about = getattr(event, "party", None), getattr(event, "issue", None)
    if snippet is not None:
        return Line(one, words.pieces(snippet), about)
    closed = {one.entry: closed_text(ledger.sealed(one.entry))} if getattr(one.event, "sealed", None) else None
    return Line(one, [words.Piece(words.headline(one, closed), marked=False)], about)
