"""The views: folded anew beside the live ones, and compared with them before anything brings those up to date.

Opening a ledger mends its views without a word, and with them the traces of what was done to the journal: views that
go further than the journal are all that may be left of a tail that was cut off.  So they are looked at as they lie,
on a connection that only reads, and held to a fold up to the entry that they say they reach.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.codec import format_line
from ledger.transparency.tree import leaf_hash
from projections import tiles
from projections.comparing import FRESH, Compared, Difference, check_words, compared, searched
from projections.schema import VERSION
from projections.views import Basis, Views
from verbale.databases import opened_to_read
from verbale.verifying.files import check_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.journal import Journal
    from verbale.verifying.report import Report

CHECK: Final = "views"
_FILE: Final = "views-file"
_FEWEST_BYTES: Final = 20_000_000
"""Room that is asked for, whatever the size."""


class Live:
    """The views as they were found.

    Args:
        path: where they should lie; None where they are kept in memory only.
        report: takes what is found.
    """

    def __init__(self, path: Path | None, report: Report) -> None:
        self.path = path if path is not None and path.exists() else None
        self._report = report
        self.basis: Basis | None = None
        if self.path is None:
            report.left(CHECK, "none lie there: nothing to compare")
            return
        whole = check_file(_FILE, self.path, report)
        with report.guarded(CHECK, self.path.name), closing(opened_to_read(self.path)) as db:
            self.basis = self._basis_of(db, whole=whole)

    def _basis_of(self, db: sqlite3.Connection, *, whole: bool) -> Basis | None:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
        if not tables and whole:  # as a process leaves them that was killed before it had folded anything in
            self._report.left(CHECK, "they are empty: nothing to compare")
            return None
        rows = db.execute("SELECT version, ledger, entry, leaf FROM meta").fetchall() if "meta" in tables else []
        if len(rows) != 1 or not all(map(isinstance, rows[0], (int, str, int, bytes))):
            if whole:  # or it was said
                self._report.bad(CHECK, None, "the views do not say what they were made of")
            return None
        return Basis(*rows[0])

    def reaches(self, journal: Journal, head: int) -> int | None:
        """Return the entry up to which they can be compared, None where they cannot.

        Args:
            journal: what they should be views of.
            head: its last entry, read after they were.
        """
        found, report = self.basis, self._report
        if found is None:
            return None
        if found.ledger != str(journal.ledger_id):
            report.bad(CHECK, None, "the views are of another ledger")
            return None
        if found.entry > head:
            report.bad(CHECK, head + 1, f"the views go up to e{found.entry}, and the journal ends at e{head}")
            return None
        line = journal.line(found.entry)
        if found.entry and (line is None or leaf_hash(format_line(*line)) != found.leaf):
            report.bad(CHECK, found.entry, f"the views were made of another e{found.entry} than the journal holds")
            return None
        if found.version != VERSION:
            report.left(CHECK, "they were made by another version of verbale: the next command makes them anew")
            return None
        return found.entry


@contextmanager
def folded(journal: Journal, live: Live, head: int, report: Report) -> Iterator[Views | None]:
    """Fold the journal into a temporary file, compare the live views on the way, and lend the file to who asks more.

    Args:
        journal: what is folded.
        live: what is compared.
        head: the last entry.
        report: takes what is found.
    """
    room = _room(journal, live)
    if room is not None:
        report.left(CHECK, room)
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="verbale-") as folder:
        reached = None
        with report.guarded(CHECK, "the journal"):
            reached = live.reaches(journal, head)
        path = Path(folder) / "views.db"
        fresh = Views(journal, path, upto=head if reached is None else reached)
        try:
            fresh.db.execute("PRAGMA journal_mode=OFF")  # a temporary file needs no way back
            fresh.db.execute("PRAGMA cache_size=-16384")  # beside all else that verifying holds
            yield _filled(journal, fresh, path, live, reached, head, report)
        finally:
            fresh.close()


def _filled(
    journal: Journal, fresh: Views, path: Path, live: Live, reached: int | None, head: int, report: Report
) -> Views | None:
    """Return the views folded up to the last entry, compared on the way; None where the journal cannot be folded."""
    whole = False
    with report.guarded(CHECK, "the journal"):
        fresh.told = lambda entry: report.tell("entries folded", entry, head)
        _fold(fresh)
        if live.path is not None and reached is not None:
            old = frozenset[str]()
            with report.guarded(CHECK, live.path.name):
                old = _make_tiles(journal, live.path, fresh, reached)
            if old:
                report.left(CHECK, "the tiles were made by another version of verbale: they are made anew")
            _compare(live.path, path, fresh, reached, old, report)
        fresh.upto = head
        _fold(fresh)
        whole = True
    return fresh if whole else None


def _fold(fresh: Views) -> None:
    fresh.catch_up()
    fresh.must_be_kept()


def _make_tiles(journal: Journal, live: Path, fresh: Views, reached: int) -> frozenset[str]:
    """Make the tiles that the live views have, which only who asks for a proof makes, to compare them too.

    Returns:
        the tables of tiles that another version made, which are not compared.
    """
    with closing(opened_to_read(live)) as db:
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'tiles_mark'").fetchone():
            return frozenset()
        marks = db.execute("SELECT version, size FROM tiles_mark").fetchall()
    if marks and all(version != tiles.VERSION for version, _ in marks):
        return frozenset({"tiles", "tiles_mark"})
    sizes = [size for _, size in marks if type(size) is int]
    upto = min(max(sizes, default=0), reached)
    tiles.catch_up(fresh.db, lambda after: journal.lines(after, upto))
    return frozenset()


def _compare(live: Path, path: Path, fresh: Views, reached: int, old: frozenset[str], report: Report) -> None:
    with report.guarded(CHECK, live.name), closing(opened_to_read(live)) as db:
        db.execute(f"ATTACH ? AS {FRESH}", (f"{path.as_uri()}?mode=ro",))
        db.execute("BEGIN")
        (entry,) = db.execute("SELECT entry FROM meta").fetchone()
        if entry != reached:
            report.left(CHECK, f"somebody brought them from e{reached} to e{entry} meanwhile: run verify again")
            return
        found = list(compared(db, old))
        tables, rows = _alike(found)
        different = [one for one in found if isinstance(one, Difference)]
        recorded = [one for one in different if one.table == "entries"]
        for one in different:
            about = one.entry if one in recorded or not recorded else None  # else it may only follow from those
            report.bad(CHECK, about, one.says)
        words = searched(db, fresh.db)
        if isinstance(words, Difference):
            report.bad(CHECK, words.entry, words.says)
        elif words is not None:
            tables, rows = tables + 1, rows + words.rows
            _check_words(live, report)
        report.looked(
            CHECK, f"{tables:,} tables with {rows:,} rows, as the journal folded anew up to e{reached} has them"
        )


def _alike(found: list[Difference | Compared]) -> tuple[int, int]:
    """Return how many tables are alike, and how many rows they have."""
    alike = [one.rows for one in found if isinstance(one, Compared)]
    return len(alike), sum(alike)


def _check_words(live: Path, report: Report) -> None:
    """Let the full-text index check itself, which asks for the right to write and writes nothing."""
    with closing(sqlite3.connect(live, isolation_level=None)) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            nobody = error.sqlite_errorname.startswith("SQLITE_READONLY")
            why = "it examines itself where somebody may write, and nobody may here" if nobody else str(error)
            report.left(CHECK, f"the full-text index: {why}")
            return
        try:
            check_words(db)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            report.bad(CHECK, None, f"the full-text index does not fit what it indexes: {error}")
        finally:
            db.rollback()


def _room(journal: Journal, live: Live) -> str | None:
    """Return why there is no room to fold the journal anew, None where there is."""
    folder = tempfile.gettempdir()
    lines = getattr(journal.store, "path", None)
    about = [path.stat().st_size for path in (live.path, lines) if isinstance(path, Path) and path.exists()]
    needed = max(_FEWEST_BYTES, 2 * max(about, default=0))
    free = shutil.disk_usage(folder).free
    if free < needed:
        return f"{folder} has {free / 1e6:,.0f} MB free, and folding the journal anew takes some {needed / 1e6:,.0f} MB"
    return None
