"""Proofs that one can mail: every byte of them counts."""

from __future__ import annotations

import doctest
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ledger.transparency.tlog_proof
from ledger.errors import Refused, VerificationFailed
from ledger.transparency.checkpoint import Checkpoint, cosign, format_checkpoint
from ledger.transparency.keys import LOG, SigningKey
from ledger.transparency.note import Note, format_note, sign
from ledger.transparency.policy import parse_policy
from ledger.transparency.proofs import inclusion_proof
from ledger.transparency.tlog_proof import TlogProof, check_tlog_proof, format_tlog_proof, parse_tlog_proof
from tests.ledger.transparency.trees import LOG_KEY, WITNESSES, is_refused, line, node, published, root

INDEX, SIZE = 5, 11
TEXT = format_checkpoint(Checkpoint(LOG_KEY.name, SIZE, root(SIZE)))
CHECKPOINT = format_note(Note(TEXT, (sign(TEXT, LOG_KEY), cosign(TEXT, WITNESSES[0], 1_679_315_147))))
PROOF = TlogProof(INDEX, tuple(inclusion_proof(INDEX, SIZE, node)), CHECKPOINT)
FILE = format_tlog_proof(PROOF)
POLICY = parse_policy(
    f"log {LOG_KEY.verifier.format()}\nwitness w {WITNESSES[0].verifier.format()}\nquorum w\n".encode()
)


def test_worked_examples_run() -> None:
    """The examples in the specification are true."""
    tried = doctest.testmod(ledger.transparency.tlog_proof)
    assert tried.failed == 0
    assert tried.attempted > 0


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
    st.binary(max_size=99),
)
def test_proofs_come_back(index: int, path: tuple[bytes, ...], extra: bytes) -> None:
    """A proof that is written is read as it was."""
    proof = TlogProof(index, path, CHECKPOINT, extra)
    assert parse_tlog_proof(format_tlog_proof(proof)) == proof


def test_a_leaf_is_shown_to_those_who_believe_the_log_or_its_witness() -> None:
    """The line, the file and a key or a policy are enough; another line, log, or quorum is refused."""
    for trust in ([LOG_KEY.verifier], POLICY):
        found = check_tlog_proof(FILE, line(INDEX), trust)
        assert (found.checkpoint.size, found.checkpoint.root) == (SIZE, root(SIZE))
    with pytest.raises(VerificationFailed, match="of leaf 5 does not lead to the root of 11 leaves"):
        check_tlog_proof(FILE, line(INDEX + 1), POLICY)
    with pytest.raises(VerificationFailed, match="no known key"):
        check_tlog_proof(FILE, line(INDEX), [SigningKey(LOG_KEY.name, LOG, bytes(32)).verifier])
    alone = format_tlog_proof(TlogProof(INDEX, PROOF.path, format_note(Note(TEXT, (sign(TEXT, LOG_KEY),)))))
    with pytest.raises(VerificationFailed, match="the quorum 'w' is not met"):
        check_tlog_proof(alone, line(INDEX), POLICY)


def test_every_bit_counts() -> None:
    """With any one bit turned, the proof is refused."""
    for bit in range(8 * len(FILE)):
        bad = bytearray(FILE)
        bad[bit // 8] ^= 1 << bit % 8
        assert is_refused(check_tlog_proof, bytes(bad), line(INDEX), POLICY)


@given(st.integers(0, len(FILE)), st.integers(0, 9), st.binary(max_size=9))
@example(0, 0, b"\xef\xbb\xbf")
@example(len(FILE), 0, b"\n")
@example(23, 0, b"extra AQ==\n")
def test_altered_proofs_are_refused_and_never_fail_otherwise(at: int, cut: int, more: bytes) -> None:
    """Whatever is cut out or put in, the proof is refused, unless it is `extra`, which nothing vouches for."""
    bad = FILE[:at] + more + FILE[at + cut :]
    if not is_refused(check_tlog_proof, bad, line(INDEX), POLICY):
        assert parse_tlog_proof(bad) == TlogProof(INDEX, PROOF.path, CHECKPOINT, parse_tlog_proof(bad).extra)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"@v1", b"@v2", "must begin with the line"),
        (b"index 5", b"extra \nindex 5", "'extra' is not bytes in base64"),
        (b"index 5", b"extra AR==\nindex 5", "'extra' is not bytes in base64"),
        (b"index 5", b"index 5\nextra AQ==", "32 bytes in base64"),
        (b"index 5", b"index 05", "no line 'index'"),
        (b"index 5", b"index 9223372036854775808", "no line 'index'"),
        (b"index 5", b"index  5", "no line 'index'"),
        (b"index 5", b"index 11", "a tree of 11 leaves has no leaf 11"),
        (b"index 5\n", b"index 5\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 60, "63 at most"),
        (b"index 5\n", b"index 5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "has 5 hashes, and must have 4"),
    ],
)
def test_what_is_no_proof_is_said_to_be_none(old: bytes, new: bytes, says: str) -> None:
    """What is wrong with a proof is said."""
    assert old in FILE
    with pytest.raises(VerificationFailed, match=says):
        check_tlog_proof(FILE.replace(old, new, 1), line(INDEX), POLICY)


@pytest.mark.parametrize(
    "proof",
    [
        TlogProof(-1, (), CHECKPOINT),
        TlogProof(2**63, (), CHECKPOINT),
        TlogProof(0, (bytes(31),), CHECKPOINT),
        TlogProof(0, (bytes(32),) * 64, CHECKPOINT),
    ],
)
def test_no_file_for_what_is_no_proof(proof: TlogProof) -> None:
    """What could not be read back is not written."""
    with pytest.raises(Refused):
        format_tlog_proof(proof)
    with pytest.raises(VerificationFailed):
        format_tlog_proof(TlogProof(0, (), b"no checkpoint\n"))


def test_published_bad_proofs_are_refused() -> None:
    """What transparency-dev's parser refuses is refused here, for the reason it is bad, not for its checkpoint."""
    cases = json.loads(published("notes.json").read_bytes())["tlog_proof_bad"]
    assert cases
    for case in cases:
        data = case["p"].encode().replace(b"\ncheckpoint\n", b"\n" + CHECKPOINT)
        assert data.endswith(CHECKPOINT)
        with pytest.raises(VerificationFailed, match=r"this is not a proof|'extra'|'index'|hashes must be"):
            parse_tlog_proof(data)
