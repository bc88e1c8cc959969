"""What a data set said last of one of its rows, whatever people have made of it since.

It is read off the journal: an amendment that rests on a snapshot of the data set (the source `acled/2022-05-05`) is
the data's own.  How the row reads is the entry as it was recorded, with every correction of the data applied in order,
those that people undid too.  Whether it is there is told by the data's last retraction of it: it is gone, unless the
data have retracted that retraction.

So each turn of the data needs its entry, also one that changes nothing today.  The data said A, then B; a person undid
that, and the data say A again: a correction to A is recorded on top, though the entry reads A already.  Without it the
next B would be nothing new, and undoing the undo would leave B where the data have A.  A row that vanished, was brought
back by a person and is in the data again is the same case: the data retract their retraction, though it is retracted.
Of people's amendments, those that change nothing are refused as ever.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.amending import corrected

if TYPE_CHECKING:
    from ledger.entries import Entry
    from ledger.register import Register

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def dataset_of(source: str | None) -> str | None:
    """Return the data set that a source is a snapshot of, by its id; None where it is none."""
    dataset, _, day = (source or "").rpartition("/")
    return dataset if dataset and _DAY.fullmatch(day) else None


class LastSaid:
    """What the data said last, by the entries that were made from their rows.

    Args:
        dataset: its name.
        register: what is known so far.
    """

    def __init__(self, dataset: str, register: Register) -> None:
        self._dataset = dataset
        self._register = register

    def reading(self, held: int) -> Entry:
        """Return an entry as the data have it."""
        said = self._register.as_recorded(held)
        for correction in self._register.corrections(held, undone=True):
            if self._is_ours(correction.source):
                said = corrected(said, correction.changes)
        return said

    def gone(self, held: int) -> tuple[int, ...]:
        """Return the retractions by which the data took a row back, none where they have it.

        The last one, and those before that are in effect: people may have undone what took them back.
        """
        register = self._register
        vanished = [by for by in register.retractions(held) if self._retracts(by)]
        if not vanished or any(map(self._retracts, register.retractions(vanished[-1]))):
            return ()
        return *(by for by in vanished[:-1] if register.retracted_by(by) is None), vanished[-1]

    def _retracts(self, retraction: int) -> bool:
        return self._is_ours(getattr(self._register.event(retraction), "source", None))

    def _is_ours(self, source: str | None) -> bool:
        return dataset_of(source) == self._dataset
