"""`verify` and `attest`: does everything hold, and what holds now."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger.errors import LedgerError, VerificationFailed
from verbale.cli.options import Asking, AsKnownAt, AsOf, Json, LedgerPath, Output, Quiet, Recording, Rule, recording
from verbale.cli.output import dumped, envelope, write
from verbale.cli.pace import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbale.verifying import Step, Verified

_EVIDENCE: Final = "restore a backup or another copy, and keep this one as evidence"


def verify(
    since: Annotated[
        str | None, typer.Option("--since", metavar="cpN", help="Only what came after this checkpoint.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint that was kept elsewhere; may be said again."),
    ] = None,
    ledger: LedgerPath = None,
    json: Json = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Read everything again and say what holds; exit 3 if not."""
    from verbale.cli.reading import bytes_in
    from verbale.terminal.style import width
    from verbale.terminal.verifying import verified_text, worst

    kept = {str(path): bytes_in(path, "a checkpoint, as verbale checkpoint prints it") for path in checkpoint or ()}
    found = _verified(Asking(ledger=ledger), since, kept, quiet=quiet)
    write(output, dumped(verified_json(found)) + "\n" if json else verified_text(found, width()))
    if not found.ok:
        raise VerificationFailed(worst(found), hint=_EVIDENCE)


def _verified(asked: Asking, since: str | None, kept: dict[str, bytes], *, quiet: bool) -> Verified:
    from verbale.verifying import unopened

    try:
        opened = asked.open()
    except (LedgerError, sqlite3.Error, ValueError):
        found = unopened(asked.place())
        if found is None:
            raise
        return found
    with opened, _progress(quiet=quiet) as told:
        try:
            return opened.verify(since, told, kept)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # pragma: no cover  where no check expects it
            raise VerificationFailed(f"{opened.place} cannot be read: {error}", hint=_EVIDENCE) from None


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[Step], None] | None]:
    """Give what shows on a terminal how far it is, and takes the line away in the end."""
    with shown(quiet=quiet) as show:
        yield None if show is None else lambda step: show(step.doing, step.done, step.total, step.doing.split()[0])


def verified_json(found: Verified) -> dict[str, object]:
    """Return what verifying found, as the contract has it."""
    return envelope(
        "verify",
        ok=found.ok,
        entries=found.entries,
        root=found.root,
        first_bad_entry=found.first_bad_entry,
        checked=[
            *({"check": one.check, "ok": True, "entry": None, "says": one.says} for one in found.checked),
            *({"check": one.check, "ok": False, "entry": one.entry, "says": one.says} for one in found.problems),
        ],
        not_checked=[one._asdict() for one in found.not_checked],
    )


@recording
def attest(
    asked: Recording,
    as_of: AsOf = None,
    as_known_at: AsKnownAt = None,
    rule: Rule = "latest/1",
) -> None:
    """Record the digest of the positions; verify computes it again."""
    from verbale.cli.telling import record

    record(asked, {}, lambda ledger: ledger.attestation(as_of, as_known_at, rule))


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(verify)
    app.command()(attest)
