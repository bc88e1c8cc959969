"""One connection to PostgreSQL: what goes wrong on it is told in our words, and a lost one is opened again.

Reading, the lock and the append share the connection.  So the lock is held by the very session that appends: where the
connection goes, the lock and the open transaction go with it, and nothing can be appended without the lock.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import ConnectionLost, Refused
from ledger.stores import protocol
from ledger.stores.protocol import held

try:
    import psycopg
    from psycopg.rows import DictRow, dict_row, tuple_row

    if find_spec("psycopg_pool") is None:  # the library's module for writers imports it
        raise ImportError("No module named 'psycopg_pool'")  # noqa: TRY301  told as the other is
except ImportError as error:
    _HINT: Final = "pip install 'verbale[postgres]'"
    raise Refused(f"ledgers on PostgreSQL need psycopg ({error})", hint=_HINT) from None

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg.errors import Diagnostic

    from ledger.stores.address import Address

_CONNECT_SECONDS: Final = 10
_AGAIN: Final = "run the same command again: what is recorded already is recorded once only"
_UNPURGED: Final = "what was deleted is not yet overwritten"
_LATER: Final = "the values are deleted; once nobody else is reading, run the same command again"
_DEAD: Final = re.compile(r"\D*(\d+)")
"""What `VERBOSE` says first in its detail: how many dead rows cannot be removed yet."""
_REASON: Final = re.compile(r"(?:.* failed: )?(?:(?:FATAL|ERROR): +)?([^\n]*)", re.DOTALL)
_SETTINGS: Final = """SELECT set_config('lock_timeout', %s, false), set_config('tcp_keepalives_idle', '30', false),
    set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '3', false),
    set_config('synchronous_commit', CASE current_setting('synchronous_commit')
        WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)"""
"""The lock of a machine that went down is let go within a minute, not two hours; and where a role has durable commits
off, an acknowledged entry would not survive a power cut."""


class Session:
    """A connection, opened at the first question.

    Args:
        address: of the database.
        lock: the key of the advisory lock that writers take.
    """

    def __init__(self, address: Address, lock: int) -> None:
        self.address = address
        self._lock = lock
        self._connection: psycopg.Connection[DictRow] | None = None
        self._holder: psycopg.Connection[DictRow] | None = None
        """The connection that holds the lock."""
        self._depth = 0

    @property
    def connection(self) -> psycopg.Connection[DictRow]:
        """The connection; a new one where there is none, or it was lost.

        Raises:
            ConnectionLost: it was lost, and the lock with it, so that only `alone` may go on; or none can be made.
        """
        if self._holder is not None and self._holder.closed:
            raise ConnectionLost(f"the connection to {self.address} was lost, and the lock with it", hint=_AGAIN)
        if self._connection is None or self._connection.closed:
            self._connection = self._connected()
        return self._connection

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; asked again on a new connection where the old one turns out to be lost.

        Raises:
            ConnectionLost: it was lost while we hold the lock, and the lock with it.
            Refused: the database does not answer.
        """
        fresh = self._connection is None
        try:
            return self._asked(query, parameters)
        except ConnectionLost:
            if fresh or self._holder is not None:
                raise
            return self._asked(query, parameters)

    def _asked(self, query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self.told(), self.connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            return cursor.execute(query.encode(), parameters).fetchall()

    def rewrite(self, *tables: str) -> None:
        """Write tables anew, without the rows that were deleted.

        A user who does not own a table is told so by a warning alone, and a row that an older snapshot may still see is
        written anew as well, which only the details of `VERBOSE` say.

        Raises:
            ConnectionLost: the connection was lost.
            Refused: a table is not written anew, or not without those rows.
        """
        said: list[tuple[bool, str, str]] = []

        def note(notice: Diagnostic) -> None:  # it can be read within this call alone
            warning = notice.severity_nonlocalized == "WARNING"
            said.append((warning, notice.message_primary or "", notice.message_detail or ""))

        with self.told():
            connection = self.connection
            connection.add_notice_handler(note)
            try:
                for table in tables:
                    connection.execute(f"VACUUM (FULL, VERBOSE) public.{table}".encode())
            except psycopg.errors.LockNotAvailable:
                raise Refused(f"somebody else is using {self.address}: {_UNPURGED}", hint=_LATER) from None
            finally:
                connection.remove_notice_handler(note)
        for warning, message, detail in said:
            if warning:
                hint = "the values are deleted; let the tables' owner run the same command again"
                raise Refused(f"{self.address} answers: {message}: {_UNPURGED}", hint=hint)
            left = _DEAD.match(detail)
            if left and int(left[1]):
                raise Refused(f"an older transaction on {self.address} is open: {_UNPURGED}", hint=_LATER)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock.  Entered again within, it takes the lock anew where that was lost with its connection.

        Raises:
            Refused: another session has held it for half a minute.
        """
        self._depth += 1
        try:
            if self._holder is None or self._holder.closed:
                self._holder = None
                self.rows("SELECT pg_advisory_lock(%s)", (self._lock,))
                self._holder = self.connection
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self._let_go()

    def _let_go(self) -> None:
        holder, self._holder = self._holder, None
        if holder is not None and not holder.closed:
            try:
                holder.execute("SELECT pg_advisory_unlock_all()")
            except psycopg.Error:
                holder.close()  # which lets go too

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell what goes wrong within in our words.

        Raises:
            ConnectionLost: the connection was lost.
            Refused: the database says no.
        """
        try:
            yield
        except psycopg.Error as error:
            raise self._explained(error) from None

    def _explained(self, error: psycopg.Error) -> Refused:
        at, reason = self.address, _reason(error)
        if self._connection is not None and self._connection.closed:
            return ConnectionLost(f"the connection to {at} was lost: {reason}", hint=_AGAIN)
        match error:
            case psycopg.errors.LockNotAvailable():
                return held(at)
            case psycopg.errors.UndefinedTable():
                hint = f"make one with: verbale init --ledger {at}"
                return Refused(f"{at} holds no ledgers", hint=hint)
            case psycopg.errors.InsufficientPrivilege():
                return Refused(
                    f"the user of {at} may not do that: {reason}", hint="the rights are told in: docs/stores.md"
                )
            case psycopg.errors.ReadOnlySqlTransaction():
                return Refused(f"{at} is read-only: {reason}", hint="record on the primary server, as a user who may")
        return Refused(f"{at} answers: {reason}", hint="its log says more")

    def _connected(self) -> psycopg.Connection[DictRow]:
        given: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS, "fallback_application_name": "verbale"}
        try:
            made = psycopg.connect(autocommit=True, row_factory=dict_row, **given | self.address.parameters())
        except psycopg.Error as error:
            raise self._not_connected(_reason(error)) from None
        self._connection = made
        with self.told():
            made.execute("SET client_encoding TO 'UTF8'")
            made.execute(_SETTINGS, (str(max(1, round(protocol.LOCK_SECONDS * 1_000))),))
        return made

    def _not_connected(self, reason: str) -> ConnectionLost:
        hint = "is PostgreSQL running there, and reachable from here?"
        if "password" in reason or "authentication" in reason:
            hint = "give the password by PGPASSWORD or ~/.pgpass"
        elif "database" in reason and "does not exist" in reason:
            hint = f"make it with: createdb {self.address.database}"
        elif "role" in reason and "does not exist" in reason:
            hint = "name a user of that server: postgresql://user@host/database"
        elif "connection option" in reason:
            hint = "after the ? of an address come libpq's options, such as sslmode=require"
        return ConnectionLost(f"cannot open {self.address}: {reason}", hint=hint)


def _reason(error: psycopg.Error) -> str:
    """Return what the server or libpq says, in one line, without where it says it of."""
    found = _REASON.match(str(error))
    return (found.group(1).strip() if found else "") or type(error).__name__
