"""`replay` and `export`: the whole journal, folded anew or taken along."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger.errors import Refused, Unparsable, VerificationFailed
from verbale.cli.networks import (
    EXPORTS,
    Aggregated,
    Asked,
    Duplicated,
    FileFormat,
    Ids,
    Isolates,
    Kinds,
    Normalized,
    Qualified,
    Variable1,
    Variable2,
    export_network,
)
from verbale.cli.options import AsKnownAt, AsOf, LedgerPath, Output, Quiet, Recording, recording
from verbale.cli.output import dumped, envelope, tell, whole_file, write

if TYPE_CHECKING:
    from projections.change import Change
    from projections.positions import Position
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
    from verbale.cli.amend import number_of
    from verbale.terminal.change import change_text
    from verbale.terminal.style import width

    found = ledger.explain(number_of(said))
    write(asked.output, dumped(explained_json(found)) + "\n" if asked.json else change_text(found, width()))


def explained_json(found: Change) -> dict[str, object]:
    """Return what an entry changed, as the contract has it."""
    from projections.json_rows import clocks, evidence_row, position_row

    def row(one: Position | None) -> dict[str, object] | None:
        return None if one is None else position_row(one)

    return envelope(
        "explained",
        **{"from": clocks(found.before), "to": clocks(found.after)},
        entry=evidence_row(found.reading),
        rows=[
            {
                "party": one.party,
                "issue": one.issue,
                "before": row(one.before),
                "after": row(one.after),
                "says": list(one.says),
            }
            for one in found.rows
        ],
        reasons=list(found.reasons),
    )


def export(
    what: Annotated[
        str, typer.Argument(metavar="FORMAT", help="journal, tiles (C2SP tlog-tiles), eventlist, twomode, onemode.")
    ],
    ledger: LedgerPath = None,
    output: Output = None,
    within: Annotated[str | None, typer.Option("--in", metavar="cpN", help="Tiles of this checkpoint.")] = None,
    as_of: AsOf = None,
    as_known_at: AsKnownAt = None,
    variable1: Variable1 = "party",
    variable2: Variable2 = "issue",
    qualifier: Qualified = "agreement",
    aggregation: Aggregated = "ignore",
    normalization: Normalized = "no",
    duplicates: Duplicated = "include",
    isolates: Isolates = False,
    kind: Kinds = None,
    file_format: FileFormat = "csv",
    ids: Ids = False,
    quiet: Quiet = False,
) -> None:
    """Write the journal's lines, or statements as a network.

    replay FILE is the inverse of journal.  eventlist lists the statements that count at two moments; twomode ties
    parties to issues, onemode parties that spoke on the same.
    """
    from verbale.cli.options import Asking

    if what not in {"journal", "tiles", *EXPORTS}:
        hint = f"verbale export journal -o FILE, or verbale export tiles -o FOLDER; or {', '.join(EXPORTS)}"
        raise Unparsable(f"no format '{what}'", hint=hint)
    if what in EXPORTS:
        asked = Asked(variable1, variable2, qualifier, aggregation, normalization, duplicates, isolates, kind or [])
        with Asking(ledger=ledger).open() as opened:
            export_network(opened, what, asked, (as_of, as_known_at), file_format, output, ids=ids, quiet=quiet)
        return
    if as_of is not None or as_known_at is not None:
        raise Unparsable(f"{what} is the whole record, at no moment", hint="leave --as-of and --as-known-at out")
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
