"""Rows that were asked for before, with how long they hold on both clocks.

What a cell answers can change only where T passes a bound of a date in it, and where K passes an entry that touches it.
Between such places it is constant: the plane of the two clocks falls into rectangles, and one row answers all of each.
Whoever moves a slider by a day crosses the bounds of a few cells of a page, and the other rows are here.

What the ledger records meanwhile is followed: what it touches is let go of.  A ledger with merged parties is not
remembered, nor is a cell with very many statements: their rows are looked up each time.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from ledger.times import span
from projections.belonging import coalitions_of
from projections.blocks import block, rows_of_cells
from projections.connection import has_any
from projections.steps import BLOCK, steps

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from projections.clocks import Moment
    from projections.positions import Position

Cell = tuple[str, str]

_MOST_ROWS: Final = 100_000
_MOST_STEPS: Final = 200
_MOST_VERSIONS: Final = 2_000
"""Of a cell that is remembered."""
_THERE: Final = f"SELECT c.id, c.party, c.issue FROM cells c WHERE {BLOCK}"
_LARGE: Final = """
SELECT v.cell FROM json_each(?) j CROSS JOIN versions v ON v.cell = j.value GROUP BY v.cell HAVING COUNT(*) > ?
"""
_BOUNDS: Final = """
SELECT v.cell, v.earliest, v.starts, v.latest, v.known_from, v.known_to, v.entry
FROM json_each(?) j CROSS JOIN versions v ON v.cell = j.value
"""
_EFFECTS: Final = """
SELECT f.target, f.known_from, f.known_to, IIF(f.kind = 'condition-resolved', e.data, NULL)
FROM effects f JOIN entries e ON e.entry = f.amendment WHERE f.target IN (SELECT value FROM json_each(?))
"""
_MEMBERSHIPS: Final = "SELECT party, coalition, earliest, latest, known_from, known_to FROM memberships"
_SINCE: Final = "SELECT type, issue, target FROM entries WHERE entry > ? ORDER BY entry"
_BASE: Final = "SELECT issue, target FROM entries WHERE entry = ?"
_ISSUES: Final = "SELECT DISTINCT json_extract(data, '$.issue') FROM states WHERE entry = ?"
_NUMBER: Final = itemgetter(0)
_NO_MATTER: Final = frozenset({"source-registered", "speaker-appointed", "party-registered", "issue-opened"})
"""Types of entries that change no row."""


class Bounds(NamedTuple):
    """Where the rows of a cell may change."""

    world: array[int]
    ledger: array[int]

    def rectangle(self, at: Moment) -> tuple[int, int, int]:
        """Return which rectangle holds a pair of moments; a T upon a bound is one of its own."""
        world, until = self.world, at.until
        return bisect_left(world, until), bisect_right(world, until), bisect_right(self.ledger, at.known_at)


class _Issue:
    """What is remembered of an issue."""

    def __init__(self) -> None:
        self.bounds: dict[str, Bounds | None] = {}
        """By party; None where its rows are looked up each time."""
        self.rows: dict[tuple[str, tuple[int, int, int]], Position | None] = {}


class Remembered:
    """The rows of a ledger's views that were asked for lately, under `latest/1`."""

    def __init__(self) -> None:
        self._head = 0
        self._issues: dict[str, _Issue] = {}
        self._count = 0
        self._steps: dict[tuple[object, ...], tuple[list[str], list[int]]] = {}

    def block(
        self, db: sqlite3.Connection, head: int, at: Moment, parties: Sequence[str], issues: Sequence[str]
    ) -> list[Position]:
        """Return the rows of some parties on some issues, ordered by (party, issue).

        Args:
            db: the views, caught up.
            head: the entry that they are at.
            at: the two moments.
            parties: registered ids.
            issues: registered ids.
        """
        if has_any(db, "merges"):
            return list(block(db, at, parties, issues))
        self._follow(db, head)
        self._load(db, parties, issues)
        found: dict[Cell, Position | None] = {}
        keys: dict[Cell, tuple[str, tuple[int, int, int]]] = {}
        missing: list[Cell] = []
        for issue in issues:
            known = self._issues[issue]
            for party in parties:
                of = known.bounds[party]
                if of is None:
                    missing.append((party, issue))
                elif of.ledger:  # something was known there at some moment
                    key = party, of.rectangle(at)
                    if key in known.rows:
                        found[party, issue] = known.rows[key]
                    else:
                        missing.append((party, issue))
                        keys[party, issue] = key
        found |= self._looked_up(db, at, missing, keys)
        return [found[cell] for cell in sorted(found) if found[cell] is not None]  # type: ignore[misc]

    def steps(
        self, db: sqlite3.Connection, head: int, at: Moment, parties: Sequence[str], issues: Sequence[str]
    ) -> tuple[list[str], list[int]]:
        """Return the moments at which something changes in a block, as `projections.steps` tells them.

        Args:
            db: the views, caught up.
            head: the entry that they are at.
            at: the two moments; K decides which of the world's are known.
            parties: registered ids.
            issues: registered ids.
        """
        self._follow(db, head)
        known_at = None if at.known_at == head else at.known_at
        key = known_at, *parties, None, *issues
        if key not in self._steps:
            asked = {"parties": json.dumps(list(parties)), "issues": json.dumps(list(issues))}
            if len(self._steps) >= _MOST_STEPS:
                self._steps.clear()
            self._steps[key] = steps(db, at.known_at, head, BLOCK, asked)
        return self._steps[key]

    def _looked_up(
        self,
        db: sqlite3.Connection,
        at: Moment,
        cells: list[Cell],
        keys: dict[Cell, tuple[str, tuple[int, int, int]]],
    ) -> dict[Cell, Position | None]:
        coalitions = {party: coalitions_of(db, party, at) for party in {party for party, _ in cells}}
        found = rows_of_cells(db, at, cells, coalitions)
        self._count += len(keys)
        if self._count > _MOST_ROWS:
            self._count = len(keys)
            for known in self._issues.values():
                known.rows.clear()
        for cell, key in keys.items():
            self._issues[cell[1]].rows[key] = found[cell]
        return found

    def _follow(self, db: sqlite3.Connection, head: int) -> None:
        """Let go of what the entries since the last question touch."""
        touched: set[str] | None = set()
        if head < self._head or not self._issues:
            touched = None
        elif head > self._head:
            touched = _touched(db, self._head)
        if touched is None:
            self._issues.clear()
            self._steps.clear()
            self._count = 0
        else:
            for key in [key for key in self._steps if not touched.isdisjoint(key[key.index(None, 1) :])]:
                del self._steps[key]
            for issue in touched & self._issues.keys():
                self._count -= len(self._issues.pop(issue).rows)
        self._head = head

    def _load(self, db: sqlite3.Connection, parties: Sequence[str], issues: Sequence[str]) -> None:
        """Read where the rows of cells may change, of those for which that is not known."""
        known = {issue: self._issues.setdefault(issue, _Issue()) for issue in issues}
        lacking = [issue for issue in issues if any(party not in known[issue].bounds for party in parties)]
        if not lacking:
            return
        asked = {"parties": json.dumps(list(parties)), "issues": json.dumps(lacking)}
        cells: dict[Cell, list[int]] = {}
        for number, party, issue in db.execute(_THERE, asked):
            cells.setdefault((party, issue), []).append(number)
        own = _bounds_of(db, [number for numbers in cells.values() for number in numbers])
        shared = db.execute(_MEMBERSHIPS).fetchall()
        common = _Axes(
            {bound for _, _, *bounds, _, _ in shared for bound in bounds},
            {bound for *_, since, until in shared for bound in (since, until)},
        )
        for party in parties:
            voices = {party, *(coalition for member, coalition, *_ in shared if member == party)}
            for issue in lacking:
                some = [own.get(number) for voice in voices for number in cells.get((voice, issue), ())]
                known[issue].bounds[party] = _together(some, common)


