"""The rule on the ends of imports."""

from __future__ import annotations

from ledger.entries import ImportFinished
from ledger.entries.imports import label_of
from ledger.errors import Refused
from ledger.rules.admitting import Circumstances, admit


@admit.register
def _(event: ImportFinished, given: Circumstances) -> None:
    last = given.register.last_snapshot(event.dataset)
    if last is not None and last > event.snapshot:
        newest = label_of(event.dataset, last)
        message = f"{label_of(event.dataset, event.snapshot)} cannot follow {newest}"
        raise Refused(message, hint="snapshots are imported in the order of their days")
