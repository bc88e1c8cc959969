"""The journal as an `eventsourcing` application: one stream, our recorder, our codec.

The library gives the application, its recorder, its connections and its tables; what it would do by default and must
not do here is said at each place.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import JSONTranscoder, Mapper, PersistenceError
from eventsourcing.utils import Environment

from ledger.codec import CODEC
from ledger.errors import Refused
from ledger.stores import JournalFactory, JournalRecorder, StoredEvent

if TYPE_CHECKING:
    from pathlib import Path


class ClosedMapper(Mapper[UUID]):
    """Decodes through our closed registry.

    The library's own mapper imports whatever a stored topic names, and makes events without validating them.
    """

    def to_domain_event(self, stored_event: StoredEvent) -> Any:  # noqa: ANN401  the library's signature is wider
        """Return the stored event as `Recorded`."""
        return CODEC.decode(stored_event.originator_version, stored_event.topic, bytes(stored_event.state))


class JournalApplication(Application[UUID]):
    """The application whose recorder appends to a database file.

    Args:
        path: the file; its tables were made by `create_ledger`.
    """

    name = "verbale"  # on PostgreSQL this becomes the table's name: never change it
    recorder: JournalRecorder

    def __init__(self, path: Path) -> None:
        super().__init__({"PERSISTENCE_MODULE": "ledger.stores", "SQLITE_DBNAME": str(path)})

    def construct_env(self, name: str, env: Any = None) -> Environment:  # noqa: ANN401  the library's signature
        """Take no settings from the process's environment: a stray variable must not change how a journal is read."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> JournalFactory:  # type: ignore[override]  # the base is invariant
        """Return the factory whose commits are durable."""
        return JournalFactory(env)

    def construct_mapper(self) -> ClosedMapper:
        """Return the mapper that decodes through the closed registry."""
        return ClosedMapper(JSONTranscoder())


def create_ledger(path: Path, name: str) -> bool:
    """Make a ledger in a database file, and the file if need be; say whether the ledger is new.

    Raises:
        Refused: the file holds something else, or cannot be made there.
    """
    factory = JournalFactory(Environment(JournalApplication.name, {"SQLITE_DBNAME": str(path)}))
    try:
        return JournalRecorder(factory.datastore).create(name)
    except (PersistenceError, sqlite3.Error) as error:
        raise Refused(f"cannot make a ledger at {path}: {error}", hint="choose another file") from None
    finally:
        factory.close()
