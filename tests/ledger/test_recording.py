"""What recording promises: the draft as it was meant, or a refusal that says why, with a way out and the right code."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entries import EntryCorrected, StatementMade
from ledger.errors import LedgerError, Refused, StateChanged, UnknownName, Unparsable
from tests.ledger.samples import BASICS, CEASEFIRE, RUS, Draft, about, new_ledger, source, stance, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Make a ledger of two parties, an issue, a source without bytes (e4) and a statement (e5)."""
    with new_ledger(tmp_path / "l.db", *BASICS, source(), statement()) as book:
        yield book


def refusal(book: Ledger, draft: Draft, **given: Any) -> LedgerError:
    """Return the refusal that a draft meets; nothing is recorded, and the message is for people."""
    head = book.head
    with pytest.raises(LedgerError) as refused:
        book.record(draft, **given)
    error = refused.value
    assert book.head == head
    assert error.message
    assert error.hint
    said = f"{error.message} {error.hint}"
    said.encode()
    assert len(error.message) < 300
    assert all(char.isprintable() for char in said)
    for machine in ("pydantic", "Input should", "[^", "{64}", "Value error", "Traceback", "validation error"):
        assert machine not in said.replace(repr(draft.get("text")), "")
    return error


# ── Drafts that do not parse, or name what is not there ───────────────────────

LINE = "must not be blank"


