"""A list of names is leafed through without reading those that are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from projections.finding import issues_found, parties_found
from projections.registry import issues, parties
from tests.ledger.samples import BASICS, about, new_ledger, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger

OTHERS = (
    {
        "type": "party-registered",
        "party": "EU",
        "name": "European Union",
        "kind": "coalition",
        "codes": {"iso3": "EUE"},
    },
    {"type": "issue-opened", "issue": "prisoners", "proposition": "All prisoners are exchanged", "parent": "ceasefire"},
    {"type": "issue-opened", "issue": "relations/RUS-UKR", "proposition": "They get on"},
    {"type": "alias-added", "party": "UKR", "alias": "Київ"},
    {"type": "party-renamed", "party": "EU", "name": "The Union"},
    {"type": "issue-reworded", "issue": "ceasefire", "proposition": "All hostilities end"},
    {"type": "issue-closed", "issue": "prisoners", "reason": "done"},
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Hold three parties and three issues under several names; the last entry is e10."""
    with new_ledger(tmp_path / "ledger.db", *BASICS, *OTHERS) as ledger:
        yield ledger


@pytest.mark.parametrize(
    ("said", "known_at", "found"),
    [
        (None, 10, ["EU", "RUS", "UKR"]),
        (None, 1, ["RUS"]),
        ("KREM", 10, ["RUS"]),
        ("київ", 10, ["UKR"]),
        ("київ", 6, []),
        ("the union", 10, ["EU"]),
        ("european", 10, ["EU"]),
        ("eue", 10, ["EU"]),
        ("u", 10, ["EU", "RUS", "UKR"]),
        ("%", 10, []),
    ],
)
def test_a_party_is_found_by_any_name_it_was_given(book: Ledger, said: str | None, known_at: int, found: list[str]):
    """Its id, its names, its aliases and codes, in any case, as far as K knows them."""
    assert parties_found(book.views.db, known_at, said) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["ceasefire", "prisoners"]),
        ({"dyads": True}, ["ceasefire", "prisoners", "relations/RUS-UKR"]),
        ({"said": "HOSTILITIES"}, ["ceasefire"]),
        ({"said": "takes effect"}, []),
        ({"said": "takes effect", "known_at": 8}, ["ceasefire"]),
        ({"said": "prison"}, ["prisoners"]),
        ({"still_open": True}, ["ceasefire"]),
        ({"still_open": True, "known_at": 9}, ["ceasefire", "prisoners"]),
    ],
)
def test_an_issue_is_found_as_it_is_worded(book: Ledger, asked: dict[str, Any], found: list[str]):
    """By its id and the words it has at K, dyads for who asks, closed ones or not."""
    assert issues_found(book.views.db, **{"known_at": 10, "said": None, **asked}) == found


def test_a_closing_that_is_retracted_leaves_it_open(book: Ledger):
    """As the list of the command line has it."""
    book.record(about("retracted", 10))
    assert issues_found(book.views.db, book.head, None, still_open=True) == ["ceasefire", "prisoners"]


@pytest.mark.parametrize("known_at", [3, 5, 8, 10])
def test_some_rows_are_those_of_the_whole_list(book: Ledger, known_at: int):
    """Asking for a few names gives what the list of all has of them."""
    db = book.views.db
    assert parties(db, known_at, ["EU", "UKR"]) == [row for row in parties(db, known_at) if row["party"] != "RUS"]
    assert issues(db, known_at, among=["prisoners"]) == [
        row for row in issues(db, known_at) if row["issue"] == "prisoners"
    ]


def test_who_is_named_how_often_follows_the_ledger(book: Ledger):
    """What was counted for one K is not what is told of another."""
    book.record({"type": "party-registered", "party": "militia", "name": "A militia", "kind": "unresolved"})
    counts = []
    for text in ("one", "two"):
        book.record(statement(text, party="militia", said_on="2025-03-02"))
        counts.append([row["entries"] for row in book.parties(unresolved=True)])
    assert counts == [[1], [2]]
    assert [row["entries"] for row in book.parties(f"e{book.head - 1}", unresolved=True)] == [1]
