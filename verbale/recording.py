"""Recording: one draft, a dossier, or an exported journal, under the writer's lock."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from ledger.collector import at_rest
from ledger.deciding import Desk
from ledger.entries import Amendment, ErasureRecorded, Mover
from ledger.entries.imports import day
from ledger.errors import ConnectionLost, Refused, StateChanged, Unparsable
from ledger.importers import dataset_of, dossier, format_of
from ledger.importing import Lot, take_refs
from ledger.living import VANISHED, Snapshot, share
from ledger.replaying import replay_into
from ledger.reporting import Interrupted, Progress, Report
from ledger.times import instant
from projections.asking import position
from projections.belonging import merges_at
from projections.clocks import recorded_at
from projections.schema import OPEN
from projections.states import read_event
from verbale.opened import OpenLedger

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from ledger.batch import Appended, Prepared
    from ledger.deciding import Decision
    from ledger.entries import Entry
    from ledger.importers.mapped import Mapped
    from projections.positions import Position


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a draft did, to the ledger and to the position it is about."""

    entry: int
    already: bool
    """Whether the same draft was recorded before; nothing was appended then."""
    type: str
    party: str | None
    issue: str | None
    before: Position | None
    """The position before, as best known, without a bound in the world's time."""
    after: Position | None
    event: Entry
    retracted_by: int | None = None
    """Where it was recorded before: the retraction in effect."""
    clock_behind: int | None = None
    """Seconds by which this host's clock is behind the ledger, where that is more than five minutes."""


class _Import(NamedTuple):
    """How a dossier is to be imported (`Recordings.import_file`)."""

    keep_going: bool
    dry_run: bool
    refused: Path | None
    refs_from: Path | None
    told: Callable[[Progress], None] | None
    format: str | None
    mapped: Mapped | None
    snapshot: Snapshot | None
    settings: Mapping[str, str]

    def records(self, report: Report) -> bool:
        """Say whether what was decided is to be recorded."""
        return not self.dry_run and (self.keep_going or not report.refused_count)


def _mapped_by(mapping: Path) -> Mapped:
    from ledger.importers.mapped import Mapped
    from ledger.importers.mapping import read_mapping

    return Mapped(read_mapping(mapping))


