"""The whole export: every table from one state of the views, into one folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.transparency.tree import Tree
from projections.exports import rows, tables
from projections.exports.belonging import memberships
from projections.exports.parquet import write_table
from projections.exports.resting import evidence
from projections.ruling import LATEST

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from ledger.journal import Journal
    from ledger.transparency.bundle import Sink
    from projections.exports.rows import Row

STATEMENT: Final = "latest-1.sql"
"""The rule as one SQL statement, for engines that read the files."""
_STEP: Final = 10_000


class File(NamedTuple):
    """One file of an export."""

    name: str
    rows: int


class ExportedTables(NamedTuple):
    """What an export holds."""

    ledger: str
    """The ledger's id."""
    entries: int
    root: str
    """The RFC 6962 root over the lines, in base64."""
    rule: str
    """Of `positions` and of the statement."""
    files: tuple[File, ...]


def statement() -> str:
    """Return the rule `latest/1` as one SQL statement over the exported tables."""
    return (Path(__file__).parent / STATEMENT).read_text(encoding="utf-8")


def export(
    db: sqlite3.Connection, journal: Journal, sink: Sink, told: Callable[[str, int, int], None] | None = None
) -> ExportedTables:
    """Write the tables and the statement; what others record meanwhile is not in them.

    Args:
        db: the views, caught up; they are read within one transaction.
        journal: what they are of.
        sink: takes the files.
        told: called now and then with a table, how many of its rows are written, and about how many there are.

    Raises:
        VerificationFailed: the views are damaged.
    """
    db.execute("BEGIN")
    try:
        (entries,) = db.execute("SELECT entry FROM meta").fetchone()
        (counting,) = db.execute("SELECT COUNT(*) FROM versions").fetchone() if told else (0,)
        tree = Tree()
        ledger = str(journal.ledger_id)
        sizes = {tables.VERSIONS: counting, tables.POSITIONS: counting}
        found = {
            tables.ENTRIES: rows.entries(db, journal.lines(upto=entries), tree),
            tables.STATES: rows.states(db),
            tables.VERSIONS: rows.versions(db),
            tables.EFFECTS: rows.effects(db),
            tables.MEMBERSHIPS: memberships(db),
            tables.POSITIONS: rows.positions(db),
            tables.EVIDENCE: evidence(db),
        }
        root = ""

        def footer() -> dict[str, str]:
            nonlocal root
            root = root or tree.root_base64()
            return {
                "verbale.format": str(tables.FORMAT),
                "verbale.ledger": ledger,
                "verbale.entry": str(entries),
                "verbale.root": root,
                "verbale.rule": LATEST.name,
            }

        files = []
        for table in tables.TABLES:
            each, name = found[table], f"{table.name}.parquet"
            if told is not None:
                each = _counted(each, table.name, sizes.get(table, entries), told)
            with sink.open(name) as file:
                files.append(File(name, write_table(file, table, each, footer)))
        with sink.open(STATEMENT) as file:
            file.write(statement().encode())
    finally:
        db.rollback()
    return ExportedTables(ledger, entries, root, LATEST.name, tuple(files))


def _counted(each: Iterator[Row], name: str, total: int, told: Callable[[str, int, int], None]) -> Iterator[Row]:
    for number, row in enumerate(each):
        if number % _STEP == 0:
            told(name, number, max(number, total))
        yield row
