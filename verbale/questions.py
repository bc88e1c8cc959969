"""What can be asked of a ledger: one method a command, each on both clocks."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ledger.errors import UnknownName
from projections import differing, evidence, history
from projections.asking import position
from projections.json_rows import agenda_row, log_row, position_row, run_row, timeline_row
from projections.matrix import matrix
from projections.ruling import LATEST, rule_named
from verbale.disclosing import Disclosures
from verbale.registered import Registered
from verbale.rows import Rows
from verbale.whole import Whole

if TYPE_CHECKING:
    from projections.clocks import Moment
    from projections.differing import Changed
    from projections.evidence import AgendaItem, Reading
    from projections.history import Run, Why
    from projections.positions import Position
    from projections.wanted import Wanted


class Questions(Registered, Whole, Disclosures):
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
        *,
        dyads: bool = False,
    ) -> Rows[Position]:
        """Return every position, ordered by (party, issue).

        Args:
            party: only this party's, by any name.
            issue: only those on this issue.
            as_of: the world's clock (`2025-03-12`, `2025-Q1`); None counts all that was said.
            as_known_at: the ledger's (`2025-03-12`, `e41`); None knows all that is recorded.
            rule: the position rule (`latest/1`, `verified/1`, `own-words/1`, `senior/1`).
            dyads: with the rows on dyads, such as `relations/RUS-UKR`, which event data sets bring along.

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
        return Rows(lambda: matrix(self.views.db, at, party_id, issue_id, by, dyads=dyads), position_row, "positions")

    def log(
        self,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        latest: int | None = None,
        *,
        type: str | None = None,  # noqa: A002  the field's name in every answer
        status: str | None = None,
        recorded_by: str | None = None,
    ) -> Rows[Reading]:
        """Return the journal's entries as they read, in the order in which they were recorded.

        Args:
            party: only what is about this party.
            issue: only what is about this issue.
            as_of: only words, deeds and announcements that are certain by then.
            as_known_at: only what was recorded by then, as it read there.
            latest: only the last so many.
            type: only entries of this type, as in `statement-made`.
            status: only those that are `counts`, `corrected`, `disputed` or `retracted` at K.
            recorded_by: only what this person or programme recorded.

        Raises:
            Unparsable: a moment does not parse, or no entry can have such a type or status.
            UnknownName: there is no such party, issue or entry.
        """
        from projections.browsing import log

        at = self.moment(as_of, as_known_at)
        wanted = self.wanted(at, party, issue, type, status, recorded_by)

        return Rows(lambda: log(self.views.db, at, wanted, latest), log_row, "log")

    def wanted(
        self,
        at: Moment,
        party: str | None = None,
        issue: str | None = None,
        type: str | None = None,  # noqa: A002  the field's name in every answer
        status: str | None = None,
        recorded_by: str | None = None,
    ) -> Wanted:
        """Return which entries are meant, their party and issue by their ids.

        Args:
            at: the two moments.
            party: only what is about this party.
            issue: only what is about this issue.
            type: only entries of this type.
            status: only those of this status at K.
            recorded_by: only what this person or programme recorded.

        Raises:
            Unparsable: no entry can have such a type or status.
            UnknownName: there is no such party or issue.
        """
        from projections.wanted import Wanted

        party_id = None if party is None else self.party(party, at.until)
        issue_id = None if issue is None else self.issue(issue)
        return Wanted(party_id, issue_id, type, status, recorded_by).checked()

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
        return Rows(lambda: differing.diff(self.views.db, before, after, by), asdict, "diff")

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

    def last_amendment(self, entry: int) -> int | None:
        """Return the last entry that amends this one, in effect or not."""
        return self.current_register().last_amendment(entry)
