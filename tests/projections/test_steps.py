"""The moments that a slider steps through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ledger.times import when
from projections import steps as module
from projections.steps import moment_of, steps, thinned
from verbale.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ALL = "TRUE"


@given(st.lists(st.integers(), unique=True).map(sorted), st.integers(2, 50))
def test_what_is_thinned_keeps_its_ends(some: list[int], most: int):
    """And its order; what is few stays whole."""
    found = thinned(some, most)
    assert len(found) == min(len(some), most)
    assert set(found) <= set(some)
    assert found == sorted(found)
    assert found[:1] + found[-1:] == some[:1] + some[-1:]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_moment_is_given_so_that_it_means_the_same(at: datetime):
    """Whatever the instant: read as T, its text ends there."""
    latest = (at.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert when(moment_of(latest)) == latest


def test_many_versions_are_sampled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where reading all would take long, some entries say where the slider stops; no more than it can show."""
    Ledger.create(tmp_path / "l.db")
    with Ledger(tmp_path / "l.db") as book:
        book.add_party("RUS", "Russia")
        book.add_issue("pause", "A pause takes effect")
        for day in range(1, 29):
            book.record_statement("RUS", "pause", "oppose", f"No {day}.", f"2025-02-{day:02}")
        db, head = book.views.db, book.head
        world, entries = steps(db, head, head, ALL, {})
        assert (len(world), entries) == (28, list(range(3, 31)))
        monkeypatch.setattr(module, "_READ", 10)
        monkeypatch.setattr(module, "SHOWN", 5)
        monkeypatch.setattr(module, "_VERSIONS", module._VERSIONS.replace("20001", "11"))
        world, entries = steps(db, 20, head, ALL, {})
        assert len(world) == len(entries) == 5
        assert (world[0], world[-1]) == ("2025-02-01", "2025-02-18")
        assert (entries[0], entries[-1]) == (1, 30)


def test_amendments_that_move_no_version_are_steps_of_the_ledger(tmp_path: Path):
    """A dispute changes what a cell says of itself."""
    Ledger.create(tmp_path / "l.db")
    with Ledger(tmp_path / "l.db") as book:
        book.add_party("RUS", "Russia")
        book.add_issue("pause", "A pause takes effect")
        said = book.record_statement("RUS", "pause", "oppose", "No.", "2025-02-01")
        book.dispute(said.entry, "RUS denies it")
        assert steps(book.views.db, book.head, book.head, ALL, {}) == (["2025-02-01"], [3, 4])