@pytest.mark.parametrize(
    ("draft", "kind", "says"),
    [
        ({}, Refused, "no 'type'"),
        ({"type": "statement"}, Refused, "no entry type 'statement'"),
        ({"type": ["statement-made"]}, Refused, "no entry type"),
        ({"type": "statement-made"}, Refused, "'party' is missing"),
        (statement(nope=1), Refused, "unknown field 'nope'"),
        (statement(entry=1), Refused, "unknown field 'entry'"),
        (statement(coding={"scheme": "PLOVER"}), Refused, "'coding.code' is missing"),
        (statement(coding={"scheme": "A", "code": "B", "x": 1}), Refused, "unknown field 'coding.x'"),
        (statement(stance="no"), Unparsable, "stance: 'no' is none"),
        (statement(stance=None), Refused, "'stance' is null"),
        (statement(stance=2), Unparsable, "stance: 2 is none"),
        (statement(act="shout"), Unparsable, "act: 'shout' is none"),
        (statement(said_on="12.3.2025"), Unparsable, "12.3.2025"),
        (statement(said_on=2025), Refused, "said_on: 2025"),
        (statement(said_on="2025-03-12/.."), Unparsable, "open end"),
        (statement(credibility="B7"), Unparsable, "credibility: 'B7'"),
        (statement(to="UKR"), Refused, "to: 'UKR'"),
        (statement(to=[5]), Refused, "to.0: 5"),
        (statement(to=["FRA"]), UnknownName, "no party 'FRA'"),
        (statement(party="frnce"), UnknownName, "no party 'frnce'."),
        (statement(party=5), Refused, "party: 5"),
        (statement(party=["RUS"]), Refused, "party: "),
        (statement(party="\udc80"), UnknownName, "no party"),
        (statement(party="a\x1b[31m"), UnknownName, "no party"),
        (statement(issue="peace"), UnknownName, "no issue 'peace'."),
        (statement(source="nobody"), UnknownName, "no source 'nobody'."),
        (statement(source="\udc80"), UnknownName, "no source"),
        (statement(" "), Refused, "text: ' '"),
        (statement(""), Refused, "text: ''"),
        (statement("a\0b"), Refused, "text: "),
        (statement("\udc80"), Refused, "text: "),
        (statement("x" * 20_001), Refused, "text: longer than 20,000"),
        (statement(None), Refused, "text"),  # type: ignore[arg-type]
        (statement(5), Refused, "text: 5"),  # type: ignore[arg-type]
        (statement(speaker=" A"), Refused, "speaker: ' A'"),
        (statement(speaker="A\nB"), Refused, "speaker: "),
        (statement(speaker="A\u2028B"), Refused, "speaker: "),
        (statement(conditions=["", "x"]), Refused, "conditions.0"),
        (statement(quote={"exact": "a", "start": 1}), Refused, "start and end go together"),
        (statement(quote={"exact": "a", "start": 1, "end": 3}), Refused, "must span exactly"),
        (statement(quote={"exact": "a", "start": -1, "end": 0}), Unparsable, "quote.start: -1"),
        (statement(quote={"exact": "a", "lang": "english!"}), Refused, "quote.lang"),
        (statement(quote=5), Refused, "quote: 5"),
        (statement(quote=""), Refused, "quote"),
        (statement(sealed=False), Refused, "'sealed' is true"),
        (statement(sealed={"text": "0" * 64}), Refused, "'sealed' is true"),
        (statement(re="e99"), UnknownName, "no entry e99"),
        (statement(re=99), UnknownName, "no entry e99"),
        (statement(re="zz"), UnknownName, "no entry 'zz'"),
        (statement(re="5"), UnknownName, "no entry '5'"),
        (statement(re=0), Unparsable, "re: 0"),
        (statement(re=True), Unparsable, "re: True"),
        (statement(re=5.0), Unparsable, "re: 5.0"),
        (statement(re=10**30), Unparsable, "re: 1000"),
        (statement(re=10**5_000), Unparsable, "re: a number that long"),
        (statement(re=1), Refused, "e1 is of type party-registered"),
        (statement(fulfils=5), Refused, "e5 is of type statement-made"),
        (statement(ref="e5"), Refused, "'e5' cannot be a ref"),
        (statement(ref="17"), Refused, "'17' cannot be a ref"),
        (statement(ref=17), Refused, "17 cannot be a ref"),
        (statement(ref=""), Refused, "'' cannot be a ref"),
        (statement(snapshot="x"), Refused, "unknown field 'snapshot'"),
        (statement(said_on="2026-11-25"), Refused, "in the future"),
        (source("w2", url="example.org"), Refused, "url: 'example.org'"),
        (source("w2", sha256="AB"), Refused, "sha256: 'AB'"),
        (source("w2", published_at="2025?"), Unparsable, "2025?"),
        (source("w2", reliability="G"), Unparsable, "reliability: 'G'"),
        (source("w 2"), Refused, "source: 'w 2'"),
        (source("WIRE", title="Other"), Refused, "source 'WIRE' is registered already"),
        (source("w2", snapshot="a.txt"), Refused, "beside a dossier"),
        (source("w2", snapshot=5), Refused, "'snapshot' names a file"),
        (CEASEFIRE | {"issue": "Ceasefire", "proposition": "x"}, Refused, "is open already"),
        (RUS | {"party": "RU2", "name": "Kremlin", "aliases": []}, Refused, "'Kremlin' belongs to RUS"),
        (RUS | {"party": "rus", "name": "Other", "aliases": []}, Refused, "'rus' belongs to RUS"),
        (RUS | {"party": "X", "name": "X", "aliases": ["Ukraine"]}, Refused, "'Ukraine' belongs to UKR"),
        (RUS | {"party": "X Y"}, Refused, "party: 'X Y'"),
        (RUS | {"kind": "planet"}, Unparsable, "kind: 'planet'"),
        (RUS | {"codes": {"zip": "1"}}, Unparsable, "codes.zip"),
        (RUS | {"codes": []}, Refused, "codes: []"),
        (RUS | {"\udc80": 1}, Refused, ""),
        ({"type": "alias-added", "party": "UKR", "alias": "Kremlin"}, Refused, "belongs to RUS"),
        ({"type": "speaker-appointed", "name": "A", "rank": 1}, Refused, "needs the party"),
        ({"type": "speaker-appointed", "name": "A", "rank": 10**30}, Unparsable, "rank"),
        (
            {"type": "speaker-appointed", "name": "A", "party": "RUS", "from": "2025-03-12", "to": "2025-03-11"},
            Refused,
            "before taking office",
        ),
        (
            {"type": "action-taken", "party": "RUS", "issue": "ceasefire", "occurred_on": "2099", "text": "x"},
            Refused,
            "future",
        ),
        (
            {
                "type": "action-taken",
                "party": "RUS",
                "issue": "ceasefire",
                "occurred_on": "2025",
                "text": "x",
                "sealed": True,
            },
            Refused,
            "unknown field 'sealed'",
        ),
        (about("corrected", 5), Refused, "'changes' is missing"),
        (about("corrected", 5, changes=[]), Refused, "changes: []"),
        (about("corrected", 5, changes={}), Refused, "changes nothing"),
        (about("corrected", 5, changes={"nope": 1}), Refused, "unknown field 'nope'"),
        (about("corrected", 5, changes={"type": "action-taken"}), Refused, "unknown field 'type'"),
        (about("corrected", 5, changes={"sealed": None}), Refused, "unknown field 'sealed'"),
        (about("corrected", 5, changes={"said_on": None}), Refused, "'said_on' is null"),
        (about("corrected", 5, changes={"text": None}), Refused, "'text' is null"),
        (about("corrected", 5, changes={"party": "FRA"}), UnknownName, "no party 'FRA'"),
        (about("corrected", 5, changes={"said_on": "2099"}), Refused, "in the future"),
        (about("corrected", 5, changes={"stance": "oppose"}), Refused, "says that already"),
        (about("corrected", 5, changes={"source": None}), Refused, "says that already"),
        (about("corrected", 5, changes={"re": 5}), Refused, "cannot point at itself"),
        (about("corrected", 1, changes={"name": "R"}), Refused, "cannot be corrected"),
        (about("corrected", 4, changes={"source": "other"}), Refused, "unknown field 'source'"),
        (about("corrected", 99, changes={"x": 1}), UnknownName, "no entry e99"),
        (about("corrected", "zz", changes={"x": 1}), UnknownName, "no entry 'zz'"),
        (about("corrected", True, changes={"stance": "support"}), Unparsable, "entry: True"),
        (about("corrected", 10**30, changes={"stance": "support"}), Unparsable, "entry: 1000"),
        (about("corrected", 5, changes={"stance": "support"}, reason=" "), Refused, "reason: ' '"),
        (about("retracted", 5, reason=None), Refused, "'reason' is null"),
        (about("retracted", 5, after=99), UnknownName, "no entry e99"),
        (about("retracted", 5, after=4), Refused, "e4 does not amend e5"),
        (about("retracted", 1), Refused, "is a registration"),
        (about("retracted", 3), Refused, "is a registration"),
        (about("retracted", 99), UnknownName, "no entry e99"),
        (about("disputed", 1), Refused, "e1 is of type party-registered"),
        (about("disputed", 5, source="nobody"), UnknownName, "no source"),
        ({"type": "entry-corroborated", "entry": 5}, Refused, "nobody corroborates"),
        ({"type": "entry-corroborated", "entry": 4, "observer": "OSCE"}, Refused, "e4 is of type source-registered"),
    ],
)
def test_refusals_say_why(book: Ledger, draft: Draft, kind: type[LedgerError], says: str) -> None:
    """Every refusal has a message, a hint and its class, shows no regular expression, and records nothing."""
    error = refusal(book, draft)
    assert type(error) is kind
    assert says in error.message


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_draft_is_recorded_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever a draft's fields hold, nothing is raised but a `LedgerError`."""
    values = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=5)
        | st.sampled_from(["RUS", "2025", "e5"]),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    )
    names = st.sampled_from(
        [*statement(), *about("corrected", 5), "changes", "after", "ref", "sealed", "quote", "source"]
    )
    base = data.draw(st.sampled_from([statement(), about("corrected", 4), about("retracted", 4), source(), RUS, {}]))
    draft = base | data.draw(st.dictionaries(names, values, max_size=3))
    with new_ledger(tmp_path_factory.mktemp("any") / "l.db", *BASICS, statement("first")) as book:
        try:
            book.record(draft)
        except LedgerError as error:
            assert error.message  # noqa: PT017  both outcomes are right


