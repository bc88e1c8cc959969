from __future__ import annotations

import pytest

from ledger.times import END, when
from projections.clocks import Moment
from verbale.web.words import Around, around

ENTRIES, DAYS = ["e9", "e10", "e31", "e100"], ["2025-03-11", "2025-03-12T14:30Z", "2025-03-12", "2026-01-01"]


@pytest.mark.parametrize(
    ("said", "known_at", "found"),
    [
        (None, 120, Around(4, "e100", None)),
        ("e10", 10, Around(1, "e9", "e31")),
        ("e20", 20, Around(2, "e10", "e31")),
        ("cp1", 31, Around(2, "e10", "e100")),
        ("2026-11-24", 120, Around(4, "e100", None)),
        ("e1", 1, Around(0, None, "e9")),
    ],
)
def test_the_ledger_s_clock_stands_among_entries(said: str | None, known_at: int, found: Around):
    """By their numbers, however the clock was given."""
    assert around(ENTRIES, said, Moment(None, END, known_at, None)) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (None, Around(4, "2026-01-01", None)),
        ("2025-03-12", Around(2, "2025-03-12T14:30Z", "2026-01-01")),
        ("2025-03-12T14:30Z", Around(1, "2025-03-11", "2025-03-12")),
        ("2025", Around(3, "2025-03-12", "2026-01-01")),
        ("2025-Q1", Around(3, "2025-03-12", "2026-01-01")),
        ("2024", Around(0, None, "2025-03-11")),
    ],
)
def test_the_world_s_clock_stands_among_moments(said: str | None, found: Around):
    """A day, a quarter or a year stands where it ends."""
    until = END if said is None else when(said)
    assert around(DAYS, said, Moment(said, until, 1, None)) == found
