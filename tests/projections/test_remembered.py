"""What is remembered is what would be looked up, whatever is recorded between two questions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from ledger.times import END
from projections import remembered as module
from projections.blocks import block, rows_of_cells
from projections.clocks import Moment
from projections.remembered import Remembered
from tests.projections.test_positions import HISTORIES, ISSUES, PARTIES, THOROUGH, a_book, instants, play

if TYPE_CHECKING:
    import pytest


@THOROUGH
@given(HISTORIES, st.data(), st.sampled_from([3, 2_000]), st.sampled_from([4, 100_000]))
def test_remembered_rows_are_those_that_are_looked_up(history, data, versions, rows):
    """At every pair of moments, asked for again and again, while the ledger goes on and when it stands still."""
    with (
        a_book() as book,
        mock.patch.object(module, "_MOST_VERSIONS", versions),
        mock.patch.object(module, "_MOST_ROWS", rows),
    ):
        memory, db = Remembered(), book.ledger.views.db
        for _ in play(book, history):
            book.ledger.views.catch_up()
            for _ in range(data.draw(st.integers(0, 2))):
                check(book, memory, db, data)
        times = instants(book.journal)
        for t in times:
            for k in {0, book.ledger.head // 2, book.ledger.head}:
                check(book, memory, db, data, t, k)


def check(book, memory, db, data, t=None, k=None):
    """Ask for a part of the matrix both ways."""
    head = book.ledger.head
    t = data.draw(st.sampled_from(instants(book.journal))) if t is None else t
    k = data.draw(st.integers(0, head)) if k is None else k
    at = Moment(None, END if t is None else t, k, None)
    parties = sorted(data.draw(st.sets(st.sampled_from(PARTIES), min_size=1)))
    assert memory.block(db, head, at, parties, ISSUES) == list(block(db, at, parties, ISSUES)), (t, k)


def test_a_neighbouring_moment_asks_for_nothing(monkeypatch: pytest.MonkeyPatch):
    """Within a rectangle rows are not looked up again; at its edge those of the cell are."""
    with a_book() as book:
        book.says("oppose", "2025-03-01")
        book.says("support", "2025-03-10")
        book.says("support", "2025-03-10", party="UKR")
        book.ledger.views.catch_up()
        asked: list[int] = []
        looked_up = rows_of_cells

        def counted(db, at, cells, of):
            asked.append(len(cells))
            return looked_up(db, at, cells, of)

        monkeypatch.setattr(module, "rows_of_cells", counted)
        memory = Remembered()
        for day in ("2025-03-03", "2025-03-04", "2025-03-08", "2025-03-12", "2025-03-13"):
            at = book.ledger.moment(day)
            memory.block(book.ledger.views.db, book.ledger.head, at, PARTIES, ISSUES)
        assert asked == [2, 0, 0, 2, 0]
        said = book.says("oppose", "2025-03-12", issue="territory")
        book.ledger.views.catch_up()
        at = book.ledger.moment("2025-03-13")
        rows = memory.block(book.ledger.views.db, book.ledger.head, at, PARTIES, ISSUES)
        assert asked[5:] == [1]
        assert said in {row.entry for row in rows}


def test_what_moves_no_version_is_a_bound_too():
    """A dispute, its end, a corrected text and a condition that was met: each is seen from its own moment on."""
    with a_book() as book:
        said = book.says("conditional", "2025-03-01", conditions=["a date"])
        disputed = book.disputes(said)
        book.corrects(said, text="We might.")
        book.undoes(disputed)
        book.record(
            {
                "type": "condition-resolved",
                "entry": said,
                "condition": "a date",
                "outcome": "met",
                "resolved_on": "2025-03-10",
            }
        )
        book.ledger.views.catch_up()
        memory, db, head = Remembered(), book.ledger.views.db, book.ledger.head
        for k in [*range(said, head + 1), *range(head, said, -1)]:
            for day in ("2025-03-05", "2025-03-15", "2025-03-05"):
                at = book.ledger.moment(day, f"e{k}")
                rows = memory.block(db, head, at, PARTIES, ISSUES)
                assert rows == list(block(db, at, PARTIES, ISSUES)), (day, k)