# ── What is recorded ──────────────────────────────────────────────────────────


def test_names_become_ids(book: Ledger) -> None:
    """Any name of a party or issue, in any case, becomes the id it was registered to."""
    event = book.record(
        statement("x", party="kremlin", issue="CEASEFIRE", to=["Ukraine"], source="Wire", re="e5")
    ).event
    assert isinstance(event, StatementMade)
    assert (event.party, event.issue, event.to, event.source, event.re) == ("RUS", "ceasefire", ("UKR",), "wire", 5)


def test_a_correction_may_change_party_and_issue_by_any_name(book: Ledger) -> None:
    """Names in `changes` become ids, and the position moves with them."""
    done = book.record(about("corrected", 5, changes={"party": "Ukraine"}))
    assert isinstance(done.event, EntryCorrected)
    assert done.event.changes == {"party": "UKR"}
    assert stance(book) is None
    assert book.position("UKR", "ceasefire") is not None


def test_null_takes_an_optional_field_away(book: Ledger) -> None:
    """A correction to null leaves the field as if it had never been said; twice is no correction."""
    entry = book.record(statement("x", speaker="A", to=["UKR"], attribution="reported", quote="q")).entry
    book.record(about("corrected", entry, changes={"speaker": None, "to": None, "attribution": None, "quote": None}))
    assert "says that already" in refusal(book, about("corrected", entry, changes={"speaker": None})).message


