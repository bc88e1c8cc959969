"""`agreement`: how far people agree who coded the same text."""

from __future__ import annotations

from typing import Annotated

import typer

from verbale.cli.options import Asking, asking
from verbale.cli.output import emit

Source = Annotated[str, typer.Argument(metavar="SOURCE")]


@asking
def agreement(asked: Asking, source: Source) -> None:
    """Show how far two who coded a text agree (Cohen's kappa)."""
    from verbale.documents import listing
    from verbale.terminal.agreeing import agreement_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        rows = ledger.agreement(source, asked.as_known_at)
        emit(
            asked,
            document=lambda listed: listing("agreement", at, listed),
            rows=rows.to_dicts(),
            text=lambda: agreement_text(rows[: asked.limit], at, source, width()),
        )


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(agreement)
