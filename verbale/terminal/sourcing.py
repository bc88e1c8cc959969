"""How many independent sources bear an entry out, as text: who counts once, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.independence import NEEDED
from verbale.terminal.tables import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.independence import Group

_LISTED: Final = 5


def groups_text(groups: Sequence[Group]) -> str:
    """Return how many there are and who, with what counts once and why."""
    if not groups:
        return "no source"
    return f"{counted(len(groups), 'independent source', 'independent sources')}: {_who(groups)}"


def doubt_text(credibility: str, groups: Sequence[Group]) -> str:
    """Return that an entry is called confirmed, and is not by as many sources as that takes."""
    has = f"{len(groups)}: {_who(groups)}" if groups else "none"
    return f"{credibility} is “confirmed by other sources”, which takes {NEEDED} independent ones; it has {has}"


def _who(groups: Sequence[Group]) -> str:
    return _listed([_group_text(group) for group in groups], "; ")


def _group_text(group: Group) -> str:
    names = _listed(group.names, ", ")
    entries = _listed([f"e{entry}" for entry in group.entries], ", ")
    return f"{names} ({entries}{': ' + ', '.join(group.because) if group.because else ''})"


def _listed(some: Sequence[str], between: str) -> str:
    more = len(some) - _LISTED
    return between.join(some[:_LISTED]) + (f" and {more} more" if more > 0 else "")
