"""Importing a lot of drafts: everything is decided first, then recorded in whole batches.

A refusal anywhere records nothing (unless the import keeps going), so a lot is decided in full before the first entry
is appended; what was decided waits in a spool, in memory while it is small.  An interruption leaves whole batches, and
the same lot again completes it: what is recorded already is recorded once only.
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Final, Self

from ledger.entries import Amendment, EntryRetracted, ImportFinished
from ledger.errors import ConnectionLost, LedgerError, Refused
from ledger.importers import dossier
from ledger.importers.dossier import MAX_DRAFT
from ledger.living import Comparison, Snapshot
from ledger.ordinary import Ordinary
from ledger.refusals import Refusals
from ledger.reporting import Interrupted, Progress, Report
from ledger.strict_json import parse_object

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ledger.batch import Appended, Prepared
    from ledger.deciding import Desk
    from ledger.importers import Format
    from ledger.importers.line import Draft, Line

BATCH: Final = 5_000
_TOLD_EVERY: Final = 1_000
_TOO_LONG: Final = "keep long texts in the source, and quote a part"


class Lot:
    """A file of drafts, decided on as a whole.

    Args:
        file: at its start.
        desk: decides, and holds what waits.
        told: called now and then with how far this is.
        of: the file's format.
        snapshot: the data set and the day whose state the file is.
    """

    def __init__(
        self,
        file: IO[bytes],
        desk: Desk,
        told: Callable[[Progress], None] | None = None,
        of: Format = dossier,
        snapshot: Snapshot | None = None,
    ) -> None:
        self.report = Report(decided_after=desk.register.head)
        self.refusals = Refusals()
        self._desk = desk
        self._told = told
        self._compared: Comparison | None = None
        try:
            self._compare(of, snapshot)
            self._decide(file, of)
            if snapshot is not None and not self.report.refused_count:
                self._finish(file)
        except KeyboardInterrupt:
            self.close()
            raise Interrupted(self.report) from None
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Use what was decided as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        self.close()

    def close(self) -> None:
        """Let go of what was decided and refused."""
        self._desk.close()
        self.refusals.close()

    def _decide(self, file: IO[bytes], of: Format) -> None:
        report, size = self.report, _size(file)
        for line in of.lines(file, self._desk.register):
            if line.left_out is not None:
                for name in (f"left_out_{line.left_out}", *line.notes):
                    report.note(name)
                continue
            report.rows += 1
            if self._told is not None and not report.rows % _TOLD_EVERY:
                self._told(Progress("deciding", line.end, size))
            try:
                self._decide_on(line)
            except ConnectionLost:
                raise  # which is not the line's fault
            except LedgerError as error:
                report.refuse(line.number, error)
                self.refusals.add(line.number, line.start, line.size, error)

    def _compare(self, of: Format, snapshot: Snapshot | None) -> None:
        """Begin to compare the rows with what the ledger holds of the data set, where that is wanted."""
        register = self._desk.register
        if snapshot is None:
            living = getattr(of, "LIVING", None)
            if living is None or next(register.origins(living), None) is None:
                return
            snapshot = Snapshot(living)
        self._compared = Comparison(snapshot, register, self._desk.meant)
        if snapshot.day is not None:
            self._decide_beside(self._compared.source())

    def _finish(self, file: IO[bytes]) -> None:
        if self._compared is not None:
            for draft in self._compared.finish(file):
                self._decide_beside(draft)
                if draft["type"] == EntryRetracted.type_name():
                    self.report.note("vanished")
            if self._compared.kept:
                self.report.notes["kept_here"] = self._compared.kept
            if self._compared.gone:
                self.report.notes["vanished_retracted_here"] = self._compared.gone

    def _decide_on(self, line: Line) -> None:
        if line.error is not None or (line.draft is None and not line.repeats):
            raise line.error or Refused(f"longer than {MAX_DRAFT:,} bytes", hint=_TOO_LONG)
        report = self.report
        for document in line.documents:
            self._desk.hand(document)
        for needed in line.needed:
            self._decide_beside(needed)
        if line.repeats:
            if line.draft is not None:
                self._decide_beside(line.draft)
            report.repeated += 1
        elif line.draft is not None and self._compared is not None:
            self._decide_on_row(line.draft, self._compared)
        elif line.draft is not None:
            self._decide_on_draft(line.draft)
        for name in line.notes:
            report.note(name)

    def _decide_beside(self, draft: bytes | Draft) -> None:
        """Decide on what a row brings along; it is not counted as the row."""
        found = self._desk.decide_line(draft)
        if isinstance(found, Ordinary) or found.prepared is None:
            self.report.beside += isinstance(found, Ordinary)
        elif isinstance(found.event, Amendment | ImportFinished):
            self.report.beside += 1
        else:
            self.report.registered += 1

    def _decide_on_row(self, row: bytes | Draft, compared: Comparison) -> None:
        draft = parse_object(row) if isinstance(row, bytes) else row
        change = compared.change(draft)
        report, ref = self.report, draft.get("ref")
        if change.held is not None and ref is not None and ref not in self._desk.refs:
            self._desk.refs[ref] = change.held
        for draft in change.drafts[:-1]:
            self._decide_beside(draft)
        if change.drafts:
            self._decide_on_draft(change.drafts[-1])
        else:
            report.repeated += change.repeats
            report.already += not change.repeats
        if change.note is not None:
            report.note(change.note)

    def _decide_on_draft(self, draft: bytes | Draft) -> None:
        report, decision = self.report, self._desk.decide_line(draft)
        if isinstance(decision, Ordinary):
            report.new += 1
            if decision.quoted:
                report.note("quotes_unchecked")
            return
        if decision.prepared is None:
            report.repeated += decision.repeated
            report.already += not decision.repeated
            return
        report.new += 1
        if decision.quote_unchecked:
            report.note("quotes_unchecked")

    def append(self, append: Callable[[list[Prepared], int], Appended], head: Callable[[], int]) -> None:
        """Append what was decided, each batch in one transaction.

        Args:
            append: appends a batch after the entry of that number, which the decisions were based on.
            head: returns the last entry; nobody else may be writing.

        Raises:
            Interrupted: by the user, after whole batches.
            Refused: by the database, where that was after whole batches the message says so.
        """
        report = self.report
        self._desk.keep_documents()
        try:
            for batch in self._desk.spool.batches(BATCH):
                done = append(batch, report.decided_after if report.last is None else report.last)
                report.reached(done.first, done.last)
                if self._told is not None:
                    self._told(Progress("recording", done.last - report.decided_after, report.entries))
        except BaseException as error:
            last = head()  # a batch may have been committed and not have been told of
            if last > report.decided_after:
                report.reached(report.decided_after + 1, last)
            if isinstance(error, KeyboardInterrupt):
                raise Interrupted(report) from None
            if type(error) is Refused and report.first is not None:
                there = f"{last - report.decided_after:,} of {report.entries:,} entries were recorded"
                message = f"{there}, e{report.first}–e{last}; then {error.message}"
                raise Refused(message, hint=f"{error.hint or ''} The same file again completes it".strip()) from None
            raise


def take_refs(file: IO[bytes], desk: Desk) -> None:
    """Let the `ref`s of another file stand for the entries that its lines were recorded as; the others stand for none.

    A line that was refused then, or is mended since, names nothing here.
    """
    for line in dossier.lines(file):
        if isinstance(line.draft, bytes) and b'"ref"' in line.draft:
            try:
                desk.recall(parse_object(line.draft))
            except LedgerError:
                continue


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size
