"""Rows about other engines: the export to Parquet, and the position rule as SQL on DuckDB and on Spark.

Both sides of a row are asked the same: the whole matrix at the two moments.  Before anything is timed, they are held
against each other, row for row, in every column that the statement gives.
"""

from __future__ import annotations

import shutil
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pyarrow.parquet as pq

from benchmarks.memory import exported
from benchmarks.stage import in_own_process
from benchmarks.table import Row, alternately, timed
from ledger.times import END
from projections.exports.tables import TABLES
from projections.exports.whole import statement
from projections.matrix import matrix as rows_of_matrix
from tests.projections.engines import as_told, told
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession

    from benchmarks.stage import Stage
    from projections.clocks import Moment

_FLAT: Final = 1.25
_FLAT_FROM: Final = 1_000_000
_READ: Final = ("versions", "effects", "memberships")
_MEMORY: Final = "8GB"
"""What DuckDB may take: the machine has other work."""
_TIMES: Final = (1, 10, 100)
_MOST: Final = 100_000_000
"""Versions; more are not copied."""


def columns(stage: Stage) -> Iterator[Row]:
    """The export: how fast, how large, how much memory, each in a process of its own."""
    folder = export(stage)

    def again() -> None:
        for table in TABLES:
            path = folder / f"{table.name}.parquet"
            part = path.with_suffix(".part")
            with pq.ParquetFile(path) as file, pq.ParquetWriter(part, file.schema_arrow, compression="zstd") as writer:
                for number in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(number))
            part.unlink()

    ours, theirs = stage.size / stage.exporting, stage.size / timed(again)
    yield Row(
        "columns", "export parquet, in a process of its own", "pyarrow reads and writes them", stage.size, ours, theirs
    )
    journal = stage.place.journal.stat().st_size / 1e6
    for name in ("entries", "versions", "positions", "evidence"):
        path = folder / f"{name}.parquet"
        count = pq.read_metadata(path).num_rows
        what, note = f"{name}.parquet", f"{count:,} rows, {path.stat().st_size / count:.1f} bytes a row"
        yield Row(
            f"columns-{name}",
            what,
            "the journal's file",
            stage.size,
            path.stat().st_size / 1e6,
            journal,
            "MB",
            note=note,
        )
    views = stage.place.views.stat().st_size / 1e6
    yield Row("columns-views", "the views' file", "the journal's file", stage.size, views, journal, "MB")
    smaller = stage.smaller.peaks.get("export") if stage.smaller else None
    flat = smaller is not None and stage.smaller is not None and stage.smaller.size >= _FLAT_FROM
    against = f"its own at {stage.smaller.size:,}" if smaller and stage.smaller else ""
    peak = stage.peaks["export"]
    yield Row(
        "columns-memory", "peak memory of the export", against, stage.size, peak, smaller, "MB", _FLAT if flat else None
    )


def export(stage: Stage) -> Path:
    """Return the export of a stage's ledger, made at the first call."""
    folder = exported(stage.place)
    if "export" not in stage.peaks:

        def make() -> None:
            stage.peaks["export"] = in_own_process("export", stage.dossier, stage.place)

        stage.exporting = timed(make)
    return folder


def engines(stage: Stage) -> Iterator[Row]:
    """The whole matrix at (T, K) and now: ours, against the statement on each engine."""
    folder, repeats = export(stage), 3 if stage.size <= 1_000_000 else 1
    with Ledger(stage.place) as ledger, duck(folder) as db:
        moments = ledger.moment("2024-06-30", f"e{stage.size * 3 // 4}"), ledger.moment()
        for at in moments:
            rows = [as_told(row) for row in rows_of_matrix(ledger.views.db, at)]
            assert rows == list(map(told, asked(db, at)))
            ours, theirs = alternately(
                lambda at=at: list(rows_of_matrix(ledger.views.db, at)),  # type: ignore[misc]
                lambda at=at: asked(db, at),  # type: ignore[misc]
                repeats,
            )
            what = f"full matrix {'now' if at.until == END else 'at (T, K)'}, {len(rows):,} rows"
            yield Row("duckdb", what, "the statement on DuckDB", stage.size, ours, theirs, "ms")
        with spark(folder) as session:
            if session is None:
                print("spark: no pyspark or no java; `make spark` installs the first", file=sys.stderr)
                return
            for at in moments:
                rows = [as_told(row) for row in rows_of_matrix(ledger.views.db, at)]
                assert rows == list(map(told, sparked(session, at)))
                ours, theirs = alternately(
                    lambda at=at: list(rows_of_matrix(ledger.views.db, at)),  # type: ignore[misc]
                    lambda at=at: sparked(session, at),  # type: ignore[misc]
                    repeats,
                )
                what = f"full matrix {'now' if at.until == END else 'at (T, K)'}, {len(rows):,} rows"
                yield Row("spark", what, "the statement on Spark, local[2]", stage.size, ours, theirs, "ms")


