"""Verbale: a ledger of who took which position, when, in whose words, and when we learnt it."""

from verbale.ledger import Ledger

__all__ = ["Ledger"]
