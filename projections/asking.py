"""The position of one party on one issue at one pair of moments.

Of the statements that count at (T, K), the one with the greatest `(starts, latest, entry)` is the position.  `since` is
the date of the first entry of the unbroken run with its stance, `previous` the run before it.  The answer is looked for
near T (`projections.walk`), and where it does not lie there, by index seeks (`projections.seeks`).  A party without
words of its own has those of its coalition that spoke last.

`matrix` (`projections.matrix`) reads whole cells in order instead, and answers under the other rules; all give the same
rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.belonging import coalitions_of
from projections.connection import cells_of
from projections.matrix import matrix
from projections.positions import Position, row_of
from projections.ruling import LATEST, Rule
from projections.seeks import Outcome, Standing, last, seek
from projections.walk import walk
from projections.words import contested_by, said

if TYPE_CHECKING:
    import sqlite3

    from projections.clocks import Moment


def position(db: sqlite3.Connection, party: str, issue: str, at: Moment, rule: Rule = LATEST) -> Position | None:
    """Return the row of a party on an issue, None where nothing is known and nothing possible.

    Args:
        db: the views, caught up.
        party: a registered id.
        issue: a registered id.
        at: the two moments.
        rule: chooses among the statements.
    """
    if rule is not LATEST:
        return next(matrix(db, at, party, issue, rule), None)
    outcome, deed = _own(db, party, issue, at)
    voice = None
    if outcome.winner is None:
        voice, outcome = _lent(db, party, issue, at, outcome)
    shown = [one.entry for one in (outcome.winner, deed) if one is not None]
    words = said(db, shown, at) if shown else {}
    return row_of((party, issue), outcome, deed, words, contested_by(db, outcome, words, at), voice)


def _own(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> tuple[Outcome, Standing | None]:
    outcome, deed = Outcome(None), None
    for cell, deeds, widths in cells_of(db, party, issue):
        if deeds:
            deed = last(db, cell, at.until, at.known_at)
        else:
            outcome = walk(db, cell, widths, at) or seek(db, cell, at.until, at.known_at)
    return outcome, deed


def _lent(db: sqlite3.Connection, party: str, issue: str, at: Moment, own: Outcome) -> tuple[str | None, Outcome]:
    """Return the coalition that speaks for a party without words of its own, if one does, and what is then found."""
    voice, theirs = None, own
    for coalition in coalitions_of(db, party, at):
        found, _ = _own(db, coalition, issue, at)
        if found.winner is not None and (theirs.winner is None or found.winner[:3] > theirs.winner[:3]):
            voice, theirs = coalition, found
    return voice, theirs.lent_to(own)
