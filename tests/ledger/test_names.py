"""Names: who is meant by one at a date, and which are refused because they look like another."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.claims
import ledger.merging
import ledger.names
from ledger.claims import PartyNames
from ledger.errors import Refused, UnknownName
from ledger.names import must_be_plain, skeleton
from tests.ledger.samples import BASICS, new_ledger, statement

if TYPE_CHECKING:
    from pathlib import Path

SUN = {"type": "party-registered", "party": "SUN", "name": "Soviet Union", "kind": "state"}


@pytest.mark.parametrize("module", [ledger.claims, ledger.merging, ledger.names])
def test_worked_examples_run(module) -> None:
    """The examples in the specifications are true."""
    assert doctest.testmod(module).failed == 0


def test_a_split_name_means_whom_it_meant_then(tmp_path: Path) -> None:
    """A dated alias takes its years out of another party's name; the entry's own date says who is meant."""
    moscow = {"type": "alias-added", "party": "RUS", "alias": "Moscow"}
    theirs = {"type": "alias-added", "party": "SUN", "alias": "Moscow", "until": "1991-12-25"}
    with new_ledger(tmp_path / "ledger.db", *BASICS, SUN, moscow, theirs) as book:
        for said_on, party in [("1962-10-27", "SUN"), ("2025-03-12", "RUS"), ("../1980", "SUN")]:
            entry = book.record(statement(party="moscow", said_on=said_on)).entry
            assert getattr(book.entry(entry).event, "party", None) == party
        with pytest.raises(UnknownName, match="SUN until 1991-12-25, and 1991 does not say which"):
            book.record(statement(party="Moscow", said_on="1991"))
        assert (book.party("Moscow"), book.party("Moscow", book.moment("1970").until)) == ("RUS", "SUN")


def test_a_correction_resolves_names_at_the_corrected_date(tmp_path: Path) -> None:
    """Who is meant in a correction is asked at the date that the entry has afterwards."""
    drafts = [
        {"type": "alias-added", "party": "RUS", "alias": "Moscow", "from": "1991-12-26"},
        {"type": "alias-added", "party": "SUN", "alias": "Moscow", "until": "1991-12-25"},
        statement(party="UKR", said_on="1985-05-01"),
    ]
    with new_ledger(tmp_path / "ledger.db", *BASICS, SUN, *drafts) as book:
        head = book.head
        book.record({"type": "entry-corrected", "entry": head, "changes": {"party": "Moscow"}, "reason": "slip"})
        assert getattr(book.entry(head).event, "party", None) == "SUN"
        changes = {"party": "Moscow", "said_on": "1995-05-01"}
        book.record({"type": "entry-corrected", "entry": head, "changes": changes, "reason": "slip"})
        assert getattr(book.entry(head).event, "party", None) == "RUS"


@pytest.mark.parametrize(
    ("alias", "message"),
    [
        ({"party": "UKR", "alias": "Kremlin"}, "belongs to RUS"),
        ({"party": "UKR", "alias": "RUS", "until": "1991"}, "belongs to RUS"),
        ({"party": "UKR", "alias": "The Bear", "from": "1990"}, "belongs to RUS until 1991-12-25"),
        ({"party": "UKR", "alias": "Bear", "from": "1992", "until": "1990"}, "before it begins"),
        ({"party": "RUS", "alias": "Kremlin", "from": "1990"}, "belongs to RUS"),
    ],
)
def test_a_name_stands_for_one_party_at_a_time(tmp_path: Path, alias: dict[str, str], message: str) -> None:
    """A claim that overlaps another, or splits an id, is refused and says whose the name is."""
    bear = {"type": "alias-added", "party": "RUS", "alias": "The bear", "until": "1991-12-25"}
    with new_ledger(tmp_path / "ledger.db", *BASICS, bear) as book:
        with pytest.raises(Refused, match=message):
            book.record({"type": "alias-added", **alias})
        book.record({"type": "alias-added", "party": "UKR", "alias": "the bear", "from": "1991-12-26"})


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 28), st.integers(0, 9)), max_size=4),
    st.integers(1, 28),
)
def test_owners_are_as_a_walk_through_the_days_finds_them(claims, day) -> None:
    """Whoever's dates hold the day owns the name then, and otherwise who has it without dates."""
    names = PartyNames([("Name", "Z", None, None)])
    taken: dict[int, str] = {}
    for party, first, length in claims:
        days = range(first, min(28, first + length) + 1)
        if taken.keys().isdisjoint(days):
            taken.update(dict.fromkeys(days, party))
            names.add("Name", party, f"2025-02-{days[0]:02}", f"2025-02-{days[-1]:02}")
    assert names.owner("name", f"2025-02-{day:02}") == taken.get(day, "Z")
    owners = {taken.get(one, "Z") for one in range(1, 29)}
    if len(owners) == 1:
        assert names.owner("Name", "2025-02") == owners.pop()
    else:
        with pytest.raises(UnknownName, match="2025-02 does not say which"):
            names.owner("Name", "2025-02")


