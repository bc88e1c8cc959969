"""A bit that flips anywhere in the files of a ledger is found by verifying, or changes no answer."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import LedgerError
from tests.verbale.tampering import made, verified
from verbale import Ledger
from verbale.places import Place
from verbale.verifying import unopened

if TYPE_CHECKING:
    from pathlib import Path

FLIPS = 100
"""In each of the two files."""
SEED = 20_261_123


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger once; nobody writes there."""
    folder = tmp_path_factory.mktemp("original")
    made(folder)
    return folder


def answers(path: Path) -> tuple[Any, ...]:
    """Return what the ledger says: lines, positions at each K, search, what is sealed, checkpoints."""
    with Ledger(path) as ledger:
        rows = [tuple(ledger.matrix(as_known_at=f"e{known_at}")) for known_at in range(ledger.head + 1)]
        words = [(one.reading, one.snippet) for one in ledger.search("ceasefire")]
        closed = [ledger.disclosed(entry) for entry in range(1, ledger.head + 1)]
        log = tuple(ledger.log())
        return b"".join(ledger.export_journal()), rows, words, closed, log, ledger.journal.checkpoints()


def found(path: Path) -> bool:
    """Say whether verifying finds anything, if only that the ledger cannot be opened."""
    try:
        return not verified(path).ok
    except LedgerError:
        assert (done := unopened(Place(path))) is None or not done.ok
        return True


@pytest.mark.parametrize("name", ["ledger.db", "ledger.views.db"])
def test_a_flipped_bit_is_found_or_harmless(original: Path, tmp_path: Path, name: str) -> None:
    """Whichever bit of journal or views flips: verify finds it, or every answer is what it was."""
    before = answers(original / "ledger.db")
    chosen = random.Random(SEED)  # noqa: S311  a test that repeats itself
    size = (original / name).stat().st_size
    harmless = 0
    for number in range(FLIPS):
        folder = tmp_path / str(number)
        shutil.copytree(original, folder)
        at, bit = chosen.randrange(size), chosen.randrange(8)
        damaged = bytearray((folder / name).read_bytes())
        damaged[at] ^= 1 << bit
        (folder / name).write_bytes(damaged)
        if not found(folder / "ledger.db"):
            harmless += 1
            assert answers(folder / "ledger.db") == before, (at, bit)
        shutil.rmtree(folder)
    assert 0 < harmless < FLIPS
