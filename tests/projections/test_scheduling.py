"""The agenda page by page is the agenda."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from projections.evidence import agenda
from projections.scheduling import agenda_part
from tests.ledger.samples import BASICS, about, new_ledger, statement

if TYPE_CHECKING:
    from pathlib import Path


def test_the_pages_of_the_agenda_are_the_agenda(tmp_path: Path):
    """Corrected, called off, fulfilled by what was corrected to fulfil another: at every pair of moments."""
    plan = {"type": "event-scheduled", "party": "RUS", "issue": "ceasefire", "text": "Talks."}
    days = ("2025-04-03", "2025-04", "2025-04-01", "2025-04-05/2025-04-06", "2025-04-03")
    drafts = [
        *({**plan, "occurs_on": day, "text": f"Talks {n}."} for n, day in enumerate(days)),  # e4 to e8
        about("corrected", 4, changes={"occurs_on": "2025-03-31"}),
        about("retracted", 6),
        statement("They met.", said_on="2025-04-02", fulfils=5),  # e11
        statement("They met again.", said_on="2025-04-03", fulfils=8),
        about("corrected", 11, changes={"fulfils": 7}),
        about("retracted", 12),
        about("retracted", 13),
    ]
    with new_ledger(tmp_path / "l.db", *BASICS, *drafts) as book:
        for as_of, known_at, most in product((None, "2025-04-02", "2025-04-05"), range(book.head + 1), (1, 2, 9)):
            at, db = book.moment(as_of, f"e{known_at}"), book.views.db
            whole = agenda(db, at)
            parts = [agenda_part(db, at, first, most) for first in range(0, len(whole) + 1, most)]
            assert [item for items, _ in parts for item in items] == whole
            assert {total for _, total in parts} == {len(whole)}
