"""Memory: the peak of a process that imports, of one that rebuilds, and of one that computes the root.

From a million entries on a larger ledger must not need more; a small one fits into the caches whole.
"""

from __future__ import annotations

import resource
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import Row
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.stage import Stage

_FLAT = 1.25
_FLAT_FROM = 1_000_000
_AIM = 300
_NAMES = {"import": "import", "rebuild": "rebuild", "root": "recomputing the root"}


def memory(stage: Stage) -> Iterator[Row]:
    """Peak memory of import, rebuild and root, each against its own at the smaller size."""
    from benchmarks.stage import in_own_process  # noqa: PLC0415  the processes measured here must not load it

    for work in ("rebuild", "root"):
        stage.peaks[work] = in_own_process(work, stage.dossier, stage.place)
    for work, name in _NAMES.items():
        ours = stage.peaks[work]
        smaller = stage.smaller.peaks.get(work) if stage.smaller else None
        yield Row(
            f"memory-{work}",
            f"peak memory of {name}",
            f"its own at {stage.smaller.size:,}" if smaller and stage.smaller else "",
            stage.size,
            ours,
            smaller,
            "MB",
            must=_FLAT if smaller and stage.smaller and stage.smaller.size >= _FLAT_FROM else None,
            note=f"aim: below {_AIM} MB, {'reached' if ours < _AIM else 'not reached'}",
        )


def peak() -> float:
    """Return this process's peak memory in MB.

    On Linux `ru_maxrss` of a new process starts with its parent's, so the kernel's own count comes first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_048_576


def exported(place: Place) -> Path:
    """Return where a ledger is exported to."""
    return place.journal.with_name("columns")


def main(work: str, dossier: str, journal: str) -> None:
    """Import, export, rebuild or compute the root, and print the peak."""
    place = Place(Path(journal))
    if work == "import":
        Ledger.create(place)
        with Ledger(place, recorded_by="bench") as ledger:
            report = ledger.import_file(dossier)
            assert not report.refused_count, report.refused
    elif work == "export":
        with Ledger(place) as ledger:
            ledger.export_parquet(exported(place))
    elif work == "root":
        with Ledger(place) as ledger:
            assert ledger.root()
    else:
        copy = Place(place.journal.with_name("rebuilt.db"))
        shutil.copy(place.journal, copy.journal)
        with Ledger(copy) as ledger:
            ledger.views.catch_up()
        for path in (copy.journal, copy.views):
            path.unlink()
    print(peak())


if __name__ == "__main__":
    main(*sys.argv[1:])
