"""`diff`, `when` and `why`: how positions changed and what they rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from verbale.cli.ask import names_of, tell_of_merging
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit

Party = Annotated[str, typer.Argument(metavar="PARTY")]
Issue = Annotated[str, typer.Argument(metavar="ISSUE")]
DIFFERENT = 10


@asking
def diff(
    asked: Asking,
    before: Annotated[str | None, typer.Argument(metavar="[A]", help="A moment of the world.")] = None,
    after: Annotated[str | None, typer.Argument(metavar="[B]", help="A later one.")] = None,
    known_from: Annotated[str | None, typer.Option(metavar="K", help="A moment of the ledger.")] = None,
    known_to: Annotated[str | None, typer.Option(metavar="K", help="A later one; else the last entry.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 10 where something differs.")] = False,
) -> None:
    """Show which positions changed between two moments."""
    from verbale.differences import Between, changed_row, difference
    from verbale.terminal.evidence import diff_text
    from verbale.terminal.style import width

    between = Between((before, after), (known_from, known_to), asked.as_of, asked.as_known_at)
    with asked.open() as ledger:
        found = difference(ledger, between, asked.rule)
        emit(
            asked,
            document=found.document,
            rows=map(changed_row, found.rows),
            text=lambda: diff_text(found.rows[: asked.limit], found.before, found.after, width()),
        )
    if exit_code and found.rows:
        raise typer.Exit(DIFFERENT)


@asking
def when(asked: Asking, party: Party, issue: Issue) -> None:
    """Show since when a party took which stance."""
    from verbale.terminal.evidence import when_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        tell_of_merging(asked, ledger, party, at)
        found = ledger.when(party, issue, asked.as_of, asked.as_known_at, asked.rule)
        emit(
            asked,
            document=lambda listed: listed,
            rows=(
                {"from": run.since, "stance": run.stance, "entry": run.entry, "known_from": run.known_from}
                for run in found
            ),
            text=lambda: when_text(found[: asked.limit], at, ledger.holder(party, at), ledger.issue(issue), width()),
        )


@asking
def why(asked: Asking, party: Party, issue: Issue) -> None:
    """Show what a position rests on, and what was set aside."""
    from verbale.reasons import reasons
    from verbale.terminal.evidence import why_text
    from verbale.terminal.positions import nothing
    from verbale.terminal.sealed import opened_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        tell_of_merging(asked, ledger, party, at)
        told = reasons(ledger, party, issue, asked.as_of, asked.as_known_at, asked.rule)
        found = told.why

        def text() -> str:
            if found is None:
                return nothing(f"Nothing is known of {ledger.holder(party, at)} on {ledger.issue(issue)}.", at)
            opened = {entry: opened_text(fields) for entry, fields in told.sealed.items()}
            return why_text(found, at, asked.rule, names_of(ledger, at), told.amended, told.sources, opened, width())

        emit(
            asked,
            document=lambda listed: listed[0],
            rows=[told.document()],
            text=text,
        )


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (diff, when, why):
        app.command()(command)