def scale(stage: Stage) -> Iterator[Row]:
    """The statement on DuckDB over so many copies of the versions, each on issues of its own, against one.

    The largest is asked whole, and in parts: issues do not depend on each other.
    """
    folder, once = export(stage), None
    count = pq.read_metadata(folder / "versions.parquet").num_rows
    for times in _TIMES:
        if times * count > _MOST:
            return
        large = folder.with_name(f"columns-{times}")
        copy(folder, large, times)
        size = sum(path.stat().st_size for path in large.glob("versions*.parquet")) / 1e6
        with Ledger(stage.place) as ledger:
            at = ledger.moment("2024-06-30", f"e{stage.size * 3 // 4}")
        for parts in (1, 10) if times == max(_TIMES) else (1,):
            seconds, rows = in_parts(large, at, parts)
            once = once or seconds
            note = f"{rows:,} rows into files; {seconds / times / count * 1e6:.2f} µs a version"
            what = f"the statement, {times * count:,} versions ({size:,.0f} MB){' in 10 parts' * (parts > 1)}"
            yield Row("scale", what, f"over {count:,}", stage.size, seconds, once, "s", note=note)
        shutil.rmtree(large)


def in_parts(large: Path, at: Moment, parts: int) -> tuple[float, int]:
    """Let DuckDB write the whole matrix into files, one for each part of the issues; return seconds and rows."""
    rows, seconds, answer = 0, 0.0, large / "answer.parquet"
    for part in range(parts):
        with duck(large) as db:
            db.execute("ALTER VIEW versions RENAME TO every_version")
            db.execute(f"CREATE VIEW versions AS SELECT * FROM every_version WHERE hash(issue) % {parts} = {part}")

            def ask(db: duckdb.DuckDBPyConnection = db) -> None:
                query = f"COPY ({statement()}) TO '{answer}' (FORMAT parquet, COMPRESSION zstd)"
                db.execute(query, [at.until, at.known_at])

            seconds += timed(ask)
        rows += pq.read_metadata(answer).num_rows
    return seconds, rows


@contextmanager
def duck(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give DuckDB with an export as views: the files are read anew by every question."""
    with duckdb.connect() as db:
        db.execute(f"SET memory_limit = '{_MEMORY}'")
        db.execute(f"SET temp_directory = '{folder.with_name('duckdb-temp')}'")
        for name in _READ:
            db.execute(f"CREATE VIEW {name} AS SELECT * FROM '{folder / name}*.parquet'")
        yield db


def asked(db: duckdb.DuckDBPyConnection, at: Moment) -> list[tuple[Any, ...]]:
    """Return what DuckDB answers."""
    return db.execute(statement(), [at.until, at.known_at]).fetchall()


@contextmanager
def spark(folder: Path) -> Iterator[SparkSession | None]:
    """Give a Spark session of this machine with an export as views, None where there is none to be had."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415  it may not be there
        except ImportError:
            SparkSession = None  # noqa: N806  as the class is called
    if SparkSession is None or shutil.which("java") is None:
        yield None
        return
    builder = SparkSession.builder.master("local[2]").appName("verbale")
    for name, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "6g",
        "spark.driver.maxResultSize": "2g",
        "spark.local.dir": str(folder.with_name("spark-temp")),
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        for name in _READ:
            session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
        yield session
    finally:
        session.stop()


def sparked(session: SparkSession, at: Moment) -> list[Any]:
    """Return what Spark answers."""
    found: list[Any] = session.sql(statement(), args=[at.until, at.known_at]).collect()
    return found


def copy(folder: Path, large: Path, times: int) -> None:
    """Write an export with so many copies of its versions, each on issues of its own and in a file of its own."""
    large.mkdir()
    for name in _READ[1:]:
        shutil.copy(folder / f"{name}.parquet", large)
    versions = folder / "versions.parquet"
    with duckdb.connect() as db:
        db.execute(f"SET memory_limit = '{_MEMORY}'")
        db.execute("SET preserve_insertion_order = true")
        for number in range(times):
            part = large / f"versions-{number}.parquet"
            db.execute(
                f"COPY (SELECT * REPLACE (issue || '/{number}' AS issue) FROM '{versions}')"
                f" TO '{part}' (FORMAT parquet, COMPRESSION zstd)"
            )
