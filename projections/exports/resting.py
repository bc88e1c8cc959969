"""What entries rest on, as files have it: their sources, quotes, corroborations and disputes at the last entry."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from projections.evidence import DISPUTE
from projections.exports.rows import statuses
from projections.schema import OPEN
from projections.stored import fields_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from projections.exports.rows import Row

_SOURCES_AT_HAND: Final = 20_000
_READ: Final = """
COALESCE((SELECT data FROM states s WHERE s.entry = e.entry ORDER BY s.known_from DESC LIMIT 1), e.data)
"""
_ENTRIES: Final = (
    f"SELECT e.entry, e.type, {_READ} FROM entries e WHERE e.target IS NULL AND e.type <> 'source-registered'"
)
_SAID_OF: Final = f"""
SELECT f.target, f.amendment, f.kind, e.data FROM effects f JOIN entries e ON e.entry = f.amendment
WHERE f.known_to = {OPEN} AND f.kind IN ('entry-corroborated', 'entry-disputed') ORDER BY f.target, f.amendment
"""
_SOURCE: Final = f"SELECT {_READ} FROM entries e WHERE e.entry = (SELECT entry FROM sources WHERE source = ?)"
_OF_SOURCE: Final = ("title", "publisher", "url", "published_at", "sha256", "reliability")
_OF_QUOTE: Final = ("exact", "start", "end", "lang", "translated_by")


def evidence(db: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of `evidence`.

    Raises:
        VerificationFailed: the views are damaged.
    """
    source_of = _sources(db)
    amended, said_of = statuses(db), groupby(db.execute(_SAID_OF), key=itemgetter(0))
    next_amended, status = next(amended, (0, ""))
    target, said = next(said_of, (0, iter(())))
    for entry, kind, data in db.execute(f"{_ENTRIES} ORDER BY e.entry"):
        while 0 < next_amended < entry:
            next_amended, status = next(amended, (0, ""))
        while 0 < target < entry:
            target, said = next(said_of, (0, iter(())))
        about = list(said) if target == entry else []
        if not about and '"source":' not in data and '"quote":' not in data:
            continue
        get = fields_of(data).get
        source, quote = get("source"), get("quote")
        if not about and source is None and quote is None:
            continue
        registered = source_of(source)
        attribution = get("attribution", "paraphrase" if kind == "statement-made" else None)
        yield (
            *(entry, status if entry == next_amended else "counts", attribution, get("credibility"), source),
            *(registered.get(name) for name in _OF_SOURCE),
            *((quote or {}).get(name) for name in _OF_QUOTE),
            [_corroboration(one, source_of) for one in about if one[2] != DISPUTE],
            [_dispute(one) for one in about if one[2] == DISPUTE],
        )


def _sources(db: sqlite3.Connection) -> Callable[[str | None], dict[str, Any]]:
    """Return what finds the fields of a source, as they read at the last entry."""

    @lru_cache(maxsize=_SOURCES_AT_HAND)
    def source_of(source: str | None) -> dict[str, Any]:
        found = db.execute(_SOURCE, (source,)).fetchone() if source is not None else None
        return {} if found is None else fields_of(found[0])

    return source_of


def _corroboration(row: Row, source_of: Callable[[str | None], dict[str, Any]]) -> dict[str, Any]:
    fields = fields_of(row[3])
    source, quote = fields.get("source"), fields.get("quote") or {}
    registered = source_of(source)
    return {
        "entry": row[1],
        "source": source,
        "publisher": registered.get("publisher"),
        "url": registered.get("url"),
        "observer": fields.get("observer"),
        "quote": quote.get("exact"),
    }


def _dispute(row: Row) -> dict[str, Any]:
    fields = fields_of(row[3])
    return {"entry": row[1], "source": fields.get("source"), "reason": fields["reason"]}
