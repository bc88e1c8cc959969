"""Whether SQLite failed for want of room: a full disk, a quota, a limit on the size of files."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

_NO_ROOM: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"})
"""The second is said of a limit, the third of the memory that processes share, which is a file too."""


def no_room(error: sqlite3.Error) -> bool:
    """Say whether an error means that nothing more could be written; the file itself is none the worse."""
    return getattr(error, "sqlite_errorname", None) in _NO_ROOM


def is_full(error: BaseException) -> bool:
    """Say whether an error, of SQLite or of the system, means that nothing more could be written."""
    if isinstance(error, sqlite3.Error):
        return no_room(error)
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
