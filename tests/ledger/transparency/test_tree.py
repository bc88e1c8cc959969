"""What the tree promises: the roots that RFC 6962 defines, as other people's logs compute them."""

from __future__ import annotations

import base64
import doctest
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.transparency.tree
from ledger.transparency.tree import Tree, leaf_hash, node_hash

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "vectors"


def root_of(leaves: list[bytes]) -> bytes:
    """Compute the Merkle tree hash as RFC 6962, section 2.1, words it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def test_worked_example_runs() -> None:
    """The example in the specification is true."""
    assert doctest.testmod(ledger.transparency.tree).failed == 0


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_roots_are_those_of_the_rfc(leaves: list[bytes]) -> None:
    """After every leaf, the root is that of the recursive definition, and asking for it changes nothing."""
    tree = Tree()
    assert tree.root() == root_of([])
    for size, leaf in enumerate(leaves, start=1):
        tree.add(leaf)
        assert tree.size == size
        assert tree.root() == tree.root() == root_of(leaves[:size])
        assert base64.b64decode(tree.root_base64()) == tree.root()
        assert len(tree._subtrees) == size.bit_count()


REFERENCE = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency() -> None:
    """The eight leaves of the Certificate Transparency project's own tests give its eight roots."""
    tree = Tree()
    for leaf, root in zip(REFERENCE, REFERENCE_ROOTS, strict=True):
        tree.add(leaf)
        assert tree.root().hex() == root


def test_inclusion_proofs_of_another_implementation_hold() -> None:
    """Proofs made by transparency-dev's log, folded with our hashes, reach its roots."""
    folder = VECTORS / "transparency-dev-merkle" / "testdata" / "inclusion"
    if not folder.is_dir():
        pytest.skip("the vectors are not here: ../shared/vectors")
    held = 0
    for file in sorted(folder.rglob("happy-path.json")):
        case = json.loads(file.read_bytes())
        index, size = case["leafIdx"], case["treeSize"]
        node, last = base64.b64decode(case["leafHash"]), size - 1
        for step in map(base64.b64decode, case["proof"] or []):  # RFC 9162, section 2.1.3.2
            if index & 1 or index == last:
                node = node_hash(step, node)
                while not index & 1 and index:
                    index, last = index >> 1, last >> 1
            else:
                node = node_hash(node, step)
            index, last = index >> 1, last >> 1
        assert node == base64.b64decode(case["root"]), file
        held += 1
    assert held > 0


def test_leaves_and_nodes_are_told_apart() -> None:
    """A leaf that looks like two hashes is not their node."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("before", [0, 1, 5, 1_023, 1_024])
def test_many_leaves_at_once_are_the_same_tree(before: int) -> None:
    """However leaves are added, one by one or many at a time, the root is that of the same leaves."""
    lines = [b"%d" % number for number in range(5_000)]
    for count in (0, 1, 1_023, 1_024, 1_025, 3_000):
        slowly, quickly = Tree(), Tree()
        for line in lines[: before + count]:
            slowly.add(line)
        for line in lines[:before]:
            quickly.add(line)
        quickly.extend(iter(lines[before : before + count]))
        assert (quickly.size, quickly.root()) == (slowly.size, slowly.root())
        quickly.add(b"more")
        slowly.add(b"more")
        assert quickly.root() == slowly.root()
