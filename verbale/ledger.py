"""`Ledger`, the one object that a user of the library opens: one method a command."""

from __future__ import annotations

from verbale.agreeing import Agreeing
from verbale.amending import Amendings
from verbale.auditing import Audits
from verbale.bundling import Bundles
from verbale.copying import Copies
from verbale.erasing import Erasings
from verbale.exporting import Exports
from verbale.inquiries import Inquiries
from verbale.naming import Namings
from verbale.networks import Networks
from verbale.relating import Relations
from verbale.saying import Sayings


class Ledger(
    Inquiries,
    Sayings,
    Amendings,
    Namings,
    Relations,
    Agreeing,
    Audits,
    Bundles,
    Copies,
    Erasings,
    Exports,
    Networks,
):
    """A ledger of positions.

    Open one with `Ledger(path)`, best in a `with` statement; make one with `Ledger.create(path)`.

    Args:
        path: `PATH` or `PATH#NAME` of a SQLite file, a folder that holds `.verbale/`, or `postgresql://…/db#NAME`.
        recorded_by: who records, a claim that is kept with every entry.
        clock: returns the time in microseconds since 1970.

    Raises:
        Refused: there is no ledger.
    """
