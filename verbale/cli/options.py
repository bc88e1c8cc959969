"""The options that many commands share, declared once and understood after the command.

`@asking` and `@recording` give a command's function one first parameter, which holds what the shared options said, and
give Typer the options themselves.  `--ledger` falls back to `VERBALE_LEDGER`, then to the project's
configuration, then to the nearest `.verbale/` upwards, then to the user's configuration.  What else was not said may be
settled there too (`verbale.settings`).
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from verbale.places import Location, nearest_place, place_of
from verbale.settings import setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbale.ledger import Ledger

LedgerPath = Annotated[
    str | None,
    typer.Option(
        "--ledger", metavar="PATH|URL", envvar="VERBALE_LEDGER", help="The ledger, else the nearest .verbale/ upwards."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="T", help="The world's clock: what was certain by T (2025-03-12, 2025-Q1)."),
]
AsKnownAt = Annotated[
    str | None,
    typer.Option("--as-known-at", metavar="K", help="The ledger: what was recorded by K (a time, or e41)."),
]
Rule = Annotated[
    str,
    typer.Option("--rule", metavar="RULE", show_default=False, help="The position rule (see: verbale help rules)."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a row.")]
Csv = Annotated[bool, typer.Option("--csv", help="Comma-separated values with a header.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there instead of to stdout.")
]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many rows.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but data and errors.")]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", envvar="VERBALE_BY", help="Who records: a claim kept with it."),
]


@dataclass
class Asking:
    """What the shared options of a question said."""

    ledger: LedgerPath = None
    as_of: AsOf = None
    as_known_at: AsKnownAt = None
    rule: Rule = "latest/1"
    json: Json = False
    jsonl: Jsonl = False
    csv: Csv = False
    output: Output = None
    limit: Limit = None
    quiet: Quiet = False

    def open(self) -> Ledger:
        """Open the ledger that the options mean."""
        from projections.ruling import rule_named
        from verbale.ledger import Ledger

        rule_named(self.rule)
        return Ledger(self.place())

    def place(self) -> Location:
        """Return where the ledger lies that the options mean."""
        return place(self.ledger)


@dataclass
class Recording:
    """What the shared options of a command that records said."""

    ledger: LedgerPath = None
    by: By = None
    json: Json = False
    output: Output = None
    quiet: Quiet = False

    def open(self) -> Ledger:
        """Open the ledger that the options mean, in the name of who records, if the answer has somewhere to go."""
        from verbale.cli.output import must_be_writable
        from verbale.ledger import Ledger

        must_be_writable(self.output)
        return Ledger(place(self.ledger), recorded_by=self.by or None)


def place(said: str | None) -> Location:
    """Return where the ledger lies that `--ledger` means, or the settings where it was left out."""
    found = said or setting("ledger").value
    return place_of(str(found)) if found else nearest_place(Path.cwd())


def _rule() -> str:
    return str(setting("rule").value)


def _settled(given: dict[str, Any]) -> dict[str, Any]:
    """Return the shared options, with what was not said as it is settled; only people are shown a part of the rows."""
    if "by" in given and given["by"] is None:
        given["by"] = setting("by").value
    if "limit" in given and given["limit"] is None and not (given["json"] or given["jsonl"] or given["csv"]):
        given["limit"] = setting("limit").value
    return given


Command = TypeVar("Command", bound="Callable[..., None]")


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options of a question, as its first parameter of type `Asking`."""
    return _with_shared(command, Asking)


def recording(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options of recording, as its first parameter of type `Recording`."""
    return _with_shared(command, Recording)


def _with_shared(command: Callable[..., None], shared: type[Any]) -> Callable[..., None]:
    names = {field.name: _rule if field.name == "rule" else field.default for field in fields(shared)}
    hints = get_type_hints(shared, include_extras=True)
    own_hints = get_type_hints(command, include_extras=True)
    first, *own = inspect.signature(command).parameters.values()
    if own_hints.get(first.name) is not shared:  # pragma: no cover  a slip of ours, seen at once
        raise TypeError(command)

    @wraps(command)
    def wrapped(**given: Any) -> None:  # noqa: ANN401  Typer calls with what it parsed
        values = {name: given.pop(name) for name in names}
        command(shared(**_settled(values)), **given)

    kind = inspect.Parameter.KEYWORD_ONLY
    options = [inspect.Parameter(n, kind, default=d, annotation=hints[n]) for n, d in names.items()]
    parameters = [*(p.replace(kind=kind, annotation=own_hints[p.name]) for p in own), *options]
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in parameters}
    return wrapped
