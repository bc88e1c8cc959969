"""Rows about importing each format, against `csv` and raw `executemany` of the same lines.

`FORMATS` has a row for each: its name, and what gives a file of at most so many rows.
"""

from __future__ import annotations

import csv
import gzip
import shutil
import statistics
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.raw import RawTable
from benchmarks.stage import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from benchmarks.stage import Stage

DATA: Final = ROOT.parent / "shared" / "data"


class Format(NamedTuple):
    """A format that `import --as` takes."""

    name: str
    sample: Callable[[int, Path], Path | None]
    """Given how many rows and a folder, a file of as many at most, its header first; None where there is none."""
    delimiter: str = ","


def head_of(path: Path, delimiter: str = ",") -> Callable[[int, Path], Path | None]:
    """Return what cuts a file of the shared data, packed by gzip or not, to its first rows."""

    def cut(size: int, folder: Path) -> Path | None:
        if not path.exists():
            print(f"formats: {path.name} is not here: {path.parent}", file=sys.stderr)
            return None
        made = folder / path.name.removesuffix(".gz")
        with path.open("rb") as plain, made.open("wb") as out:
            file = gzip.open(plain) if path.suffix == ".gz" else plain  # noqa: SIM115  it ends with what it reads
            out.writelines(islice(records(file, delimiter), size + 1))
        return made

    return cut


FORMATS: Final = (Format("unga", head_of(DATA / "unga" / "unga_votes_joined.csv.gz")),)


def formats(stage: Stage) -> Iterator[Row]:
    """Import the first rows of each format's file, the views up to date, against the same lines raw."""
    for each in FORMATS:
        sample = each.sample(stage.size, stage.folder)
        if sample is None:
            continue
        ours, theirs, rows, new = list[float](), list[float](), 0, 0
        for repeat in range(stage.repeats):
            folder = stage.folder / f"format-{each.name}-{repeat}"
            with stage.fresh(folder.name) as ledger:
                began = time.perf_counter()
                report = ledger.import_file(sample, format_=each.name)
                ours.append(time.perf_counter() - began)
                rows, new = report.rows, report.new
                assert rows == new + report.already + report.repeated + report.refused_count
            table = RawTable(folder / "raw.db")
            began = time.perf_counter()
            table.insert(lines(sample, each.delimiter))
            theirs.append(time.perf_counter() - began)
            assert table.measure()[0] == rows
            table.close()
            shutil.rmtree(folder)
        speeds = rows / statistics.median(ours), rows / statistics.median(theirs)
        what, against = f"import --as {each.name}, views up to date", "csv, then raw executemany of the lines"
        yield Row(f"format-{each.name}", what, against, rows, *speeds, note=f"{new:,} entries of {rows:,} rows")


def lines(path: Path, delimiter: str) -> Iterator[tuple[int, bytes]]:
    """Yield the rows below the header, numbered from 1, each read by `csv` first."""
    with path.open("rb") as file:
        yield from enumerate(islice(records(file, delimiter), 1, None), 1)


def records(file: Iterable[bytes], delimiter: str) -> Iterator[bytes]:
    """Yield the bytes of each row as `csv` finds them: a cell may hold line ends."""
    kept: list[bytes] = []

    def noted() -> Iterator[str]:
        for line in file:
            kept.append(line)
            yield line.decode("latin-1")  # whatever the encoding, delimiters and quotation marks are ASCII

    for _ in csv.reader(noted(), delimiter=delimiter):
        yield b"".join(kept)
        kept.clear()
