"""Whom a data set means: actors by code, name, country and date, in a register that people fill as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.actors import Actors, Found
from ledger.names import name_key
from tests.ledger.samples import RUS, UKR, new_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Give an empty ledger."""
    ledger = new_ledger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


def drafts(found: Found) -> list[dict[str, Any]]:
    """Give the drafts that an actor needs."""
    return [json.loads(draft) for draft in found.needed]


def record(book: Ledger, **actor: Any) -> str:
    """Ask for an actor as a new importer would, record what it needs, and give its party."""
    found = Actors(book.current_register()).party(**actor)
    for draft in drafts(found):
        assert not book.record(draft).already
    return found.party


# States


def test_a_state_is_registered_with_its_codes_and_names(book: Ledger) -> None:
    """Namibia is `NAM`, under the codes of four lists; its other names lead to it."""
    assert record(book, code="565", scheme="cow") == "NAM"
    (row,) = book.parties()
    assert (row["name"], row["kind"], row["aliases"]) == ("Namibia", "state", ["South West Africa"])
    assert row["codes"] == {"iso3": "NAM", "cow": "565", "wikidata": "Q1030", "cameo": "NAM"}
    for actor in ({"name": "NAMIBIA"}, {"name": "South West Africa"}, {"code": "NAM", "scheme": "iso3"}):
        assert Actors(book.current_register()).party(**actor) == ("NAM", ())


def test_russia_is_the_soviet_union_until_1991(book: Ledger) -> None:
    """By name and by code, whichever comes first; the two are linked, and the name is split for everybody."""
    assert record(book, name="Russia", on="2014-03-27") == "RUS"
    assert record(book, name="Russia", on="1980-01-14") == "SUN"
    assert book.party("Russia") == "RUS"
    assert [one["party"] for one in book.party_card("RUS")["succeeds"]] == ["SUN"]
    register = book.current_register()
    assert register.party("Russia", "1962-10-27") == "SUN"
    actors = Actors(register)
    for actor in ({"name": "Russia"}, {"code": "365", "scheme": "cow"}, {"code": "RUS", "scheme": "cameo"}):
        assert actors.party(**actor, on="1991-12-25").party == "SUN"
        assert actors.party(**actor, on="1991-12-26").party == "RUS"
        assert actors.party(**actor).party == "RUS"


@pytest.mark.parametrize("first", ["1980-01-14", "2014-03-27"])
def test_the_order_of_rows_does_not_matter(book: Ledger, first: str) -> None:
    """Whether the old state or the new one comes first, names and links are the same in the end."""
    actors = Actors(book.current_register())
    dates = sorted(["1980-01-14", "2014-03-27"], key=lambda date: date != first)
    for date in dates:
        for draft in drafts(actors.party(name="Russia", on=date)):
            book.record(draft)
        actors = Actors(book.current_register())
    assert {row["party"] for row in book.parties()} == {"SUN", "RUS"}
    register = book.current_register()
    assert (register.party("Russia", "1980"), register.party("Russia", "2014")) == ("SUN", "RUS")
    assert [one["by"] for one in logged(book, "party-succeeded")] == ["RUS"]


def logged(book: Ledger, kind: str) -> list[dict[str, Any]]:
    """Give the fields of the entries of a type."""
    return [one.fields() for one in book.log() if one.type == kind]


def test_a_state_that_somebody_registered_stays_it(book: Ledger) -> None:
    """Under an id of its own and without codes, it is found by its name; with a code, under any name."""
    book.add_party("ukraine", "Ukraine")
    book.add_party("moscow", "The government in Moscow", codes={"cameo": "RUS"})
    book.add_party("TW", "Chinese Taipei", "other")
    for actor, party in [
        ({"code": "369", "scheme": "cow"}, "ukraine"),
        ({"code": "RUS", "scheme": "cameo", "on": "2020"}, "moscow"),
        ({"name": "Taiwan"}, "TW"),
    ]:
        assert record(book, **actor) == party
    assert len(book.parties()) == 3


def test_what_somebody_says_of_a_code_goes_before_the_vocabulary(book: Ledger) -> None:
    """`--code cow:365` on a party of one's own counts, until the state that the code stands for is registered."""
    book.add_party("PUTIN", "Vladimir Putin", "other", codes={"cow": "365"})
    assert record(book, code="365", scheme="cow", on="2020") == "PUTIN"
    assert record(book, name="Russia", on="2020") == "RUS"
    assert record(book, code="365", scheme="cow", on="2020") == "RUS"


