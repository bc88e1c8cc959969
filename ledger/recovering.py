"""Recovering: what an older copy of a ledger lacks, brought back from an exported journal or a bundle.

The file must begin with every line that the ledger still has, to the byte, and its tree must have the root of every
checkpoint that is known and that it reaches; then the lines that follow are appended, in one transaction.
"""

from __future__ import annotations

from collections import deque
from typing import IO, TYPE_CHECKING, NamedTuple

from ledger.codec import format_line
from ledger.errors import VerificationFailed
from ledger.replaying import examined, read_lines
from ledger.transparency.checkpoint import parse_checkpoint
from ledger.transparency.note import parse_note
from ledger.transparency.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.codec import StoredLine
    from ledger.entries import Entry
    from ledger.journal import Journal
    from ledger.kept import Checkpoint

_ANOTHER = "nothing was recorded; the file is of another ledger, or of another history of this one"


class Recovered(NamedTuple):
    """What was brought back."""

    first: int
    last: int
    """Less than `first` where nothing was missing."""
    missing: int
    """How many entries the last known checkpoint still covers beyond the last."""


def recover_into(journal: Journal, file: IO[bytes]) -> Recovered:
    """Append what a journal lacks, whole or not at all.

    Args:
        journal: an older copy of what the file holds.
        file: an exported journal, or a bundle's `journal.jsonl`.

    Raises:
        VerificationFailed: the file does not hold, is of another history, or is shorter than the journal.
    """
    known = journal.checkpoints()
    with journal.writing():
        head = journal.head
        journal.append_lines(_missing(journal, head, known, file))
        last = journal.head
    largest = max((one.size for one in known), default=0)
    return Recovered(head + 1, last, max(largest - last, 0))


def hold(journal: Journal, known: list[Checkpoint], file: IO[bytes]) -> None:
    """Read the file as `recover_into` would, record nothing, and go back to its beginning.

    Raises:
        VerificationFailed: as there.
    """
    deque(_missing(journal, journal.head, known, file), maxlen=0)
    file.seek(0)


def _missing(
    journal: Journal, head: int, known: list[Checkpoint], file: IO[bytes]
) -> Iterator[tuple[StoredLine, Entry]]:
    """Yield the lines beyond the head, once those up to it have turned out to be the journal's own."""
    tree, signed, ours = Tree(), {one.size: one for one in known}, journal.lines(upto=head)
    for line, event in examined(read_lines(file)):
        tree.add(format_line(*line))
        if line.entry <= head and next(ours, None) != line:
            raise VerificationFailed(f"e{line.entry} of the file is not e{line.entry} of the ledger", hint=_ANOTHER)
        one = signed.get(tree.size)
        if one is not None and parse_checkpoint(parse_note(one.note).text).root != tree.root():
            message = f"cp{one.number} signed another history of {one.size:,} entries than the file holds"
            raise VerificationFailed(message, hint=_ANOTHER)
        if line.entry > head:
            yield line, event
    if tree.size < head:
        message = f"the file ends at e{tree.size}, and the ledger at e{head}"
        raise VerificationFailed(message, hint="nothing was recorded; the ledger has all of it")
