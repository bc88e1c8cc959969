"""The row about recomputing the journal's root, against reading the same bytes and hashing each row once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.table import Row, alternately
from ledger.codec import format_line
from ledger.transparency.tree import Tree, leaf_hash, node_hash
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.stage import Stage

_REPEATS = 3
_SAMPLE = 1_000


def verify(stage: Stage) -> Iterator[Row]:
    """`Ledger.root`, on which verifying stands: each line read, made a leaf, and hashed into the tree."""
    with Ledger(stage.place) as ledger:
        agree(ledger)
        assert stage.raw.hashed() == ledger.head == stage.size
        times = alternately(ledger.root, stage.raw.hashed, _REPEATS if stage.repeats > 1 else 1)
    ours, theirs = (stage.size / seconds for seconds in times)
    what, against = "verify: recompute the root", "raw SELECT + SHA-256"
    yield Row("verify", what, against, stage.size, ours, theirs, must=0.4, aim=0.8)


def agree(ledger: Ledger) -> None:
    """Check the root of a sample against the definition of RFC 6962, word for word."""
    tree = Tree()
    leaves = []
    for line in ledger.journal.lines(0, _SAMPLE):
        tree.add(format_line(*line))
        leaves.append(leaf_hash(format_line(*line)))
    assert tree.root() == defined(leaves)
    assert tree.root_base64() == ledger.root(_SAMPLE)


def defined(leaves: Sequence[bytes]) -> bytes:
    """Return the root as RFC 6962, section 2.1 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(defined(leaves[:split]), defined(leaves[split:]))
