"""Inclusion and consistency proofs, as RFC 6962 section 2.1 (and RFC 9162 section 2.1) defines them.

A proof is a list of hashes, from the leaves up to the root.  An *inclusion proof* of leaf `index` in a tree of `size`
leaves holds the sibling of each node from that leaf upward; folded with them, the leaf's hash becomes the root.  A
*consistency proof* from `old` to `new` holds the nodes of which both roots can be made: it shows that the tree of `new`
leaves begins with the `old` leaves of the other.

A node's position is its `level` (0 for leaves) and its `index` in that level, from the left: it is the root of the
2^level leaves from index × 2^level.  Only complete subtrees are ever read; what lies to the right of them is hashed
from at most one complete subtree a level.

How long a proof is follows from the sizes alone.  With `inner` the number of bits up to the highest in which `index`
and `size − 1` differ:

    inclusion     one hash for each of the lowest `inner` bits of `index`: the sibling stands left where the bit is 1;
                  then, on the right border of the tree, one hash, standing left, for each higher bit that is 1
    consistency   the same path, of leaf `old − 1` in the tree of `new`, without its lowest z levels, 2^z being the
                  largest power of two that divides `old`; and before it the complete subtree of 2^z leaves that ends
                  the old tree, unless that subtree is the old tree.  Siblings on the left belong to both roots, those
                  on the right to the new one only

A root does not say how many leaves it has: a checkpoint does.  So a proof may also hold for another `size` that asks
for the same hashes on the same sides (index 0 in trees of 3 and 4).

>>> from ledger.transparency.tree import leaf_hash, node_hash
>>> a, b, c = map(leaf_hash, [b"a", b"b", b"c"])
>>> nodes = {(0, 0): a, (0, 1): b, (0, 2): c, (1, 0): node_hash(a, b)}
>>> node = lambda level, index: nodes[level, index]
>>> root_of(3, node) == node_hash(node_hash(a, b), c)
True
>>> inclusion_proof(1, 3, node) == [a, c]
True
>>> check_inclusion(b, 1, 3, [a, c], root_of(3, node))
>>> consistency_proof(2, 3, node) == [c]
True
>>> check_consistency(2, 3, root_of(2, node), root_of(3, node), [c])
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Protocol

from ledger.errors import Refused, VerificationFailed
from ledger.transparency.spelling import HASH_BYTES, LARGEST
from ledger.transparency.tree import node_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of the tree of no leaves."""


class Nodes(Protocol):
    """Whatever knows the hashes of a tree's complete subtrees."""

    def __call__(self, level: int, index: int, /) -> bytes:
        """Return the hash of the subtree of the 2^level leaves from leaf index × 2^level."""
        ...


