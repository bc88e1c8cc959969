"""The power goes while a ledger is recorded into: what was answered for is on the disk, whatever else is."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from ledger.codec import CODEC
from ledger.entries import SourceRegistered
from ledger.errors import LedgerError
from tests.faults import traced
from tests.faults.disk import states
from tests.faults.hands import Answer, unkept
from tests.faults.whole import verdict
from tests.ledger.samples import BASICS, statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.traced import Event

pytestmark = pytest.mark.slow
_LEDGER: Final = "deep/.verbale/ledger.db"
_COUNT: Final = 48
"""Things recorded while the process is watched."""


class Found(NamedTuple):
    """A disk after a power cut."""

    where: str
    ledger: Path
    answers: list[Answer]
    """What had been answered for by then."""
    state: bytes
    """A hash of all that is on it."""


@pytest.fixture(autouse=True)
def _strace() -> None:
    """Skip where nothing can be watched; CI fails."""
    reason = traced.why_not()
    if reason is not None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@contextmanager
def in_memory() -> Iterator[Path]:
    """Yield an empty folder, in memory where that can be had: thousands of disks are written there."""
    shared = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=shared if os.access(shared, os.W_OK) else None) as folder:
        yield Path(folder)


def watched(folder: Path, seed: int, synchronous: str = "FULL") -> tuple[list[Event], Path]:
    """Return what a recording process did below a folder, and that folder."""
    disk, own = folder / "disk", folder / "own"
    disk.mkdir()
    own.mkdir()
    ledger = disk / _LEDGER
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "tests.faults.recorder",
        ledger,
        own,
        str(seed),
        str(_COUNT),
        synchronous,
    ]
    return traced.traced(command, disk, folder / "trace"), disk


def lost(ledger: Path, answers: list[Answer]) -> str | None:
    """Say what was answered for that is not there, None where all of it is."""
    if not answers:
        return None
    try:
        with Ledger(ledger) as book:
            found = unkept(book, answers)
            if found is not None:
                return found
            for line in book.journal.lines(upto=answers[-1].last):
                event = CODEC.decode(*line).event
                if isinstance(event, SourceRegistered) and book.snapshots.document(event.sha256) is None:
                    return f"the document of e{line.entry}"
    except LedgerError as error:
        return error.message
    return None


def cut(events: list[Event], root: Path, count: int, seed: int) -> Iterator[Found]:
    """Yield so many disks after a power cut."""
    rng = random.Random(seed)  # noqa: S311  seeded, not secret
    with in_memory() as folder:
        for number, disk in enumerate(states(events, root, count, rng)):
            found = folder / "found"
            found.mkdir()
            state = disk.cut(rng, found)
            answers = [Answer(**json.loads(said)) for said in disk.answers]
            yield Found(f"seed {seed}, state {number}", found / _LEDGER, answers, state)
            shutil.rmtree(found)


@pytest.mark.parametrize(
    ("seed", "count"), [(0, 60), *(pytest.param(seed, 1_000, marks=pytest.mark.torture) for seed in range(5))]
)
def test_a_power_cut_loses_nothing_that_was_answered_for(
    tmp_path: Path, figures: Callable[[str], None], seed: int, count: int
) -> None:
    """Disks rebuilt from what was written and synced: no answer is lost, what is there is whole, and it goes on."""
    answered, distinct = 0, set()
    for found in cut(*watched(tmp_path, seed), count, seed):
        assert lost(found.ledger, found.answers) is None, found.where
        Ledger.create(found.ledger)  # what was cut in the making is made
        with Ledger(found.ledger) as book:
            for draft in (*BASICS, statement("after")):
                book.record(draft)
        assert verdict(str(found.ledger)) is None, found.where
        answered += len(found.answers)
        distinct.add(found.state)
    figures(f"power loss: {count:,} disks, {len(distinct):,} of them distinct; {answered:,} answers, 0 lost, all whole")


def test_the_disk_would_lose_entries_if_commits_were_not_synced(tmp_path: Path, figures: Callable[[str], None]) -> None:
    """The control: with `synchronous=NORMAL`, the same disks do lose what was answered for."""
    missing = [lost(found.ledger, found.answers) for found in cut(*watched(tmp_path, 0, "NORMAL"), 60, 0)]
    assert any(missing)
    count = f"answers lost on {sum(map(bool, missing))} of {len(missing)} disks"
    figures(f"power loss, control with synchronous=NORMAL: {count}")
