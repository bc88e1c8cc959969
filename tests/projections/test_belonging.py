"""Coalitions, merges, ranks and conditions, as short ledgers; each answer is also compared with the plain fold."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import LedgerError
from ledger.times import END, when
from projections.asking import position
from projections.clocks import Moment
from projections.matrix import matrix
from projections.ruling import rule_named
from tests.fold import positions
from tests.ledger.samples import BASICS, about, new_ledger, source, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.positions import Position
    from verbale import Ledger

EU = {"type": "party-registered", "party": "EU", "name": "European Union", "kind": "coalition"}
NATO = {"type": "party-registered", "party": "NATO", "name": "North Atlantic Treaty Organization", "kind": "coalition"}
KREMLIN = {"type": "party-registered", "party": "KREM", "name": "The Kremlin’s press office", "kind": "organisation"}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Give a ledger with two states, two coalitions, one more name of a party, and one issue."""
    ledger = new_ledger(tmp_path / "ledger.db", *BASICS, EU, NATO, KREMLIN, source())
    yield ledger
    ledger.close()


def record(book: Ledger, kind: str, **fields: Any) -> int:
    """Record a draft whose fields may end with an underscore where Python has the word for itself."""
    return book.record({"type": kind, **{name.rstrip("_"): value for name, value in fields.items()}}).entry


def says(book: Ledger, party: str, stance: str, said_on: str, **more: Any) -> int:
    """Record a statement."""
    return book.record(statement(party=party, stance=stance, said_on=said_on, **more)).entry


def rows(book: Ledger, as_of: str | None = None, k: int | None = None, rule: str = "latest/1") -> list[Position]:
    """Give every row, by index, by scan and by the plain fold alike."""
    known_at, t = book.head if k is None else k, None if as_of is None else when(as_of)
    book.views.catch_up()
    at, by = Moment(as_of, END if t is None else t, known_at, None), rule_named(rule)
    found = list(matrix(book.views.db, at, rule=by))
    assert found == positions(list(book.journal.read()), t, known_at, rule)
    for row in found:
        assert position(book.views.db, row.party, row.issue, at, by) == row
        assert list(matrix(book.views.db, at, row.party, row.issue, by)) == [row]
    return found


def stances(book: Ledger, as_of: str | None = None, k: int | None = None, rule: str = "latest/1") -> dict[str, str]:
    """Give each party's stance, with the coalition that it is inherited from."""
    return {
        row.party: f"{row.stance} by {row.inherited_from}" if row.inherited_from else str(row.stance)
        for row in rows(book, as_of, k, rule)
    }


# Coalitions


def test_a_member_without_words_has_its_coalitions(book: Ledger) -> None:
    """Between joining and leaving it inherits; on the day that it leaves it does so no more."""
    record(book, "coalition-joined", party="UKR", coalition="EU", from_="2025-03-05")
    record(book, "coalition-left", party="UKR", coalition="EU", until="2025-03-20")
    says(book, "EU", "support", "2025-03-01")
    assert stances(book, "2025-03-04") == {"EU": "support"}
    assert stances(book, "2025-03-05") == {"EU": "support", "UKR": "support by EU"}
    assert stances(book, "2025-03-19") == {"EU": "support", "UKR": "support by EU"}
    assert stances(book, "2025-03-20") == stances(book) == {"EU": "support"}


def test_own_words_go_before_the_coalitions(book: Ledger) -> None:
    """From its first certain word on a member speaks for itself, however much later the coalition spoke."""
    record(book, "coalition-joined", party="UKR", coalition="EU")
    said = says(book, "UKR", "conditional", "2025-03-10", conditions=["guarantees"])
    says(book, "EU", "support", "2025-03-01")
    says(book, "EU", "oppose", "2025-03-12")
    assert stances(book, "2025-03-09")["UKR"] == "support by EU"
    assert stances(book)["UKR"] == "conditional"
    book.record(about("retracted", said))
    assert stances(book)["UKR"] == "oppose by EU"
    assert stances(book, k=said)["UKR"] == "conditional"


