"""How far people agree who coded the same text, as text."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from verbale.terminal.positions import clocks_line, nothing
from verbale.terminal.style import strong
from verbale.terminal.tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.agreement import Agreement
    from projections.clocks import Moment


def kappa_text(one: Agreement) -> str:
    """Return kappa with two decimals, and a dash where it is not defined."""
    return "–" if one.kappa is None else f"{one.kappa:.2f}".replace("-", "−")


def share_text(one: Agreement) -> str:
    """Return how many units two agree on, of how many."""
    share = f" ({100 * one.agreed // one.units} %)" if one.units else ""
    return f"{one.agreed:,} of {one.units:,}{share}"


def agreement_text(rows: Sequence[Agreement], at: Moment, source: str, total: int) -> str:
    """Return a table for each two people."""
    if not rows:
        return nothing(f"Fewer than two people have coded {source}: there is nothing to agree on.", at)
    blocks = [clocks_line(at)]
    for (a, b), some in groupby(rows, key=lambda one: (one.coder_a, one.coder_b)):
        cells = [(one.field, share_text(one), kappa_text(one)) for one in some]
        blocks.append(strong(f"{a} and {b}") + "\n" + table(("field", "agreed", "Cohen's κ"), cells, total))
    return "\n".join(blocks)
