"""Bundles: what an auditor is given, who then needs neither the ledger nor this program.

A bundle holds journal lines, the tiles that prove them, every checkpoint, the positions with their digest, what is
disclosed of sealed statements, the sources' bytes, the schemas, and `check.py`.  The format is specified in
`ledger.transparency.check`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.errors import Refused, UnknownName
from projections.parts import part
from projections.ruling import LATEST
from verbale.bundle_members import CHECKER, Asked, Bundled, Writer
from verbale.registered import Registered
from verbale.witnessing import Witnessed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.kept import Checkpoint
    from projections.ruling import Rule

CHECKED_RULES: Final = ("latest/1", "verified/1", "own-words/1")
"""The rules that the checker knows; ranks would make it longer than one sitting can read."""


class Bundles(Witnessed, Registered):
    """What is given to auditors."""

    def bundle(
        self,
        path: Path,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        *,
        rule: Rule = LATEST,
        disclose: Iterable[tuple[int, str | None]] = (),
        withhold: Iterable[str] = (),
    ) -> Bundled:
        """Write a bundle, whole or not at all.

        Args:
            path: a folder, or a file that ends in `.zip`; nothing is there yet.
            party: only what its positions rest on.
            issue: only what the positions on it rest on.
            as_of: T of the positions.
            as_known_at: K: what was recorded later is not in it.
            rule: of the positions.
            disclose: entries whose sealed values are laid open, each with one field or None for all of them.
            withhold: ids of sources whose bytes are kept back; those that a sealed statement rests on are kept back
                anyway, unless all of it is disclosed.

        Raises:
            UnknownName: there is no such party, issue, entry or source.
            Refused: something is there, K is not signed yet, or the checker does not know the rule.
            VerificationFailed: the journal is not what was signed.
        """
        from ledger.transparency.bundle import sink_at

        if rule.name not in CHECKED_RULES:
            hint = f"a bundle's positions are by one of: {', '.join(CHECKED_RULES)}"
            raise Refused(f"{CHECKER} does not know the rule {rule.name}", hint=hint)
        at = self.moment(as_of, as_known_at)
        checkpoints = self._checkpoints_over(at.known_at)
        holder = None if party is None else self.holder(party, at)
        on = None if issue is None else self.issue(issue)
        of_part = None if party is None and issue is None else part(self.views.db, at.known_at, holder, on)
        asked = Asked(at, holder, on, rule, of_part)
        opened = self._disclosed(list(disclose), at.known_at)
        for name in withhold:
            if self.source(name) is None:
                raise UnknownName(f"no source '{name}'", hint="see: verbale source list")
        with sink_at(path) as sink:
            return Writer(self, asked, checkpoints, sink.open).write(path, opened, frozenset(withhold))

    def _checkpoints_over(self, known_at: int) -> list[Checkpoint]:
        """Return every checkpoint; the last covers what is known."""
        known = self.journal.checkpoints()
        if not known_at:
            raise Refused("nothing is recorded by then", hint="a bundle holds at least one entry")
        if not known or known[-1].size < known_at:
            signed = f"e{known[-1].size}" if known else "nothing"
            message = f"the journal is signed as far as {signed}, and not to e{known_at}"
            raise Refused(message, hint="sign it first with verbale checkpoint, or say --as-known-at cpN")
        return known

    def _disclosed(self, wanted: list[tuple[int, str | None]], known_at: int) -> list[dict[str, Any]]:
        found = []
        for entry, field in wanted:
            if not 0 < entry <= self.head:
                raise UnknownName(f"no entry e{entry}", hint=f"the last is e{self.head}")
            values = self.journal.sealed_values(entry) if entry <= known_at else []
            chosen = [value for value in values if field in (None, value.field)]
            if not chosen:
                which = f"'{field}' of e{entry}" if field else f"e{entry}"
                hint = "it was never sealed, was erased, or is not at hand here; see: verbale log"
                raise Refused(f"there is nothing to disclose of {which}", hint=hint)
            found += [
                {"entry": entry, "field": one.field, "salt": one.salt.hex(), "value": one.value} for one in chosen
            ]
        found.sort(key=lambda one: (one["entry"], one["field"]))
        return found
