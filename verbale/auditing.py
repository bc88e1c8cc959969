"""What is recorded for whoever verifies the ledger later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.errors import Refused
from projections.json_rows import digest
from projections.matrix import matrix
from projections.ruling import LATEST, rule_named
from verbale.drafting import Drafting

if TYPE_CHECKING:
    from verbale.recording import Recorded


class Audits(Drafting):
    """What the next checkpoint signs with everything else."""

    def attest(self, as_of: str | None = None, as_known_at: str | None = None, rule: str = LATEST.name) -> Recorded:
        """Record what the positions are: their digest, so that nobody can say later that they were others.

        Args:
            as_of: the world's clock (`2025-03-12`); None counts all that was said.
            as_known_at: the ledger's (`e41`, `cp3`); None knows all that is recorded.
            rule: the position rule.

        Raises:
            Unparsable: a moment does not parse, or there is no such rule.
            UnknownName: there is no such entry or checkpoint.
            Refused: nothing is known by then.
        """
        return self.record(self.attestation(as_of, as_known_at, rule))

    def attestation(
        self, as_of: str | None = None, as_known_at: str | None = None, rule: str = LATEST.name
    ) -> dict[str, Any]:
        """Return the draft that `attest` records.

        Args:
            as_of: the world's clock, as for `attest`.
            as_known_at: the ledger's, likewise.
            rule: the position rule.

        Raises:
            Unparsable: a moment does not parse, or there is no such rule.
            UnknownName: there is no such entry or checkpoint.
            Refused: nothing is known by then.
        """
        by, at = rule_named(rule), self.moment(as_of, as_known_at)
        if not at.known_at:
            raise Refused("nothing is recorded by then, so there is nothing to attest", hint="see: verbale status")
        draft = {"type": "projection-attested", "projection": "positions", "version": by.name, "basis": at.known_at}
        world = {} if at.as_of is None else {"as_of": at.as_of}
        return {**draft, **world, "digest": digest(matrix(self.views.db, at, rule=by))}