def test_quoted_words_are_direct_unless_the_draft_says_otherwise(book: Ledger) -> None:
    """A quote implies `direct`, a text alone `paraphrase`."""
    events = [
        book.record(statement("a", quote="q")).event,
        book.record(statement("b")).event,
        book.record(statement("c", quote="q", attribution="reported")).event,
    ]
    assert [getattr(event, "attribution", None) for event in events] == ["direct", "paraphrase", "reported"]


@pytest.mark.parametrize("said_on", ["../2025-03-11", "2026-11-23", "2026-11-23T23:00Z", "2026", "2026-11", "202X"])
def test_dates_that_begin_in_time_are_taken(book: Ledger, said_on: str) -> None:
    """A date counts as future only if its earliest instant is: an open start and a year under way are not."""
    book.record(statement("x", said_on=said_on))


@pytest.mark.parametrize(("said_on", "taken"), [("2026-11-23T23:12Z", True), ("2026-11-23T23:13Z", False)])
def test_the_date_line_is_fourteen_hours_away(book: Ledger, said_on: str, taken: bool) -> None:
    """Up to fourteen hours ahead somebody's calendar says so already; beyond it the hint is to schedule."""
    draft = statement("x", said_on=said_on)
    if taken:
        book.record(draft)
    else:
        assert "record scheduled RUS ceasefire" in str(refusal(book, draft).hint)


# ── Retracting and undoing ────────────────────────────────────────────────────


def test_undoing_an_undoing_brings_the_retraction_back(book: Ledger) -> None:
    """`undo` retracts whatever it is told: once the entry is gone, twice it is back, thrice it is gone."""
    seen = [stance(book)]
    target = 5
    for _ in range(3):
        target = book.record(about("retracted", target)).entry
        seen.append(stance(book))
    assert seen == ["oppose", None, "oppose", None]


def test_undoing_one_correction_drops_that_one_alone(book: Ledger) -> None:
    """The others still apply, in journal order."""
    first = book.record(about("corrected", 5, changes={"stance": "support", "text": "a"})).entry
    book.record(about("corrected", 5, changes={"text": "b"}))
    assert stance(book) == "support"
    book.record(about("retracted", first))
    row = book.position("RUS", "ceasefire")
    assert row is not None
    assert (row.stance, row.text) == ("oppose", "b")


