"""Proofs: what they show, and that nothing else passes for one."""

from __future__ import annotations

import base64
import doctest
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.transparency.proofs
import ledger.transparency.spelling
from ledger.errors import Refused, VerificationFailed
from ledger.transparency.proofs import (
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    root_from_inclusion,
    root_of,
)
from ledger.transparency.tree import Tree
from tests.ledger.transparency.trees import LEAVES, is_refused, line, node, published, root

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = 70
"""Sizes up to here are all tried, or drawn often."""
sizes = st.one_of(st.integers(1, SMALL), st.integers(1, LEAVES))


@pytest.mark.parametrize("module", [ledger.transparency.proofs, ledger.transparency.spelling])
def test_worked_examples_run(module) -> None:
    """The examples in the specifications are true."""
    tried = doctest.testmod(module)
    assert tried.failed == 0
    assert tried.attempted > 0


def test_roots_are_those_of_the_tree_that_grows() -> None:
    """From nodes comes the root that the tree of the journal's lines has, at every size."""
    tree = Tree()
    assert root_of(0, node) == tree.root()
    for size in range(1, 600):
        tree.add(line(size - 1))
        assert root_of(size, node) == tree.root()


def test_every_small_proof_holds() -> None:
    """In every tree of a few leaves, each leaf is shown to be in it, and each smaller tree to be its beginning."""
    for size in range(1, SMALL):
        for index in range(size):
            check_inclusion(node(0, index), index, size, inclusion_proof(index, size, node), root(size))
        for old in range(1, size + 1):
            check_consistency(old, size, root(old), root(size), consistency_proof(old, size, node))


@given(sizes, st.data())
def test_proofs_hold(size: int, data: st.DataObject) -> None:
    """What is made from a tree's nodes checks against its roots, and reads no more nodes than twice its levels."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    asked: list[tuple[int, int]] = []

    def asking(level: int, number: int, /) -> bytes:
        asked.append((level, number))
        return node(level, number)

    path = inclusion_proof(index, size, asking)
    check_inclusion(node(0, index), index, size, path, root(size))
    assert root_from_inclusion(node(0, index), index, size, path) == root(size)
    assert len(asked) <= 2 * size.bit_length()
    asked.clear()
    check_consistency(old, size, root(old), root(size), consistency_proof(old, size, asking))
    assert len(asked) <= 2 * size.bit_length()
    assert all((number + 1) << level <= size for level, number in asked)


def flipped(data: bytes, bit: int) -> bytes:
    """Return bytes with one bit turned."""
    return (int.from_bytes(data, "big") ^ 1 << bit % (8 * len(data))).to_bytes(len(data), "big")


def harmed(path: list[bytes], bit: int) -> Iterator[list[bytes]]:
    """Yield a proof with one bit of each hash turned, with each left out, doubled, cut, or swapped for the next."""
    for at, each in enumerate(path):
        yield [*path[:at], flipped(each, bit), *path[at + 1 :]]
        yield [*path[:at], *path[at + 1 :]]
        yield [*path[:at], each, *path[at:]]
        yield [*path[:at], each[:-1], *path[at + 1 :]]
        if at:
            yield [*path[: at - 1], each, path[at - 1], *path[at + 1 :]]
    yield [*path, bytes(32)]
    yield [bytes(32), *path]


@given(sizes, st.integers(0, 255), st.data())
def test_one_harmed_bit_is_refused(size: int, bit: int, data: st.DataObject) -> None:
    """One bit of a hash or a root is enough, and so is a hash too many, too few, too short or out of place."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    leaf, top, first = node(0, index), root(size), root(old)
    path = inclusion_proof(index, size, node)
    for bad in harmed(path, bit):
        assert is_refused(check_inclusion, leaf, index, size, bad, top)
    assert is_refused(check_inclusion, flipped(leaf, bit), index, size, path, top)
    assert is_refused(check_inclusion, leaf, index, size, path, flipped(top, bit))
    path = consistency_proof(old, size, node)
    for bad in harmed(path, bit):
        assert is_refused(check_consistency, old, size, first, top, bad)
    assert is_refused(check_consistency, old, size, flipped(first, bit), top, path)
    assert is_refused(check_consistency, old, size, first, flipped(top, bit), path)


