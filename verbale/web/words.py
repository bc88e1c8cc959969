"""How the desk says things: stances by sign and word, times and entries as people read them."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.times import when
from projections.search import CLOSED, OPENED
from verbale.terminal.age import age
from verbale.terminal.evidence import headline, shown
from verbale.terminal.kinds import did_of, kind_of
from verbale.terminal.style import CONTESTED, DEED, INHERITED, NO_EVIDENCE, SIGNS, clock_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.clocks import Moment

__all__ = [
    "CONTESTED",
    "DEED",
    "INHERITED",
    "NO_EVIDENCE",
    "age",
    "clock_words",
    "did_of",
    "headline",
    "kind_of",
    "shown",
    "sign",
]

NAVIGATION: Final = (
    ("m", "matrix", "Matrix"),
    ("d", "diff", "Diff"),
    ("l", "log", "Log"),
    ("p", "parties", "Parties"),
    ("i", "issues", "Issues"),
    ("a", "agenda", "Agenda"),
    ("u", "audit", "Audit"),
    ("c", "code", "Code"),
)
"""Key, page and name of what the masthead leads to."""


def sign(stance: str | None) -> str:
    """Return the sign that stands beside a stance's word: it is never told by colour alone."""
    return NO_EVIDENCE if stance is None else SIGNS[stance]


def world(at: Moment) -> str:
    """Return the world's clock in words."""
    return f"as of {at.as_of}" if at.as_of else "no bound in time"


def ledger(at: Moment) -> str:
    """Return the ledger's clock in words."""
    if at.recorded_at is None:
        return "nothing recorded"
    return f"as known at e{at.known_at}, recorded {clock_words(at.recorded_at)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number and what there is so many of."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class Around(NamedTuple):
    """Where a clock stands among its steps."""

    at: int
    """The step, from 0; beyond the last, no bound."""
    before: str | None
    after: str | None


def around(steps: Sequence[str], said: str | None, at: Moment) -> Around:
    """Return where a clock stands, and the steps before and after it.

    Args:
        steps: of the world (`2025-03-12`) or of the ledger (`e41`), in the clock's order.
        said: how the clock was given; None is beyond the last step.
        at: both clocks as understood: `e9` is before `e10`, and `2025` means its end.
    """
    if said is None:
        return Around(len(steps), steps[-1] if steps else None, None)
    if steps and steps[0].startswith("e"):
        stands, found = at.known_at, [int(step[1:]) for step in steps]
    else:
        stands, found = at.until, [when(step) for step in steps]
    here = bisect_left(found, stands)
    after = here + 1 if here < len(steps) and found[here] == stands else here
    return Around(here, steps[here - 1] if here else None, steps[after] if after < len(steps) else None)


class Piece(NamedTuple):
    """A piece of a text, set off or not."""

    text: str
    marked: bool


def pieces(snippet: str) -> list[Piece]:
    """Return a snippet of a search in pieces, the words that were looked for marked.

    The private characters that stand around them are gone, those that a foreign text brought along too.

    >>> pieces("no \ue000truce\ue001 yet")
    [Piece(text='no ', marked=False), Piece(text='truce', marked=True), Piece(text=' yet', marked=False)]
    """
    found = []
    for at, part in enumerate(snippet.split(OPENED)):
        marked, closed, rest = part.partition(CLOSED)
        if at and closed:
            found.append(Piece(marked, marked=True))
        else:
            rest = marked + rest
        found.append(Piece(rest.replace(CLOSED, ""), marked=False))
    return [piece for piece in found if piece.text]


def frozen(link: Any) -> bool:  # noqa: ANN401  a linker
    """Say whether the page is one of a folder, where no form can be sent."""
    return bool(getattr(link, "frozen", False))