def test_deeds_and_possible_words_stay_a_members_own(book: Ledger) -> None:
    """From the coalition come the words, `previous` and what contests them; deed and possible are the member's."""
    record(book, "coalition-joined", party="UKR", coalition="EU")
    says(book, "EU", "oppose", "2025-03-01")
    says(book, "EU", "support", "2025-03-10", credibility="B2", speaker="Kaja Kallas")
    rival = says(book, "EU", "reserved", "2025-03-10", text="Perhaps.")
    possible = says(book, "UKR", "oppose", "2025-03-05/2025-03-25")
    deed = record(book, "action-taken", party="UKR", issue="ceasefire", occurred_on="2025-03-02", text="Fired.")
    (row,) = (row for row in rows(book, "2025-03-10") if row.party == "UKR")
    (theirs,) = (row for row in rows(book, "2025-03-10") if row.party == "EU")
    assert (row.stance, row.entry, row.inherited_from) == ("reserved", rival, "EU")
    assert (row.previous, row.contested_by, row.speaker) == (theirs.previous, theirs.contested_by, theirs.speaker)
    assert row.deed is not None
    assert (row.deed.entry, [one.entry for one in row.possible]) == (deed, [possible])


def test_of_two_coalitions_the_last_to_speak_counts(book: Ledger) -> None:
    """The order of the rule decides between coalitions, and the id where both said it in one statement."""
    record(book, "coalition-joined", party="UKR", coalition="NATO")
    record(book, "coalition-joined", party="UKR", coalition="EU")
    says(book, "EU", "support", "2025-03-10")
    says(book, "NATO", "reserved", "2025-03-11")
    assert stances(book)["UKR"] == "reserved by NATO"
    says(book, "RUS", "oppose", "2025-03-12", on_behalf_of=["NATO", "EU"])
    assert stances(book)["UKR"] == "oppose by EU"


def test_membership_is_one_level_and_must_be_certain(book: Ledger) -> None:
    """What a coalition inherits it does not pass on; a month of joining is over before it counts."""
    record(book, "coalition-joined", party="EU", coalition="NATO")
    record(book, "coalition-joined", party="UKR", coalition="EU", from_="2025-03")
    says(book, "NATO", "support", "2025-02-01")
    assert stances(book) == {"EU": "support by NATO", "NATO": "support"}
    says(book, "EU", "support", "2025-02-02")
    assert "UKR" not in stances(book, "2025-03-30")
    assert stances(book, "2025-03-31")["UKR"] == "support by EU"


def test_memberships_are_corrected_retracted_and_begun_anew(book: Ledger) -> None:
    """A correction moves the date from then on, a retraction ends it, and who left can come back."""
    says(book, "EU", "support", "2025-01-01")
    joined = record(book, "coalition-joined", party="UKR", coalition="EU", from_="2025-06-01")
    corrected = book.record(
        {"type": "entry-corrected", "entry": joined, "changes": {"from": "2025-02-01"}, "reason": "slip"}
    ).entry
    assert "UKR" not in stances(book, "2025-03-01", k=joined)
    assert "UKR" in stances(book, "2025-03-01")
    left = record(book, "coalition-left", party="UKR", coalition="EU", until="2025-03-10")
    assert "UKR" not in stances(book)
    record(book, "coalition-joined", party="UKR", coalition="EU", from_="2025-04-01")
    assert "UKR" not in stances(book, "2025-03-20")
    assert "UKR" in stances(book, "2025-04-01")
    book.record(about("retracted", left))
    assert "UKR" in stances(book, "2025-03-20")
    book.record(about("retracted", joined))
    assert "UKR" not in stances(book, "2025-03-20")
    assert "UKR" in stances(book, "2025-03-20", k=corrected)


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("coalition-left", {"party": "UKR", "coalition": "EU", "until": "2025"}, "of which it is no member"),
        ("coalition-joined", {"party": "EU", "coalition": "EU"}, "cannot join itself"),
        ("party-merged", {"party": "RUS", "into": "RUS"}, "cannot be merged into itself"),
        ("party-unmerged", {"party": "RUS"}, "is not merged"),
        ("party-succeeded", {"party": "RUS", "by": "RUS"}, "cannot succeed itself"),
    ],
)
def test_what_cannot_be_is_refused(book: Ledger, kind: str, fields: dict[str, str], message: str) -> None:
    """A party joins what it is not, leaves what it joined, and is merged with another."""
    with pytest.raises(LedgerError, match=message):
        record(book, kind, **fields)