def test_a_dated_alias_goes_before_the_vocabulary(book: Ledger) -> None:
    """Who dates a name in the ledger has decided: "Russia" is the Empire's until 1917, whatever the list says."""
    book.record(RUS)
    book.add_party("EMPIRE", "The Russian Empire")
    book.add_alias("EMPIRE", "Russia", until="1917-11-07")
    assert record(book, name="Russia", on="1914-08-01") == "EMPIRE"


def test_states_whose_names_are_taken(book: Ledger) -> None:
    """An id, a name or one that looks like it may be somebody else's: the state gets others, and no row is refused."""
    book.add_party("GEO", "A magazine", "organisation")
    book.add_party("GA", "Georgia", "organisation")
    book.add_party("PIXEL", "lraq", "other")
    assert record(book, code="GEO", scheme="iso3") == "GEO"  # an id that is its own code: whoever chose it decided
    assert record(book, code="372", scheme="cow") == "GEO"
    assert record(book, code="IRQ", scheme="iso3") == "IRQ"
    assert [row["name"] for row in book.parties() if row["party"] == "IRQ"] == ["Iraq (IRQ)"]


# Everybody else


def test_an_actor_with_a_code_is_its_code(book: Ledger) -> None:
    """`RUSGOV` is one actor, whatever rows call it; its country is not taken for it, nor its name for a state."""
    book.record(RUS)
    assert record(book, code="RUSGOV", scheme="cameo", name="RUSSIA") == "cameo/RUSGOV"
    assert record(book, code="RUSGOV", scheme="cameo", name="VLADIMIR PUTIN") == "cameo/RUSGOV"
    (row,) = book.parties(unresolved=True)
    assert (row["name"], row["codes"]) == ("Russia: government", {"cameo": "RUSGOV"})


def test_a_name_leads_an_unknown_code_to_who_is_no_state(book: Ledger) -> None:
    """Who registered the European Union by its name has decided for its code as well; a state is not its media."""
    book.add_party("EU", "European Union", "coalition")
    book.record(UKR)
    assert record(book, code="IGOEUREEC", scheme="cameo", name="EUROPEAN UNION") == "EU"
    assert record(book, code="UKRMED", scheme="cameo", name="UKRAINE") == "cameo/UKRMED"


def test_one_name_in_two_countries_is_two_actors(book: Ledger) -> None:
    """The police of Ukraine are not those of Nigeria, nor the police of nobody knows where."""
    ids = [record(book, name="Police", country=country) for country in ("UKR", "Nigeria", None)]
    assert ids == ["actor/police-ukr", "actor/police-nga", "actor/police"]
    assert [row["name"] for row in book.parties()] == ["Police", "Police (NGA)", "Police (UKR)"]
    assert ids == [record(book, name="POLICE", country=country) for country in ("Ukraine", "NGA", None)]
    assert record(book, name="Police (Ukraine)", country="UKR") == "actor/police-ukraine"
    occupied = "Police (Palestinian Territory, Occupied)"
    assert record(book, name=occupied, country="PSE") == "actor/police-palestinian-territory-occupied"


def test_georgia_of_the_united_states_is_no_state(book: Ledger) -> None:
    """A name that is a state's stands for somebody else where the country says so."""
    assert record(book, name="Georgia", country="Georgia") == "GEO"
    assert record(book, name="Georgia", country="USA") == "actor/georgia-usa"
    assert record(book, name="Russia", country="RUS", on="1980") == "SUN"


def test_who_was_merged_or_identified_is_found_again(book: Ledger) -> None:
    """The next file names an actor as before: the same party, which holds for another or has a kind by now."""
    police = record(book, name="Police", country="UKR")
    rebels = record(book, code="UKRREB", scheme="cameo")
    book.record(UKR)
    book.merge_party(police, "UKR")
    book.identify_party(rebels, "armed-group", name="The rebels")
    assert record(book, name="Police", country="UKR") == police
    assert record(book, code="UKRREB", scheme="cameo", name="REBEL") == rebels
    assert len(book.parties(unresolved=True)) == 0


