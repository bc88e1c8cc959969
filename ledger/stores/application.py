"""The journal as an `eventsourcing` application: one stream for each ledger, our recorder, our codec.

The library gives the application, its recorder, its connections and its tables; what it would do by default and must
not do here is said at each place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import JSONTranscoder, Mapper
from eventsourcing.utils import Environment

from ledger.codec import CODEC

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventsourcing.persistence import InfrastructureFactory, StoredEvent


class ClosedMapper(Mapper[UUID]):
    """Decodes through our closed registry.

    The library's own mapper imports whatever a stored topic names, and makes events without validating them.
    """

    def to_domain_event(self, stored_event: StoredEvent) -> Any:  # noqa: ANN401  the library's signature is wider
        """Return the stored event as `Recorded`."""
        return CODEC.decode(stored_event.originator_version, stored_event.topic, bytes(stored_event.state))


class JournalApplication(Application[UUID]):
    """The application whose recorder appends to a database.

    Args:
        factory: makes the factory of one kind of database; the tables are there.
    """

    name = "verbale"  # on PostgreSQL this becomes the table's name: never change it

    def __init__(self, factory: Callable[[Environment], InfrastructureFactory[Any]]) -> None:
        self._make = factory
        super().__init__()

    def construct_env(self, name: str, env: Any = None) -> Environment:  # noqa: ANN401  the library's signature
        """Take no settings from the process's environment: a stray variable must not change how a journal is read."""
        return Environment(name, env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Return the factory whose commits are durable."""
        return self._make(env)

    def construct_mapper(self) -> ClosedMapper:
        """Return the mapper that decodes through the closed registry."""
        return ClosedMapper(JSONTranscoder())
