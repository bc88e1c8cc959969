"""`verify` and `attest`: does everything hold, and what holds now."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.errors import VerificationFailed
from verbale.cli.options import AsKnownAt, AsOf, Json, LedgerPath, Output, Quiet, Recording, Rule, place, recording
from verbale.cli.output import dumped, write
from verbale.cli.pace import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbale.verifying import Step


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
    from verbale.verifying.asking import EVIDENCE, verified, verified_json

    kept = {str(path): bytes_in(path, "a checkpoint, as verbale checkpoint prints it") for path in checkpoint or ()}
    with _progress(quiet=quiet) as told:
        found = verified(place(ledger), since, told, kept)
    write(output, dumped(verified_json(found)) + "\n" if json else verified_text(found, width()))
    if not found.ok:
        raise VerificationFailed(worst(found), hint=EVIDENCE)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[Step], None] | None]:
    """Give what shows on a terminal how far it is, and takes the line away in the end."""
    with shown(quiet=quiet) as show:
        yield None if show is None else lambda step: show(step.doing, step.done, step.total, step.doing.split()[0])


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
