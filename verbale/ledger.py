"""`Ledger`, the one object that a user of the library opens: one method a command."""

from __future__ import annotations

from verbale.inquiries import Inquiries
from verbale.recording import Recordings


class Ledger(Inquiries, Recordings):
    """A ledger of positions.

    Args:
        path: the journal's database, `PATH` or `PATH#NAME`, or a folder that holds `.verbale/`.
        recorded_by: who records, a claim that is kept with every entry.
        clock: returns the time in microseconds since 1970.

    Raises:
        Refused: there is no ledger.
    """
