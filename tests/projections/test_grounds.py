"""What a position rests on and how it came here, page by page: the same as all of it at once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.times import END
from projections.clocks import Moment
from projections.grounds import LISTS, part_of_why
from projections.history import runs, why
from projections.ruling import rule_named
from projections.running import last_runs
from tests.fold import RULES
from tests.projections.test_positions import CELLS, HISTORIES, THOROUGH, a_book, instants, play

SETTINGS = settings(THOROUGH, max_examples=40)


@SETTINGS
@given(HISTORIES, st.integers(1, 3))
def test_the_parts_of_an_answer_are_the_answer(history, most):
    """Each list, part by part, has every entry once and in order, with its reason and sources, under every rule."""
    with a_book() as book:
        list(play(book, history))
        journal, db = book.journal, book.ledger.views.db
        asked = instants(journal)
        for k in range(len(journal) + 1):
            t = asked[k % len(asked)]
            at, rule = Moment("then", END if t is None else t, k, None), rule_named(RULES[k % len(RULES)])
            for pair in CELLS:
                whole = why(db, *pair, at, rule)
                first = part_of_why(db, pair, at, rule, dict.fromkeys(LISTS, 0), most)
                assert (whole is None) == (first is None)
                if whole is None or first is None:
                    continue
                assert (first.why.position, first.why.possible) == (whole.position, whole.possible)
                for name in LISTS:
                    listed = getattr(whole, name)
                    assert first.totals[name] == len(listed)
                    for start in range(0, len(listed) + 1, most):
                        part = part_of_why(db, pair, at, rule, {name: start}, most)
                        assert part is not None
                        assert part.totals == {name: len(listed)}
                        assert getattr(part.why, name) == listed[start : start + most]
                        assert part.why.independent.items() <= whole.independent.items()
                        assert [getattr(part.why, other) for other in LISTS if other != name] == [(), ()]


@SETTINGS
@given(HISTORIES, st.integers(1, 3))
def test_runs_sought_from_the_last_are_those_read_from_the_first(history, most):
    """Each run once, the last first, however they are cut into pages, under every rule."""
    with a_book() as book:
        list(play(book, history))
        journal, db = book.journal, book.ledger.views.db
        asked = instants(journal)
        for k in range(len(journal) + 1):
            t = asked[k % len(asked)]
            at = Moment(None, END if t is None else t, k, None)
            for pair in CELLS:
                for name in RULES:
                    found, before, more = [], None, True
                    while more:
                        part = last_runs(db, pair, at, rule_named(name), most, before)
                        assert len(part.rows) <= most
                        found += part.rows
                        before, more = part.older, part.older is not None
                    assert found[::-1] == runs(db, *pair, at, rule_named(name))
