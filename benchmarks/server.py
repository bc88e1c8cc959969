"""Rows about a ledger on PostgreSQL, against the same bytes in one table of the same server.

The server is started for the rows and ended after them: `fsync` is on, everything else as the tests have it.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from typing import TYPE_CHECKING

import psycopg

from benchmarks.raw import in_batches
from benchmarks.table import Row, alternately, timed
from benchmarks.writing import SINGLES, NotingViews, single
from ledger.stores.address import parse_address
from tests.postgres import NoServer, running
from verbale import Ledger
from verbale.places import ServerPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Self

    from benchmarks import raw
    from benchmarks.stage import Stage
    from tests.postgres import Server

LARGEST = 1_000_000
_SETTINGS = {"fsync": "on", "shared_buffers": "256MB", "max_wal_size": "4GB"}
_REPEATS = 3


class RawServerTable:
    """One table of lines, one transaction a batch or a row."""

    def __init__(self, address: str) -> None:
        self.db = psycopg.connect(address, autocommit=True)
        self.db.execute("CREATE TABLE lines (entry bigint PRIMARY KEY, data bytea NOT NULL)")

    def __enter__(self) -> Self:
        """Use it as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the connection."""
        self.db.close()

    def copy_in(self, rows: Iterator[raw.Row]) -> float:
        """Insert rows by COPY, in batches as long as those of an import; return the seconds it took."""
        return in_batches(rows, self._copy_batch)

    def _copy_batch(self, rows: Sequence[raw.Row]) -> None:
        with self.db.cursor() as cursor, cursor.copy("COPY lines FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(("int8", "bytea"))
            for row in rows:
                copy.write_row(row)

    def insert_one(self, row: raw.Row) -> None:
        """Insert one row and commit."""
        self.db.execute("INSERT INTO lines VALUES (%s, %s)", row)

    def copy_out(self) -> int:
        """Read every row; return how many there are."""
        with self.db.cursor() as cursor, cursor.copy("COPY lines TO STDOUT (FORMAT BINARY)") as copy:
            copy.set_types(("int8", "bytea"))
            return sum(1 for _ in copy.rows())

    def measure(self) -> tuple[int, int]:
        """Return how many rows there are, and how many bytes."""
        found = self.db.execute("SELECT count(*), sum(length(data)) FROM lines").fetchone()
        assert found is not None
        return found[0], int(found[1])


class StagePlace(ServerPlace):
    """A ledger on the server whose views lie in a folder of the run, not in the user's cache."""

    folder: Path

    @classmethod
    def at(cls, address: str, folder: Path) -> StagePlace:
        """Return the ledger of an address, with its views in a folder that is made for them."""
        place = cls(*parse_address(address))
        place.folder = folder
        folder.mkdir()
        return place

    @property
    def views(self) -> Path:
        """The file of the disposable tables."""
        return self.folder / "views.db"


def server(stage: Stage) -> Iterator[Row]:
    """Import, one durable record and a rebuild on a server; nothing where none can be started."""
    if stage.size > LARGEST:
        print(f"server: not measured above {LARGEST:,} entries", file=sys.stderr)
        return
    try:
        with running(**_SETTINGS) as started:
            yield from _rows(stage, started)
    except NoServer as error:
        print(f"server: left out, as PostgreSQL does not start here: {error}", file=sys.stderr)


def _rows(stage: Stage, started: Server) -> Iterator[Row]:
    times = []
    for repeat in range(stage.repeats):
        with started.database() as database:
            address, folder = started.address(database), stage.folder / f"server-{repeat}"
            place = StagePlace.at(address, folder)
            Ledger.create(place)
            with Ledger(place, recorded_by="bench") as ledger, RawServerTable(address) as table:
                times.append(_import(stage, ledger, table))
                if repeat == stage.repeats - 1:
                    yield from _bulk(stage, times)
                    yield _rebuild(stage, ledger, table)
                    yield _record(stage, ledger, table)
            shutil.rmtree(folder)


def _import(stage: Stage, ledger: Ledger, table: RawServerTable) -> tuple[float, float, float]:
    """Return the seconds of an import without its views, with them, and of the raw COPY."""
    views = ledger._views = NotingViews(ledger.journal, ledger.place.views)  # noqa: SLF001  the seam between the two
    views.catch_up()
    began = time.perf_counter()
    report = ledger.import_file(stage.dossier)
    whole = time.perf_counter() - began
    assert (report.new, ledger.head, report.refused_count) == (stage.size, stage.size, 0)
    copied = table.copy_in(stage.rows())
    query = "SELECT count(*), sum(length(state)) FROM verbale_events"
    assert table.db.execute(query).fetchone() == table.measure() == stage.raw.measure()
    return views.told_at - began, whole, copied


def _bulk(stage: Stage, times: list[tuple[float, float, float]]) -> Iterator[Row]:
    ours, whole, theirs = (stage.size / statistics.median(each) for each in zip(*times, strict=True))
    against = "raw COPY of the same bytes"
    yield Row("server-bulk", "PostgreSQL: bulk record, once only, durable", against, stage.size, ours, theirs)
    yield Row("server-bulk-views", "the same, views up to date", against, stage.size, whole, theirs)


def _rebuild(stage: Stage, ledger: Ledger, table: RawServerTable) -> Row:
    assert ledger.views.rebuild() == table.copy_out() == stage.size
    repeats = _REPEATS if stage.repeats > 1 else 1
    ours, theirs = (stage.size / each for each in alternately(ledger.views.rebuild, table.copy_out, repeats))
    return Row("server-rebuild", "PostgreSQL: views from the journal", "raw COPY out", stage.size, ours, theirs)


def _record(stage: Stage, ledger: Ledger, table: RawServerTable) -> Row:
    ours, theirs = [], []
    line = stage.raw.one(stage.size)
    assert line is not None
    ledger.record(single(0))
    for number in range(1, SINGLES + 1):
        draft, row = single(number), (stage.size + number, line[1])
        ours.append(timed(lambda draft=draft: ledger.record(draft)))  # type: ignore[misc]
        theirs.append(timed(lambda row=row: table.insert_one(row)))  # type: ignore[misc]
    assert ledger.head == stage.size + 1 + SINGLES == table.measure()[0] + 1
    assert ledger.moment().known_at == ledger.head
    speeds = 1 / statistics.median(ours), 1 / statistics.median(theirs)
    what = "PostgreSQL: one durable Ledger.record"
    return Row("server-record", what, "raw INSERT and commit", stage.size, *speeds)
