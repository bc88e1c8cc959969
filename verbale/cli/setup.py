"""`init` and `status`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.errors import Refused
from verbale.cli.options import Asking, LedgerPath, Quiet, asking
from verbale.cli.output import emit, envelope, tell
from verbale.places import FOLDER, JOURNAL, Location, Place, place_of


def init(
    ledger: LedgerPath = None,
    sample: Annotated[str | None, typer.Option(metavar="DOSSIER", help="Record a dossier of verbale's.")] = None,
    quiet: Quiet = False,
) -> None:
    """Make a ledger: .verbale/ledger.db, or where --ledger says."""
    from verbale.ledger import Ledger
    from verbale.samples import sample_path

    place: Location = place_of(ledger) if ledger else Place(Path.cwd() / FOLDER / JOURNAL)
    dossier = None if sample is None else sample_path(sample)
    if not Ledger.create(place):
        raise Refused(f"there is a ledger at {_shown(place)} already", hint="look at it with: verbale status")
    tell(f"Made {_shown(place)}.", quiet=quiet)
    if dossier is not None:
        with Ledger(place) as opened:
            report = opened.import_file(dossier)
            if report.error is not None:
                raise report.error
            parties, issues = len(opened.parties()), len(opened.issues())
        tell(f"Recorded e{report.first}–e{report.last}: {parties} parties, {issues} issues from {sample}.", quiet=quiet)
    tell("Next: verbale matrix" if sample else 'Next: verbale party add RUS "Russia" --kind state', quiet=quiet)


def _shown(place: Location) -> str:
    if isinstance(place, Place) and place.journal.is_relative_to(Path.cwd()):
        return str(Place(place.journal.relative_to(Path.cwd()), place.name))
    return str(place)


@asking
def status(asked: Asking) -> None:
    """Say what is in the ledger and how far it goes."""
    from verbale.terminal.style import clock_words
    from verbale.terminal.tables import counted

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        found: dict[str, Any] = {
            "ledger": str(ledger.journal.ledger_id),
            "name": ledger.place.name,
            "path": str(ledger.place.journal if isinstance(ledger.place, Place) else ledger.place),
            "head": {"entry": at.known_at, "recorded_at": at.recorded_at},
            "parties": len(ledger.parties(asked.as_known_at)),
            "issues": len(ledger.issues(asked.as_known_at)),
            "sources": len(ledger.sources(asked.as_known_at)),
        }

        def text() -> str:
            last = f"last {clock_words(at.recorded_at, seconds=True)}" if at.recorded_at else "nothing recorded"
            entries = f"{at.known_at:,} entries (e1–e{at.known_at})" if at.known_at else "no entries"
            named = ", ".join(
                (
                    counted(found["parties"], "party", "parties"),
                    counted(found["issues"], "issue"),
                    counted(found["sources"], "source"),
                )
            )
            return f"{_shown(ledger.place)} · {entries} · {last}\n{named}\nLedger id {found['ledger']}\n"

        emit(asked, document=lambda rows: envelope("status", **rows[0]), rows=[found], text=text)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(status)
