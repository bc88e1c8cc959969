"""What one entry changed, and why one is set aside, asked of that entry alone: as if all had been asked."""

from __future__ import annotations

from hypothesis import given, settings

from ledger.times import END
from projections.aside import reason_of_one
from projections.asking import position
from projections.change import change
from projections.clocks import Moment
from projections.history import why
from projections.matrix import matrix
from tests.projections.test_positions import CELLS, HISTORIES, THOROUGH, a_book, instants, play

SETTINGS = settings(THOROUGH, max_examples=40)


@SETTINGS
@given(HISTORIES)
def test_an_entry_is_told_to_have_changed_what_differs_between_whole_matrices(history):
    """No row that differs is left out, whoever was moved, merged or inherits, and none is told otherwise."""
    with a_book() as book:
        list(play(book, history))
        db = book.ledger.views.db
        old: dict[tuple[str, str], object] = {}
        for entry in range(1, book.ledger.head + 1):
            new = {(row.party, row.issue): row for row in matrix(db, Moment(None, END, entry, None))}
            expected = [
                (*cell, old.get(cell), new.get(cell))
                for cell in sorted(old.keys() | new.keys())
                if old.get(cell) != new.get(cell)
            ]
            found = change(db, entry)
            assert found is not None
            assert [(one.party, one.issue, one.before, one.after) for one in found.rows] == expected
            old = {**new}


@SETTINGS
@given(HISTORIES)
def test_why_one_entry_is_set_aside_is_what_is_told_of_it_among_all(history):
    """Asked of one entry, the reason is that of the whole answer; there is none where the whole has none."""
    with a_book() as book:
        list(play(book, history))
        journal, db = book.journal, book.ledger.views.db
        asked = instants(journal)
        for k in range(len(journal) + 1):
            t = asked[k % len(asked)]
            at = Moment("then", END if t is None else t, k, None)
            for party, issue in CELLS:
                whole, row = why(db, party, issue, at), position(db, party, issue, at)
                assert (whole is None) == (row is None)
                if whole is not None and row is not None:
                    reasons = {one.entry: one.reason for one in whole.set_aside}
                    told = {entry: reason_of_one(db, entry, row, at) for entry in range(1, k + 1)}
                    assert {entry: said for entry, said in told.items() if said is not None} == reasons
