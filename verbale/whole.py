"""The whole journal: taken along, and folded anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.codec import format_line
from ledger.errors import UnknownName
from ledger.transparency.tree import Tree
from projections.clocks import moment
from projections.json_rows import digest
from projections.matrix import matrix
from projections.views import Views
from verbale.opened import OpenLedger

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from projections.change import Change
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

    def replay(self, as_known_at: str | None = None, into: str | os.PathLike[str] | None = None) -> Replayed:
        """Fold the journal anew, and compare with the views.

        Args:
            as_known_at: the last entry that is folded in (`e48`, `cp3`, a time); None folds all of it.
            into: a file to keep what was folded in: the views' tables as they were then, for any SQLite tool; None
                folds in memory.

        Raises:
            Unparsable: the moment does not parse.
            UnknownName: there is no such entry or checkpoint.
            Refused: the file holds something else, or nobody can write there.
        """
        # Somebody may be recording: all that follows is as known here.
        known_at = self.moment(None, as_known_at).known_at
        tree = Tree()
        tree.extend(format_line(*line) for line in self.journal.lines(upto=known_at))
        live = digest(matrix(self.views.db, self.moment(None, f"e{known_at}")))
        if into is not None:
            from verbale.past import fold_into

            anew = fold_into(self.journal, self.place, Path(into), known_at)
        else:
            fresh = Views(self.journal, None, upto=known_at)
            try:
                anew = digest(matrix(fresh.db, moment(fresh.db, fresh.catch_up())))
            finally:
                fresh.close()
        return Replayed(tree.size, tree.root_base64(), anew, anew == live)

    def explain(self, entry: int) -> Change:
        """Return what an entry changed: every row that reads otherwise once it is known, or why none does.

        Args:
            entry: its number.

        Raises:
            UnknownName: there is none.
        """
        from projections.change import change

        head = self.views.catch_up()
        found = change(self.views.db, entry)
        if found is None:
            raise UnknownName(f"no entry e{entry}", hint=f"the last is e{head}" if head else "the ledger is empty")
        return found

    def verify(
        self,
        since: str | None = None,
        told: Callable[[Step], None] | None = None,
        checkpoints: Mapping[str, bytes] | None = None,
    ) -> Verified:
        """Read everything that was recorded again, and make anew whatever follows from it; nothing is changed.

        Best asked of a ledger that was just opened: what is asked of it before brings its views up to date, and takes
        with them what they may show.

        Args:
            since: a checkpoint (`cp3`): only what came after it is verified; None verifies everything.
            told: called now and then with how far it is.
            checkpoints: signed notes of this ledger that somebody kept elsewhere, by what they are called.

        Raises:
            UnknownName: there is no such checkpoint.
        """
        from verbale.verifying import verify

        return verify(self, None if since is None else self.checkpoint_named(since), told, checkpoints or {})
