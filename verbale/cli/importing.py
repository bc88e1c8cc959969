"""`import`: a dossier, all of it or nothing, once only."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from ledger.errors import LedgerError, Refused, Unparsable
from verbale.cli.mapping import mapping_for, suggested
from verbale.cli.options import Recording, recording
from verbale.cli.output import dumped, envelope, must_be_writable, tell, write
from verbale.cli.pace import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.reporting import Progress, Report

_SHOWN = 20
"""Refused lines told of on stderr."""
_INTERRUPTED = 130
_FORMATS = ("dossier", "dna", "gdelt", "gdelt-mentions", "icews", "polecat", "acled", "unga", "decisions")
"""As `ledger.importers.FORMATS`, which would be imported for every command's help."""
_TOLD = {
    "changed": "changed in the data: a correction each",
    "vanished": "vanished from the data: a retraction each",
    "vanished_retracted_here": "vanished from the data, and retracted by hand before: nothing is recorded",
    "brought_back": "in the data again",
    "retracted_here": "retracted by hand: they stay so",
    "kept_here": "not in the data, but brought back by hand: they stay so",
    "left_out_by_mapping": "left out, as the mapping says",
    "left_out_absent": "left out: absent",
    "left_out_no_member": "left out: not a member",
    "left_out_event_not_here": "left out: the ledger does not have their event",
    "left_out_event_retracted": "left out: their event is retracted",
    "sources_differ": "with another word on a source that is registered: it stays as it was",
}
"""What the report says of its notes."""
_LEFT_OUT = "left_out_"
_READ_AS = "read_as_"
"""With what the notes begin that tell the characters of a table."""


@recording
def import_(
    asked: Recording,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A dossier, or a data set; - is stdin.")],
    as_: Annotated[
        str | None, typer.Option("--as", metavar="FORMAT", help=f"{', '.join(_FORMATS)}; else told by how FILE begins.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="MAP", help="Read a table by this TOML file; FILE.toml beside FILE.csv is found."),
    ] = None,
    suggest_mapping: Annotated[
        bool, typer.Option("--suggest-mapping", help="Draft such a file from the table's header, and print it.")
    ] = False,
    snapshot_of: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="FILE is the data's state of that day: record what changed since."),
    ] = None,
    allow_vanished: Annotated[
        float, typer.Option(metavar="PERCENT", help="How many rows of the last snapshot may lack in this one.")
    ] = 5.0,
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="The snapshot is limited to this; repeat it for more columns."),
    ] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Record what can be, and list what cannot.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide on everything, record nothing.")] = False,
    refused: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write refused lines there, to be mended; why, to FILE.reasons."),
    ] = None,
    refs_from: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Let the refs of FILE, imported before, stand here too."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Tell the format what it cannot see; repeat it for more."),
    ] = None,
) -> None:
    """Record a dossier or a data set: all or nothing, once only."""
    from ledger.reporting import Interrupted

    if suggest_mapping:
        with _opened(file) as table:
            write(asked.output, suggested(file, None if isinstance(table, Path) else table))
        return
    _must_be_apart(refused, file, refs_from, mapping)
    mapping = mapping_for(file, mapping, as_, quiet=asked.quiet)
    settings = _settings(set_ or [])
    with asked.open() as ledger:
        try:
            with _opened(file) as drafts, _progress(file, quiet=asked.quiet) as told:
                report = ledger.import_file(
                    drafts,
                    keep_going=keep_going,
                    dry_run=dry_run,
                    refused=refused,
                    refs_from=refs_from,
                    told=told,
                    format_=as_,
                    mapping=mapping,
                    snapshot_of=snapshot_of,
                    allow_vanished=allow_vanished,
                    scope=dict(map(_limit, scope or [])),
                    settings=settings,
                )
        except Interrupted as stopped:
            tell(_interrupted(stopped.report))
            raise typer.Exit(_INTERRUPTED) from None
        except OSError as error:
            hint = "FILE is JSON Lines, one draft a line; - is stdin"
            raise Refused(f"cannot read {error.filename or file}: {error.strerror}", hint=hint) from None
    if asked.json:
        write(asked.output, dumped(report_json(report)) + "\n")
    _tell_characters(report, quiet=asked.quiet)
    tell_refused(report, refused)
    if dry_run and not asked.quiet and not asked.json:
        write(asked.output, report_text(report, dry_run=True))
    if report.error is not None and (dry_run or not keep_going):
        message = f"{report.refused_count:,} of {report.rows:,} lines refused; nothing was recorded."
        raise Refused(message, hint="mend the lines, or record the rest with --keep-going")
    if not asked.quiet and not asked.json and not dry_run:
        write(asked.output, report_text(report))
    if report.error is not None:
        if refused is not None and str(file) != "-":
            how = f"--refs-from {file}" if mapping is None else f"--mapping {mapping}"
            tell(f"Mend {refused}, then: verbale import {refused} {how}", quiet=asked.quiet)
        raise typer.Exit(LedgerError.exit_code)


def _limit(said: str) -> tuple[str, str]:
    column, equals, value = said.partition("=")
    if not (column and equals and value):
        raise Unparsable(f"'{said}' is no limit", hint="--scope COLUMN=VALUE, as in --scope country=Ukraine")
    return column, value


