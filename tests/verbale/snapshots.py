"""Two snapshots of a living data set, made up, and what a ledger says that they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.entries import ActionTaken
from tests.ledger.importers.test_acled import ROW

if TYPE_CHECKING:
    from verbale import Ledger

FIRST: Final = [ROW | {"event_id_cnty": f"UKR{n}", "fatalities": str(n % 7)} for n in range(300)]
SECOND: Final = [
    *(row | ({"fatalities": "9"} if n % 10 == 0 else {}) for n, row in enumerate(FIRST) if n % 30 != 1),
    *(ROW | {"event_id_cnty": f"UKR{n}"} for n in range(300, 320)),
]
"""30 rows read otherwise, 10 are gone, 20 are new."""


def deaths(book: Ledger, label: str) -> dict[str, str]:
    """Return how many died in each row that counts at a moment of the ledger, by the row's key."""
    known = book.moment(as_known_at=label).known_at
    counting = (one.entry for one in book.log(as_known_at=label) if one.status != "retracted")
    events = [book.entry(entry, known).event for entry in counting]
    origins = [event.origin for event in events if isinstance(event, ActionTaken) and event.origin is not None]
    return {one.id: one.columns["fatalities"] for one in origins if one.dataset == "acled"}
