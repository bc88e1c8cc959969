"""`correct`, `retract`, `dispute`, `corroborate`, `resolve`, `undo`: nobody edits; each is an entry of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ledger.errors import Unparsable
from verbale.cli.options import Recording, recording
from verbale.cli.telling import record, text_of
from verbale.spelling import number_of

if TYPE_CHECKING:
    from verbale.ledger import Ledger

Number = Annotated[str, typer.Argument(metavar="eN", help="The entry.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; - or @FILE.")]
Source = Annotated[str | None, typer.Option(metavar="ID")]

_LISTS = frozenset({"conditions", "to", "on_behalf_of"})
_OBJECTS = frozenset({"coding"})


def _amendment(asked: Recording, entry: str, draft: dict[str, Any]) -> None:
    number = number_of(entry)

    def prepared(ledger: Ledger) -> dict[str, Any]:
        # What its author saw of the target, so that "the same correction again, after an undo" is a new fact.
        return {**draft, "entry": number, "after": ledger.last_amendment(number)}

    record(asked, draft, prepared)


@recording
def correct(
    asked: Recording,
    entry: Number,
    set_: Annotated[
        list[str],
        typer.Option("--set", metavar="FIELD=VALUE", help="Repeatable; FIELD= takes it away."),
    ],
    reason: Reason,
    source: Source = None,
) -> None:
    """Correct fields of an entry; it stays as written."""
    changes = dict(map(_change, set_))
    _amendment(
        asked, entry, {"type": "entry-corrected", "changes": changes, "reason": text_of(reason), "source": source}
    )


def _change(said: str) -> tuple[str, object]:
    name, equals, value = said.partition("=")
    if not equals or not name:
        raise Unparsable(f"'{said}' changes nothing", hint="FIELD=VALUE, as in said_on=2025-03-10")
    if not value:
        return name, None
    if name in _LISTS | _OBJECTS or value.startswith("{"):
        try:
            return name, json.loads(value)
        except ValueError:
            if name in _LISTS:
                return name, [value]
            raise Unparsable(f"'{value}' does not parse as JSON", hint='an object is written {"exact": "…"}') from None
    if name in ("re", "fulfils"):
        return name, number_of(value)
    return name, int(value) if name == "rank" and value.isdecimal() else value


@recording
def retract(asked: Recording, entry: Number, reason: Reason) -> None:
    """Take an entry back, whatever it is."""
    _amendment(asked, entry, {"type": "entry-retracted", "reason": text_of(reason)})


@recording
def undo(
    asked: Recording,
    entry: Number,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "entered in error",
) -> None:
    """Retract an entry entered in error, or bring one back."""
    _amendment(asked, entry, {"type": "entry-retracted", "reason": text_of(reason)})


@recording
def dispute(asked: Recording, entry: Number, reason: Reason, source: Source = None) -> None:
    """Contest an entry, until the dispute is retracted."""
    _amendment(asked, entry, {"type": "entry-disputed", "reason": text_of(reason), "source": source})


@recording
def corroborate(
    asked: Recording,
    entry: Number,
    source: Source = None,
    observer: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    quote: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    message: Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT")] = None,
) -> None:
    """Add a source or observer that says the same."""
    draft = {"type": "entry-corroborated", "source": source, "observer": observer, "quote": quote}
    _amendment(asked, entry, {**draft, "text": text_of(message)})


@recording
def resolve(
    asked: Recording,
    entry: Number,
    condition: Annotated[str, typer.Argument(metavar="CONDITION", help="As the statement words it.")],
    outcome: Annotated[Literal["met", "failed"], typer.Argument(metavar="met|failed")],
    resolved_on: Annotated[str | None, typer.Option(metavar="EDTF", help="Before that it is open.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="How; - or @FILE.")] = None,
    source: Source = None,
) -> None:
    """Say that a condition of a statement was met, or failed."""
    draft = {"type": "condition-resolved", "condition": condition, "outcome": outcome, "resolved_on": resolved_on}
    _amendment(asked, entry, {**draft, "reason": text_of(reason), "source": source})


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (correct, retract, dispute, corroborate, resolve, undo):
        app.command()(command)
