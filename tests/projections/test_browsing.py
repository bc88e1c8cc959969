"""Leafing through the journal shows each entry that is wanted once, the last first, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from projections import browsing
from projections.browsing import leaf, search_leaf
from projections.evidence import readings
from projections.search import LAST
from projections.wanted import STATUSES, Wanted
from tests.ledger.samples import BASICS, about, new_ledger, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"party": "RUS"},
    {"party": "UKR"},
    {"issue": "ceasefire"},
    {"type": "statement-made"},
    {"type": "entry-disputed", "party": "RUS"},
    {"recorded_by": "anna"},
    *({"status": status} for status in STATUSES),
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Hold twenty statements, of which some were corrected to another party, disputed or retracted."""
    with new_ledger(tmp_path / "ledger.db", *BASICS) as ledger:
        said = [ledger.record(statement(f"truce {n}", said_on=f"2025-03-{n + 1:02}")).entry for n in range(20)]
        ledger.recorded_by = "anna"
        ledger.record(about("corrected", said[3], changes={"party": "UKR"}))
        disputed = ledger.record(about("disputed", said[8]))
        ledger.record(about("retracted", said[12]))
        ledger.record(about("retracted", disputed.entry))
        ledger.record(statement("no truce", party="UKR", on_behalf_of=["RUS"]))
        yield ledger


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("looked_at", [4, 1_000])
@pytest.mark.parametrize("moments", [(None, None), ("2025-03-10", None), (None, "e12")])
def test_the_pages_hold_what_the_log_holds(
    book: Ledger, monkeypatch: pytest.MonkeyPatch, filters: dict[str, Any], looked_at: int, moments: Any
):
    """Backwards from the last, and forwards again, no entry is missed and none comes twice."""
    monkeypatch.setattr(browsing, "LOOKED_AT", looked_at)
    every = [one.entry for one in book.log(as_of=moments[0], as_known_at=moments[1], **filters)]
    at, wanted, found, before = book.moment(*moments), Wanted(**filters), list[int](), None
    for _ in range(40):
        page = leaf(book.views.db, at, wanted, 3, before=before)
        assert len(page.rows) <= 3
        found += [one.entry for one in page.rows]
        before = page.older
        if before is None:
            break
    assert found == every[::-1]
    forwards, after = list[int](), 0
    for _ in range(40):
        page = leaf(book.views.db, at, wanted, 3, after=after)
        forwards += [one.entry for one in reversed(page.rows)]
        if page.newer is None:
            break
        after = page.newer
    assert forwards == every


def test_a_page_that_is_not_full_says_so(book: Ledger, monkeypatch: pytest.MonkeyPatch):
    """Who reads "nothing here" must know that only a part was looked at."""
    monkeypatch.setattr(browsing, "LOOKED_AT", 4)
    page = leaf(book.views.db, book.moment(), Wanted(type="party-registered"), 3)
    assert page == ([], None, book.head - 3, True)


def test_the_last_page_begins_with_the_last_entry(book: Ledger):
    """There is nothing later, even where the last entries are not among those that are wanted."""
    assert leaf(book.views.db, book.moment(), Wanted(type="party-registered"), 3).newer is None


@pytest.mark.parametrize("looked_at", [2, 1_000])
@pytest.mark.parametrize("filters", FILTERS)
def test_the_pages_of_a_search_hold_what_it_finds(
    book: Ledger, monkeypatch: pytest.MonkeyPatch, filters: dict[str, Any], looked_at: int
):
    """As many pages as it takes, each sought from where the one before it ended."""
    monkeypatch.setattr(browsing, "HITS_LOOKED_AT", looked_at)
    every = [one.reading.entry for one in book.search("truce", retracted=True, **filters)]
    at, found, before = book.moment(), list[int](), LAST
    for _ in range(40):
        page = search_leaf(book.searchable(), "truce", at, Wanted(**filters), 3, before, retracted=True)
        found += [one.reading.entry for one in page.rows]
        if page.older is None:
            break
        before = page.older
    assert found == every


def test_amendments_of_what_is_about_others_are_left_out_by_the_database(book: Ledger):
    """No event is made of them, but for amendments of amendments, which are looked at one by one."""
    at = book.moment()
    of_statement, of_dispute = (one.entry for one in book.log(type="entry-retracted"))
    for party, left in (("UKR", [of_dispute]), ("RUS", [of_statement, of_dispute])):
        where, asked = Wanted(party=party, type="entry-retracted").where(at)
        found = readings(book.views.db, at.known_at, where, asked)
        assert [one.entry for one in found] == left
