"""Snapshots of living data on both stores, and carried to another ledger: the labels answer alike."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.ledger.importers.test_acled import export
from tests.ledger.importers.test_gdelt import ROW as EVENT
from tests.ledger.importers.test_gdelt import table
from tests.ledger.samples import new_ledger
from tests.verbale.snapshots import FIRST, SECOND, deaths
from tests.verbale.tampering import KEY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_two_snapshots_on_both_stores(request: pytest.FixtureRequest, tmp_path: Path, store: str) -> None:
    """Their counts, and each label with its own rows."""
    address = request.getfixturevalue("new_address")() if store == "postgres" else tmp_path / "l.db"
    with new_ledger(address) as book:
        one = book.import_file(io.BytesIO(export(FIRST)), snapshot_of="2022-04-07")
        assert (one.rows, one.new, one.notes) == (300, 300, {})
        two = book.import_file(io.BytesIO(export(SECOND)), snapshot_of="2022-05-05")
        assert (two.rows, two.new, two.already, two.notes) == (310, 50, 260, {"changed": 30, "vanished": 10})
        head = book.head
        assert book.import_file(io.BytesIO(export(SECOND)), snapshot_of="2022-05-05").last is None
        assert book.head == head
        for day, rows in (("2022-04-07", FIRST), ("2022-05-05", SECOND)):
            assert deaths(book, f"acled@{day}") == {row["event_id_cnty"]: row["fatalities"] for row in rows}


def test_snapshots_are_carried_in_bundles_and_journals(tmp_path: Path) -> None:
    """Event data and two snapshots, what people undid among them: the bundle holds, and so do replayed labels."""
    first, second = FIRST[:40], [*SECOND[:1], *SECOND[2:38]]
    with new_ledger(tmp_path / "l.db") as book:
        book.add_key(KEY.verifier)
        book.import_file(io.BytesIO(table(EVENT, EVENT | {"GLOBALEVENTID": "2", "EventCode": "036"}).encode()))
        book.import_file(io.BytesIO(export(first)), snapshot_of="2022-04-07")
        book.import_file(io.BytesIO(export(second)), snapshot_of="2022-05-05", allow_vanished=50)
        for one in [one for one in book.log() if one.type in {"entry-corrected", "entry-retracted"}]:
            book.retract(one.entry, reason="the data err")
        report = book.import_file(io.BytesIO(export(first)), snapshot_of="2022-06-03", allow_vanished=50)
        assert report.notes["brought_back"] > 1
        assert report.notes["changed"] > 1
        book.checkpoint(lambda _: KEY)
        book.bundle(tmp_path / "out")
        days = ("2022-04-07", "2022-05-05", "2022-06-03")
        root, answers = book.root(), [deaths(book, f"acled@{day}") for day in days]
        assert book.replay().equals_views
        lines = b"".join(book.export_journal())
    command = [sys.executable, "-I", "-S", str(tmp_path / "out" / "check.py"), "--key", KEY.verifier.format()]
    checked = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=tmp_path)
    assert (checked.returncode, checked.stdout[:3]) == (0, "OK:"), checked.stderr
    with new_ledger(tmp_path / "other" / "l.db") as book:
        book.replay_file(io.BytesIO(lines))
        assert (book.root(), [deaths(book, f"acled@{day}") for day in days]) == (root, answers)
        assert answers[0] == answers[2] == {row["event_id_cnty"]: row["fatalities"] for row in first}
        assert answers[1] == {row["event_id_cnty"]: row["fatalities"] for row in second}
        assert book.import_file(io.BytesIO(export(first)), snapshot_of="2022-06-03").last is None
