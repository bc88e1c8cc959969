"""Checkpoints: every one that is known covers lines that are there and hash to what was signed.

A checkpoint is known from the database, from the file beside it, or from both; where both have it, they must say the
same (one may have more signatures than the other: a witness may have cosigned it later).  It must be signed by a key
that the ledger had at that size: the one it was made with, or one that a `key-added` entry below that size brought and
no `key-retired` entry took away.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ledger.entries import KeyAdded
from ledger.errors import LedgerError
from ledger.kept import Checkpoint
from ledger.transparency.checkpoint import parse_checkpoint
from ledger.transparency.keys import log_key
from ledger.transparency.note import VerifierKey, open_note, parse_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.journal import Journal
    from verbale.verifying.lines import Lines
    from verbale.verifying.report import Report

CHECK: Final = "checkpoints"
_NAMED: Final = 3


class Known:
    """The checkpoints that are known of a ledger.

    Args:
        journal: whose.
        report: told where the database or the file beside it cannot be read.
        elsewhere: the notes that somebody kept elsewhere, by what they are called.
    """

    def __init__(self, journal: Journal, report: Report, elsewhere: Mapping[str, bytes]) -> None:
        self.stored: dict[int, Checkpoint] = {}
        self.beside: dict[int, Checkpoint] = {}
        self.elsewhere: dict[str, Checkpoint] = {}
        with report.guarded(CHECK, "the database's list of checkpoints"):
            self.stored = {one.number: one for one in journal.store.checkpoints()}
        with report.guarded(CHECK, "the file of checkpoints"):
            self.beside = {one.number: one for one in journal.kept.checkpoints()}
        for name, note in elsewhere.items():
            with report.guarded(CHECK, name):
                self.elsewhere[name] = Checkpoint(0, parse_checkpoint(parse_note(note).text).size, note)

    @property
    def sizes(self) -> list[int]:
        """The sizes of all of them, each once, in order."""
        every = (*self.stored.values(), *self.beside.values(), *self.elsewhere.values())
        return sorted({one.size for one in every if type(one.size) is int and one.size >= 0})


def check(journal: Journal, known: Known, lines: Lines, report: Report) -> None:
    """Hold every checkpoint to the lines that were read, and to the ledger's keys.

    Args:
        journal: whose.
        known: the checkpoints.
        lines: what was read, with the roots at their sizes.
        report: takes what is found.
    """
    problems = len(report.problems)
    numbers = sorted(known.stored.keys() | known.beside.keys())
    for number in range(1, max(numbers, default=0)):
        if number not in numbers:
            report.bad(CHECK, None, f"cp{number} is missing, though cp{max(numbers)} is there")
    good = 0
    for before, number in pairwise(numbers):
        if _size(known, number) < _size(known, before):
            report.bad(CHECK, None, f"cp{number} covers fewer entries than cp{before}")
    for number in numbers:
        stored, beside = known.stored.get(number), known.beside.get(number)
        if stored is not None and beside is not None and not _same(stored, beside):
            report.bad(CHECK, None, f"the database and the file beside it disagree on cp{number}")
        for one in dict.fromkeys(filter(None, (stored, beside))):
            good = max(good, _hold(journal, one, f"cp{number}", lines, good, report))
    if not numbers:
        report.left(CHECK, "none is signed yet: only one that somebody keeps elsewhere can show a history rewritten")
    elif len(report.problems) == problems:
        more = len(known.beside.keys() - known.stored.keys())
        says = f"cp1 to cp{numbers[-1]}" if len(numbers) > 1 else "cp1"
        beside_only = f", {more:,} of them known from the file only" if more else ""
        report.looked(CHECK, f"{says}: size, root and signature{beside_only}")
    _tell_lacking(journal, known, report)
    _check_elsewhere(journal, known, lines, report)


def _tell_lacking(journal: Journal, known: Known, report: Report) -> None:
    """Say which checkpoints only the database has: taken out there, nobody here would know of them."""
    lacking = sorted(known.stored.keys() - known.beside.keys()) if journal.kept.stem is not None else []
    if lacking:
        names = ", ".join(f"cp{number}" for number in lacking[:_NAMED]) + (" …" if len(lacking) > _NAMED else "")
        report.left(CHECK, f"the file beside the database lacks {names}: nobody here knows them if they go there too")


def _check_elsewhere(journal: Journal, known: Known, lines: Lines, report: Report) -> None:
    """Hold what somebody kept elsewhere: it shows what an operator who rewrote everything cannot hide."""
    for name, one in known.elsewhere.items():
        problems = len(report.problems)
        _hold(journal, one, name, lines, 0, report)
        if len(report.problems) == problems:
            report.looked(CHECK, f"{name}, kept elsewhere: its {one.size:,} entries are the first of this journal")


def _size(known: Known, number: int) -> int:
    return next(one.size for some in (known.stored, known.beside) if (one := some.get(number)) is not None)


def _same(one: Checkpoint, other: Checkpoint) -> bool:
    try:
        ours, theirs = parse_note(bytes(one.note)), parse_note(bytes(other.note))
    except (LedgerError, TypeError):
        return one == other
    signed, also = set(ours.signatures), set(theirs.signatures)
    return one.size == other.size and ours.text == theirs.text and (signed <= also or also <= signed)


def _hold(journal: Journal, one: Checkpoint, name: str, lines: Lines, good: int, report: Report) -> int:
    """Hold one checkpoint; return its size where it holds, else the size of the last that did."""
    with report.guarded(CHECK, name):
        keys = _keys_at(journal, one.size, lines)
        if not keys:
            report.left(CHECK, f"the signature of {name}: no key of this ledger is known here")
        text = open_note(bytes(one.note), keys).text if keys else parse_note(bytes(one.note)).text
        said = parse_checkpoint(text)
        if keys and said.origin not in {key.name for key in keys}:
            report.bad(CHECK, None, f"{name} is of '{said.origin}', which is not this ledger")
        elif said.size != one.size:
            report.bad(CHECK, None, f"{name} is kept as one of {one.size:,} entries, and says {said.size:,}")
        elif said.size > lines.last:
            covers = f"{name} covers {said.size:,} entries"
            report.bad(CHECK, lines.last + 1, f"the journal ends at e{lines.last}, {covers}")
        elif said.size in lines.roots and said.root != lines.roots[said.size]:
            where = f"e{said.size}" if said.size - good == 1 else f"one of e{good + 1} to e{said.size}"
            report.bad(CHECK, None, f"{where} is not what {name} was signed over")
        else:
            return said.size
    return good


def _keys_at(journal: Journal, size: int, lines: Lines) -> list[VerifierKey]:
    """Return the keys that might sign a checkpoint of this size."""
    first = journal.store.verifier_key()
    found = [first] if first is not None else []
    for entry, event in lines.signers:
        if entry > size:
            break
        if isinstance(event, KeyAdded):
            found.append(event.key)
        elif event.key in found:
            found.remove(event.key)
    origin = None if first is None else VerifierKey.parse(first).name
    return [key for key in (log_key(text, origin) for text in dict.fromkeys(found)) if key is not None]
