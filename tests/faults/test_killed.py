"""kill -9 while recording: what was answered for is there, to the byte, and the ledger is whole."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import TYPE_CHECKING, Final

import pytest

from ledger.errors import ConnectionLost
from tests.faults.hands import unkept
from tests.faults.whole import verdict
from tests.ledger.samples import BASICS, new_ledger
from tests.postgres import running
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.hands import Hand, Hands
    from tests.postgres import Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here"),
]
_LIVES: Final = 25
"""Hands that work on one ledger, one after the other: each check reads it through, so it must stay small."""
_PATIENCE: Final = 60
_MOMENT: Final = 0.004
"""Seconds within which a hand is killed after its last answer: a record takes about as long."""


def lost(address: str, hand: Hand) -> str | None:
    """Say what a hand was answered for that is not there, None where all of it is."""
    with Ledger(address) as book, book.journal.writing():  # whose transaction was open has ended by then
        return unkept(book, hand.answers)


def killed(hands: Hands, address: str, folder: Path, seed: int) -> tuple[int, int]:
    """Kill hands on one ledger, one after the other; return how many answers there were, and entries in the end."""
    rng, answers = random.Random(seed), 0  # noqa: S311  seeded, not secret
    new_ledger(address, *BASICS).close()
    for life in range(_LIVES):
        where = f"seed {seed}, life {life}"
        hand = hands.start("record", address, folder=str(folder), seed=rng.randrange(1 << 40))
        hand.work(rng.randrange(8))
        time.sleep(rng.random() * _MOMENT)
        hand.kill()
        assert hand.ended == -signal.SIGKILL, where
        assert lost(address, hand) is None, where
        assert verdict(address) is None, where
        answers += len(hand.answers)
    with Ledger(address) as book:
        return answers, book.head


@pytest.mark.parametrize("ledgers", [1, pytest.param(20, marks=pytest.mark.torture)])
def test_a_killed_writer_loses_nothing_it_was_answered_for(
    hands: Hands,
    store: str,
    addresses: Callable[[], str],
    tmp_path: Path,
    figures: Callable[[str], None],
    ledgers: int,
) -> None:
    """25 kills a ledger at any moment of recording and importing: no answer is lost, no gap, the ledger is whole."""
    done = [killed(hands, addresses(), tmp_path, seed) for seed in range(ledgers)]
    answers, entries = map(sum, zip(*done, strict=True))
    figures(
        f"kill -9 while recording, {store}: {ledgers * _LIVES} kills, {answers:,} answers, 0 lost; "
        f"{entries:,} entries, 0 gaps"
    )


def lost_in_the_end(address: str, hand: Hand) -> str | None:
    """Say so once the server has recovered: a hand may have ended before its session was killed."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return lost(address, hand)
        except ConnectionLost:
            if time.monotonic() > end:
                raise
            time.sleep(_MOMENT)


def backends_killed(hands: Hands, server: Server, folder: Path, seed: int, kills: int) -> tuple[int, int]:
    """Kill the server's process for a session that records, again and again; return the answers, and the entries.

    PostgreSQL then ends every session and recovers from its log, as after a crash; the hand goes on until it has
    recorded all it has.
    """
    rng, answers = random.Random(seed), 0  # noqa: S311  seeded, not secret
    with server.database() as name:
        address = server.address(name)
        new_ledger(address, *BASICS).close()
        for turn in range(kills):
            where = f"seed {seed}, kill {turn}"
            hand = hands.start("record", address, folder=str(folder), seed=rng.randrange(1 << 40), count=12)
            hand.work(rng.randrange(8))
            time.sleep(rng.random() * _MOMENT)
            with server.connected() as db:
                found = db.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'verbale'").fetchall()
            for (process,) in found:
                os.kill(process, signal.SIGKILL)
            hand.work()
            assert hand.ended == 0, where
            assert lost_in_the_end(address, hand) is None, where
            assert verdict(address) is None, where
            answers += len(hand.answers)
        with Ledger(address) as book:
            return answers, book.head


@pytest.fixture
def frail(server: Server) -> Iterator[Server]:  # noqa: ARG001  where there is none to be had, that says so
    """Start a server that is about to crash, beside the one that the tests share."""
    with running() as started:
        yield started


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.torture)])
def test_a_killed_backend_loses_nothing_that_was_answered_for(
    hands: Hands, frail: Server, tmp_path: Path, figures: Callable[[str], None], kills: int
) -> None:
    """Kill -9 of the server's own process for the session: it recovers, and what was answered for is there."""
    answers, entries = backends_killed(hands, frail, tmp_path, 3, kills)
    figures(
        f"kill -9 of the backend, postgres: {kills} kills, {answers:,} answers, 0 lost; {entries:,} entries, 0 gaps"
    )
