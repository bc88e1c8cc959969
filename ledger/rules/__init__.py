"""What the ledger admits: pure decisions on one draft at a time, against what is known so far.

Every function here either returns or raises; nothing is read but what the `Register` answers, and nothing is written.
`projections.register` fulfils the register from the views and from what was decided since they were written.
"""

from __future__ import annotations

from ledger.rules import amending, auditing, importing, names, words  # noqa: F401  each registers its rules with `admit`
from ledger.rules.admitting import Circumstances, admit
from ledger.rules.words import DAY_LINE, unchecked_quote

__all__ = ["DAY_LINE", "Circumstances", "admit", "unchecked_quote"]
