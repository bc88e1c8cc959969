"""`source` and `speaker`: where the words come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledger.entries.scales import Reliability
from verbale import documents
from verbale.cli.listing import listed
from verbale.cli.options import Asking, Recording, asking, recording
from verbale.cli.output import emit
from verbale.cli.telling import record

source = typer.Typer(help="Sources: the documents that entries rest on.")
speaker = typer.Typer(help="Speakers: who speaks for a party; observers speak for none.")

From = Annotated[str | None, typer.Option("--from", metavar="DATE")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE")]


@source.command("add")
@recording
def source_add(
    asked: Recording,
    source_id: Annotated[str, typer.Argument(metavar="ID")],
    title: Annotated[str, typer.Option(metavar="TEXT")],
    publisher: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    agency: Annotated[str | None, typer.Option(metavar="TEXT", help="The agency whose report it prints.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL")] = None,
    published_at: Annotated[str | None, typer.Option(metavar="TIME", help="The source's own time.")] = None,
    snapshot: Annotated[Path | None, typer.Option(metavar="FILE", help="Its bytes, kept beside the ledger.")] = None,
    reliability: Annotated[Reliability | None, typer.Option(help="The Admiralty letter.")] = None,
) -> None:
    """Register a source."""
    draft = {"type": "source-registered", "source": source_id, "title": title, "publisher": publisher}
    record(
        asked,
        {
            **draft,
            "agency": agency,
            "url": url,
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
        listed(asked, ledger, "sources", ledger.sources(asked.as_known_at), header, "No sources yet.")


@source.command("show")
@asking
def source_show(asked: Asking, source_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show a source, and the entries that rest on it."""
    from verbale.terminal.cards import source_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        card = ledger.source_card(source_id, asked.as_known_at)
        emit(
            asked,
            document=lambda rows: documents.card("source", at, rows[0]),
            rows=[card],
            text=lambda: source_text(card, at, width()),
        )


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
        listed(asked, ledger, "speakers", rows, header, empty)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for name, group in (("source", source), ("speaker", speaker)):
        app.add_typer(group, name=name)
