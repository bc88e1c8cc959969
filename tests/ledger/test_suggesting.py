"""Suggestions for actors that nobody has identified: each with its reason, and none across countries or numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.suggesting import Listed, Suggestion, Suggestions, country_of, state_of

HEZ = Listed("HEZ", "armed-group", ("Hezbollah", "Party of God"))
UKR = Listed("ukraine", "state", ("Ukraine",))
KNOWN = (HEZ, UKR, Listed("IRQ", "state", ("Iraq",), (("iso3", "IRQ"),)))


def actor(name: str, *, party: str = "actor/x", entries: int = 0, cameo: str | None = None) -> Listed:
    """Give an actor that nobody has identified."""
    return Listed(party, "unresolved", (name,), (("cameo", cameo),) if cameo else (), entries)


def suggested(one: Listed, *others: Listed) -> list[tuple[str, str]]:
    """Give who an actor may be, and why."""
    return [(each.into, each.why) for each in Suggestions((*KNOWN, *others, one)).of(one)]


@pytest.mark.parametrize(
    ("name", "code", "into", "why"),
    [
        ("HEZBOLLAH!", None, "HEZ", "has the name 'Hezbollah', but for how it is written"),
        ("God, party of the", None, "HEZ", "has the name 'Party of God', but for how it is written"),
        ("Hizbollah", None, "HEZ", "is spelt like 'Hezbollah' (89 of 100)"),
        ("lraq", None, "IRQ", "looks the same as 'Iraq'"),
        ("Ukraine (UKR)", None, "ukraine", "has the name 'Ukraine', but for how it is written"),
        ("x", "UKRGOV", "ukraine", "has the code of 'Ukraine: government'"),
        ("Russian Fed", "RUSGOV", "RUS", "has the code of 'Russia: government'"),
        ("Namibya", None, "NAM", "is spelt like 'Namibia' (86 of 100)"),
    ],
)
def test_who_an_actor_may_be_and_why(name: str, code: str | None, into: str, why: str) -> None:
    """By letters, looks, spelling and code; a state under the party that it is, or its id where it is none yet."""
    assert suggested(actor(name, cameo=code))[0] == (into, why)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Hezbollah (ISR)", "ISRMIL"),
        ("Ukraine (USA)", None),
        ("x", "UKRMIL"),
        ("x", "UKRGOVMIL"),
        ("UKR", None),
        ("Somebody else", None),
        ("", None),
    ],
)
def test_what_nobody_is_suggested_for(name: str, code: str | None) -> None:
    """Another country's, another role's, too short a name, or none like it."""
    found = [into for into, _ in suggested(actor(name, cameo=code))]
    assert found == (["HEZ"] if "Hezbollah" in name else [])


def test_actors_are_suggested_for_each_other_in_one_direction() -> None:
    """The rarer may be the more common one, of the same country, with the same numbers; never the other way round."""
    often = actor("Houthi rebels", party="actor/b", entries=9)
    rare = actor("Houthi Rebel", party="actor/a", entries=2)
    assert suggested(rare, often) == [("actor/b", "is spelt like 'Houthi rebels' (96 of 100)")]
    assert suggested(often, rare) == []
    assert suggested(actor("Houthi Rebel (YEM)"), often) == []
    assert suggested(actor("Brigade number 17"), actor("Brigade number 18", party="actor/b", entries=3)) == []
    police, elites = actor("France: police", cameo="FRACOP"), actor("France: polices", party="actor/b", cameo="FRAELI")
    assert suggested(police, elites._replace(entries=9)) == []
    same = actor("Houthi rebels", party="actor/c", entries=9)
    assert suggested(same, often) == [("actor/b", "has the name 'Houthi rebels', but for how it is written")]


def test_a_country_is_the_codes_or_at_the_names_end() -> None:
    """A state is of itself; brackets that hold no state say nothing."""
    assert country_of(actor("Police (Nigeria)")) == "NGA"
    assert country_of(actor("Police (night shift)")) is None
    assert country_of(actor("Police", cameo="FRACOP")) == "FRA"
    assert (country_of(UKR), state_of(UKR), state_of(HEZ)) == ("UKR", "UKR", None)
    assert state_of(actor("Ukraine")) is None


NAMES = st.sampled_from(
    ["Police", "Polise", "police ", "Iraq", "lraq", "Hezbollah", "Rebels 1", "Rebels 2", "Police (FRA)"]
)
LISTED = st.builds(
    Listed,
    st.sampled_from([f"actor/{letter}" for letter in "abcdef"]),
    st.sampled_from(["unresolved", "organisation"]),
    st.tuples(NAMES | st.text(max_size=8)),
    st.sampled_from([(), (("cameo", "FRAGOV"),), (("cameo", "?"),)]),
    st.integers(0, 5),
)


@given(st.lists(LISTED, max_size=6, unique_by=lambda one: one.party))
def test_suggestions_never_go_in_a_circle(listed: list[Listed]) -> None:
    """Following the first suggestions of all actors ends at a party that somebody knows, or at one without any."""
    suggestions = Suggestions(listed)
    first: dict[str, Suggestion | None] = {
        one.party: next(iter(suggestions.of(one)), None) for one in listed if one.kind == "unresolved"
    }
    for party, found in first.items():
        seen = {party}
        while found is not None:
            assert found.into not in seen
            assert 0 < found.score <= 100
            seen.add(found.into)
            found = first.get(found.into)  # noqa: PLW2901
