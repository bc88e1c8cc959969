"""`agreement`: two people's readings of one text, as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import UnknownName
from verbale.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbale.doors import Door

TEXT = "Talks were held. Moscow waits for details. Kyiv agrees to a pause.\n"


@pytest.fixture
def coded(door: Door, tmp_path: Path) -> Door:
    """Keep a text that anna and ben have coded: one sentence alike, one with another stance, one by anna alone."""
    door.ok("init -q")
    (tmp_path / "wire.txt").write_text(TEXT, encoding="utf-8")
    with Ledger(tmp_path) as book:
        for party in ("RUS", "UKR"):
            book.add_party(party, party.title())
        book.add_issue("pause", "A pause takes effect")
        book.add_source("wire", "A wire", snapshot=tmp_path / "wire.txt")
    for coder, readings in {
        "anna": [("RUS", "awaiting", "Moscow waits for details."), ("UKR", "support", "Kyiv agrees to a pause.")],
        "ben": [("RUS", "awaiting", "Moscow waits for details."), ("UKR", "conditional", "Kyiv agrees")],
    }.items():
        with Ledger(tmp_path, recorded_by=coder) as book:
            for party, stance, words in readings:
                said: dict[str, Any] = {"source": "wire", "quote": {"exact": words}}
                book.record_statement(party, "pause", stance, f"{coder}: {words}", "2025-03-12", **said)  # type: ignore[arg-type]
    return door


def test_the_table_says_both_names_and_every_field(coded: Door):
    """Kappa with two decimals; a dash where both always say the same."""
    told = coded.ok("agreement wire").out
    assert "anna and ben" in told
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in told.splitlines() if " of " in line}
    assert rows["stance"] == "1 of 2 (50 %) 0.33"
    assert rows["party"] == "2 of 2 (100 %) 1.00"
    assert rows["issue"] == "2 of 2 (100 %) –"
    assert rows["marked"] == "3 of 3 (100 %) 1.00"


def test_json_and_library_say_the_same(coded: Door, tmp_path: Path):
    """Rows of `--json` are those of the library."""
    with Ledger(tmp_path) as book:
        assert coded.ok("agreement wire --json").json["rows"] == book.agreement("wire").to_dicts()


def test_before_the_second_coder_there_is_nothing_to_agree_on(coded: Door):
    """At an earlier moment of the ledger only one had coded; the answer says so, and the table is empty."""
    assert "nothing to agree on" in coded.ok("agreement wire --as-known-at e6").out
    assert coded.ok("agreement wire --as-known-at e6 --json").json["rows"] == []


def test_an_unknown_source_is_told(coded: Door, tmp_path: Path):
    """With where to look."""
    assert "verbale source list" in coded("agreement nothing").err
    with Ledger(tmp_path) as book, pytest.raises(UnknownName):
        book.agreement("nothing")