@pytest.mark.parametrize("kind", ["corrected", "disputed", "retracted", "corroborated"])
def test_what_is_retracted_cannot_be_amended(book: Ledger, kind: str) -> None:
    """Exit 1 with the way back where it was retracted before the command began, 5 where that came since."""
    retraction = book.record(about("retracted", 5)).entry
    extra = {"changes": {"stance": "support"}} if kind == "corrected" else {}
    draft = about(kind, 5, reason="another", **extra)
    if kind == "corroborated":
        draft = {"type": "entry-corroborated", "entry": 5, "observer": "OSCE"}
    before = refusal(book, draft, seen=retraction)
    assert type(before) is Refused
    assert f"undo e{retraction}" in str(before.hint)
    assert type(refusal(book, draft, seen=retraction - 1)) is StateChanged
    assert type(refusal(book, draft)) is Refused


def test_the_same_again_is_answered_with_its_retraction(book: Ledger) -> None:
    """Once only is asked before validity: the draft of a retracted entry appends nothing and says what retracted it."""
    retraction = book.record(about("retracted", 5)).entry
    done = book.record(statement())
    assert (done.entry, done.already, done.retracted_by) == (5, True, retraction)
    assert book.record(about("retracted", 5)).already


def test_after_makes_a_second_retraction_a_new_fact(book: Ledger) -> None:
    """Retracted, brought back, retracted again: the same words, and `after` tells them apart."""
    first = book.record(about("retracted", 5)).entry
    undone = book.record(about("retracted", first)).entry
    assert book.record(about("retracted", 5)).already
    second = book.record(about("retracted", 5, after=first))
    assert (second.entry, second.already) == (undone + 1, False)
    assert stance(book) is None


def test_a_source_in_use_cannot_be_retracted(book: Ledger) -> None:
    """While an entry that counts rests on it, a source stays; without one it goes, and nothing new may rest on it."""
    user = book.record(statement("x", source="wire")).entry
    assert f"in use by e{user}" in refusal(book, about("retracted", 4)).message
    book.record(about("retracted", user))
    gone = book.record(about("retracted", 4)).entry
    late = statement("y", source="wire")
    assert type(refusal(book, late)) is Refused
    assert type(refusal(book, late, seen=gone - 1)) is StateChanged
    assert "retracted" in refusal(book, about("disputed", 5, source="wire")).message


def test_a_correction_moves_the_use_of_a_source(book: Ledger) -> None:
    """An entry that was corrected to another source uses that one, and no longer the first."""
    other = book.record(source("other")).entry
    user = book.record(statement("x", source="wire")).entry
    book.record(about("corrected", user, changes={"source": "other"}))
    assert f"in use by e{user}" in refusal(book, about("retracted", other)).message
    assert not book.record(about("retracted", 4)).already


# ── Quotes and documents ──────────────────────────────────────────────────────

ARTICLE = "Talks began. “We are ready,” he said. Talks went on, and “we are ready” again. Cafe\u0301.\r\nEnd."


@pytest.fixture
def quoting(book: Ledger, tmp_path: Path) -> Ledger:
    """Register a source (e6) whose bytes are kept."""
    folder = tmp_path / "dossier"
    folder.mkdir()
    (folder / "a.txt").write_bytes(ARTICLE.encode())
    book.record(source("kept", snapshot="a.txt"), folder=folder)
    return book


@pytest.mark.parametrize(
    "quote",
    [
        "We are ready",
        {"exact": "Talks", "suffix": " went on"},
        {"exact": "ready", "prefix": "“we are "},
        {"exact": "Talks", "start": 0, "end": 5},
        {"exact": "Talks", "start": 38, "end": 43, "prefix": "said. "},
        "Café.",
        "Cafe\u0301.\r\nEnd.",
        {"exact": "Wir sind bereit", "lang": "de", "translated_by": "anna"},
    ],
)
def test_quotes_anchor(quoting: Ledger, quote: object) -> None:
    """A quote stands once in its source, however its characters are composed; a translation is not looked up."""
    quoting.record(statement("x", source="kept", quote=quote))


