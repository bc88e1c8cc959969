"""Appending to PostgreSQL: the library's recorder over the session that holds the lock, and the tables beside it.

What is done otherwise than the library does by default, and why:

- Rows go in by COPY.  The library sends a save through psycopg's pipeline, which hangs for ever on a thousand events or
  on one of two megabytes.
- Tables are made by `make_tables` only, under a lock.  Made at each open they race with other openers.
- Neither its database functions nor its table lock nor its NOTIFY are used: the advisory lock of the ledger orders the
  writers, and readers go by entry number.
- One connection, that of the session, instead of a pool: another could append without the lock.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import psycopg
from eventsourcing.postgres import BasePostgresFactory, PostgresApplicationRecorder, PostgresDatastore, PostgresFactory

from ledger.batch import Batch, Destroyed
from ledger.codec import StoredLine
from ledger.errors import Refused
from ledger.stores.application import JournalApplication
from ledger.stores.protocol import outrun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eventsourcing.persistence import StoredEvent
    from eventsourcing.utils import Environment
    from psycopg import Connection, Cursor
    from psycopg.rows import DictRow

    from ledger.stores.session import Session

_OURS: Final = (
    """CREATE TABLE IF NOT EXISTS public.verbale_ledgers (id uuid PRIMARY KEY, name text UNIQUE NOT NULL,
    secret bytea NOT NULL, layout smallint NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS public.verbale_content_keys (ledger uuid, key bigint, entry bigint,
    PRIMARY KEY (ledger, key, entry))""",
    """CREATE TABLE IF NOT EXISTS public.verbale_sealed_values (ledger uuid, entry bigint, field text,
    salt bytea NOT NULL, value text NOT NULL, PRIMARY KEY (ledger, entry, field))""",
    "CREATE TABLE IF NOT EXISTS public.verbale_documents (sha256 bytea PRIMARY KEY, document bytea NOT NULL)",
    """CREATE TABLE IF NOT EXISTS public.verbale_checkpoints (ledger uuid, number bigint, size bigint NOT NULL,
    note bytea NOT NULL, PRIMARY KEY (ledger, number))""",
    "CREATE TABLE IF NOT EXISTS public.verbale_verifier_keys (ledger uuid PRIMARY KEY, key text NOT NULL)",
)


class SessionDatastore(PostgresDatastore):
    """The library's datastore, over the one connection of a session."""

    def __init__(self, session: Session) -> None:
        super().__init__("", "", "", "", "")  # its pool is never opened
        self._session = session

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """Yield the connection; what goes wrong on it is told by the session."""
        with self._session.told():
            yield self._session.connection

    def register_type_adapters(self) -> None:
        """Ask for no types: COPY needs none of the library's."""


class JournalRecorder(PostgresApplicationRecorder):
    """The library's recorder for streams of numbered entries, and the tables beside it."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        ways = ("CREATE TYPE", "CREATE OR REPLACE FUNCTION")  # of inserting, none of which is used
        self.sql_create_statements = [
            statement for statement in self.sql_create_statements if not statement.as_string().startswith(ways)
        ]

    def _create_table(self, curs: Cursor[DictRow]) -> None:
        super()._create_table(curs)
        for statement in _OURS:
            curs.execute(statement.encode())

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:  # noqa: ANN401
        """Insert events as `append` does, for who saves through the library; without notification ids."""
        with self.datastore.transaction(commit=True):
            for event in stored_events:
                self.append(UUID(str(event.originator_id)), [Batch([_line(event)])])
        return None

    def append(self, ledger: UUID, batches: Iterable[Batch]) -> None:
        """Append batches in one transaction, as they come: all of them, or none where one of them fails.

        Raises:
            StateChanged: another writer was first, past the lock.
            ConnectionLost: whether they were appended is not known.
            Refused: the database does not take them.
        """
        first = 0
        with self.datastore.get_connection() as connection:
            try:
                with connection.transaction(), connection.cursor() as cursor:
                    for batch in batches:
                        first = batch.lines[0].entry
                        self._insert_batch(cursor, ledger, batch)
            except psycopg.errors.UniqueViolation:
                raise outrun(first) from None

    def _insert_batch(self, cursor: Cursor[DictRow], ledger: UUID, batch: Batch) -> None:
        events = f"{self.events_table_name} (originator_id, originator_version, topic, state)"
        _copy(cursor, events, ("uuid", "int8", "text", "bytea"), ((ledger, *line) for line in batch.lines))
        keys = ((ledger, *pair) for pair in sorted(batch.keys))
        _copy(cursor, "verbale_content_keys", ("uuid", "int8", "int8"), keys)
        if batch.sealed:
            sealed = ((ledger, entry, s.field, s.salt, s.value) for entry, s in batch.sealed)
            _copy(cursor, "verbale_sealed_values", ("uuid", "int8", "text", "bytea", "text"), sealed)
        for one in batch.destroyed:
            _delete(cursor, ledger, one)

    def destroy(self, ledger: UUID, destroyed: Iterable[Destroyed]) -> None:
        """Delete sealed values and their content keys, durably.

        Raises:
            Refused: the database does not take it.
        """
        with self.datastore.get_connection() as connection, connection.transaction(), connection.cursor() as cursor:
            for one in destroyed:
                _delete(cursor, ledger, one)


def _line(event: StoredEvent) -> StoredLine:
    return StoredLine(event.originator_version, event.topic, event.state)


def _delete(cursor: Cursor[DictRow], ledger: UUID, one: Destroyed) -> None:
    named = "cardinality(%s::text[]) = 0 OR field = ANY(%s::text[])"
    query = f"DELETE FROM public.verbale_sealed_values WHERE ledger = %s AND entry = %s AND ({named})".encode()
    cursor.execute(query, (ledger, one.entry, list(one.fields), list(one.fields)))
    query = b"DELETE FROM public.verbale_content_keys WHERE ledger = %s AND entry = %s AND key = %s"
    cursor.execute(query, (ledger, one.entry, one.key))


def _copy(cursor: Cursor[DictRow], table: str, types: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY public.{table} FROM STDIN (FORMAT BINARY)".encode()) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


class SessionFactory(PostgresFactory):
    """The library's factory, over the one connection of a session and without tables made in passing."""

    application_recorder_class = JournalRecorder

    def __init__(self, env: Environment, session: Session) -> None:
        super(BasePostgresFactory, self).__init__(env)  # past what makes a pool of its own
        self.datastore = SessionDatastore(session)

    def env_create_table(self) -> bool:
        """Tables are made by `make_tables` only."""
        return False


def recorder_on(session: Session) -> JournalRecorder:
    """Return the recorder of the journal's application."""
    recorder = JournalApplication(lambda env: SessionFactory(env, session)).recorder
    assert isinstance(recorder, JournalRecorder)  # noqa: S101  `SessionFactory` makes no other
    return recorder


def make_tables(session: Session) -> None:
    """Make the tables, unless they are there; to be called under a lock.

    Raises:
        Refused: the user may not, or the database cannot hold every script.
    """
    (encoding,) = session.rows("SELECT current_setting('server_encoding')")[0]
    if encoding != "UTF8":
        hint = f"make one with: createdb --encoding=UTF8 --template=template0 {session.address.database}"
        raise Refused(f"{session.address} is encoded in {encoding}, not in UTF-8", hint=hint)
    names = ["events", "ledgers", "content_keys", "sealed_values", "documents", "checkpoints", "verifier_keys"]
    query = "SELECT to_regclass('public.verbale_' || name) IS NOT NULL FROM unnest(%s::text[]) AS name"
    if not all(there for (there,) in session.rows(query, (names,))):
        recorder_on(session).create_table()
