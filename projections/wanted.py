"""Which entries somebody wants to see: about whom, on what, of which type and status, recorded by whom."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.entries import ENTRY_TYPES
from ledger.errors import Unparsable
from ledger.times import END
from projections.evidence import reading

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from projections.clocks import Moment
    from projections.evidence import Reading

TYPES: Final = tuple(kind.type_name() for kind in ENTRY_TYPES)
STATUSES: Final = ("counts", "corrected", "disputed", "retracted")

_NAMES: Final = """(
    instr({e}.data, :{name}) OR EXISTS (SELECT 1 FROM states s WHERE s.entry = {e}.entry AND instr(s.data, :{name}))
)"""
_ABOUT: Final = f"""CASE WHEN e.target IS NULL THEN {_NAMES.format(e="e", name="{name}")} ELSE EXISTS (
    SELECT 1 FROM entries b
    WHERE b.entry = e.target AND (b.target IS NOT NULL OR {_NAMES.format(e="b", name="{name}")})
) END"""
_AMENDED: Final = """EXISTS (
    SELECT 1 FROM effects f WHERE f.target = e.entry AND f.known_from <= :k AND f.known_to > :k
)"""


class Wanted(NamedTuple):
    """What is asked of entries; None asks nothing."""

    party: str | None = None
    """Only what is about this party, as corrected, and amendments of it."""
    issue: str | None = None
    """Likewise."""
    type: str | None = None
    """One of `TYPES`."""
    status: str | None = None
    """One of `STATUSES`, as it is at K."""
    recorded_by: str | None = None
    """As who records says it, letter by letter."""

    def checked(self) -> Wanted:
        """Return it, once it is sure that there are such types and statuses.

        Raises:
            Unparsable: there are none.
        """
        for name, said, known in (("type", self.type, TYPES), ("status", self.status, STATUSES)):
            if said is not None and said not in known:
                close = get_close_matches(said, known, 3, 0.4) or known[:4]
                raise Unparsable(f"no entry has the {name} '{said}'", hint=f"as in {', '.join(close)}")
        return self

    def fits(self, db: sqlite3.Connection, one: Reading, at: Moment) -> bool:
        """Say whether an entry, as it reads at K, is one of them; with a T, only what is of the world and certain."""
        return (
            (self.type is None or one.type == self.type)
            and (self.status is None or one.status == self.status)
            and (self.recorded_by is None or one.recorded_by == self.recorded_by)
            and (at.until == END or one.certain_by(at.until))
            and ((self.party is None and self.issue is None) or self._is_about(base_of(db, one, at.known_at)))
        )

    def _is_about(self, one: Reading) -> bool:
        parties = (getattr(one.event, "party", None), *getattr(one.event, "on_behalf_of", ()))
        issue = getattr(one.event, "issue", None)
        return (self.party is None or self.party in parties) and (self.issue is None or self.issue == issue)

    def where(self, at: Moment) -> tuple[str, dict[str, object]]:
        """Return an SQL condition on `e`, the entries as recorded, that no such entry fails, and its parameters.

        It spares making an event of each: `fits` has the last word.
        """
        conditions = list(self._conditions(at))
        asked: dict[str, object] = {"type": self.type, "recorded_by": self.recorded_by}
        # An id is written as it is in the JSON of whatever is about it.
        asked |= {"party": f'"{self.party}"', "issue": f'"{self.issue}"'}
        return " AND ".join(conditions) or "1", asked

    def _conditions(self, at: Moment) -> Iterator[str]:
        if self.type is not None:
            yield "e.type = :type"
        if self.recorded_by is not None:
            yield "e.recorded_by = :recorded_by"
        if self.status not in {None, "counts"}:
            yield _AMENDED
        if at.until != END:
            yield "e.dated IS NOT NULL"
        for name, said in (("party", self.party), ("issue", self.issue)):
            if said is not None:
                yield _ABOUT.format(name=name)


def base_of(db: sqlite3.Connection, one: Reading, known_at: int) -> Reading:
    """Return what an amendment is about in the end."""
    while one.target is not None and (amended := reading(db, one.target, known_at)) is not None:
        one = amended
    return one
