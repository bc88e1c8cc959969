"""The rule as SQL on a local Spark session: the statement of the export, and the same rows as the plain fold."""

from __future__ import annotations

import shutil
import warnings
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fold import rows, world
from tests.projections.engines import Duck, Spark, as_told, told
from tests.projections.test_exports import exported
from tests.projections.test_positions import FIRST, HISTORIES, THOROUGH, a_book, instants, play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.torture,
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """Start Spark in this machine; skip, saying so, where it or a Java is not there."""
    if shutil.which("java") is None:
        pytest.skip("no java: Spark needs version 17 or later")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sql = pytest.importorskip("pyspark.sql", reason="no pyspark: make spark")
        builder = sql.SparkSession.builder.master("local[2]").appName("verbale")
        for name, value in {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.log.level": "ERROR",
            "spark.sql.shuffle.partitions": "1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }.items():
            builder = builder.config(name, value)
        found = builder.getOrCreate()
        yield found
        found.stop()


@settings(THOROUGH, max_examples=12)
@given(HISTORIES, st.data())
def test_spark_answers_like_the_fold(session, history, data):
    """At random moments Spark's rows, in every column that the statement has, are those of the fold and of DuckDB."""
    with a_book() as book:
        list(play(book, history))
        folder, journal = exported(book.ledger), book.journal
        spark, duck = Spark(session, folder), Duck(folder)
        at = st.tuples(st.sampled_from(instants(journal)), st.integers(FIRST - 1, len(journal)))
        for t, k in {(None, len(journal)), *data.draw(st.lists(at, max_size=3))}:
            expected = list(map(as_told, rows(world(journal, k), t)))
            assert [told(row) for row in spark.rows(t, k)] == expected, (t, k)
            assert [told(row) for row in duck.rows(t, k)] == expected, (t, k)
