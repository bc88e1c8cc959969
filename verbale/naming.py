"""Giving names: parties, issues, sources and speakers, and what they are to each other; one method a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verbale.drafting import Drafting

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from ledger.entries.scales import PartyKind, Reliability
    from verbale.recording import Recorded


class Namings(Drafting):
    """Who can hold a position, on what, and where the words come from."""

    def add_party(
        self,
        party: str,
        name: str,
        kind: PartyKind = "state",
        *,
        aliases: Sequence[str] = (),
        codes: Mapping[str, str] | None = None,
    ) -> Recorded:
        """Register who can hold a position.

        Args:
            party: its id, best a well-known code.
            name: what it is called.
            kind: what it is.
            aliases: what it is also called.
            codes: any of `iso3`, `cow`, `wikidata`, `cameo`.

        Returns:
            the entry.

        Raises:
            Refused: a name is taken, or will not do.
        """
        return self._record("party-registered", party=party, name=name, kind=kind, aliases=aliases, codes=codes)

    def add_alias(self, party: str, alias: str, *, since: str | None = None, until: str | None = None) -> Recorded:
        """Add a name that a party is also called.

        Args:
            party: the party, by any name.
            alias: the further one.
            since: the first day on which it is the party's; None, always.
            until: the last one.

        Returns:
            the entry.

        Raises:
            UnknownName: there is no such party.
            Refused: the name is taken, or will not do.
        """
        return self._record("alias-added", party=party, alias=alias, **{"from": since}, until=until)

    def add_issue(self, issue: str, proposition: str, *, parent: str | None = None) -> Recorded:
        """Open an issue.

        Args:
            issue: its id.
            proposition: a sentence that one can be for or against.
            parent: the wider issue of which it is a part.

        Returns:
            the entry.

        Raises:
            Refused: the id is taken, or will not do.
        """
        return self._record("issue-opened", issue=issue, proposition=proposition, parent=parent)

    def add_source(
        self,
        source: str,
        title: str,
        *,
        publisher: str | None = None,
        agency: str | None = None,
        url: str | None = None,
        published_at: str | None = None,
        snapshot: str | os.PathLike[str] | None = None,
        sha256: str | None = None,
        text_sha256: str | None = None,
        reliability: Reliability | None = None,
    ) -> Recorded:
        """Register a document.

        Args:
            source: its id.
            title: its headline, or a description.
            publisher: who published it.
            agency: the news agency whose report it prints.
            url: where.
            published_at: when.
            snapshot: the file that holds it: its bytes are kept beside the ledger.
            sha256: of its bytes, where they are not passed on.
            text_sha256: of its normalised text.
            reliability: the letter of the Admiralty code.

        Returns:
            the entry.

        Raises:
            Refused: the id is taken, a field will not do, or the file cannot be read.
        """
        return self._record(
            "source-registered",
            source=source,
            title=title,
            publisher=publisher,
            agency=agency,
            url=url,
            published_at=published_at,
            snapshot=None if snapshot is None else str(Path(snapshot).resolve()),
            sha256=sha256,
            text_sha256=text_sha256,
            reliability=reliability,
        )

    def add_speaker(
        self,
        name: str,
        party: str | None = None,
        *,
        role: str | None = None,
        rank: int | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Recorded:
        """Register who speaks for a party; without one, an observer.

        Args:
            name: of the person.
            party: for whom he or she speaks, by any name.
            role: as what.
            rank: 1 is the highest.
            since: the first day in the role.
            until: the last.

        Returns:
            the entry.

        Raises:
            LedgerError: the party is not known, or a field will not do.
        """
        fields = {"name": name, "party": party, "role": role, "rank": rank, "from": since, "to": until}
        return self._record("speaker-appointed", **fields)