# Merging


def test_merging_moves_positions_there_and_back(book: Ledger) -> None:
    """What one held the other holds; what is recorded meanwhile is the first one's, and goes back with it."""
    first = says(book, "RUS", "oppose", "2025-03-01")
    second = says(book, "KREM", "awaiting", "2025-03-05")
    deed = record(book, "action-taken", party="KREM", issue="ceasefire", occurred_on="2025-03-06", text="Waited.")
    assert stances(book) == {"KREM": "awaiting", "RUS": "oppose"}
    merged = record(book, "party-merged", party="KREM", into="RUS")
    (row,) = rows(book)
    assert row.deed is not None
    assert (row.party, row.entry, row.deed.entry, row.previous and row.previous.entry) == ("RUS", second, deed, first)
    meanwhile = says(book, "KREM", "support", "2025-03-07")
    assert stances(book) == {"RUS": "support"}
    record(book, "party-unmerged", party="KREM")
    assert {row.party: row.entry for row in rows(book)} == {"KREM": meanwhile, "RUS": first}
    assert stances(book, k=merged) == {"RUS": "awaiting"}
    assert stances(book, k=merged - 1) == {"KREM": "awaiting", "RUS": "oppose"}


def test_words_for_both_of_two_merged_parties_count_once(book: Ledger) -> None:
    """A statement on behalf of both is one statement of the survivor, and of both again when they are unmerged."""
    both = says(book, "UKR", "support", "2025-03-01", on_behalf_of=["KREM", "RUS"])
    mine = says(book, "UKR", "oppose", "2025-03-02", on_behalf_of=["KREM"])
    record(book, "party-merged", party="KREM", into="RUS")
    assert {row.party: row.entry for row in rows(book)} == {"RUS": mine}
    record(book, "party-unmerged", party="KREM")
    assert {row.party: row.entry for row in rows(book)} == {"KREM": mine, "RUS": both}


def test_merges_chain_and_corrections_follow(book: Ledger) -> None:
    """A merged party's own merged parties go with it; a correction moves the words of the survivor."""
    said = says(book, "KREM", "oppose", "2025-03-01")
    record(book, "party-merged", party="KREM", into="EU")
    record(book, "party-merged", party="EU", into="RUS")
    assert stances(book) == {"RUS": "oppose"}
    book.record({"type": "entry-corrected", "entry": said, "changes": {"stance": "support"}, "reason": "slip"})
    assert stances(book) == {"RUS": "support"}
    with pytest.raises(LedgerError, match="itself merged into"):
        record(book, "party-merged", party="RUS", into="KREM")
    with pytest.raises(LedgerError, match="merged into RUS already"):
        record(book, "party-merged", party="EU", into="NATO")
    record(book, "party-unmerged", party="EU")
    assert stances(book) == {"EU": "support"}
    book.record({"type": "entry-corrected", "entry": said, "changes": {"party": "UKR"}, "reason": "slip"})
    assert stances(book) == {"UKR": "support"}


