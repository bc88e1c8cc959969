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
    from collections.abc import Iterable

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
    outcome, deed, voice = found_for(db, party, issue, at, coalitions_of(db, party, at))
    shown = [one.entry for one in (outcome.winner, deed) if one is not None]
    words = said(db, shown, at) if shown else {}
    return row_of((party, issue), outcome, deed, words, contested_by(db, outcome, words, at), voice)


def found_for(
    db: sqlite3.Connection, party: str, issue: str, at: Moment, coalitions: Iterable[str]
) -> tuple[Outcome, Standing | None, str | None]:
    """Return what `latest/1` finds for a party on an issue, its latest deed, and the coalition whose words it has.

    Args:
        db: the views, caught up.
        party: a registered id.
        issue: a registered id.
        at: the two moments.
        coalitions: those that the party belongs to.
    """
    own, deed = _own(db, party, issue, at)
    voice, words = None, own
    for coalition in coalitions if own.winner is None else ():
        found, _ = _own(db, coalition, issue, at)
        if found.winner is not None and (words.winner is None or found.winner[:3] > words.winner[:3]):
            voice, words = coalition, found
    return (own if voice is None else words.lent_to(own)), deed, voice


def _own(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> tuple[Outcome, Standing | None]:
    outcome, deed = Outcome(None), None
    for cell, deeds, widths in cells_of(db, party, issue):
        if deeds:
            deed = last(db, cell, at.until, at.known_at)
        else:
            outcome = walk(db, cell, widths, at) or seek(db, cell, at.until, at.known_at)
    return outcome, deed
