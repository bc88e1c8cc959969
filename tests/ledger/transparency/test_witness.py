"""Witnesses: what they are asked, and what they refuse to cosign."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ledger.transparency.witness
from ledger.errors import Refused, StateChanged, VerificationFailed
from ledger.transparency.checkpoint import (
    Checkpoint,
    check_cosignature,
    cosign,
    format_checkpoint,
    sign_checkpoint,
)
from ledger.transparency.keys import LOG, SigningKey
from ledger.transparency.proofs import consistency_proof
from ledger.transparency.witness import Known, Request, decide, format_request, growth_proof, parse_request
from tests.ledger.transparency.trees import LEAVES, LOG_KEY, WITNESSES, is_refused, node, root

VERIFIER = LOG_KEY.verifier


def checkpoint(size: int, top: bytes | None = None) -> bytes:
    """Return the log's signed checkpoint of a size."""
    return sign_checkpoint(Checkpoint(LOG_KEY.name, size, root(size) if top is None else top), LOG_KEY)


def request(old: int, new: int) -> Request:
    """Return what an honest log asks."""
    return Request(old, growth_proof(old, new, node), checkpoint(new))


def test_worked_examples_run() -> None:
    """The examples in the specification are true."""
    tried = doctest.testmod(ledger.transparency.witness)
    assert tried.failed == 0
    assert tried.attempted > 0


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
    st.integers(0, 600),
)
def test_requests_come_back(old: int, path: tuple[bytes, ...], size: int) -> None:
    """A request that is written is read as it was."""
    asked = Request(old, path, checkpoint(size))
    assert parse_request(format_request(asked)) == asked


@given(st.lists(st.integers(0, LEAVES), min_size=1, max_size=6).map(sorted))
def test_an_honest_log_is_cosigned_all_along(sizes: list[int]) -> None:
    """A log that only grows, or stands still, is cosigned at each size, by files that went through the mail."""
    known: Known | None = None
    for size in sizes:
        asked = request(known.size if known else 0, size)
        found = decide(parse_request(format_request(asked)), VERIFIER, known)
        text = format_checkpoint(found)
        assert check_cosignature(text, cosign(text, WITNESSES[0], 1 + size), WITNESSES[0].verifier) == 1 + size
        known = Known(found.size, found.root)


def test_another_start_is_refused_and_the_right_one_named() -> None:
    """A request from another size than the one that the witness knows is told that size."""
    for old in (0, 3, 6):
        with pytest.raises(
            StateChanged, match=rf"starts at size {old}, and this witness knows \S+ at size 5"
        ) as caught:
            decide(request(old, 9), VERIFIER, Known(5, root(5)))
        assert caught.value.hint == "ask the log for a request from size 5."
    with pytest.raises(StateChanged, match=r"knows \S+ at size 0"):
        decide(request(5, 9), VERIFIER, None)


def test_a_smaller_tree_is_refused() -> None:
    """A log that was set back is not cosigned, from whatever size it starts."""
    for asked in (request(0, 5), request(3, 5), Request(9, (), checkpoint(5))):
        with pytest.raises(
            VerificationFailed, match="a tree of 5 leaves, and one of 9 leaves is known here: it is smaller"
        ):
            decide(asked, VERIFIER, Known(9, root(9)))


def test_a_fork_is_called_one() -> None:
    """A tree of as many leaves with another root is said to be a fork, from whatever size the request starts."""
    for old in (0, 5, 9):
        with pytest.raises(VerificationFailed, match="FORK") as caught:
            decide(Request(old, (), checkpoint(9, root(8))), VERIFIER, Known(9, root(9)))
        assert "keep both" in str(caught.value.hint)


def test_a_rewritten_history_is_refused() -> None:
    """A larger tree that does not begin with the one that is known is not cosigned."""
    for known, new in [(root(4), root(9)), (root(5), root(10))]:
        asked = Request(5, tuple(consistency_proof(5, 9, node)), checkpoint(9, new))
        with pytest.raises(VerificationFailed, match="did not show that its tree of 9 leaves begins with the 5"):
            decide(asked, VERIFIER, Known(5, known))
    with pytest.raises(VerificationFailed, match="has 0 hashes, and must have 5"):
        decide(Request(5, (), checkpoint(9)), VERIFIER, Known(5, root(5)))


def test_the_log_must_have_signed() -> None:
    """A checkpoint of another log, or under another origin, is not cosigned."""
    with pytest.raises(VerificationFailed, match="no known key"):
        decide(request(0, 5), SigningKey(LOG_KEY.name, LOG, bytes(32)).verifier, None)


def test_from_nothing_there_is_nothing_to_prove() -> None:
    """From size 0 the proof is empty, and the root of a tree of none is that of none."""
    assert decide(request(0, 0), VERIFIER, None).size == 0
    assert decide(request(0, 0), VERIFIER, Known(0, root(0))).size == 0
    assert decide(request(0, 9), VERIFIER, (0, root(0))).size == 9
    with pytest.raises(VerificationFailed, match="must hold no proof"):
        decide(Request(0, (bytes(32),), checkpoint(9)), VERIFIER, None)
    with pytest.raises(VerificationFailed, match="must hold no proof"):
        decide(Request(0, (bytes(32),), checkpoint(0)), VERIFIER, None)
    with pytest.raises(VerificationFailed, match="root that is not that of none"):
        decide(Request(0, (), checkpoint(0, bytes(32))), VERIFIER, None)
    with pytest.raises(VerificationFailed, match="has 1 hashes, and must have 0"):
        decide(Request(9, (bytes(32),), checkpoint(9)), VERIFIER, Known(9, root(9)))


FILE = format_request(request(5, 11))


def answered(data: bytes) -> Checkpoint:
    """Return what a witness that knows five leaves would cosign."""
    return decide(parse_request(data), VERIFIER, Known(5, root(5)))


def test_every_bit_counts() -> None:
    """With any one bit turned, the request is refused."""
    assert answered(FILE).size == 11
    for bit in range(8 * len(FILE)):
        bad = bytearray(FILE)
        bad[bit // 8] ^= 1 << bit % 8
        assert is_refused(answered, bytes(bad))


@given(st.integers(0, len(FILE)), st.integers(0, 9), st.binary(max_size=9))
@example(0, 0, b"\xef\xbb\xbf")
@example(4, 0, b"0")
@example(0, 6, b"")
def test_altered_requests_are_refused_and_never_fail_otherwise(at: int, cut: int, more: bytes) -> None:
    """Whatever is cut out or put in, the witness refuses, and no error but ours is raised."""
    bad = FILE[:at] + more + FILE[at + cut :]
    assert (bad == FILE) != is_refused(answered, bad)


@given(st.binary(max_size=99), st.binary(max_size=99))
def test_what_is_no_request_is_refused(above: bytes, below: bytes) -> None:
    """Any other bytes are refused, and so is a proof of more than 63 hashes."""
    assert is_refused(parse_request, above + b"\n\n" + below)
    assert is_refused(parse_request, b"old 5\n" + b"%s\n" % (b"A" * 43 + b"=") * 64 + b"\n" + checkpoint(9))


@pytest.mark.parametrize("bad", [(-1, ()), (2**63, ()), (1, (bytes(33),)), (1, (bytes(32),) * 64)])
def test_no_file_for_what_is_no_request(bad: tuple[int, tuple[bytes, ...]]) -> None:
    """What could not be read back is not written."""
    with pytest.raises(Refused):
        format_request(Request(*bad, checkpoint(5)))
    with pytest.raises(VerificationFailed):
        format_request(Request(0, (), b"no checkpoint\n"))
