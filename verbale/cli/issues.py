"""`issue`: the propositions that parties can be for or against."""

from __future__ import annotations

from typing import Annotated

import typer

from verbale import documents
from verbale.cli.ask import Dyads
from verbale.cli.listing import listed
from verbale.cli.options import Asking, Recording, asking, recording
from verbale.cli.output import emit, tell
from verbale.cli.telling import record, text_of

issue = typer.Typer(help="Issues: propositions that parties can be for or against.")

Issue = Annotated[str, typer.Argument(metavar="ISSUE")]
Proposition = Annotated[str, typer.Argument(metavar="PROPOSITION")]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; - or @FILE.")]


@issue.command("add")
@recording
def add(
    asked: Recording,
    issue_id: Annotated[str, typer.Argument(metavar="ID")],
    proposition: Proposition,
    parent: Annotated[str | None, typer.Option(metavar="ISSUE", help="The wider one of which it is a part.")] = None,
) -> None:
    """Open an issue: a proposition that one can be for or against."""
    record(asked, {"type": "issue-opened", "issue": issue_id, "proposition": proposition, "parent": parent})


@issue.command("reword")
@recording
def reword(asked: Recording, issue_id: Issue, proposition: Proposition, reason: Reason = None) -> None:
    """Say the same proposition in other words."""
    draft = {"type": "issue-reworded", "issue": issue_id, "proposition": proposition}
    record(asked, {**draft, "reason": text_of(reason)})


@issue.command("close")
@recording
def close(
    asked: Recording,
    issue_id: Issue,
    closed_on: Annotated[str | None, typer.Option(metavar="DATE", help="Later words and deeds are refused.")] = None,
    reason: Reason = None,
) -> None:
    """Close an issue that nobody negotiates any more."""
    record(asked, {"type": "issue-closed", "issue": issue_id, "closed_on": closed_on, "reason": text_of(reason)})


@issue.command("list")
@asking
def list_(asked: Asking, dyads: Dyads = False) -> None:
    """List the issues."""
    from ledger.entries.issues import DYADS
    from verbale.terminal.tables import counted

    with asked.open() as ledger:
        every = ledger.issues(asked.as_known_at, dyads=True).to_dicts()
        rows = [row for row in every if dyads or not row["issue"].startswith(DYADS)]
        header = {"issue": "id", "proposition": "proposition"}
        if any(row["parent"] for row in rows):
            header = {"issue": "id", "parent": "part of", "proposition": "proposition"}
        if any(row["closed_by"] for row in rows):
            header = {"issue": "id", "closed_by": "closed by", **header}
        listed(asked, ledger, "issues", rows, header, "No issues but dyads." if every else "No issues yet.")
        if hidden := len(every) - len(rows):
            words = counted(hidden, "dyad")
            tell(f"{words} hidden, on which data sets' events bear: --dyads lists them", quiet=asked.quiet)


@issue.command("show")
@asking
def show(asked: Asking, name: Issue) -> None:
    """Show all that is known of an issue beside the positions on it."""
    from verbale.terminal.cards import issue_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        card = ledger.issue_card(name, asked.as_of, asked.as_known_at)
        emit(
            asked,
            document=lambda rows: documents.card("issue", at, rows[0]),
            rows=[card],
            text=lambda: issue_text(card, at, width()),
        )


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(issue, name="issue")
