"""`init` and `status`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.errors import Refused
from verbale.cli.options import Asking, LedgerPath, Quiet, asking
from verbale.cli.output import emit, envelope, tell
from verbale.places import FOLDER, JOURNAL, Location, Place, place_of

if TYPE_CHECKING:
    from ledger.transparency.keys import VerifierKey


def init(
    ledger: LedgerPath = None,
    sample: Annotated[str | None, typer.Option(metavar="DOSSIER", help="Record a dossier of verbale's.")] = None,
    origin: Annotated[
        str | None,
        typer.Option("--origin", metavar="NAME", help="What its checkpoints call it: mfa.example/talks."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Where its signing key is kept, or is already.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make a ledger: .verbale/ledger.db, or where --ledger says."""
    from verbale.ledger import Ledger
    from verbale.samples import sample_path

    place: Location = place_of(ledger) if ledger else Place(Path.cwd() / FOLDER / JOURNAL)
    dossier = None if sample is None else sample_path(sample)
    named = origin is not None or key is not None
    new_file = key is not None and not key.exists()
    verifier = _key(place, origin, key) if named else None  # before the ledger: where it fails, none is made
    if not Ledger.create(place):
        if key is not None and new_file:
            key.unlink()
        raise Refused(f"there is a ledger at {_shown(place)} already", hint="look at it with: verbale status")
    without = None
    try:
        verifier = verifier or _key(place, None, None)
        with Ledger(place) as opened:
            opened.add_key(verifier)
    except Refused as error:
        without = error.message  # a ledger that has no key is as good, until it is to be signed
    tell(f"Made {_shown(place)}.", quiet=quiet)
    if without is None:
        tell("Its signing key is yours alone, and lies elsewhere: verbale key list", quiet=quiet)
    else:
        tell(f"It has no signing key: {without}. Later: verbale key add", quiet=quiet)
    if dossier is not None:
        with Ledger(place) as opened:
            report = opened.import_file(dossier)
            if report.error is not None:
                raise report.error
            parties, issues = len(opened.parties()), len(opened.issues(dyads=True))
        tell(f"Recorded e{report.first}–e{report.last}: {parties} parties, {issues} issues from {sample}.", quiet=quiet)
    tell("Next: verbale matrix" if sample else 'Next: verbale party add RUS "Russia" --kind state', quiet=quiet)


def _key(place: Location, origin: str | None, path: Path | None) -> VerifierKey:
    """Return the key that signs the ledger's checkpoints: that of a file that is there, else a new one."""
    from verbale.signing import ledger_key, origin_of, read_key

    name = origin or (read_key(path).name if path is not None and path.exists() else origin_of(place.name))
    return ledger_key(name, path).verifier


def _shown(place: Location) -> str:
    if isinstance(place, Place) and place.journal.is_relative_to(Path.cwd()):
        return str(Place(place.journal.relative_to(Path.cwd()), place.name))
    return str(place)


@asking
def status(asked: Asking) -> None:
    """Say what is in the ledger and how far it goes."""
    from verbale.status import status as status_of
    from verbale.terminal.style import clock_words
    from verbale.terminal.tables import counted

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        found = status_of(ledger, at, asked.as_known_at)
        key = found["key"]

        def text() -> str:
            last = f"last {clock_words(at.recorded_at, seconds=True)}" if at.recorded_at else "nothing recorded"
            entries = f"{counted(at.known_at, 'entry', 'entries')} (e1–e{at.known_at})" if at.known_at else "no entries"
            named = ", ".join(
                (
                    counted(found["parties"], "party", "parties"),
                    counted(found["issues"], "issue"),
                    counted(found["sources"], "source"),
                )
            )
            lines = [f"{_shown(ledger.place)} · {entries} · {last}", named, f"Ledger id {found['ledger']}"]
            lines += [] if key is None else [f"Key {key}", _signed(found["checkpoint"], at.known_at)]
            if (found["checkpoint"] or {"size": 0})["size"] > ledger.head:
                lines.append(f"The journal ends at e{ledger.head}: an old backup was put back; see: verbale doctor")
            return "\n".join(lines) + "\n"

        emit(asked, document=lambda rows: envelope("status", **rows[0]), rows=[found], text=text)


def _signed(last: dict[str, int] | None, head: int) -> str:
    from verbale.terminal.tables import counted

    if last is None:
        return "No checkpoint yet"
    since = head - last["size"]
    return f"Signed as far as e{last['size']} by cp{last['checkpoint']}" + (
        f", {counted(since, 'entry', 'entries')} ago" if since > 0 else ""
    )


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(status)
