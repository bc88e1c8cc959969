"""`party review`: the actors that nobody has identified, with suggestions; decided one by one, or all in a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.errors import Refused, Unparsable
from verbale.cli.importing import report_json, report_text, tell_refused
from verbale.cli.options import Asking, By, asking
from verbale.cli.output import dumped, emit, envelope, must_be_writable, write
from verbale.settings import setting

if TYPE_CHECKING:
    from ledger.reporting import Report

_NOWHERE = "none"


@asking
def review(
    asked: Asking,
    country: Annotated[
        str | None, typer.Option(metavar="STATE", help="Only those of this state; none, those of no state.")
    ] = None,
    suggested: Annotated[bool, typer.Option("--suggested", help="Only those with a suggestion.")] = False,
    apply: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Record what FILE decides: this table, filled in.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --apply: decide on everything, record nothing.")
    ] = False,
    by: By = None,
) -> None:
    """Show who waits to be identified, with suggestions.

    --csv makes a table of them, for an analyst to fill in; --apply records it.
    """
    if apply is not None:
        _apply(asked, apply, by, dry_run=dry_run)
        return
    if dry_run:
        raise Unparsable("--dry-run goes with --apply", hint="verbale party review --apply FILE --dry-run")
    from projections.json_rows import clocks
    from verbale.terminal.reviewing import review_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        of = "" if country == _NOWHERE else country
        rows = [row for row in ledger.review(asked.as_known_at, country=of) if row["suggestion"] or not suggested]
        whole = country is not None or asked.limit is not None
        emit(
            asked,
            document=lambda found: envelope("review", **clocks(at), rows=found),
            rows=rows,
            text=lambda: review_text(rows[: asked.limit], at, width(), whole=whole),
        )


def _apply(asked: Asking, file: Path, by: str | None, *, dry_run: bool) -> None:
    from verbale.ledger import Ledger

    must_be_writable(asked.output)
    recorded_by = by or setting("by").value
    with Ledger(asked.place(), recorded_by=None if recorded_by is None else str(recorded_by)) as ledger:
        try:
            report = ledger.apply_review(file, dry_run=dry_run)
        except OSError as error:
            hint = "FILE is the table of: verbale party review --csv"
            raise Refused(f"cannot read {error.filename or file}: {error.strerror}", hint=hint) from None
    _tell(asked, report, dry_run=dry_run)


def _tell(asked: Asking, report: Report, *, dry_run: bool) -> None:
    if asked.json:
        write(asked.output, dumped(report_json(report)) + "\n")
    tell_refused(report)
    if report.error is not None:
        message = f"{report.refused_count:,} of {report.rows:,} decisions refused; nothing was recorded."
        raise Refused(message, hint="mend the lines, and apply the file again")
    if not asked.quiet and not asked.json:
        write(asked.output, report_text(report, dry_run=dry_run))
