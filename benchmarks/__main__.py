"""Measure and print: `python -m benchmarks [--size 10k|100k|1M|10M] [--only ROW] [--json|--markdown]`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.auditing import audit
from benchmarks.cold import cold
from benchmarks.columns import columns, engines, scale
from benchmarks.desk import desk
from benchmarks.formats import formats
from benchmarks.memory import memory
from benchmarks.reading import matrix, position
from benchmarks.rebuilding import rebuild
from benchmarks.rivals.rows import rivals
from benchmarks.server import server
from benchmarks.stage import Stage
from benchmarks.table import Row, heading
from benchmarks.verifying import verify
from benchmarks.worst import worst
from benchmarks.writing import bulk, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES: Final = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}
USUAL: Final = ("100k", "1M")
ROWS: Final[dict[str, Callable[[Stage], Iterator[Row]]]] = {
    "bulk": bulk,
    "record": record,
    "position": position,
    "matrix": matrix,
    "rebuild": rebuild,
    "verify": verify,
    "audit": audit,
    "cold": cold,
    "memory": memory,
    "worst": worst,
    "server": server,
    "desk": desk,
    "formats": formats,
    "rivals": rivals,
    "columns": columns,
    "engines": engines,
    "scale": scale,
}


def measured(sizes: list[int], only: list[str]) -> Iterator[Row]:
    """Yield rows as they are measured, the smaller size first."""
    with tempfile.TemporaryDirectory(prefix="verbale-bench-") as folder:
        smaller = None
        for size in sizes:
            stage = Stage(size, Path(folder) / str(size), smaller)
            stage.folder.mkdir()
            for name in only:
                yield from ROWS[name](stage)
            smaller = stage


def main() -> None:
    """Print the table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--size", action="append", choices=SIZES, help=f"which sizes (default: {' and '.join(USUAL)})")
    parser.add_argument("--only", action="append", choices=ROWS, help="limit the rows (may be repeated)")
    parser.add_argument("--markdown", action="store_true", help="rows as docs/figures.md has them")
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    chosen = parser.parse_args()
    as_written = Row.as_json if chosen.json else Row.as_markdown if chosen.markdown else Row.as_text
    if as_written is Row.as_text:
        print(heading(), flush=True)
    for row in measured(sorted(SIZES[name] for name in set(chosen.size or USUAL)), chosen.only or list(ROWS)):
        print(as_written(row), flush=True)


if __name__ == "__main__":
    main()
