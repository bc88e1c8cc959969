"""What deciding asks of what is known so far: a protocol, fulfilled by `projections.register`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.claims import Claim
    from ledger.entries import CoalitionJoined, Entry, EntryCorrected, IssueClosed
    from ledger.entries.scales import PartyKind


class SourceFacts(NamedTuple):
    """What the rules need to know of a source."""

    entry: int
    sha256: str | None


class HeldRow(NamedTuple):
    """An entry that was made from a row of a data set."""

    entry: int
    retracted: bool
    amended: bool
    """Whether it was ever corrected or retracted, in effect or not."""


class Register(Protocol):
    """What is known so far: names, and what the entries are to each other."""

    def party(self, name: str, dated: str | None = None) -> str | None:
        """Return the id of the party known by this name at a date.

        Raises:
            UnknownName: it is several parties' name, and the date does not tell them apart.
        """

    def plain_party(self, name: str) -> str | None:
        """Return the id of the party known by this name at any date, None where there is none or dates matter."""

    def plain_issue(self, name: str) -> str | None:
        """Return the id of the issue known by this name, None where there is none or it was closed."""

    def claims(self, name: str) -> Sequence[Claim]:
        """Return which parties have this name, and from when until when."""

    def lookalike(self, name: str, party: str) -> str | None:
        """Return another party that has a name which looks like this one."""

    def survivor(self, party: str) -> str:
        """Return the party that a party was merged into in the end; itself where it was not."""

    def party_kind(self, party: str) -> PartyKind | None:
        """Return what a party is, by its id, as far as anybody has identified it; None where there is none."""

    def coded(self, scheme: str, code: str) -> Sequence[str]:
        """Return the parties that a code of a scheme was given to, in the order in which it was."""

    def joined(self, party: str, coalition: str) -> CoalitionJoined | None:
        """Return how a party last became a member of a coalition, as far as that is not retracted."""

    def closing(self, issue: str) -> IssueClosed | None:
        """Return how an issue was closed, None where it is open."""

    def origin(self, dataset: str, row: str) -> int | None:
        """Return the entry that was made from a row of a data set."""

    def origins(self, dataset: str) -> Iterator[HeldRow]:
        """Yield the entries that were made from rows of a data set, in their order."""

    def last_snapshot(self, dataset: str) -> str | None:
        """Return the day of the last snapshot of a data set."""

    def as_recorded(self, entry: int) -> Entry:
        """Return an entry as it was recorded."""

    def snapshot_end(self, dataset: str, day: str) -> int | None:
        """Return where the last snapshot of a data set and a day ends."""

    def corrections(self, entry: int, *, undone: bool = False) -> Sequence[EntryCorrected]:
        """Return the corrections of an entry that are in effect, in order; with `undone` also the others."""

    def retractions(self, entry: int) -> Sequence[int]:
        """Return the retractions that aim at an entry, in effect or not, in order."""

    def last_amendment(self, entry: int) -> int | None:
        """Return the last entry that amends this one."""

    def issue(self, name: str) -> str | None:
        """Return the id of the issue known by this name."""

    def source(self, name: str) -> str | None:
        """Return the id of the source known by this name."""

    def source_facts(self, source: str) -> SourceFacts | None:
        """Return what is known of a source, by its id."""

    def resting_on(self, source: str) -> Iterator[int]:
        """Yield the recorded entries that named a source when they were recorded, in their order."""

    def source_user(self, source: str) -> int | None:
        """Return an entry that rests on a source and is not retracted."""

    def sealed(self, entry: int) -> frozenset[str]:
        """Return the names of the fields of an entry that are sealed."""

    def documents(self, entry: int) -> dict[str, str]:
        """Return the documents that an entry, or an amendment of it, rests on: ids of sources, and their SHA-256."""

    def suggestion(self, kind: str, name: str) -> str | None:
        """Return a hint for a name that is not known."""

    def kind(self, entry: int) -> str | None:
        """Return the type name of an entry, None where there is none."""

    def retracted_by(self, entry: int) -> int | None:
        """Return the retraction in effect of an entry."""

    def event(self, entry: int) -> Entry | None:
        """Return an entry as it reads today, None where it is not at hand."""

    def corrected(self, event: EntryCorrected, today: Entry) -> Entry:
        """Return an entry, which reads so today, as a correction would have it read.

        Raises:
            ValidationError: it would not stand.
        """
