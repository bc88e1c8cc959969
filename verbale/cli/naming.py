"""`party`, `issue`, `source`, `speaker`: give names, and list what has one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.entries.scales import PartyKind, Reliability
from ledger.errors import Unparsable
from verbale.cli.options import Asking, Recording, asking, recording
from verbale.cli.output import emit, envelope
from verbale.cli.telling import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbale.ledger import Ledger

party = typer.Typer(help="Parties: who can hold a position.")
issue = typer.Typer(help="Issues: propositions that parties can be for or against.")
source = typer.Typer(help="Sources: the documents that entries rest on.")
speaker = typer.Typer(help="Speakers: who speaks for a party; observers speak for none.")

Many = list[str]
From = Annotated[str | None, typer.Option("--from", metavar="DATE")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE")]


@party.command("add")
@recording
def party_add(
    asked: Recording,
    party_id: Annotated[str, typer.Argument(metavar="ID")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    kind: Annotated[PartyKind, typer.Option(help="What it is.")] = "state",
    alias: Annotated[Many | None, typer.Option(metavar="NAME", help="What else it is called; may be repeated.")] = None,
    code: Annotated[Many | None, typer.Option(metavar="SCHEME:CODE", help="iso3, cow, wikidata or cameo.")] = None,
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
def party_alias(
    asked: Recording,
    party_id: Annotated[str, typer.Argument(metavar="PARTY")],
    alias: Annotated[str, typer.Argument(metavar="NAME")],
) -> None:
    """Add a name that a party is also called."""
    record(asked, {"type": "alias-added", "party": party_id, "alias": alias})


@issue.command("add")
@recording
def issue_add(
    asked: Recording,
    issue_id: Annotated[str, typer.Argument(metavar="ID")],
    proposition: Annotated[str, typer.Argument(metavar="PROPOSITION")],
) -> None:
    """Open an issue: a proposition that one can be for or against."""
    record(asked, {"type": "issue-opened", "issue": issue_id, "proposition": proposition})


@source.command("add")
@recording
def source_add(
    asked: Recording,
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    title: Annotated[str, typer.Option(metavar="TEXT")],
    publisher: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL")] = None,
    published_at: Annotated[str | None, typer.Option(metavar="TIME", help="The source's own time.")] = None,
    snapshot: Annotated[Path | None, typer.Option(metavar="FILE", help="Its bytes, kept beside the ledger.")] = None,
    reliability: Annotated[Reliability | None, typer.Option(help="The Admiralty letter.")] = None,
) -> None:
    """Register a source."""
    draft = {"type": "source-registered", "source": source_id, "title": title, "publisher": publisher, "url": url}
    record(
        asked,
        {
            **draft,
            "published_at": published_at,
            "snapshot": None if snapshot is None else str(snapshot),
            "reliability": reliability,
        },
    )


@speaker.command("add")
@recording
def speaker_add(
    asked: Recording,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    party_name: Annotated[str | None, typer.Argument(metavar="[PARTY]", help="Left out, an observer.")] = None,
    role: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    rank: Annotated[int | None, typer.Option(metavar="N", help="1 is the highest.")] = None,
    since: From = None,
    until: To = None,
) -> None:
    """Register who speaks for a party, or an observer."""
    draft = {"type": "speaker-appointed", "name": name, "party": party_name, "role": role, "rank": rank}
    record(asked, {**draft, "from": since, "to": until})


def _list(
    asked: Asking, ledger: Ledger, kind: str, rows: Sequence[dict[str, Any]], header: dict[str, str], empty: str
) -> None:
    from projections.json_rows import clocks
    from verbale.terminal.style import width
    from verbale.terminal.tables import table

    at = ledger.moment(asked.as_of, asked.as_known_at)

    def text() -> str:
        shown = rows[: asked.limit]
        cells = [[_cell(row.get(name)) for name in header] for row in shown]
        return table(list(header.values()), cells, width()) if cells else f"{empty}\n"

    emit(asked, document=lambda listed: envelope(kind, **clocks(at), rows=listed), rows=rows, text=text)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


@party.command("list")
@asking
def party_list(asked: Asking) -> None:
    """List the parties."""
    with asked.open() as ledger:
        header = {"party": "id", "name": "name", "kind": "kind", "aliases": "also called"}
        _list(asked, ledger, "parties", ledger.parties(asked.as_known_at), header, "No parties yet.")


@issue.command("list")
@asking
def issue_list(asked: Asking) -> None:
    """List the issues."""
    with asked.open() as ledger:
        header = {"issue": "id", "proposition": "proposition"}
        _list(asked, ledger, "issues", ledger.issues(asked.as_known_at), header, "No issues yet.")


@source.command("list")
@asking
def source_list(asked: Asking) -> None:
    """List the sources."""
    with asked.open() as ledger:
        header = {
            "source": "id",
            "reliability": "A–F",
            "publisher": "publisher",
            "published_at": "published",
            "title": "title",
        }
        _list(asked, ledger, "sources", ledger.sources(asked.as_known_at), header, "No sources yet.")


@speaker.command("list")
@asking
def speaker_list(
    asked: Asking,
    unresolved: Annotated[bool, typer.Option(help="Those that statements name and nobody registered.")] = False,
) -> None:
    """List the speakers."""
    with asked.open() as ledger:
        rows = ledger.speakers(asked.as_known_at, unresolved=unresolved)
        header = {"name": "name", "party": "party"}
        header |= {"entries": "entries"} if unresolved else {"role": "role"}
        empty = "Every speaker is registered." if unresolved else "No speakers yet."
        _list(asked, ledger, "speakers", rows, header, empty)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for name, group in (("party", party), ("issue", issue), ("source", source), ("speaker", speaker)):
        app.add_typer(group, name=name)
