"""Keys and signed notes: what was signed opens, and nothing else does."""

from __future__ import annotations

import base64
import doctest
import json
import subprocess
import sys
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

import ledger.transparency.keys
import ledger.transparency.note
from ledger.errors import Refused, Unparsable, VerificationFailed
from ledger.transparency.keys import COSIGNER, LOG, SigningKey, VerifierKey, generate, is_name, timestamp_of
from ledger.transparency.note import (
    Note,
    Signature,
    format_note,
    format_signature,
    open_note,
    parse_note,
    sign,
    sign_note,
)
from tests.ledger.transparency.trees import LOG_KEY, WITNESSES, is_refused, published

names = st.text(min_size=1, max_size=20).filter(is_name)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), max_size=80).map("{}\n".format)
signatures = st.builds(Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))


@pytest.mark.parametrize("module", [ledger.transparency.keys, ledger.transparency.note])
def test_worked_examples_run(module) -> None:
    """The examples in the specifications are true."""
    tried = doctest.testmod(module)
    assert tried.failed == 0
    assert tried.attempted > 0


@given(names, st.sampled_from([LOG, COSIGNER]), st.binary(min_size=32, max_size=32))
def test_keys_come_back(name: str, kind: int, seed: bytes) -> None:
    """Both texts of a key give the key again; two kinds of one key have two ids; printing one shows no seed."""
    key = SigningKey(name, kind, seed)
    assert SigningKey.parse(key.format()) == key
    assert VerifierKey.parse(key.verifier.format()) == key.verifier
    assert SigningKey(name, LOG + COSIGNER - kind, seed).verifier.key_id != key.verifier.key_id
    assert repr(seed) not in repr(key)


def test_new_keys_differ() -> None:
    """A key is made of the system's randomness, for a log unless one says otherwise."""
    first, second = generate("example.com/log"), generate("example.com/log")
    assert first.seed != second.seed
    assert (first.kind, generate("w", COSIGNER).kind) == (LOG, COSIGNER)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\u2028b", "a\x7f\x85b", "a\nb", "a\0b", "\ud800"]
)
def test_names_without_spaces_and_plus(name: str) -> None:
    """A name that could not be read back from a note names no key."""
    with pytest.raises(Unparsable):
        generate(name)


GOOD = LOG_KEY.verifier.format()


@given(st.integers(0, len(GOOD) - 1), st.characters())
@example(0, "+")
def test_a_mistyped_key_is_refused(at: int, letter: str) -> None:
    """One letter that differs makes it no key, whichever it is."""
    bad = GOOD[:at] + letter + GOOD[at + 1 :]
    assert (bad == GOOD) != is_refused(VerifierKey.parse, bad)


@given(st.text(max_size=60))
@example("PRIVATE+KEY+a+00000000+")
@example("a+00000000+AQ==")
@example("a+0000000g+AQ==")
@example("++")
def test_what_is_no_key_is_refused(text: str) -> None:
    """Any other text is refused, and the refusal of a signing key does not repeat it."""
    assert is_refused(VerifierKey.parse, text)
    assert is_refused(SigningKey.parse, text)
    assert is_refused(SigningKey.parse, f"PRIVATE+KEY+{text}")


def test_a_refused_signing_key_is_not_shown() -> None:
    """What a message says of a signing key that does not fit holds nothing of its seed."""
    secret = LOG_KEY.format().rpartition("+")[2]
    for bad in (LOG_KEY.format().replace("ledger", "other"), LOG_KEY.format()[1:], LOG_KEY.format() + "\n"):
        with pytest.raises(Unparsable) as caught:
            SigningKey.parse(bad)
        assert secret[:10] not in f"{caught.value.message} {caught.value.hint}"


@given(texts, st.lists(signatures, min_size=1, max_size=5))
def test_notes_come_back(text: str, lines: list[Signature]) -> None:
    """A note that is written is read as it was."""
    note = Note(text, tuple(lines))
    assert parse_note(format_note(note)) == note


@given(texts)
def test_signed_notes_open(text: str) -> None:
    """What a log and a witness signed opens under their keys, whatever else stands below."""
    witness, stranger = WITNESSES[0], SigningKey(LOG_KEY.name, LOG, bytes(32))
    lines = (sign(text, stranger), sign(text, LOG_KEY), sign(text, witness, timestamp=7), sign(text, LOG_KEY))
    opened = open_note(format_note(Note(text, lines)), [WITNESSES[1].verifier, witness.verifier, LOG_KEY.verifier])
    assert opened.text == text
    assert [(each.key, each.timestamp) for each in opened.signatures] == [
        (LOG_KEY.verifier, None),
        (witness.verifier, 7),
    ]


NOTE = format_note(
    Note("ein Satz\n\nund noch einer: é\n", (sign("ein Satz\n\nund noch einer: é\n", LOG_KEY),)),
)


