"""`export`: the whole record, taken along as lines, as a static log or in columns; and networks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ledger.errors import Unparsable
from verbale.cli.freezing import HTML, ByRule, Dyads, Folder, Frozen, Issue, Most, Party, export_html, one_of
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
    Since,
    Variable1,
    Variable2,
    export_network,
)
from verbale.cli.options import Asking, AsKnownAt, AsOf, Json, LedgerPath, Output, Quiet
from verbale.cli.output import dumped, envelope, tell, whole_file, write
from verbale.cli.pace import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbale.ledger import Ledger

_FILES: Final = ("journal", "tiles", "parquet")
_FORMATS: Final = "journal, tiles (C2SP tlog-tiles), parquet, html, eventlist, twomode, onemode."
_FORMS: Final = f"verbale export journal -o FILE; or parquet, tiles, html, {', '.join(EXPORTS)}"
_STDOUT: Final = Path("-")


def export(
    what: Annotated[str, typer.Argument(metavar="FORMAT", help=_FORMATS)],
    to: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A file, for tiles and parquet a folder to make; or -o.")
    ] = None,
    ledger: LedgerPath = None,
    json: Json = False,
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
    since: Since = None,
    file_format: FileFormat = "csv",
    ids: Ids = False,
    folder: Folder = None,
    party: Party = None,
    issue: Issue = None,
    dyads: Dyads = False,
    rule: ByRule = None,
    limit: Most = None,
    quiet: Quiet = False,
) -> None:
    """Write the record for other tools, or statements as a network.

    journal is the record's lines, which replay FILE takes; parquet its columns, for DuckDB, polars or Spark.  eventlist
    lists the statements that count at two moments; twomode ties parties to issues, onemode parties that spoke on the
    same.  html is the desk's pages in a folder, to be read without a server.  What is sealed is in none of them.
    """
    if what not in {*_FILES, *EXPORTS, HTML}:
        raise Unparsable(f"no format '{what}'", hint=_FORMS)
    if what == HTML:
        asked_for = Frozen(as_of, as_known_at, party, issue, rule, limit, dyads=dyads)
        with Asking(ledger=ledger).open() as opened:
            export_html(opened, one_of(to, folder, output), asked_for, json=json, quiet=quiet)
        return
    _must_be_of_html(what, folder, party, issue, rule, limit, dyads or None)
    _must_be_of_tiles(what, within)
    if to is not None and output is not None:
        raise Unparsable(f"it cannot go to {to} and {output}", hint="name one of them")
    if what in EXPORTS:
        if json:
            raise Unparsable(f"{what} is CSV or GraphML", hint="leave --json out")
        asked = Asked(
            variable1, variable2, qualifier, aggregation, normalization, duplicates, isolates, kind or [], since
        )
        with Asking(ledger=ledger).open() as opened:
            moments = as_of, as_known_at
            export_network(opened, what, asked, moments, file_format, to or output, ids=ids, quiet=quiet)
        return
    if any(one is not None for one in (since, as_of, as_known_at)):
        hint = "leave --from, --as-of and --as-known-at out"
        raise Unparsable(f"{what} is the whole record, at no moment", hint=hint)
    path = to or output or _STDOUT
    _must_fit(what, path, json=json)
    with Asking(ledger=ledger).open() as opened:
        silent = quiet or json
        if what == "journal":
            done = _journal(opened, path)
        elif what == "tiles":
            done = _tiles(opened, path, within, quiet=silent)
        else:
            done = _parquet(opened, path, quiet=silent)
        if json:
            about = {"format": what, "path": str(path), "entries": done.pop("entries")}
            rest = {"ledger": str(opened.journal.ledger_id), "root": None, "rule": None, "files": [], **done}
            write(None, dumped(envelope("export", **about, **rest)) + "\n")


def _must_be_of_html(what: str, *said: object) -> None:
    """Refuse options that only html has."""
    if any(one is not None for one in said):
        message = f"--to, --party, --issue, --dyads, --rule and --limit are of html, not of {what}"
        raise Unparsable(message, hint="leave them out")


def _must_be_of_tiles(what: str, within: str | None) -> None:
    """Refuse what only tiles have."""
    if within is not None and what != "tiles":
        raise Unparsable("--in is of tiles, which need a checkpoint", hint="leave --in out")


def _must_fit(what: str, path: Path, *, json: bool) -> None:
    """Refuse stdout for what does not go there."""
    if path == _STDOUT and (what != "journal" or json):
        says = {
            "journal": "the lines go to stdout",
            "tiles": "tiles are many files",
            "parquet": "parquet is many files",
        }
        hint = "name a file: -o FILE" if what == "journal" else f"name a folder to make: verbale export {what} FOLDER"
        raise Unparsable(says[what], hint=hint)


def _journal(opened: Ledger, path: Path) -> dict[str, Any]:
    if path == _STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(opened.export_journal())
        sys.stdout.buffer.flush()
        return {}
    count = 0

    def counted() -> Iterator[bytes]:
        nonlocal count
        for line in opened.export_journal():
            count += 1
            yield line

    with whole_file(path) as file:
        file.writelines(counted())
    return {"entries": count}


def _tiles(opened: Ledger, folder: Path, within: str | None, *, quiet: bool) -> dict[str, Any]:
    size = opened.export_tiles(folder, within)
    tell(f"Wrote {folder}: {size:,} entries, their tiles, and the checkpoint", quiet=quiet)
    return {"entries": size}


def _parquet(opened: Ledger, folder: Path, *, quiet: bool) -> dict[str, Any]:
    from verbale.terminal.tables import counted

    with shown(quiet=quiet) as show:
        done = opened.export_parquet(
            folder, None if show is None else lambda table, rows, total: show(f"of {table}", rows, total, "rows")
        )
    tell(f"Wrote {folder}: {counted(done.entries, 'entry', 'entries')} · root {done.root}", quiet=quiet)
    sizes = ", ".join(f"{one.name.removesuffix('.parquet')} {one.rows:,}" for one in done.files)
    tell(f"Rows: {sizes}; and the rule {done.rule} as SQL", quiet=quiet)
    files = [{"file": one.name, "rows": one.rows} for one in done.files]
    return {"entries": done.entries, "root": done.root, "rule": done.rule, "files": files}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(export)
