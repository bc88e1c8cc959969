"""Tiles: the layout that others expect, and proofs that read a handful of them."""

from __future__ import annotations

import base64
import doctest
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ledger.transparency.tiles
from ledger.errors import Refused, Unparsable, VerificationFailed
from ledger.transparency.checkpoint import open_checkpoint
from ledger.transparency.keys import VerifierKey
from ledger.transparency.proofs import (
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    root_of,
)
from ledger.transparency.tiles import (
    ENTRIES,
    Tile,
    TileReader,
    fold,
    format_entries,
    parse_entries,
    parse_tile_path,
    part_of,
    tile_path,
    tiles_needed,
    tiles_of,
)
from ledger.transparency.tree import leaf_hash
from tests.ledger.transparency.trees import LEAVES, is_refused, node, published, read_tile, root

sizes = st.one_of(st.integers(1, 600), st.integers(1, LEAVES))


def test_worked_examples_run() -> None:
    """The examples in the specification are true."""
    tried = doctest.testmod(ledger.transparency.tiles)
    assert tried.failed == 0
    assert tried.attempted > 0


@given(st.builds(Tile, st.integers(ENTRIES, 63), st.integers(0, 2**63 - 1), st.integers(1, 256)))
def test_paths_come_back(tile: Tile) -> None:
    """Every tile has a path, which names it."""
    assert parse_tile_path(tile_path(*tile)) == tile


PATHS = st.text("tile/nrsx0123456789.p-+ ", max_size=30)


@given(st.one_of(PATHS, PATHS.map("tile/0/{}".format), st.text(max_size=30)))
@example("tile/0/x000/001")
@example("tile/00/001")
@example("tile/0/1")
@example("tile/0/001.p/0")
@example("tile/0/001.p/256")
@example("tile/64/001")
@example("tile/0/x009/x223/x372/x036/x854/x775/808")
@example("tile/0/001\n")
@example("tile/0/\u0660\u0660\u0661")
def test_a_path_has_one_spelling(path: str) -> None:
    """Another text either names a tile whose path it is, or none."""
    try:
        tile = parse_tile_path(path)
    except Unparsable:
        return
    assert tile_path(*tile) == path


@pytest.mark.parametrize("tile", [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0), (0, 0, 257)])
def test_no_path_for_what_is_no_tile(tile: tuple[int, int, int]) -> None:
    """A place where no tile can be has no path."""
    with pytest.raises(Refused):
        tile_path(*tile)


