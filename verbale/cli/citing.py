"""`cite`: a footnote for an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.errors import Unparsable
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit, envelope, tell

if TYPE_CHECKING:
    from verbale.citing import Citation

_ENTRY = re.compile(r"e[1-9][0-9]{0,17}")


@asking
def cite(
    asked: Asking,
    what: Annotated[str | None, typer.Argument(metavar="[PARTY | eN]", help="Left out, the ledger.")] = None,
    issue: Annotated[str | None, typer.Argument(metavar="[ISSUE]")] = None,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="A BibTeX entry.")] = False,
    root: Annotated[
        bool | None,
        typer.Option("--root/--no-root", help="Compute the journal's root; left out, up to 100,000 entries."),
    ] = None,
) -> None:
    """Print a footnote for a position, an entry or the ledger.

    It names the ledger, its head and both clocks; the root lets anybody check that a journal is the one cited.
    """
    from verbale.terminal.style import safe

    entry = None
    if what is not None and issue is None:
        if not _ENTRY.fullmatch(what):
            raise Unparsable(f"'{what}' alone cannot be cited", hint="verbale cite PARTY ISSUE, or verbale cite e17")
        entry, what = int(what[1:]), None
    if bibtex and (asked.json or asked.jsonl or asked.csv):
        raise Unparsable("--bibtex is a form of its own", hint="choose one")
    with asked.open() as ledger:
        found = ledger.cite(what, issue, asked.as_of, asked.as_known_at, entry=entry, root=root, rule=asked.rule)
        if found.root is None and root is None:
            tell("The root is left out of so long a journal: --root computes it.", quiet=asked.quiet)
        emit(
            asked,
            document=lambda listed: listed[0],
            rows=[_cite_json(found)],
            text=lambda: safe(found.bibtex() if bibtex else f"{found.text()}\n"),
        )


def _cite_json(found: Citation) -> dict[str, Any]:
    from projections.json_rows import clocks, evidence_row, position_row

    return envelope(
        "cite",
        **clocks(found.at),
        rule=found.rule,
        ledger=found.ledger,
        name=found.name,
        root=found.root,
        version=found.version,
        position=None if found.position is None else position_row(found.position),
        entry=None if found.entry is None else evidence_row(found.entry),
        source=found.source,
        text=found.text(),
    )


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(cite)
