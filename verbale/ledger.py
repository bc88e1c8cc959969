"""`Ledger`, the one object that a user of the library opens: one method a command."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from ledger.codec import format_line
from ledger.deciding import Desk
from ledger.entries import Amendment, Mover
from ledger.errors import Refused, UnknownName
from ledger.importing import Report, Spool, append_all, decide_all
from ledger.journal import Journal
from ledger.replaying import replay_into
from ledger.snapshots import Snapshots
from ledger.transparency.tree import Tree
from projections import evidence, history, registry
from projections.clocks import Moment, moment
from projections.folding import read_event
from projections.json_rows import digest
from projections.matrix import matrix
from projections.positions import LATEST, Position, position
from projections.register import ViewRegister
from projections.schema import OPEN
from projections.views import Views
from verbale.places import Place, place_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from ledger.deciding import Decision
    from ledger.entries import Entry
    from ledger.journal import Appended, Prepared
    from projections.evidence import AgendaItem, Reading
    from projections.history import Changed, Run, Why

MICROSECONDS = 1_000


def system_clock() -> int:
    """Return this host's time, in microseconds since 1970."""
    return time.time_ns() // MICROSECONDS


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


@dataclass(frozen=True, slots=True)
class Replayed:
    """What folding the journal anew gave."""

    entries: int
    root: str
    """The RFC 6962 root over the lines, in base64."""
    positions: str
    """The digest of the positions at no T and K = head."""
    equals_views: bool