class Recordings(OpenLedger):
    """What appends to the journal."""

    def record(self, draft: dict[str, Any], *, seen: int | None = None, folder: Path | None = None) -> Recorded:
        """Record one draft: decided and appended under the writer's lock, once only.

        Args:
            draft: as in a dossier (`events/README.md`).
            seen: the last entry that its author knew of; what was retracted since is then `StateChanged`.
            folder: where a source's `snapshot` is looked up.

        Raises:
            LedgerError: the ledger does not admit it; nothing is recorded.
        """
        try:
            done = self._record_once(draft, seen, folder)
        except ConnectionLost:  # nothing was appended; on a new connection it is decided again
            self._register = None
            done = self._record_once(draft, seen, folder)
        if isinstance(done.event, ErasureRecorded):
            self.snapshots.forget()
            if self.journal.erasures.unpurged:
                self.journal.erasures.purge()
        return done

    def _record_once(self, draft: dict[str, Any], seen: int | None, folder: Path | None) -> Recorded:
        with self.journal.writing():
            desk = self._desk(seen=seen, folder=folder, anywhere=True)
            decision = desk.decide(draft)
            party, issue = self._cell_of(decision.event)
            before = self._row(party, issue)
            done = None
            try:
                desk.keep_documents()
                if decision.prepared is not None:
                    done = self._append_batch([decision.prepared], decision.entry - 1)
            except BaseException:
                self._register = None  # it has taken in what was not appended
                raise
            if done is not None:
                # Within the lock, as the next writer would otherwise wait for the views' file.  Where the connection
                # goes at this moment, it is recorded all the same, and another one answers below.
                with suppress(ConnectionLost):
                    self.views.appended()
                    return self._told(decision, done, party, issue, before, self._row(party, issue))
        after = before if done is None else self._row(party, issue)
        return self._told(decision, done, party, issue, before, after)

    def _told(
        self,
        decision: Decision,
        done: Appended | None,
        party: str | None,
        issue: str | None,
        before: Position | None,
        after: Position | None,
    ) -> Recorded:
        return Recorded(
            entry=decision.entry,
            already=done is None,
            type=decision.event.type_name(),
            party=party,
            issue=issue,
            before=before,
            after=after,
            event=decision.event,
            retracted_by=None if done is not None else self.current_register().retracted_by(decision.entry),
            clock_behind=None if done is None else done.clock_behind,
        )

    def import_file(
        self,
        file: str | os.PathLike[str] | IO[bytes],
        *,
        keep_going: bool = False,
        dry_run: bool = False,
        refused: str | os.PathLike[str] | None = None,
        refs_from: str | os.PathLike[str] | None = None,
        told: Callable[[Progress], None] | None = None,
        format_: str | None = None,
        snapshot_of: str | None = None,
        allow_vanished: float = VANISHED,
        scope: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        mapping: str | os.PathLike[str] | None = None,
    ) -> Report:
        """Record a file of drafts, or a data set of the field.

        Args:
            file: its path, or a binary file that can be read twice.
            keep_going: record what can be recorded; otherwise a refusal anywhere records nothing.
            dry_run: decide on everything and record nothing.
            refused: where to write the refused lines, byte for byte, to be mended and imported; the reasons go beside
                them (`ledger.refusals`).
            refs_from: an earlier dossier; its `ref`s stand here too for the entries that its lines were recorded as.
            told: called now and then with how far the import is.
            format_: what the file is, one of `ledger.importers.FORMATS`; None tells by how it begins.
            snapshot_of: the day whose state of the data set the file is: what changed is corrected, what vanished
                retracted, and the end has a label, `acled@2022-04-07`, which is a moment of the ledger.
            allow_vanished: per cent of the rows held that may have vanished.
            scope: columns and the one value of each that the file is limited to; other rows are left alone.
            settings: what the format is to be told (`ledger.importers.dna.SETTINGS`).
            mapping: says what the rows of a table are (`ledger.importers.mapping`); its refused rows are set aside with
                the header.

        Returns:
            the report; where it lists refusals and `keep_going` was not asked for, nothing was recorded.

        Raises:
            LedgerError: nothing was recorded, for a reason that is not one line's.
            Interrupted: by the user; whole batches are recorded, and the same file again adds the rest.
            OSError: a file cannot be read.
        """
        earlier = None if refs_from is None else Path(refs_from)
        snapshot = None
        if snapshot_of is not None:
            if keep_going:
                raise Unparsable("a snapshot is imported whole", hint="mend the rows; leave --keep-going out")
            snapshot = Snapshot("", day(snapshot_of), share(allow_vanished), dict(scope or {}))
        elif scope:
            raise Unparsable("a scope limits a snapshot", hint="say which: --snapshot-of DAY")
        refusals = None if refused is None else Path(refused)
        mapped = None if mapping is None else _mapped_by(Path(mapping))
        if mapped is not None and (format_ is not None or settings):
            raise Unparsable("a file is read by a mapping, or as a format is", hint="leave one of them out")
        wanted = _Import(keep_going, dry_run, refusals, earlier, told, format_, mapped, snapshot, settings or {})
        if not hasattr(file, "read"):
            path = Path(file)
            with path.open("rb") as opened:
                return self._import(opened, path.resolve().parent, wanted)
        return self._import(file, None, wanted)  # type: ignore[arg-type]

    @at_rest()
    def _import(self, file: IO[bytes], folder: Path | None, wanted: _Import) -> Report:
        report = self._settled(file, folder, wanted)  # what was decided is let go of before the views need memory
        if report.last is not None:
            try:
                self.views.appended()
            except KeyboardInterrupt:
                raise Interrupted(report) from None
        self._purge()
        return report

    def _purge(self) -> None:
        """Overwrite what the erasures among many entries have deleted."""
        if self.journal.erasures.to_purge:
            self.snapshots.forget()
            self.journal.erasures.purge()

    def _settled(self, file: IO[bytes], folder: Path | None, wanted: _Import, lost: Report | None = None) -> Report:
        lot = self._decided(file, folder, wanted)
        try:
            if wanted.records(lot.report):
                with self.journal.writing():
                    if self.journal.head != lot.report.decided_after:
                        # Somebody recorded meanwhile: decide again, and this time keep everybody else out.
                        lot.close()
                        lot = self._decided(file, folder, wanted)
                    if wanted.records(lot.report):
                        lot.append(self._append_batch, lambda: self.journal.head)
            if wanted.refused is not None and lot.report.refused_count:
                lot.refusals.save(file, wanted.refused, None if wanted.mapped is None else wanted.mapped.again)
            return lot.report.resuming(lost)
        except (ConnectionLost, StateChanged):
            # The lock went with the connection.  What is left is decided again, once: what is recorded stays so.
            if lost is not None:
                raise
        finally:
            self._register = None
            lot.close()
        return self._settled(file, folder, wanted, lot.report)

    def _decided(self, file: IO[bytes], folder: Path | None, wanted: _Import) -> Lot:
        self._register = None
        of = wanted.mapped or format_of(file, wanted.format, wanted.settings)
        if of is not dossier and wanted.refs_from is not None:
            raise Refused(f"the rows of {of.NAME} have no refs", hint="leave --refs-from out")
        if of is not dossier and wanted.mapped is None and wanted.refused is not None:
            raise Refused(f"refused rows of {of.NAME} are not set aside", hint="mend the file, and import it again")
        desk = self._desk(folder=folder)
        if wanted.refs_from is not None:
            with wanted.refs_from.open("rb") as earlier:
                desk.folder = wanted.refs_from.resolve().parent
                take_refs(earlier, desk)
            desk.folder = folder
        snapshot = wanted.snapshot
        if snapshot is not None:
            if of is dossier:
                raise Refused("a dossier is no data set", hint="a snapshot is of a data set: --as FORMAT")
            snapshot = snapshot._replace(dataset=dataset_of(of, file))
        return Lot(file, desk, wanted.told, of, snapshot)

    def replay_file(self, file: IO[bytes]) -> int:
        """Record the lines of an exported journal, byte for byte, in this ledger, which must be empty.

        Raises:
            Refused: this ledger has entries.
            VerificationFailed: a line is missing, swapped, cut, doubled or no entry; nothing is written.
        """
        done = replay_into(self.journal, file)
        self._register = None
        self.views.appended()
        self._purge()
        return done

    def _desk(self, *, seen: int | None = None, folder: Path | None = None, anywhere: bool = False) -> Desk:
        register = self.current_register()
        return Desk(
            register=register,
            journal=self.journal,
            snapshots=self.snapshots,
            now=self._now(register.head),
            recorded_by=self.recorded_by,
            folder=folder,
            anywhere=anywhere,
            seen=seen,
        )

    def _now(self, head: int) -> int:
        """Return when an entry would be recorded: now, or with the last one, where this host's clock is behind."""
        last = recorded_at(self.views.db, head)
        return self._clock() if last is None else max(self._clock(), instant(last))

    def _append_batch(self, prepared: list[Prepared], head: int) -> Appended:
        return self.journal.append(prepared, now=self._clock(), recorded_by=self.recorded_by, head=head)

    def _row(self, party: str | None, issue: str | None) -> Position | None:
        if party is None or issue is None:
            return None
        at = self.moment()
        return position(self.views.db, merges_at(self.views.db, at.known_at).survivor(party), issue, at)

    def _cell_of(self, event: Entry) -> tuple[str | None, str | None]:
        """Return the party and issue that an entry is about; for an amendment, those of what it amends."""
        while isinstance(event, Amendment):
            event = read_event(self.views.db, event.entry, OPEN)
        if isinstance(event, Mover):
            return event.party, event.issue
        return getattr(event, "party", None), getattr(event, "issue", None)
