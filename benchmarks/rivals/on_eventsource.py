"""eventsource-py: typed events, one stream, `SQLiteEventStore.append` with one event or a list, `read_all`.

The store opens its file with WAL and leaves `synchronous` as SQLite has it, which is FULL.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

from eventsource import DomainEvent, register_event
from eventsource.adapters.sqlite.store import SQLiteEventStore
from eventsource.domain import StreamId
from eventsource.ports import ExpectedVersion

from benchmarks.rivals.work import Positions, Task, Watch, tell

LEDGER = UUID(int=1)
STREAM = StreamId(aggregate_id=LEDGER, category="Ledger")
BATCH = 5_000


@register_event
class StatementMade(DomainEvent):  # type: ignore[misc]  # the library is not in our environment
    """A statement, its fields typed as the library's tutorial has them."""

    event_type: str = "StatementMade"
    aggregate_type: str = "Ledger"
    party: str
    issue: str
    stance: str
    said_on: str
    text: str
    conditions: list[str] | None = None
    speaker: str | None = None
    act: str | None = None
    credibility: str | None = None
    source: str | None = None


def event(line: bytes) -> StatementMade:
    """Return the event that a draft becomes."""
    fields: dict[str, Any] = json.loads(line)
    del fields["type"]
    return StatementMade(aggregate_id=LEDGER, **fields)


async def work(task: Task) -> None:
    """Do the work."""
    store = SQLiteEventStore(str(task.folder / "one.db"))
    await store.current_position()
    singles = task.firsts()
    watch = Watch()
    for line in singles:
        await store.append(STREAM, [event(line)], ExpectedVersion.any_())
    one = watch.seconds()
    await store.close()

    store = SQLiteEventStore(str(task.folder / "bulk.db"))
    await store.current_position()
    watch = Watch()
    for batch in task.batches(BATCH):
        await store.append(STREAM, [event(line) for line in batch], ExpectedVersion.any_())
    bulk = watch.seconds()

    watch, positions = Watch(), Positions()
    async for envelope in store.read_all():
        said = envelope.event
        positions.add(said.party, said.issue, said.said_on, said.stance, said.text)
    read = watch.seconds()
    durability = await settings(await store._conn())  # noqa: SLF001  to look at what it has set
    await store.close()
    tell(positions, durability, one=one, bulk=bulk, whole=bulk + read, read=read)


async def settings(connection: Any) -> str:  # noqa: ANN401  aiosqlite is not in our environment
    """Return how durably a connection writes."""
    found = []
    for pragma in ("journal_mode", "synchronous"):
        async with connection.execute(f"PRAGMA {pragma}") as cursor:
            found.append((await cursor.fetchone())[0])
    return f"{str(found[0]).upper()}, synchronous {('OFF', 'NORMAL', 'FULL', 'EXTRA')[found[1]]}"


if __name__ == "__main__":
    asyncio.run(work(Task.given()))
