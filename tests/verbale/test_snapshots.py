"""Snapshots of living data on both stores, and carried to another ledger: the labels answer alike."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tests.ledger.importers.test_acled import export
from tests.ledger.samples import new_ledger
from tests.verbale.snapshots import FIRST, SECOND, deaths

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
