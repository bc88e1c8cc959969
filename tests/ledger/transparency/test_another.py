"""Ours held against another implementation, tlog-scales: what one makes, the other believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales import signing, tlog
from tlog_scales.reader import TilesReader
from tlog_scales.writer import TilesWriter

from ledger.transparency.checkpoint import Checkpoint, cosign, format_checkpoint, open_checkpoint
from ledger.transparency.keys import VerifierKey
from ledger.transparency.note import Note, format_note, sign
from ledger.transparency.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof, root_of
from ledger.transparency.tiles import ENTRIES, TileReader, format_entries, parse_tile_path, tile_path, tiles_of
from tests.ledger.transparency.trees import LEAVES, LOG_KEY, WITNESSES, line, node, read_tile, root

if TYPE_CHECKING:
    from pathlib import Path

sizes = st.one_of(st.integers(1, 600), st.integers(1, LEAVES))


class Served:
    """Our tree, as the other implementation asks for it: by the path of a tile."""

    def __init__(self, size: int) -> None:
        self.paths = {tile_path(*tile) for tile in tiles_of(size)}

    def get(self, *path: str) -> bytes | None:
        """Return the bytes of a tile, if the tree has it."""
        name = "/".join(path)
        return read_tile(*parse_tile_path(name)) if name in self.paths else None


def theirs(size: int) -> TilesReader:
    """Return their reader of our tiles."""
    reader = TilesReader(Served(size))
    reader.set_size(size)
    return reader


@given(sizes, st.data())
def test_proofs_of_either_hold_for_the_other(size: int, data: st.DataObject) -> None:
    """From our tiles they compute our root and make our proofs, and each believes the other's."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    reader = theirs(size)
    assert reader.calculate_root_hash() == root(size)
    inclusion = reader.get_inclusion_proof(index, size).node_hashes
    check_inclusion(node(0, index), index, size, inclusion, root(size))
    ours = inclusion_proof(index, size, node)
    tlog.InclusionProof(index, size, ours).check(node(0, index), root(size))
    consistency = reader.get_consistency_proof(old, size).node_hashes
    check_consistency(old, size, root(old), root(size), consistency)
    grown = consistency_proof(old, size, node)
    tlog.ConsistencyProof(old, size, grown).check(root(old), root(size))
    assert (ours, grown) == (inclusion, consistency)


@given(sizes, st.integers(0, 255), st.data())
def test_both_refuse_the_same_harm(size: int, bit: int, data: st.DataObject) -> None:
    """A bit turned in our proof is refused by them too: their belief in the others is worth something."""
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, node)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        path[at] = (int.from_bytes(path[at], "big") ^ 1 << bit).to_bytes(32, "big")
        with pytest.raises(tlog.InclusionProofInvalid):
            tlog.InclusionProof(index, size, path).check(node(0, index), root(size))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1_000])
def test_their_files_are_read(size: int, tmp_path: Path) -> None:
    """Their log, written of our lines, lies in our paths, byte for byte, and its checkpoint opens."""
    writer = TilesWriter.create(tmp_path / "log", LOG_KEY.name)
    for index in range(size):
        writer.add_leaf(line(index))
    writer.commit([signing.PlainEd25519Signer(LOG_KEY.name, LOG_KEY.seed)], gc=False)
    for tile in tiles_of(size):
        assert (tmp_path / "log" / tile_path(*tile)).read_bytes() == read_tile(*tile)
        if tile.level == 0:
            leaves = [line(tile.number * 256 + at) for at in range(tile.width)]
            bundle = tile_path(ENTRIES, tile.number, tile.width)
            assert (tmp_path / "log" / bundle).read_bytes() == format_entries(leaves)
    found = open_checkpoint((tmp_path / "log" / "checkpoint").read_bytes(), LOG_KEY.verifier).checkpoint
    assert found == Checkpoint(LOG_KEY.name, size, root(size))
    assert root_of(size, TileReader(read_tile, size)) == found.root


@given(st.integers(0, LEAVES), st.integers(1, 2**63 - 1))
def test_our_signatures_are_believed(size: int, timestamp: int) -> None:
    """Our keys are read, and our checkpoint with its cosignature is verified, by the other's Ed25519 and messages."""
    text = format_checkpoint(Checkpoint(LOG_KEY.name, size, root(size)))
    note = format_note(Note(text, (sign(text, LOG_KEY), cosign(text, WITNESSES[0], timestamp))))
    found = tlog.Checkpoint.from_text(note.decode())
    assert (found.size, found.root_hash) == (size, root(size))
    for key in (LOG_KEY.verifier, WITNESSES[0].verifier):
        vkey = signing.Vkey.from_string(key.format())
        found.verify(vkey)
        assert VerifierKey.parse(vkey.serialize()) == key
        assert signing.Vkey(key.name, None, key.kind, key.public).key_id == int.from_bytes(key.key_id, "big")
