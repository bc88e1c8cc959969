"""The journal's lines, read once from the database as bytes: what each is held to, and the tree over all of them.

What later checks need is gathered on the way, so that nothing is read twice and nothing grows with the journal but one
byte an entry, the registered ids and the sources.  A line that does not hold stops nothing: it is a leaf all the same.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.codec import StoredLine, format_line, parse_line
from ledger.entries import (
    EntryCorrected,
    ErasureRecorded,
    KeyAdded,
    KeyRetired,
    SourceRegistered,
    StatementMade,
)
from ledger.errors import LedgerError, VerificationFailed
from ledger.kept import Erasure
from ledger.stores.protocol import CHUNK
from ledger.transparency.tree import Tree
from verbale.verifying.keys import Expected
from verbale.verifying.report import GARBLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import Entry
    from ledger.journal import Journal
    from ledger.known import Known
    from verbale.verifying.report import Report

CHECK: Final = "lines"
_LEAVES: Final = 1_024
_TOLD: Final = 5_000
_GAP: Final = 1_000_000
"""The longest gap that is believed: beyond it the number is what is wrong."""


class Unreadable(NamedTuple):
    """An entry that the database does not give out."""

    entry: int
    why: str


@dataclass
class Document:
    """What a source has been said to hash to, by its registration and by corrections of it."""

    sha256: set[str] = field(default_factory=set)
    text_sha256: set[str] = field(default_factory=set)

    def said(self, sha256: object, text_sha256: object) -> None:
        """Take note of hashes."""
        for found, value in ((self.sha256, sha256), (self.text_sha256, text_sha256)):
            if isinstance(value, str):
                found.add(value)


@dataclass
class Lines:
    """What the lines said, and the tree over them."""

    tree: Tree
    roots: dict[int, bytes]
    """The root at each size that was asked for and reached."""
    last: int = 0
    """The number of the last line."""
    keys: Expected = field(default_factory=Expected)
    documents: dict[int, Document] = field(default_factory=dict)
    erasures: list[Erasure] = field(default_factory=list)
    signers: list[tuple[int, KeyAdded | KeyRetired]] = field(default_factory=list)
    sealed: int = 0
    """Sealed values that lines speak of."""


def frontier(journal: Journal, size: int, known: Known, report: Report) -> Tree:
    """Return the tree of the first entries, without holding them to anything but their bytes.

    Args:
        journal: whose.
        size: of the checkpoint that vouches for them.
        known: takes note of what later lines may point at.
        report: told how far it is.
    """
    tree = Tree()

    def leaves() -> Iterator[bytes]:
        for line in journal.lines(0, size):
            if line.entry == size:
                known.take(size, line)  # whole, as the next line's time is held to its
            else:
                known.recall(line)
            if line.entry % _TOLD == 0:
                report.tell("entries hashed", line.entry, size)
            yield format_line(*line)

    tree.extend(leaves())
    return tree


class Reader:
    """Reads the lines after a size.

    Args:
        journal: whose.
        report: takes the problems.
        lines: what is gathered; its tree has the leaves before.
        known: what was said before.
        sizes: where roots are wanted, in order.
    """

    def __init__(self, journal: Journal, report: Report, lines: Lines, known: Known, sizes: list[int]) -> None:
        self._journal, self._report, self._lines, self._known = journal, report, lines, known
        self._sizes = [size for size in sizes if size >= lines.tree.size]
        self._leaves: list[bytes] = []

    def read(self, head: int | None) -> None:
        """Read every line up to an entry; None means to the end, whatever that is."""
        lines, report = self._lines, self._report
        lines.last = lines.tree.size
        self._grow(always=True)
        for found in _readable(self._journal, lines.last, head):
            number = self._number(found)
            try:
                self._one(number, found)
            except LedgerError as error:
                report.bad(CHECK, number, error.message)
            except GARBLED as error:
                report.bad(CHECK, number, f"e{number} cannot be read: {error}")
            lines.last = number
            self._grow()
            if number % _TOLD == 0:
                report.tell("entries verified", number, head or number)
        self._grow(always=True)
        if head is not None and lines.last < head:
            report.bad(CHECK, lines.last + 1, _missing(lines.last + 1, head))

    def _number(self, found: StoredLine | Unreadable) -> int:
        """Return which entry a line is, where its number can be believed, else which one is due."""
        due, said = self._lines.last + 1, found.entry
        if type(said) is not int or not due < said <= due + _GAP:
            return due
        self._report.bad(CHECK, due, _missing(due, said - 1))
        return said

    def _one(self, number: int, found: StoredLine | Unreadable) -> None:
        if isinstance(found, Unreadable):
            self._leaves.append(b"")
            raise VerificationFailed(f"e{number} cannot be read: {found.why}")
        try:
            raw = format_line(*found)
        except GARBLED:
            self._leaves.append(b"")
            raise
        self._leaves.append(raw)
        self._gather(number, self._known.take(number, parse_line(raw)))

    def _gather(self, number: int, event: Entry) -> None:
        lines = self._lines
        lines.keys.expect(self._journal, number, event)
        match event:
            case StatementMade():
                lines.sealed += len(event.sealed or ())
            case SourceRegistered():
                lines.documents.setdefault(number, Document()).said(event.sha256, event.text_sha256)
            case EntryCorrected() if event.entry in lines.documents:
                changed = event.changes
                lines.documents[event.entry].said(changed.get("sha256"), changed.get("text_sha256"))
            case ErasureRecorded():
                lines.erasures.append(Erasure(number, event.entry, event.fields, event.sources))
            case KeyAdded() | KeyRetired():
                lines.signers.append((number, event))

    def _grow(self, *, always: bool = False) -> None:
        """Let the tree take in the leaves that wait, up to each size at which its root is wanted."""
        tree, leaves = self._lines.tree, self._leaves
        while self._sizes and self._sizes[0] <= tree.size + len(leaves):
            size = self._sizes.pop(0)
            part = size - tree.size
            tree.extend(leaves[:part])
            del leaves[:part]
            self._lines.roots[size] = tree.root()
        if always or len(leaves) >= _LEAVES:
            tree.extend(leaves)
            leaves.clear()


def _missing(first: int, last: int) -> str:
    return f"e{first} is missing" if first == last else f"e{first} to e{last} are missing"


def _readable(journal: Journal, after: int, head: int | None) -> Iterator[StoredLine | Unreadable]:
    """Yield the lines after an entry; where the database is damaged, those around the damage one by one.

    What lies behind so much damage that no entry of a whole chunk can be read is given up.
    """
    while head is None or after < head:
        try:
            for line in journal.lines(after, head):
                yield line
                after = line.entry
        except (sqlite3.Error, UnicodeDecodeError):  # the latter where SQLite quotes what is no text
            until, readable = after + CHUNK, False
            for entry in range(after + 1, (until if head is None else min(until, head)) + 1):
                for found in _alone(journal, entry):
                    readable = readable or isinstance(found, StoredLine)
                    yield found
            if not readable:
                return
            after = until
        else:
            return


def _alone(journal: Journal, entry: int) -> Iterator[StoredLine | Unreadable]:
    try:
        line = journal.line(entry)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        yield Unreadable(entry, str(error))
    else:
        if line is not None:
            yield line
