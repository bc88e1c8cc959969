"""What is shown of the entries that the rule found: their words as they read at K, and who disputes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.times import span
from projections.stored import fields_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from projections.clocks import Moment
    from projections.seeks import Outcome

_SAID: Final = """
SELECT e.entry, COALESCE(
    (SELECT data FROM states WHERE entry = e.entry AND known_from <= ?1 ORDER BY known_from DESC LIMIT 1), e.data
), (
    SELECT GROUP_CONCAT(amendment) FROM effects
    WHERE target = e.entry AND kind = 'entry-disputed' AND known_from <= ?1 AND known_to > ?1
) FROM entries e WHERE e.entry IN
"""
_OF_ONE: Final = _SAID.replace("IN", "= ?2")
_OF_MANY: Final = f"{_SAID} (SELECT value FROM json_each(?2))"
_RESOLUTIONS: Final = """
SELECT f.target, e.data FROM effects f JOIN entries e ON e.entry = f.amendment
WHERE f.target IN (SELECT value FROM json_each(?2)) AND f.kind = 'condition-resolved'
AND f.known_from <= ?1 AND f.known_to > ?1 ORDER BY f.amendment
"""


class Said(NamedTuple):
    """What a statement or an action says."""

    text: str | None
    speaker: str | None
    quote: dict[str, Any] | None
    attribution: str
    conditions: Sequence[tuple[str, str]]
    """Each with what became of it: `open`, `met` or `failed`."""
    credibility: str | None
    source: str | None
    disputed_by: tuple[int, ...]
    """The open disputes."""


def said(db: sqlite3.Connection, entries: Sequence[int], at: Moment) -> dict[int, Said]:
    """Return what entries say as they read at K, and what had become of their conditions by T.

    The views hold what was validated when it was recorded, so nothing is validated again.
    """
    known_at = at.known_at
    if len(entries) == 1:
        rows: Iterable[tuple[int, str, str | None]] = db.execute(_OF_ONE, (known_at, entries[0]))
    else:
        rows = db.execute(_OF_MANY, (known_at, f"[{','.join(map(str, entries))}]"))
    found = {entry: _said(data, disputes) for entry, data, disputes in rows}
    conditional = [entry for entry, spoken in found.items() if spoken.conditions]
    return _resolved(db, conditional, found, at) if conditional else found


def _resolved(db: sqlite3.Connection, entries: list[int], found: dict[int, Said], at: Moment) -> dict[int, Said]:
    """Return what entries say with what had become of their conditions: the last that was recorded counts."""
    rows = db.execute(_RESOLUTIONS, (at.known_at, f"[{','.join(map(str, entries))}]"))
    became: dict[tuple[int, str], str] = {}
    for entry, data in rows:
        fields = fields_of(data)
        resolved_on = fields.get("resolved_on")
        if resolved_on is None or span(resolved_on).latest <= at.until:
            became[entry, fields["condition"]] = fields["outcome"]
    for entry in entries:
        conditions = tuple((text, became.get((entry, text), outcome)) for text, outcome in found[entry].conditions)
        found[entry] = found[entry]._replace(conditions=conditions)
    return found


def contested_by(db: sqlite3.Connection, outcome: Outcome, words: Mapping[int, Said], at: Moment) -> tuple[int, ...]:
    """Return what contests a position: the rival statements, then the open disputes of the winner.

    A rival on the same quote of the same source is another coder's reading of the same words, and no rival.
    """
    if outcome.winner is None:
        return ()
    spoken, rivals = words[outcome.winner.entry], outcome.rivals
    if rivals and spoken.quote is not None and spoken.source is not None:
        others = said(db, rivals, at)
        rivals = [entry for entry in rivals if not same_quote(spoken, others[entry])]
    return (*rivals, *spoken.disputed_by)


def same_quote(one: Said, other: Said) -> bool:
    """Say whether two statements are readings of the same words of the same source."""
    if one.quote is None or other.quote is None or one.source is None or one.source != other.source:
        return False
    starts = one.quote.get("start"), other.quote.get("start")
    return one.quote["exact"] == other.quote["exact"] and (None in starts or starts[0] == starts[1])


def _said(data: str, disputes: str | None) -> Said:
    get = fields_of(data).get
    by = () if disputes is None else tuple(sorted(map(int, disputes.split(","))))
    return Said(
        get("text"),
        get("speaker"),
        get("quote"),
        get("attribution", "paraphrase"),
        tuple((text, "open") for text in get("conditions", ())),
        get("credibility"),
        get("source"),
        by,
    )