@pytest.mark.parametrize(
    ("quote", "says"),
    [
        ("We were ready", "not in its source"),
        ("we are Ready", "not in its source"),
        ("Talks", "more than once"),
        ({"exact": "Talks", "suffix": " ended"}, "not in its source"),
        ({"exact": "Talks", "start": 1, "end": 6}, "not at 1"),
        ({"exact": "Talks", "start": 10**17, "end": 10**17 + 5}, "not at 1"),
        ({"exact": "Talks", "start": 0, "end": 5, "prefix": "x"}, "not at 0"),
    ],
)
def test_quotes_that_do_not_anchor_are_refused(quoting: Ledger, quote: object, says: str) -> None:
    """Not there, there twice, or not where the draft says: refused with a hint."""
    assert says in refusal(quoting, statement("x", source="kept", quote=quote)).message
    draft = {"type": "entry-corroborated", "entry": 5, "source": "kept", "quote": quote}
    assert says in refusal(quoting, draft).message
    assert says in refusal(quoting, about("corrected", 5, changes={"source": "kept", "quote": quote})).message


def test_a_quote_of_a_source_without_bytes_is_taken_unchecked(book: Ledger) -> None:
    """Hashes without bytes: the words cannot be compared, and are recorded."""
    book.record(statement("x", source="wire", quote="whatever was said"))


def test_bytes_that_come_later_are_used(quoting: Ledger) -> None:
    """A source that names the same hash is checked as soon as its bytes are kept, whatever was asked before."""
    digest = hashlib.sha256(b"late").hexdigest()
    quoting.record(source("late", sha256=digest))
    quoting.record(statement("a", source="late", quote="unchecked"))
    assert quoting.snapshots.keep(b"late") == digest
    assert "not in its source" in refusal(quoting, statement("b", source="late", quote="checked")).message


def test_a_document_that_is_no_text_leaves_its_quotes_unchecked(quoting: Ledger) -> None:
    """Bytes that are not UTF-8 can be kept by hash; nothing is looked up in them."""
    digest = quoting.snapshots.keep(b"\xff\xfe")
    quoting.record(source("pdf", sha256=digest))
    quoting.record(statement("a", source="pdf", quote="unchecked"))


def test_a_kept_document_that_was_changed_is_noticed(quoting: Ledger, tmp_path: Path) -> None:
    """Bytes that no longer have their hash are refused, not read."""
    quoting.snapshots._texts.clear()
    (file,) = (path for path in tmp_path.glob("*.sources/*/*") if path.is_file())
    file.write_bytes(b"forged")
    assert "has been changed" in refusal(quoting, statement("x", source="kept", quote="forged")).message


def test_a_snapshot_is_kept_by_its_hash(quoting: Ledger) -> None:
    """The bytes lie beside the ledger under their SHA-256, and the entry holds both hashes."""
    digest = hashlib.sha256(ARTICLE.encode()).hexdigest()
    normalised = ARTICLE.replace("e\u0301", "é").replace("\r", "")
    text_digest = hashlib.sha256(normalised.encode()).hexdigest()
    assert quoting.record(source("kept", sha256=digest, text_sha256=text_digest)).already
    assert quoting.snapshots.document(digest) == ARTICLE.encode()


def test_a_snapshot_with_another_hash_is_refused(quoting: Ledger, tmp_path: Path) -> None:
    """A file that is not the one that the draft names is not taken for it."""
    draft = source("other", snapshot="a.txt", sha256="0" * 64)
    with pytest.raises(Refused, match="does not have the sha256") as refused:
        quoting.record(draft, folder=tmp_path / "dossier")
    assert refused.value.hint


@pytest.mark.parametrize("name", ["missing.txt", ".", "a\0b", "x" * 5_000])
def test_a_snapshot_that_cannot_be_read_is_refused(quoting: Ledger, tmp_path: Path, name: str) -> None:
    """Not there, a folder, or no name at all: refused with a hint."""
    with pytest.raises(Refused, match="cannot read snapshot") as refused:
        quoting.record(source("other", snapshot=name), folder=tmp_path / "dossier")
    assert refused.value.hint
