"""Which names a list has, found without reading what is registered of each: a page of forty reads forty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.entries import IssueClosed, IssueReworded
from ledger.entries.issues import DYADS
from ledger.names import name_key
from projections.states import listed_events
from projections.trees import parents_at, path_of

if TYPE_CHECKING:
    import sqlite3

_PARTIES: Final = "SELECT party FROM parties WHERE entry <= :k ORDER BY party"
_CALLED: Final = """
SELECT party FROM party_names WHERE entry <= :k AND instr(key, :said)
UNION SELECT party FROM party_codes WHERE entry <= :k AND instr(lower(code), :said) ORDER BY party
"""
_ISSUES: Final = "SELECT issue, proposition FROM issues WHERE entry <= ?"


def parties_found(db: sqlite3.Connection, known_at: int, said: str | None = None) -> list[str]:
    """Return the parties that K knows, by id.

    Args:
        db: the views, caught up.
        known_at: K.
        said: only those one of whose names, aliases or codes holds this, in any case, even where it lost that name.
    """
    if said is None:
        rows = db.execute(_PARTIES, {"k": known_at})
    else:
        rows = db.execute(_CALLED, {"k": known_at, "said": name_key(said)})
    return [party for (party,) in rows.fetchall()]


def issues_found(
    db: sqlite3.Connection, known_at: int, said: str | None = None, *, dyads: bool = False, still_open: bool = False
) -> list[str]:
    """Return the issues that K knows, each below the wider one that it is a part of.

    Args:
        db: the views, caught up.
        known_at: K.
        said: only those whose id or wording at K holds this, in any case.
        dyads: whether dyads are among them.
        still_open: leave out what is closed.
    """
    found = dict(db.execute(_ISSUES, (known_at,)).fetchall())
    for reworded in listed_events(db, IssueReworded, known_at):
        found[reworded.issue] = reworded.proposition
    if still_open:
        for closed in listed_events(db, IssueClosed, known_at):
            found.pop(closed.issue, None)
    if not dyads:
        found = {issue: words for issue, words in found.items() if not issue.startswith(DYADS)}
    if said is not None:
        wanted = name_key(said)
        found = {one: words for one, words in found.items() if wanted in name_key(one) or wanted in name_key(words)}
    parents = parents_at(db, known_at)
    return sorted(found, key=lambda issue: path_of(issue, parents))
