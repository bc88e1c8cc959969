"""Importing a lot of drafts: everything is decided first, then recorded in whole batches.

A refusal anywhere records nothing (unless the import keeps going), so a lot is decided in full before the first entry
is appended; what was decided waits in a spool, in memory while it is small.  An interruption leaves whole batches, and
the same lot again completes it: what is recorded already is recorded once only.
"""

from __future__ import annotations

import pickle
import tempfile
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from ledger.errors import ConnectionLost, LedgerError, Refused
from ledger.importers.dossier import MAX_DRAFT, lines
from ledger.strict_json import parse_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.batch import Appended, Prepared
    from ledger.deciding import Desk

BATCH: Final = 5_000
LISTED: Final = 1_000
"""Refusals listed in a report; all are counted."""
_IN_MEMORY: Final = 32_000_000
_TOO_LONG: Final = "keep long texts in the source, and quote a part"


class Refusal(NamedTuple):
    """A line that was refused, and why."""

    line: int
    reason: str
    hint: str | None


@dataclass
class Report:
    """What an import did: `rows` = `new` + `already` + `repeated` + `refused_count`."""

    rows: int = 0
    new: int = 0
    already: int = 0
    """Recorded before this import began."""
    repeated: int = 0
    """Said by an earlier line of the same file."""
    refused: list[Refusal] = field(default_factory=list)
    refused_count: int = 0
    first: int | None = None
    last: int | None = None
    notes: dict[str, int] = field(default_factory=dict)
    decided_after: int = 0
    """The last entry of the journal that the decisions were based on."""
    error: LedgerError | None = None
    """The first refusal."""

    def refuse(self, line: int, error: LedgerError) -> None:
        """Count a refused line, and list it while there is room."""
        self.refused_count += 1
        self.error = self.error or error
        if len(self.refused) < LISTED:
            self.refused.append(Refusal(line, error.message, error.hint))

    def resuming(self, lost: Report | None) -> Report:
        """Count what an earlier try recorded before its connection was lost as new, not as there already."""
        if lost is not None and lost.first is not None and lost.last is not None:
            self.new += lost.last - lost.first + 1
            self.first, self.last = lost.first, self.last or lost.last
            self.repeated, self.notes = lost.repeated, lost.notes
            self.already = self.rows - self.new - self.repeated - self.refused_count
        return self

    def note(self, name: str) -> None:
        """Count something worth knowing."""
        self.notes[name] = self.notes.get(name, 0) + 1


def decide_all(
    file: IO[bytes], desk: Desk, report: Report, told: Callable[[int], None] | None = None
) -> Iterator[Prepared]:
    """Decide on every line of a file of drafts, and yield what is to be appended, in order.

    Args:
        file: JSON Lines.
        desk: decides.
        report: is filled in.
        told: called now and then with the number of bytes read, for a progress bar.
    """
    read = 0
    for number, line in lines(file):
        report.rows += 1
        read += len(line or b"") + 1
        if told is not None and not report.rows % 1_000:
            told(read)
        try:
            if line is None:
                report.refuse(number, Refused(f"longer than {MAX_DRAFT:,} bytes", hint=_TOO_LONG))
                continue
            decision = desk.decide(parse_object(line))
        except ConnectionLost:
            raise  # which is not the line's fault
        except LedgerError as error:
            report.refuse(number, error)
            continue
        if decision.prepared is None:
            report.repeated += decision.repeated
            report.already += not decision.repeated
            continue
        report.new += 1
        if decision.quote_unchecked:
            report.note("quotes_unchecked")
        yield decision.prepared


class Spool:
    """What was decided, in batches, in memory while it is small and in a file that nobody else sees after that."""

    def __init__(self, prepared: Iterator[Prepared]) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `close`
        try:
            while batch := list(islice(prepared, BATCH)):
                pickle.dump(batch, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        except BaseException:
            self.close()
            raise

    def batches(self) -> Iterator[list[Prepared]]:
        """Yield the batches in order."""
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301  our own file, unlinked since it was made
            except EOFError:
                return

    def close(self) -> None:
        """Let go of what was decided."""
        self._file.close()


def append_all(spool: Spool, append: Callable[[list[Prepared], int], Appended], report: Report) -> None:
    """Append every batch, each in one transaction.

    Args:
        spool: what was decided.
        append: appends a batch after the entry of that number, which the decisions were based on.
        report: says after which entry the decisions began, and is told the first and last of the new ones.
    """
    for batch in spool.batches():
        done = append(batch, report.decided_after if report.last is None else report.last)
        report.first = report.first or done.first
        report.last = done.last
