"""`diff`, `when` and `why`: how positions changed and what they rest on."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.errors import Unparsable
from verbale.cli.ask import names_of, tell_of_merging
from verbale.cli.options import Asking, asking
from verbale.cli.output import emit, envelope

if TYPE_CHECKING:
    from projections.clocks import Moment
    from projections.evidence import Reading
    from projections.history import Why
    from verbale.disclosing import SealedField
    from verbale.ledger import Ledger

Party = Annotated[str, typer.Argument(metavar="PARTY")]
Issue = Annotated[str, typer.Argument(metavar="ISSUE")]
DIFFERENT = 10


@asking
def diff(
    asked: Asking,
    before: Annotated[str | None, typer.Argument(metavar="[A]", help="A moment of the world.")] = None,
    after: Annotated[str | None, typer.Argument(metavar="[B]", help="A later one.")] = None,
    known_from: Annotated[str | None, typer.Option(metavar="K", help="A moment of the ledger.")] = None,
    known_to: Annotated[str | None, typer.Option(metavar="K", help="A later one; else the last entry.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 10 where something differs.")] = False,
) -> None:
    """Show which positions changed between two moments."""
    from projections.json_rows import clocks
    from verbale.terminal.evidence import diff_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        old, new = _moments(ledger, asked, (before, after), (known_from, known_to))
        rows = ledger.diff(old, new, asked.rule)
        emit(
            asked,
            document=lambda listed: envelope("diff", **{"from": clocks(old), "to": clocks(new)}, rows=listed),
            rows=({**asdict(row), "entries": list(row.entries)} for row in rows),
            text=lambda: diff_text(rows[: asked.limit], old, new, width()),
        )
    if exit_code and rows:
        raise typer.Exit(DIFFERENT)


def _moments(
    ledger: Ledger, asked: Asking, world: tuple[str | None, str | None], known: tuple[str | None, str | None]
) -> tuple[Moment, Moment]:
    by_world, by_ledger = world != (None, None), known != (None, None)
    if by_world == by_ledger or (by_world and None in world):
        hint = "verbale diff 2025-03-10 2025-03-12, or verbale diff --known-from e41 --known-to e48"
        raise Unparsable("diff compares two moments of the world, or two of the ledger", hint=hint)
    if by_world:
        return ledger.moment(world[0], asked.as_known_at), ledger.moment(world[1], asked.as_known_at)
    return ledger.moment(asked.as_of, known[0] or "e0"), ledger.moment(asked.as_of, known[1])


@asking
def when(asked: Asking, party: Party, issue: Issue) -> None:
    """Show since when a party took which stance."""
    from verbale.terminal.evidence import when_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        tell_of_merging(asked, ledger, party, at)
        found = ledger.when(party, issue, asked.as_of, asked.as_known_at, asked.rule)
        emit(
            asked,
            document=lambda listed: listed,
            rows=(
                {"from": run.since, "stance": run.stance, "entry": run.entry, "known_from": run.known_from}
                for run in found
            ),
            text=lambda: when_text(found[: asked.limit], at, ledger.holder(party, at), ledger.issue(issue), width()),
        )


@asking
def why(asked: Asking, party: Party, issue: Issue) -> None:
    """Show what a position rests on, and what was set aside."""
    from verbale.terminal.evidence import why_text
    from verbale.terminal.positions import nothing
    from verbale.terminal.sealed import opened_text
    from verbale.terminal.style import width

    with asked.open() as ledger:
        at = ledger.moment(asked.as_of, asked.as_known_at)
        tell_of_merging(asked, ledger, party, at)
        found = ledger.why(party, issue, asked.as_of, asked.as_known_at, asked.rule)
        amended = {} if found is None else _amended(ledger, found, at.known_at)
        sources = {} if found is None else _sources(ledger, found, asked.as_known_at)
        sealed = {} if found is None else _sealed(ledger, found)

        def text() -> str:
            if found is None:
                return nothing(f"Nothing is known of {ledger.holder(party, at)} on {ledger.issue(issue)}.", at)
            opened = {entry: opened_text(fields) for entry, fields in sealed.items()}
            return why_text(found, at, asked.rule, names_of(ledger, at), amended, sources, opened, width())

        emit(
            asked,
            document=lambda listed: listed[0],
            rows=[_why_json(found, asked.rule, at, amended, sources, sealed)],
            text=text,
        )


def _sources(ledger: Ledger, found: Why, as_known_at: str | None) -> dict[str, dict[str, Any]]:
    """Return the documents that the evidence rests on: a ledger may hold many more."""
    evidence = (*found.counts, *found.against, *found.possible)
    names = {name for one in evidence if (name := getattr(one.event, "source", None)) is not None}
    rows = {name: ledger.source(name, as_known_at) for name in names}
    return {name: row for name, row in rows.items() if row is not None}


def _sealed(ledger: Ledger, found: Why) -> dict[int, list[SealedField]]:
    """Return what is sealed in the evidence."""
    evidence = (*found.counts, *found.against, *found.possible)
    return {one.entry: ledger.sealed(one.entry) for one in evidence if getattr(one.event, "sealed", None)}


def _amended(ledger: Ledger, found: Why, known_at: int) -> dict[int, list[Reading]]:
    return {one.entry: ledger.amendments(one.entry, known_at) for one in (*found.counts[:10], *found.against)}


def _why_json(
    found: Why | None,
    rule: str,
    at: Moment,
    amended: dict[int, list[Reading]],
    sources: dict[str, dict[str, Any]],
    sealed: dict[int, list[SealedField]],
) -> dict[str, Any]:
    from projections.json_rows import clocks, group_row, position_row

    def evidence(one: Reading) -> dict[str, Any]:
        stamp = {"recorded_at": one.recorded_at, "recorded_by": one.recorded_by}
        rests_on = sources.get(getattr(one.event, "source", None) or "")
        amendments = [{"entry": a.entry, "type": a.type, **_without_entry(a)} for a in amended.get(one.entry, ())]
        named = {"entry": one.entry, "type": one.type, "status": one.status, **stamp}
        closed = {each.field: each.state for each in sealed.get(one.entry, ())}
        said = {**named, **_without_entry(one), **({"sealed_fields": closed} if closed else {})}
        borne_out = found.independent.get(one.entry) if found is not None else None
        return {
            **said,
            "document": rests_on,
            "amended_by": amendments,
            "independent_sources": None if borne_out is None else len(borne_out),
            "source_groups": None if borne_out is None else [group_row(group) for group in borne_out],
        }

    empty = envelope("why", **clocks(at), position=None, counts=[], against=[], set_aside=[], possible=[], rule=rule)
    if found is None:
        return empty
    return {
        **empty,
        "position": position_row(found.position),
        "counts": [evidence(one) for one in found.counts],
        "against": [evidence(one) for one in found.against],
        "set_aside": [asdict(one) for one in found.set_aside],
        "possible": [evidence(one) for one in found.possible],
    }


def _without_entry(one: Reading) -> dict[str, Any]:
    return {name: value for name, value in one.fields().items() if name != "entry"}


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (diff, when, why):
        app.command()(command)
