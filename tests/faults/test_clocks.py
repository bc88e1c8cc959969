"""Clocks that jump and hosts elsewhere: the order of the ledger is that of its entries, and so is what was known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.codec import CODEC
from ledger.times import instant
from tests.faults.whole import verdict
from tests.ledger.samples import BASICS, NOW, new_ledger, statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.hands import Hands

_SECOND: Final = 1_000_000
_YEAR: Final = 365 * 86_400 * _SECOND
_JUMPS: Final = (0, 1, _SECOND, 299 * _SECOND, -299 * _SECOND, -360 * _SECOND, 3_600 * _SECOND, -_YEAR, 30 * _YEAR)
_STANCES: Final = ("support", "oppose", "awaiting", "reserved")
_MARKED: Final = 300 * _SECOND


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from((*_JUMPS, -30 * _YEAR)) | st.integers(-40 * _YEAR, 40 * _YEAR), max_size=12))
def test_the_order_is_that_of_the_entries_whatever_the_clock_does(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[int]
) -> None:
    """A clock that jumps by any time between records: times never go back, marks are right, and so is each K."""
    clock = [NOW]
    new_ledger(path := tmp_path_factory.mktemp("clock") / "l.db").close()
    with Ledger(path, clock=lambda: clock[0]) as book:
        shown, latest = [], 0
        for draft in BASICS:
            book.record(draft)
        for number, jump in enumerate(jumps):
            clock[0] = max(NOW + jump, 0)
            behind = max(latest, NOW) - clock[0]
            said = statement(f"{number}", stance=_STANCES[number % 4], said_on="1960-01-01")
            assert book.record(said).clock_behind == (behind // _SECOND if behind > _MARKED else None)
            latest = max(latest, NOW, clock[0])
            shown.append(book.position("RUS", "ceasefire"))
        lines = [CODEC.decode(*line) for line in book.journal.lines()]
        times = [line.recorded_at for line in lines]
        assert times == sorted(times)
        assert instant(times[-1]) == max(latest, NOW)
        for number, expected in enumerate(shown, start=len(BASICS) + 1):
            assert book.position("RUS", "ceasefire", as_known_at=f"e{number}") == expected
            last = max(entry for entry, time in enumerate(times, start=1) if time <= times[number - 1])
            assert book.position("RUS", "ceasefire", as_known_at=times[number - 1]) == shown[last - len(BASICS) - 1]
    assert verdict(str(path)) is None


_ZONES: Final = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "XYZ-23:59", "nowhere")


@pytest.mark.slow
def test_a_host_in_another_time_zone_with_a_clock_of_1996_changes_nothing(
    hands: Hands, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    """Records from hosts in six time zones, every other with a clock thirty years behind: the same answers on all."""
    ledger = tmp_path / "l.db"
    new_ledger(ledger, *BASICS).close()
    words = ["--ledger", str(ledger)]
    for turn, zone in enumerate((*_ZONES, *_ZONES)):
        clock = NOW + turn * 60 * _SECOND - (30 * _YEAR if turn % 2 else 0)
        said = f"record statement RUS ceasefire {_STANCES[turn % 4]} --said-on 2026-11-23 -m".split()
        done = hands.run(*said, f"turn {turn}", *words, zone=zone, clock=clock)
        assert done.code == 0, done.err
        assert ("behind" in done.err) == bool(turn % 2), done.err
    for asked in (
        "matrix",
        "log --as-known-at 2026-11-23",
        "log --as-known-at 2026-11-23T09:20Z",
        "matrix --as-of 2026",
    ):
        answers = {hands.run(*asked.split(), "--json", *words, zone=zone).out for zone in _ZONES}
        assert len(answers) == 1, asked
        assert json.loads(answers.pop())["rows"]
    with Ledger(ledger) as book:
        assert [getattr(one.event, "text", None) for one in book.journal.read(3)] == [f"turn {n}" for n in range(12)]
    assert verdict(str(ledger)) is None
    figures("clock set back 30 years, 6 time zones: 12 records, order and as-known-at as in one zone; 6 marked")