def split(size: int) -> int:
    """Return the largest power of two below a size, as the RFC words it."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def sides(index: int, size: int) -> str | None:
    """Say on which side each hash of an inclusion proof stands, by the definition of the RFC."""
    if not 0 <= index < size:
        return None
    found = ""
    while size > 1:
        half = split(size)
        found = ("R" if index < half else "L") + found
        index, size = (index, half) if index < half else (index - half, size - half)
    return found


def shape(old: int, new: int, *, whole: bool = True) -> str | None:
    """Say the same of a consistency proof; S stands for the old subtree that it begins with."""
    if not 0 < old <= new:
        return None
    found = ""
    while old != new:
        half = split(new)
        found = ("R" if old <= half else "L") + found
        if old <= half:
            new = half
        else:
            old, new, whole = old - half, new - half, False
    return found if whole else "S" + found


@given(sizes, st.data())
def test_another_index_or_size_is_refused(size: int, data: st.DataObject) -> None:
    """One bit of an index or size is enough, but where the other size asks for the same hashes on the same sides.

    A root does not say of how many leaves it is: a checkpoint does, which signs both.
    """
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    leaf, top, first = node(0, index), root(size), root(old)
    path, grown = inclusion_proof(index, size, node), consistency_proof(old, size, node)
    for bit in range(64):
        other = index ^ 1 << bit
        assert is_refused(check_inclusion, leaf, other, size, path, top)
        other = size ^ 1 << bit
        same = sides(index, other) == sides(index, size) and other < 2**63
        assert is_refused(check_inclusion, leaf, index, other, path, top) != same
        same = shape(old, other) == shape(old, size) and other < 2**63
        assert is_refused(check_consistency, old, other, first, top, grown) != same
        other = old ^ 1 << bit
        assert is_refused(check_consistency, other, size, first, top, grown)


@pytest.mark.parametrize("size", [0, -1, 10**18, 2**63 - 1, 2**63, 10**30])
def test_hostile_sizes_cost_nothing(size: int) -> None:
    """A size that no tree has here is refused, or handled in as many steps as it has bits."""
    some = [bytes(32)] * 64
    for index in (-1, 0, size - 1, size):
        assert is_refused(check_inclusion, bytes(32), index, size, some, bytes(32))
        assert is_refused(check_consistency, index, size, bytes(32), b"1" * 32, some)
    if 0 < size < 2**63:
        assert len(inclusion_proof(size // 3, size, lambda *_: bytes(32))) == size.bit_length()
        assert len(consistency_proof(size // 3, size, lambda *_: bytes(32))) <= size.bit_length() + 1
    else:
        with pytest.raises(Refused):
            inclusion_proof(0, size, node)
        with pytest.raises(Refused):
            consistency_proof(1, size, node)


def test_there_is_nothing_to_prove_from_an_empty_tree() -> None:
    """From size 0 a proof is neither made nor believed; between equal sizes it is empty, and the roots are equal."""
    with pytest.raises(Refused, match="no consistency proof from 0 leaves to 3"):
        consistency_proof(0, 3, node)
    with pytest.raises(VerificationFailed, match="grew from 0 leaves"):
        check_consistency(0, 3, root(0), root(3), [])
    assert consistency_proof(3, 3, node) == []
    with pytest.raises(VerificationFailed, match="the history was forked"):
        check_consistency(3, 3, root(3), root(4), [])


OURS = {
    "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json": (
        "its roots have 12 bytes: no SHA-256 has, and a root of another length is refused before anything else"
    ),
}
"""Published cases that are answered otherwise here, with the reason."""


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_published_cases_are_answered_as_published(kind: str) -> None:
    """Each proof of transparency-dev's vectors is accepted or refused as they say, but those listed in `OURS`."""
    folder = published("transparency-dev-merkle", "testdata", kind)
    seen, otherwise = 0, set()
    for file in sorted(folder.rglob("*.json")):
        case = json.loads(file.read_bytes())
        found = {
            key: base64.b64decode(value) for key, value in case.items() if isinstance(value, str) and key != "desc"
        }
        path = [base64.b64decode(each) for each in case["proof"] or []]
        if kind == "inclusion":
            refused = is_refused(
                check_inclusion, found["leafHash"], case["leafIdx"], case["treeSize"], path, found["root"]
            )
        else:
            refused = is_refused(check_consistency, case["size1"], case["size2"], found["root1"], found["root2"], path)
        seen += 1
        if refused != case["wantErr"]:
            otherwise.add(file.relative_to(folder.parent).as_posix())
    assert seen > 80
    assert otherwise == {name for name in OURS if name.startswith(kind)}