class _Axes(NamedTuple):
    """Where the rows of a cell may change."""

    world: set[int]
    ledger: set[int]


def _together(some: Sequence[_Axes | None], common: _Axes) -> Bounds | None:
    """Return the bounds of cells that are answered from together; None where one of them is too large."""
    if not some:
        return Bounds(array("q"), array("q"))
    world, ledger = set(common.world), set(common.ledger)
    for one in some:
        if one is None:
            return None
        world |= one.world
        ledger |= one.ledger
    return Bounds(array("q", sorted(world)), array("q", sorted(ledger)))


def _bounds_of(db: sqlite3.Connection, cells: Sequence[int]) -> dict[int, _Axes]:
    """Return where the rows of cells may change, for what is in them; what is too large is left out."""
    large = {number for (number,) in db.execute(_LARGE, (json.dumps(cells), _MOST_VERSIONS))}
    rows = db.execute(_BOUNDS, (json.dumps([number for number in cells if number not in large]),))
    found = {}
    holding: dict[int, list[_Axes]] = {}
    for number, same in groupby(rows, key=_NUMBER):
        _, earliest, starts, latest, known_from, known_to, entries = zip(*same, strict=True)
        found[number] = axes = _Axes({*earliest, *starts, *latest}, {*known_from, *known_to})
        for entry in entries:
            holding.setdefault(entry, []).append(axes)
    for target, known_from, known_to, resolution in db.execute(_EFFECTS, (json.dumps(list(holding)),)):
        resolved_on = None if resolution is None else json.loads(resolution).get("resolved_on")
        for axes in holding[target]:
            axes.ledger.update((known_from, known_to))
            if resolved_on is not None:
                axes.world.add(span(resolved_on).latest)
    return found


def _touched(db: sqlite3.Connection, head: int) -> set[str] | None:
    """Return the issues on which rows may change by what was recorded after an entry; None is all."""
    touched: set[str] = set()
    for kind, issue, target in db.execute(_SINCE, (head,)).fetchall():
        if target is not None:
            some = _touched_by_amendment(db, target)
        else:
            some = {issue} if issue is not None else set() if kind in _NO_MATTER else None
        if some is None:
            return None
        touched |= some
    return touched


def _touched_by_amendment(db: sqlite3.Connection, target: int) -> set[str] | None:
    """Return the issues of what an amendment, or an amendment of one, is about, those it was moved to among them."""
    issue: str | None = None
    entry: int | None = target
    base = target
    while entry is not None and issue is None:
        base = entry
        issue, entry = db.execute(_BASE, (base,)).fetchone()
    if issue is None:
        return None
    return {issue, *(moved for (moved,) in db.execute(_ISSUES, (base,)) if moved is not None)}


_EVERY: Final[WeakKeyDictionary[sqlite3.Connection, Remembered]] = WeakKeyDictionary()


def remembered(db: sqlite3.Connection) -> Remembered:
    """Return what is remembered of what a connection was asked; it goes when the connection does."""
    return _EVERY.setdefault(db, Remembered())
