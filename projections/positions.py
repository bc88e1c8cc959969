"""The position of one party on one issue at one pair of moments: rule `latest/1`.

Of the statements that count at (T, K), the one with the greatest `(starts, latest, entry)` is the position.  `since` is
the date of the first entry of the unbroken run with its stance, `previous` the run before it.  The answer is looked for
near T (`projections.walk`), and where it does not lie there, by index seeks (`projections.seeks`).

`matrix` (`projections.matrix`) reads whole cells in order instead; all give the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.entries.scales import VALUES
from projections.seeks import LAST, Outcome, Standing, seek
from projections.walk import walk
from projections.words import Said, contested_by, said

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from projections.clocks import Moment

LATEST: Final = "latest/1"
RULES: Final = (LATEST,)


@dataclass(frozen=True, slots=True)
class Previous:
    """The run before the present one."""

    stance: str
    since: str
    entry: int


@dataclass(frozen=True, slots=True)
class Deed:
    """The latest counting action: never merged with the words."""

    entry: int
    bearing: str | None
    occurred_on: str
    text: str


@dataclass(frozen=True, slots=True)
class Possible:
    """A statement that may have been made by T, but is not certain to have been."""

    entry: int
    stance: str
    said_on: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Something on which a position depends."""

    condition: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Position:
    """One row: what a party's position on an issue is at one pair of moments.

    The fields are those of the JSON contract, in its order.  A party of which nothing is certain, or with deeds only,
    has `stance` None.
    """

    party: str
    issue: str
    stance: str | None = None
    value: int | None = None
    since: str | None = None
    entry: int | None = None
    speaker: str | None = None
    text: str | None = None
    quote: dict[str, Any] | None = None
    attribution: str | None = None
    conditions: tuple[Condition, ...] = ()
    credibility: str | None = None
    previous: Previous | None = None
    deed: Deed | None = None
    contested: bool = False
    contested_by: tuple[int, ...] = ()
    possible: tuple[Possible, ...] = ()
    possible_count: int = 0
    inherited_from: str | None = None


def position(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> Position | None:
    """Return the row of a party on an issue, None where nothing is known and nothing possible.

    Args:
        db: the views, caught up.
        party: a registered id.
        issue: a registered id.
        at: the two moments.
    """
    outcome, deed = walk(db, party, issue, at) or _sought(db, party, issue, at)
    shown = [one.entry for one in (outcome.winner, deed) if one is not None]
    words = said(db, shown, at.known_at) if shown else {}
    return row_of((party, issue), outcome, deed, words, contested_by(db, outcome, words, at.known_at))


def _sought(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> tuple[Outcome, Standing | None]:
    cells = dict(db.execute("SELECT deeds, id FROM cells WHERE party = ? AND issue = ?", (party, issue)))
    deed = db.execute(LAST, {"cell": cells.get(1), "t": at.until, "k": at.known_at}).fetchone()
    return seek(db, cells.get(0), at.until, at.known_at), None if deed is None else Standing._make(deed)


def row_of(
    cell: tuple[str, str],
    outcome: Outcome,
    deed: Standing | None,
    words: Mapping[int, Said],
    contested: tuple[int, ...],
) -> Position | None:
    """Return a row with the words of the entries that the rule found."""
    (party, issue), winner, previous = cell, outcome.winner, outcome.previous
    if winner is None and deed is None and not outcome.possible_count:
        return None
    possible = tuple(Possible(p.entry, p.stance, p.dated) for p in outcome.possible)
    did = None if deed is None else Deed(deed.entry, deed.stance or None, deed.dated, words[deed.entry].text or "")
    if winner is None:
        return Position(party, issue, deed=did, possible=possible, possible_count=outcome.possible_count)
    spoken = words[winner.entry]
    return Position(
        party=party,
        issue=issue,
        stance=winner.stance,
        value=VALUES.get(winner.stance),  # type: ignore[call-overload]  # a stance, as it was validated
        since=outcome.since,
        entry=winner.entry,
        speaker=spoken.speaker,
        text=spoken.text,
        quote=spoken.quote,
        attribution=spoken.attribution,
        conditions=tuple(Condition(text, "open") for text in spoken.conditions),
        credibility=spoken.credibility,
        previous=None if previous is None else Previous(*previous),
        deed=did,
        contested=bool(contested),
        contested_by=contested,
        possible=possible,
        possible_count=outcome.possible_count,
    )
