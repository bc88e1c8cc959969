"""`bundle make`: what an auditor is given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from ledger.errors import Unparsable
from verbale.cli.options import AsKnownAt, AsOf, Json, LedgerPath, Quiet, Rule
from verbale.cli.output import dumped, envelope, tell, write

_PAIR = re.compile("e?([1-9][0-9]{0,17})(?::(speaker|text|quote))?")
bundle_app = typer.Typer(help="Bundles: what an auditor checks without trusting anybody.", no_args_is_help=True)


@bundle_app.command("make")
def make(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="A folder to make, or a .zip.")],
    party: Annotated[str | None, typer.Argument(metavar="[PARTY]", help="Only what its positions rest on.")] = None,
    issue: Annotated[str | None, typer.Argument(metavar="[ISSUE]", help="Only what those on it rest on.")] = None,
    disclose: Annotated[
        str | None, typer.Option(metavar="e17,e20:text", help="Sealed values to lay open: of an entry, or one field.")
    ] = None,
    withhold: Annotated[
        list[str] | None, typer.Option(metavar="SOURCE", help="Keep this source's bytes back; may be said again.")
    ] = None,
    ledger: LedgerPath = None,
    as_of: AsOf = None,
    as_known_at: AsKnownAt = None,
    rule: Rule = None,  # type: ignore[assignment]
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write journal, proofs, positions and check.py into one folder or zip."""
    from projections.ruling import rule_named
    from verbale.cli.options import Asking
    from verbale.settings import setting

    chosen = rule_named(rule or str(setting("rule").value))
    with Asking(ledger=ledger).open() as opened:
        if party is not None and issue is None and not opened.knows("party", party) and opened.knows("issue", party):
            party, issue = None, party
        done = opened.bundle(
            output,
            party,
            issue,
            as_of,
            as_known_at,
            rule=chosen,
            disclose=_wanted(disclose),
            withhold=withhold or (),
        )
    if json:
        fields = {
            "path": str(done.path),
            "entries": done.entries,
            "size": done.size,
            "complete": done.complete,
            "positions": done.positions,
            "digest": done.digest,
            "disclosed": [{"entry": entry, "field": field} for entry, field in done.disclosed],
            "withheld": [{"entry": entry, "field": field} for entry, field in done.withheld],
            "sources": done.sources,
            "sources_withheld": list(done.sources_withheld),
        }
        write(None, dumped(envelope("bundle", **fields)) + "\n")
        return
    from verbale.terminal.tables import counted

    what = "the whole journal" if done.complete else "a part of the journal"
    holds = f"{counted(done.entries, 'entry', 'entries')}, {counted(done.positions, 'position')}"
    lines = [f"Wrote {done.path}: {what}, {holds}, {done.digest}"]
    if done.disclosed:
        lines.append(f"Disclosed: {_named(done.disclosed)}")
    if done.withheld:
        lines.append(f"Sealed, and not disclosed: {_named(done.withheld)}")
    if done.sources_withheld:
        lines.append(f"Sources kept back: {', '.join(done.sources_withheld)}")
    check = f"{done.path}/check.py" if done.path.is_dir() else f"check.py {done.path}"
    lines.append(f"Check it with: python3 {check} --key KEY")
    tell("\n".join(lines), quiet=quiet)


def _wanted(said: str | None) -> list[tuple[int, str | None]]:
    found: list[tuple[int, str | None]] = []
    for one in filter(None, (said or "").split(",")):
        pair = _PAIR.fullmatch(one.strip())
        if pair is None:
            raise Unparsable(f"'{one}' is nothing to disclose", hint="entries, or fields of them: e17,e20:text")
        found.append((int(pair[1]), pair[2]))
    return found


def _named(pairs: tuple[tuple[int, str], ...]) -> str:
    return ", ".join(f"e{entry} {field}" for entry, field in pairs)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.add_typer(bundle_app, name="bundle")
