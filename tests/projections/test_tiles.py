"""Tiles kept in the views: the same as those of the whole tree, however they grew."""

from __future__ import annotations

import sqlite3
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.codec import StoredLine, format_line
from ledger.transparency.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof, root_of
from ledger.transparency.tiles import tiles_of
from ledger.transparency.tree import Tree, leaf_hash
from projections import tiles

LINES = [StoredLine(entry, "x.v1", b'{"n":%d}' % entry) for entry in range(1, 70_001)]


def upto(size: int, after: int) -> list[StoredLine]:
    """Return the lines after an entry, as far as a size."""
    return LINES[after:size]


def grown(*sizes: int) -> sqlite3.Connection:
    """Return views whose tiles were caught up at each of these sizes."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    for size in sizes:
        assert tiles.catch_up(db, partial(upto, size)) == size
    return db


def root(size: int) -> bytes:
    """Return the root of the first lines, from their bytes."""
    tree = Tree()
    tree.extend(format_line(*line) for line in LINES[:size])
    return tree.root()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 1_200), min_size=1, max_size=5).map(sorted))
def test_tiles_grow_as_they_are_made_at_once(sizes: list[int]) -> None:
    """Caught up in any steps, the tiles are those of the whole, those that tlog-tiles lists, and give its root."""
    db = grown(*sizes)
    size = sizes[-1]
    found = dict(tiles.all_tiles(db))
    assert found == dict(tiles.all_tiles(grown(size)))
    assert sorted(found) == sorted(tiles_of(size))
    assert root_of(size, tiles.nodes(db, size)) == root(size)


@pytest.mark.slow
def test_proofs_of_every_kind_come_from_tiles() -> None:
    """At 70,000 leaves, proofs at this size and at smaller ones hold, and each reads a handful of tiles."""
    db = grown(66_000, 70_000)
    for size in (1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000):
        node = tiles.nodes(db, size)
        for index in {0, size // 3, size - 1}:
            check_inclusion(
                leaf_hash(format_line(*LINES[index])), index, size, inclusion_proof(index, size, node), root(size)
            )
        assert node.reads <= 9
    for old, new in pairwise((1, 200, 256, 65_535, 65_536, 70_000)):
        check_consistency(old, new, root(old), root(new), consistency_proof(old, new, tiles.nodes(db, new)))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 700), st.data())
def test_a_flipped_bit_in_a_tile_is_found(size: int, data: st.DataObject) -> None:
    """Whatever bit of whatever tile is flipped: holding the tiles against the leaves names that tile."""
    db = grown(size)
    tree = tiles.Growing()
    computed = [pair for line in LINES[:size] for pair in tree.add(leaf_hash(format_line(*line)))]
    computed += tree.partial()
    assert tree.root() == root(size)
    assert tiles.wrong_tile(db, computed) is None
    tile, hashes = data.draw(st.sampled_from(list(tiles.all_tiles(db))))
    bit = data.draw(st.integers(0, len(hashes) * 8 - 1))
    flipped = bytearray(hashes)
    flipped[bit // 8] ^= 1 << bit % 8
    db.execute("UPDATE tiles SET hashes = ? WHERE (level, number) = (?, ?)", (bytes(flipped), tile.level, tile.number))
    assert tiles.wrong_tile(db, computed) is not None


def test_tiles_of_an_older_version_are_made_anew() -> None:
    """Whoever finds tiles of another version drops them."""
    db = grown(300)
    db.execute("UPDATE tiles_mark SET version = version - 1")
    db.execute("UPDATE tiles SET hashes = x'00'")
    tiles.catch_up(db, lambda after: LINES[after:300])
    assert dict(tiles.all_tiles(db)) == dict(tiles.all_tiles(grown(300)))
