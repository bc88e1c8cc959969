"""A bit flipped anywhere in a ledger's files: found by `verify`, or nobody gets anything else than before."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ledger.transparency.keys import COSIGNER, SigningKey
from tests.faults.flips import FILES, JOURNAL, answers, fate
from tests.faults.whole import verdict, verify_finds
from tests.ledger.samples import NOW, statement
from tests.verbale.tampering import KEY, made, sign
from verbale import Ledger
from verbale.witnessing import Memory, cosign

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow
_WITNESS = SigningKey("example.org/witness", COSIGNER, bytes(range(1, 33)))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Make a ledger at rest that has something of everything; return its folder."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    made(folder)
    (folder / "report.html").unlink()
    with Ledger(folder / JOURNAL, recorded_by="anna", clock=lambda: 2 * NOW) as book:
        for n in range(3):
            book.record(statement(f"behind doors {n}", sealed=True, speaker="Anna"))
        book.erase(9, "asked", "a court")
        book.erase(book.head - 1, "asked", "a court", fields=["speaker"])
        sign(book, 3)
        note, _ = cosign(
            book.request(_WITNESS.verifier), _WITNESS, Memory(tmp_path / "memory"), log=KEY.verifier, now=1
        )
        assert book.take_cosignature(note, [_WITNESS.verifier]).new
        assert list(book.search("ceasefire"))
    assert all(any(path.is_file() for path in folder.rglob(name)) for name, _ in FILES.values())
    return folder


@pytest.mark.parametrize("flips", [150, pytest.param(3_000, marks=pytest.mark.torture)])
def test_a_flipped_bit_is_found_or_harmless(
    ledger: Path, tmp_path: Path, figures: Callable[[str], None], flips: int
) -> None:
    """Wherever a bit is flipped, verify says so, or every answer is the same as before."""
    rng, before = random.Random(7), answers(ledger / JOURNAL)  # noqa: S311  seeded, not secret
    assert verdict(str(ledger / JOURNAL)) is None
    assert answers(ledger / JOURNAL) == before
    fates = [fate(ledger, before, verify_finds, rng, tmp_path / "copy") for _ in range(flips)]
    for file in FILES:
        told = Counter("found" if one.found else "harmless" for one in fates if one.flip.file == file)
        figures(f"bits flipped, {file}: {told.total():,}, {told['found']:,} found, {told['harmless']:,} harmless")
    assert [one for one in fates if one.undetected] == []
    assert 0 < sum(one.harmless for one in fates if not one.found) < flips


def test_a_check_that_finds_nothing_lets_flips_through(ledger: Path, tmp_path: Path) -> None:
    """The control: without a check, some flipped bits change what a reader gets, and this would be seen."""
    rng, before = random.Random(7), answers(ledger / JOURNAL)  # noqa: S311  seeded, not secret
    assert any(fate(ledger, before, lambda _: None, rng, tmp_path / "copy").undetected for _ in range(40))
