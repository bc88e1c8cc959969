"""The whole journal: taken along, and folded anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.codec import format_line
from ledger.transparency.tree import Tree
from projections.clocks import moment
from projections.json_rows import digest
from projections.matrix import matrix
from projections.views import Views
from verbale.opened import OpenLedger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbale.verifying.report import Step, Verified


@dataclass(frozen=True, slots=True)
class Replayed:
    """What folding the journal anew gave."""

    entries: int
    root: str
    """The RFC 6962 root over the lines, in base64."""
    positions: str
    """The digest of the positions at no T and K = head."""
    equals_views: bool


class Whole(OpenLedger):
    """What is done with all of it."""

    def export_journal(self) -> Iterator[bytes]:
        """Yield the journal's lines, each with its LF."""
        return (format_line(*line) + b"\n" for line in self.journal.lines())

    def replay(self) -> Replayed:
        """Fold the journal anew, in memory, and compare with the views."""
        head = self.moment().known_at  # somebody may be recording: all that follows is as known here
        tree = Tree()
        tree.extend(format_line(*line) for line in self.journal.lines(upto=head))
        known_at = f"e{head}"
        live = digest(matrix(self.views.db, self.moment(None, known_at)))
        fresh = Views(self.journal, None)
        try:
            anew = digest(matrix(fresh.db, moment(fresh.db, fresh.catch_up(), None, known_at)))
        finally:
            fresh.close()
        return Replayed(tree.size, tree.root_base64(), anew, anew == live)

    def verify(self, since: str | None = None, told: Callable[[Step], None] | None = None) -> Verified:
        """Read everything that was recorded again, and make anew whatever follows from it; nothing is changed.

        Best asked of a ledger that was just opened: what is asked of it before brings its views up to date, and takes
        with them what they may show.

        Args:
            since: a checkpoint (`cp3`): only what came after it is verified; None verifies everything.
            told: called now and then with how far it is.

        Raises:
            UnknownName: there is no such checkpoint.
        """
        from verbale.verifying import verify

        return verify(self, None if since is None else self.checkpoint_named(since), told)
