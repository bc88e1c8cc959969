"""`query`: SQL over the views, read-only."""

from __future__ import annotations

import base64
import math
import re
from itertools import islice
from typing import Annotated, Any

import typer

from ledger.errors import Unparsable
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit, envelope
from verbale.cli.telling import text_of

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


@asking
def query(
    asked: Asking,
    sql: Annotated[str | None, typer.Argument(metavar="SQL", help="One SELECT; - or @FILE.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="What :NAME stands for; repeatable.")
    ] = None,
    tables: Annotated[bool, typer.Option("--tables", help="List the tables and their columns.")] = False,
) -> None:
    """Ask the views in SQL; nothing can be written.

    :as_of and :as_known_at stand for the two clocks, in microseconds and as an entry. See: verbale help query
    """
    if (sql is None) is not tables:
        raise Unparsable("give one statement, or --tables", hint="verbale query 'SELECT * FROM parties'")
    if sql is None:
        _list_tables(asked)
    else:
        _answer(asked, text_of(sql) or "", dict(map(_parameter, param or [])))


def _answer(asked: Asking, sql: str, parameters: dict[str, object]) -> None:
    from projections.json_rows import clocks
    from verbale.terminal.querying import grid
    from verbale.terminal.style import room

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        columns, rows = ledger.query(sql, parameters, asked.as_of, asked.as_known_at)
        some = islice(rows, asked.limit)
        emit(
            asked,
            document=lambda listed: envelope("query", **clocks(at), columns=columns, rows=listed),
            rows=(dict(zip(columns, map(_value, row), strict=True)) for row in some),
            text=lambda: grid(columns, list(some), room()),
        )


def _list_tables(asked: Asking) -> None:
    from verbale.terminal.querying import tables_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        found = ledger.tables()
        emit(
            asked,
            document=lambda listed: envelope("tables", rows=listed),
            rows=({"table": one.name, "columns": one.columns} for one in found),
            text=lambda: tables_text(found[: asked.limit], width()),
        )


def _parameter(said: str) -> tuple[str, object]:
    name, equals, value = said.partition("=")
    if not equals or not name.isidentifier():
        raise Unparsable(f"'{said}' is no parameter", hint="NAME=VALUE, as in party=RUS for :party")
    return name, int(value) if _NUMBER.fullmatch(value) else value


def _value(value: Any) -> Any:  # noqa: ANN401  whatever SQLite has
    """Return a value as JSON can have it: bytes in base64, a number that is none as null."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(query)
