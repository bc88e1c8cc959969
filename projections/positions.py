"""The position of one party on one issue at one pair of moments, by index seeks: rule `latest/1`.

Of the statements that count at (T, K), the one with the greatest `(starts, latest, entry)` is the position.  `since` is
the date of the first entry of the unbroken run with its stance, `previous` the run before it; both are found from the
last entry of another stance, one seek per stance, never by walking the run.  What a seek steps over: versions of the
cell that K does not know, and imprecise ones that T does not yet make certain.

`matrix` (`projections.matrix`) reads whole cells in order instead; both give the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries import ActionTaken, StatementMade
from ledger.entries.scales import STANCES, VALUES
from ledger.times import BEGINNING
from projections.folding import read_event
from projections.schema import DAY, WIDTHS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from projections.clocks import Moment

LATEST: Final = "latest/1"
RULES: Final = (LATEST,)
SHOWN_POSSIBLE: Final = 20


class Standing(NamedTuple):
    """One state of an entry in a cell, as the position rule sees it."""

    starts: int
    latest: int
    entry: int
    earliest: int
    stance: str
    dated: str


class Outcome(NamedTuple):
    """What the rule finds in one cell of words, before any text is fetched."""

    winner: Standing | None
    since: str | None = None
    previous: tuple[str, str, int] | None = None
    """Stance, since and last entry of the run before."""
    rivals: Sequence[int] = ()
    possible: Sequence[Standing] = ()
    """The latest first, and not more than are shown."""
    possible_count: int = 0


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


_ALIVE: Final = "known_from <= :k AND known_to > :k"
_COLUMNS: Final = "starts, latest, entry, earliest, stance, dated"

_LAST: Final = f"""
SELECT {_COLUMNS} FROM versions
WHERE cell = :cell AND starts < :t AND latest <= :t AND {_ALIVE}
ORDER BY starts DESC, latest DESC, entry DESC LIMIT 1
"""

_LAST_OF_ANOTHER_STANCE: Final = (
    "SELECT starts, latest, entry, NULL, stance, NULL FROM ("
    + " UNION ALL ".join(
        f"""
SELECT * FROM (SELECT starts, latest, entry, stance FROM versions INDEXED BY versions_by_stance
WHERE cell = :cell AND stance = '{stance}' AND :stance <> '{stance}'
AND (starts, latest, entry) < (:starts, :latest, :entry) AND latest <= :t AND {_ALIVE}
ORDER BY starts DESC, latest DESC, entry DESC LIMIT 1)
"""
        for stance in STANCES
    )
    + ") ORDER BY starts DESC, latest DESC, entry DESC LIMIT 1"
)

_FIRST_OF_STANCE_AFTER: Final = f"""
SELECT dated FROM versions INDEXED BY versions_by_stance
WHERE cell = :cell AND stance = :stance
AND (starts, latest, entry) > (:starts, :latest, :entry) AND latest <= :t AND {_ALIVE}
ORDER BY starts, latest, entry LIMIT 1
"""

_OVERLAPPING: Final = f"""
SELECT {_COLUMNS} FROM versions
WHERE cell = :cell AND starts > :from - {DAY} AND starts < :to AND latest > :from AND width = 0 AND {_ALIVE}
""" + "".join(
    f"""
