"""The position rules: which statements count for a position, and which of those is the last.

Each is named and versioned, chosen by whoever asks, and printed with the answer.

| rule | counts | the last is |
|---|---|---|
| `latest/1` | every statement | the greatest `(starts, latest, entry)` |
| `verified/1` | credibility 1 or 2, words and deeds | likewise |
| `own-words/1` | words that are quoted or paraphrased | likewise |
| `senior/1` | every statement | the greatest `(rank, starts, latest, entry)`, rank 1 above rank 2 above none |

A speaker's rank is the highest that anybody of that name may have held in the party at the time of the statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries import ActionTaken, SpeakerAppointed
from ledger.errors import Unparsable
from ledger.names import name_key
from ledger.times import BEGINNING, END, span
from projections.belonging import merges_at
from projections.schema import OWN_WORDS, VERIFIED
from projections.stored import fields_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from ledger.entries import Entry
    from ledger.merging import Merges


class Rule(NamedTuple):
    """A named way to choose a position."""

    name: str
    words: int = 0
    """The flags that a statement must have to count (`projections.schema`)."""
    deeds: int = 0
    """The same for an action."""
    by_rank: bool = False


LATEST: Final = Rule("latest/1")
RULES: Final = {
    rule.name: rule
    for rule in (
        LATEST,
        Rule("verified/1", words=VERIFIED, deeds=VERIFIED),
        Rule("own-words/1", words=OWN_WORDS),
        Rule("senior/1", by_rank=True),
    )
}


def rule_named(name: str) -> Rule:
    """Return the rule of a name.

    Raises:
        Unparsable: there is none.
    """
    rule = RULES.get(name)
    if rule is None:
        raise Unparsable(f"no rule '{name}'", hint=f"one of: {', '.join(RULES)}")
    return rule


def counts_under(rule: Rule, event: Entry) -> bool:
    """Say whether a rule counts an entry at all, if it is words or deeds."""
    deed = isinstance(event, ActionTaken)
    asked = rule.deeds if deed else rule.words
    flags = flags_of(getattr(event, "credibility", None), getattr(event, "attribution", None), deed=deed)
    return flags & asked == asked


def flags_of(credibility: str | None, attribution: str | None, *, deed: bool) -> int:
    """Return what rules that look at the evidence's quality ask of a version."""
    flags = VERIFIED if credibility is not None and credibility[1] in "12" else 0
    return flags if deed or attribution in {"reported", "inferred"} else flags | OWN_WORDS


class Office(NamedTuple):
    """A rank in a party, and the bounds of the time in which it may have been held."""

    rank: int
    earliest: int
    latest: int


class Ranks:
    """The ranks of registered speakers as known at K.

    Args:
        db: the views, caught up.
        known_at: K.
    """

    def __init__(self, db: sqlite3.Connection, known_at: int) -> None:
        from projections.evidence import readings  # noqa: PLC0415  which imports what positions are made of

        self._db, self._known_at = db, known_at
        self._merges: Merges = merges_at(db, known_at)
        self._offices: dict[tuple[str, str], list[Office]] = {}
        self._spoken: dict[int, tuple[str | None, str]] = {}
        for one in readings(db, known_at, "e.listed = 'speaker-appointed'"):
            event = one.event
            if one.status == "retracted" or not isinstance(event, SpeakerAppointed):
                continue
            if event.party is not None and event.rank is not None:
                earliest = BEGINNING if event.from_ is None else span(event.from_).earliest
                latest = END if event.to is None else span(event.to).latest
                key = name_key(event.name), self._merges.survivor(event.party)
                self._offices.setdefault(key, []).append(Office(event.rank, earliest, latest))

    def rank(self, speaker: str | None, party: str, earliest: int, latest: int) -> int | None:
        """Return the highest rank that a speaker may have held at some instant of a span; 1 is the highest."""
        offices = self._offices.get((name_key(speaker), self._merges.survivor(party)), ()) if speaker else ()
        return min((one.rank for one in offices if one.earliest < latest and earliest < one.latest), default=None)

    def sorted(self, rows: list[Any]) -> list[Any]:
        """Return the statements of a cell, given in their order, in the order of rank.

        Args:
            rows: each begins with `starts, latest, entry, earliest`.
        """
        self._spoken = self._said(row[2] for row in rows)
        return sorted(rows, key=self.order)

    def order(self, row: Any) -> int:  # noqa: ANN401  a row as SQLite gives it
        """Return what comes first in the order of a cell that was just sorted: no rank, then the lowest, then up."""
        rank = self.rank(*self._spoken[row[2]], row[3], row[1])
        return -END if rank is None else -rank

    def _said(self, entries: Iterable[int]) -> dict[int, tuple[str | None, str]]:
        rows = self._db.execute(
            "SELECT e.entry, COALESCE((SELECT data FROM states WHERE entry = e.entry AND known_from <= ?1"
            " ORDER BY known_from DESC LIMIT 1), e.data)"
            " FROM entries e WHERE e.entry IN (SELECT value FROM json_each(?2))",
            (self._known_at, f"[{','.join(map(str, entries))}]"),
        )
        read = ((entry, fields_of(data)) for entry, data in rows)
        return {entry: (fields.get("speaker"), fields["party"]) for entry, fields in read}
