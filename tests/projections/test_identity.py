"""Who a name or a code leads to, and why: by id, name, alias, code, the list of states; merged; what is close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.actors import Actors
from ledger.errors import LedgerError, UnknownName, Unparsable
from tests.ledger.samples import about, new_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Give a ledger with Russia, the Soviet Union, a press office that is Russia's, and an unresolved actor."""
    with new_ledger(tmp_path / "l.db") as book:
        book.add_party("RUS", "Russia", aliases=["Kremlin"], codes={"iso3": "RUS"})
        book.add_party("SUN", "Soviet Union")
        book.add_alias("SUN", "Russia", until="1991-12-25")
        book.add_party("PRESS", "Press office", "organisation", codes={"cameo": "RUSMED"})
        book.merge_party("PRESS", "RUS")
        book.add_party("actor/x", "Russsia", "unresolved")
        yield book


def claim(what: str, party: str, entry: int | None, until: str | None = None) -> dict[str, Any]:
    """Give a claim to a name."""
    return {"what": what, "party": party, "from": None, "until": until, "entry": entry}


@pytest.mark.parametrize(
    ("name", "as_of", "by"),
    [
        ("rus", None, claim("id", "RUS", 1)),
        ("RUSSIA", None, claim("name", "RUS", 1)),
        ("Russia", "2020", claim("name", "RUS", 1)),
        ("Russia", "1980", claim("alias", "SUN", 3, "1991-12-25")),
        ("Russia", "1991-12-25", claim("alias", "SUN", 3, "1991-12-25")),
        ("Russia", "1991-12-26", claim("name", "RUS", 1)),
        (" kremlin ", None, claim("alias", "RUS", 1)),
    ],
)
def test_a_name_leads_by_what_it_is(book: Ledger, name: str, as_of: str | None, by: dict[str, Any]) -> None:
    """The answer names the claim whose dates hold, and the entry that made it."""
    row = book.party_named(name, as_of)
    assert (row["party"], row["by"]) == (by["party"], by)
    assert row["party"] == book.party(name, book.moment(as_of).until)


FORMER = [
    ("Russia", "RUS", "1985-01-01", "SUN"),
    ("Federal Republic of Germany", "DEU", "1985", "GFR"),
    ("Congo (Kinshasa)", "COD", "1985", "COD"),
    ("Russia", "RUS", "2020", "RUS"),
    ("Russia", "RUS", None, "RUS"),
]


@pytest.mark.parametrize(("name", "today", "as_of", "party"), FORMER)
def test_a_name_is_at_each_date_whose_an_import_takes_it_for(
    tmp_path: Path, name: str, today: str, as_of: str | None, party: str
) -> None:
    """A name without dates that the list of states splits is the state's of then; what it would be else is said."""
    with new_ledger(tmp_path / "l.db") as book:
        book.add_party(today, name)
        register = book.current_register()
        there = Actors(register).party(name=name, on=as_of)
        assert there.party == party
        if there.needed:
            with pytest.raises(UnknownName) as error:
                book.party_named(name, as_of)
            assert error.value.hint is not None
            assert error.value.hint.startswith(f"an import would register {party} (")
            assert error.value.hint.endswith(f"; record and show take it for {today}, whose name it is without dates")
            book.add_party(party, f"{party} of then")
        row = book.party_named(name, as_of)
        assert row["party"] == Actors(book.current_register()).party(name=name, on=as_of).party == party
        assert [one["party"] for one in row["others"]] == [today] * (party != today)


def test_who_else_has_the_name_or_one_like_it_is_told(book: Ledger) -> None:
    """The other claim to the name, then parties with a close one; a party is named once."""
    row = book.party_named("Russia", "1980")
    assert row["others"] == [claim("name", "RUS", 1)]
    assert [(one["party"], one["why"]) for one in row["close"]] == [("actor/x", "is spelt alike")]
    book.add_party("ORG", "Kremlln", "organisation")
    (close,) = (one for one in book.party_named("Kremlin")["close"] if one["party"] == "ORG")
    assert (close["why"], close["by"]) == ("is spelt alike", "kremlln")


def test_a_merged_party_says_into_whom_and_since_when(book: Ledger) -> None:
    """The name leads to the party itself; who holds its positions, and by which entry, is said, as known at K."""
    row = book.party_named("Press office")
    assert (row["party"], row["merged_into"], row["merged_by"]) == ("PRESS", "RUS", 5)
    assert book.party_named("Press office", as_known_at="e4")["merged_into"] is None
    with pytest.raises(UnknownName, match="no party 'PRESS' at e3"):
        book.party_named("Press office", as_known_at="e3")


def test_a_code_leads_to_whom_it_was_given_or_to_its_state(book: Ledger) -> None:
    """A code that a party has, and one that only the list of states knows; both at their dates."""
    assert book.party_named("rusmed", scheme="cameo")["by"] == claim("code", "PRESS", 4)
    assert book.party_named("RUS", scheme="iso3")["by"] == claim("code", "RUS", 1)
    for as_of, party, since in ((None, "RUS", "1991-12-26"), ("1980", "SUN", "1922-12-30")):
        row = book.party_named("365", as_of, scheme="cow")
        assert (row["party"], row["by"]) == (party, claim("state", party, None))
        assert row["state"]["from"] == since
    with pytest.raises(Unparsable, match="no code list 'un'"):
        book.party_named("643", scheme="un")


def test_a_code_of_an_identification_that_was_undone_is_nobodys(book: Ledger) -> None:
    """What an identification gave goes with it."""
    done = book.identify_party("actor/x", "armed-group", codes={"cameo": "RUSREB"}).entry
    row = book.party_named("RUSREB", scheme="cameo")
    assert (row["party"], row["party_kind"], row["by"]["entry"]) == ("actor/x", "armed-group", done)
    book.record(about("retracted", done))
    with pytest.raises(UnknownName):
        book.party_named("RUSREB", scheme="cameo")
    assert book.party_named("actor/x")["party_kind"] == "unresolved"


@pytest.mark.parametrize(
    ("name", "scheme", "hint"),
    [
        ("Rusia", None, "did you mean RUS (Russia)?"),
        ("Namibia", None, "an import would register NAM (Namibia)"),
        ("565", "cow", "an import would register NAM (Namibia)"),
        ("ZZZ", "iso3", "see: verbale party list"),
    ],
)
def test_nobody_is_an_error_with_a_way_out(book: Ledger, name: str, scheme: str | None, hint: str) -> None:
    """What leads to nobody is exit 4, with who may be meant."""
    with pytest.raises(LedgerError) as error:
        book.party_named(name, scheme=scheme)
    assert (error.value.exit_code, error.value.hint) == (4, hint)


def test_short_names_are_not_alike(book: Ledger) -> None:
    """Of three letters each one matters: neither RUS nor AUS is close to US."""
    for party, name in (("USA", "United States"), ("AUS", "Australia")):
        book.record({"type": "party-registered", "party": party, "name": name, "kind": "state"})
    book.record({"type": "alias-added", "party": "USA", "alias": "US"})
    assert book.party_named("US")["close"] == []
    assert book.party_named("RUS")["close"] == []
