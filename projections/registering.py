"""What an entry adds to the tables of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import (
    AliasAdded,
    ImportFinished,
    IssueOpened,
    Mover,
    PartyIdentified,
    PartyRegistered,
    PartyRenamed,
    SourceRegistered,
)
from ledger.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import Entry


def registered(event: Entry, number: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield the rows that an entry adds, each with its table; none where it gives no name."""
    match event:
        case PartyRegistered():
            yield "parties", (event.party, event.name, event.kind, number)
            yield from _named(event, number, event.party, event.name, *event.aliases)
            yield from _coded(event, number)
        case PartyRenamed():
            yield from _named(event, number, event.name)
        case PartyIdentified():
            yield from _named(event, number, *filter(None, [event.name]))
            yield from _coded(event, number)
        case AliasAdded():
            dates = event.from_, event.until
            yield "party_names", (name_key(event.alias), event.alias, event.party, number, *dates)
        case IssueOpened():
            yield "issues", (event.issue, name_key(event.issue), event.proposition, event.parent, number)
        case ImportFinished():
            yield "snapshots", (event.dataset, event.snapshot, number)
        case Mover(origin=origin) if origin is not None:
            yield "origins", (origin.dataset, origin.id, number)
        case SourceRegistered():
            yield "sources", (event.source, name_key(event.source), event.sha256, number)
        case _:
            pass


def _named(
    event: PartyRegistered | PartyIdentified | PartyRenamed, number: int, *names: str
) -> Iterator[tuple[str, tuple[object, ...]]]:
    for name in names:
        yield "party_names", (name_key(name), name, event.party, number, None, None)


def _coded(event: PartyRegistered | PartyIdentified, number: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    for scheme, code in event.codes.items():
        yield "party_codes", (scheme, code, event.party, number)
