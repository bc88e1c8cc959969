"""Many write and read at once: numbered without a gap, nothing twice, and what was read once stays as it was read."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from ledger.codec import format_line
from ledger.transparency.tree import Tree
from tests.faults.whole import verdict
from tests.ledger.samples import BASICS, new_ledger, statement
from tests.verbale.tampering import KEY
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Barrier

    from ledger.kept import Checkpoint

pytestmark = pytest.mark.slow
_WRITERS: Final = 8
_READERS: Final = 2
_PATIENCE: Final = 120
_FORKED: Final = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
"""Ten processes that each import everything would take longer than the test."""
if hasattr(os, "fork"):
    _FORKED.set_forkserver_preload(["tests.faults.hands", "ledger.stores.sqlite_recorder"])


class Written(NamedTuple):
    """What a writer was answered: the entry of each draft, and how long each record took, in seconds."""

    entries: dict[str, int]
    took: list[float]
    crossed: int
    """Drafts that another writer had recorded first."""


class Read(NamedTuple):
    """What a reader saw: from a head to the root over all lines up to it, as often as it looked."""

    prefixes: list[tuple[int, bytes]]


class Signed(NamedTuple):
    """What a signer was answered: each checkpoint with its root, once."""

    checkpoints: list[tuple[Checkpoint, bytes]]


def write(address: str, seconds: float, hand: int) -> Written:
    """Record until the time is over, now and then what all the others record too."""
    rng, crossed = random.Random(hand), 0  # noqa: S311  seeded, not secret
    entries: dict[str, int] = {}
    took: list[float] = []
    with Ledger(address, recorded_by=f"hand {hand}") as book:
        _barrier().wait(_PATIENCE)
        end = time.monotonic() + seconds
        for turn in itertools.count():
            begun = time.monotonic()
            if begun > end:
                return Written(entries, took, crossed)
            text = f"all {turn}" if rng.random() < 0.1 else f"{hand}/{turn}"
            done = book.record(statement(text, said_on=f"2025-03-{turn % 28 + 1:02}"))
            took.append(time.monotonic() - begun)
            crossed += done.already
            entries[text] = done.entry
    raise AssertionError


def read(address: str, seconds: float, _: int) -> Read:
    """Read the journal from where the last look ended, until the time is over; each look asks for a position too."""
    prefixes, tree, seen = list[tuple[int, bytes]](), Tree(), 0
    with Ledger(address) as book:
        _barrier().wait(_PATIENCE)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in book.journal.lines(seen):
                assert line.entry == seen + 1, f"e{line.entry} after e{seen}"
                tree.add(format_line(*line))
                seen = line.entry
            prefixes.append((seen, tree.root()))
            row = book.position("RUS", "ceasefire")
            assert row is None or (row.entry or 0) <= book.head
    return Read(prefixes)


def sign(address: str, seconds: float, _: int) -> Signed:
    """Take checkpoints until the time is over."""
    found: dict[int, tuple[Checkpoint, bytes]] = {}
    with Ledger(address) as book:
        _barrier().wait(_PATIENCE)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            checkpoint, root, already = book.checkpoint(lambda _: KEY)
            assert already == (checkpoint.number in found)
            assert found.setdefault(checkpoint.number, (checkpoint, root)) == (checkpoint, root)
    return Signed(list(found.values()))


_waiting: list[Barrier] = []


def arrive(barrier: Barrier) -> None:
    """Begin as a hand."""
    _waiting.append(barrier)


def _barrier() -> Barrier:
    return _waiting[0]


CROWD: Final[tuple[tuple[Callable[[str, float, int], Any], int], ...]] = (
    (write, _WRITERS),
    (read, _READERS),
    (sign, 1),
)
"""Functions of (address, seconds, number), and how many processes each."""


def crowd(address: str, seconds: float) -> list[Any]:
    """Let all of the crowd work on a ledger at once; return what each did."""
    hands = [work for work, count in CROWD for _ in range(count)]
    with _FORKED.Pool(len(hands), initializer=arrive, initargs=(_FORKED.Barrier(len(hands)),)) as pool:
        begun = [pool.apply_async(work, (address, seconds, number)) for number, work in enumerate(hands)]
        return [one.get(seconds + _PATIENCE) for one in begun]


@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.torture)])
def test_a_crowd_loses_nothing_and_sees_one_history(
    store: str, addresses: Callable[[], str], figures: Callable[[str], None], seconds: int
) -> None:
    """8 writers, 2 readers and a signer at once: contiguous, nothing twice, one history that only grows.

    What each reader saw and what was signed are prefixes of the journal, and each checkpoint is proved to begin with
    the one before.
    """
    address = addresses()
    with new_ledger(address, *BASICS) as book:
        book.add_key(KEY.verifier)
    told = crowd(address, seconds)
    written = [one for one in told if isinstance(one, Written)]
    looks = [one for one in told if isinstance(one, Read)]

    with Ledger(address) as book:
        tree, recorded = Tree(), {}
        roots = [tree.root()]
        for line in book.journal.lines():
            assert line.entry == len(roots)
            tree.add(format_line(*line))
            roots.append(tree.root())
            text = json.loads(line.data).get("text")
            assert text is None or text not in recorded, f"twice: {text}"
            recorded[text] = line.entry
    answered = {text: entry for one in written for text, entry in one.entries.items()}
    assert {text: entry for text, entry in recorded.items() if text is not None} == answered
    assert all(answered[text] == entry for one in written for text, entry in one.entries.items())
    for look in looks:
        heads = [head for head, _ in look.prefixes]
        assert heads == sorted(heads)
        assert all(roots[head] == seen for head, seen in look.prefixes)
    (signed,) = [one.checkpoints for one in told if isinstance(one, Signed)]
    assert all(roots[one.size] == root for one, root in signed)
    with Ledger(address) as book:
        assert book.journal.checkpoints() == [one for one, _ in signed]
        for number in range(1, len(signed)):
            book.prove_growth(f"cp{number}..cp{number + 1}")  # which checks what it has proved
    assert verdict(address) is None

    took = sorted(one for hand in written for one in hand.took)
    crossed, seen = sum(hand.crossed for hand in written), sum(len(look.prefixes) for look in looks)
    figures(
        f"{_WRITERS} writers, {_READERS} readers, a signer, {seconds} s, {store}: {len(answered):,} entries, "
        f"{len(took) / seconds:,.0f} records/s, p50 {_at(took, 50):.1f} ms, p99 {_at(took, 99):.1f} ms; "
        f"{crossed:,} said by another first, {seen:,} looks, {len(signed):,} checkpoints, 0 gaps, 0 twice"
    )


def _at(took: list[float], percent: int) -> float:
    """Return a percentile, in milliseconds."""
    return took[min(len(took) - 1, len(took) * percent // 100)] * 1_000
