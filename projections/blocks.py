"""A block of the matrix: some parties on some issues, by a seek in each cell, whatever the size of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.entries.issues import DYADS
from projections.asking import found_for, position
from projections.belonging import coalitions_of
from projections.positions import row_of
from projections.ruling import LATEST, Rule
from projections.words import contested_by, said

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from projections.clocks import Moment
    from projections.positions import Position

_PARTIES: Final = """
SELECT party FROM parties p WHERE EXISTS (SELECT 1 FROM cells c WHERE c.party = p.party AND {of})
OR EXISTS (SELECT 1 FROM memberships m WHERE m.party = p.party) ORDER BY party
"""
_ISSUES: Final = """
SELECT issue FROM issues i WHERE EXISTS (SELECT 1 FROM cells c INDEXED BY cells_by_issue WHERE c.issue = i.issue)
AND {of} ORDER BY issue
"""
_OF: Final = "SELECT party, issue FROM cells WHERE party IN ({}) AND issue IN ({})"


def axes(db: sqlite3.Connection, *, dyads: bool = False) -> tuple[list[str], list[str]]:
    """Return the parties and the issues that may have a row at some pair of moments, each in order.

    Args:
        db: the views, caught up.
        dyads: whether dyads are among the issues, and parties that are known by dyads alone.
    """
    parties = db.execute(_PARTIES.format(of="TRUE" if dyads else f"c.issue NOT GLOB '{DYADS}*'"))
    issues = db.execute(_ISSUES.format(of="TRUE" if dyads else f"i.issue NOT GLOB '{DYADS}*'"))
    return [party for (party,) in parties.fetchall()], [issue for (issue,) in issues.fetchall()]


def block(
    db: sqlite3.Connection, at: Moment, parties: Sequence[str], issues: Sequence[str], rule: Rule = LATEST
) -> Iterator[Position]:
    """Yield the rows of some parties on some issues, ordered by (party, issue).

    Args:
        db: the views, caught up.
        at: the two moments.
        parties: registered ids.
        issues: registered ids.
        rule: chooses among the statements.
    """
    coalitions = {party: coalitions_of(db, party, at) for party in parties}
    every = sorted({*parties, *(one for some in coalitions.values() for one in some)})
    asked = _OF.format(", ".join("?" * len(every)), ", ".join("?" * len(issues)))
    there = set(db.execute(asked, (*every, *issues)).fetchall())
    wanted = [
        (party, issue)
        for party in sorted(parties)
        for issue in sorted(issues)
        if any((voice, issue) in there for voice in (party, *coalitions[party]))
    ]
    if rule is LATEST:
        yield from (row for row in rows_of_cells(db, at, wanted, coalitions).values() if row is not None)
    else:
        yield from (row for cell in wanted if (row := position(db, *cell, at, rule)) is not None)


def rows_of_cells(
    db: sqlite3.Connection,
    at: Moment,
    cells: Iterable[tuple[str, str]],
    coalitions: Mapping[str, Sequence[str]],
) -> dict[tuple[str, str], Position | None]:
    """Return the rows of some cells under `latest/1`, None where nothing is known and nothing possible.

    Args:
        db: the views, caught up.
        at: the two moments.
        cells: each a party and an issue.
        coalitions: those that each of these parties belongs to.
    """
    found = {cell: found_for(db, *cell, at, coalitions[cell[0]]) for cell in cells}
    shown = [one.entry for words, deed, _ in found.values() for one in (words.winner, deed) if one is not None]
    texts = said(db, shown, at) if shown else {}
    return {
        cell: row_of(cell, words, deed, texts, contested_by(db, words, texts, at), voice)
        for cell, (words, deed, voice) in found.items()
    }
