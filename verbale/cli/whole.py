"""`replay`: the whole journal, folded anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger.errors import Refused, Unparsable, VerificationFailed
from verbale.cli.options import AsKnownAt, Recording, recording
from verbale.cli.output import dumped, envelope, tell, write

if TYPE_CHECKING:
    from verbale.ledger import Ledger

_ENTRY: Final = re.compile(r"e(0|[1-9][0-9]{0,17})")


@recording
def replay(
    asked: Recording,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="An exported journal.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="eN", help="Fold up to this entry.")] = None,
    as_known_at: AsKnownAt = None,
    into: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the tables there, for any SQLite tool.")
    ] = None,
    explain: Annotated[str | None, typer.Option(metavar="eN", help="Tell what this entry changed.")] = None,
) -> None:
    """Fold the journal anew; with FILE, record its lines first.

    FILE is what `verbale export journal` wrote; its lines are recorded byte for byte in a ledger that is empty.
    """
    _must_go_together(file, to, as_known_at, into, explain)
    with asked.open() as ledger:
        if explain is not None:
            _explain(asked, ledger, explain)
            return
        if file is not None:
            try:
                with file.open("rb") as lines:
                    done = ledger.replay_file(lines)
            except OSError as error:
                hint = "FILE is what `verbale export journal -o FILE` wrote"
                raise Refused(f"cannot read {file}: {error.strerror}", hint=hint) from None
            tell(f"Recorded {done:,} entries from {file}.", quiet=asked.quiet or asked.json)
        found = ledger.replay(to or as_known_at, into)
    digests = {"positions": found.positions}
    if asked.json:
        fields = {"entries": found.entries, "root": found.root, "digests": digests, "equals_views": found.equals_views}
        write(asked.output, dumped(envelope("replay", **fields)) + "\n")
    else:
        views = "equal to" if found.equals_views else "NOT equal to"
        text = f"{found.entries:,} entries · root {found.root}\npositions {found.positions}, {views} the views\n"
        write(asked.output, text)
    if into is not None:
        tell(f"The tables are in {into}.", quiet=asked.quiet or asked.json)
    if not found.equals_views:
        raise VerificationFailed(
            "the views do not follow from the journal", hint="delete the .views.db file: it is rebuilt"
        )


def _must_go_together(
    file: Path | None, to: str | None, as_known_at: str | None, into: Path | None, explain: str | None
) -> None:
    hint = "see: verbale replay --help"
    if to is not None and as_known_at is not None:
        raise Unparsable("--to and --as-known-at say the same: give one", hint=hint)
    if file is not None and (to or as_known_at or into or explain):
        raise Unparsable("FILE is recorded whole: the other options ask a ledger that has entries", hint=hint)
    if explain is not None and (to or as_known_at or into):
        raise Unparsable("--explain tells of one entry, and folds nothing", hint=hint)
    if to is not None and not _ENTRY.fullmatch(to):
        raise Unparsable(f"'{to}' is no entry", hint="an entry is a number, as in e17; --as-known-at takes a time too")


def _explain(asked: Recording, ledger: Ledger, said: str) -> None:
    from verbale.explained import explained
    from verbale.spelling import number_of
    from verbale.terminal.change import change_text
    from verbale.terminal.style import width

    found = ledger.explain(number_of(said))
    write(asked.output, dumped(explained(found)) + "\n" if asked.json else change_text(found, width()))


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(replay)
