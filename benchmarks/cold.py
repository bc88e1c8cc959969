"""The rows about a cold start: a question from a shell, against `sqlite-utils` on the same file; a press of TAB."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import Row, timed
from benchmarks.workload import BIG_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.stage import Stage

_REPEATS = 9


def cold(stage: Stage) -> Iterator[Row]:
    """`verbale show PARTY ISSUE`, against a query of one row by `sqlite-utils`."""
    scripts = Path(sysconfig.get_path("scripts"))
    party, issue = BIG_CELL
    show = [str(scripts / "verbale"), "show", party, issue, "--ledger", str(stage.place.journal)]
    query = "SELECT * FROM entries WHERE party = :p AND issue = :i LIMIT 1"
    theirs = [str(scripts / "sqlite-utils"), "query", str(stage.place.views), query, "-p", "p", party, "-p", "i", issue]
    what, against = "verbale show, cold", "sqlite-utils query, cold"
    if not available(show):
        seconds = timed(lambda: run(theirs))
        yield Row("cold", what, against, stage.size, None, seconds, "ms", note="`verbale show` does not exit 0")
        return
    assert party in run(show)
    assert party in run(theirs)
    times = [(timed(lambda: run(show)), timed(lambda: run(theirs))) for _ in range(_REPEATS)]
    medians = statistics.median(t for t, _ in times), statistics.median(t for _, t in times)
    yield Row("cold", what, against, stage.size, *medians, "ms", must=2, aim=1.2)
    yield completion(stage)


def completion(stage: Stage) -> Row:
    """A press of TAB after `verbale show P`, against a Python that does nothing: 200 ms is when a person notices."""
    asked = os.environ | {"_VERBALE_COMPLETE": "fish", "_VERBALE_WORDS": f"verbale\nshow\n{BIG_CELL[0]}"}
    ours = [str(Path(sysconfig.get_path("scripts")) / "verbale")]
    place = {"VERBALE_LEDGER": str(stage.place.journal)}
    assert BIG_CELL[0] in run(ours, asked | place)
    nothing = [sys.executable, "-c", "pass"]
    times = [(timed(lambda: run(ours, asked | place)), timed(lambda: run(nothing))) for _ in range(_REPEATS)]
    medians = statistics.median(t for t, _ in times), statistics.median(t for _, t in times)
    return Row("cold", "a press of TAB, cold", "python that does nothing", stage.size, *medians, "ms")


def available(command: list[str]) -> bool:
    """Say whether a command is there and exits 0."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def run(command: list[str], environment: dict[str, str] | None = None) -> str:
    """Run a command and return what it prints."""
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=environment).stdout