ODD = [
    ("Ru\u0455sia", "mixes Cyrillic and Latin letters"),
    ("\uff26rance", "another form"),
    ("Fra\u200bnce", "ZERO WIDTH SPACE"),
    ("\u202eecnarF", "RIGHT-TO-LEFT OVERRIDE"),
    ("Fran\u00adce", "SOFT HYPHEN"),
    ("Fra\u2066nce", "LEFT-TO-RIGHT ISOLATE"),
    ("\u0301Etat", "accent that has no letter"),
    ("Fra\ue000nce", "U\\+E000"),
]


@pytest.mark.parametrize(("name", "why"), ODD)
def test_names_that_deceive_the_eye_are_refused(tmp_path: Path, name: str, why: str) -> None:
    """What does not show, full-width letters and words of two scripts are refused wherever a name is given."""
    party = {"type": "party-registered", "party": "FRA", "name": name, "kind": "state"}
    with new_ledger(tmp_path / "ledger.db", *BASICS) as book:
        for draft in (
            party,
            {**party, "name": "France", "aliases": [name]},
            {"type": "alias-added", "party": "RUS", "alias": name},
            {"type": "party-renamed", "party": "RUS", "name": name},
            {"type": "speaker-appointed", "name": name, "party": "RUS"},
        ):
            with pytest.raises(Refused, match=why):
                book.record(draft)
        assert book.head == len(BASICS)


def test_short_codes_are_no_lookalikes(tmp_path: Path) -> None:
    """Codes of two letters differ however like an I an l is: I and L are told apart."""
    codes = ["IL", "LI", "IR", "LR", "IT", "LT", "IS", "LS", "CI", "CL", "NI", "NL", "SI", "SL"]
    parties = [{"type": "party-registered", "party": code, "name": f"State {code}", "kind": "state"} for code in codes]
    with new_ledger(tmp_path / "ledger.db", *parties) as book:
        assert book.head == len(codes)
        with pytest.raises(Refused, match="looks like"):
            book.record({"type": "alias-added", "party": "IL", "alias": "1T"})


@pytest.mark.parametrize("name", ["lraq", "1raq", "iraq", "|raq"])
def test_a_name_like_anothers_is_refused(tmp_path: Path, name: str) -> None:
    """A name with the skeleton of another party's is refused; a party's own may look alike."""
    iraq = {"type": "party-registered", "party": "IRQ", "name": "Iraq", "kind": "state"}
    with new_ledger(tmp_path / "ledger.db", *BASICS, iraq) as book, pytest.raises(Refused, match="IRQ"):
        book.record({"type": "alias-added", "party": "UKR", "alias": name})


@pytest.mark.parametrize("name", ["Kyiv (Київ)", "日本のテスト", "Côte d’Ivoire", "Türkiye", "العراق", "Ελλάδα"])
def test_honest_names_are_taken(name: str) -> None:
    """Names in any one script a word, with accents and marks, are plain."""
    must_be_plain(name)


def test_whole_words_of_another_script_are_seen_too() -> None:
    """A word all in Cyrillic that reads as a Latin one has its skeleton."""
    assert skeleton("\u0421\u0410") == skeleton("CA")