ODD = [
    "lraq",
    "Ru\u0455sia",
    "Fra\u200bnce",
    "\uff26rance",
    "\u0301Etat",
    "\u202eecnarF",
    "x" * 3_000,
    "\ud800",
    "\x00",
    "\t\n",
    "Rebels\u2028of the night",
    "/",
    "e17",
    "日本のテスト",
    "العراق",
    "Ελλάδα",
]


@pytest.mark.parametrize("name", ODD)
def test_no_name_is_refused(book: Ledger, name: str) -> None:
    """Whatever an actor is called, it is registered, and found again by the next importer."""
    book.add_party("IRQ", "Iraq")
    party = record(book, name=name)
    before = book.head
    assert record(book, name=name) == party
    assert book.head == before
    coded = record(book, code=name, scheme="acled", name=name)
    assert record(book, code=name, scheme="acled") == coded or not name.strip()


def test_a_row_that_was_refused_loses_nobody(book: Ledger) -> None:
    """What an actor needs comes with every answer until it is recorded; two in one row do not clash."""
    actors = Actors(book.current_register())
    first, again = actors.party(name="Police"), actors.party(name="Police")
    assert first == again
    assert len(first.needed) == 1
    assert actors.party(name="Po1ice").party != first.party
    for draft in (*drafts(first), *drafts(actors.party(name="Po1ice"))):
        book.record(draft)
    actors = Actors(book.current_register())
    assert (actors.party(name="Police").needed, actors.party(name="Po1ice").needed) == ((), ())


NAMES = st.one_of(
    st.sampled_from(
        ["Russia", "Iraq", "lraq", "Police", "police", "POLICE ", "Yemen", "Georgia", "actor/police", "1raq"]
    ),
    st.text(max_size=12),
)
ACTORS = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMES,
        "code": st.sampled_from(["RUS", "365", "RUSGOV", "IRQ", "A B", "a-b", "GEO", "x/y"]) | st.text(max_size=5),
        "scheme": st.sampled_from(["iso3", "cow", "cameo", "acled"]),
        "country": st.sampled_from(["UKR", "Georgia", "Atlantis"]),
        "on": st.sampled_from(["1980-05-01", "2020-05-01", "1991", "never"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTORS, max_size=8), st.integers(1, 3))
@example([{"name": "Russia", "on": "1980"}, {"name": "Russia", "on": "2020"}, {"code": "RUS", "scheme": "cow"}], 1)
@example([{"code": "GEO"}, {"country": "Georgia", "name": ":"}], 1)
@example([{"name": "Po1ice"}, {"name": "police"}, {"code": "police", "scheme": "actor"}], 1)
def test_every_actor_is_one_party_and_every_draft_is_taken(
    tmp_path_factory: pytest.TempPathFactory, actors: list[dict[str, Any]], remembered: int
) -> None:
    """Any rows at all: the rules admit each draft, and who asks again, by a memory or without one, gets the same."""
    with new_ledger(tmp_path_factory.mktemp("actors") / "l.db") as book:
        said: list[str] = []
        one = Actors(book.current_register(), remembered=remembered)
        for actor in actors:
            found = one.party(**actor)
            for draft in drafts(found):
                book.record(draft)
            said.append(found.party)
            again = Actors(book.current_register()).party(**actor)
            assert again == (found.party, ())
            one = Actors(book.current_register(), remembered=remembered)
        ids = {name_key(row["party"]) for row in book.parties()}
        assert {name_key(party) for party in said} <= ids


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTORS, max_size=8))
@example([{"name": "Police"}, {"name": "Po1ice"}])
@example([{"name": "Russia", "on": "2020-05-01"}, {"name": "Russia", "on": "1980-05-01"}])
def test_actors_of_one_file_are_taken_together(
    tmp_path_factory: pytest.TempPathFactory, actors: list[dict[str, Any]]
) -> None:
    """An importer that asks for all its actors before any is recorded gets drafts that are all admitted."""
    with new_ledger(tmp_path_factory.mktemp("actors") / "l.db") as book:
        one = Actors(book.current_register())
        found = [one.party(**actor) for actor in actors]
        for draft in dict.fromkeys(draft for each in found for draft in each.needed):
            book.record(json.loads(draft))
        assert {each.party for each in found} <= {row["party"] for row in book.parties()}
