"""`replay` and `export`: the whole journal, folded anew or taken along."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.errors import Refused, Unparsable, VerificationFailed
from verbale.cli.options import LedgerPath, Output, Quiet, Recording, recording
from verbale.cli.output import dumped, envelope, tell, whole_file, write

if TYPE_CHECKING:
    from verbale.ledger import Ledger


@recording
def replay(
    asked: Recording,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="An exported journal.")] = None,
) -> None:
    """Fold the journal anew; with FILE, record its lines first.

    FILE is what `verbale export journal` wrote; its lines are recorded byte for byte in a ledger that is empty.
    """
    with asked.open() as ledger:
        if file is not None:
            try:
                with file.open("rb") as lines:
                    done = ledger.replay_file(lines)
            except OSError as error:
                hint = "FILE is what `verbale export journal -o FILE` wrote"
                raise Refused(f"cannot read {file}: {error.strerror}", hint=hint) from None
            tell(f"Recorded {done:,} entries from {file}.", quiet=asked.quiet or asked.json)
        found = ledger.replay()
    digests = {"positions": found.positions}
    if asked.json:
        fields = {"entries": found.entries, "root": found.root, "digests": digests, "equals_views": found.equals_views}
        write(asked.output, dumped(envelope("replay", **fields)) + "\n")
    else:
        views = "equal to" if found.equals_views else "NOT equal to"
        text = f"{found.entries:,} entries · root {found.root}\npositions {found.positions}, {views} the views\n"
        write(asked.output, text)
    if not found.equals_views:
        raise VerificationFailed(
            "the views do not follow from the journal", hint="delete the .views.db file: it is rebuilt"
        )


def export(
    what: Annotated[str, typer.Argument(metavar="FORMAT", help="journal (lines), or tiles (a C2SP tlog-tiles log).")],
    ledger: LedgerPath = None,
    output: Output = None,
    within: Annotated[str | None, typer.Option("--in", metavar="cpN", help="Tiles of this checkpoint.")] = None,
    quiet: Quiet = False,
) -> None:
    """Write the journal's lines; replay FILE is the inverse."""
    from verbale.cli.options import Asking

    if what not in {"journal", "tiles"}:
        raise Unparsable(
            f"no format '{what}'", hint="verbale export journal -o FILE, or verbale export tiles -o FOLDER"
        )
    with Asking(ledger=ledger).open() as opened:
        if what == "journal":
            _export_journal(opened, output)
        elif output is None:
            raise Unparsable("tiles are many files", hint="name a folder to make: -o FOLDER")
        else:
            size = opened.export_tiles(output, within)
            tell(f"Wrote {output}: {size:,} entries, their tiles, and the checkpoint", quiet=quiet)


def _export_journal(opened: Ledger, output: Path | None) -> None:
    if output is None or str(output) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.writelines(opened.export_journal())
        sys.stdout.buffer.flush()
        return
    with whole_file(output) as file:
        file.writelines(opened.export_journal())


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(replay)
    app.command()(export)
