"""Positions as rectangles on both clocks: where in the plane of T and K an entry is the answer.

In one cell, the state of an entry can be the answer from the moment on at which it is certain, as long as K knows it: a
strip `[latest, ∞) × [known_from, known_to)`.  Where strips lie upon each other, the last in the order of the rule
`latest/1` is seen.  What is seen of them falls into rectangles, which do not overlap and cover just what has an answer.

Going up in T, the line of K is held in pieces, each with the entry that is the answer there.  A state that becomes
certain takes the pieces, or parts of pieces, that are held by earlier ones; what it takes is a rectangle that ends.

How many there are: at most three for each state, as for any map of segments that do not cross, so long as no date lies
within another; a state whose date has `m` others within it may be seen in `m + 1` pieces, and counts as so many.

>>> said = [  # a day, recorded as e1; the day after it, recorded as e2 and corrected to the day before by e3
...     State(starts=10, latest=20, entry=1, known_from=1, known_to=OPEN, stance="oppose", dated="…"),
...     State(starts=20, latest=30, entry=2, known_from=2, known_to=3, stance="support", dated="…"),
...     State(starts=0, latest=10, entry=2, known_from=3, known_to=OPEN, stance="support", dated="…"),
... ]
>>> for one in rectangles(sorted(said, key=in_time)):
...     print(one.state.entry, (one.as_of_from, one.as_of_to), (one.known_from, one.known_to))
2 (10, 20) (3, 4611686018427387904)
1 (20, 30) (2, 3)
1 (20, 4611686018427387904) (1, 2)
2 (30, 4611686018427387904) (2, 3)
1 (20, 4611686018427387904) (3, 4611686018427387904)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.times import END
from projections.schema import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class State(NamedTuple):
    """A state of an entry in a cell: a row of `versions`."""

    starts: int
    latest: int
    entry: int
    known_from: int
    known_to: int
    stance: str
    dated: str


class Rectangle(NamedTuple):
    """Where a state is the answer: for T in `[as_of_from, as_of_to)`, K in `[known_from, known_to)`."""

    state: State
    as_of_from: int
    as_of_to: int
    known_from: int
    known_to: int


class Piece(NamedTuple):
    """What holds a piece of the line of K."""

    order: tuple[int, int, int]
    state: State | None


_NOBODY: Final = Piece((-END, -END, 0), None)


def in_time(state: State) -> tuple[int, int, int]:
    """Return what sorts states as `rectangles` takes them."""
    return state.latest, state.starts, state.entry


def rectangles(states: Iterable[State]) -> Iterator[Rectangle]:
    """Yield where each state of one cell is the answer.

    Args:
        states: of one cell, in the order `latest, starts, entry`; they are read as they come.
    """
    begins, held = [0], [_NOBODY]  # each piece reaches to where the next begins, the last one for ever
    for state in states:
        order, low, high = state[:3], state.known_from, state.known_to
        first, after = bisect_right(begins, low) - 1, bisect_left(begins, high)
        new_begins: list[int] = []
        new_held: list[Piece] = []
        ours = Piece(order, state)
        for at in range(first, after):
            piece, begin = held[at], begins[at]
            end = begins[at + 1] if at + 1 < len(begins) else OPEN
            if piece.order > order:
                new_begins.append(begin)
                new_held.append(piece)
                continue
            start, stop = max(begin, low), min(end, high)
            theirs = piece.state
            if theirs is not None and theirs.latest < state.latest:
                yield Rectangle(theirs, theirs.latest, state.latest, start, stop)
            if begin < start:
                new_begins.append(begin)
                new_held.append(piece)
            if not new_held or new_held[-1] is not ours:
                new_begins.append(start)
                new_held.append(ours)
            if stop < end:
                new_begins.append(stop)
                new_held.append(piece)
        begins[first:after] = new_begins
        held[first:after] = new_held
    for at, piece in enumerate(held):
        if piece.state is not None:
            end = begins[at + 1] if at + 1 < len(begins) else OPEN
            yield Rectangle(piece.state, piece.state.latest, END, begins[at], end)
