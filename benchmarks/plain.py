"""The library's plain way: an aggregate for every entry, its default mapper, its SQLite recorder as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from uuid import UUID  # noqa: F401  in a quoted type argument

SECTION = 1_000


class Statement(Aggregate):
    """An aggregate that holds what a draft says."""

    @event("Made")
    def __init__(self, type: str, fields: dict[str, Any]) -> None:  # noqa: A002  the draft's word
        """Make a statement of a draft's fields."""
        self.type = type
        self.fields = fields


class PlainLedger(Application["UUID"]):
    """Drafts as aggregates, nothing validated, nothing recorded once only."""

    @classmethod
    def at(cls, path: Path) -> PlainLedger:
        """Open one in a database file, made if need be."""
        return cls({"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})

    def record(self, draft: dict[str, Any]) -> None:
        """Save one draft, in a transaction of its own."""
        self.save(made(draft))

    def record_all(self, drafts: Iterable[dict[str, Any]]) -> None:
        """Save drafts in one transaction."""
        self.save(*map(made, drafts))

    def decoded(self) -> Iterator[Any]:
        """Read the notification log through, section by section, decoded to the library's event objects."""
        start: int | None = 1
        while start is not None:
            section = self.recorder.select_notifications(start, SECTION)
            yield from map(self.mapper.to_domain_event, section)
            start = section[-1].id + 1 if len(section) == SECTION else None


def made(draft: dict[str, Any]) -> Statement:
    """Return the aggregate that a draft becomes."""
    return Statement(type=draft["type"], fields={name: value for name, value in draft.items() if name != "type"})
