"""Verbale: a ledger of who took which position, when, in whose words, and when we learnt it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verbale.ledger import Ledger

__all__ = ["Ledger"]


def __getattr__(name: str) -> object:
    """Import `Ledger` when it is first asked for: the command line starts without it."""
    if name == "Ledger":
        from verbale.ledger import Ledger

        return Ledger
    raise AttributeError(name)
