"""`backup`, `restore` and `recover`: what keeps a ledger when its machine does not."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from ledger.errors import Refused
from verbale.cli.options import Json, LedgerPath, Quiet, Recording, recording
from verbale.cli.output import dumped, envelope, tell, write
from verbale.cli.pace import counting
from verbale.places import FOLDER, JOURNAL, Location, Place, place_of

if TYPE_CHECKING:
    from verbale.copying import Copied

_JOURNAL = "an exported journal, or a bundle's journal.jsonl"


@recording
def backup(
    asked: Recording, folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder to make.")]
) -> None:
    """Copy the ledger into a folder, and read the copy back."""
    with asked.open() as ledger, counting("copied", ledger.head, quiet=asked.quiet or asked.json) as copying:
        done = ledger.backup(folder, copying)
    _tell("backup", folder, done, json=asked.json, quiet=asked.quiet)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What verbale backup made.")],
    missing: Annotated[
        Path | None, typer.Option("--with", metavar="FILE", help=f"What was recorded since: {_JOURNAL}.")
    ] = None,
    ledger: LedgerPath = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Put a backup back, unless it is older than a checkpoint."""
    from verbale.copying import restore as put_back

    if not (folder / JOURNAL).is_file():
        raise Refused(f"{folder} holds no backup", hint="name the folder that verbale backup made")
    place: Location = place_of(ledger) if ledger else Place(Path.cwd() / FOLDER / JOURNAL)
    with ExitStack() as stack:
        rest = None if missing is None else stack.enter_context(_opened(missing))
        done = put_back(folder, place, missing=rest)
    _tell("restore", folder, done, json=json, quiet=quiet)


@recording
def recover(asked: Recording, file: Annotated[Path, typer.Argument(metavar="FILE", help=f"{_JOURNAL}.")]) -> None:
    """Bring back what an older copy of this ledger lacks."""
    from verbale.terminal.tables import counted

    with asked.open() as ledger, _opened(file) as lines:
        done = ledger.recover(lines)
    count = done.last - done.first + 1
    if asked.json:
        fields = {"first": done.first if count else None, "last": done.last if count else None, "missing": done.missing}
        write(asked.output, dumped(envelope("recovered", **fields)) + "\n")
    elif not count:
        write(asked.output, "Nothing was missing that the file has\n")
    else:
        span = f"e{done.first}" + (f"–e{done.last}" if count > 1 else "")
        write(asked.output, f"Brought back {span}: {counted(count, 'entry', 'entries')}\n")
    if done.missing:
        tell(f"{done.missing:,} more were signed: a newer file has them", quiet=asked.quiet or asked.json)


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}", hint=f"it is {_JOURNAL}") from None


def _tell(kind: str, folder: Path, done: Copied, *, json: bool, quiet: bool) -> None:
    from verbale.terminal.tables import counted

    if json:
        write(None, dumped(envelope(kind, path=str(folder), **done._asdict())) + "\n")
        return
    what = "Copied to" if kind == "backup" else "Restored from"
    tell(f"{what} {folder}, and read back: {counted(done.entries, 'entry', 'entries')} · root {done.root}", quiet=quiet)
    more = f"{counted(done.checkpoints, 'checkpoint')}, {counted(done.sources, 'document')}"
    tell(f"{more}; no signing key", quiet=quiet)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)
    app.command()(recover)
