"""Where a ledger lies: what `--ledger` may say, and what is found beside the journal.

A ledger is `PATH` or `PATH#NAME`; `PATH` is the journal's database, a folder that holds `ledger.db`, or a folder that
holds `.verbale/ledger.db`.  With nothing said, the nearest `.verbale/` upwards counts, as git finds its own.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from ledger.errors import Refused

FOLDER = ".verbale"
JOURNAL = "ledger.db"


class Place(NamedTuple):
    """Where one ledger's files are."""

    journal: Path
    name: str = "main"

    @property
    def views(self) -> Path:
        """The disposable tables."""
        return self.journal.with_name(self._stem + ".views.db")

    @property
    def sources(self) -> Path:
        """The folder of the sources' bytes; the ledgers of one database share it."""
        return self.journal.with_name(self.journal.stem + ".sources")

    @property
    def _stem(self) -> str:
        return self.journal.stem if self.name == "main" else f"{self.journal.stem}.{self.name}"

    def __str__(self) -> str:
        """Return what `--ledger` would say."""
        return str(self.journal) if self.name == "main" else f"{self.journal}#{self.name}"


def place_of(said: str | os.PathLike[str]) -> Place:
    """Return the place that a path names.

    Raises:
        Refused: it is an address of a kind that this version does not open.
    """
    text = os.fspath(said)
    if "://" in text:
        raise Refused(f"cannot open {text}", hint="this version keeps ledgers in SQLite files only")
    path_text, _, name = text.partition("#")
    path = Path(path_text)
    if path.is_dir():
        inner = path / FOLDER / JOURNAL
        path = inner if inner.exists() else path / JOURNAL
    return Place(path, name or "main")


def nearest_place(start: Path) -> Place:
    """Return the ledger in the nearest `.verbale/` from a folder upwards.

    Raises:
        Refused: there is none.
    """
    for folder in (start, *start.parents):
        journal = folder / FOLDER / JOURNAL
        if journal.exists():
            return Place(journal)
    raise Refused("no ledger here", hint="make one with: verbale init")
