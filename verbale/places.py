"""Where a ledger lies: what `--ledger` may say, and where its views are.

A ledger is `PATH` or `PATH#NAME`; `PATH` is the journal's database, a folder that holds `ledger.db`, or a folder that
holds `.verbale/ledger.db`.  Or it is `postgresql://USER@HOST:PORT/DATABASE#NAME`.  With nothing said, the nearest
`.verbale/` upwards counts, as git finds its own.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ledger.errors import Refused

if TYPE_CHECKING:
    from ledger.stores.address import Address
    from ledger.stores.protocol import Store
    from ledger.stores.sqlite import SQLiteStore

FOLDER = ".verbale"
JOURNAL = "ledger.db"


class Location(Protocol):
    """Where one ledger lies, on whatever kind of store."""

    @property
    def name(self) -> str:
        """The ledger's name in its database."""

    @property
    def views(self) -> Path | None:
        """The file of the disposable tables; None keeps them in memory."""

    @property
    def kept(self) -> Path | None:
        """What the files that outlive the database start with (`ledger.kept`); None where none can be written."""

    def open(self) -> Store:
        """Open the ledger.

        Raises:
            Refused: there is none, or it cannot be opened.
        """

    def create(self, secret: bytes | None = None) -> bool:
        """Make the ledger; say whether it is new.  A copy of another has that one's secret."""

    def __str__(self) -> str:
        """Return what `--ledger` would say, without a password."""


class Place(NamedTuple):
    """A SQLite file, and what lies beside it."""

    journal: Path
    name: str = "main"

    @property
    def views(self) -> Path:
        """The disposable tables, beside the journal."""
        return self.kept.with_name(f"{self.kept.name}.views.db")

    @property
    def kept(self) -> Path:
        """What the files beside the journal start with."""
        stem = self.journal.stem
        return self.journal.with_name(stem if self.name == "main" else f"{stem}.{self.name}")

    @property
    def sources(self) -> Path:
        """The folder of the sources' bytes, which the ledgers of one database share."""
        from ledger.stores.sqlite import sources_of

        return sources_of(self.journal)

    def open(self) -> SQLiteStore:
        """Open the ledger.

        Raises:
            Refused: there is none.
        """
        from ledger.stores.sqlite import SQLiteStore

        if not self.journal.exists():
            raise Refused(f"no ledger at {self}", hint=f"make one with: verbale init --ledger {self}")
        if self.journal.is_dir():
            raise Refused(f"{self} is a folder", hint="name the database file in it")
        return SQLiteStore(self.journal, self.name)

    def create(self, secret: bytes | None = None) -> bool:
        """Make the ledger, and its file if need be; say whether it is new."""
        from ledger.stores.sqlite import SQLiteStore

        return SQLiteStore.create(self.journal, self.name, secret)

    def __str__(self) -> str:
        """Return what `--ledger` would say."""
        return str(self.journal) if self.name == "main" else f"{self.journal}#{self.name}"


class ServerPlace(NamedTuple):
    """A ledger on PostgreSQL; whoever reads it keeps views of his own."""

    address: Address
    name: str = "main"

    @property
    def views(self) -> Path | None:
        """A file in this user's cache, one for each ledger of each database; None where no folder can be made there."""
        folder = _made(cache_folder())
        return None if folder is None else folder / f"{self._hashed()}.views.db"

    @property
    def kept(self) -> Path | None:
        """Likewise in the folder of this user's that no clean-up empties."""
        folder = _made(state_folder())
        return None if folder is None else folder / self._hashed()

    def _hashed(self) -> str:
        told = self.address.parameters()
        of = [str(told.get(part, os.environ.get(f"PG{part.upper()}", ""))) for part in ("host", "port", "dbname")]
        return hashlib.sha256("\0".join([*of, self.name]).encode()).hexdigest()[:32]

    def open(self) -> Store:
        """Open the ledger.

        Raises:
            Refused: there is none, or the database cannot be opened.
        """
        from ledger.stores.postgres import PostgresStore

        return PostgresStore(self.address, self.name)

    def create(self, secret: bytes | None = None) -> bool:
        """Make the ledger, and its tables if need be; say whether it is new."""
        from ledger.stores.postgres import PostgresStore

        return PostgresStore.create(self.address, self.name, secret)

    def __str__(self) -> str:
        """Return what `--ledger` would say, without a password."""
        return str(self.address) if self.name == "main" else f"{self.address}#{self.name}"


def cache_folder() -> Path:
    """Return the folder in which this user keeps views of ledgers that lie elsewhere."""
    return _folder("XDG_CACHE_HOME", ".cache")


def state_folder() -> Path:
    """Return the folder in which this user keeps the checkpoints of ledgers that lie elsewhere."""
    return _folder("XDG_STATE_HOME", ".local/state")


def _folder(variable: str, usual: str) -> Path:
    if sys.platform == "win32":
        said = os.environ.get("LOCALAPPDATA")
        return (Path(said) if said else Path.home() / "AppData" / "Local") / "verbale"
    said = os.environ.get(variable, "")
    return (Path(said) if said.startswith("/") else Path.home() / usual) / "verbale"  # a relative one does not count


def _made(folder: Path) -> Path | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


def place_of(said: str | os.PathLike[str]) -> Location:
    """Return the place that a path or an address names.

    Raises:
        Refused: it is an address of a kind that this version does not open.
        Unparsable: it is an address of PostgreSQL with a slip in it.
    """
    text = os.fspath(said)
    scheme, is_address, _ = text.partition("://")
    if is_address:
        from ledger.stores.address import SCHEMES, parse_address

        if scheme not in SCHEMES:
            hint = "name a SQLite file, or postgresql://user@host/database"
            raise Refused(f"cannot open a ledger at {scheme}://…", hint=hint)
        return ServerPlace(*parse_address(text))
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
