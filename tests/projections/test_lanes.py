"""Lanes and pages of what happened: the same entries as the timeline's, however they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.times import instant
from projections.lanes import Of, lane, lanes_of, page, scheduled
from projections.states import moved
from projections.steps import steps
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

T = ("2025-03-10", "2025-03-11", "2025-03-15", "2025-03", None)
DRAFTS: list[dict[str, Any]] = [
    {"type": "party-registered", "party": "RUS", "name": "Russia", "kind": "state"},
    {"type": "party-registered", "party": "UKR", "name": "Ukraine", "kind": "state"},
    {"type": "party-registered", "party": "DPR", "name": "A republic", "kind": "other"},
    {"type": "issue-opened", "issue": "pause", "proposition": "A pause takes effect"},
    {"type": "issue-opened", "issue": "visit", "proposition": "An envoy visits"},
    {"type": "issue-opened", "issue": "relations/RUS-UKR", "proposition": "Between the two"},
    {"type": "statement-made", "party": "RUS", "issue": "pause", "stance": "oppose", "said_on": "../2025-03-11"},
    {"type": "statement-made", "party": "RUS", "issue": "pause", "stance": "awaiting", "said_on": "2025-03-12"},
    {"type": "statement-made", "party": "UKR", "issue": "pause", "stance": "support", "said_on": "2025-03"},
    {"type": "statement-made", "party": "RUS", "issue": "pause", "stance": "reserved", "said_on": "2025-03-14",
     "on_behalf_of": ["UKR", "DPR"]},
    {"type": "action-taken", "party": "UKR", "issue": "pause", "bearing": "support", "occurred_on": "2025-03-12"},
    {"type": "action-taken", "party": "UKR", "issue": "relations/RUS-UKR", "occurred_on": "2025-03-13"},
    {"type": "event-scheduled", "party": "DPR", "issue": "visit", "occurs_on": "2025-04-01"},
    {"type": "event-scheduled", "party": "RUS", "issue": "visit", "occurs_on": "2025-03-13/2025-03-16"},
    {"type": "entry-corrected", "entry": 14, "changes": {"issue": "pause"}, "reason": "it was about the pause"},
    {"type": "entry-corrected", "entry": 8, "changes": {"issue": "visit"}, "reason": "it was about the visit"},
    {"type": "entry-retracted", "entry": 9, "reason": "nobody said so"},
    {"type": "entry-retracted", "entry": 17, "reason": "somebody did"},
    {"type": "party-merged", "party": "DPR", "into": "RUS"},
    {"type": "entry-retracted", "entry": 13, "reason": "called off"},
]  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Make a ledger in which much is amended."""
    path: Path = tmp_path_factory.mktemp("lanes") / "l.db"
    Ledger.create(path)
    with Ledger(path, clock=lambda: instant("2026-11-24T10:00:00.000000Z")) as book:
        for draft in DRAFTS:
            dated = draft["type"] in {"statement-made", "action-taken", "event-scheduled"}
            book.record({**draft, "text": f"words {book.head}"} if dated else draft)
        yield book


@pytest.mark.parametrize("known_at", range(len(DRAFTS) + 1))
@pytest.mark.parametrize("as_of", T)
def test_pages_of_an_issue_are_its_timeline(book: Ledger, as_of: str | None, known_at: int):
    """Page by page, whatever was corrected, retracted or merged, at every pair of moments."""
    at = book.moment(as_of, f"e{known_at}")
    db = book.views.db
    for issue in ("pause", "visit", "relations/RUS-UKR"):
        whole = list(book.timeline(issue, as_of, f"e{known_at}"))
        plans = scheduled(db, at, Of(issue=issue))
        shown = [page(db, at, Of(issue=issue), first, 2, plans) for first in range(0, len(whole) + 2, 2)]
        assert [one for listed, _ in shown for one in listed] == whole
        assert {total for _, total in shown} == {len(whole)}


@pytest.mark.parametrize("known_at", range(len(DRAFTS) + 1))
@pytest.mark.parametrize("as_of", T)
def test_the_lanes_of_an_issue_hold_what_each_party_moved(book: Ledger, as_of: str | None, known_at: int):
    """Each entry lies in the lane of every party whose position it moves; a merged party's in its survivor's."""
    at = book.moment(as_of, f"e{known_at}")
    db = book.views.db
    for issue in ("pause", "visit"):
        expected: dict[str, list[int]] = {}
        for one in book.timeline(issue, as_of, f"e{known_at}"):
            for party in {book.holder(party, at) for party in moved(one.event)}:  # type: ignore[arg-type]
                expected.setdefault(party, []).append(one.entry)
        of = Of(issue=issue)
        plans = scheduled(db, at, of)
        found = [lane(db, at, *pair, 9, plans) for pair in lanes_of(db, at, of, plans)]
        assert {one.party: [read.entry for read in one.shown] for one in found} == expected
        assert [one.party for one in found] == sorted(expected)


