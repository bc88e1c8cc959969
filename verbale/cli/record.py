"""`record statement`, `record action`, `record scheduled` and `import`."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from ledger.entries.scales import Act, Attribution
from ledger.errors import LedgerError, Refused
from verbale.cli.options import Recording, recording
from verbale.cli.output import dumped, envelope, tell, tell_in_place, write
from verbale.cli.telling import coding_of, record, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.importing import Report

group = typer.Typer(help="Record what was said, done or announced.")

Party = Annotated[str, typer.Argument(metavar="PARTY", help="An id or any name of it.")]
Issue = Annotated[str, typer.Argument(metavar="ISSUE")]
Text = Annotated[str, typer.Option("--message", "-m", metavar="TEXT", help="What it says, in your words; - or @FILE.")]
Source = Annotated[str | None, typer.Option(metavar="ID")]
Quote = Annotated[str | None, typer.Option(metavar="TEXT", help="The source's own words.")]
Place = Annotated[str | None, typer.Option(metavar="TEXT")]
Many = Annotated[list[str] | None, typer.Option(metavar="PARTY", help="May be repeated.")]
Credibility = Annotated[str | None, typer.Option(metavar="A1..F6", help="The Admiralty code.")]
Said = Annotated[Attribution | None, typer.Option(help="How the words reached the source.")]
Coded = Annotated[str | None, typer.Option(metavar="SCHEME:CODE/MODE", help="As in PLOVER:RETREAT/withdraw.")]
Entry = Annotated[str | None, typer.Option(metavar="eN")]


@group.command("statement")
@recording
def statement(
    asked: Recording,
    party: Party,
    issue: Issue,
    stance: Annotated[str, typer.Argument(metavar="STANCE", help="See: verbale help stances")],
    message: Text,
    said_on: Annotated[str, typer.Option(metavar="EDTF", help="See: verbale help time")],
    speaker: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    quote: Quote = None,
    source: Source = None,
    act: Annotated[Act | None, typer.Option(help="What was done with the words.")] = None,
    condition: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="May be repeated.")] = None,
    attribution: Said = None,
    credibility: Credibility = None,
    to: Many = None,
    re: Entry = None,
    fulfils: Entry = None,
    on_behalf_of: Many = None,
    coding: Coded = None,
    lang: Annotated[str | None, typer.Option(metavar="TAG", help="The quote's language.")] = None,
    sealed: Annotated[bool, typer.Option("--sealed", help="Commit to speaker, text, quote; keep them out.")] = False,
) -> None:
    """Record words: a party's stance on an issue."""
    quoted = {"exact": quote, "lang": lang} if quote is not None and lang is not None else quote
    record(
        asked,
        {
            "type": "statement-made",
            "party": party,
            "issue": issue,
            "stance": stance,
            "said_on": said_on,
            "text": text_of(message),
            "speaker": speaker,
            "act": act,
            "attribution": attribution,
            "credibility": credibility,
            "source": source,
            "quote": quoted,
            "conditions": condition,
            "to": to,
            "re": re,
            "fulfils": fulfils,
            "on_behalf_of": on_behalf_of,
            "coding": coding_of(coding),
            "sealed": sealed,
        },
    )


@group.command("action")
@recording
def action(
    asked: Recording,
    party: Party,
    issue: Issue,
    message: Text,
    occurred_on: Annotated[str, typer.Option(metavar="EDTF", help="See: verbale help time")],
    bearing: Annotated[str | None, typer.Option(metavar="STANCE", help="How it bears on the proposition.")] = None,
    place: Place = None,
    source: Source = None,
    quote: Quote = None,
    attribution: Said = None,
    credibility: Credibility = None,
    to: Many = None,
    re: Entry = None,
    fulfils: Entry = None,
    on_behalf_of: Many = None,
    coding: Coded = None,
) -> None:
    """Record a deed, and how it bears on the issue."""
    record(
        asked,
        {
            "type": "action-taken",
            "party": party,
            "issue": issue,
            "occurred_on": occurred_on,
            "text": text_of(message),
            "bearing": bearing,
            "place": place,
            "attribution": attribution,
            "credibility": credibility,
            "source": source,
            "quote": quote,
            "to": to,
            "re": re,
            "fulfils": fulfils,
            "on_behalf_of": on_behalf_of,
            "coding": coding_of(coding),
        },
    )


