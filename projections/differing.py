"""What changed between two pairs of moments: `diff`.

Under `latest/1` only positions that may have turned are asked for: those of cells in which something counts at one pair
of moments and not at the other, those of their members, and those of parties that joined or left between.  The other
rules compare two whole matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.amending import RETRACTION
from projections.asking import found_for
from projections.belonging import members
from projections.evidence import CORRECTION, amendments_of
from projections.history import standings
from projections.matrix import matrix
from projections.ruling import LATEST, Rule

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from projections.clocks import Moment

_MOVED: Final = """
SELECT c.party, c.issue FROM cells c WHERE c.deeds = 0 AND EXISTS (
    SELECT 1 FROM versions v WHERE v.cell = c.id
    AND (v.latest <= :t AND v.known_from <= :k AND v.known_to > :k)
    <> (v.latest <= :then_t AND v.known_from <= :then_k AND v.known_to > :then_k)
)
"""
_SPOKEN_ON: Final = "SELECT issue FROM cells WHERE party = ? AND deeds = 0"


class Turn(NamedTuple):
    """A position whose stance differs between two pairs of moments."""

    party: str
    issue: str
    before: str | None
    after: str | None
    voices: tuple[str, str]
    """Whose words it is made of, before and after: the party's own, or those of its coalition."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A position that differs between two pairs of moments."""

    party: str
    issue: str
    before: str | None
    after: str | None
    entries: tuple[int, ...]
    """What made the difference: the statements that began each new run, or else the amendments."""


def diff(db: sqlite3.Connection, before: Moment, after: Moment, rule: Rule = LATEST) -> Iterator[Changed]:
    """Yield the positions whose stance differs between two pairs of moments, ordered by (party, issue)."""
    for turn in turns(db, before, after, rule):
        yield changed(db, turn, before, after, rule)


def turns(db: sqlite3.Connection, before: Moment, after: Moment, rule: Rule = LATEST) -> list[Turn]:
    """Return the same, without looking for what made the difference."""
    if rule is LATEST:
        pairs = sorted(_maybe(db, before, after))
        old, new = (_stances(db, pairs, at) for at in (before, after))
    else:
        old, new = (
            {(row.party, row.issue): (row.stance, row.inherited_from) for row in matrix(db, at, rule=rule)}
            for at in (before, after)
        )
    found = []
    for party, issue in sorted(old.keys() | new.keys()):
        (was, lent), (now, lends) = (side.get((party, issue), (None, None)) for side in (old, new))
        if was != now:
            found.append(Turn(party, issue, was, now, (lent or party, lends or party)))
    return found


def _maybe(db: sqlite3.Connection, before: Moment, after: Moment) -> set[tuple[str, str]]:
    """Return the parties and issues of which a stance may differ: no other does."""
    asked = {"t": after.until, "k": after.known_at, "then_t": before.until, "then_k": before.known_at}
    found: set[tuple[str, str]] = set(db.execute(_MOVED, asked))
    belonged, belong = members(db, before), members(db, after)
    spoke: dict[str, set[str]] = {}
    for coalition, issue in found:
        spoke.setdefault(coalition, set()).add(issue)
    for member in belonged.keys() | belong.keys():
        then, now = belonged.get(member, set()), belong.get(member, set())
        for coalition in then | now:
            if (coalition in then) == (coalition in now):
                issues: Iterable[str] = spoke.get(coalition, ())
            else:
                issues = [issue for (issue,) in db.execute(_SPOKEN_ON, (coalition,))]
            found |= {(member, issue) for issue in issues}
    return found


def _stances(
    db: sqlite3.Connection, pairs: Iterable[tuple[str, str]], at: Moment
) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Return the stances of parties on issues, and from whom they are inherited."""
    belong = {member: sorted(coalitions) for member, coalitions in members(db, at).items()}
    found: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    for party, issue in pairs:
        outcome, _, lends = found_for(db, party, issue, at, belong.get(party, ()))
        if outcome.winner is not None:
            found[party, issue] = outcome.winner.stance, lends
    return found


def changed(db: sqlite3.Connection, turn: Turn, before: Moment, after: Moment, rule: Rule = LATEST) -> Changed:
    """Return a position that differs with what made the difference."""
    made = _made_by(db, turn.voices, turn.issue, (before, after), rule)
    return Changed(turn.party, turn.issue, turn.before, turn.after, made)


def _made_by(
    db: sqlite3.Connection, voices: tuple[str, str], issue: str, moments: tuple[Moment, Moment], rule: Rule
) -> tuple[int, ...]:
    before, after = moments
    counted = {one.entry: one.stance for one, _ in standings(db, voices[0], issue, before, rule)}
    counting = standings(db, voices[1], issue, after, rule)
    made, stance = [], None
    for one, _ in counting:
        if one.stance != stance and counted.get(one.entry) != one.stance:
            made.append(one.entry)
        stance = one.stance
    if made:
        return tuple(made)
    gone = counted.keys() - {one.entry for one, _ in counting}
    amended = {
        amendment.entry
        for entry in gone
        for amendment in amendments_of(db, entry, max(before.known_at, after.known_at))
        if amendment.type in (RETRACTION, CORRECTION) and amendment.entry > min(before.known_at, after.known_at)
    }
    return tuple(sorted(amended or gone))
