"""What sealing promises: a commitment in the line, the value nowhere but in its own table."""

from __future__ import annotations

import doctest
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.sealing
from ledger.codec import format_line
from ledger.entries import Quote, StatementMade
from ledger.errors import Refused
from ledger.sealing import SealedValue, commitment, opens, seal, unseal, values_to_seal
from tests.ledger.samples import BASICS, LABELS, PROSE, QUOTES, about, new_ledger, stance, statement

if TYPE_CHECKING:
    from pathlib import Path

CLOSED = "We can live with it, privately"
STATEMENTS = st.builds(
    lambda text, speaker, quote: StatementMade(
        party="RUS", issue="c", stance="support", said_on="2025", text=text, speaker=speaker, quote=quote
    ),
    PROSE,
    st.none() | LABELS,
    st.none() | QUOTES,
)


def test_worked_example_runs() -> None:
    """The example in the specification of commitments is true."""
    assert doctest.testmod(ledger.sealing).failed == 0


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["speaker", "text", "quote"]), PROSE)
def test_a_commitment_is_an_hmac(salt: bytes, field: str, value: str) -> None:
    """A second implementation from the specification alone gives the same commitment."""
    expected = hmac.new(salt, field.encode() + b"\0" + value.encode(), hashlib.sha256).hexdigest()
    assert commitment(salt, field, value) == expected


@given(STATEMENTS)
def test_sealing_leaves_commitments_that_open(event: StatementMade) -> None:
    """Each closed field is gone, its commitment opens to the value that was kept, and to no other."""
    closed, kept = seal(event)
    assert closed.sealed is not None
    assert {value.field for value in kept} == set(closed.sealed) == set(values_to_seal(event))
    for value in kept:
        assert getattr(closed, value.field) is None
        assert opens(value, closed.sealed[value.field])  # type: ignore[index]
        assert not opens(value._replace(value=value.value + "!"), closed.sealed[value.field])  # type: ignore[index]
    assert (
        closed.model_copy(update={"sealed": None, "text": event.text, "speaker": event.speaker, "quote": event.quote})
        == event
    )


@given(STATEMENTS)
def test_one_value_shown_helps_nobody_to_guess_another(event: StatementMade) -> None:
    """Every field has a salt of its own: with the salt of one, nobody can try names against another's commitment."""
    closed, kept = seal(event)
    assert len({value.salt for value in kept}) == len(kept)
    assert all(len(value.salt) == 32 for value in kept)
    for shown in kept:
        for other in kept:
            opened = opens(other._replace(salt=shown.salt), closed.sealed[other.field])  # type: ignore[index]
            assert opened == (other is shown)


@given(STATEMENTS)
def test_unsealing_is_the_inverse(event: StatementMade) -> None:
    """With every value at hand the statement reads as it was meant; without one of them, not at all."""
    closed, kept = seal(event)
    assert unseal(closed, kept) == event
    assert all(unseal(closed, [value for value in kept if value is not gone]) is None for gone in kept)


def test_a_quote_is_committed_to_as_json() -> None:
    """The value of a quote is its JSON without blanks, in the order of the model, unset fields left out."""
    event = StatementMade(
        party="RUS", issue="c", stance="support", said_on="2025", text="x", quote=Quote(suffix="b", exact="«ü»")
    )
    assert values_to_seal(event)["quote"] == '{"exact":"«ü»","suffix":"b"}'


