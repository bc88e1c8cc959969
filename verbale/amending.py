"""Amending: nobody edits, so each of these is an entry of its own; one method a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from verbale.drafting import Drafting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbale.recording import Recorded


class Amendings(Drafting):
    """What is said of an earlier entry."""

    def correct(
        self,
        entry: int,
        changes: Mapping[str, object],
        reason: str,
        *,
        source: str | None = None,
        seen: int | None = None,
    ) -> Recorded:
        """Correct fields of an entry; it keeps its number and its bytes.

        Args:
            entry: its number.
            changes: the fields as they should read; None takes an optional one away.
            reason: why.
            source: the document that the correction rests on.
            seen: the last entry that its author knew of: the same again with the same `seen` is recorded once.

        Returns:
            the entry of the correction, and the position before and after.

        Raises:
            Unparsable: a date or stance does not parse.
            UnknownName: there is no such entry, or a name that nobody is registered under.
            Refused: the entry is retracted, cannot be corrected, or says that already.
        """
        return self._amend("entry-corrected", entry, seen, changes=dict(changes), reason=reason, source=source)

    def retract(self, entry: int, reason: str, *, seen: int | None = None) -> Recorded:
        """Take an entry back, whatever it is; retracting a retraction brings its target back.

        Args:
            entry: its number.
            reason: why.
            seen: the last entry that its author knew of: the same again with the same `seen` is recorded once.

        Returns:
            the entry of the retraction, and the position before and after.

        Raises:
            UnknownName: there is no such entry.
            Refused: it is retracted already, or a registration.
            StateChanged: it was retracted by somebody else since.
        """
        return self._amend("entry-retracted", entry, seen, reason=reason)

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

    def dispute(self, entry: int, reason: str, *, source: str | None = None, seen: int | None = None) -> Recorded:
        """Contest an entry, until the dispute is retracted.

        Args:
            entry: its number.
            reason: why.
            source: the document that says otherwise.
            seen: the last entry that its author knew of: the same again with the same `seen` is recorded once.

        Returns:
            the entry of the dispute, and the position before and after.

        Raises:
            UnknownName: there is no such entry or source.
            Refused: the entry is retracted, or not about the world.
        """
        return self._amend("entry-disputed", entry, seen, reason=reason, source=source)

    def corroborate(
        self,
        entry: int,
        *,
        source: str | None = None,
        observer: str | None = None,
        quote: str | Mapping[str, str | int] | None = None,
        text: str | None = None,
        seen: int | None = None,
    ) -> Recorded:
        """Add a source or an observer that says the same.

        Args:
            entry: the number of what is corroborated.
            source: the id of the document.
            observer: who says so.
            quote: the source's own words.
            text: what it says, in your words.
            seen: the last entry that its author knew of: the same again with the same `seen` is recorded once.

        Returns:
            the entry of the corroboration.

        Raises:
            UnknownName: there is no such entry or source.
            Refused: nobody is named who corroborates, or the entry is retracted.
        """
        return self._amend("entry-corroborated", entry, seen, source=source, observer=observer, quote=quote, text=text)

    def resolve(
        self,
        entry: int,
        condition: str,
        outcome: Literal["met", "failed"],
        *,
        resolved_on: str | None = None,
        reason: str | None = None,
        source: str | None = None,
        seen: int | None = None,
    ) -> Recorded:
        """Say that a condition of a statement was met, or failed.

        Args:
            entry: the statement.
            condition: as the statement words it.
            outcome: which of the two.
            resolved_on: before that it is open; None, it was so all along.
            reason: how.
            source: the id of the document that says so.
            seen: the last entry that its author knew of: the same again with the same `seen` is recorded once.
        """
        given = {"condition": condition, "outcome": outcome, "resolved_on": resolved_on}
        return self._amend("condition-resolved", entry, seen, **given, reason=reason, source=source)
