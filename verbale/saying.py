"""Recording words, deeds, plans and expectations, one method a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbale.drafting import Drafting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.entries.scales import Act, Attribution, Stance
    from verbale.recording import Recorded


class Sayings(Drafting):
    """What was said, done, announced, or should be so."""

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

    def assert_position(
        self,
        party: str,
        issue: str,
        stance: Stance | None = None,
        *,
        as_of: str | None = None,
        reason: str | None = None,
    ) -> Recorded:
        """Say what the ledger should answer; whether it does is asked by `assertions` and by `doctor`.

        Args:
            party: any name of it.
            issue: the issue's id.
            stance: the position; None says that there is none in words.
            as_of: as of when, on the world's clock; None sets no bound.
            reason: why that is sure.

        Returns:
            the entry.
        """
        return self._record("position-asserted", party=party, issue=issue, stance=stance, as_of=as_of, reason=reason)
