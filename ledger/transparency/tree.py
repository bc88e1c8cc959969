"""The Merkle tree over the journal's lines, as RFC 6962 section 2.1 (and RFC 9162 section 2.1.1) defines it.

    leaf(line)        = SHA-256(0x00 ‖ line)
    node(left, right) = SHA-256(0x01 ‖ left ‖ right)

A tree of n leaves splits at the largest power of two below n; the tree of none has the root SHA-256("").  Leaf index =
entry number − 1, and the line is hashed without its LF.

>>> tree = Tree()
>>> tree.root_base64()
'47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
>>> tree.add(b"")
>>> tree.root().hex()[:16]
'6e340b9cffb37a98'
"""

from __future__ import annotations

import base64
import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHUNK: Final = 1_024
"""Leaves that are hashed at a time: a power of two."""


def leaf_hash(line: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and remembers only the roots of its complete subtrees: O(log n) memory."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []
        """The roots of the complete subtrees, largest first: one for each bit that is set in `size`."""

    def add(self, line: bytes) -> None:
        """Append a leaf."""
        self._push(leaf_hash(line), 1)

    def add_leaf(self, leaf: bytes) -> None:
        """Append a leaf whose hash is known."""
        self._push(leaf, 1)

    def extend(self, lines: Iterable[bytes]) -> None:
        """Append many leaves, level by level in chunks of a power of two: the same tree, in less time."""
        each, sha256 = iter(lines), hashlib.sha256
        while chunk := list(islice(each, _CHUNK - self.size % _CHUNK)):
            if len(chunk) < _CHUNK:
                for line in chunk:
                    self.add(line)
                continue
            level = [sha256(b"\x00" + line).digest() for line in chunk]
            while len(level) > 1:
                level = [
                    sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)
                ]
            self._push(level[0], _CHUNK)

    def _push(self, node: bytes, leaves: int) -> None:
        """Append the root of a complete subtree of a power of two of leaves, which the size is a multiple of."""
        size = self.size // leaves
        while size & 1:
            node = node_hash(self._subtrees.pop(), node)
            size >>= 1
        self._subtrees.append(node)
        self.size += leaves

    def root(self) -> bytes:
        """Return the root of the leaves so far."""
        if not self._subtrees:
            return hashlib.sha256(b"").digest()
        node = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            node = node_hash(left, node)
        return node

    def root_base64(self) -> str:
        """Return the root as base64, as it is printed."""
        return base64.b64encode(self.root()).decode()
