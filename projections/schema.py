"""The tables of the views: real tables with foreign keys, to be read with any SQLite tool.

- `entries`: one row per entry, as recorded; `listed` is its type again where lists are made of such entries.  `states`:
  how an entry reads after a correction, from the entry `known_from` on.  `effects`: while which amendment is in effect
  on which target, `[known_from, known_to)`.
- `cells`: party × issue × words or deeds; `widths` has a bit for each class of width among its dates.
- `versions`: one row per state of an entry that counts in a cell, alive for the ledger's entries
  `[known_from, known_to)`.  The table *is* its first index, in the order of the position rule.
- `origins`: from the row of a data set to the entry that was made from it.  `snapshots`: where a snapshot of a data
  set ends, which its label names.
- `parties`, `party_names`, `party_codes`, `issues`, `sources`: the register.  `merges`: which party is merged into
  which, and `memberships`: what each joining and leaving of a coalition says, both while `[known_from, known_to)`.

Instants are microseconds since 1970, `[earliest, latest)`; `starts` is the first term of the order (`ledger.times`).
Everything is disposable: `meta` says of which journal, up to which entry, and that entry's leaf hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.entries.scales import STANCES

if TYPE_CHECKING:
    import sqlite3

VERSION: Final = 9
"""Raised with every change of these tables or of what is written into them: older views are then rebuilt."""

OPEN: Final = 1 << 62
"""`known_to` of what is still so."""

DAY: Final = 86_400_000_000
WIDTHS: Final = (DAY, 31 * DAY, 366 * DAY, 3_653 * DAY, 36_525 * DAY)
"""The classes of how imprecise a date is, by its greatest width; the last class has none.

What overlaps a moment starts at most its width before it: one seek per class finds it, without a walk."""


VERIFIED: Final = 1
"""Flag of a version: its information is confirmed or probably true (Admiralty code, digit 1 or 2)."""
OWN_WORDS: Final = 2
"""Flag of a version: quoted or paraphrased, and neither reported by others nor inferred."""


def width_class(earliest: int, latest: int) -> int:
    """Return the class of a date's width: 0 up to a day, `len(WIDTHS)` beyond a century or with an open start."""
    width = latest - earliest
    for number, bound in enumerate(WIDTHS):
        if width <= bound:
            return number
    return len(WIDTHS)


_VERSIONS: Final = """
CREATE TABLE versions (
    cell INTEGER NOT NULL REFERENCES cells(id),
    starts INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    entry INTEGER NOT NULL REFERENCES entries(entry),
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    stance TEXT NOT NULL,
    dated TEXT NOT NULL,
    width INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    PRIMARY KEY (cell, starts, latest, entry, known_from)
) WITHOUT ROWID
"""

