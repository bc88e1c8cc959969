"""Sealed values: each that is kept opens the commitment in its line, and none is kept that was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.batch import covers
from ledger.codec import CODEC, format_line
from ledger.entries import StatementMade
from ledger.sealing import opens
from ledger.transparency.tree import leaf_hash
from verbale.verifying.report import GARBLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.journal import Journal
    from ledger.kept import Erasure
    from ledger.sealing import SealedValue
    from verbale.verifying.lines import Lines
    from verbale.verifying.report import Report

CHECK: Final = "sealed-values"


def check(journal: Journal, lines: Lines, after: int, report: Report) -> None:
    """Hold every value that is kept to its line.

    Args:
        journal: whose.
        lines: what was read.
        after: the last line that was not.
        report: takes what is found.
    """
    known = journal.kept.erasures()
    erased = [*lines.erasures, *known]
    opened = bad = 0
    for entry, value in journal.store.all_sealed():
        if type(entry) is int and not after < entry <= lines.last and entry <= journal.head:
            continue
        why = _wrong(journal, entry, value, erased)
        if why is None:
            opened += 1
        else:
            bad += 1
            report.bad(CHECK, entry if type(entry) is int and entry <= lines.last else None, why)
    missing = lines.sealed - opened - bad
    if opened or lines.sealed:
        report.looked(CHECK, f"{opened:,} of {lines.sealed:,} that the lines speak of: each opens its commitment")
    if missing > 0:
        report.left(CHECK, f"{missing:,} of {lines.sealed:,} are not here: erased, or left behind by an export")
    with report.guarded(CHECK, "the erased entries"):
        _hold_erasures(journal, lines, known, report)


def _hold_erasures(journal: Journal, lines: Lines, known: list[Erasure], report: Report) -> None:
    """Hold what the file beside the ledger says of an erasure to its record.

    Another history of the ledger may have recorded something else under that number, and stands in the file beside it.
    """
    for erasure in lines.erasures:
        beside = [one for one in known if one.erasure == erasure.erasure]
        line = journal.line(erasure.entry)
        leaf = "" if line is None else leaf_hash(format_line(*line)).hex()
        if beside and not any(one in (erasure, erasure._replace(leaf=leaf)) for one in beside):
            report.bad(CHECK, erasure.erasure, f"the file of erasures says something else of e{erasure.erasure}")


def _wrong(journal: Journal, entry: int, value: SealedValue, erased: Sequence[Erasure]) -> str | None:
    """Return what is wrong with a value that is kept."""
    what = f"the sealed {value.field} of e{entry}"
    try:
        line = journal.line(entry)
        event = None if line is None else CODEC.decode(*line).event
        sealed = (event.sealed or {}) if isinstance(event, StatementMade) else {}
        committed = {str(name): hashed for name, hashed in sealed.items()}.get(value.field)
        if committed is None:
            return f"{what} is kept, and the line speaks of none"
        if not opens(value, committed):
            return f"{what} does not open the commitment in the line"
    except GARBLED as error:
        return f"{what} cannot be read: {error}"
    leaf = leaf_hash(format_line(*line)).hex() if line is not None else ""
    gone = next((one for one in erased if one.entry == entry and covers(one.fields, value.field)), None)
    if gone is not None and gone.leaf not in ("", leaf):
        gone = None  # of an entry that had this number in another copy of the ledger
    if gone is not None:
        return f"{what} is still kept, though e{gone.erasure} records that it was erased"
    return None
