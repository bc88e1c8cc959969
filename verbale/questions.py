"""What can be asked of a ledger: one method a command, each on both clocks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ledger.codec import format_line
from ledger.errors import UnknownName
from ledger.transparency.tree import Tree
from projections import cards, evidence, history, registry
from projections.asking import position
from projections.clocks import Moment, moment
from projections.json_rows import agenda_row, digest, log_row, position_row, run_row, timeline_row
from projections.matrix import matrix
from projections.ruling import LATEST, rule_named
from projections.views import Views
from verbale.opened import OpenLedger
from verbale.rows import Rows

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
        """Return a party's position on an issue.

        Args:
            party: the party, by any name.
            issue: the issue.
            as_of: the world's clock (`2025-03-12`, `2025-Q1`); None counts all that was said.
            as_known_at: the ledger's (`2025-03-12`, `e41`); None knows all that is recorded.
            rule: the position rule (`latest/1`, `verified/1`, `own-words/1`, `senior/1`).

        Returns:
            the row; None where nothing is known and nothing possible.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such party, issue or entry.
        """
        at = self.moment(as_of, as_known_at)
        return position(self.views.db, self.holder(party, at), self.issue(issue), at, rule_named(rule))

    def matrix(
        self,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        rule: str = LATEST.name,
    ) -> Rows[Position]:
        """Return every position, ordered by (party, issue).

        Args:
            party: only this party's, by any name.
            issue: only those on this issue.
            as_of: the world's clock (`2025-03-12`, `2025-Q1`); None counts all that was said.
            as_known_at: the ledger's (`2025-03-12`, `e41`); None knows all that is recorded.
            rule: the position rule (`latest/1`, `verified/1`, `own-words/1`, `senior/1`).

        Returns:
            a row for each party and issue of which something is known or possible.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such party, issue or entry.
        """
        at = self.moment(as_of, as_known_at)
        party_id = None if party is None else self.holder(party, at)
        issue_id = None if issue is None else self.issue(issue)
        by = rule_named(rule)
        return Rows(lambda: matrix(self.views.db, at, party_id, issue_id, by), position_row, "positions")

    def log(
        self,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        latest: int | None = None,
    ) -> Rows[Reading]:
        """Return the journal's entries as they read, in the order in which they were recorded.

        Args:
            party: only what is about this party.
            issue: only what is about this issue.
            as_of: only words, deeds and announcements that are certain by then.
            as_known_at: only what was recorded by then, as it read there.
            latest: only the last so many.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such party, issue or entry.
        """
        at = self.moment(as_of, as_known_at)
        party_id = None if party is None else self.party(party, at.until)
        issue_id = None if issue is None else self.issue(issue)
        return Rows(lambda: evidence.log(self.views.db, at, party_id, issue_id, latest), log_row, "log")

    def timeline(self, issue: str, as_of: str | None = None, as_known_at: str | None = None) -> Rows[Reading]:
        """Return what was said, done and announced on an issue, in the world's order.

        Args:
            issue: the issue.
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such party, issue or entry.
        """
        at = self.moment(as_of, as_known_at)
        issue_id = self.issue(issue)
        return Rows(lambda: evidence.timeline(self.views.db, at, issue_id), timeline_row, "timeline")

    def agenda(self, as_of: str | None = None, as_known_at: str | None = None) -> Rows[AgendaItem]:
        """Return what is scheduled, and what became of it.

        Args:
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such party, issue or entry.
        """
        at = self.moment(as_of, as_known_at)
        return Rows(lambda: evidence.agenda(self.views.db, at), agenda_row, "agenda")

    def when(
        self,
        party: str,
        issue: str,
        as_of: str | None = None,
        as_known_at: str | None = None,
        rule: str = LATEST.name,
    ) -> Rows[Run]:
        """Return every run of a party's stance on an issue, the first first.

        Args:
            party: the party, by any name.
            issue: the issue.
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.
            rule: the position rule, as for `position`.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such party, issue or entry.
        """
        at = self.moment(as_of, as_known_at)
        party_id, issue_id, by = self.holder(party, at), self.issue(issue), rule_named(rule)
        return Rows(lambda: history.runs(self.views.db, party_id, issue_id, at, by), run_row, "when")

    def why(
        self,
        party: str,
        issue: str,
        as_of: str | None = None,
        as_known_at: str | None = None,
        rule: str = LATEST.name,
    ) -> Why | None:
        """Return what a position rests on, what contests it and what was set aside; None where there is none.

        Args:
            party: the party, by any name.
            issue: the issue.
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.
            rule: the position rule, as for `position`.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such party, issue or entry.
        """
        at = self.moment(as_of, as_known_at)
        return history.why(self.views.db, self.holder(party, at), self.issue(issue), at, rule_named(rule))

    def diff(self, before: Moment, after: Moment, rule: str = LATEST.name) -> Rows[Changed]:
        """Return the positions whose stance differs between two pairs of moments.

        Args:
            before: as `Ledger.moment` returns it.
            after: likewise.
            rule: the position rule.
        """
        by = rule_named(rule)
        return Rows(lambda: history.diff(self.views.db, before, after, by), asdict, "diff")

    def amendments(self, entry: int, known_at: int | None = None) -> list[Reading]:
        """Return the amendments in effect of an entry.

        Args:
            entry: its number.
            known_at: as known at this entry; None means the last.
        """
        head = self.views.catch_up()
        return list(evidence.amendments_of(self.views.db, entry, head if known_at is None else known_at))

    def entry(self, entry: int, known_at: int | None = None) -> Reading:
        """Return one entry as it reads.

        Args:
            entry: its number.
            known_at: as known at this entry; None means the last.

        Raises:
            UnknownName: there is none of this number.
        """
        head = self.views.catch_up()
        found = evidence.reading(self.views.db, entry, head if known_at is None else known_at)
        if found is None:
            raise UnknownName(f"no entry e{entry}", hint=f"the last is e{head}" if head else "the ledger is empty")
        return found

    def parties(self, as_known_at: str | None = None) -> Rows[dict[str, Any]]:
        """Return the parties, by id.

        Args:
            as_known_at: only those registered by then.
        """
        known_at = self.moment(None, as_known_at).known_at
        return Rows(lambda: registry.parties(self.views.db, known_at), dict, "parties")

    def issues(self, as_known_at: str | None = None) -> Rows[dict[str, Any]]:
        """Return the issues, by id.

        Args:
            as_known_at: only those registered by then.
        """
        known_at = self.moment(None, as_known_at).known_at
        return Rows(lambda: registry.issues(self.views.db, known_at), dict, "issues")

    def party_card(self, name: str, as_of: str | None = None, as_known_at: str | None = None) -> dict[str, Any]:
        """Return what is known of a party beside its positions: names, links, members, speakers.

        Args:
            name: any name of it.
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.

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

        Args:
            name: its id.
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.

        Raises:
            UnknownName: K does not know it.
        """
        at = self.moment(as_of, as_known_at)
        card = cards.issue_card(self.views.db, at, self.issue(name))
        if card is None:
            raise UnknownName(f"no issue '{name}' at e{at.known_at}", hint="it was opened later")
        return card

    def source(self, name: str, as_known_at: str | None = None) -> dict[str, Any] | None:
        """Return one source, None where it is not known.

        Args:
            name: its id.
            as_known_at: where it was registered by then.
        """
        known_at = self.moment(None, as_known_at).known_at
        return registry.source(self.views.db, known_at, name)

    def sources(self, as_known_at: str | None = None) -> Rows[dict[str, Any]]:
        """Return the sources, by id.

        Args:
            as_known_at: only those registered by then.
        """
        known_at = self.moment(None, as_known_at).known_at
        return Rows(lambda: registry.sources(self.views.db, known_at), dict, "sources")

    def speakers(self, as_known_at: str | None = None, *, unresolved: bool = False) -> Rows[dict[str, Any]]:
        """Return the speakers.

        Args:
            as_known_at: only those named by then.
            unresolved: those that statements name and nobody registered, instead.
        """
        known_at = self.moment(None, as_known_at).known_at
        listed = registry.unresolved_speakers if unresolved else registry.speakers
        return Rows(lambda: listed(self.views.db, known_at), dict, "speakers")

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
        head = self.moment().known_at  # somebody may be recording: all that follows is as known here
        tree = Tree()
        for line in self.journal.lines(upto=head):
            tree.add(format_line(*line))
        known_at = f"e{head}"
        live = digest(self.matrix(as_known_at=known_at))
        fresh = Views(self.journal, None)
        try:
            anew = digest(matrix(fresh.db, moment(fresh.db, fresh.catch_up(), None, known_at)))
        finally:
            fresh.close()
        return Replayed(tree.size, tree.root_base64(), anew, anew == live)