def test_every_bit_counts() -> None:
    """With any one bit turned, the note does not open."""
    open_note(NOTE, [LOG_KEY.verifier])
    for bit in range(8 * len(NOTE)):
        bad = bytearray(NOTE)
        bad[bit // 8] ^= 1 << bit % 8
        assert is_refused(open_note, bad, [LOG_KEY.verifier])


@given(st.integers(0, len(NOTE)), st.integers(0, 8), st.binary(max_size=8))
@example(0, 0, b"\xef\xbb\xbf")
@example(len(NOTE), 0, b"\n")
def test_altered_notes_are_refused_and_never_fail_otherwise(at: int, cut: int, more: bytes) -> None:
    """Whatever is cut out or put in, the note does not open, and no error but ours is raised."""
    bad = NOTE[:at] + more + NOTE[at + cut :]
    assert (bad == NOTE) != is_refused(open_note, bad, [LOG_KEY.verifier])


@given(st.binary(max_size=200))
def test_what_is_no_note_is_refused(data: bytes) -> None:
    """Any other bytes are refused."""
    assert is_refused(parse_note, data)


def test_signatures_are_limited() -> None:
    """A hundred signatures are read, and one more is not; a note of a million bytes is read, and one more is not."""
    one = sign("a\n", LOG_KEY)
    assert len(parse_note(format_note(Note("a\n", (one,) * 100))).signatures) == 100
    with pytest.raises(Refused):
        format_note(Note("a\n", (one,) * 101))
    with pytest.raises(VerificationFailed, match="101 signatures"):
        parse_note(NOTE + NOTE.splitlines(keepends=True)[-1] * 100)
    room = 1_000_000 - len(sign_note("\n", LOG_KEY))
    assert len(sign_note("a" * room + "\n", LOG_KEY)) == 1_000_000
    with pytest.raises(Refused):
        sign_note("a" * (room + 1) + "\n", LOG_KEY)
    with pytest.raises(VerificationFailed, match="1000001 bytes"):
        parse_note(b"a" + sign_note("a" * room + "\n", LOG_KEY))


@pytest.mark.parametrize("text", ["", "a", "a\r\n", "a\tb\n", "\0\n", "\ud800\n"])
def test_no_note_holds_such_a_text(text: str) -> None:
    """A text ends in LF and has no other control character, nor half a surrogate pair."""
    with pytest.raises(Refused):
        sign(text, LOG_KEY)


@pytest.mark.parametrize("text", ["a\r\n", "a\tb\n", "\0\n", "\x1f\n"])
def test_a_text_with_control_characters_is_not_opened(text: str) -> None:
    """A control character is refused even where a known key signed it."""
    line = format_signature(Signature(LOG_KEY.name, LOG_KEY.verifier.key_id, LOG_KEY.sign(text)))
    with pytest.raises(VerificationFailed, match="control character"):
        open_note(f"{text}\n{line}".encode(), [LOG_KEY.verifier])


@pytest.mark.parametrize("bad", [("a b", bytes(4), b"x"), ("a", bytes(3), b"x"), ("a", bytes(4), b"")])
def test_no_line_for_what_is_no_signature(bad: tuple[str, bytes, bytes]) -> None:
    """What could not be read back is not written."""
    with pytest.raises(Refused, match="cannot sign so"):
        format_note(Note("a\n", (Signature(*bad),)))
    with pytest.raises(Refused, match="1 to 100 signatures, not 0"):
        format_note(Note("a\n", ()))


def test_a_time_beyond_all_times_is_refused() -> None:
    """A cosignature of 2^63 seconds or more is not good, even where the witness signed it."""
    seed, text, timestamp = WITNESSES[0].seed, "a\n", 2**63
    message = f"cosignature/v1\ntime {timestamp}\n{text}".encode()
    value = timestamp.to_bytes(8, "big") + Ed25519PrivateKey.from_private_bytes(seed).sign(message)
    with pytest.raises(VerificationFailed, match="out of range"):
        WITNESSES[0].verifier.check(text, value)


def test_keys_sign_as_their_type_does() -> None:
    """A witness signs with a time from 1 to 2^63 - 1, a log without any."""
    for key, timestamp in [(LOG_KEY, 5), (WITNESSES[0], None), (WITNESSES[0], 0), (WITNESSES[0], 2**63)]:
        with pytest.raises(Refused):
            sign("a\n", key, timestamp=timestamp)
    assert timestamp_of(sign("a\n", WITNESSES[0], timestamp=2**63 - 1).value) == 2**63 - 1


def test_two_keys_that_look_the_same_are_refused() -> None:
    """Two known keys of one name and id would leave open who signed: neither is believed."""

    class Twin(VerifierKey):
        key_id = LOG_KEY.verifier.key_id

    with pytest.raises(VerificationFailed, match="two known keys"):
        open_note(NOTE, [LOG_KEY.verifier, Twin(LOG_KEY.name, LOG, bytes(32))])


def cases(kind: str) -> list[Any]:
    """Return the published cases of one kind."""
    found = json.loads(published("notes.json").read_bytes())[kind]
    assert found
    assert isinstance(found, list)
    return found


def test_published_notes_are_answered_as_published() -> None:
    """Notes of Go's sumdb, of C2SP and of running logs open, or do not, as they say."""
    for case in cases("open"):
        keys = [VerifierKey.parse(vkey) for vkey in case["vkeys"]]
        assert is_refused(open_note, case["note"].encode(), keys) != case["ok"], case["name"]


def test_published_signatures_are_made_again() -> None:
    """Signing what Go's package signed gives the same bytes."""
    for case in cases("sign"):
        key = SigningKey.parse(case["skey"])
        assert key.format() == case["skey"]
        assert sign_note(case["text"], key) == case["want"].encode()


def test_published_keys_are_read_or_refused() -> None:
    """Good verifier keys are read and written as they are, bad ones refused; a cosignature's time is found."""
    for case in cases("good_vkeys"):
        assert VerifierKey.parse(case["v"]).format() == case["v"]
    for case in cases("bad_vkeys"):
        with pytest.raises(Unparsable):
            VerifierKey.parse(case["v"])
    for case in cases("cosig_timestamp"):
        assert timestamp_of(base64.b64decode(case["sig"])[4:]) == case["time"]


def test_a_cold_start_does_without_cryptography() -> None:
    """No module of this package imports the library before a signature is made or checked."""
    modules = ["keys", "note", "checkpoint", "policy", "proofs", "tiles", "tlog_proof", "witness"]
    imports = ";".join(f"import ledger.transparency.{module}" for module in modules)
    script = f"import sys;{imports};sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