def root_of(size: int, node: Nodes) -> bytes:
    """Return the root of the tree of the first `size` leaves, reading a node for each bit set in `size`."""
    _must_be_size(size)
    return _root_between(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Nodes) -> list[bytes]:
    """Make the proof that a leaf is in a tree (RFC 6962, section 2.1.1), reading O(log size) nodes.

    Args:
        index: which leaf, from 0.
        size: the leaves of the tree.
        node: where the hashes of complete subtrees come from.

    Returns:
        The hashes from the leaf's sibling upward, 32 bytes each.

    Raises:
        Refused: where the tree has no such leaf.
    """
    _must_be_size(size)
    if not 0 <= index < size:
        raise Refused(f"a tree of {size} leaves has no leaf {index}: they are numbered from 0.")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_root_between(middle, end, node))
            end = middle
        else:
            path.append(_root_between(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Nodes) -> list[bytes]:
    """Make the proof that a tree only grew (RFC 6962, section 2.1.2), reading O(log new) nodes.

    Args:
        old: the leaves of the earlier tree, at least 1: of none there is nothing to prove.
        new: the leaves of the later tree.
        node: where the hashes of the later tree's complete subtrees come from.

    Returns:
        The hashes, 32 bytes each; none where the sizes are equal.

    Raises:
        Refused: where the sizes are not those of a tree that grew.
    """
    _must_be_size(new)
    if not 0 < old <= new:
        raise Refused(f"there is no consistency proof from {old} leaves to {new}.")
    path, start, end = [], 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_root_between(middle, end, node))
            end = middle
        else:
            path.append(_root_between(start, middle, node))
            start = middle
    if start:
        path.append(_root_between(start, end, node))
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf's hash and its inclusion proof lead to (RFC 9162, section 2.1.3.2).

    Raises:
        VerificationFailed: where the tree has no such leaf, or the path is not as long as it must be.
    """
    if not 0 <= index < size <= LARGEST:
        raise VerificationFailed(f"a tree of {size} leaves has no leaf {index}.")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _must_be_hashes("the leaf's hash", [leaf])
    _must_be_path("inclusion", path, inner + border)
    node = leaf
    for level, sibling in enumerate(path):
        is_left = level >= inner or index >> level & 1
        node = node_hash(sibling, node) if is_left else node_hash(node, sibling)
    return node


def check_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf is in the tree of a root.

    Args:
        leaf_hash: the hash of the leaf, not its bytes.
        index: which leaf it is said to be, from 0.
        size: the leaves of the tree.
        path: the inclusion proof.
        root: the root of the tree.

    Raises:
        VerificationFailed: where the proof does not show it.
    """
    if root_from_inclusion(leaf_hash, index, size, path) != root:
        raise VerificationFailed(f"the inclusion proof of leaf {index} does not lead to the root of {size} leaves.")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Check that the tree of one root begins with the tree of another (RFC 9162, section 2.1.4.2).

    From size 0 nothing can be shown, since every tree begins with the empty one: whoever starts there must say so
    (`ledger.transparency.witness` does).

    Args:
        old: the leaves of the earlier tree, at least 1.
        new: the leaves of the later tree.
        old_root: the root of the earlier tree.
        new_root: the root of the later tree.
        path: the consistency proof.

    Raises:
        VerificationFailed: where the proof does not show it.
    """
    if not 0 < old <= new <= LARGEST:
        raise VerificationFailed(f"no proof can show that a tree grew from {old} leaves to {new}.")
    _must_be_hashes("each root", [old_root, new_root])
    if old == new:
        _must_be_path("consistency", path, 0)
        if old_root != new_root:
            raise VerificationFailed(f"two trees of {old} leaves have different roots: the history was forked.")
        return
    common = (old & -old).bit_length() - 1
    inner = ((old - 1) ^ (new - 1)).bit_length() - common
    border = ((old - 1) >> (inner + common)).bit_count()
    is_whole = old == 1 << common
    _must_be_path("consistency", path, inner + border + (not is_whole))
    first, *rest = [old_root, *path] if is_whole else path
    below, above = first, first
    for level, sibling in enumerate(rest, start=common):
        if level >= inner + common or (old - 1) >> level & 1:
            below, above = node_hash(sibling, below), node_hash(sibling, above)
        else:
            above = node_hash(above, sibling)
    if below != old_root:
        raise VerificationFailed(f"the consistency proof does not lead to the root of the earlier {old} leaves.")
    if above != new_root:
        raise VerificationFailed(f"the consistency proof does not lead to the root of the later {new} leaves.")


def _split(leaves: int) -> int:
    """Return the largest power of two below a number of leaves, at least 2: where a tree of so many splits."""
    return 1 << (leaves - 1).bit_length() - 1


def _root_between(start: int, end: int, node: Nodes) -> bytes:
    """Return the root of the leaves from `start` to before `end`, a subtree of the whole as `_split` makes them."""
    found, levels = None, range((end - start).bit_length())
    for level in levels:
        if (end - start) >> level & 1:
            left = node(level, (end >> level) - 1)
            found = left if found is None else node_hash(left, found)
    assert found is not None  # noqa: S101 - start < end
    return found


def _must_be_size(size: int) -> None:
    if not 0 <= size <= LARGEST:
        raise Refused(f"no tree has {size} leaves.", hint="a size lies between 0 and 2^63 - 1.")


def _must_be_path(kind: str, path: Sequence[bytes], length: int) -> None:
    if len(path) != length:
        raise VerificationFailed(f"the {kind} proof has {len(path)} hashes, and must have {length}.")
    _must_be_hashes(f"each hash of the {kind} proof", path)


def _must_be_hashes(what: str, hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise VerificationFailed(f"{what} must have {HASH_BYTES} bytes.")
