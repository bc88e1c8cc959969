"""Rows into Parquet files, in row groups as they come: the same rows by the same pyarrow are the same bytes."""

from __future__ import annotations

import json
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from projections.exports.rows import Row
    from projections.exports.tables import Column, Kind, Table

ROW_GROUP: Final = 65_536
"""Rows: enough for engines that read row groups, few enough to be held."""
_BATCH: Final = 8_192
"""Rows that are made columns of at a time: a row group is held as columns, not as objects."""

_TEXT: Final = pa.string()
_TYPES: Final[dict[Kind, pa.DataType]] = {
    "number": pa.int64(),
    "text": _TEXT,
    "instant": pa.timestamp("us", tz="UTC"),
    "yes": pa.bool_(),
    "hash": pa.binary(32),
    "corroborations": pa.list_(
        pa.struct(
            {"entry": pa.int64(), "source": _TEXT, "publisher": _TEXT, "url": _TEXT, "observer": _TEXT, "quote": _TEXT}
        )
    ),
    "disputes": pa.list_(pa.struct({"entry": pa.int64(), "source": _TEXT, "reason": _TEXT})),
}


def write_table(file: IO[bytes], table: Table, rows: Iterable[Row], footer: Callable[[], Mapping[str, str]]) -> int:
    """Write one table; return how many rows it has.

    Args:
        file: open for writing.
        table: which.
        rows: in the order of its columns.
        footer: what the file is to say of the ledger, asked for when all rows were read.
    """
    schema = pa.schema([(column.name, _TYPES[column.kind]) for column in table.columns])
    count, held = 0, 0
    batches: list[pa.RecordBatch] = []
    with pq.ParquetWriter(file, schema, **_options(table.columns)) as writer:

        def write() -> None:
            writer.write_table(pa.Table.from_batches(batches, schema), row_group_size=ROW_GROUP)
            batches.clear()

        each = iter(rows)
        while some := list(islice(each, _BATCH)):
            columns = zip(*some, strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            batches.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
            count, held = count + len(some), held + len(some)
            if held >= ROW_GROUP:
                write()
                held = 0
        if batches or not count:
            write()
        writer.add_key_value_metadata({**footer(), **_terms(table)})
    return count


def _options(columns: Iterable[Column]) -> dict[str, Any]:
    columns = list(columns)
    texts = [column.name for column in columns if column.kind == "text" and not column.long]
    return {
        "version": "2.6",
        "compression": "zstd",
        "use_dictionary": texts,
        "write_statistics": [column.name for column in columns if not column.long],
    }


def _terms(table: Table) -> dict[str, str]:
    terms = {column.name: column.says for column in table.columns}
    return {
        "verbale.table": table.name,
        "verbale.says": table.says,
        "verbale.columns": json.dumps(terms, ensure_ascii=False),
    }
