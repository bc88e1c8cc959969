"""`party`: who can hold a position, what it is called, what it belongs to and what became of it."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.entries.scales import IdentifiedKind, PartyKind
from ledger.errors import Unparsable
from verbale import documents
from verbale.cli.listing import listed
from verbale.cli.options import Asking, Recording, asking, recording
from verbale.cli.output import emit, envelope
from verbale.cli.reviewing import review
from verbale.cli.telling import record

party = typer.Typer(help="Parties: who can hold a position.")

Party = Annotated[str, typer.Argument(metavar="PARTY", help="An id or any name of it.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
Coalition = Annotated[str, typer.Argument(metavar="COALITION")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Its first day.")]
Code = Annotated[list[str] | None, typer.Option(metavar="SCHEME:CODE", help="iso3, cow, wikidata or cameo.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Its last day.")]


@party.command("add")
@recording
def add(
    asked: Recording,
    party_id: Annotated[str, typer.Argument(metavar="ID")],
    name: Name,
    kind: Annotated[PartyKind, typer.Option(help="What it is.")] = "state",
    alias: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="What else it is called; may be repeated.")
    ] = None,
    code: Code = None,
) -> None:
    """Register a party."""
    draft = {"type": "party-registered", "party": party_id, "name": name, "kind": kind, "aliases": alias}
    record(asked, {**draft, "codes": dict(map(_code, code or []))})


def _code(said: str) -> tuple[str, str]:
    scheme, colon, value = said.partition(":")
    if not colon:
        raise Unparsable(f"'{said}' is no code", hint="SCHEME:CODE, as in iso3:RUS")
    return scheme, value


@party.command("alias")
@recording
def alias(asked: Recording, party_id: Party, name: Name, since: From = None, until: Until = None) -> None:
    """Add a name that a party is also called, perhaps between two dates."""
    record(asked, {"type": "alias-added", "party": party_id, "alias": name, "from": since, "until": until})


@party.command("rename")
@recording
def rename(asked: Recording, party_id: Party, name: Name) -> None:
    """Give a party another name; the old one still leads to it."""
    record(asked, {"type": "party-renamed", "party": party_id, "name": name})


@party.command("identify")
@recording
def identify(
    asked: Recording,
    party_id: Party,
    kind: Annotated[IdentifiedKind, typer.Option(help="What it is.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What it is called.")] = None,
    code: Code = None,
) -> None:
    """Say that an unresolved actor is a party of its own; one that is known already is merged instead."""
    draft = {"type": "party-identified", "party": party_id, "kind": kind, "name": name}
    record(asked, {**draft, "codes": dict(map(_code, code or []))})


@party.command("merge")
@recording
def merge(
    asked: Recording, party_id: Party, into: Annotated[str, typer.Option(metavar="PARTY", help="Who it was all along.")]
) -> None:
    """Move what a party holds to another: they were one all along."""
    record(asked, {"type": "party-merged", "party": party_id, "into": into})


@party.command("unmerge")
@recording
def unmerge(asked: Recording, party_id: Party) -> None:
    """Take a merged party out again, with all that is its own."""
    record(asked, {"type": "party-unmerged", "party": party_id})


@party.command("join")
@recording
def join(asked: Recording, party_id: Party, coalition: Coalition, since: From = None) -> None:
    """Make a party a member, who has the coalition's positions where it has none."""
    record(asked, {"type": "coalition-joined", "party": party_id, "coalition": coalition, "from": since})


@party.command("leave")
@recording
def leave(
    asked: Recording,
    party_id: Party,
    coalition: Coalition,
    until: Annotated[str, typer.Option(metavar="DATE", help="When it left: as of that day it is no member.")],
) -> None:
    """End a party's membership of a coalition."""
    record(asked, {"type": "coalition-left", "party": party_id, "coalition": coalition, "until": until})


@party.command("succeed")
@recording
def succeed(
    asked: Recording,
    party_id: Party,
    successor: Annotated[str, typer.Argument(metavar="SUCCESSOR", help="Who came after it.")],
    since: From = None,
) -> None:
    """Link a party to the one that came after it; no position passes on."""
    record(asked, {"type": "party-succeeded", "party": party_id, "by": successor, "from": since})


@party.command("list")
@asking
def list_(
    asked: Asking,
    unresolved: Annotated[
        bool, typer.Option(help="Those that data sets name and nobody identified, most named first.")
    ] = False,
) -> None:
    """List the parties."""
    with asked.open() as ledger:
        rows = ledger.parties(asked.as_known_at, unresolved=unresolved)
        header = {"party": "id", "name": "name", "kind": "kind", "aliases": "also called"}
        if unresolved:
            header = {"party": "id", "name": "name", "entries": "entries", "aliases": "also called"}
        elif any(row["merged_into"] for row in rows):
            header = {"party": "id", "merged_into": "merged into", **header}
        empty = "Every party is identified." if unresolved else "No parties yet."
        listed(asked, ledger, "parties", rows, header, empty)


@party.command("show")
@asking
def show(asked: Asking, name: Party) -> None:
    """Show all that is known of a party beside its positions."""
    from verbale.terminal.cards import party_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        card = ledger.party_card(name, asked.as_of, asked.as_known_at)
        emit(
            asked,
            document=lambda rows: documents.card("party", at, rows[0]),
            rows=[card],
            text=lambda: party_text(card, at, width()),
        )


@party.command("resolve")
@asking
def resolve(
    asked: Asking,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name in any spelling, or a code.")],
    code: Annotated[
        str | None, typer.Option(metavar="SCHEME", help="NAME is a code: iso3, cow, wikidata or cameo.")
    ] = None,
) -> None:
    """Say who a name or a code leads to, and why."""
    from projections.json_rows import clocks
    from verbale.terminal.cards import named_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        row = ledger.party_named(name, asked.as_of, asked.as_known_at, scheme=code)
        emit(
            asked,
            document=lambda rows: envelope("resolved", **clocks(at), row=rows[0]),
            rows=[row],
            text=lambda: named_text(row, at, width()),
        )


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    party.command("review")(review)
    app.add_typer(party, name="party")
