"""The nodes of the tree, kept as tiles in the views' file: a projection of its own, caught up when a proof is wanted.

`tiles` holds the tiles of the journal's tree as C2SP tlog-tiles cuts them (`ledger.transparency.tiles`): up to 256
hashes of 32 bytes, level 0 over the leaves, each full tile's root a hash of the level above.  `tiles_mark` says how
many leaves they cover, and the hash of the last.  They are dropped with the views, and made again from the journal.

Nothing is signed on their word: a checkpoint recomputes the tree, and holds every tile against it.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from ledger.codec import format_line
from ledger.transparency.proofs import root_of
from ledger.transparency.spelling import HASH_BYTES
from ledger.transparency.tiles import HEIGHT, WIDTH, Tile, TileReader, fold, tile_path
from ledger.transparency.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.codec import StoredLine

VERSION: Final = 1
"""Raised with every change of these tables: older ones are then made anew."""
_FULL: Final = WIDTH * HASH_BYTES


class Growing:
    """A tree that grows leaf by leaf and hands out each tile when it is full: O(log n) memory.

    Args:
        partial: the last tile of each level, with what it holds; none for an empty tree.
    """

    def __init__(self, partial: Iterable[tuple[Tile, bytes]] = ()) -> None:
        self._levels = [(tile.number, bytearray(hashes)) for tile, hashes in sorted(partial)] or [(0, bytearray())]

    @property
    def size(self) -> int:
        """How many leaves there are."""
        number, hashes = self._levels[0]
        return number * WIDTH + len(hashes) // HASH_BYTES

    def add(self, leaf: bytes) -> Sequence[tuple[Tile, bytes]]:
        """Append the hash of a leaf; return the tiles that it fills, the lowest first."""
        hashes = self._levels[0][1]
        hashes += leaf
        return self._filled() if len(hashes) == _FULL else ()

    def _filled(self) -> list[tuple[Tile, bytes]]:
        found, level = [], 0
        while len(self._levels[level][1]) == _FULL:
            number, whole = self._levels[level][0], bytes(self._levels[level][1])
            found.append((Tile(level, number), whole))
            self._levels[level] = (number + 1, bytearray())
            level += 1
            if level == len(self._levels):
                self._levels.append((0, bytearray()))
            self._levels[level][1].extend(fold(whole))
        return found

    def partial(self) -> Iterator[tuple[Tile, bytes]]:
        """Yield the tiles that are not full, as they are."""
        for level, (number, hashes) in enumerate(self._levels):
            if hashes:
                yield Tile(level, number, len(hashes) // HASH_BYTES), bytes(hashes)

    def root(self) -> bytes:
        """Return the root: the tiles that are not full hold every node that it is made of."""
        last = {tile[:2]: hashes for tile, hashes in self.partial()}
        return root_of(self.size, TileReader(lambda level, number, _: last[level, number], self.size))


def catch_up(db: sqlite3.Connection, lines: Callable[[int], Iterable[StoredLine]]) -> int:
    """Make the tiles of what the journal has and they have not, in one transaction; return how many leaves they cover.

    Args:
        db: the views, caught up: tiles that go further than they do are of another journal.
        lines: yields the journal's lines after an entry, as far as the tiles are to go.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        size = _mark(db)
        if size is None:
            _create(db)
            size = 0
        size = _grow(db, size, lines(size))
    except BaseException:
        db.rollback()
        raise
    db.commit()
    return size


def _grow(db: sqlite3.Connection, size: int, lines: Iterable[StoredLine]) -> int:
    tree, leaf = Growing(_last_tiles(db, size)), b""
    for line in lines:
        size, leaf = line.entry, leaf_hash(format_line(*line))
        for tile, hashes in tree.add(leaf):
            _write(db, tile, hashes)
    if leaf:
        for tile, hashes in tree.partial():
            _write(db, tile, hashes)
        db.execute("DELETE FROM tiles_mark")
        db.execute("INSERT INTO tiles_mark VALUES (?, ?, ?)", (VERSION, size, leaf))
    return size


def _write(db: sqlite3.Connection, tile: Tile, hashes: bytes) -> None:
    db.execute("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?)", (tile.level, tile.number, hashes))


def _last_tiles(db: sqlite3.Connection, size: int) -> Iterator[tuple[Tile, bytes]]:
    """Yield the last tile of each level, with what it holds; an empty one begins where all before are full."""
    level = 0
    while count := size >> HEIGHT * level:
        number, width = divmod(count, WIDTH)
        yield Tile(level, number, width), read_tile(db)(level, number, width) if width else b""
        level += 1


def read_tile(db: sqlite3.Connection) -> Callable[[int, int, int], bytes]:
    """Return what reads tiles: those of a smaller tree too, as the beginning of a wider tile is the narrower one."""

    def read(level: int, number: int, width: int, /) -> bytes:
        query = "SELECT hashes FROM tiles WHERE level = ? AND number = ?"
        row = db.execute(query, (level, number)).fetchone()
        return b"" if row is None else row[0][: width * HASH_BYTES]

    return read


def nodes(db: sqlite3.Connection, size: int) -> TileReader:
    """Return the nodes of the tree of the first `size` leaves, for proofs: it reads a handful of tiles."""
    return TileReader(read_tile(db), size)


def all_tiles(db: sqlite3.Connection) -> Iterator[tuple[Tile, bytes]]:
    """Yield every tile as it is kept, by level and number."""
    rows = db.execute("SELECT level, number, hashes FROM tiles ORDER BY level, number")
    return ((Tile(level, number, len(hashes) // HASH_BYTES), hashes) for level, number, hashes in rows)


def wrong_tile(db: sqlite3.Connection, computed: Iterable[tuple[Tile, bytes]]) -> str | None:
    """Return the path of the first tile that is kept otherwise than it was computed, None where all are as they are.

    Args:
        db: the views.
        computed: tiles made of the journal's bytes.
    """
    read = read_tile(db)
    return next((tile_path(*tile) for tile, hashes in computed if read(*tile) != hashes), None)


def _create(db: sqlite3.Connection) -> None:
    for name in ("tiles", "tiles_mark"):
        db.execute(f"DROP TABLE IF EXISTS {name}")
    db.execute(
        "CREATE TABLE tiles (level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL,"
        " PRIMARY KEY (level, number))"
    )
    db.execute("CREATE TABLE tiles_mark (version INTEGER NOT NULL, size INTEGER NOT NULL, leaf BLOB NOT NULL)")


def covered(db: sqlite3.Connection) -> int:
    """Return how many leaves the tiles cover, as far as they are made."""
    return _mark(db) or 0


def _mark(db: sqlite3.Connection) -> int | None:
    """Return how many leaves the tiles cover; None where there are none of this version."""
    try:
        row = db.execute("SELECT size FROM tiles_mark WHERE version = ?", (VERSION,)).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return None if row is None else int(row[0])
