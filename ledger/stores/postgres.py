"""Ledgers in a PostgreSQL database: read by entry number over one connection, which also holds the lock and appends.

The tables, all in the schema `public`:

| table | holds |
|---|---|
| `verbale_events` | the library's: every entry of every ledger, by stream and number |
| `verbale_ledgers` | id, name and secret of each ledger, and the version of the layout |
| `verbale_content_keys` | once only: half a content key and its entry |
| `verbale_sealed_values` | what is sealed, and its salts |
| `verbale_documents` | the bytes of sources, by their SHA-256 |
| `verbale_checkpoints` | the signed checkpoints of each ledger |
| `verbale_verifier_keys` | the key that each ledger was made with |

Notification ids have gaps, and may be committed out of order among the ledgers of a database: nothing reads by them.
"""

from __future__ import annotations

import os
import sys
from array import array
from typing import TYPE_CHECKING, Final

from ledger.codec import StoredLine
from ledger.errors import Refused
from ledger.kept import Checkpoint
from ledger.sealing import SealedValue
from ledger.stores.postgres_shelf import PostgresShelf
from ledger.stores.protocol import CHUNK, LAST, LAYOUT, check_name, newer, stream_id
from ledger.stores.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from ledger.batch import Batch, Destroyed
    from ledger.stores.address import Address
    from ledger.stores.postgres_recorder import JournalRecorder

_MAKING: Final = 0x7665726261_6C65
"""The advisory lock under which tables and ledgers are made: "verbale"."""


