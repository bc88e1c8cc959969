"""`export html`: the desk's pages in a folder, to be read without a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ledger.errors import Refused, Unparsable
from verbale.cli.output import dumped, tell, write
from verbale.cli.pace import shown
from verbale.settings import setting

if TYPE_CHECKING:
    from verbale.ledger import Ledger

HTML: Final = "html"
Folder = Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="The folder of html.")]
Party = Annotated[str | None, typer.Option("--party", metavar="PARTY", help="For html: this party alone.")]
Issue = Annotated[str | None, typer.Option("--issue", metavar="ISSUE", help="For html: this issue alone.")]
Dyads = Annotated[bool, typer.Option("--dyads", help="For html: also what pairs of parties do to each other.")]
ByRule = Annotated[str | None, typer.Option("--rule", metavar="RULE", help="For html: the position rule.")]
Most = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="For html: pages of a kind at most; 1,000.")
]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the pages are to show."""

    as_of: str | None
    as_known_at: str | None
    party: str | None
    issue: str | None
    rule: str | None
    limit: int | None
    dyads: bool


def one_of(*said: Path | None) -> Path:
    """Return the folder that was named, once."""
    named = [one for one in said if one is not None]
    if len(named) != 1:
        message = f"it cannot go to {named[0]} and {named[1]}" if named else "html is many files"
        raise Unparsable(message, hint="name a folder: verbale export html --to FOLDER")
    return named[0]


def export_html(ledger: Ledger, folder: Path, asked: Frozen, *, json: bool, quiet: bool) -> None:
    """Write the pages, and say how many."""
    try:
        from verbale.web.asked import Asked
        from verbale.web.freezing import LIMIT, freeze
    except ImportError as error:
        if (error.name or "").partition(".")[0] in {"verbale", "projections", "ledger"}:
            raise
        raise Refused("the desk is not installed", hint="install it with: pip install 'verbale[web]'") from None
    from verbale.terminal.tables import counted

    filters = {"party": asked.party, "issue": asked.issue, "dyads": "1" if asked.dyads else None}
    clocks = {"as_of": asked.as_of, "as_known_at": asked.as_known_at, "rule": asked.rule or str(setting("rule").value)}
    said = {name: value for name, value in {**clocks, **filters}.items() if value is not None}
    with shown(quiet=quiet or json) as show:
        told = None if show is None else lambda done: show("written", done, done, "pages")
        found = freeze(ledger, folder, Asked.of("/matrix", said), asked.limit or LIMIT, told)
    if json:
        write(None, dumped(found.document(folder)) + "\n")
        return
    pages, left_out = sum(found.pages.values()), found.left_out
    tell(f"Wrote {folder}: {counted(pages, 'page')}. Open {folder / 'index.html'}", quiet=quiet)
    if left_out:
        more = ", ".join(f"{number:,} of {page}" for page, number in sorted(left_out.items()))
        tell(f"Left out, as the index says too: {more}. --limit N writes more", quiet=quiet)
