"""One writer at a time: a lock file beside the database, held from reading the head to the end of the append."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.stores import protocol
from ledger.stores.protocol import held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import BaseFileLock

_POLL_SECONDS: Final = 0.01
"""A commit takes about as long; at the library's 0.05 s one of eight writers waits for seconds now and then."""


def lock_of(path: Path) -> BaseFileLock:
    """Return the lock of a database file; making one costs more than taking it."""
    from filelock import FileLock  # noqa: PLC0415  a command that only asks does without

    return FileLock(f"{path}.lock", timeout=protocol.LOCK_SECONDS, poll_interval=_POLL_SECONDS)


@contextmanager
def only_writer(path: Path, lock: BaseFileLock | None = None) -> Iterator[None]:
    """Be the only writer of a database file: what is read within is what the append will follow.

    Args:
        path: the database file.
        lock: its lock, where that is kept (`lock_of`).

    Raises:
        Refused: somebody else has been writing for half a minute, or nobody can write there.
    """
    from filelock import Timeout  # noqa: PLC0415  likewise

    lock = lock or lock_of(path)
    try:
        lock.acquire()
    except Timeout:
        raise held(path) from None
    except OSError as error:
        raise Refused(f"cannot write beside {path}: {error.strerror}", hint="is the folder read-only?") from None
    try:
        yield
    finally:
        lock.release()
