"""The views, harmed while somebody makes or reads them: a fold from nothing gives the same afterwards."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.faults.whole import tables, verdict
from tests.ledger.samples import BASICS, about, new_ledger, statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.hands import Hands

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here"),
]
_ENTRIES: Final = 600
_BATCH: Final = 40
"""Entries folded at a time, so that a fold has many batches."""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Make a ledger of some hundred entries, a third of them amendments."""
    path = tmp_path / "l.db"
    with new_ledger(path, *BASICS) as book:
        for n in range(0, _ENTRIES - len(BASICS), 3):
            entry = book.record(statement(f"word {n}", said_on=f"2025-0{n % 3 + 1}-{n % 28 + 1:02}")).entry
            book.record(about("corrected", entry, changes={"stance": "support"}))
            book.record(about("disputed" if n % 2 else "retracted", entry))
    return path


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.torture)])
def test_a_projector_killed_in_a_batch_leaves_views_that_follow(
    hands: Hands, ledger: Path, figures: Callable[[str], None], kills: int
) -> None:
    """Kill -9 while the views are caught up with or rebuilt: whatever it left, the next one answers as a fresh fold."""
    rng = random.Random(6)  # noqa: S311  seeded, not secret
    hand = hands.start("fold", str(ledger), batch=_BATCH, rebuild=True)
    begun = time.monotonic()
    hand.work(4)
    lasts = (time.monotonic() - begun) / 4
    hand.kill()
    for turn in range(kills):
        rebuild = bool(turn % 2)
        hand = hands.start("fold", str(ledger), batch=_BATCH, rebuild=rebuild)
        hand.work(rng.randrange(2))
        time.sleep(rng.random() * lasts)
        hand.kill()
        assert hand.ended == -signal.SIGKILL
        assert verdict(str(ledger)) is None, f"kill {turn}"
    figures(f"projector killed: {kills} kills, all equal to a fresh fold")


def delete(views: Path, rng: random.Random) -> None:  # noqa: ARG001
    """Delete the views, and what belongs to them."""
    for name in ("", "-wal", "-shm"):
        views.with_name(views.name + name).unlink(missing_ok=True)


def delete_alone(views: Path, rng: random.Random) -> None:  # noqa: ARG001
    """Delete the file alone: its log is left."""
    views.unlink(missing_ok=True)


def replace(views: Path, rng: random.Random) -> None:
    """Put something else in its place, at once."""
    other = views.with_name("other")
    other.write_bytes(rng.randbytes(20_000))
    other.replace(views)


def truncate(views: Path, rng: random.Random) -> None:
    """Cut it, under whoever has it open."""
    if views.exists():
        os.truncate(views, rng.randrange(views.stat().st_size + 1))


_HARMS: Final = (delete, delete_alone, replace, truncate)


@pytest.mark.parametrize("turns", [5, pytest.param(60, marks=pytest.mark.torture)])
@pytest.mark.parametrize("harm", _HARMS, ids=lambda harm: harm.__name__)
def test_views_harmed_under_a_reader_are_made_anew(
    ledger: Path, figures: Callable[[str], None], harm: Callable[[Path, random.Random], None], turns: int
) -> None:
    """The file is deleted, replaced or cut under an open reader while others record: everyone answers as the journal.

    The reader that is open goes on or refuses; opened again, it answers as a fold from nothing.
    """
    rng, refused = random.Random(harm.__name__), 0  # noqa: S311  seeded, not secret
    views = ledger.with_name("l.views.db")
    for turn in range(turns):
        with Ledger(ledger) as reader:
            reader.matrix()
            harm(views, rng)
            if turn % 2:
                with Ledger(ledger) as writer:
                    writer.record(statement(f"{harm.__name__} {turn}", said_on="2025-06-01"))
            head = reader.journal.head
            assert reader.views.catch_up() == head
            try:
                found = tables(reader.views.db)
            except sqlite3.DatabaseError:  # pages are gone that it has yet to read: said, and mended at the next append
                refused, found = refused + 1, None
        with Ledger(ledger) as book:
            book.views.catch_up()
            assert found is None or found == tables(book.views.db), f"turn {turn}"
        assert verdict(str(ledger)) is None, f"turn {turn}"
    figures(
        f"views harmed under a reader, {harm.__name__}: {turns} times, {refused} refused, all equal to a fresh fold"
    )
