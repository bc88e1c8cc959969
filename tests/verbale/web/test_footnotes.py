"""The sources below a printed matrix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from projections.blocks import axes, block
from projections.ruling import LATEST
from verbale import Ledger
from verbale.web.footnotes import footnotes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbale.web.asking import Visitor


def joined(path: Path) -> Ledger:
    """Make a ledger of a union with a member, of which one source tells, and of a deed that none tells."""
    Ledger.create(path)
    ledger = Ledger(path)
    for party in ("UNION", "MEMBER", "OTHER"):
        ledger.add_party(party, party.title(), "other" if party == "UNION" else "state")
    ledger.add_issue("truce", "All hostilities end")
    ledger.join_coalition("MEMBER", "UNION")
    ledger.add_source("paper", "A paper", publisher="A house")
    return ledger


def test_a_number_leads_to_the_source_of_its_entry(visitor: Visitor):
    """Every position of the page has the number of a note, and the note names the entry that the JSON gives."""
    html = visitor.get("/matrix").text
    rows = visitor.get("/matrix.json").json()["rows"]
    notes = dict(re.findall(r'<li value="(\d+)">(.*?)</li>', html, re.DOTALL))
    assert list(notes) == [str(number) for number in range(1, len(notes) + 1)]
    for row in rows:
        key = f'data-cell="{row["party"]} on {row["issue"]}"'
        cell = html.partition(key)[2].partition("</a>")[0]
        numbers = re.findall(r'<sup class="note">(\d+)</sup>', cell)
        deed = row["deed"] and row["deed"]["entry"]
        for number, entry in zip(numbers, filter(None, (row["entry"], deed)), strict=True):
            assert f">e{entry}</span>" in notes[number]


def test_a_source_has_one_note(tmp_path: Path):
    """What shares a source shares a number, a coalition's words stand in one place, and what has none comes last."""
    with joined(tmp_path / "ledger.db") as ledger:
        ledger.record_action("OTHER", "truce", "Withdrew", occurred_on="2025-01-02")
        ledger.record_statement("UNION", "truce", "support", "Agrees", said_on="2025-01-01", source="paper")
        at = ledger.moment()
        rows = block(ledger.views.db, at, *axes(ledger.views.db, dyads=False), LATEST)
        found = footnotes(ledger.views.db, rows, at)
    deed, words = sorted(found.numbers)
    assert [note.source and note.source["title"] for note in found.listed] == ["A paper", None]
    assert [(one.entry, one.parties) for one in found.listed[0].resting] == [(words, ("MEMBER", "UNION"))]
    assert found.numbers == {words: 1, deed: 2}
