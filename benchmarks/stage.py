"""What the rows of one size share: its dossier, one ledger made of it, and its stored bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.raw import RawTable
from benchmarks.workload import dossier
from ledger.journal import Journal
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.raw import Row

ROOT = Path(__file__).resolve().parents[1]
KEPT = 1_000_000
"""Up to so many drafts a dossier outlives the run, in the temporary folder of the machine."""


@dataclass
class Stage:
    """A size, and a folder of its own that goes when the run ends.

    Args:
        size: the number of journal entries.
        folder: empty.
        smaller: the stage before, to compare with.
        peaks: the peak memory of the processes that made the ledger, rebuilt it and computed its root, in MB.
    """

    size: int
    folder: Path
    smaller: Stage | None = None
    peaks: dict[str, float] = field(default_factory=dict)
    exporting: float = 0.0
    """How long the export took, in seconds."""

    @property
    def repeats(self) -> int:
        """How often what takes long is repeated."""
        return 3 if self.size <= 200_000 else 1

    @property
    def smallest(self) -> Stage:
        """The first stage of the run, which may be this one."""
        return self if self.smaller is None else self.smaller.smallest

    @cached_property
    def dossier(self) -> Path:
        """The drafts: kept for the next run, unless they are too many to be left lying about."""
        return dossier(self.size, None if self.size <= KEPT else self.folder)

    @cached_property
    def place(self) -> Place:
        """A ledger of this size with its views, imported in a process of its own; nobody writes to it afterwards."""
        place = Place(self.folder / "ledger.db")
        self.peaks["import"] = in_own_process("import", self.dossier, place)
        with Ledger(place) as ledger:
            assert ledger.views.catch_up() == self.size
        return place

    @cached_property
    def raw(self) -> RawTable:
        """The ledger's bytes in one plain table."""
        table = RawTable(self.folder / "raw.db")
        table.insert(self.rows())
        return table

    def rows(self) -> Iterator[Row]:
        """Yield the bytes that the journal holds, by entry."""
        with Journal(self.place.open()) as journal:
            for line in journal.lines():
                yield line.entry, line.data

    def fresh(self, name: str) -> Ledger:
        """Return a new ledger, empty, its views made."""
        place = Place(self.folder / name / "ledger.db")
        Ledger.create(place)
        ledger = Ledger(place, recorded_by="bench")
        ledger.views.catch_up()
        return ledger


def in_own_process(work: str, dossier: Path, place: Place) -> float:
    """Do `work` of `benchmarks.memory` in a process of its own; return its peak memory in MB."""
    command = [sys.executable, "-m", "benchmarks.memory", work, str(dossier), str(place.journal)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    peak: float = json.loads(done.stdout)
    return peak
