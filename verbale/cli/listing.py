"""Lists of what has a name, as tables or in the forms of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verbale.cli.output import emit
from verbale.documents import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbale.cli.options import Asking
    from verbale.ledger import Ledger


def listed(
    asked: Asking, ledger: Ledger, kind: str, rows: Sequence[dict[str, Any]], header: dict[str, str], empty: str
) -> None:
    """Print rows.

    Args:
        asked: the shared options.
        ledger: open.
        kind: of the JSON answer.
        rows: as the contract has them.
        header: the fields that the table shows, and how it names them.
        empty: what to say where there are none.
    """
    from verbale.terminal.style import width
    from verbale.terminal.tables import table

    at = ledger.moment(asked.as_of, asked.as_known_at)

    def text() -> str:
        shown = rows[: asked.limit]
        cells = [[_cell(name, row.get(name)) for name in header] for row in shown]
        return table(list(header.values()), cells, width()) if cells else f"{empty}\n"

    emit(asked, document=lambda found: listing(kind, at, found), rows=rows, text=text)


def _cell(name: str, value: object) -> str:
    if name == "closed_by" and value is not None:
        return f"e{value}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
