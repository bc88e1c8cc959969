"""What an entry changed, as a document: the same at every door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.json_rows import clocks, evidence_row, position_row
from verbale.documents import envelope

if TYPE_CHECKING:
    from projections.change import Change
    from projections.positions import Position


def explained(found: Change) -> dict[str, Any]:
    """Return what an entry changed, as the contract has it."""
    return envelope(
        "explained",
        **{"from": clocks(found.before), "to": clocks(found.after)},
        entry=evidence_row(found.reading),
        rows=[
            {
                "party": one.party,
                "issue": one.issue,
                "before": _row(one.before),
                "after": _row(one.after),
                "says": list(one.says),
            }
            for one in found.rows
        ],
        reasons=list(found.reasons),
    )


def _row(one: Position | None) -> dict[str, Any] | None:
    return None if one is None else position_row(one)