INDEXES: Final = (
    "CREATE INDEX versions_by_stance ON versions (cell, stance, starts, latest, entry, known_from, known_to, dated)",
    """CREATE INDEX versions_imprecise
    ON versions (cell, width, earliest, latest, starts, entry, stance, dated, known_from, known_to) WHERE width > 0""",
)
"""Made after the rows when everything is rebuilt: sorting once is cheaper than keeping sorted."""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, within the caller's transaction, without the indexes of `versions`."""
    from sqlite_utils import Database  # noqa: PLC0415  0.2 s to import, needed only when tables are made

    db = Database(connection, execute_plugins=False)
    db.table("meta").create({"version": int, "ledger": str, "entry": int, "leaf": bytes}, not_null={"version"})
    db.table("stances").create({"stance": str, "position": int}, pk="stance")
    db.table("entries").create(
        {
            "entry": int,
            "type": str,
            "recorded_at": str,
            "recorded_by": str,
            "party": str,
            "issue": str,
            "dated": str,
            "stance": str,
            "source": str,
            "target": int,
            "fulfils": int,
            "listed": str,
            "data": str,
        },
        pk="entry",
        not_null={"type", "recorded_at", "data"},
    )
    connection.execute("CREATE INDEX entries_by_target ON entries (target) WHERE target IS NOT NULL")
    connection.execute("CREATE INDEX entries_by_source ON entries (source) WHERE source IS NOT NULL")
    connection.execute("CREATE INDEX entries_by_fulfils ON entries (fulfils) WHERE fulfils IS NOT NULL")
    connection.execute(
        "CREATE INDEX entries_by_listed ON entries (listed, entry, party, issue, dated) WHERE listed IS NOT NULL"
    )
    db.table("states").create(
        {"entry": int, "known_from": int, "data": str}, pk=("entry", "known_from"), foreign_keys=[("entry", "entries")]
    )
    connection.execute(
        "CREATE INDEX states_by_fulfils ON states (json_extract(data, '$.fulfils'))"
        " WHERE json_extract(data, '$.fulfils') IS NOT NULL"
    )
    db.table("effects").create(
        {"amendment": int, "target": int, "kind": str, "known_from": int, "known_to": int},
        pk=("amendment", "known_from"),
        foreign_keys=[("amendment", "entries", "entry"), ("target", "entries", "entry")],
    )
    connection.execute("CREATE INDEX effects_by_target ON effects (target, kind)")
    db.table("parties").create({"party": str, "name": str, "kind": str, "entry": int}, pk="party")
    db.table("party_names").create(
        {"key": str, "name": str, "party": str, "entry": int, "since": str, "until": str},
        foreign_keys=[("party", "parties")],
    )
    connection.execute("CREATE INDEX party_names_by_key ON party_names (key)")
    db.table("party_codes").create(
        {"scheme": str, "code": str, "party": str, "entry": int}, foreign_keys=[("party", "parties")]
    )
    db.table("merges").create(
        {"party": str, "into_party": str, "known_from": int, "known_to": int},
        pk=("party", "known_from"),
        foreign_keys=[("party", "parties", "party"), ("into_party", "parties", "party")],
    )
    db.table("memberships").create(
        {
            "entry": int,
            "party": str,
            "coalition": str,
            "joined": int,
            "earliest": int,
            "latest": int,
            "known_from": int,
            "known_to": int,
        },
        pk=("party", "coalition", "entry", "known_from"),
        foreign_keys=[("entry", "entries"), ("party", "parties", "party"), ("coalition", "parties", "party")],
    )
    db.table("issues").create({"issue": str, "key": str, "proposition": str, "parent": str, "entry": int}, pk="issue")
    db.table("sources").create({"source": str, "key": str, "sha256": str, "entry": int}, pk="source")
    db.table("origins").create(
        {"dataset": str, "row": str, "entry": int}, pk=("dataset", "row"), foreign_keys=[("entry", "entries")]
    )
    connection.execute("CREATE INDEX origins_by_entry ON origins (dataset, entry)")
    db.table("snapshots").create(
        {"dataset": str, "snapshot": str, "entry": int}, pk="entry", foreign_keys=[("entry", "entries")]
    )
    connection.execute("CREATE UNIQUE INDEX issues_by_key ON issues (key)")
    connection.execute("CREATE UNIQUE INDEX sources_by_key ON sources (key)")
    db.table("cells").create(
        {"id": int, "party": str, "issue": str, "deeds": int, "widths": int},
        pk="id",
        foreign_keys=[("party", "parties"), ("issue", "issues")],
    )
    connection.execute("CREATE UNIQUE INDEX cells_by_names ON cells (party, issue, deeds)")
    connection.execute("CREATE INDEX cells_by_issue ON cells (issue, party, deeds)")
    connection.execute(_VERSIONS)
    connection.executemany("INSERT INTO stances VALUES (?, ?)", [(s, n) for n, s in enumerate(STANCES)])


def drop_all(connection: sqlite3.Connection) -> None:
    """Drop every table, within the caller's transaction."""
    # Virtual tables first: each takes the tables that it keeps its rows in along.
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY sql LIKE 'CREATE VIRTUAL %' DESC"
    )
    for (name,) in names.fetchall():
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
