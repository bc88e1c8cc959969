"""A ledger as those read it who do not hold it: nothing sealed is opened, and no document that sealed words rest on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from ledger.snapshots import Snapshots
from projections.evidence import readings
from verbale.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.sealing import SealedValue
    from ledger.stores.protocol import Shelf
    from verbale.places import Location

# Whatever ever named the source, as it was recorded or as a correction has it: later corrections open nothing.
_SEALED_ON: Final = """
instr(e.data, '"sealed"') AND e.entry IN (
    SELECT entry FROM entries WHERE source = :source UNION SELECT entry FROM states WHERE instr(data, :written))
"""
_OF_BYTES: Final = """
SELECT source FROM sources WHERE sha256 = :sha256
    OR entry IN (SELECT entry FROM states WHERE instr(data, :sha256))
"""


class Outward(Ledger):
    """What may be shown to anybody.

    Args:
        place: where the ledger lies.
    """

    def __init__(self, place: Location) -> None:
        super().__init__(place)
        self.snapshots = _Shown(self.journal.store.shelf, cache(self._may_be_shown))

    def _at_hand(self, entry: int) -> list[SealedValue]:  # noqa: ARG002  of none of them
        return []

    def _may_be_shown(self, sha256: str) -> bool:
        db = self.views.db
        for (source,) in db.execute(_OF_BYTES, {"sha256": sha256}).fetchall():
            asked: dict[str, object] = {"source": source, "written": f'"{source}"'}
            if any(getattr(one.event, "sealed", None) for one in readings(db, self.head, _SEALED_ON, asked)):
                return False
        return True


class _Shown(Snapshots):
    """Documents, as far as they may be shown.

    Args:
        shelf: where all of them are kept.
        may_be_shown: says of which.
    """

    def __init__(self, shelf: Shelf, may_be_shown: Callable[[str], bool]) -> None:
        super().__init__(shelf)
        self._may_be_shown = may_be_shown

    def document(self, sha256: str | None) -> bytes | None:
        """Return a document's bytes, None where they are not kept here or not to be shown."""
        return None if sha256 is None or not self._may_be_shown(sha256) else super().document(sha256)