@given(sizes, st.data())
def test_tiles_hold_the_tree(size: int, data: st.DataObject) -> None:
    """A tree's tiles are those that its size asks for; each full one makes one hash of the level above."""
    tiles = list(tiles_of(size))
    for level in range(-(-size.bit_length() // 8)):
        row = [tile for tile in tiles if tile.level == level]
        assert sum(tile.width for tile in row) == size >> 8 * level
        assert [tile.number for tile in row] == list(range(len(row)))
        assert all(tile.width == 256 for tile in row[:-1])
    full = [tile for tile in tiles if tile.width == 256]
    if full:
        tile = data.draw(st.sampled_from(full))
        above = Tile(tile.level + 1, tile.number // 256, tile.number % 256 + 1)
        assert fold(read_tile(*tile)) == read_tile(*above)[-32:]
    before = data.draw(st.integers(0, size))
    assert set(tiles_of(size, since=before)) == set(tiles) - set(tiles_of(before))


@given(sizes, st.data())
def test_proofs_from_tiles_are_those_from_nodes(size: int, data: st.DataObject) -> None:
    """The same roots and proofs come from tiles, which are read once each, and no others than were foretold."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    asked: list[Tile] = []

    def reading(level: int, number: int, width: int, /) -> bytes:
        asked.append(Tile(level, number, width))
        return read_tile(level, number, width)

    reader = TileReader(reading, size)
    assert inclusion_proof(index, size, reader) == inclusion_proof(index, size, node)
    assert reader.tiles == tiles_needed(size, [index])
    assert consistency_proof(old, size, reader) == consistency_proof(old, size, node)
    assert reader.tiles == tiles_needed(size, [index], [old])
    assert root_of(size, reader) == root(size)
    assert reader.tiles == tiles_needed(size, [index], [old], root=True) == sorted(set(asked))
    assert reader.reads == len(asked)
    assert reader.reads <= 4 * -(-size.bit_length() // 8)
    assert set(asked) <= set(tiles_of(size))


def test_a_handful_of_tiles_proves_a_leaf_of_a_million() -> None:
    """Of a million leaves, each level of tiles gives at most two to a proof: its own, and the last one."""
    for index in range(0, 1_000_000, 997):
        assert len(tiles_needed(1_000_000, [index])) <= 5
    assert len(tiles_needed(10**18, [10**17], [10**16])) <= 24


def test_a_tile_of_another_length_is_refused() -> None:
    """A tile must be as long as its width says; what was refused once is read again, not remembered."""
    answers = iter([bytes(31), bytes(32 * 257), b"", read_tile(0, 0, 256)])
    reader = TileReader(lambda *_: next(answers), 300)
    for _ in range(3):
        with pytest.raises(VerificationFailed, match=r"tile/0/000 has \d+ bytes, and must have 8192\."):
            reader.node(0, 5)
    assert reader.node(0, 5) == node(0, 5)
    assert reader.node(3, 5) == node(3, 5)
    assert reader.reads == 1


@pytest.mark.parametrize(("level", "index"), [(0, 300), (0, -1), (-1, 0), (8, 1), (3, 37), (64, 0), (10**9, 0)])
def test_a_tree_has_no_other_nodes(level: int, index: int) -> None:
    """A subtree that is not complete, or not there, lies in no tile."""
    with pytest.raises(Refused, match="no complete subtree"):
        part_of(level, index, 300)


def test_hostile_sizes_are_refused_before_anything_is_read() -> None:
    """A size beyond what a checkpoint can say has no tiles."""
    for size in (-1, 2**63, 10**30):
        assert is_refused(next, tiles_of(size))
        assert is_refused(tiles_needed, size, [0])
    assert next(tiles_of(2**63 - 1)) == Tile(0, 0, 256)


entries = st.lists(st.binary(max_size=300), min_size=1, max_size=256)


@given(entries, st.data())
def test_entries_come_back_from_their_bundle(leaves: list[bytes], data: st.DataObject) -> None:
    """A bundle gives back its entries; cut anywhere, or with a byte more, it is refused."""
    bundle = format_entries(leaves)
    assert parse_entries(bundle, len(leaves)) == leaves
    assert is_refused(parse_entries, bundle[: data.draw(st.integers(0, len(bundle) - 1))], len(leaves))
    assert is_refused(parse_entries, bundle + b"\0", len(leaves))
    assert is_refused(parse_entries, bundle, len(leaves) + 1)
    assert is_refused(parse_entries, bundle, len(leaves) - 1)


@pytest.mark.parametrize("leaves", [[], [b""] * 257, [bytes(65_536)]])
def test_no_bundle_for_what_does_not_fit(leaves: list[bytes]) -> None:
    """A bundle holds 1 to 256 entries of at most 65,535 bytes."""
    with pytest.raises(Refused):
        format_entries(leaves)
    assert parse_entries(format_entries([bytes(65_535)]), 1) == [bytes(65_535)]


KEY = VerifierKey.parse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")


def test_a_log_of_another_implementation_is_read() -> None:
    """Of Tessera's test log, each entry, tile, root and signature holds, and each size grows out of each before it."""
    folder = published("tessera-testlog", "testdata", "log")
    found = [open_checkpoint((folder / f"checkpoint.{size}").read_bytes(), KEY).checkpoint for size in range(16)]
    assert [checkpoint.size for checkpoint in found] == list(range(16))
    assert open_checkpoint((folder / "checkpoint").read_bytes(), KEY).checkpoint == found[-1]

    def reading(level: int, number: int, width: int, /) -> bytes:
        return (folder / tile_path(level, number, width)).read_bytes()

    for checkpoint in found[1:]:
        size = checkpoint.size
        leaves = parse_entries(reading(ENTRIES, 0, size), size)
        reader = TileReader(reading, size)
        assert root_of(size, reader) == checkpoint.root
        for index, leaf in enumerate(leaves):
            path = inclusion_proof(index, size, reader)
            check_inclusion(leaf_hash(leaf), index, size, path, checkpoint.root)
        for old in found[1 : size + 1]:
            path = consistency_proof(old.size, size, reader)
            check_consistency(old.size, size, old.root, checkpoint.root, path)
        assert reader.reads == 1
    for old, new in pairwise(found[1:]):
        assert is_refused(check_consistency, old.size, new.size, new.root, old.root, [])
    assert base64.b64encode(found[0].root) == b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
