"""A tree to ask, keys to sign with, and where the published vectors lie: for the tests beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from ledger.errors import LedgerError
from ledger.transparency.keys import COSIGNER, LOG, SigningKey
from ledger.transparency.proofs import root_of
from ledger.transparency.tree import leaf_hash, node_hash

if TYPE_CHECKING:
    from collections.abc import Callable

VECTORS: Final = Path(__file__).resolve().parents[4] / "shared" / "vectors"

LOG_KEY: Final = SigningKey("example.com/ledger", LOG, bytes(range(32)))
WITNESSES: Final = [SigningKey(f"example.org/w{n}", COSIGNER, bytes([n + 1] * 32)) for n in range(4)]

LEAVES: Final = 70_000
"""As many as the example of tlog-tiles has: three levels of tiles, all of them ending in a partial one."""


def line(index: int) -> bytes:
    """Return a leaf; no two are alike."""
    return b"leaf %d" % index


@cache
def levels() -> list[list[bytes]]:
    """Return the hashes of all complete subtrees, level by level."""
    rows = [[leaf_hash(line(index)) for index in range(LEAVES)]]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)])
    return rows


def node(level: int, index: int, /) -> bytes:
    """Return the hash of a complete subtree."""
    return levels()[level][index]


def root(size: int) -> bytes:
    """Return the root of the first leaves."""
    return root_of(size, node)


def read_tile(level: int, number: int, width: int, /) -> bytes:
    """Return the bytes of a tile."""
    return b"".join(levels()[8 * level][number * 256 : number * 256 + width])


def published(*names: str) -> Path:
    """Return where published vectors lie, or skip the test where they are absent."""
    path = VECTORS.joinpath(*names)
    if not path.exists():
        pytest.skip("the vectors are not here: ../shared/vectors")
    return path


def is_refused(action: Callable[..., object], *arguments: object) -> bool:
    """Say whether something is refused; any other error than ours is the test's failure."""
    try:
        action(*arguments)
    except LedgerError:
        return True
    return False
