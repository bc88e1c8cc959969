"""What parties are to each other, and what becomes of issues; one method a command."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from ledger.importers import decisions
from verbale.drafting import Drafting

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from ledger.entries.scales import IdentifiedKind
    from ledger.reporting import Report
    from verbale.recording import Recorded


class Relations(Drafting):
    """Merging, coalitions, succession; wordings and closings."""

    def identify_party(
        self, party: str, kind: IdentifiedKind, *, name: str | None = None, codes: Mapping[str, str] | None = None
    ) -> Recorded:
        """Say that an unresolved actor is a party of its own.

        Args:
            party: any name of it.
            kind: what it is.
            name: what it is called, where the data set has it under another name.
            codes: any of `iso3`, `cow`, `wikidata`, `cameo`.
        """
        return self._record("party-identified", party=party, kind=kind, name=name, codes=codes)

    def apply_review(self, file: str | os.PathLike[str] | IO[bytes], *, dry_run: bool = False) -> Report:
        """Record what a filled in table of `review` decides: all of it or nothing, once only.

        Args:
            file: its path, or a binary file that can be read twice; CSV or a spreadsheet.
            dry_run: decide on everything and record nothing.

        Returns:
            the report; where it lists refusals, nothing was recorded.

        Raises:
            LedgerError: nothing was recorded, for a reason that is not one line's.
            OSError: the file cannot be read.
        """
        return self.import_file(file, dry_run=dry_run, format_=decisions.NAME)

    def rename_party(self, party: str, name: str) -> Recorded:
        """Give a party another name; the old one still leads to it.

        Args:
            party: any name of it.
            name: what it is called now.
        """
        return self._record("party-renamed", party=party, name=name)

    def merge_party(self, party: str, into: str) -> Recorded:
        """Move what a party holds to another: they were one all along.

        Args:
            party: any name of it.
            into: who it was.
        """
        return self._record("party-merged", party=party, into=into)

    def unmerge_party(self, party: str) -> Recorded:
        """Take a merged party out again, with all that is its own.

        Args:
            party: any name of it.
        """
        return self._record("party-unmerged", party=party)

    def succeed_party(self, party: str, by: str, *, since: str | None = None) -> Recorded:
        """Link a party to the one that came after it; no position passes on.

        Args:
            party: any name of it.
            by: who came after it.
            since: from when.
        """
        return self._record("party-succeeded", party=party, by=by, **{"from": since})

    def join_coalition(self, party: str, coalition: str, *, since: str | None = None) -> Recorded:
        """Make a party a member, who has the coalition's positions where it has none.

        Args:
            party: any name of it.
            coalition: any name of that.
            since: from when; None, as long as anybody remembers.
        """
        return self._record("coalition-joined", party=party, coalition=coalition, **{"from": since})

    def leave_coalition(self, party: str, coalition: str, until: str) -> Recorded:
        """End a membership.

        Args:
            party: any name of it.
            coalition: any name of that.
            until: when it left: as of that day it is no member.
        """
        return self._record("coalition-left", party=party, coalition=coalition, until=until)

    def reword_issue(self, issue: str, proposition: str, *, reason: str | None = None) -> Recorded:
        """Say the same proposition in other words.

        Args:
            issue: its id.
            proposition: the other words.
            reason: why.
        """
        return self._record("issue-reworded", issue=issue, proposition=proposition, reason=reason)

    def close_issue(self, issue: str, *, closed_on: str | None = None, reason: str | None = None) -> Recorded:
        """Close an issue that nobody negotiates any more.

        Args:
            issue: its id.
            closed_on: words and deeds of after that day are refused; None refuses none.
            reason: why.
        """
        return self._record("issue-closed", issue=issue, closed_on=closed_on, reason=reason)
