"""The statements that count at a pair of moments, as networks and event lists are made of them.

What counts is what `positions` count: not retracted, as corrected, certain by T, each for the parties that it moves,
which are the survivors of what was merged.  Deeds are not among them, nor what a member has from its coalition: that is
a position, and nobody's statement.

*Duplicates* are statements that say the same again: of the same two variables, and of the same qualifier unless that
is ignored.  `document`, `day`, `week` (Monday to Sunday), `month`, `year` and `acrossrange` keep the first of each in
each.  DNA compares months and weeks without their years, so that its May of one year goes with the May of another; here
a month is a month of its year.  Without a document a statement is nobody's duplicate within one.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from ledger.entries.scales import VALUES
from ledger.errors import Unparsable
from ledger.times import BEGINNING, span
from projections.exports.networks import BOOLEAN, Use
from projections.stored import fields_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from projections.clocks import Moment

Variable = Literal["party", "speaker", "issue", "source", "coder"]
Duplicates = Literal["include", "document", "day", "week", "month", "year", "acrossrange"]
Qualifier = Literal["agreement", "stance", "none"]
VARIABLES: Final[tuple[Variable, ...]] = get_args(Variable)
DUPLICATES: Final[tuple[Duplicates, ...]] = get_args(Duplicates)
QUALIFIERS: Final[tuple[Qualifier, ...]] = get_args(Qualifier)
_VALUES: Final[dict[str, int]] = {str(stance): value for stance, value in VALUES.items()}
_SCALE: Final = tuple(sorted(VALUES.values()))
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTING: Final = """
SELECT v.entry, c.party, c.issue, v.stance, v.dated, v.starts,
    COALESCE((SELECT s.data FROM states s WHERE s.entry = v.entry AND s.known_from <= :k
              ORDER BY s.known_from DESC LIMIT 1), e.data)
FROM versions v JOIN cells c ON c.id = v.cell JOIN entries e ON e.entry = v.entry
WHERE NOT c.deeds AND v.latest <= :t AND v.known_from <= :k AND v.known_to > :k
ORDER BY v.starts, v.latest, v.entry, c.party
"""


class Statement(NamedTuple):
    """A statement that counts, for one of the parties that it moves."""

    entry: int
    party: str
    issue: str
    stance: str
    said_on: str
    day: date
    """Its first day, by which it falls into a week, a month, a year."""
    fields: dict[str, Any]
    """The draft's fields, as they read at K."""

    def value(self, variable: Variable) -> str | None:
        """Return what a variable of it is; None where it has none."""
        if variable == "party":
            return self.party
        if variable == "issue":
            return self.issue
        found = (self.fields.get("origin") or {}).get("coder") if variable == "coder" else self.fields.get(variable)
        return None if found is None else str(found)

    def qualifier(self, kind: Qualifier) -> int | None:
        """Return what it says of the issue as a number; None where it says nothing that has one."""
        value = _VALUES.get(self.stance)  # a stance off the scale has none
        if kind == "none" or value is None:
            return None
        if kind == "stance":
            return value
        return None if value == 0 else int(value > 0)


def levels(kind: Qualifier) -> Sequence[int]:
    """Return what a qualifier can be, ascending."""
    return _SCALE if kind == "stance" else BOOLEAN


def counting(db: sqlite3.Connection, at: Moment, since: str | None = None) -> Iterator[Statement]:
    """Yield the statements that count at a pair of moments, in the order of what they say of time.

    Args:
        db: the views, caught up.
        at: the two moments.
        since: an EDTF date: only what was certainly not said before it begins.

    Raises:
        Unparsable: `since` is no date, has no beginning, or begins after the world's clock.
    """
    begin = BEGINNING if since is None else _begin(since, at)
    for entry, party, issue, stance, dated, starts, data in db.execute(_COUNTING, {"t": at.until, "k": at.known_at}):
        if since is None or span(dated).earliest >= begin:
            yield Statement(entry, party, issue, stance, dated, _day(dated, starts), fields_of(data))


def _begin(since: str, at: Moment) -> int:
    begin = span(since).earliest
    if begin == BEGINNING:
        raise Unparsable(
            f"'{since}' has no beginning", hint="a first day, as 2025-03-01; without one nothing is too early"
        )
    if begin >= at.until:
        raise Unparsable(f"{since} begins after {at.as_of}", hint="a window ends at the world's clock, --as-of")
    return begin


def _day(dated: str, starts: int) -> date:
    """Return the first day of a date: the speaker's own, where it is written."""
    written = _DAY.match(dated)
    if written is not None:
        return date.fromisoformat(written[0])
    return date.min if starts <= BEGINNING else (_EPOCH + timedelta(microseconds=starts)).date()


def uses(
    statements: Iterable[Statement],
    variables: tuple[Variable, Variable],
    qualifier: Qualifier,
    duplicates: Duplicates,
    *,
    ignored: bool,
) -> Iterator[Use]:
    """Yield a use for each statement that has both variables and is no duplicate.

    Args:
        statements: in the order of time.
        variables: what is a node, and what a concept.
        qualifier: what tells uses apart.
        duplicates: of `DUPLICATES`.
        ignored: whether the qualifier is ignored, so that statements are duplicates whatever theirs is.
    """
    seen: set[tuple[object, ...]] = set()
    for one in statements:
        node, concept = (one.value(variable) for variable in variables)
        if node is None or concept is None:
            continue
        found = Use(node, concept, one.qualifier(qualifier))
        if duplicates != "include":
            key = (node, concept, None if ignored else found.qualifier, _period(one, duplicates))
            if key in seen:
                continue
            seen.add(key)
        yield found


def _period(one: Statement, duplicates: Duplicates) -> object:
    match duplicates:
        case "document":
            source = one.fields.get("source")
            return one.entry if source is None else source
        case "day":
            return one.day
        case "week":
            return one.day.isocalendar()[:2]
        case "month":
            return one.day.year, one.day.month
        case "year":
            return one.day.year
        case _:
            return None


def must_be(what: str, said: str, known: Sequence[str]) -> None:
    """Return if a setting is one of those that there are.

    Raises:
        Unparsable: it is not.
    """
    if said not in known:
        raise Unparsable(f"no {what} '{said}'", hint=f"one of: {', '.join(known)}")
