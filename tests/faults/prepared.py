"""A ledger with something of everything that a command can be asked to do to it, and what it needs beside."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.ledger.samples import BASICS, NOW, source, statement
from tests.verbale.tampering import KEY
from verbale import Ledger

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL: Final = "l.db"
CLOSED: Final = "we can live with it"
"""Words that are sealed, and stand in a source too."""


class Prepared(NamedTuple):
    """A folder, made once; nobody writes there."""

    folder: Path
    head: int
    sealed: int
    """The entry in which words are sealed."""

    @property
    def ledger(self) -> Path:
        """The folder of the ledger: signed once, and recorded into since."""
        return self.folder / "ledger"

    @property
    def older(self) -> Path:
        """The folder of an older copy, with the checkpoints that were signed since."""
        return self.folder / "older"

    def words(self, command: str, out: Path) -> list[str]:
        """Return what is typed for one of `COMMANDS`.

        Args:
            command: its name.
            out: what it is to make, without a suffix.
        """
        given = {"own": self.folder, "out": out, "sealed": self.sealed}
        return [word.format(**given) for word in COMMANDS[command].split()]


COMMANDS: Final = {
    "checkpoint": "checkpoint --key {own}/key",
    "erase": "erase e{sealed} --reason asked --authority court",
    "backup": "backup {out}",
    "bundle": "bundle make -o {out} --as-known-at cp1",
    "zip": "bundle make -o {out}.zip --as-known-at cp1",
    "tiles": "export tiles -o {out}",
    "into": "replay --into {out}.db",
    "verify": "verify",
    "restore": "restore {own}/backup",
    "recover": "recover {own}/journal.jsonl",
    "lines": "replay {own}/journal.jsonl",
}
"""What is done to a whole ledger, beyond recording into it."""

MAKING: Final = {"backup": "", "bundle": "", "zip": ".zip", "tiles": "", "into": ".db"}
"""The commands that make something of its own, and the suffix of what."""

ELSEWHERE: Final = ("restore", "lines")
"""Those that fill a ledger that has nothing yet."""


def prepare(folder: Path, count: int) -> Prepared:
    """Make all of it in an empty folder.

    Args:
        folder: where.
        count: how many statements.
    """
    (folder / "key").write_text(KEY.format() + "\n", encoding="utf-8")
    (folder / "key").chmod(0o600)
    (folder / "minutes.txt").write_text(f"Anna: {CLOSED}.\n" + "Words. " * 2_000, encoding="utf-8")
    (folder / "many.jsonl").write_text("".join(json.dumps(statement(f"word {n}")) + "\n" for n in range(count)))
    path = folder / "ledger" / JOURNAL
    Ledger.create(path)
    with Ledger(path, recorded_by="anna", clock=lambda: NOW) as book:
        book.add_key(KEY.verifier)
        for draft in (*BASICS, source("minutes", snapshot="minutes.txt")):
            book.record(draft, folder=folder)
        assert not book.import_file(folder / "many.jsonl").refused
        said = statement(CLOSED, sealed=True, speaker="Anna", quote=CLOSED, source="minutes")
        sealed = book.record(said).entry
        book.close()
        shutil.copytree(path.parent, folder / "older")
        book.record(statement("signed"))
        book.checkpoint(lambda _: KEY)
        book.record(statement("not signed yet"))
        (folder / "journal.jsonl").write_bytes(b"".join(book.export_journal()))
        book.backup(folder / "backup")
        head = book.head
        book.matrix()
    shutil.copy(path.parent / "l.checkpoints.jsonl", folder / "older")
    return Prepared(folder, head, sealed)


def content(made: Path) -> dict[str, bytes]:
    """Return what a command has made: every file's bytes."""
    files = [made] if made.is_file() else [path for path in made.rglob("*") if path.is_file()]
    return {str(path.relative_to(made)): path.read_bytes() for path in files}
