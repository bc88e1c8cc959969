"""`record statement`, `record action` and `record scheduled`."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.entries.scales import Act, Attribution
from verbale.cli.options import Recording, recording
from verbale.cli.recording_forms import FormCommand, formed, without_a_kind
from verbale.cli.telling import record, text_of
from verbale.spelling import coding_of

group = typer.Typer(help="Record what was said, done or announced.", invoke_without_command=True)

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


@group.callback()
def nothing_said(context: typer.Context) -> None:
    """Record what was said, done or announced; on a terminal, `record` alone opens a form for words."""
    if context.invoked_subcommand is None:
        without_a_kind()


@group.command("statement", cls=FormCommand)
@formed
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
            "coding": None if coding is None else coding_of(coding),
            "sealed": sealed,
        },
    )


@group.command("action", cls=FormCommand)
@formed
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
            "coding": None if coding is None else coding_of(coding),
        },
    )


@group.command("scheduled", cls=FormCommand)
@formed
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


@group.command("assertion")
@recording
def assertion(
    asked: Recording,
    party: Party,
    issue: Issue,
    stance: Annotated[str | None, typer.Argument(metavar="[STANCE]", help="Left out: no position in words.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="T", help="As of when it should be so.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why that is sure; - or @FILE.")] = None,
) -> None:
    """Say what the ledger should answer; `verbale doctor` checks."""
    draft = {"type": "position-asserted", "party": party, "issue": issue, "as_of": as_of, "stance": stance}
    record(asked, {**draft, "reason": text_of(reason)})


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(group, name="record")
