"""`export eventlist`, `twomode`, `onemode`: what network tools read, under the names that DNA gives the options."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from ledger.errors import Unparsable
from verbale.cli.output import cell, tell, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from verbale.ledger import Ledger

EXPORTS: Final = ("eventlist", "twomode", "onemode")
_FORMATS: Final = ("csv", "graphml")

Variable1 = Annotated[str, typer.Option(metavar="NAME", help="What is a node: party, speaker, issue, source or coder.")]
Variable2 = Annotated[str, typer.Option(metavar="NAME", help="What is a concept, of the same names.")]
Qualified = Annotated[str, typer.Option(metavar="NAME", help="agreement (for or against), stance (-2 to 2), or none.")]
Aggregated = Annotated[
    str,
    typer.Option("--qualifier-aggregation", metavar="HOW", help="ignore, combine, subtract, congruence or conflict."),
]
Normalized = Annotated[str, typer.Option(metavar="HOW", help="no, activity, prominence, average, jaccard or cosine.")]
Duplicated = Annotated[
    str,
    typer.Option(metavar="WITHIN", help="include, or once a document, day, week, month, year or acrossrange."),
]
Isolates = Annotated[bool, typer.Option("--isolates", help="Also who is in no tie.")]
Kinds = Annotated[list[str] | None, typer.Option(metavar="KIND", help="Only parties of this kind; repeat it for more.")]
FileFormat = Annotated[str, typer.Option(metavar="FORMAT", help="csv or graphml.")]
Since = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="Only what was said from then on; --as-of is the end.")
]
Ids = Annotated[bool, typer.Option("--ids", help="Ids instead of names.")]


class Asked(NamedTuple):
    """What a network is to be like."""

    variable1: str
    variable2: str
    qualifier: str
    aggregation: str
    normalization: str
    duplicates: str
    isolates: bool
    kinds: list[str]
    since: str | None


def export_network(
    ledger: Ledger,
    what: str,
    asked: Asked,
    moments: tuple[str | None, str | None],
    file_format: str,
    output: Path | None,
    *,
    ids: bool,
    quiet: bool,
) -> None:
    """Write an event list or a network."""
    if file_format not in _FORMATS:
        raise Unparsable(f"no file format '{file_format}'", hint=f"one of: {', '.join(_FORMATS)}")
    if what == "eventlist":
        _export_events(ledger, asked, moments, file_format, output, quiet=quiet)
        return
    from projections.exports.files import cells, graphml

    settings: Any = asked._asdict()  # the library says which of them there are not
    found = ledger.network(what, **settings, as_of=moments[0], as_known_at=moments[1])
    called = ({}, {}) if ids else found.called
    if file_format == "graphml":
        write(output, "".join(f"{line}\n" for line in graphml(found.network, called, found.variables)))
    else:
        write(output, _csv(cells(found.network, called)))
    network = found.network
    size = f"{len(network.rows)} × {len(network.columns)}, {network.edges:,} edges, sum {network.total:g}"
    used = f"of {found.used:,} of {found.statements:,} statements"
    when = f"as of {moments[0]}" if moments[0] else "as of no bound"
    when = f"from {asked.since}, {when}" if asked.since else when
    tell(f"{size}; {used}, {when}, as known at e{found.at.known_at}", quiet=quiet)


def _export_events(
    ledger: Ledger,
    asked: Asked,
    moments: tuple[str | None, str | None],
    file_format: str,
    output: Path | None,
    *,
    quiet: bool,
) -> None:
    from projections.exports.eventlist import COLUMNS

    if file_format != "csv":
        raise Unparsable("an event list is CSV", hint="graphml is for twomode and onemode")
    rows = [list(row.values()) for row in ledger.event_list(*moments, kinds=asked.kinds, since=asked.since)]
    write(output, _csv([list(COLUMNS), *rows]))
    tell(f"{len(rows):,} statements", quiet=quiet)


def _csv(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()