class Ledger:
    """A ledger of positions.

    Args:
        path: the journal's database, `PATH` or `PATH#NAME`, or a folder that holds `.verbale/`.
        recorded_by: who records, a claim that is kept with every entry.
        clock: returns the time in microseconds since 1970.

    Raises:
        Refused: there is no ledger.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | Place,
        *,
        recorded_by: str | None = None,
        clock: Callable[[], int] = system_clock,
    ) -> None:
        self.place = path if isinstance(path, Place) else place_of(path)
        if not self.place.journal.exists():
            raise Refused(f"no ledger at {self.place}", hint=f"make one with: verbale init --ledger {self.place}")
        if self.place.journal.is_dir():
            raise Refused(f"{self.place} is a folder", hint="name the database file in it")
        self.recorded_by = recorded_by
        self._clock = clock
        self.journal = Journal(self.place.journal, self.place.name)
        self.snapshots = Snapshots(self.place.sources)
        self._views: Views | None = None
        self._register: ViewRegister | None = None

    @classmethod
    def create(cls, path: str | os.PathLike[str] | Place) -> bool:
        """Make a ledger; say whether it is new."""
        place = path if isinstance(path, Place) else place_of(path)
        return Journal.create(place.journal, place.name)

    def close(self) -> None:
        """Let go of every file."""
        if self._views is not None:
            self._views.close()
        self.journal.close()

    def __enter__(self) -> Self:
        """Use the ledger as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @property
    def views(self) -> Views:
        """The views, opened at the first use."""
        if self._views is None:
            self._views = Views(self.journal, self.place.views)
        return self._views

    @property
    def head(self) -> int:
        """The number of the last entry."""
        return self.journal.head

    # Asking

    def moment(self, as_of: str | None = None, as_known_at: str | None = None) -> Moment:
        """Return the pair of moments that a question means, the views caught up."""
        return moment(self.views.db, self.views.catch_up(), as_of, as_known_at)

    def party(self, name: str) -> str:
        """Return the id of the party known by a name.

        Raises:
            UnknownName: there is none.
        """
        return self._id("party", name)

    def issue(self, name: str) -> str:
        """Return the id of the issue known by a name.

        Raises:
            UnknownName: there is none.
        """
        return self._id("issue", name)

    def knows(self, kind: str, name: str) -> bool:
        """Say whether somebody (`party`) or something (`issue`) is registered under a name."""
        register = self._current_register()
        return (register.party if kind == "party" else register.issue)(name) is not None

    def hint(self, kind: str, name: str) -> str | None:
        """Return what somebody who asked for an unknown party or issue may have meant."""
        return self._current_register().suggestion(kind, name)

    def position(
        self, party: str, issue: str, as_of: str | None = None, as_known_at: str | None = None
    ) -> Position | None:
        """Return a party's position on an issue, None where nothing is known and nothing possible."""
        at = self.moment(as_of, as_known_at)
        return position(self.views.db, self.party(party), self.issue(issue), at)

    def matrix(
        self,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
    ) -> Iterator[Position]:
        """Yield every position, ordered by (party, issue)."""
        at = self.moment(as_of, as_known_at)
        party_id = None if party is None else self.party(party)
        issue_id = None if issue is None else self.issue(issue)
        return matrix(self.views.db, at, party_id, issue_id)

    def log(
        self,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        latest: int | None = None,
    ) -> Iterator[Reading]:
        """Yield the journal's entries up to K as they read there; with a T, those of the world certain by it."""
        at = self.moment(as_of, as_known_at)
        party_id = None if party is None else self.party(party)
        return evidence.log(self.views.db, at, party_id, None if issue is None else self.issue(issue), latest)

    def timeline(self, issue: str, as_of: str | None = None, as_known_at: str | None = None) -> list[Reading]:
        """Return what was said, done and announced on an issue, in the world's order."""
        return evidence.timeline(self.views.db, self.moment(as_of, as_known_at), self.issue(issue))

    def agenda(self, as_of: str | None = None, as_known_at: str | None = None) -> list[AgendaItem]:
        """Return what is scheduled, and what became of it."""
        return evidence.agenda(self.views.db, self.moment(as_of, as_known_at))

    def when(self, party: str, issue: str, as_of: str | None = None, as_known_at: str | None = None) -> list[Run]:
        """Return every run of a party's stance on an issue, the first first."""
        at = self.moment(as_of, as_known_at)
        return history.runs(self.views.db, self.party(party), self.issue(issue), at)

    def why(self, party: str, issue: str, as_of: str | None = None, as_known_at: str | None = None) -> Why | None:
        """Return what a position rests on, None where there is none."""
        at = self.moment(as_of, as_known_at)
        return history.why(self.views.db, self.party(party), self.issue(issue), at)

    def diff(self, before: Moment, after: Moment) -> list[Changed]:
        """Return the positions whose stance differs between two pairs of moments (`Ledger.moment`)."""
        return history.diff(self.views.db, before, after)

    def amendments(self, entry: int, known_at: int | None = None) -> list[Reading]:
        """Return the amendments in effect of an entry."""
        head = self.views.catch_up()
        return list(evidence.amendments_of(self.views.db, entry, head if known_at is None else known_at))

    def entry(self, entry: int, known_at: int | None = None) -> Reading:
        """Return one entry as it reads.

        Raises:
            UnknownName: there is none of this number.
        """
        head = self.views.catch_up()
        found = evidence.reading(self.views.db, entry, head if known_at is None else known_at)
        if found is None:
            raise UnknownName(f"no entry e{entry}", hint=f"the last is e{head}" if head else "the ledger is empty")
        return found

    def parties(self, as_known_at: str | None = None) -> list[dict[str, Any]]:
        """Return the parties, by id."""
        return registry.parties(self.views.db, self.moment(None, as_known_at).known_at)

    def issues(self, as_known_at: str | None = None) -> list[dict[str, Any]]:
        """Return the issues, by id."""
        return registry.issues(self.views.db, self.moment(None, as_known_at).known_at)

    def sources(self, as_known_at: str | None = None) -> list[dict[str, Any]]:
        """Return the sources, by id."""
        return registry.sources(self.views.db, self.moment(None, as_known_at).known_at)

    def speakers(self, as_known_at: str | None = None, *, unresolved: bool = False) -> list[dict[str, Any]]:
        """Return the speakers; unresolved ones are those that statements name and nobody registered."""
        known_at = self.moment(None, as_known_at).known_at
        return (registry.unresolved_speakers if unresolved else registry.speakers)(self.views.db, known_at)

    def disclosed(self, entry: int) -> dict[str, str]:
        """Return what is sealed in an entry, for who holds the ledger: the field's name and its value."""
        return {value.field: value.value for value in self.journal.sealed_values(entry)}

    def last_amendment(self, entry: int) -> int | None:
        """Return the last entry that amends this one, in effect or not."""
        return self._current_register().last_amendment(entry)

    # The whole journal

    def export_journal(self) -> Iterator[bytes]:
        """Yield the journal's lines, each with its LF."""
        return (format_line(*line) + b"\n" for line in self.journal.lines())

    def replay(self) -> Replayed:
        """Fold the journal anew, in memory, and compare with the views."""
        tree = Tree()
        for line in self.journal.lines():
            tree.add(format_line(*line))
        live = digest(self.matrix())
        fresh = Views(self.journal, None)
        try:
            anew = digest(matrix(fresh.db, moment(fresh.db, fresh.catch_up())))
        finally:
            fresh.close()
        return Replayed(tree.size, tree.root_base64(), anew, anew == live)

    def replay_file(self, file: IO[bytes]) -> int:
        """Record the lines of an exported journal, byte for byte, in this ledger, which must be empty.

        Raises:
            Refused: this ledger has entries.
            VerificationFailed: a line is missing, swapped, cut, doubled or no entry; nothing is written.
        """
        done = replay_into(self.journal, file)
        self._register = None
        self.views.appended()
        return done

    # Recording

    def record(self, draft: dict[str, Any], *, seen: int | None = None, folder: Path | None = None) -> Recorded:
        """Record one draft: decided and appended under the writer's lock, once only.

        Args:
            draft: as in a dossier (`events/README.md`).
            seen: the last entry that its author knew of; what was retracted since is then `StateChanged`.
            folder: where a source's `snapshot` is looked up.

        Raises:
            LedgerError: the ledger does not admit it; nothing is recorded.
        """
        with self.journal.writing():
            desk = self._desk(seen=seen, folder=folder, anywhere=True)
            decision = desk.decide(draft)
            party, issue = self._cell_of(decision.event)
            before = self._row(party, issue)
            done = None
            if decision.prepared is not None:
                done = self._append([decision.prepared], decision.entry - 1)
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
            retracted_by=None if done is not None else self._current_register().retracted_by(decision.entry),
            clock_behind=None if done is None else done.clock_behind,
        )

    def import_file(
        self,
        file: str | os.PathLike[str] | IO[bytes],
        *,
        keep_going: bool = False,
        told: Callable[[int], None] | None = None,
    ) -> Report:
        """Record a dossier: JSON Lines, one draft a line.

        Args:
            file: its path, or a binary file that can be read twice.
            keep_going: record what can be recorded; otherwise a refusal anywhere records nothing.
            told: called now and then with the number of bytes read.

        Returns:
            the report; where it lists refusals and `keep_going` was not asked for, nothing was recorded.
        """
        if not hasattr(file, "read"):
            path = Path(file)
            with path.open("rb") as opened:
                return self._import(opened, path.resolve().parent, keep_going=keep_going, told=told)
        return self._import(file, None, keep_going=keep_going, told=told)  # type: ignore[arg-type]

    def _import(
        self, file: IO[bytes], folder: Path | None, *, keep_going: bool, told: Callable[[int], None] | None
    ) -> Report:
        report, spool = self._decided(file, folder, told)
        try:
            if report.refused_count and not keep_going:
                report.new = 0
                return report
            with self.journal.writing():
                if self.journal.head != report.decided_after:
                    # Somebody recorded meanwhile: decide again, and this time keep everybody else out.
                    spool.close()
                    report, spool = self._decided(file, folder, told)
                    if report.refused_count and not keep_going:
                        report.new = 0
                        return report
                append_all(spool, self._append_batch, report)
        finally:
            spool.close()
            self._register = None
        self.views.appended()
        return report

    def _decided(
        self, file: IO[bytes], folder: Path | None, told: Callable[[int], None] | None
    ) -> tuple[Report, Spool]:
        file.seek(0)
        self._register = None
        desk = self._desk(folder=folder)
        report = Report(decided_after=desk.register.head)
        return report, Spool(decide_all(file, desk, report, told))

    # What recording stands on

    def _desk(self, *, seen: int | None = None, folder: Path | None = None, anywhere: bool = False) -> Desk:
        return Desk(
            register=self._current_register(),
            journal=self.journal,
            snapshots=self.snapshots,
            now=self._clock(),
            recorded_by=self.recorded_by,
            folder=folder,
            anywhere=anywhere,
            seen=seen,
        )

    def _current_register(self) -> ViewRegister:
        head = self.views.catch_up()
        register = self._register
        if register is None or register.head != head or register.outdated:
            register = self._register = ViewRegister(self.views)
        return register

    def _append(self, prepared: list[Prepared], head: int) -> Appended:
        try:
            done = self._append_batch(prepared, head)
        except BaseException:
            self._register = None
            raise
        self.views.appended()
        return done

    def _append_batch(self, prepared: list[Prepared], head: int) -> Appended:
        return self.journal.append(prepared, now=self._clock(), recorded_by=self.recorded_by, head=head)

    def _id(self, kind: str, name: str) -> str:
        register = self._current_register()
        found = register.party(name) if kind == "party" else register.issue(name)
        if found is None:
            raise UnknownName(f"no {kind} '{name}'.", hint=register.suggestion(kind, name))
        return found

    def _row(self, party: str | None, issue: str | None) -> Position | None:
        if party is None or issue is None:
            return None
        return position(self.views.db, party, issue, self.moment())

    def _cell_of(self, event: Entry) -> tuple[str | None, str | None]:
        """Return the party and issue that an entry is about; for an amendment, those of what it amends."""
        while isinstance(event, Amendment):
            event = read_event(self.views.db, event.entry, OPEN)
        if isinstance(event, Mover):
            return event.party, event.issue
        return getattr(event, "party", None), getattr(event, "issue", None)


__all__ = ["LATEST", "Ledger", "Position", "Recorded"]
