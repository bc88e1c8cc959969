"""What turned between two pairs of moments, asked of few positions: what two whole matrices show."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.times import END
from projections.clocks import Moment
from projections.differing import diff, turns
from projections.matrix import matrix
from projections.ruling import rule_named
from tests.fold import RULES
from tests.projections.test_positions import HISTORIES, THOROUGH, a_book, instants, play


@settings(THOROUGH, max_examples=60)
@given(HISTORIES, st.data())
def test_what_turned_is_what_differs_between_two_matrices(history, data):
    """Whatever was said, amended, joined, left or merged between any two pairs of moments, under every rule."""
    with a_book() as book:
        list(play(book, history))
        journal, db = book.journal, book.ledger.views.db
        worlds, ledgers = st.sampled_from(instants(journal)), st.integers(0, len(journal))
        for _ in range(12):
            drawn = [data.draw(st.tuples(worlds, ledgers)) for _ in range(2)]
            before, after = (Moment(None, END if t is None else t, k, None) for t, k in drawn)
            for name in RULES:
                rule = rule_named(name)
                sides = [{(row.party, row.issue): row for row in matrix(db, at, rule=rule)} for at in (before, after)]
                expected = []
                for party, issue in sorted(sides[0].keys() | sides[1].keys()):
                    rows = [side.get((party, issue)) for side in sides]
                    was, now = (None if row is None else row.stance for row in rows)
                    if was != now:
                        lent = tuple((row and row.inherited_from) or party for row in rows)
                        expected.append((party, issue, was, now, lent))
                assert [tuple(one) for one in turns(db, before, after, rule)] == expected
                told = [(one.party, one.issue, one.before, one.after) for one in diff(db, before, after, rule)]
                assert told == [one[:4] for one in expected]