def test_who_asks_for_a_merged_party_is_told_of_its_survivor(book: Ledger) -> None:
    """A question by the name of a merged party is about the one that it was, as known then."""
    said = says(book, "KREM", "awaiting", "2025-03-05")
    merged = record(book, "party-merged", party="KREM", into="RUS")
    now, then = book.position("KREM", "ceasefire"), book.position("KREM", "ceasefire", as_known_at=f"e{merged - 1}")
    assert now is not None
    assert then is not None
    assert (now.party, then.party, now.entry) == ("RUS", "KREM", said)


def test_a_merge_is_no_retractable_entry(book: Ledger) -> None:
    """The way back from a merge is to unmerge, and the hint says so."""
    merged = record(book, "party-merged", party="KREM", into="RUS")
    with pytest.raises(LedgerError) as refused:
        book.record(about("retracted", merged))
    assert "unmerge" in (refused.value.hint or "")


def test_members_that_are_merged_count_as_their_survivors(book: Ledger) -> None:
    """A membership of a merged party is its survivor's, and one of a merged coalition is in its survivor."""
    record(book, "coalition-joined", party="KREM", coalition="EU")
    says(book, "NATO", "support", "2025-03-01")
    record(book, "party-merged", party="KREM", into="RUS")
    record(book, "party-merged", party="EU", into="NATO")
    assert stances(book) == {"NATO": "support", "RUS": "support by NATO"}


# Rules


def test_rules_choose_among_the_statements(book: Ledger) -> None:
    """`verified/1` counts confirmed words and deeds, `own-words/1` what the party itself said."""
    says(book, "RUS", "oppose", "2025-03-01", credibility="A1", attribution="reported")
    says(book, "RUS", "support", "2025-03-02", credibility="B3", attribution="paraphrase")
    says(book, "RUS", "awaiting", "2025-03-03", attribution="inferred")
    assert stances(book) == {"RUS": "awaiting"}
    assert stances(book, rule="verified/1") == {"RUS": "oppose"}
    assert stances(book, rule="own-words/1") == {"RUS": "support"}


def test_a_corrected_credibility_counts_from_then_on(book: Ledger) -> None:
    """What was confirmed later is verified as known later, and not before."""
    said = says(book, "RUS", "oppose", "2025-03-01", credibility="B6")
    book.record({"type": "entry-corrected", "entry": said, "changes": {"credibility": "B1"}, "reason": "confirmed"})
    assert stances(book, rule="verified/1") == {"RUS": "oppose"}
    assert stances(book, rule="verified/1", k=said) == {}


def test_the_highest_rank_at_the_time_has_the_word(book: Ledger) -> None:
    """By `senior/1` rank 1 goes before rank 2 before none, each only while the office may have been held."""
    record(book, "speaker-appointed", name="Vladimir Putin", party="RUS", rank=1, from_="2025-03-02")
    office = record(book, "speaker-appointed", name="Dmitry Peskov", party="RUS", rank=2, to="2025-03-05")
    says(book, "RUS", "support", "2025-03-01", speaker="Vladimir Putin")
    says(book, "RUS", "reserved", "2025-03-03", speaker="dmitry peskov")
    says(book, "RUS", "oppose", "2025-03-06", speaker="Dmitry Peskov")
    says(book, "RUS", "awaiting", "2025-03-07")
    assert stances(book, rule="senior/1") == {"RUS": "reserved"}
    says(book, "RUS", "conditional", "2025-03-02", speaker="Vladimir Putin")
    assert stances(book, rule="senior/1") == {"RUS": "conditional"}
    assert stances(book) == {"RUS": "awaiting"}
    (row,) = rows(book, rule="senior/1")
    assert (row.since, row.previous and row.previous.stance) == ("2025-03-02", "reserved")
    book.record(about("retracted", office))
    (row,) = rows(book, rule="senior/1")
    assert row.previous is not None
    assert row.previous.stance == "awaiting"


