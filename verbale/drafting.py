"""From the arguments of a method to a draft that is recorded: what all mutations share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projections.amended import last_amendment
from verbale.recording import Recordings

if TYPE_CHECKING:
    from verbale.recording import Recorded


class Drafting(Recordings):
    """Makes drafts.  All mutations raise a `LedgerError` where the ledger does not admit the draft."""

    def _amend(self, kind: str, entry: int, seen: int | None, **fields: object) -> Recorded:
        # What its author sees of the target, so that the same amendment again, after an undo, is a new fact.
        if seen is None:
            after = self.current_register().last_amendment(entry)
        else:
            after = last_amendment(self.views.db, entry, min(seen, self.views.catch_up()))
        return self._record(kind, seen, entry=entry, after=after, **fields)

    def _record(self, kind: str, seen: int | None = None, /, **fields: object) -> Recorded:
        given = {name: _plain(value) for name, value in fields.items() if value not in (None, (), [], False)}
        return self.record({"type": kind, **given}, seen=seen, folder=Path())


def _plain(value: object) -> Any:  # noqa: ANN401  JSON
    """Return a value as JSON has it: the drafts' own forms."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
