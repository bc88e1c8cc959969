"""What verifying finds: what was looked at, what could not be, and what does not hold."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import ConnectionLost, LedgerError, Refused, VerificationFailed
from ledger.stores.room import is_full

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GARBLED: Final = (
    sqlite3.Error,
    LedgerError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    OSError,
    MemoryError,
)
"""What reading bytes that nobody wrote so may raise, in SQLite, in our parsers and in Python."""
_FOLLOWING: Final = frozenset({"views", "assertions", "attestations"})
_LISTED: Final = 100
"""Problems of one check that are told of one by one."""


class Said(NamedTuple):
    """A check, and a sentence about it."""

    check: str
    says: str


class Problem(NamedTuple):
    """Something that does not hold."""

    check: str
    entry: int | None
    """The entry that it is about, where it is about one."""
    says: str


class Step(NamedTuple):
    """How far verifying is."""

    doing: str
    """As in `lines read`."""
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a ledger found."""

    entries: int
    """The lines that were read."""
    root: str | None
    """The RFC 6962 root over them, in base64; None where nothing could be read."""
    checked: tuple[Said, ...]
    not_checked: tuple[Said, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that was checked holds."""
        return not self.problems

    @property
    def first_bad_entry(self) -> int | None:
        """The first entry that does not hold, as far as a problem is about one.

        What follows from the lines is asked only where they themselves hold: a correction that is gone shows in the
        views at the entry that it corrected.
        """
        named = [one for one in self.problems if one.entry is not None]
        recorded = [one for one in named if one.check not in _FOLLOWING]
        return min((one.entry for one in recorded or named if one.entry is not None), default=None)


class Report:
    """Collects what the checks find.

    Args:
        told: called now and then with how far it is.
    """

    def __init__(self, told: Callable[[Step], None] | None = None) -> None:
        self.checked: list[Said] = []
        self.not_checked: list[Said] = []
        self._problems: list[Problem] = []
        self._counts: Counter[str] = Counter()
        self._told = told

    def tell(self, doing: str, done: int, total: int) -> None:
        """Say how far it is."""
        if self._told is not None:
            self._told(Step(doing, done, total))

    def looked(self, check: str, says: str) -> None:
        """Note what was checked."""
        self.checked.append(Said(check, says))

    def left(self, check: str, says: str) -> None:
        """Note what was not, and why."""
        self.not_checked.append(Said(check, says))

    def bad(self, check: str, entry: int | None, says: str) -> None:
        """Note what does not hold; of very many the first are told of, and all are counted."""
        self._counts[check] += 1
        if self._counts[check] <= _LISTED:
            self._problems.append(Problem(check, entry, says))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What does not hold, and how much more of the same."""
        more = [
            Problem(check, None, f"and {number - _LISTED:,} more of the same")
            for check, number in self._counts.items()
            if number > _LISTED
        ]
        return (*self._problems, *more)

    @contextmanager
    def guarded(self, check: str, what: str) -> Iterator[None]:
        """Go on after a check that could not be finished, because what it read is damaged: that is a problem too.

        Args:
            check: its name.
            what: what it reads, as in `the journal`.

        Raises:
            ConnectionLost: that is not the ledger's fault.
            Refused: another process holds the database, or the disk is full; likewise.
        """
        try:
            yield
        except ConnectionLost:
            raise
        except VerificationFailed as error:
            self.bad(check, None, f"{what}: {error.message.rstrip('.')}")
        except GARBLED as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise Refused(f"{what} is locked by another process", hint="try again when that has ended") from None
            if is_full(error):
                hint = "make room, also where temporary files go, and try again; nothing was changed"
                raise Refused(f"there is no room to verify {what}", hint=hint) from None
            said = error.message if isinstance(error, LedgerError) else f"{type(error).__name__}: {error}"
            self.bad(check, None, f"{what} cannot be read: {said}")