@group.command("scheduled")
@recording
def scheduled(
    asked: Recording,
    party: Party,
    issue: Issue,
    message: Text,
    occurs_on: Annotated[str, typer.Option(metavar="EDTF", help="See: verbale help time")],
    place: Place = None,
    source: Source = None,
    quote: Quote = None,
    to: Many = None,
) -> None:
    """Put something on the agenda; it moves no position."""
    record(
        asked,
        {
            "type": "event-scheduled",
            "party": party,
            "issue": issue,
            "occurs_on": occurs_on,
            "text": text_of(message),
            "place": place,
            "source": source,
            "quote": quote,
            "to": to,
        },
    )


@recording
def import_(
    asked: Recording,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines, one draft a line; - is stdin.")],
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Record what can be, and list what cannot.")] = False,
) -> None:
    """Record a dossier: all of it or nothing, once only."""
    with asked.open() as ledger:
        if str(file) == "-":
            with _stdin_twice() as twice:
                report = ledger.import_file(twice, keep_going=keep_going)
        else:
            try:
                with _progress(file, quiet=asked.quiet) as told:
                    report = ledger.import_file(file, keep_going=keep_going, told=told)
            except OSError as error:
                hint = "FILE is JSON Lines, one draft a line; - is stdin"
                raise Refused(f"cannot read {file}: {error.strerror}", hint=hint) from None
    if asked.json:
        write(asked.output, dumped(report_json(report)) + "\n")
    for refusal in report.refused:
        tell(f"line {refusal.line}: {refusal.reason}" + (f"\n  hint: {refusal.hint}" if refusal.hint else ""))
    if report.error is not None and not keep_going:
        message = f"{report.refused_count} of {report.rows} lines refused; nothing was recorded."
        raise Refused(message, hint="mend the lines, or record the rest with --keep-going")
    if not asked.quiet and not asked.json:
        write(asked.output, _told(report))
    if report.error is not None:
        raise typer.Exit(LedgerError.exit_code)


@contextmanager
def _progress(file: Path, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """Give what shows on a terminal how far a file was read, and takes the line away in the end."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    size = max(1, file.stat().st_size)
    try:
        yield lambda read: tell_in_place(f"{read / size:4.0%} of {file.name} decided on")
    finally:
        tell_in_place("")


def _stdin_twice() -> IO[bytes]:
    """Return stdin as a file that can be read again, should somebody else record meanwhile."""
    copy = tempfile.SpooledTemporaryFile(max_size=32_000_000)  # noqa: SIM115  the caller closes it
    while part := sys.stdin.buffer.read(1 << 20):
        copy.write(part)
    return copy


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
        notes=report.notes,
    )


def _told(report: Report) -> str:
    from verbale.terminal.tables import counted

    parts = [f"{report.new:,} new"]
    parts += [f"{report.already:,} already there"] if report.already else []
    parts += [f"{report.repeated:,} repeated"] if report.repeated else []
    parts += [f"{report.refused_count:,} refused"] if report.refused_count else []
    span = f"Recorded e{report.first}–e{report.last}: " if report.first else "Nothing new: "
    lines = [f"{span}{counted(report.rows, 'row')}, {', '.join(parts)}"]
    unchecked = report.notes.get("quotes_unchecked")
    if unchecked:
        lines.append(f"{counted(unchecked, 'quote')} unchecked: the source's text is not kept here")
    return "\n".join(lines) + "\n"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="record")
    app.command("import")(import_)
