"""How far people agree who coded the same text."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ledger.errors import UnknownName
from projections.agreement import agreements, coded
from projections.sentences import sentences
from verbale.opened import OpenLedger
from verbale.rows import Rows

if TYPE_CHECKING:
    from typing import Any

    from projections.agreement import Agreement, Coded


class Agreeing(OpenLedger):
    """What coders made of the same text."""

    def agreement(self, source: str, as_known_at: str | None = None) -> Rows[Agreement]:
        """Return how far each two people who coded a source agree, field by field, with Cohen's kappa.

        Args:
            source: its id.
            as_known_at: the ledger's clock, as for `position`.

        Raises:
            Unparsable: the moment does not parse.
            UnknownName: there is no such source.
            Refused: the library that computes kappa is not installed.
        """
        found, text = self.coded(source, as_known_at)
        return Rows(lambda: agreements(found, sentences(text or "")), agreement_row, "agreement")

    def coded(self, source: str, as_known_at: str | None = None) -> tuple[list[Coded], str | None]:
        """Return what was read in a source, and its normalised text where that is kept.

        Args:
            source: its id.
            as_known_at: the ledger's clock, as for `position`.

        Raises:
            Unparsable: the moment does not parse.
            UnknownName: there is no such source.
        """
        from projections.registry import source as registered

        at = self.moment(None, as_known_at)
        found = registered(self.views.db, at.known_at, source)
        if found is None:
            raise UnknownName(f"no source '{source}'", hint="see: verbale source list")
        text = self.snapshots.text(found["sha256"]) if found.get("sha256") else None
        return list(coded(self.views.db, at.known_at, found["source"], text)), text


def agreement_row(one: Agreement) -> dict[str, Any]:
    """Return a row as the JSON contract has it."""
    return asdict(one)
