"""A bit flipped anywhere in a ledger at rest: what a reader then gets, and whether `verify` has found it.

`undetected` is what must not be: a check that finds nothing, and a reader who gets something else than before.  A flip
that neither shows is harmless: it hit free space, what is made anew, or what lies in two places.
"""

from __future__ import annotations

import shutil
import sqlite3
import traceback
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.codec import format_line
from ledger.errors import LedgerError
from tests.faults.whole import WORDS
from verbale import Ledger

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

JOURNAL: Final = "ledger.db"
FILES: Final = {
    "journal": (JOURNAL, 10),
    "views": ("ledger.views.db", 10),
    "checkpoints": ("ledger.checkpoints.jsonl", 3),
    "erasures": ("ledger.erasures.jsonl", 3),
    "sources": ("[0-9a-f]*[0-9a-f]", 1),
}
"""What a file holds, what it is called, and how often it is chosen."""


class Flip(NamedTuple):
    """One bit of one file."""

    file: str
    """Which of `FILES`."""
    at: int
    bit: int


class Fate(NamedTuple):
    """What came of a flip."""

    flip: Flip
    found: str | None
    """What the check says; None where it finds nothing."""
    harmless: bool
    """Whether a reader gets what he got before."""
    crash: str | None = None
    """An error that is none of ours: a traceback, to whoever asked."""

    @property
    def undetected(self) -> bool:
        """Whether a reader gets something else or a traceback, and nobody says so; or who verifies gets one."""
        return self.crash is not None or (self.found is None and not self.harmless)


def fate(ledger: Path, answer: str, verdict: Callable[[str], str | None], rng: random.Random, into: Path) -> Fate:
    """Flip a bit in a copy of a ledger, and say what came of it.

    Args:
        ledger: the folder of a ledger at rest.
        answer: what `answers` gives of it.
        verdict: the check: what it finds in the ledger of that address, None where that is nothing.
        rng: chooses the bit.
        into: an empty folder, left as it was.
    """
    asked, read = into / "asked", into / "read"
    flip = flipped(ledger, rng, asked)
    shutil.copytree(asked, read)  # whoever opens a ledger mends its views
    try:
        return Fate(flip, verdict(str(asked / JOURNAL)), answers(read / JOURNAL) == answer)
    except Exception as error:  # noqa: BLE001  whatever it is
        told = traceback.extract_tb(error.__traceback__)[-1]
        return Fate(flip, None, harmless=False, crash=f"{error!r:.120} in {told.name}, {told.filename}:{told.lineno}")
    finally:
        shutil.rmtree(asked)
        shutil.rmtree(read)


def flipped(ledger: Path, rng: random.Random, into: Path) -> Flip:
    """Copy a ledger at rest into an empty folder, with one bit of it flipped."""
    shutil.copytree(ledger, into, dirs_exist_ok=True)
    file = rng.choices(list(FILES), [weight for _, weight in FILES.values()])[0]
    path = next(path for path in into.rglob(FILES[file][0]) if path.is_file())
    content = bytearray(path.read_bytes())
    at, bit = rng.randrange(len(content)), rng.randrange(8)
    content[at] ^= 1 << bit
    path.write_bytes(content)
    return Flip(file, at, bit)


def answers(ledger: Path) -> str:
    """Return all that a reader gets, or may once an older copy was put back: lines, positions, words, notes."""
    told: list[object] = []
    try:
        with Ledger(ledger) as book:
            told += [format_line(*line) for line in book.journal.lines()]
            told += [book.journal.store.keys(), book.journal.store.secret]
            told += [book.journal.checkpoints(), book.signing_keys(), max(_signed(book), default=0)]
            told += [one._replace(erasure=0) for one in book.journal.kept.erasures()]
            told += [book.journal.sealed_values(entry) for entry in range(1, book.head + 1)]
            told += [book.snapshots.document(source["sha256"]) for source in book.sources()]
            told += [list(book.matrix(as_of)) for as_of in (None, "2025-03-01", "2025-03-04")]
            told += [list(book.matrix(as_known_at=f"e{entry}")) for entry in range(1, book.head + 1)]
            told += [book.why(row.party, row.issue) for row in book.matrix()]
            told += [list(book.log()), list(book.parties()), list(book.issues()), list(book.speakers())]
            told += [list(book.search(words)) for words in WORDS]
    except (LedgerError, sqlite3.Error) as error:
        told.append(type(error))
    return repr(told)


def _signed(book: Ledger) -> list[int]:
    """Return the sizes below which an older copy is known for what it is."""
    return [one.size for one in (*book.journal.kept.checkpoints(), *book.journal.store.checkpoints())]
