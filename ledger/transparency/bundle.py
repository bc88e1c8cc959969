"""Bundles, format 1: what an auditor needs who trusts nobody, in one folder or one zip.

The format is specified where a stranger reads it: in `ledger.transparency.check`, the program that travels with every
bundle and shares no code with what is here.  This module says which tiles a bundle holds, and puts members where they
belong.
"""

from __future__ import annotations

import zipfile
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Final, Protocol

from ledger.errors import Refused
from ledger.stores.durable import part_of, sync_names
from ledger.transparency.tiles import HEIGHT, WIDTH, Tile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT: Final = "verbale-bundle/1"
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""Bundles of the same journal are the same bytes, whenever they are made."""


def bundle_tiles(size: int, entries: Iterable[int], sizes: Iterable[int]) -> list[Tile]:
    """Return the tiles that a bundle holds, in order of level and number.

    Args:
        size: the leaves of the newest checkpoint's tree.
        entries: the lines that are in the bundle.
        sizes: the sizes of all its checkpoints.

    >>> bundle_tiles(600, [1, 300], [3, 600])
    [Tile(level=0, number=0, width=256), Tile(level=0, number=1, width=256), Tile(level=0, number=2, width=88), \
Tile(level=1, number=0, width=2)]
    """
    found = {(0, (entry - 1) // WIDTH) for entry in entries}
    for old in sizes:
        for height in range(old.bit_length()):
            if old >> height & 1:
                level, above = divmod(height, HEIGHT)
                found.add((level, (((old >> height) - 1) << above) // WIDTH))
    level = 0
    while count := size >> HEIGHT * level:
        if count % WIDTH:
            found.add((level, count // WIDTH))
        full = count // WIDTH
        found |= {(level + 1, number // WIDTH) for of, number in found if of == level and number < full}
        level += 1
    return [
        Tile(level, number, min(WIDTH, (size >> HEIGHT * level) - number * WIDTH)) for level, number in sorted(found)
    ]


class Sink(Protocol):
    """Where the members of a bundle are put."""

    def open(self, name: str) -> IO[bytes]:
        """Return a file to write a member to; its name has `/` between its parts."""


class FolderSink:
    """Members as files in a folder.

    Args:
        folder: it is there, and empty.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, name: str) -> IO[bytes]:
        """Return a file to write a member to."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")


class ZipSink:
    """Members in a zip.

    Args:
        archive: open for writing.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, name: str) -> IO[bytes]:
        """Return a file to write a member to, before the next is opened."""
        info = zipfile.ZipInfo(name, _NO_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return self._archive.open(info, "w", force_zip64=True)


@contextmanager
def sink_at(path: Path) -> Iterator[Sink]:
    """Give a sink whose bundle appears at a path whole, or not at all: a zip where the name ends so, else a folder.

    Raises:
        Refused: something is there already, or it cannot be written.
    """
    import shutil  # noqa: PLC0415  only here

    if path.exists():
        raise Refused(f"{path} is there already", hint="name a folder or a .zip that is not there yet")
    part = part_of(path)
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(part, "w") as archive:
                yield ZipSink(archive)
        else:
            part.mkdir()
            yield FolderSink(part)
        part.rename(path)
        sync_names(path.parent)
    except BaseException as error:
        with suppress(OSError):
            shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            hint = "is there room, and may you write there?"
            raise Refused(f"cannot write {path}: {error.strerror}", hint=hint) from None
        raise
