"""Event lists: one statement a row, with the columns that DNA's event lists have, and the ledger's own after them.

The columns are DNA's (`statement_id` is the entry, `organization` the party, `person` the speaker, `concept` the
proposition, `agreement` 1 or 0, empty where the stance is neither), so that what reads DNA's lists reads these; then
`party`, `issue`, `stance`, `said_on` and `origin`, which say the same without loss.  Positions are code points of the
normalised text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from projections.exports.statements import Statement

COLUMNS: Final = (
    "statement_id",
    "time",
    "person",
    "organization",
    "concept",
    "agreement",
    "start_position",
    "stop_position",
    "text",
    "coder",
    "document_id",
    "document_title",
    "document_author",
    "document_source",
    "document_section",
    "document_type",
    "party",
    "issue",
    "stance",
    "said_on",
    "origin",
)


def rows(
    statements: Iterable[Statement],
    names: tuple[Mapping[str, str], Mapping[str, str]],
    sources: Mapping[str, tuple[str, str | None]],
) -> Iterator[dict[str, str | int | None]]:
    """Yield a row for each statement, by `COLUMNS`.

    Args:
        statements: in the order of the list.
        names: what the ids of parties and of issues stand for.
        sources: the title and the publisher of each source.
    """
    for one in statements:
        quote, origin = one.fields.get("quote") or {}, one.fields.get("origin") or {}
        columns = origin.get("columns") or {}
        source = one.fields.get("source")
        title, publisher = sources.get(source or "", (None, None))
        cells: tuple[str | int | None, ...] = (
            one.entry,
            one.day.isoformat(),
            one.fields.get("speaker"),
            names[0].get(one.party, one.party),
            names[1].get(one.issue, one.issue),
            one.qualifier("agreement"),
            quote.get("start"),
            quote.get("end"),
            quote.get("exact") or one.fields.get("text"),
            origin.get("coder"),
            source,
            title,
            columns.get("document_author"),
            publisher,
            columns.get("document_section"),
            columns.get("document_type"),
            one.party,
            one.issue,
            one.stance,
            one.said_on,
            f"{origin['dataset']}#{origin['id']}" if origin else None,
        )
        yield dict(zip(COLUMNS, cells, strict=True))
