"""What can be asked of a ledger: one method a command, each on both clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.codec import format_line
from ledger.errors import UnknownName
from ledger.transparency.tree import Tree
from projections import cards, evidence, history, registry
from projections.asking import position
from projections.clocks import Moment, moment
from projections.json_rows import digest
from projections.matrix import matrix
from projections.ruling import LATEST, rule_named
from projections.views import Views
from verbale.opened import OpenLedger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.evidence import AgendaItem, Reading
    from projections.history import Changed, Run, Why
    from projections.positions import Position


@dataclass(frozen=True, slots=True)
class Replayed:
    """What folding the journal anew gave."""

    entries: int
    root: str
    """The RFC 6962 root over the lines, in base64."""
    positions: str
    """The digest of the positions at no T and K = head."""
    equals_views: bool


class Questions(OpenLedger):
    """The questions."""

    def position(
        self,
        party: str,
        issue: str,
        as_of: str | None = None,
        as_known_at: str | None = None,
        rule: str = LATEST.name,
    ) -> Position | None:
        """Return a party's position on an issue, None where nothing is known and nothing possible."""
        at = self.moment(as_of, as_known_at)
        return position(self.views.db, self.holder(party, at), self.issue(issue), at, rule_named(rule))

    def matrix(
        self,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        rule: str = LATEST.name,
    ) -> Iterator[Position]:
        """Yield every position, ordered by (party, issue)."""
        at = self.moment(as_of, as_known_at)
        party_id = None if party is None else self.holder(party, at)
        issue_id = None if issue is None else self.issue(issue)
        return matrix(self.views.db, at, party_id, issue_id, rule_named(rule))

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
        party_id = None if party is None else self.party(party, at.until)
        return evidence.log(self.views.db, at, party_id, None if issue is None else self.issue(issue), latest)

    def timeline(self, issue: str, as_of: str | None = None, as_known_at: str | None = None) -> list[Reading]:
        """Return what was said, done and announced on an issue, in the world's order."""
        at = self.moment(as_of, as_known_at)
        return evidence.timeline(self.views.db, at, self.issue(issue))

    def agenda(self, as_of: str | None = None, as_known_at: str | None = None) -> list[AgendaItem]:
        """Return what is scheduled, and what became of it."""
        at = self.moment(as_of, as_known_at)
        return evidence.agenda(self.views.db, at)

    def when(
        self,
        party: str,
        issue: str,
        as_of: str | None = None,
        as_known_at: str | None = None,
        rule: str = LATEST.name,
    ) -> list[Run]:
        """Return every run of a party's own stance on an issue, the first first."""
        at = self.moment(as_of, as_known_at)
        return history.runs(self.views.db, self.holder(party, at), self.issue(issue), at, rule_named(rule))

    def why(
        self,
        party: str,
        issue: str,
        as_of: str | None = None,
        as_known_at: str | None = None,
        rule: str = LATEST.name,
    ) -> Why | None:
        """Return what a position rests on, None where there is none."""
        at = self.moment(as_of, as_known_at)
        return history.why(self.views.db, self.holder(party, at), self.issue(issue), at, rule_named(rule))

    def diff(self, before: Moment, after: Moment, rule: str = LATEST.name) -> list[Changed]:
        """Return the positions whose stance differs between two pairs of moments (`Ledger.moment`)."""
        return history.diff(self.views.db, before, after, rule_named(rule))

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
        known_at = self.moment(None, as_known_at).known_at
        return registry.parties(self.views.db, known_at)

    def issues(self, as_known_at: str | None = None) -> list[dict[str, Any]]:
        """Return the issues, by id."""
        known_at = self.moment(None, as_known_at).known_at
        return registry.issues(self.views.db, known_at)

    def party_card(self, name: str, as_of: str | None = None, as_known_at: str | None = None) -> dict[str, Any]:
        """Return what is known of a party beside its positions: names, links, members, speakers.

        Raises:
            UnknownName: K does not know it.
        """
        at = self.moment(as_of, as_known_at)
        card = cards.party_card(self.views.db, at, self.party(name, at.until))
        if card is None:
            raise UnknownName(f"no party '{name}' at e{at.known_at}", hint="it was registered later")
        return card

    def issue_card(self, name: str, as_of: str | None = None, as_known_at: str | None = None) -> dict[str, Any]:
        """Return what is known of an issue beside the positions on it: wordings, parts, how it was closed.

        Raises:
            UnknownName: K does not know it.
        """
        at = self.moment(as_of, as_known_at)
        card = cards.issue_card(self.views.db, at, self.issue(name))
        if card is None:
            raise UnknownName(f"no issue '{name}' at e{at.known_at}", hint="it was opened later")
        return card

    def source(self, name: str, as_known_at: str | None = None) -> dict[str, Any] | None:
        """Return one source by its id, None where it is not known."""
        known_at = self.moment(None, as_known_at).known_at
        return registry.source(self.views.db, known_at, name)

    def sources(self, as_known_at: str | None = None) -> list[dict[str, Any]]:
        """Return the sources, by id."""
        known_at = self.moment(None, as_known_at).known_at
        return registry.sources(self.views.db, known_at)

    def speakers(self, as_known_at: str | None = None, *, unresolved: bool = False) -> list[dict[str, Any]]:
        """Return the speakers; unresolved ones are those that statements name and nobody registered."""
        known_at = self.moment(None, as_known_at).known_at
        return (registry.unresolved_speakers if unresolved else registry.speakers)(self.views.db, known_at)

    def disclosed(self, entry: int) -> dict[str, str]:
        """Return what is sealed in an entry, for who holds the ledger: the field's name and its value."""
        return {value.field: value.value for value in self.journal.sealed_values(entry)}

    def last_amendment(self, entry: int) -> int | None:
        """Return the last entry that amends this one, in effect or not."""
        return self.current_register().last_amendment(entry)

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