def test_the_senior_coalition_speaks_for_a_member(book: Ledger) -> None:
    """Between coalitions, too, the rank of who spoke goes first."""
    record(book, "speaker-appointed", name="Mark Rutte", party="NATO", rank=1)
    for coalition in ("EU", "NATO"):
        record(book, "coalition-joined", party="UKR", coalition=coalition)
    says(book, "NATO", "support", "2025-03-01", speaker="Mark Rutte")
    says(book, "EU", "oppose", "2025-03-09")
    assert stances(book)["UKR"] == "oppose by EU"
    assert stances(book, rule="senior/1")["UKR"] == "support by NATO"


# Conditions


def test_conditions_are_met_or_failed_on_both_clocks(book: Ledger) -> None:
    """A condition is open before the day on which it was met, and as known before anybody recorded so."""
    said = says(book, "RUS", "conditional", "2025-03-01", conditions=["a date", "a monitor"])
    met = record(book, "condition-resolved", entry=said, condition="a date", outcome="met", resolved_on="2025-03-10")
    record(book, "condition-resolved", entry=said, condition="a monitor", outcome="failed")

    def outcomes(as_of: str | None = None, k: int | None = None) -> list[str]:
        return [one.outcome for one in rows(book, as_of, k)[0].conditions]

    assert outcomes() == ["met", "failed"]
    assert outcomes("2025-03-09") == ["open", "failed"]
    assert outcomes(k=met) == ["met", "open"]
    book.record(about("retracted", met))
    assert outcomes() == ["open", "failed"]


def test_only_a_statements_own_condition_is_resolved(book: Ledger) -> None:
    """A condition that the statement does not make is refused, with those that it makes."""
    said = says(book, "RUS", "conditional", "2025-03-01", conditions=["a date"])
    with pytest.raises(LedgerError, match="has no condition 'peace'") as refused:
        record(book, "condition-resolved", entry=said, condition="peace", outcome="met")
    assert "a date" in (refused.value.hint or "")
    with pytest.raises(LedgerError, match="is of type issue-opened"):
        record(book, "condition-resolved", entry=3, condition="peace", outcome="met")


# Issues


def test_a_closed_issue_takes_what_was_before(book: Ledger) -> None:
    """Words dated after the closing are refused; earlier ones can still be recorded."""
    record(book, "issue-closed", issue="ceasefire", closed_on="2025-03-10")
    says(book, "RUS", "oppose", "2025-03-10")
    with pytest.raises(LedgerError, match="closed on 2025-03-10"):
        says(book, "RUS", "oppose", "2025-03-11")
    with pytest.raises(LedgerError, match="was closed already"):
        record(book, "issue-closed", issue="ceasefire")


def test_a_closing_and_a_succession_can_be_taken_back(book: Ledger) -> None:
    """An issue closed by mistake is open again, also within one import, and closed again when that is undone."""
    closing = record(book, "issue-closed", issue="ceasefire", closed_on="2025-03-10")
    undone = book.record(about("retracted", closing)).entry
    says(book, "RUS", "oppose", "2025-03-11")
    assert book.issue_card("ceasefire")["closed_by"] is None
    assert book.issue_card("ceasefire", as_known_at=f"e{closing}")["closed_by"] == closing
    again = book.record(about("retracted", undone)).entry
    with pytest.raises(LedgerError, match="closed on 2025-03-10"):
        says(book, "RUS", "oppose", "2025-03-12")
    lines = [about("retracted", again), statement("late", said_on="2025-03-12")]
    report = book.import_file(io.BytesIO("".join(json.dumps(line) + "\n" for line in lines).encode()))
    assert (report.new, report.refused) == (2, [])
    link = record(book, "party-succeeded", party="UKR", by="RUS")
    book.record(about("retracted", link))
    assert book.party_card("UKR")["succeeded_by"] == []


