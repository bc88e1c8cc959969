"""py-event-sourcing: a draft's bytes as an event's data, one stream, `Stream.write` with one event or a list, `read`.

The library sets `synchronous=NORMAL` and has no option for it, so a commit may be lost with the power.  Here it is set
to FULL on the library's own connection, as the others write; nothing else is touched.
"""

from __future__ import annotations

import asyncio
import json

from py_event_sourcing import CandidateEvent, sqlite_stream_factory

from benchmarks.rivals.work import Positions, Task, Watch, tell

STREAM = "ledger"
BATCH = 5_000


async def work(task: Task) -> None:
    """Do the work."""
    singles = task.firsts()
    async with sqlite_stream_factory(str(task.folder / "one.db")) as open_stream, open_stream(STREAM) as stream:
        connection = stream.storage_handle.write_conn
        await connection.execute("PRAGMA synchronous = FULL")
        watch = Watch()
        for line in singles:
            await stream.write([CandidateEvent(type="statement-made", data=line)])
        one = watch.seconds()

    async with sqlite_stream_factory(str(task.folder / "bulk.db")) as open_stream, open_stream(STREAM) as stream:
        connection = stream.storage_handle.write_conn
        await connection.execute("PRAGMA synchronous = FULL")
        watch = Watch()
        for batch in task.batches(BATCH):
            await stream.write([CandidateEvent(type="statement-made", data=line) for line in batch])
        bulk = watch.seconds()

        watch, positions = Watch(), Positions()
        async for event in stream.read():
            positions.add_draft(json.loads(event.data))
        read = watch.seconds()
        async with connection.execute("PRAGMA synchronous") as cursor:
            assert await cursor.fetchone() == (2,)
    tell(
        positions,
        "WAL, synchronous FULL set past it (its own: NORMAL)",
        one=one,
        bulk=bulk,
        whole=bulk + read,
        read=read,
    )


if __name__ == "__main__":
    asyncio.run(work(Task.given()))
