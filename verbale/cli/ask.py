"""`show`, `matrix`, `log`, `timeline` and `agenda`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.errors import UnknownName
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit, envelope, tell
from verbale.documents import listing

if TYPE_CHECKING:
    from projections.clocks import Moment
    from projections.positions import Position
    from verbale.ledger import Ledger
    from verbale.terminal.positions import Names

Party = Annotated[str | None, typer.Option("--party", metavar="PARTY", help="Only what is about it.")]
Dyads = Annotated[bool, typer.Option("--dyads", help="With relations/A-B, on which data sets' events bear.")]
Issue = Annotated[str | None, typer.Option("--issue", metavar="ISSUE", help="Only what is about it.")]
Type = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only such entries: statement-made.")]
Status = Annotated[
    str | None,
    typer.Option("--status", metavar="STATUS", help="Only such: counts, corrected, disputed, retracted."),
]
RecordedBy = Annotated[
    str | None, typer.Option("--recorded-by", metavar="NAME", help="Only what this person or programme recorded.")
]


@asking
def show(
    asked: Asking,
    name: Annotated[str | None, typer.Argument(metavar="[PARTY]", help="A party, or an issue.")] = None,
    issue: Annotated[str | None, typer.Argument(metavar="[ISSUE]")] = None,
    dyads: Dyads = False,
) -> None:
    """Show the positions of a party or on an issue, in full."""
    from verbale.terminal.positions import positions_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        party, issue = _meant(ledger, name, issue)
        at = ledger.moment(asked.as_of, asked.as_known_at)
        tell_of_merging(asked, ledger, party, at)
        if party is not None and issue is not None:
            one = ledger.position(party, issue, asked.as_of, asked.as_known_at, asked.rule)
            rows = [] if one is None else [one]
        else:
            rows = list(ledger.matrix(party, issue, asked.as_of, asked.as_known_at, asked.rule, dyads=dyads))
        _emit_positions(
            asked,
            rows,
            ledger,
            lambda shown: positions_text(shown, at, names_of(ledger, at), width(), disclosures(ledger, shown)),
        )


def tell_of_merging(asked: Asking, ledger: Ledger, name: str | None, at: Moment) -> None:
    """Say whose positions are shown where a party was merged into another."""
    if name is not None and (party := ledger.party(name, at.until)) != (holder := ledger.holder(name, at)):
        tell(f"{party} is merged into {holder}.", quiet=asked.quiet)


def _meant(ledger: Ledger, name: str | None, issue: str | None) -> tuple[str | None, str | None]:
    """Say whether a single name is a party or an issue."""
    if name is None or issue is not None:
        return name, issue
    known = [kind for kind in ("party", "issue") if ledger.knows(kind, name)]
    if len(known) > 1:
        raise UnknownName(f"'{name}' is a party and an issue", hint=f"verbale matrix --party {name}, or --issue {name}")
    if not known:
        hints = [hint for kind in ("party", "issue") if "did you mean" in (hint := ledger.hint(kind, name) or "")]
        raise UnknownName(f"no party or issue '{name}'.", hint=next(iter(hints), "see: verbale party list"))
    return (name, None) if "party" in known else (None, name)


@asking
def matrix(
    asked: Asking,
    party: Party = None,
    issue: Issue = None,
    fold: Annotated[bool, typer.Option("--fold", help="Only issues at the top; their parts are counted.")] = False,
    dyads: Dyads = False,
) -> None:
    """Show every position: issues down, parties across."""
    from projections.trees import below, folded, parents_at
    from verbale.terminal.positions import matrix_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        parents, top = parents_at(ledger.views.db, at.known_at), None
        if fold and issue is not None:  # the issue with its parts, which are other issues
            top = ledger.issue(issue)
            issue, parents = None, below(top, parents)
        rows = list(ledger.matrix(party, issue, asked.as_of, asked.as_known_at, asked.rule, dyads=dyads))
        if top is not None:
            rows = [row for row in rows if row.issue == top or row.issue in parents]
        rows, parts = folded(rows, parents) if fold else (rows, {})
        _emit_positions(asked, rows, ledger, lambda shown: matrix_text(shown, at, width(), parents, parts))


def _emit_positions(asked: Asking, rows: list[Position], ledger: Ledger, text: Any) -> None:  # noqa: ANN401  a function of rows
    from projections.json_rows import clocks, position_row

    at = ledger.moment(asked.as_of, asked.as_known_at)
    emit(
        asked,
        document=lambda listed: envelope("positions", **clocks(at), rule=asked.rule, rows=listed),
        rows=map(position_row, rows),
        text=lambda: text(rows[: asked.limit]),
    )


def names_of(ledger: Ledger, at: Moment) -> Names:
    """Return what the ids of parties and issues stood for."""
    from projections.registry import names_at
    from verbale.terminal.positions import Names

    return Names(*names_at(ledger.views.db, at.known_at))


def disclosures(ledger: Ledger, rows: list[Position]) -> dict[int, str]:
    """Return what is sealed behind positions, for who holds the ledger."""
    from verbale.terminal.sealed import opened_text

    entries = {row.entry for row in rows if row.entry is not None and row.text is None}
    return {entry: opened_text(ledger.sealed(entry)) for entry in entries}


def erased_marks(ledger: Ledger) -> dict[int, str]:
    """Return what stands in the place of the words of entries of which something was erased."""
    from verbale.terminal.sealed import closed_text

    return {entry: closed_text(fields) for entry, fields in ledger.erased_entries().items()}


@asking
def log(
    asked: Asking,
    party: Party = None,
    issue: Issue = None,
    of_type: Type = None,
    status: Status = None,
    recorded_by: RecordedBy = None,
) -> None:
    """Show the entries as they read; --limit, the last."""
    from projections.json_rows import log_row
    from verbale.terminal.evidence import log_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        moments = (asked.as_of, asked.as_known_at)
        of = {"type": of_type, "status": status, "recorded_by": recorded_by}
        found = ledger.log(party, issue, *moments, asked.limit, **of)
        emit(
            asked,
            document=lambda listed: listing("log", at, listed),
            rows=map(log_row, found),
            text=lambda: log_text(list(found), at, width(), erased_marks(ledger)),
        )


@asking
def timeline(asked: Asking, issue: Annotated[str, typer.Argument(metavar="ISSUE")]) -> None:
    """Draw who said and did what on an issue, as lanes."""
    from projections.json_rows import timeline_row
    from verbale.terminal.style import width
    from verbale.terminal.timeline import timeline_text

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        issue_id = ledger.issue(issue)
        found = ledger.timeline(issue_id, asked.as_of, asked.as_known_at)
        shown = found[: asked.limit]
        emit(
            asked,
            document=lambda listed: listing("timeline", at, listed),
            rows=map(timeline_row, found),
            text=lambda: timeline_text(
                shown, at, issue_id, names_of(ledger, at).issues.get(issue_id, ""), width(), erased_marks(ledger)
            ),
        )


@asking
def agenda(asked: Asking) -> None:
    """Show what is scheduled, and what became of it."""
    from projections.json_rows import clocks
    from verbale.terminal.evidence import agenda_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        items = ledger.agenda(asked.as_of, asked.as_known_at)
        emit(
            asked,
            document=lambda listed: envelope("agenda", **clocks(at), rows=listed),
            rows=(
                {
                    "entry": item.scheduled.entry,
                    **item.scheduled.fields(),
                    "status": item.status,
                    "fulfilled_by": item.fulfilled_by,
                }
                for item in items
            ),
            text=lambda: agenda_text(items[: asked.limit], at, width()),
        )


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (show, matrix, log, timeline, agenda):
        app.command()(command)
