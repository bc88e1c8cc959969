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
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.raw import RawTable
from benchmarks.stage import ROOT
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from benchmarks.stage import Stage

_ACLED: Final = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,"
    "country,source,notes,fatalities,timestamp"
)
_FIRST_DAY: Final = date(2010, 1, 1)
DATA: Final = ROOT.parent / "shared" / "data"


class Format(NamedTuple):
    """A format that `import --as` takes."""

    name: str
    sample: Callable[[int, Path], Path | None]
    """Given how many rows and a folder, a file of as many at most, its header first; None where there is none."""
    delimiter: str = ","
    header: bool = True


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


def copies_of(path: Path, key: int, day: int, written: str) -> Callable[[int, Path], Path | None]:
    """Return what makes a file of the rows of the shared data, again and again with other keys on other days.

    Args:
        path: with tabs.
        key: the column of the row's key.
        day: the column of its date.
        written: how that is written, as `strftime` has it.
    """

    def make(size: int, folder: Path) -> Path | None:
        if not path.exists():
            print(f"formats: {path.name} is not here: {path.parent}", file=sys.stderr)
            return None
        lines = path.read_text(encoding="utf-8").splitlines()
        header = [] if lines[0][0].isdigit() else [lines.pop(0)]
        made = folder / path.name
        with made.open("w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in header)
            for number in range(size):
                copy, at = divmod(number, len(lines))
                cells = lines[at].split("\t")
                cells[key] = str(900_000_000 + number)
                cells[day] = (_FIRST_DAY + timedelta(days=copy)).strftime(written)
                out.write("\t".join(cells) + "\n")
        return made

    return make


def made_acled(size: int, folder: Path) -> Path:
    """Make an export of ACLED's columns: events between forces of a few states, from a few hundred sources."""
    made = folder / "acled.csv"
    states = ("Russia", "Ukraine", "India", "Pakistan", "Syria", "Israel", "Sudan", "Ethiopia")
    with made.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(_ACLED.split(","))
        for number in range(size):
            one, other = states[number % 8], states[number // 8 % 8]
            on = _FIRST_DAY + timedelta(days=number % 4_000)
            forces = f"Military Forces of {one} (2000-)", f"Civilians ({other})"
            rest = other, f"Source {number % 300}", f"Event {number} was seen.", number % 5, 1_649_700_000 + number
            rows.writerow([f"X{number}", on.isoformat(), number % 3 + 1, "Battles", "Armed clash", *forces, *rest])
    return made


FORMATS: Final = (
    Format("unga", head_of(DATA / "unga" / "unga_votes_joined.csv.gz")),
    Format("gdelt", copies_of(DATA / "gdelt" / "20191024143000.export.CSV", 0, 1, "%Y%m%d"), "\t", header=False),
    Format("icews", copies_of(DATA / "icews" / "events.2018.sample.tab", 0, 1, "%Y-%m-%d"), "\t"),
    Format("acled", made_acled),
)


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
            table.insert(lines(sample, each))
            theirs.append(time.perf_counter() - began)
            assert table.measure()[0] == rows
            table.close()
            shutil.rmtree(folder)
        speeds = rows / statistics.median(ours), rows / statistics.median(theirs)
        what, against = f"import --as {each.name}, views up to date", "csv, then raw executemany of the lines"
        yield Row(f"format-{each.name}", what, against, rows, *speeds, note=f"{new:,} entries of {rows:,} rows")


def lines(path: Path, of: Format) -> Iterator[tuple[int, bytes]]:
    """Yield the rows below the header, numbered from 1, each read by `csv` first."""
    with path.open("rb") as file:
        yield from enumerate(islice(records(file, of.delimiter), int(of.header), None), 1)


def records(file: Iterable[bytes], delimiter: str) -> Iterator[bytes]:
    """Yield the bytes of each row as `csv` finds them: a cell may hold line ends."""
    kept: list[bytes] = []

    def noted() -> Iterator[str]:
        for line in file:
            kept.append(line)
            yield line.decode("latin-1")  # whatever the encoding, delimiters and quotation marks are ASCII

    quoted = delimiter != "\t"
    for _ in csv.reader(noted(), delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE):
        yield b"".join(kept)
        kept.clear()
