"""Answers as documents: the JSON envelope of the contract, and CSV, the same at every door."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from ledger.formulas import guarded
from projections.json_rows import clocks, dumped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.clocks import Moment

SCHEMA: Final = 1
_BARE: Final = frozenset({"status"})
"""Answers of one row, which CSV lists without the envelope."""


def envelope(kind: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """Return a JSON answer: schema number and kind first."""
    return {"schema": SCHEMA, "kind": kind, **fields}


def listing(kind: str, at: Moment, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a list at two moments as the JSON contract has it."""
    return envelope(kind, **clocks(at), rows=rows)


def card(kind: str, at: Moment, row: dict[str, Any]) -> dict[str, Any]:
    """Return all that is known of one party or issue at two moments as the JSON contract has it."""
    return envelope(kind, **clocks(at), row=row)


def rows_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of an answer as CSV lists them: those of a list, that of a card, or the answer itself."""
    rows: list[dict[str, Any]] | None = document.get("rows")
    if document["kind"] in _BARE:
        return [{name: value for name, value in document.items() if name not in {"schema", "kind"}}]
    return [document.get("row") or document] if rows is None else rows


def csv_text(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV with a header.

    Args:
        rows: as the JSON contract has them.
        columns: what the header says where there is no row.
    """
    if not rows:
        return ",".join(columns) + "\n"
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    quoted = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [cell(row.get(name)) for name in names]
        # Before Python 3.13 a lone CR is not reason enough to quote a cell, and a reader ends the row there.
        (quoted if any("\r" in one for one in cells) else writer).writerow(cells)
    return out.getvalue()


def columns_of_document(document: object) -> list[str]:
    """Return the columns of an answer without rows, as the contract names them."""
    from verbale.contract import columns_of

    kind, named = (str(document["kind"]), document.get("columns")) if isinstance(document, dict) else ("when", None)
    return list(named or columns_of(kind))


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return guarded(value if isinstance(value, str) else dumped(value))
