"""Ours: `Ledger.record`, `Ledger.import_file`, and the journal read through; parties, issues and sources come first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.rivals.work import Positions, Task, Watch, tell
from benchmarks.workload import registrations
from benchmarks.writing import NotingViews
from ledger.entries import StatementMade
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from pathlib import Path


def main() -> None:
    """Do the work; `bulk` is the journal's part, `whole` has the views up to date too."""
    task = Task.given()
    singles = [json.loads(line) for line in task.firsts()]
    ledger = made(task.folder / "one")
    watch = Watch()
    for draft in singles:
        ledger.record(draft)
    one = watch.seconds()
    ledger.close()

    ledger = made(task.folder / "bulk")
    views = ledger._views = NotingViews(ledger.journal, ledger.place.views)  # noqa: SLF001  the seam between the two
    views.catch_up()
    watch = Watch()
    began = watch._began  # noqa: SLF001  to set the two times beside each other
    report = ledger.import_file(task.statements)
    whole = watch.seconds()
    assert not report.refused_count, report.refused

    watch, positions = Watch(), Positions()
    for recorded in ledger.journal.read():
        event = recorded.event
        if isinstance(event, StatementMade):
            positions.add(event.party, event.issue, event.said_on, event.stance, event.text or "")
    read = watch.seconds()
    ledger.close()
    tell(positions, "WAL, synchronous FULL", one=one, bulk=views.told_at - began, whole=whole, read=read)


def made(folder: Path) -> Ledger:
    """Return a new ledger in which everything has its name."""
    place = Place(folder / "ledger.db")
    Ledger.create(place)
    ledger = Ledger(place, recorded_by="bench")
    names = folder / "names.jsonl"
    names.write_text("".join(json.dumps(draft) + "\n" for draft in registrations()), encoding="utf-8")
    assert not ledger.import_file(names).refused_count
    return ledger


if __name__ == "__main__":
    main()
