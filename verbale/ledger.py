"""`Ledger`, the one object that a user of the library opens: one method a command."""

from __future__ import annotations

from verbale.mutations import Mutations
from verbale.questions import Questions


class Ledger(Questions, Mutations):
    """A ledger of positions.

    Open one with `Ledger(path)`, best in a `with` statement; make one with `Ledger.create(path)`.

    Args:
        path: the journal's database, `PATH` or `PATH#NAME`, or a folder that holds `.verbale/`.
        recorded_by: who records, a claim that is kept with every entry.
        clock: returns the time in microseconds since 1970.

    Raises:
        Refused: there is no ledger.
    """
