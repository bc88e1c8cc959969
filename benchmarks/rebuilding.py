"""The row about rebuilding the views, against the library's notification log decoded to its objects."""

from __future__ import annotations

import json
import shutil
import statistics
from itertools import islice
from typing import TYPE_CHECKING

from benchmarks.plain import SECTION, PlainLedger
from benchmarks.table import Row, timed
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.stage import Stage

_SAMPLE = 20_000


def rebuild(stage: Stage) -> Iterator[Row]:
    """Every view from the journal, per entry, against reading the same drafts back as the library's objects."""
    place = Place(stage.folder / "rebuild.db")
    shutil.copy(stage.place.journal, place.journal)
    app = PlainLedger.at(stage.folder / "notifications.db")
    with stage.dossier.open("rb") as file:
        drafts = [json.loads(line) for line in islice(file, stage.size // 2, stage.size // 2 + _SAMPLE)]
    for start in range(0, len(drafts), SECTION):
        app.record_all(drafts[start : start + SECTION])
    ours, theirs = [], []
    for _ in range(stage.repeats):
        ledger = Ledger(place)
        ours.append(stage.size / timed(ledger.views.catch_up))
        (rows,) = ledger.views.db.execute("SELECT COUNT(*) FROM entries").fetchone()
        assert rows == stage.size
        ledger.close()
        place.views.unlink()
        theirs.append(len(drafts) / timed(lambda: [event.fields for event in app.decoded()]))
        assert [event.fields["text"] for event in app.decoded() if "text" in event.fields] == [
            draft["text"] for draft in drafts if "text" in draft
        ]
    app.close()
    place.journal.unlink()
    speeds = statistics.median(ours), statistics.median(theirs)
    yield Row("rebuild", "views from the journal", "notification log decoded", stage.size, *speeds, must=0.5, aim=2)
