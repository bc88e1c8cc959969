"""What can go wrong, each with the exit code a script sees and a hint that a person can use.

Raised where the fact is known, rendered in one place (`verbale.cli`).  The library never prints and never exits.

| class | exit | means |
|---|---|---|
| `Refused` | 1 | the ledger's rules say no, or the machine does; nothing was written |
| `ConnectionLost` | 1 | the database went away in the middle |
| `Unparsable` | 2 | an option, date, stance or number does not parse |
| `VerificationFailed` | 3 | bytes, order or a proof do not hold |
| `UnknownName` | 4 | no such party, issue or entry, or more than one |
| `StateChanged` | 5 | another writer was first, and now the rules say no |
"""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """Something that the ledger refuses, with a message for people and, where there is one, a way out."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Refused(LedgerError):
    """The rules say no, or the machine does: nothing was written."""


class ConnectionLost(Refused):
    """The connection to the database was lost, and the lock with it, or cannot be made: what was decided is void."""


class Unparsable(LedgerError):
    """A date, a stance, a number or an option that does not parse."""

    exit_code = 2


class VerificationFailed(LedgerError):
    """Bytes, order or a proof that do not hold."""

    exit_code = 3


class UnknownName(LedgerError):
    """A party, issue or entry that is not there, or a name that fits several."""

    exit_code = 4


class StateChanged(LedgerError):
    """The state changed under the command, and now refuses it."""

    exit_code = 5
