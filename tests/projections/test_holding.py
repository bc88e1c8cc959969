"""Lists of names tell who spoke on how much and when last, as of T and as known at K."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from projections.holding import Heard, issues_of, issues_spoken_on, parties_heard_on, parties_of
from tests.ledger.samples import BASICS, about, new_ledger, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger

OTHERS = (
    {"type": "party-registered", "party": "EU", "name": "European Union", "kind": "coalition"},
    {"type": "coalition-joined", "party": "UKR", "coalition": "EU", "from": "2025-02-01"},
    {"type": "issue-opened", "issue": "prisoners", "proposition": "All prisoners are exchanged"},
    {"type": "issue-opened", "issue": "relations/RUS-UKR", "proposition": "They get on"},
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Hold words and deeds of two parties on two issues and a dyad; e8 and on."""
    with new_ledger(tmp_path / "ledger.db", *BASICS, *OTHERS) as ledger:
        ledger.record(statement())  # e8, on 2025-03-01
        ledger.record(statement(said_on="2024"))
        ledger.record_action("RUS", "prisoners", "Frees ten", occurred_on="2025-03-05")  # e10
        ledger.record(statement(issue="relations/RUS-UKR", said_on="2025-04-01"))
        ledger.record(statement(party="EU", issue="prisoners", said_on="2025-03-03"))  # e12
        ledger.record(about("retracted", 10))
        yield ledger


def test_a_party_s_words_and_deeds_are_counted_by_issue(book: Ledger):
    """What is retracted at K, or not yet certain at T, is neither counted nor the last; dyads are for who asks."""
    db, everybody = book.views.db, ["RUS", "UKR", "EU"]
    now = issues_spoken_on(db, book.moment(), everybody)
    assert now == {"RUS": Heard(1, "2025-03-01", 8), "EU": Heard(1, "2025-03-03", 12)}
    assert issues_spoken_on(db, book.moment(None, "e12"), ["RUS"]) == {"RUS": Heard(2, "2025-03-05", 10)}
    assert issues_spoken_on(db, book.moment("2025-02"), everybody) == {"RUS": Heard(1, "2024", 9)}
    assert issues_spoken_on(db, book.moment("2024-06"), everybody) == {}
    assert issues_spoken_on(db, book.moment(), ["RUS"], dyads=True) == {"RUS": Heard(2, "2025-04-01", 11)}


def test_an_issue_is_heard_by_party(book: Ledger):
    """Likewise the other way round; a dyad that is asked about is counted."""
    db, every = book.views.db, ["ceasefire", "prisoners", "relations/RUS-UKR"]
    assert parties_heard_on(db, book.moment(), every) == {
        "ceasefire": Heard(1, "2025-03-01", 8),
        "prisoners": Heard(1, "2025-03-03", 12),
        "relations/RUS-UKR": Heard(1, "2025-04-01", 11),
    }
    assert parties_heard_on(db, book.moment(None, "e12"), ["prisoners"]) == {"prisoners": Heard(2, "2025-03-05", 10)}


def test_a_coalition_s_issues_are_its_members_too(book: Ledger):
    """Where a position may be inherited, the cell is on the card; before the joining it is not."""
    db = book.views.db
    assert issues_of(db, book.moment(), "UKR") == ["prisoners"]
    assert issues_of(db, book.moment("2025-01"), "UKR") == []
    assert issues_of(db, book.moment(), "RUS", dyads=True) == ["ceasefire", "prisoners", "relations/RUS-UKR"]
    assert parties_of(db, book.moment(), "prisoners") == ["EU", "RUS", "UKR"]
