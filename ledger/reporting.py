"""What an import says of itself: how far it is, and in the end what became of every row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.refusals import Refusal

if TYPE_CHECKING:
    from ledger.errors import LedgerError

LISTED: Final = 1_000
"""Refusals listed in a report; all are counted."""


class Progress(NamedTuple):
    """How far an import is."""

    step: str
    """`deciding` (counts bytes of the file), then `recording` (counts entries)."""
    done: int
    total: int


@dataclass
class Report:
    """What an import did: `rows` = `new` + `already` + `repeated` + `refused_count`."""

    rows: int = 0
    new: int = 0
    """Drafts that say something new; entries `first` to `last`, unless nothing was recorded."""
    already: int = 0
    """Recorded before this import began."""
    repeated: int = 0
    """Said by an earlier line of the same file."""
    refused: list[Refusal] = field(default_factory=list)
    refused_count: int = 0
    registered: int = 0
    """Entries beside the rows': names that the rows use and nobody had registered."""
    beside: int = 0
    """Other entries beside the rows': what repeated rows corroborate, what vanished, the end of a snapshot."""
    first: int | None = None
    last: int | None = None
    notes: dict[str, int] = field(default_factory=dict)
    decided_after: int = 0
    """The last entry of the journal that the decisions were based on."""
    error: LedgerError | None = None
    """The first refusal."""

    @property
    def entries(self) -> int:
        """How many entries there are to record."""
        return self.new + self.registered + self.beside

    def refuse(self, line: int, error: LedgerError) -> None:
        """Count a refused line, and list it while there is room."""
        self.refused_count += 1
        self.error = self.error or error
        if len(self.refused) < LISTED:
            self.refused.append(Refusal(line, error.message, error.hint))

    def resuming(self, lost: Report | None) -> Report:
        """Count what an earlier try recorded before its connection was lost as new, not as there already."""
        if lost is not None and lost.first is not None and lost.last is not None:
            entries = lost.last - lost.first + 1 + self.entries
            self.first, self.last = lost.first, self.last or lost.last
            self.already, self.repeated, self.notes = lost.already, lost.repeated, lost.notes
            self.new = self.rows - self.already - self.repeated - self.refused_count
            self.registered = entries - self.new - self.beside
        return self

    def note(self, name: str) -> None:
        """Count something worth knowing."""
        self.notes[name] = self.notes.get(name, 0) + 1

    def reached(self, first: int, last: int) -> None:
        """Take note of entries that are recorded now."""
        self.first, self.last = self.first or first, last


class Interrupted(KeyboardInterrupt):
    """Somebody interrupted an import; `report` says how far it came: whole batches are recorded, or nothing is."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
