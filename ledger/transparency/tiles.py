r"""Tiles: the nodes of a tree in pieces of fixed places and names, as C2SP tlog-tiles lays them out.

A tile holds up to 256 hashes of 32 bytes, one after another.  At level 0 they are hashes of leaves; at level L each is
the root of a full tile of level L − 1, hence of 256^L leaves.  Tile `number` of a level begins with hash number × 256.
In a tree of `size` leaves, level L has ⌊size / 256^L⌋ hashes; the last tile of a level is *partial* if they do not fill
it, and has a width below 256.  There are no empty tiles.  The levels between are hashed again when they are wanted.

    tile/<L>/<N>[.p/<W>]          a tile; .p/<W> is the width of a partial one
    tile/entries/<N>[.p/<W>]      the leaves of tile <N> of level 0, an *entry bundle*: for each its length as a
                                  big-endian uint16, and its bytes

`<L>` and `<W>` are decimals without leading zeroes; `<N>` is written in groups of three digits, all but the last with
an `x` before them.  Here the bundles count as level −1, as they do in Go's tlog package.

>>> tile_path(0, 1_234_067), tile_path(1, 0, 17), tile_path(ENTRIES, 5, 112)
('tile/0/x001/x234/067', 'tile/1/000.p/17', 'tile/entries/005.p/112')
>>> parse_tile_path("tile/1/000.p/17")
Tile(level=1, number=0, width=17)
>>> [tile_path(*tile) for tile in tiles_of(70_000) if tile.width < 256 or tile.level]
['tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1']
>>> format_entries([b"one", b"two"])
b'\x00\x03one\x00\x03two'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from ledger.errors import Refused, Unparsable, VerificationFailed
from ledger.transparency.proofs import consistency_proof, inclusion_proof, root_of
from ledger.transparency.spelling import HASH_BYTES, LARGEST
from ledger.transparency.tree import node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HEIGHT: Final = 8
"""The levels of the tree that one level of tiles spans."""
WIDTH: Final = 1 << HEIGHT
"""The hashes of a full tile."""
ENTRIES: Final = -1
"""The level of entry bundles."""
LARGEST_ENTRY: Final = 65_535
"""The most bytes of an entry: a uint16 says how many follow."""

_HIGHEST: Final = 63
_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class Tile(NamedTuple):
    """The place of a tile."""

    level: int
    """From 0, or `ENTRIES`."""
    number: int
    """From 0, within the level."""
    width: int = WIDTH
    """How many hashes, or entries, it holds: 1 to 256."""


class ReadTile(Protocol):
    """Whatever has the bytes of tiles."""

    def __call__(self, level: int, number: int, width: int, /) -> bytes:
        """Return the hashes of a tile, one after another: 32 bytes for each of its width."""
        ...


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Return the path of a tile, or of an entry bundle where the level is `ENTRIES`.

    Raises:
        Refused: where no tile has such a place.
    """
    if not (ENTRIES <= level <= _HIGHEST and 0 <= number <= LARGEST and 0 < width <= WIDTH):
        raise Refused(f"no tile has level {level}, number {number} and width {width}.")
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{'entries' if level == ENTRIES else level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def parse_tile_path(path: str) -> Tile:
    """Return the tile that a path names; every tile has one path.

    Raises:
        Unparsable: where it names none.
    """
    if match := _PATH.fullmatch(path):
        level = ENTRIES if match["level"] == "entries" else int(match["level"])
        number = int(match["number"].replace("x", "").replace("/", ""))
        tile = Tile(level, number, int(match["width"] or WIDTH))
        if level <= _HIGHEST and number <= LARGEST and tile.width <= WIDTH and tile_path(*tile) == path:
            return tile
    raise Unparsable(f"{path!r} is not the path of a tile.", hint="such as tile/0/x001/x234/067 or tile/1/000.p/17.")


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Yield the tiles of a tree, level by level: those that the tree of `since` leaves does not have as they are.

    Raises:
        Refused: where no tree has such a size.
    """
    if not 0 <= since <= size <= LARGEST:
        raise Refused(f"no tree grows from {since} leaves to {size}.")
    level = 0
    while width := size >> HEIGHT * level:
        had = since >> HEIGHT * level
        if had < width:
            for number in range(had // WIDTH, -(-width // WIDTH)):
                yield Tile(level, number, min(WIDTH, width - number * WIDTH))
        level += 1


class Part(NamedTuple):
    """Which hashes of which tile a node is made of."""

    tile: Tile
    first: int
    hashes: int
    """A power of two; one where the tile holds the node itself."""


def part_of(level: int, index: int, size: int) -> Part:
    """Return where a node of a tree lies: the tile, and the hashes in it of which the node is the root.

    Raises:
        Refused: where the tree has no such complete subtree.
    """
    if not (0 <= level <= _HIGHEST and index >= 0 and (index + 1) << level <= size <= LARGEST):
        raise Refused(f"a tree of {size} leaves has no complete subtree {index} at level {level}.")
    row, above = divmod(level, HEIGHT)
    number, first = divmod(index << above, WIDTH)
    return Part(Tile(row, number, min(WIDTH, (size >> HEIGHT * row) - number * WIDTH)), first, 1 << above)


def fold(hashes: bytes) -> bytes:
    """Return the root over hashes that lie one after another, a power of two of them; a full tile's is one."""
    level = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    while len(level) > 1:
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


class TileReader:
    """The nodes of a tree of one size, read from its tiles: each tile once, and remembered.

    It is made for a few proofs of one tree.  What it remembers, 8 KiB a tile, is not limited.
    """

    def __init__(self, read_tile: ReadTile, size: int) -> None:
        self.size = size
        self._read = read_tile
        self._tiles: dict[Tile, bytes] = {}

    def __call__(self, level: int, index: int, /) -> bytes:
        """Return the hash of a complete subtree: a `TileReader` serves as `ledger.transparency.proofs.Nodes`."""
        return self.node(level, index)

    @property
    def reads(self) -> int:
        """How many tiles were read so far."""
        return len(self._tiles)

    @property
    def tiles(self) -> list[Tile]:
        """The tiles that were read so far, in order of level and number."""
        return sorted(self._tiles)

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the 2^level leaves from leaf index × 2^level.

        Raises:
            Refused: where the tree has no such complete subtree.
            VerificationFailed: where a tile has not the length that its width asks for.
        """
        tile, first, count = part_of(level, index, self.size)
        hashes = self._tiles.get(tile)
        if hashes is None:
            hashes, length = self._read(*tile), tile.width * HASH_BYTES
            if len(hashes) != length:
                raise VerificationFailed(f"{tile_path(*tile)} has {len(hashes)} bytes, and must have {length}.")
            self._tiles[tile] = hashes
        return fold(hashes[first * HASH_BYTES : (first + count) * HASH_BYTES])


def tiles_needed(size: int, indices: Iterable[int] = (), old: Iterable[int] = (), *, root: bool = False) -> list[Tile]:
    """Return the tiles that proofs at one size read, in order of level and number.

    Args:
        size: the leaves of the tree.
        indices: of these leaves inclusion is to be proved.
        old: from these sizes consistency is to be proved.
        root: whether the root is to be computed as well.

    Raises:
        Refused: where the tree has no such leaf, or did not grow from such a size.
    """
    found: set[Tile] = set()

    def node(level: int, index: int, /) -> bytes:
        found.add(part_of(level, index, size).tile)
        return b""

    for index in indices:
        inclusion_proof(index, size, node)
    for before in old:
        consistency_proof(before, size, node)
    if root:
        root_of(size, node)
    return sorted(found)


def format_entries(entries: Sequence[bytes]) -> bytes:
    """Return the bundle of one to 256 entries.

    Raises:
        Refused: where they are too many, none, or one is too long.
    """
    if not 0 < len(entries) <= WIDTH:
        raise Refused(f"a bundle holds 1 to {WIDTH} entries, not {len(entries)}.")
    if any(len(entry) > LARGEST_ENTRY for entry in entries):
        raise Refused(f"an entry of a bundle has at most {LARGEST_ENTRY} bytes.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_entries(bundle: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle, which are as many as its path says.

    Raises:
        VerificationFailed: where they are not, or the last one is cut off.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle) and len(entries) < width:
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise VerificationFailed(f"the bundle is cut off in entry {len(entries) + 1} of {width}.")
        entries.append(bundle[at + 2 : end])
        at = end
    if at < len(bundle) or len(entries) != width:
        more = "more" if at < len(bundle) else len(entries)
        raise VerificationFailed(f"the bundle holds {more} entries, and must hold {width}.")
    return entries