class PostgresStore:
    """One ledger of a database.

    Args:
        address: of the database, in which `create` has made the tables.
        name: which ledger of that database.

    Raises:
        Refused: it cannot be opened, or holds no such ledger.
    """

    def __init__(self, address: Address, name: str = "main") -> None:
        self.ledger_id = stream_id(name)
        self._session = Session(address, int.from_bytes(self.ledger_id.bytes[:8], signed=True))
        self._recorder: JournalRecorder | None = None
        self.shelf = PostgresShelf(self._session)
        try:
            self._must_be_there(name)
        except BaseException:
            self.close()
            raise

    @staticmethod
    def create(address: Address, name: str = "main", secret: bytes | None = None) -> bool:
        """Make a ledger in a database, and the tables if need be; say whether the ledger is new.

        Args:
            address: of the database.
            name: which ledger of that database.
            secret: of the ledger that this is a copy of; None makes one.

        Raises:
            Refused: the database cannot be opened, or the user may not make tables in it.
        """
        from ledger.stores.postgres_recorder import make_tables  # noqa: PLC0415  for writers only

        check_name(name)
        session = Session(address, _MAKING)
        try:
            with session.alone():
                make_tables(session)
                if (session.rows("SELECT max(layout) FROM public.verbale_ledgers")[0][0] or 0) > LAYOUT:
                    raise newer(address)
                made = session.rows(
                    "INSERT INTO public.verbale_ledgers (id, name, secret, layout) VALUES (%s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING RETURNING true",
                    (stream_id(name), name, secret or os.urandom(32), LAYOUT),
                )
        finally:
            session.close()
        return bool(made)

    def _must_be_there(self, name: str) -> None:
        found = self._session.rows("SELECT layout FROM public.verbale_ledgers WHERE id = %s", (self.ledger_id,))
        if not found:
            hint = f"make it with: verbale init --ledger {self._session.address}#{name}"
            raise Refused(f"{self._session.address} holds no ledger '{name}'", hint=hint)
        if found[0][0] > LAYOUT:
            raise newer(self._session.address)

    def settings(self) -> dict[str, str]:
        """Return what the server says of itself: its version, and whether a commit is on the disk."""
        query = """
        SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'),
        current_setting('full_page_writes'), pg_is_in_recovery()::text
        """
        names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "in_recovery")
        return dict(zip(names, map(str, self._session.rows(query)[0]), strict=True))

    @property
    def secret(self) -> bytes:
        """What the ledger's content keys are keyed with: for users who record, not for those who only read."""
        query = "SELECT secret FROM public.verbale_ledgers WHERE id = %s"
        return bytes(self._session.rows(query, (self.ledger_id,))[0][0])

    @property
    def recorder(self) -> JournalRecorder:
        """The library's recorder, which is made at the first append."""
        if self._recorder is None:
            from ledger.stores.postgres_recorder import recorder_on  # noqa: PLC0415  for writers only

            self._recorder = recorder_on(self._session)
        return self._recorder

    def close(self) -> None:
        """Let go of the connection; the next question opens one again."""
        self._session.close()

    # Reading

    def head(self) -> int:
        """Return the number of the last entry, 0 for an empty ledger."""
        query = "SELECT max(originator_version) FROM public.verbale_events WHERE originator_id = %s"
        return self._session.rows(query, (self.ledger_id,))[0][0] or 0

    data_version = head  # one look into the primary key's index

    def lines(self, after: int = 0, upto: int | None = None) -> Iterator[StoredLine]:
        """Read the entries `after < entry ≤ upto`, in order, in chunks: no snapshot is held between them."""
        query = """SELECT originator_version, topic, state FROM public.verbale_events
            WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s
            ORDER BY originator_version LIMIT %s"""
        while True:
            rows = self._session.rows(query, (self.ledger_id, after, LAST if upto is None else upto, CHUNK))
            yield from map(StoredLine._make, rows)
            if len(rows) < CHUNK:
                return
            after = rows[-1][0]

    def entries_with_key(self, key: int) -> list[int]:
        """Return the entries recorded under a content key: at most one, but for chance."""
        query = "SELECT entry FROM public.verbale_content_keys WHERE ledger = %s AND key = %s ORDER BY entry"
        return [entry for (entry,) in self._session.rows(query, (self.ledger_id, key))]

    def keys(self) -> array[int]:
        """Return every content key, in order: 8 bytes for each entry, and on the wire no more."""
        query = """SELECT string_agg(int8send(key), ''::bytea ORDER BY key) FROM public.verbale_content_keys
            WHERE ledger = %s"""
        keys = array("q", self._session.rows(query, (self.ledger_id,))[0][0] or b"")
        if sys.byteorder == "little":
            keys.byteswap()
        return keys

    def sealed_values(self, entry: int) -> list[SealedValue]:
        """Return what is sealed in an entry, unless it was erased, never was here, or is not for this user to read."""
        query = """SELECT field, salt, value FROM public.verbale_sealed_values
            WHERE ledger = %s AND entry = %s ORDER BY field"""
        if not self._may_unseal():
            return []
        return [SealedValue(*row) for row in self._session.rows(query, (self.ledger_id, entry))]

    def _may_unseal(self) -> bool:
        may = "SELECT has_table_privilege('public.verbale_sealed_values', 'SELECT')"
        return bool(self._session.rows(may)[0][0])

    def key_rows(self) -> Iterator[tuple[int, int]]:
        """Return every content key with its entry."""
        query = """SELECT key, entry FROM public.verbale_content_keys WHERE ledger = %s AND (key, entry) > (%s, %s)
            ORDER BY key, entry LIMIT %s"""
        last = (-LAST * 2, 0)
        while rows := self._session.rows(query, (self.ledger_id, *last, CHUNK)):
            yield from rows
            last = rows[-1]

    def alone(self) -> bool:
        """Say that the keys are kept apart from those of other ledgers."""
        return True

    def all_sealed(self) -> Iterator[tuple[int, SealedValue]]:
        """Return everything that is sealed and not erased, by entry."""
        query = """SELECT entry, field, salt, value FROM public.verbale_sealed_values WHERE ledger = %s
            ORDER BY entry, field"""
        if not self._may_unseal():
            return iter(())
        return ((row[0], SealedValue(*row[1:])) for row in self._session.rows(query, (self.ledger_id,)))

    def also_in(self, sha256: str) -> list[str]:
        """Return the names of the other ledgers of this database whose entries name a document: all are read."""
        query = """SELECT name FROM public.verbale_ledgers AS other WHERE id <> %s AND EXISTS (
            SELECT 1 FROM public.verbale_events WHERE originator_id = other.id AND position(%s::bytea IN state) > 0
        ) ORDER BY name"""
        return [name for (name,) in self._session.rows(query, (self.ledger_id, sha256.encode()))]

    def checkpoints(self) -> list[Checkpoint]:
        """Return the signed checkpoints, by number."""
        if not self._has_checkpoints():
            return []
        query = "SELECT number, size, note FROM public.verbale_checkpoints WHERE ledger = %s ORDER BY number"
        return [Checkpoint(*row) for row in self._session.rows(query, (self.ledger_id,))]

    def signed(self) -> int:
        """Return the size of the last checkpoint, 0 where there is none."""
        if not self._has_checkpoints():
            return 0
        query = "SELECT size FROM public.verbale_checkpoints WHERE ledger = %s ORDER BY number DESC LIMIT 1"
        rows = self._session.rows(query, (self.ledger_id,))
        return rows[0][0] if rows else 0

    def verifier_key(self) -> str | None:
        """Return the key that the ledger was made with."""
        if not self._has_checkpoints():
            return None
        rows = self._session.rows("SELECT key FROM public.verbale_verifier_keys WHERE ledger = %s", (self.ledger_id,))
        return rows[0][0] if rows else None

    def _has_checkpoints(self) -> bool:
        """Say whether there are tables for checkpoints and keys, which the first layout had not, for this user."""
        query = """SELECT count(*) = 2 FROM pg_tables WHERE schemaname = 'public'
            AND tablename IN ('verbale_checkpoints', 'verbale_verifier_keys')
            AND has_table_privilege('public.' || tablename, 'SELECT')"""
        return bool(self._session.rows(query)[0][0])

    # Writing

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint, durably, in place of one with its number."""
        self._upgraded()
        query = """INSERT INTO public.verbale_checkpoints VALUES (%s, %s, %s, %s)
            ON CONFLICT (ledger, number) DO UPDATE SET size = excluded.size, note = excluded.note RETURNING true"""
        self._session.rows(query, (self.ledger_id, *checkpoint))

    def keep_verifier_key(self, key: str) -> None:
        """Keep the ledger's first key, unless it has one."""
        self._upgraded()
        query = "INSERT INTO public.verbale_verifier_keys VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING true"
        self._session.rows(query, (self.ledger_id, key))

    def _upgraded(self) -> None:
        if not self._has_checkpoints():
            from ledger.stores.postgres_recorder import make_tables  # noqa: PLC0415  for writers only

            make_tables(self._session)

    def destroy(self, destroyed: Iterable[Destroyed]) -> None:
        """Delete sealed values and keys, durably."""
        self.recorder.destroy(self.ledger_id, destroyed)

    def purge(self) -> None:
        """Write the tables from which was deleted anew; the server's own log and its archives are not ours.

        Raises:
            Refused: somebody is reading just now, or may still want to see what was deleted; or the user may not.
        """
        self._session.rewrite("verbale_sealed_values", "verbale_content_keys", "verbale_documents")

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer of this ledger; other ledgers of the database have locks of their own."""
        _ = self.recorder  # before the lock: nobody waits for our imports
        return self._session.alone()

    def append(self, batches: Iterable[Batch]) -> None:
        """Append batches in one transaction, as they come: all of them, or none where one of them fails."""
        self.recorder.append(self.ledger_id, batches)
