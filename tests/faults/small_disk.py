"""A disk with little room: a file system in memory where one may be mounted, else a limit on the size of files."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SIZE: Final = 24 << 20
_BALLAST: Final = "ballast"


class SmallDisk:
    """A folder in which the room can be told.

    Args:
        folder: where files go.
        mounted: whether it is a file system of its own.
    """

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder = folder
        self.kind = "a full file system" if mounted else "a limit on the size of files"
        self._mounted = mounted

    def leave(self, room: int) -> int | None:
        """Leave so many bytes free; return what no file may grow beyond, where that is how it is done."""
        if not self._mounted:
            return max(file.stat().st_size for file in self.folder.rglob("*") if file.is_file()) + room
        self.clear()
        free = os.statvfs(self.folder)
        (self.folder / _BALLAST).write_bytes(bytes(max(free.f_bavail * free.f_frsize - room, 0)))
        return None

    def clear(self) -> None:
        """Make room."""
        (self.folder / _BALLAST).unlink(missing_ok=True)

    def empty(self) -> None:
        """Remove all there is."""
        for one in self.folder.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Yield a small disk at an empty folder."""
    mount = shutil.which("mount")
    mounted = False
    if mount is not None and hasattr(os, "geteuid") and os.geteuid() == 0:
        command = [mount, "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield SmallDisk(folder, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607
