"""salamander-db: `append` and `commit`, `append_batch` with `durability="sync"`, the paged reader.

It is not on SQLite but has a log of its own, synced at every commit.  A batch takes 4,096 events at most.
"""

from __future__ import annotations

import json

import salamander

from benchmarks.rivals.work import Positions, Task, Watch, tell

NAMESPACE = "ledger"
BATCH = 4_000


def main() -> None:
    """Do the work."""
    task = Task.given()
    singles = task.firsts()
    with salamander.open(str(task.folder / "one")) as store:
        watch = Watch()
        for line in singles:
            store.append(NAMESPACE, json.loads(line))
            store.commit()
        one = watch.seconds()
        assert store.durable_head() == len(singles)

    with salamander.open(str(task.folder / "bulk")) as store:
        watch = Watch()
        for batch in task.batches(BATCH):
            store.append_batch(NAMESPACE, [{"body": json.loads(line)} for line in batch], durability="sync")
        bulk = watch.seconds()

        watch, positions = Watch(), Positions()
        for row in store.replay(NAMESPACE):
            positions.add_draft(row["body"])
        read = watch.seconds()
    tell(positions, "its own log, fsync at every commit", one=one, bulk=bulk, whole=bulk + read, read=read)


if __name__ == "__main__":
    main()