def _settings(said: list[str]) -> dict[str, str]:
    found = {}
    for one in said:
        name, equals, value = one.partition("=")
        if not equals or not value.strip() or name in found:
            raise Unparsable(f"--set {one} is no setting", hint="each once, as in --set dataset=energy")
        found[name] = value.strip()
    return found


def _must_be_apart(refused: Path | None, *given: Path | None) -> None:
    """Refuse to write refused lines where they come from, or where nothing can be written."""
    from ledger.refusals import reasons_beside

    if refused is None:
        return
    for written in (refused, reasons_beside(refused)):
        if any(one is not None and written.exists() and one.exists() and written.samefile(one) for one in given):
            raise Unparsable(f"{written} is a file that is to be read", hint="--refused names another file")
        must_be_writable(written)


def _opened(file: Path) -> nullcontext[Path] | IO[bytes]:
    """Return the path of a file, or stdin as a file that can be read again, should somebody else record meanwhile."""
    if str(file) != "-":
        return nullcontext(file)
    copy = tempfile.SpooledTemporaryFile(max_size=32_000_000)  # noqa: SIM115  the caller closes it
    while part := sys.stdin.buffer.read(1 << 20):
        copy.write(part)
    return copy


@contextmanager
def _progress(file: Path, *, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Give what shows on a terminal how far an import is, and takes the line away in the end."""
    with shown(quiet=quiet) as show:
        if show is None:
            yield None
            return
        name = "stdin" if str(file) == "-" else file.name

        def told(progress: Progress) -> None:
            deciding = progress.step == "deciding"
            words, unit = ("decided on", "bytes") if deciding else ("recorded", "entries")
            show(f"of {name} {words}", progress.done, progress.total, unit)

        yield told


def report_json(report: Report) -> dict[str, object]:
    """Return what an import did, as the contract has it."""
    return envelope(
        "import",
        rows=report.rows,
        new=report.new,
        already=report.already,
        repeated=report.repeated,
        refused=[{"line": r.line, "reason": r.reason, "hint": r.hint} for r in report.refused],
        refused_count=report.refused_count,
        first=report.first,
        last=report.last,
        notes=report.notes | ({"registered": report.registered} if report.registered else {}),
    )


def tell_refused(report: Report, refused: Path | None = None) -> None:
    """Tell of the first refused lines on stderr."""
    from verbale.terminal.style import safe

    for refusal in report.refused[:_SHOWN]:
        hint = f"\n  hint: {safe(refusal.hint)}" if refusal.hint else ""
        tell(f"line {refusal.line}: {safe(refusal.reason)}{hint}")
    more = report.refused_count - _SHOWN
    if more > 0:
        where = f"{refused}.reasons has them all" if refused else "--refused FILE writes them all, --json lists 1,000"
        tell(f"and {more:,} more: {where}")


def _tell_characters(report: Report, *, quiet: bool) -> None:
    """Say in what characters a table was read, where it is not UTF-8."""
    for name in report.notes:
        if name.startswith(_READ_AS):
            codec = name.removeprefix(_READ_AS)
            what = "damaged UTF-8" if codec == "utf-8" else codec
            tell(f"Read as {what}. Are words wrong, set encoding in the mapping, under [table]", quiet=quiet)


def _interrupted(report: Report) -> str:
    if report.last is None:
        return "Interrupted: nothing was recorded."
    done = report.last - report.decided_after
    return (
        f"Interrupted: e{report.first}–e{report.last} are recorded, {done:,} of {report.new:,} new entries.\n"
        "Import the same file again: it goes on from there."
    )


def report_text(report: Report, *, dry_run: bool = False) -> str:
    """Return what an import did, in words."""
    from verbale.terminal.tables import counted

    parts = [f"{report.new:,} new"]
    parts += [f"{report.already:,} already there"] if report.already else []
    parts += [f"{report.repeated:,} repeated"] if report.repeated else []
    parts += [f"{report.refused_count:,} refused"] if report.refused_count else []
    entries = f"e{report.first}–e{report.last}" if report.first != report.last else f"e{report.first}"
    span = f"Recorded {entries}: " if report.first else "Nothing new: "
    if dry_run:
        span = "Not recorded, as asked: "
    lines = [f"{span}{counted(report.rows, 'row')}, {', '.join(parts)}"]
    if report.registered:
        names = counted(report.registered, "name", "names")
        lines.append(f"{names} registered beside: parties, issues and sources that nobody had")
    lines += [f"{counted(report.notes[name], 'row')} {words}" for name, words in _TOLD.items() if name in report.notes]
    unchecked = report.notes.get("quotes_unchecked")
    if unchecked:
        lines.append(f"{counted(unchecked, 'quote')} unchecked: the source's text is not kept here")
    for name, count in report.notes.items():
        if name.startswith(_LEFT_OUT) and name not in _TOLD:
            lines.append(f"{counted(count, 'row')} left out: {name.removeprefix(_LEFT_OUT).replace('_', ' ')}")
    return "\n".join(lines) + "\n"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("import")(import_)
