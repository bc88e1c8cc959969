"""`search`: the entries that have some words."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from verbale.cli.ask import Issue, Party, RecordedBy, Status, Type
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit, envelope
from verbale.cli.pace import counting

_SHOWN = 20
"""Entries that people are shown unless they say `--limit`."""


@asking
def search(
    asked: Asking,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help='Words, "an exact phrase", prefix*.')],
    party: Party = None,
    issue: Issue = None,
    of_type: Type = None,
    status: Status = None,
    recorded_by: RecordedBy = None,
    retracted: Annotated[bool, typer.Option("--retracted", help="Also what was retracted.")] = False,
) -> None:
    """Find entries by their words, the last recorded first."""
    from projections.json_rows import clocks, found_row
    from verbale.terminal.searching import found_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        words = " ".join(text)
        with counting(f"of e{ledger.head} indexed", ledger.head, quiet=asked.quiet) as told:
            about = (party, issue, asked.as_of, asked.as_known_at)
            of = {"type": of_type, "status": status, "recorded_by": recorded_by}
            found = ledger.search(words, *about, **of, retracted=retracted, told=told)
        limit = asked.limit or _SHOWN
        emit(
            asked,
            document=lambda listed: envelope("search", **clocks(at), rows=listed),
            rows=map(found_row, islice(found, asked.limit)),
            text=lambda: found_text(list(islice(found, limit + 1)), limit, words, at, width()),
        )


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(search)
