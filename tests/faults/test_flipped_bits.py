"""A bit flipped in the journal or the views: found by the check, or nobody gets anything else than before."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.faults.flips import FILES, JOURNAL, answers, fate
from tests.faults.whole import verdict
from tests.ledger.samples import NOW, source, statement
from verbale import Ledger
from verbale.samples import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Make a ledger at rest that has something of everything; return its folder."""
    folder = tmp_path / "ledger"
    Ledger.create(folder / JOURNAL)
    (tmp_path / "a.txt").write_text("Words.\n", encoding="utf-8")
    with Ledger(folder / JOURNAL, recorded_by="anna", clock=lambda: NOW) as book:
        assert not book.import_file(sample_path("ukraine-ceasefire-2025")).refused
        book.record(source("kept", snapshot="a.txt"), folder=tmp_path)
        for n in range(3):
            said = statement(f"behind doors {n}", sealed=True, speaker="Anna", issue="ceasefire-30d")
            book.record(said)
        assert list(book.search("ceasefire"))
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [JOURNAL, "l.db.lock", "l.views.db"]
    return folder


@pytest.mark.parametrize("flips", [200, pytest.param(3_000, marks=pytest.mark.torture)])
def test_a_flipped_bit_is_found_or_harmless(
    ledger: Path, tmp_path: Path, figures: Callable[[str], None], flips: int
) -> None:
    """Wherever a bit is flipped, the check says so, or every answer is the same as before."""
    rng, before = random.Random(7), answers(ledger / JOURNAL)  # noqa: S311  seeded, not secret
    assert verdict(str(ledger / JOURNAL)) is None
    assert answers(ledger / JOURNAL) == before
    fates = [fate(ledger, before, verdict, rng, tmp_path / "copy") for _ in range(flips)]
    for file in FILES:
        told = Counter("found" if one.found else "harmless" for one in fates if one.flip.file == file)
        where = "a source" if "[" in file else file
        figures(f"bits flipped in {where}: {told.total():,}, {told['found']:,} found, {told['harmless']:,} harmless")
    assert [one for one in fates if one.crash] == []
    assert [one for one in fates if one.undetected] == []


def test_a_check_that_finds_nothing_lets_flips_through(ledger: Path, tmp_path: Path) -> None:
    """The control: without a check, some flipped bits change what a reader gets, and this would be seen."""
    rng, before = random.Random(7), answers(ledger / JOURNAL)  # noqa: S311  seeded, not secret
    assert any(fate(ledger, before, lambda _: None, rng, tmp_path / "copy").undetected for _ in range(40))
