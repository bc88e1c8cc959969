"""`erase`: what is sealed is destroyed, and the journal says so."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.errors import LedgerError
from verbale.cli.amend import Number, Reason
from verbale.cli.options import Recording, recording
from verbale.cli.output import dumped, envelope, tell, write
from verbale.cli.telling import recorded_json, text_of
from verbale.spelling import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbale.erasing import Erased


class Field(StrEnum):
    """What can be sealed."""

    SPEAKER = "speaker"
    TEXT = "text"
    QUOTE = "quote"


@recording
def erase(
    asked: Recording,
    entry: Number,
    reason: Reason,
    authority: Annotated[str, typer.Option(metavar="TEXT", help="By whose decision, or under what law.")],
    field: Annotated[
        list[Field] | None,
        typer.Option("--field", metavar="speaker|text|quote", help="Else all that are sealed. May be repeated."),
    ] = None,
    keep_source: Annotated[
        bool | None,
        typer.Option(
            "--keep-source/--remove-source",
            help="Keep, or remove, the bytes of its sources; else those that hold the words are removed.",
        ),
    ] = None,
) -> None:
    """Destroy what is sealed in an entry, for good.

    Values, salts and source bytes that hold the words go; the journal's lines, and proofs of them, stay. It never asks.
    """
    from verbale.erasing import NotPurged

    number, why = number_of(entry), text_of(reason) or ""
    unfinished: LedgerError | None = None
    with asked.open() as ledger:
        try:
            done = ledger.erase(
                number, why, authority, fields=[one.value for one in field or ()], keep_source=keep_source
            )
        except NotPurged as error:
            done, unfinished = error.done, error
    clock_behind = done.recorded.clock_behind
    if clock_behind is not None:
        tell(f"Warning: this clock is {clock_behind} s behind the ledger; the entry is marked.")
    if asked.json:
        write(asked.output, dumped(_json(done, purged=unfinished is None)) + "\n")
    elif not asked.quiet:
        write(asked.output, _told(done))
    if unfinished is not None:
        raise unfinished


def _json(done: Erased, *, purged: bool) -> dict[str, Any]:
    fields = {name: value for name, value in recorded_json(done.recorded).items() if name not in {"schema", "kind"}}
    return envelope(
        "erased",
        **fields,
        erased=done.target,
        destroyed=list(done.destroyed),
        sources_removed=list(done.removed),
        sources_kept=[{"source": source, "because": why} for source, why in done.kept.items()],
        unchecked=list(done.unchecked),
        purged=purged,
    )


def _told(done: Erased) -> str:
    from verbale.terminal.style import safe

    said = done.recorded
    if said.already:
        return f"Nothing new: e{done.target} is already erased by e{said.entry}\n"
    lines = [f"Recorded e{said.entry}: erases e{done.target}, {said.party} on {said.issue}"]
    some = ", ".join(done.destroyed)
    lines.append(f"Destroyed, with their salts: {some}" if some else "No value of it was at hand here")
    lines += [f"Removed the bytes of source {source}: its hashes stay" for source in done.removed]
    lines += [f"Kept the bytes of source {source}: {why}" for source, why in done.kept.items()]
    if done.unchecked:
        lines.append(f"Quotes that can no longer be checked: {_listed(done.unchecked)}")
    lines.append("There is no way back")
    return safe("\n".join(lines)) + "\n"


def _listed(entries: Sequence[int]) -> str:
    return ", ".join(f"e{entry}" for entry in entries)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(erase)
