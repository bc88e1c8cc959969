"""Actors that a data set names and nobody has identified: identified, merged, listed, at every moment of the ledger."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Refused
from tests.ledger.samples import BASICS, about, new_ledger, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger

ACTOR = {"type": "party-registered", "party": "actor/police", "name": "Police (Kyiv)", "kind": "unresolved"}
REBELS = {"type": "party-registered", "party": "actor/rebels", "name": "Rebels", "kind": "unresolved"}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Give a ledger with two states, one issue, and two actors that nobody has identified."""
    ledger = new_ledger(tmp_path / "ledger.db", *BASICS, ACTOR, REBELS)
    yield ledger
    ledger.close()


def identified(party: str = "actor/police", kind: str = "organisation", **more: Any) -> dict[str, Any]:
    """Give the draft that identifies an actor."""
    return {"type": "party-identified", "party": party, "kind": kind, **more}


def row(book: Ledger, party: str, known_at: str | None = None) -> dict[str, Any]:
    """Give the row of a party in the list."""
    return next(one for one in book.parties(known_at) if one["party"] == party)


def waiting(book: Ledger, known_at: str | None = None) -> list[tuple[str, int]]:
    """Give the actors that nobody has identified, each with how many entries name it."""
    return [(one["party"], one["entries"]) for one in book.parties(known_at, unresolved=True)]


def test_an_actor_is_identified_once(book: Ledger) -> None:
    """It gets a kind, a name and codes; its old name still leads to it, and earlier moments know nothing of it."""
    before = book.head
    book.record(identified(name="National Police of Ukraine", codes={"wikidata": "Q12132787"}))
    now = row(book, "actor/police")
    assert (now["name"], now["kind"]) == ("National Police of Ukraine", "organisation")
    assert (now["aliases"], now["codes"]) == (["Police (Kyiv)"], {"wikidata": "Q12132787"})
    assert book.party("police (kyiv)") == book.party("national police of ukraine") == "actor/police"
    assert row(book, "actor/police", f"e{before}")["kind"] == "unresolved"
    assert book.party_card("actor/police")["kind"] == "organisation"
    with pytest.raises(Refused, match="actor/police is identified already"):
        book.record(identified(kind="state"))


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (identified("RUS", "state"), "RUS is identified already"),
        (identified(kind="unresolved"), "kind"),
        (identified(name="Kremlin"), "belongs to RUS"),
        (identified(name="Fra\u200bnce"), "does not show"),
    ],
)
def test_what_identifies_nobody_is_refused(book: Ledger, draft: dict[str, Any], why: str) -> None:
    """Only an unresolved actor is identified, as something, under a name that is free and plain."""
    with pytest.raises(LedgerError, match=why):
        book.record(draft)
    assert book.head == len(BASICS) + 2


def test_a_merged_actor_is_no_party_of_its_own(book: Ledger) -> None:
    """It is identified only after it was taken out again; while it is merged it waits for nobody."""
    book.record({"type": "party-merged", "party": "actor/police", "into": "UKR"})
    assert waiting(book) == [("actor/rebels", 0)]
    with pytest.raises(Refused, match="merged into UKR"):
        book.record(identified())
    book.record({"type": "party-unmerged", "party": "actor/police"})
    assert waiting(book) == [("actor/police", 0), ("actor/rebels", 0)]
    book.record(identified())
    assert waiting(book) == [("actor/rebels", 0)]


def test_an_identification_is_undone(book: Ledger) -> None:
    """Retracted it makes the actor unresolved again, for the list and the rules; its name stays, and it comes back."""
    done = book.record(identified(name="Police of Kyiv", codes={"cameo": "UKRCOP"})).entry
    undone = book.record(about("retracted", done)).entry
    again = row(book, "actor/police")
    assert (again["name"], again["kind"], again["codes"]) == ("Police (Kyiv)", "unresolved", {})
    assert book.party("Police of Kyiv") == "actor/police"
    book.record(about("retracted", undone))
    assert row(book, "actor/police")["name"] == "Police of Kyiv"
    with pytest.raises(Refused, match="identified already"):
        book.record(identified(kind="state"))
    book.record(about("retracted", done, reason="no, really"))
    book.record(identified(kind="state"))
    assert row(book, "actor/police")["kind"] == "state"


def test_identifying_and_undoing_within_one_file(book: Ledger) -> None:
    """What a file decides counts for its later lines: identified, undone, identified otherwise."""
    lines = [
        identified() | {"ref": "a"},
        {"type": "entry-retracted", "entry": "a", "reason": "no"},
        identified(kind="armed-group"),
    ]
    report = book.import_file(io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))
    assert (report.error, report.new) == (None, len(lines))
    assert row(book, "actor/police")["kind"] == "armed-group"


def test_entries_that_name_an_actor_are_counted_once_each(book: Ledger) -> None:
    """As party, as addressee, as who is spoken for; as corrected; not where retracted, and as known at K."""
    book.record(statement(party="actor/rebels", to=["actor/police", "actor/rebels"]))
    second = book.record(statement(party="RUS", to=["actor/rebels"], said_on="2025-03-01")).entry
    third = book.record(statement(party="RUS", on_behalf_of=["actor/rebels"], said_on="2025-03-02")).entry
    assert waiting(book) == [("actor/rebels", 3), ("actor/police", 1)]
    corrected = book.record(
        {"type": "entry-corrected", "entry": second, "changes": {"to": ["actor/police"]}, "reason": "a slip"}
    ).entry
    assert waiting(book) == [("actor/police", 2), ("actor/rebels", 2)]
    assert waiting(book, f"e{corrected - 1}") == [("actor/rebels", 3), ("actor/police", 1)]
    book.record(about("retracted", third))
    assert waiting(book) == [("actor/police", 2), ("actor/rebels", 1)]


def test_positions_follow_an_actor_into_the_party_it_was(book: Ledger) -> None:
    """Unresolved, it holds its positions itself; merged, they are those of the party that it was."""
    book.record(statement(party="Police (Kyiv)", stance="oppose"))
    assert [one.party for one in book.matrix()] == ["actor/police"]
    book.record({"type": "party-merged", "party": "actor/police", "into": "UKR"})
    assert [one.party for one in book.matrix()] == ["UKR"]


MOVES = st.lists(st.tuples(st.sampled_from(["identify", "undo", "merge", "unmerge"]), st.booleans()), max_size=8)


@settings(max_examples=25, deadline=None)
@given(MOVES)
def test_the_register_says_what_the_list_says(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, bool]]
) -> None:
    """Whatever is tried in whatever order, an actor is identified exactly where the list has it as unresolved."""
    with new_ledger(tmp_path_factory.mktemp("moves") / "l.db", *BASICS, ACTOR, REBELS) as book:
        made: list[int] = []
        for number, (move, first) in enumerate(moves):
            party = "actor/police" if first else "actor/rebels"
            draft: dict[str, Any] = {"type": f"party-{move}d", "party": party}
            if move == "identify":
                draft = identified(party, name=f"Name {number}")
            elif move == "merge":
                draft |= {"into": "UKR"}
            elif move == "undo":
                draft = about("retracted", made[-1] if made else 1, reason=f"reason {number}")
            listed = {one["party"]: one for one in book.parties()}
            free = listed[party]["kind"] == "unresolved" and listed[party]["merged_into"] is None
            try:
                done = book.record(draft)
            except Refused:
                assert move != "identify" or not free
                continue
            assert move != "identify" or free
            if move in ("identify", "undo"):
                made.append(done.entry)
