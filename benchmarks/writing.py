"""Rows about writing: many drafts at once, and one durable entry at a time."""

from __future__ import annotations

import json
import shutil
import statistics
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from benchmarks.plain import PlainLedger
from benchmarks.raw import RawTable
from benchmarks.table import Row, timed
from benchmarks.workload import party_id
from projections.views import Views
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.stage import Stage

_SAVES = 2_000
SINGLES = 400


class NotingViews(Views):
    """Views that note when they were told of an append: all of the import up to there is the journal's part."""

    told_at = 0.0

    def appended(self) -> int:
        """Note the time, then catch up."""
        self.told_at = time.perf_counter()
        return super().appended()


def bulk(stage: Stage) -> Iterator[Row]:
    """Import, durable, then with the views in step: against raw `executemany`, and against one save an aggregate."""
    journal_times, all_times, raw_times = [], [], []
    held = stage.raw.measure()
    for repeat in range(stage.repeats):
        ledger = stage.fresh(f"bulk-{repeat}")
        views = ledger._views = NotingViews(ledger.journal, ledger.place.views)  # noqa: SLF001  the seam between the two
        began = time.perf_counter()
        report = ledger.import_file(stage.dossier)
        all_times.append(time.perf_counter() - began)
        journal_times.append(views.told_at - began)
        assert (report.new, ledger.head, report.refused_count) == (stage.size, stage.size, 0)
        ledger.close()
        table = RawTable(stage.folder / f"bulk-{repeat}" / "raw.db")
        raw_times.append(table.insert(stage.rows()))
        assert table.measure() == held
        table.close()
        shutil.rmtree(stage.folder / f"bulk-{repeat}")
    ours, whole, theirs = (stage.size / statistics.median(t) for t in (journal_times, all_times, raw_times))
    what, against = "bulk record, validated, once only, durable", "raw executemany of the same bytes"
    yield Row("bulk", what, against, stage.size, ours, theirs, must=0.20, aim=0.40)
    yield Row("bulk-plain", what, "one aggregate a save", stage.size, ours, _saves(stage), must=12, aim=30)
    yield Row("bulk-views", "the same, views up to date", against, stage.size, whole, theirs, must=0.05, aim=0.15)


def _saves(stage: Stage) -> float:
    """Return how many aggregates a second the library saves one at a time, by a sample."""
    app = PlainLedger.at(stage.folder / "saves.db")
    with stage.dossier.open("rb") as file:
        drafts = [json.loads(line) for line in islice(file, stage.size // 2, stage.size // 2 + _SAVES)]

    def save_each() -> None:
        for draft in drafts:
            app.record(draft)

    seconds = timed(save_each)
    assert app.recorder.max_notification_id() == len(drafts)
    app.close()
    return len(drafts) / seconds


def record(stage: Stage) -> Iterator[Row]:
    """One durable `Ledger.record`, view included, against one raw row and its commit."""
    place = Place(stage.folder / "record" / "ledger.db")
    place.journal.parent.mkdir()
    shutil.copy(stage.place.journal, place.journal)
    shutil.copy(stage.place.views, place.views)
    ours, theirs = [], []
    line = stage.raw.one(stage.size)
    assert line is not None
    with Ledger(place, recorded_by="bench") as ledger:
        ledger.record(single(0))
        for number in range(1, SINGLES + 1):
            draft = single(number)
            ours.append(timed(lambda draft=draft: ledger.record(draft)))  # type: ignore[misc]
            row = stage.size + number, line[1]
            theirs.append(timed(lambda row=row: stage.raw.insert_one(row)))  # type: ignore[misc]
        assert ledger.head == stage.size + 1 + SINGLES
        assert ledger.moment().known_at == ledger.head
    stage.raw.db.execute("DELETE FROM lines WHERE entry > ?", (stage.size,))
    shutil.rmtree(place.journal.parent)
    speeds = 1 / statistics.median(ours), 1 / statistics.median(theirs)
    what = "one durable Ledger.record, view included"
    yield Row("record", what, "raw single-row commit", stage.size, *speeds, must=0.25, aim=0.5)


def single(number: int) -> dict[str, Any]:
    """Return a draft that is recorded by itself."""
    return {
        "type": "statement-made",
        "party": party_id(number % 200),
        "issue": f"issue-{number % 500:03}",
        "stance": "support",
        "said_on": "2025-03-12",
        "text": f"The delegation told reporters after the meeting that it could accept the text (note {number:,}).",
        "speaker": "Ana Petrović",
    }
