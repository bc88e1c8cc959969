"""The matrix: where everybody stands at a pair of moments, issues down and parties across.

What can be seen at once is shown at once: at most 40 parties on 40 issues, and further pages beyond.  A ledger that
fits on one page shows only who has a position there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from markupsafe import Markup

from projections.blocks import axes, block
from projections.json_rows import clocks, position_row
from projections.registry import names_at
from projections.remembered import remembered
from projections.ruling import LATEST, RULES, rule_named
from projections.trees import parents_at, path_of
from verbale.documents import envelope
from verbale.web.answering import Page
from verbale.web.board import Sheet, before, cell
from verbale.web.footnotes import footnotes
from verbale.web.words import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from projections.clocks import Moment
    from projections.positions import Position
    from projections.ruling import Rule
    from verbale.ledger import Ledger
    from verbale.web.answering import Linker
    from verbale.web.asked import Asked

T = TypeVar("T")
AT_ONCE: Final = 40
_SIGNS_FROM: Final = 11
"""Parties from which on a printed cell is a sign alone: with words, the columns would not fit on A4."""
_SMALL_FROM: Final = 8
"""Parties from which on a printed cell is set smaller, and without its age."""


def matrix(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of the matrix."""
    at = ledger.moment(asked.as_of, asked.as_known_at)
    db, rule, dyads = ledger.views.db, rule_named(asked.rule), asked.flag("dyads")
    parties, issues = _chosen(ledger, asked, at)
    pages = Pages(asked.number("across"), len(parties)), Pages(asked.number("down"), len(issues))
    shown = pages[0].part(parties), pages[1].part(issues)
    rows = _rows(ledger, at, *shown, rule)
    world, entries = remembered(db).steps(db, ledger.head, at, *shown)
    now = ledger.moment(asked.as_of) if asked.flag("beside") else None
    later = [] if now is None else _rows(ledger, now, *shown, rule)
    if pages[0].last == pages[1].last == 1:
        found = {(row.party, row.issue) for row in (*rows, *later)}
        shown = _having(shown[0], {party for party, _ in found}), _having(shown[1], {issue for _, issue in found})
    parents, top = parents_at(db, at.known_at), set(shown[1])
    paths = sorted(path_of(issue, parents) for issue in shown[1])
    names = names_at(db, at.known_at)
    line = {path[-1]: number for number, path in enumerate(paths)}
    stated = sorted(rows if now is None else later, key=lambda row: (line[row.issue], row.party))
    notes = footnotes(db, stated, now or at)

    def document() -> dict[str, Any]:
        asked_for = (asked.get("party"), asked.get("issue"), asked.as_of, asked.as_known_at, asked.rule)
        found = ledger.matrix(*asked_for, dyads=dyads)
        return envelope("positions", **clocks(at), rule=asked.rule, rows=[position_row(row) for row in found])

    fields = {
        "parties": shown[0],
        "issues": [(path[-1], sum(step in top for step in path[:-1])) for path in paths],
        "names": {"party": names[0], "issue": names[1]},
        "cells": _drawn(asked, shown[0], rows, None if now is None else later, Sheet(at.until, notes.numbers)),
        "across": pages[0],
        "down": pages[1],
        "now": now,
        "rules": list(RULES),
        "world_steps": world,
        "ledger_steps": [f"e{entry}" for entry in entries],
        "stances": sorted({row.stance for row in (*rows, *later) if row.stance is not None}, key=_order),
        "footnotes": notes.listed,
        "print": _print(len(shown[0])),
    }
    return Page("matrix.html", "Matrix", at, fields, document)


def _rows(ledger: Ledger, at: Moment, parties: list[str], issues: list[str], rule: Rule) -> list[Position]:
    """Return the rows of a page, those that were asked for before out of memory."""
    db = ledger.views.db
    if rule is LATEST:
        return remembered(db).block(db, ledger.head, at, parties, issues)
    return list(block(db, at, parties, issues, rule))


class Pages(NamedTuple):
    """One of several pages of a list."""

    page: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // AT_ONCE))

    @property
    def first_shown(self) -> int:
        """Where the page begins, from 1."""
        return min(self.total, (self.page - 1) * AT_ONCE + 1)

    @property
    def last_shown(self) -> int:
        """Where it ends."""
        return min(self.total, self.page * AT_ONCE)

    def part(self, listed: Sequence[T]) -> list[T]:
        """Return what is on the page."""
        return list(listed[(self.page - 1) * AT_ONCE : self.page * AT_ONCE])


def _chosen(ledger: Ledger, asked: Asked, at: Moment) -> tuple[list[str], list[str]]:
    """Return the parties and issues that the filters leave."""
    issue = None if (said := asked.get("issue")) is None else ledger.issue(said)
    party = None if (said := asked.get("party")) is None else ledger.holder(said, at)
    parties, issues = axes(ledger.views.db, dyads=asked.flag("dyads") or issue is not None)
    return parties if party is None else [party], issues if issue is None else [issue]


def _having(listed: Sequence[str], found: set[str]) -> list[str]:
    return [one for one in listed if one in found]


def _print(parties: int) -> str:
    """Return how so many columns fit on a sheet of paper."""
    return "signs" if parties >= _SIGNS_FROM else "small" if parties >= _SMALL_FROM else "whole"


def _drawn(
    asked: Asked, parties: list[str], rows: list[Position], later: list[Position] | None, sheet: Sheet
) -> Callable[[str, Linker], Markup]:
    """Return what draws the cells of an issue, all parties beside each other.

    Args:
        asked: the address, of which the links keep the clocks.
        parties: in their order.
        rows: the positions at the two moments.
        later: those that are known now, where the page shows both; what was known then stands above where they differ.
        sheet: what all cells share.
    """
    there = {(row.party, row.issue): row for row in rows}
    now = there if later is None else {(row.party, row.issue): row for row in later}
    to = asked.below("why")

    def draw(issue: str, link: Linker) -> Markup:
        written = []
        for party in parties:
            row, then = now.get((party, issue)), there.get((party, issue))
            stood, stands = (None if one is None else one.stance for one in (then, row))
            above = before(stood) if stood != stands else ""
            href = ""
            if row is not None or above:
                href = link(asked.elsewhere("why", party, issue)) if frozen(link) else to(party, issue)
            written.append(f"<td>{cell(party, issue, row, sheet, href, above)}</td>")
        return Markup("\n".join(written))  # noqa: S704  what is foreign in it was escaped by `cell`

    return draw


def _order(stance: str) -> int:
    from ledger.entries.scales import STANCES

    return STANCES.index(stance)
