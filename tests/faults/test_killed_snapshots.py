"""kill -9 of the import of a snapshot: the same command again completes it, and the label says what the data said."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from ledger.entries import ImportFinished
from tests.faults.whole import verdict
from tests.ledger.importers.test_acled import export
from tests.ledger.samples import new_ledger
from tests.verbale.snapshots import FIRST, SECOND, deaths
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.hands import Hands

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here"),
]
_BATCH: Final = 2


@pytest.mark.parametrize("trials", [10, pytest.param(200, marks=pytest.mark.torture)])
def test_a_killed_snapshot_is_completed(
    hands: Hands, tmp_path: Path, figures: Callable[[str], None], trials: int
) -> None:
    """Kill -9 between its batches, which leaves some of them: again, and its label has its own rows and no others."""
    (tmp_path / "first.csv").write_bytes(export(FIRST))
    (tmp_path / "second.csv").write_bytes(export(SECOND))
    with new_ledger(tmp_path / "made" / "l.db") as book:
        book.import_file(tmp_path / "first.csv", snapshot_of="2022-04-07")
        before = book.head
    words = ("import", tmp_path / "second.csv", "--snapshot-of", "2022-05-05", "--allow-vanished", "50", "--ledger")
    counted = shutil.copytree(tmp_path / "made", tmp_path / "counted") / "l.db"
    moments = hands.run(*words, counted, fatal=0, batch=_BATCH).moments
    with Ledger(counted) as book:
        whole = book.head
    rng, halves, kills = random.Random(trials), 0, 0  # noqa: S311  seeded, not secret
    for at in sorted(rng.sample(range(1, moments + 1), min(trials, moments))):
        ledger = shutil.copytree(tmp_path / "made", tmp_path / f"{at}") / "l.db"
        kills += hands.kill(*words, ledger, at=at, batch=_BATCH)
        assert verdict(ledger) is None
        with Ledger(ledger) as book:
            halves += before < book.head < whole
        again = hands.run(*words, ledger, batch=_BATCH)
        assert again.code == 0, again.err
        with Ledger(ledger) as book:
            assert (book.head, deaths(book, "acled@2022-04-07")) == (
                whole,
                {row["event_id_cnty"]: row["fatalities"] for row in FIRST},
            )
            assert deaths(book, "acled@2022-05-05") == {row["event_id_cnty"]: row["fatalities"] for row in SECOND}
            ended = book.entry(book.head).event
            assert isinstance(ended, ImportFinished)
            assert ended.rows == len(SECOND)
        shutil.rmtree(ledger.parent)
    assert halves
    figures(f"kill -9 of a snapshot: {kills} kills at moments of {moments}, {halves} half recorded, all completed")
