"""What a journal needs of a store, and nothing else: the seam between the ledger and its databases.

A store is opened for one ledger.  It knows lines, keys and sealed values, and nothing of what they mean.  What every
store promises is tested on all of them alike (`tests/ledger/stores/test_every_store.py`):

- entries are numbered by the caller, and a number is taken once only;
- `append` is one transaction, durable when it returns: all of it is there, or nothing;
- within `writing` nobody else appends to this ledger, in whatever process;
- what is read is what was committed, at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from ledger.errors import Refused, StateChanged

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from ledger.batch import Batch, Destroyed
    from ledger.codec import StoredLine
    from ledger.kept import Checkpoint
    from ledger.sealing import SealedValue

LOCK_SECONDS: Final = 30
"""How long a writer waits for another."""
CHUNK: Final = 2_000
"""Rows fetched at a time when a journal is read through."""
LAST: Final = 1 << 62
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
LAYOUT: Final = 2
"""The version of the tables.  A database that says a higher one was laid out by a newer version: it is left alone."""


class Shelf(Protocol):
    """Keeps the bytes of sources by their SHA-256."""

    def put(self, sha256: str, document: bytes) -> None:
        """Keep a document durably; one that is kept already stays as it is."""

    def get(self, sha256: str) -> bytes | None:
        """Return a document, None where it is not kept here."""

    def holds(self, sha256: str) -> bool:
        """Say whether a document is kept here."""

    def remove(self, sha256: str) -> bool:
        """Let go of a document for good; say whether it was kept here."""


class Store(Protocol):
    """One ledger in a database."""

    @property
    def ledger_id(self) -> UUID:
        """The id of the ledger's stream."""

    @property
    def secret(self) -> bytes:
        """What the ledger's content keys are keyed with."""

    @property
    def shelf(self) -> Shelf:
        """Where the bytes of sources are kept; the ledgers of one database share it."""

    def close(self) -> None:
        """Let go of every connection; the next question opens one again."""

    # Reading

    def head(self) -> int:
        """Return the number of the last entry, 0 for an empty ledger."""

    def data_version(self) -> int:
        """Return a number that is another one as soon as somebody else has appended; cheap."""

    def lines(self, after: int = 0, upto: int | None = None) -> Iterator[StoredLine]:
        """Read the entries `after < entry ≤ upto`, in order, in chunks: no lock is held between them."""

    def entries_with_key(self, key: int) -> list[int]:
        """Return the entries recorded under a content key: at most one, but for chance."""

    def keys(self) -> array[int]:
        """Return every content key, in order."""

    def sealed_values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, unless it was erased, never was here, or is not for this user to read."""

    def key_rows(self) -> Iterator[tuple[int, int]]:
        """Return every content key with its entry, in no order that anybody may rely on."""

    def alone(self) -> bool:
        """Say whether `key_rows` are this ledger's only."""

    def all_sealed(self) -> Iterator[tuple[int, SealedValue]]:
        """Return everything that is sealed and not erased, by entry."""

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, by number."""

    def signed(self) -> int:
        """Return the size of the last checkpoint, 0 where there is none; cheap."""

    def verifier_key(self) -> str | None:
        """Return the key that the ledger was made with, as `name+hash+base64`; its name is the ledger's origin."""

    def also_in(self, sha256: str) -> list[str]:
        """Return the names of the other ledgers of this database whose entries name a document: all are read."""

    # Writing

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint, durably, in place of one with its number."""

    def keep_verifier_key(self, key: str) -> None:
        """Keep the ledger's first key, unless it has one."""

    def destroy(self, destroyed: Iterable[Destroyed]) -> None:
        """Delete sealed values and keys, durably; what is gone already is no error."""

    def purge(self) -> None:
        """Overwrite what was deleted, in the database and its log, so that nobody finds it there.

        Raises:
            Refused: somebody is reading or writing just now, or there is no room; nothing is lost by asking again.
        """

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer of this ledger: what is read within is what the append will follow.

        It can be entered again within, which takes the lock anew where it was lost with its connection.

        Raises:
            Refused: somebody else has been writing for half a minute, or nobody can write there.
        """

    def append(self, batches: Iterable[Batch]) -> None:
        """Append batches in one transaction, as they come: all of them, or none where one of them fails.

        Raises:
            StateChanged: another writer was first, past the lock.
            Refused: the database does not take them.
            ConnectionLost: whether they were appended is not known.
        """


def stream_id(name: str) -> UUID:
    """Return the id of the stream that holds the ledger of this name."""
    return uuid5(NAMESPACE_URL, f"verbale:ledger:{name}")


def check_name(name: str) -> None:
    """Hold the name of a new ledger to what names are.

    Raises:
        Refused: it is none.
    """
    if not _NAME.fullmatch(name):
        raise Refused(f"'{name}' cannot name a ledger", hint="use small letters, digits and -")


def held(where: object) -> Refused:
    """Return the refusal of who has waited long enough for the lock."""
    hint = "wait for the other command to end, then try again"
    return Refused(f"{where} has been held by another writer for {LOCK_SECONDS} s", hint=hint)


def outrun(entry: int) -> StateChanged:
    """Return the refusal of who appends what somebody else appended first."""
    return StateChanged(f"another writer appended e{entry} first", hint="nothing was recorded; try again")


def newer(where: object) -> Refused:
    """Return the refusal of a database that a newer version laid out."""
    return Refused(f"{where} was made by a newer version of verbale", hint="upgrade this one; nothing was changed")
