"""Names that survive a power cut: a file that was synced may be without its name until its folder is synced too.

POSIX promises no more; some file systems do.  SQLite does the same for the files that it makes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sync_names(folder: Path) -> None:
    """Make the names in a folder durable; where folders cannot be opened, as on Windows, the system sees to it.

    Raises:
        OSError: the disk does not take them.
    """
    try:
        opened = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # Windows; or a folder that we may write into and not read, which SQLite leaves at that too
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def part_of(path: Path) -> Path:
    """Return where to write what is to appear at a path whole: beside it, under a name that nobody else has.

    What a process leaves there that was killed is in nobody's way, and cannot be taken for what it was to become.
    """
    return path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, each with a durable name.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.is_dir():
        if not folder.parent.is_dir():
            make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
    sync_names(folder.parent)  # where it is there already too: who made it may have been killed before
