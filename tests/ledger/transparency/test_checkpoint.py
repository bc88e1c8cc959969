"""Checkpoints and cosignatures: one spelling, the log's own signature, and witnesses' with their times."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ledger.transparency.checkpoint
from ledger.errors import Refused, VerificationFailed
from ledger.transparency.checkpoint import (
    Checkpoint,
    check_cosignature,
    cosign,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from ledger.transparency.keys import LOG, SigningKey
from ledger.transparency.note import Note, format_note, sign, sign_note
from tests.ledger.transparency.trees import LOG_KEY, WITNESSES, is_refused, root

lines = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)
hashes = st.binary(min_size=32, max_size=32)
extensions = st.lists(lines, max_size=3).map(tuple)
checkpoints = st.builds(Checkpoint, lines, st.integers(0, 2**63 - 1), hashes, extensions)

FIVE = Checkpoint(LOG_KEY.name, 5, root(5))
TEXT = format_checkpoint(FIVE)


def test_worked_examples_run() -> None:
    """The examples in the specification are true."""
    tried = doctest.testmod(ledger.transparency.checkpoint)
    assert tried.failed == 0
    assert tried.attempted > 0


@given(checkpoints)
def test_checkpoints_come_back(checkpoint: Checkpoint) -> None:
    """A checkpoint that is written is read as it was."""
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


@given(checkpoints, st.data())
def test_a_checkpoint_has_one_spelling(checkpoint: Checkpoint, data: st.DataObject) -> None:
    """A text that was altered is refused, or is the one spelling of another checkpoint."""
    text = format_checkpoint(checkpoint)
    at, cut = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 3))
    more = data.draw(st.text(st.sampled_from("0189+-_=A/ \n\r\t\u0660é"), max_size=3))
    bad = text[:at] + more + text[at + cut :]
    if not is_refused(parse_checkpoint, bad):
        assert format_checkpoint(parse_checkpoint(bad)) == bad


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "three lines"),
        ("\n\n\n", "three lines"),
        ("a\n5\n", "three lines"),
        (TEXT[:-1], "three lines"),
        (TEXT + "\n", "three lines"),
        (TEXT.replace("\n5\n", "\n05\n"), "'05' is not a decimal"),
        (TEXT.replace("\n5\n", "\n+5\n"), "is not a decimal"),
        (TEXT.replace("\n5\n", "\n-5\n"), "is not a decimal"),
        (TEXT.replace("\n5\n", "\n9223372036854775808\n"), "is not a decimal"),
        (TEXT.replace("\n5\n", f"\n{'1' * 10_000}\n"), "is not a decimal"),
        (TEXT.replace("=\n", "\n"), "is not 32 bytes in base64"),
        (TEXT.replace("=\n", "==\n"), "is not 32 bytes in base64"),
        ("a\n5\nAQ==\n", "is not 32 bytes in base64"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str, says: str) -> None:
    """A checkpoint has three lines or more; what is wrong with another text is said."""
    with pytest.raises(VerificationFailed, match=says):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "checkpoint",
    [
        FIVE._replace(origin=""),
        FIVE._replace(origin="a\nb"),
        FIVE._replace(size=-1),
        FIVE._replace(size=2**63),
        FIVE._replace(root=bytes(31)),
        FIVE._replace(extensions=("",)),
    ],
)
def test_no_text_for_what_is_no_checkpoint(checkpoint: Checkpoint) -> None:
    """What could not be read back is not written."""
    with pytest.raises(Refused):
        format_checkpoint(checkpoint)


@given(st.permutations(range(3)), st.integers(1, 2**63 - 1))
@example([2, 1, 0], 1)
def test_signatures_come_in_any_order(order: list[int], timestamp: int) -> None:
    """The log's signature and each known witness's are found wherever they stand, with their times."""
    made = [sign(TEXT, LOG_KEY), cosign(TEXT, WITNESSES[0], timestamp), cosign(TEXT, WITNESSES[1], 1)]
    data = format_note(Note(TEXT, tuple(made[at] for at in order)))
    opened = open_checkpoint(data, LOG_KEY.verifier, [WITNESSES[0].verifier])
    assert opened.checkpoint == FIVE
    assert [(each.key, each.timestamp) for each in opened.cosignatures] == [(WITNESSES[0].verifier, timestamp)]


def test_the_log_itself_must_have_signed() -> None:
    """Witnesses without the log, the log's name under another origin, and another log's key are not enough."""
    cosigned = format_note(Note(TEXT, (cosign(TEXT, WITNESSES[0], 1),)))
    with pytest.raises(VerificationFailed, match=r"not signed by the log example\.com/ledger"):
        open_checkpoint(cosigned, LOG_KEY.verifier, [WITNESSES[0].verifier])
    other = format_checkpoint(FIVE._replace(origin="example.com/other"))
    with pytest.raises(VerificationFailed, match=r"of 'example\.com/other', not of 'example\.com/ledger'"):
        open_checkpoint(sign_note(other, LOG_KEY), LOG_KEY.verifier)
    assert open_checkpoint(sign_note(other, LOG_KEY), LOG_KEY.verifier, origin="example.com/other").checkpoint.size == 5
    with pytest.raises(VerificationFailed, match="no known key"):
        open_checkpoint(sign_checkpoint(FIVE, LOG_KEY), SigningKey(LOG_KEY.name, LOG, bytes(32)).verifier)
    with pytest.raises(VerificationFailed, match="three lines"):
        open_checkpoint(sign_note("a\n", LOG_KEY), LOG_KEY.verifier)


def test_a_bad_cosignature_of_a_known_witness_spoils_the_checkpoint() -> None:
    """A known witness's signature must be good, even where the log's is."""
    moved = cosign(TEXT, WITNESSES[0], 1)
    value = (2).to_bytes(8, "big") + moved.value[8:]
    data = format_note(Note(TEXT, (sign(TEXT, LOG_KEY), moved._replace(value=value))))
    assert open_checkpoint(data, LOG_KEY.verifier).cosignatures == ()
    with pytest.raises(VerificationFailed, match=r"signature of example\.org/w0 is not good"):
        open_checkpoint(data, LOG_KEY.verifier, [WITNESSES[0].verifier])


@given(st.integers(1, 2**63 - 1), st.integers(0, 8 * 72 - 1))
def test_cosignatures_are_bound_to_text_time_and_key(timestamp: int, bit: int) -> None:
    """A cosignature gives its time, and none with one bit turned, on another text, or for another witness."""
    made = cosign(TEXT, WITNESSES[0], timestamp)
    assert check_cosignature(TEXT, made, WITNESSES[0].verifier) == timestamp
    turned = (int.from_bytes(made.value, "big") ^ 1 << bit).to_bytes(72, "big")
    assert is_refused(check_cosignature, TEXT, made._replace(value=turned), WITNESSES[0].verifier)
    assert is_refused(check_cosignature, format_checkpoint(FIVE._replace(size=6)), made, WITNESSES[0].verifier)
    assert is_refused(check_cosignature, TEXT, made, WITNESSES[1].verifier)
    assert is_refused(check_cosignature, TEXT, sign(TEXT, LOG_KEY), LOG_KEY.verifier)


def test_each_key_signs_its_own() -> None:
    """A log signs under its origin with a log's key, a witness cosigns checkpoints with a witness's."""
    with pytest.raises(Refused, match="not that of the log"):
        sign_checkpoint(FIVE._replace(origin="example.com/other"), LOG_KEY)
    with pytest.raises(Refused, match="not that of the log"):
        sign_checkpoint(FIVE._replace(origin=WITNESSES[0].name), WITNESSES[0])
    with pytest.raises(Refused, match="not a witness's"):
        cosign(TEXT, LOG_KEY, 1)
    with pytest.raises(VerificationFailed, match="three lines"):
        cosign("a\n", WITNESSES[0], 1)
