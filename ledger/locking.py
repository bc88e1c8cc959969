"""One writer at a time: a lock file beside the database, held from reading the head to the end of the append."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_SECONDS: Final = 30


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Be the only writer of a database file: what is read within is what the append will follow.

    Raises:
        Refused: somebody else has been writing for half a minute, or nobody can write there.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  a command that only asks does without

    lock = FileLock(f"{path}.lock", timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        hint = "wait for the other command to end, then try again"
        raise Refused(f"{path} has been held by another writer for {LOCK_SECONDS} s", hint=hint) from None
    except OSError as error:
        raise Refused(f"cannot write beside {path}: {error.strerror}", hint="is the folder read-only?") from None
    try:
        yield
    finally:
        lock.release()