def test_a_long_lane_shows_its_last_entries_and_counts_the_others(book: Ledger):
    """What is announced is shown beside them."""
    at = book.moment(None, "e15")
    found = lane(book.views.db, at, "RUS", "pause", 1, scheduled(book.views.db, at, Of(issue="pause")))
    assert ([one.entry for one in found.shown], found.left_out) == ([8, 14], 1)


def test_of_many_plans_a_lane_shows_the_last(book: Ledger):
    """And counts the others."""
    at, db = book.moment(None, "e14"), book.views.db
    plans = [plan._replace(party="RUS") for plan in scheduled(db, at, Of(issue="visit"))]
    found = lane(db, at, "RUS", "visit", 1, plans)
    assert ([one.entry for one in found.shown], found.left_out) == ([13], 1)


def test_a_party_has_a_lane_for_each_issue_and_dyads_for_who_asks(book: Ledger):
    """As in the matrix."""
    at, db = book.moment(), book.views.db
    assert [issue for _, issue in lanes_of(db, at, Of(party="UKR"), [])] == ["pause"]
    assert [issue for _, issue in lanes_of(db, at, Of(party="UKR", dyads=True), [])] == ["pause", "relations/RUS-UKR"]
    listed, total = page(db, at, Of(party="UKR", dyads=True), 0, 9, [])
    assert ([one.entry for one in listed], total) == ([9, 11, 12, 10], 4)


def test_steps_are_where_something_changes_there_and_nowhere_else(book: Ledger):
    """A slider of an issue stops at its own changes."""
    db, head = book.views.db, book.head
    dyad, pause = Of(issue="relations/RUS-UKR"), Of(issue="pause")
    assert steps(db, head, head, dyad.where, dyad._asdict())[0] == ["2025-03-13"]
    world, entries = steps(db, head, head, pause.where, pause._asdict())
    assert world == ["2025-03-11", "2025-03-12", "2025-03-14", "2025-03-31"]
    assert set(entries) == {7, 8, 9, 10, 11, 16, 17, 18, 19}


@pytest.mark.parametrize("known_at", range(len(DRAFTS) + 1))
def test_what_is_announced_is_found_as_it_reads(book: Ledger, known_at: int):
    """Wherever it was recorded: corrected to another issue or party, and merged into one."""
    at, db = book.moment(None, f"e{known_at}"), book.views.db
    every = [one.scheduled for one in book.agenda(as_known_at=f"e{known_at}") if one.status != "cancelled"]
    reads = {(book.holder(one.event.party, at), one.event.issue, one.entry) for one in every}  # type: ignore[attr-defined]
    for issue in ("pause", "visit"):
        found = scheduled(db, at, Of(issue=issue))
        assert {(plan.party, plan.issue, plan.read.entry) for plan in found} == {
            one for one in reads if one[1] == issue
        }
    for party in ("RUS", "UKR", "DPR"):
        found = scheduled(db, at, Of(party=party))
        assert {(plan.party, plan.issue, plan.read.entry) for plan in found} == {
            one for one in reads if one[0] == party
        }


@pytest.mark.parametrize("known_at", range(len(DRAFTS) + 1))
@pytest.mark.parametrize("as_of", T)
def test_pages_of_a_party_hold_each_entry_once(book: Ledger, as_of: str | None, known_at: int):
    """What is in its lanes, on every issue."""
    at, db = book.moment(as_of, f"e{known_at}"), book.views.db
    for party in ("RUS", "UKR", "DPR"):
        of = Of(party=party, dyads=True)
        plans = scheduled(db, at, of)
        drawn = [one.entry for pair in lanes_of(db, at, of, plans) for one in lane(db, at, *pair, 99, plans).shown]
        shown = [page(db, at, of, first, 2, plans) for first in range(0, len(drawn) + 2, 2)]
        assert sorted(one.entry for listed, _ in shown for one in listed) == sorted(drawn)
        assert {total for _, total in shown} == {len(drawn)}