def test_salts_are_new_for_every_entry(tmp_path: Path) -> None:
    """Two statements with the same closed words have other salts and commitments."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        for day in ("2025-03-01", "2025-03-02"):
            book.record(statement(CLOSED, said_on=day, sealed=True))
        first, second = (book.journal.sealed_values(entry) for entry in (4, 5))
        lines = [book.journal.line(entry) for entry in (4, 5)]
    assert [v.value for v in first] == [v.value for v in second] == [CLOSED]
    assert first[0].salt != second[0].salt
    assert len(first[0].salt) == 32
    committed = [json.loads(line.data)["sealed"]["text"] for line in lines if line]
    assert len(set(committed)) == 2
    assert [opens(v, c) for v, c in zip([*first, *second], committed, strict=True)] == [True, True]


def test_a_sealed_value_is_nowhere_else(tmp_path: Path) -> None:
    """Neither the line nor any byte of the views holds what is sealed; only the table of sealed values does."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        draft = statement(CLOSED, speaker="Ivan Closedov", quote="a whispered phrase", sealed=True)
        done = book.record(draft)
        assert stance(book) == "oppose"
        assert list(book.matrix())
        line = book.journal.line(done.entry)
        assert line is not None
        kept = book.journal.sealed_values(done.entry)
        events = list(book.journal.lines())
    written = format_line(*line) + b"".join(path.read_bytes() for path in tmp_path.glob("*views*"))
    written += b"".join(event.data for event in events)
    for words in (CLOSED, "Closedov", "whispered"):
        assert words.encode() not in written
    assert list(tmp_path.glob("*.views.db"))
    assert {value.field: value.value for value in kept} == {
        "text": CLOSED,
        "speaker": "Ivan Closedov",
        "quote": '{"exact":"a whispered phrase"}',
    }


def test_content_keys_need_the_ledgers_secret(tmp_path: Path) -> None:
    """Two ledgers give the same closed draft different keys, so that a key cannot be guessed from the words."""
    with new_ledger(tmp_path / "a.db", *BASICS) as one, new_ledger(tmp_path / "b.db", *BASICS) as other:
        event = StatementMade(party="RUS", issue="ceasefire", stance="support", said_on="2025", text=CLOSED)
        keys = {book.journal.content_key(event, b"{}", sealing=True) for book in (one, other)}
        assert len(keys) == 2
        assert one.journal.content_key(event, b"{}", sealing=False) not in keys


def test_the_same_sealed_draft_is_recorded_once(tmp_path: Path) -> None:
    """A sealed draft again answers with its entry; the same words in the open are another draft."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        closed = statement(CLOSED, sealed=True)
        first = book.record(closed)
        again = book.record(closed)
        assert (again.entry, again.already) == (first.entry, True)
        shown = book.record(statement(CLOSED))
        assert (shown.entry, shown.already) == (first.entry + 1, False)
        assert book.record(statement(CLOSED)).entry == shown.entry
        assert book.record(statement(CLOSED + "!", sealed=True)).entry == shown.entry + 1
    with new_ledger(tmp_path / "l.db") as book:
        assert book.record(closed).entry == first.entry


@pytest.mark.parametrize(
    "changes", [{"text": "x"}, {"speaker": "A"}, {"quote": "q"}, {"stance": "support", "text": "x"}]
)
def test_correcting_what_is_sealed_is_refused(tmp_path: Path, changes: dict[str, str]) -> None:
    """A correction would lay a sealed field open; what is not sealed can be corrected."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        entry = book.record(statement(CLOSED, speaker="B", quote="q q", sealed=True)).entry
        with pytest.raises(Refused, match="is sealed") as refused:
            book.record(about("corrected", entry, changes=changes))
        assert refused.value.hint
        assert book.head == entry
        book.record(about("corrected", entry, changes={"stance": "support"}))
        assert stance(book) == "support"
        with pytest.raises(Refused, match="is sealed"):
            book.record(about("corrected", entry, changes=changes))


def test_correcting_what_is_sealed_is_refused_within_one_import(tmp_path: Path) -> None:
    """Also where the statement, a correction of it and that correction's undoing stand in the same file."""
    lines = [
        *BASICS,
        statement(CLOSED, sealed=True, ref="a"),
        about("corrected", "a", changes={"stance": "support"}, ref="b"),
        about("retracted", "b"),
        about("corrected", "a", changes={"text": "open"}),
    ]
    file = tmp_path / "d.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    with new_ledger(tmp_path / "l.db") as book:
        report = book.import_file(file)
        assert [(refusal.line, "is sealed" in refusal.reason) for refusal in report.refused] == [(7, True)]
        assert book.head == 0


def test_disclosed_values_are_plain() -> None:
    """A sealed value is a field, a salt and a text, and opens what was committed to with them."""
    value = SealedValue("text", bytes(32), "We can live with it.")
    assert opens(value, commitment(bytes(32), "text", "We can live with it."))