def test_an_assertion_means_whom_its_moment_means(book: Ledger) -> None:
    """A name that dates split is taken as a question as of that moment takes it, a quarter included."""
    record(book, "alias-added", party="UKR", alias="Capital", until="1991-12-25")
    record(book, "alias-added", party="RUS", alias="Capital", from_="1991-12-26")
    for as_of, party in (("1990", "UKR"), ("1991-12-25", "UKR"), ("2025-Q1", "RUS"), ("1991", "RUS")):
        entry = record(book, "position-asserted", party="Capital", issue="ceasefire", as_of=as_of)
        assert getattr(book.entry(entry).event, "party", None) == party == book.party("Capital", when(as_of))


def test_names_and_wordings_are_told_as_known_then(book: Ledger) -> None:
    """A list as known before a new name or wording tells the old one."""
    renamed = record(book, "party-renamed", party="UKR", name="Republic of Ukraine")
    record(book, "issue-reworded", issue="ceasefire", proposition="A lasting ceasefire takes effect")
    assert {row["party"]: row["name"] for row in book.parties()}["UKR"] == "Republic of Ukraine"
    assert {row["party"]: row["name"] for row in book.parties(f"e{renamed - 1}")}["UKR"] == "Ukraine"
    assert book.party("ukraine") == book.party("Republic of Ukraine") == "UKR"
    assert book.issues()[0]["proposition"] == "A lasting ceasefire takes effect"
    assert book.issues(f"e{renamed}")[0]["proposition"] == "A ceasefire takes effect"


# The log


def test_a_log_of_one_party_or_issue_leaves_out_only_what_is_not_about_it(book: Ledger) -> None:
    """What is about it at K, spoken for it or corrected to it, and every amendment of that, as a full read finds it."""
    record(book, "issue-opened", issue="talks", proposition="There are talks")
    first = says(book, "RUS", "oppose", "2025-03-01")
    says(book, "RUS", "support", "2025-03-02", on_behalf_of=["EU", "UKR"])
    moved = book.record(
        {"type": "entry-corrected", "entry": first, "changes": {"party": "UKR", "issue": "talks"}, "reason": "slip"}
    ).entry
    undone = book.record(about("retracted", moved)).entry
    book.record(about("retracted", undone))
    book.record(about("disputed", first))
    record(book, "event-scheduled", party="EU", issue="talks", occurs_on="2026-01", text="A call")
    for k in range(book.head + 1):
        every = list(book.log(as_known_at=f"e{k}"))
        for party, issue in [("UKR", None), ("RUS", None), ("EU", "talks"), (None, "talks"), (None, "ceasefire")]:
            expected: set[int] = set()
            for one in every:
                parties = {getattr(one.event, "party", None), *getattr(one.event, "on_behalf_of", ())}
                theirs = party is None or party in parties
                if one.target in expected or (theirs and issue in (None, getattr(one.event, "issue", None))):
                    expected.add(one.entry)
            assert [one.entry for one in book.log(party, issue, as_known_at=f"e{k}")] == sorted(expected), (
                k,
                party,
                issue,
            )


def test_why_names_the_joining_that_an_inherited_position_rests_on(book: Ledger) -> None:
    """The coalition's words come first, then the last joining; a party's own words rest on none."""
    record(book, "coalition-joined", party="UKR", coalition="NATO")
    first = record(book, "coalition-joined", party="UKR", coalition="EU", from_="2024")
    record(book, "coalition-left", party="UKR", coalition="EU", until="2025-01-01")
    again = record(book, "coalition-joined", party="UKR", coalition="EU", from_="2025-02-01")
    said = says(book, "EU", "support", "2024-12-01")
    deed = record(book, "action-taken", party="UKR", issue="ceasefire", occurred_on="2025-03-02", text="Fired.")
    why = book.why("UKR", "ceasefire")
    then = book.why("UKR", "ceasefire", as_of="2024-12-31")
    assert why is not None
    assert then is not None
    assert [one.entry for one in why.counts] == [said, again, deed]
    assert [one.entry for one in then.counts] == [said, first]
    own = says(book, "UKR", "oppose", "2025-03-03")
    why = book.why("UKR", "ceasefire")
    assert why is not None
    assert [one.entry for one in why.counts] == [own, deed]
