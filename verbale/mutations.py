"""What the commands that record say, as methods: each makes a draft and records it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verbale.recording import Recordings

if TYPE_CHECKING:
    import os

    from ledger.entries.scales import Act, Attribution, PartyKind, Reliability, Stance
    from verbale.recording import Recorded


class Mutations(Recordings):
    """The mutations.  All raise a `LedgerError` where the ledger does not admit the draft; nothing is recorded then."""

    # Words and deeds

    def record_statement(
        self,
        party: str,
        issue: str,
        stance: Stance,
        text: str,
        said_on: str,
        *,
        speaker: str | None = None,
        act: Act | None = None,
        attribution: Attribution | None = None,
        credibility: str | None = None,
        source: str | None = None,
        quote: str | Mapping[str, str | int] | None = None,
        conditions: Sequence[str] = (),
        to: Sequence[str] = (),
        re: int | None = None,
        fulfils: int | None = None,
        on_behalf_of: Sequence[str] = (),
        coding: Mapping[str, str] | None = None,
        sealed: bool = False,
    ) -> Recorded:
        """Record words: a party's stance on an issue.

        Args:
            party: any name of it.
            issue: the issue's id.
            stance: where the words stand on it (`verbale help stances`).
            text: what was said, in your words.
            said_on: when, as exact as the source (`verbale help time`).
            speaker: who spoke.
            act: what was done with the words.
            attribution: how they reached the source; `paraphrase`, or `direct` with a quote, where it is not given.
            credibility: the Admiralty code, as in `B2`.
            source: the id of the document.
            quote: the source's own words, or those with prefix, suffix, start, end, lang, translated_by.
            conditions: on which the stance depends.
            to: the parties addressed.
            re: the entry that it answers.
            fulfils: the scheduled event that it fulfils.
            on_behalf_of: the parties spoken for.
            coding: `scheme`, `code` and perhaps `mode`.
            sealed: commit to speaker, text and quote, and keep them out of the journal.

        Returns:
            the entry, and the position before and after.

        Raises:
            Unparsable: the date or the stance does not parse.
            UnknownName: a name that nobody is registered under, or an entry that is not there.
            Refused: the ledger does not admit it.
        """
        return self._record(
            "statement-made",
            party=party,
            issue=issue,
            stance=stance,
            text=text,
            said_on=said_on,
            speaker=speaker,
            act=act,
            attribution=attribution,
            credibility=credibility,
            source=source,
            quote=quote,
            conditions=conditions,
            to=to,
            re=re,
            fulfils=fulfils,
            on_behalf_of=on_behalf_of,
            coding=coding,
            sealed=sealed,
        )

    def record_action(
        self,
        party: str,
        issue: str,
        text: str,
        occurred_on: str,
        *,
        bearing: Stance | None = None,
        place: str | None = None,
        attribution: Attribution | None = None,
        credibility: str | None = None,
        source: str | None = None,
        quote: str | Mapping[str, str | int] | None = None,
        to: Sequence[str] = (),
        re: int | None = None,
        fulfils: int | None = None,
        on_behalf_of: Sequence[str] = (),
        coding: Mapping[str, str] | None = None,
    ) -> Recorded:
        """Record a deed.

        Args:
            party: who did it, by any name.
            issue: what it bears on.
            text: what was done.
            occurred_on: when.
            bearing: how it bears on the issue's proposition.
            place: where.
            attribution: as for `record_statement`, and so are the rest.
            credibility: the Admiralty code.
            source: the id of the document.
            quote: the source's own words.
            to: the parties that it was done to.
            re: the entry that it answers.
            fulfils: the scheduled event that it fulfils.
            on_behalf_of: the parties acted for.
            coding: `scheme`, `code` and perhaps `mode`.

        Returns:
            the entry, and the position before and after.

        Raises:
            LedgerError: as for `record_statement`.
        """
        return self._record(
            "action-taken",
            party=party,
            issue=issue,
            text=text,
            occurred_on=occurred_on,
            bearing=bearing,
            place=place,
            attribution=attribution,
            credibility=credibility,
            source=source,
            quote=quote,
            to=to,
            re=re,
            fulfils=fulfils,
            on_behalf_of=on_behalf_of,
            coding=coding,
        )

    def record_scheduled(
        self,
        party: str,
        issue: str,
        text: str,
        occurs_on: str,
        *,
        place: str | None = None,
        source: str | None = None,
        quote: str | Mapping[str, str | int] | None = None,
        to: Sequence[str] = (),
    ) -> Recorded:
        """Put something on the agenda; it moves no position.

        Args:
            party: who announced it, by any name.
            issue: what it is about.
            text: what is to happen.
            occurs_on: when.
            place: where.
            source: the id of the document.
            quote: the source's own words.
            to: the parties that it concerns.

        Returns:
            the entry.

        Raises:
            LedgerError: as for `record_statement`.
        """
        return self._record(
            "event-scheduled",
            party=party,
            issue=issue,
            text=text,
            occurs_on=occurs_on,
            place=place,
            source=source,
            quote=quote,
            to=to,
        )

    # Names

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

    def add_alias(self, party: str, alias: str) -> Recorded:
        """Add a name that a party is also called.

        Args:
            party: the party, by any name.
            alias: the further one.

        Returns:
            the entry.

        Raises:
            UnknownName: there is no such party.
            Refused: the name is taken, or will not do.
        """
        return self._record("alias-added", party=party, alias=alias)

    def add_issue(self, issue: str, proposition: str) -> Recorded:
        """Open an issue.

        Args:
            issue: its id.
            proposition: a sentence that one can be for or against.

        Returns:
            the entry.

        Raises:
            Refused: the id is taken, or will not do.
        """
        return self._record("issue-opened", issue=issue, proposition=proposition)

    def add_source(
        self,
        source: str,
        title: str,
        *,
        publisher: str | None = None,
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

    # Amendments

    def correct(self, entry: int, changes: Mapping[str, object], reason: str, *, source: str | None = None) -> Recorded:
        """Correct fields of an entry; it keeps its number and its bytes.

        Args:
            entry: its number.
            changes: the fields as they should read; None takes an optional one away.
            reason: why.
            source: the document that the correction rests on.

        Returns:
            the entry of the correction, and the position before and after.

        Raises:
            Unparsable: a date or stance does not parse.
            UnknownName: there is no such entry, or a name that nobody is registered under.
            Refused: the entry is retracted, cannot be corrected, or says that already.
        """
        return self._amend("entry-corrected", entry, changes=dict(changes), reason=reason, source=source)

    def retract(self, entry: int, reason: str) -> Recorded:
        """Take an entry back, whatever it is; retracting a retraction brings its target back.

        Args:
            entry: its number.
            reason: why.

        Returns:
            the entry of the retraction, and the position before and after.

        Raises:
            UnknownName: there is no such entry.
            Refused: it is retracted already, or a registration.
        """
        return self._amend("entry-retracted", entry, reason=reason)

    def undo(self, entry: int, reason: str = "entered in error") -> Recorded:
        """Retract an entry that was entered in error, or bring one back: as `retract`.

        Args:
            entry: its number.
            reason: why.

        Returns:
            the entry of the retraction, and the position before and after.

        Raises:
            LedgerError: as for `retract`.
        """
        return self.retract(entry, reason)

    def dispute(self, entry: int, reason: str, *, source: str | None = None) -> Recorded:
        """Contest an entry, until the dispute is retracted.

        Args:
            entry: its number.
            reason: why.
            source: the document that says otherwise.

        Returns:
            the entry of the dispute, and the position before and after.

        Raises:
            UnknownName: there is no such entry or source.
            Refused: the entry is retracted, or not about the world.
        """
        return self._amend("entry-disputed", entry, reason=reason, source=source)

    def corroborate(
        self,
        entry: int,
        *,
        source: str | None = None,
        observer: str | None = None,
        quote: str | Mapping[str, str | int] | None = None,
        text: str | None = None,
    ) -> Recorded:
        """Add a source or an observer that says the same.

        Args:
            entry: the number of what is corroborated.
            source: the id of the document.
            observer: who says so.
            quote: the source's own words.
            text: what it says, in your words.

        Returns:
            the entry of the corroboration.

        Raises:
            UnknownName: there is no such entry or source.
            Refused: nobody is named who corroborates, or the entry is retracted.
        """
        return self._amend("entry-corroborated", entry, source=source, observer=observer, quote=quote, text=text)

    def _amend(self, kind: str, entry: int, **fields: object) -> Recorded:
        # What its author sees of the target, so that the same amendment again, after an undo, is a new fact.
        return self._record(kind, entry=entry, after=self.current_register().last_amendment(entry), **fields)

    def _record(self, kind: str, /, **fields: object) -> Recorded:
        given = {name: _plain(value) for name, value in fields.items() if value not in (None, (), [], False)}
        return self.record({"type": kind, **given}, folder=Path())


def _plain(value: object) -> Any:  # noqa: ANN401  JSON
    """Return a value as JSON has it: the drafts' own forms."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