UNION ALL SELECT {_COLUMNS} FROM versions INDEXED BY versions_imprecise
WHERE cell = :cell AND width = {number} AND width > 0
AND earliest > {lower} AND earliest < :to AND latest > :from AND {_ALIVE}
"""
    for number, lower in [
        *((n, f":from - {width}") for n, width in enumerate(WIDTHS) if n),
        (len(WIDTHS), f"{BEGINNING} - 1"),
    ]
)

_DISPUTES: Final = f"SELECT amendment FROM effects WHERE target = :entry AND kind = 'entry-disputed' AND {_ALIVE}"


def seek(db: sqlite3.Connection, cell: int, until: int, known_at: int) -> Outcome:
    """Apply the rule to one cell of words, by index seeks."""
    at = {"cell": cell, "t": until, "k": known_at}
    possible = [] if until >= 1 << 62 else _possible(db, at)
    shown, count = possible[:SHOWN_POSSIBLE], len(possible)
    row = db.execute(_LAST, at).fetchone()
    if row is None:
        return Outcome(None, possible=shown, possible_count=count)
    winner = Standing._make(row)
    turn = _before(db, at, winner)
    since = _since(db, at, winner.stance, turn) or winner.dated
    previous = None
    if turn is not None:
        earlier = _before(db, at, turn)
        previous = turn.stance, _since(db, at, turn.stance, earlier) or "", turn.entry
    overlapping = db.execute(_OVERLAPPING, {**at, "from": winner.earliest, "to": winner.latest}).fetchall()
    rivals = [Standing._make(r) for r in overlapping if r[4] != winner.stance and r[1] <= until]
    return Outcome(winner, since, previous, contesting(db, winner, rivals, known_at), shown, count)


def _possible(db: sqlite3.Connection, at: dict[str, int]) -> list[Standing]:
    """Return what T falls within, the latest first."""
    rows = db.execute(_OVERLAPPING, {**at, "from": at["t"], "to": at["t"]})
    return sorted(map(Standing._make, rows), reverse=True)


def _before(db: sqlite3.Connection, at: dict[str, int], point: Standing) -> Standing | None:
    asked = {**at, "stance": point.stance, "starts": point.starts, "latest": point.latest, "entry": point.entry}
    row = db.execute(_LAST_OF_ANOTHER_STANCE, asked).fetchone()
    return None if row is None else Standing._make(row)


def _since(db: sqlite3.Connection, at: dict[str, int], stance: str, turn: Standing | None) -> str | None:
    after = (BEGINNING, BEGINNING, 0) if turn is None else turn[:3]
    asked = {**at, "stance": stance, "starts": after[0], "latest": after[1], "entry": after[2]}
    row = db.execute(_FIRST_OF_STANCE_AFTER, asked).fetchone()
    return None if row is None else row[0]


def contesting(db: sqlite3.Connection, winner: Standing, rivals: Iterable[Standing], known_at: int) -> tuple[int, ...]:
    """Return what contests a position: rival statements, then open disputes of the winner.

    A rival on the same quote of the same source is another coder's reading of the same words, and no rival.
    """
    found = sorted(rival.entry for rival in rivals)
    if found:
        words = read_event(db, winner.entry, known_at)
        found = [entry for entry in found if not same_quote(words, read_event(db, entry, known_at))]
    disputes = db.execute(_DISPUTES, {"entry": winner.entry, "k": known_at})
    return (*found, *sorted(number for (number,) in disputes))


def same_quote(one: object, other: object) -> bool:
    """Say whether two statements are readings of the same words of the same source."""
    if not isinstance(one, StatementMade) or not isinstance(other, StatementMade):
        return False
    if one.quote is None or other.quote is None or one.source is None or one.source != other.source:
        return False
    placed = one.quote.start is not None and other.quote.start is not None
    return one.quote.exact == other.quote.exact and not (placed and one.quote.start != other.quote.start)


def position(db: sqlite3.Connection, party: str, issue: str, at: Moment) -> Position | None:
    """Return the row of a party on an issue, None where nothing is known and nothing possible.

    Args:
        db: the views, caught up.
        party: a registered id.
        issue: a registered id.
        at: the two moments.
    """
    cells = dict(db.execute("SELECT deeds, id FROM cells WHERE party = ? AND issue = ?", (party, issue)))
    outcome = Outcome(None) if 0 not in cells else seek(db, cells[0], at.until, at.known_at)
    deed = None
    if 1 in cells:
        row = db.execute(_LAST, {"cell": cells[1], "t": at.until, "k": at.known_at}).fetchone()
        deed = None if row is None else Standing._make(row)
    return row_of(db, party, issue, outcome, deed, at.known_at)


def row_of(
    db: sqlite3.Connection, party: str, issue: str, outcome: Outcome, deed: Standing | None, known_at: int
) -> Position | None:
    """Return a row with the words of the entries that the rule found."""
    winner, previous = outcome.winner, outcome.previous
    if winner is None and deed is None and not outcome.possible_count:
        return None
    possible = tuple(Possible(p.entry, p.stance, p.dated) for p in outcome.possible)
    did = None if deed is None else _deed(db, deed, known_at)
    if winner is None:
        return Position(party, issue, deed=did, possible=possible, possible_count=outcome.possible_count)
    words = read_event(db, winner.entry, known_at)
    if not isinstance(words, StatementMade):
        raise TypeError(winner.entry)
    return Position(
        party=party,
        issue=issue,
        stance=winner.stance,
        value=VALUES.get(words.stance),
        since=outcome.since,
        entry=winner.entry,
        speaker=words.speaker,
        text=words.text,
        quote=None if words.quote is None else words.quote.model_dump(exclude_defaults=True),
        attribution=words.attribution,
        conditions=tuple(Condition(text, "open") for text in words.conditions),
        credibility=words.credibility,
        previous=None if previous is None else Previous(*previous),
        deed=did,
        contested=bool(outcome.rivals),
        contested_by=tuple(outcome.rivals),
        possible=possible,
        possible_count=outcome.possible_count,
    )


def _deed(db: sqlite3.Connection, deed: Standing, known_at: int) -> Deed:
    done = read_event(db, deed.entry, known_at)
    if not isinstance(done, ActionTaken):
        raise TypeError(deed.entry)
    return Deed(deed.entry, done.bearing, done.occurred_on, done.text)
