"""`party list`, `issue list`, `source list`, `speaker list`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from verbale.cli import registering
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit, envelope


def _list(asked: Asking, kind: str, rows: list[dict[str, Any]], header: dict[str, str], empty: str) -> None:
    from verbale.terminal.style import width
    from verbale.terminal.tables import table

    def text() -> str:
        shown = rows[: asked.limit]
        cells = [[_cell(row.get(name)) for name in header] for row in shown]
        return table(list(header.values()), cells, width()) if cells else f"{empty}\n"

    emit(asked, document=lambda listed: envelope(kind, rows=listed), rows=rows, text=text)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


@registering.party.command("list")
@asking
def party_list(asked: Asking) -> None:
    """List the parties."""
    with asked.open() as ledger:
        header = {"party": "id", "name": "name", "kind": "kind", "aliases": "also called"}
        _list(asked, "parties", ledger.parties(asked.as_known_at), header, "No parties yet.")


@registering.issue.command("list")
@asking
def issue_list(asked: Asking) -> None:
    """List the issues."""
    with asked.open() as ledger:
        header = {"issue": "id", "proposition": "proposition"}
        _list(asked, "issues", ledger.issues(asked.as_known_at), header, "No issues yet.")


@registering.source.command("list")
@asking
def source_list(asked: Asking) -> None:
    """List the sources."""
    with asked.open() as ledger:
        header = {"source": "id", "reliability": "", "publisher": "publisher", "published_at": "published", "title": "title"}
        _list(asked, "sources", ledger.sources(asked.as_known_at), header, "No sources yet.")


@registering.speaker.command("list")
@asking
def speaker_list(
    asked: Asking,
    unresolved: Annotated[bool, typer.Option(help="Those that statements name and nobody registered.")] = False,
) -> None:
    """List the speakers."""
    with asked.open() as ledger:
        rows = ledger.speakers(asked.as_known_at, unresolved=unresolved)
        header = {"name": "name", "party": "party"}
        header |= {"entries": "entries"} if unresolved else {"role": "role"}
        _list(asked, "speakers", rows, header, "None.")


def add_to(app: typer.Typer) -> None:
    """Add nothing: the lists belong to the groups of `registering`."""
