"""The verifying of a desk's ledger: one at a time, in a process of its own, and the report that came last."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import LedgerError
from ledger.times import stamp
from verbale.opened import system_clock
from verbale.verifying.asking import verified, verified_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbale.places import Location
    from verbale.verifying.report import Step, Verified
    from verbale.web.aside import Aside


class Done(NamedTuple):
    """A verification that came to an end."""

    found: Verified | None
    """None where it could not be made."""
    error: LedgerError | None
    ended: str


class Standing(NamedTuple):
    """How far verifying is."""

    began: str | None
    """When what is under way began; None where nothing is."""
    step: Step | None
    last: Done | None

    def document(self) -> dict[str, Any] | None:
        """Return the last report as `verbale verify --json` prints it."""
        return None if self.last is None or self.last.found is None else verified_json(self.last.found)


class Verification:
    """Verifies one ledger, and keeps the last report.

    Args:
        place: where it lies.
        aside: has it done.
        clock: returns the time in microseconds since 1970.
    """

    def __init__(self, place: Location, aside: Aside, clock: Callable[[], int] = system_clock) -> None:
        self._place, self._aside, self._clock = place, aside, clock
        self._lock = threading.Lock()
        self._standing = Standing(None, None, None)

    def begin(self) -> bool:
        """Begin, and return at once; say whether it began, for while one is under way no other does."""
        with self._lock:
            if self._standing.began is not None:
                return False
            self._standing = self._standing._replace(began=stamp(self._clock()), step=None)
        threading.Thread(target=self._verify, name="verifying", daemon=True).start()
        return True

    def standing(self) -> Standing:
        """Return how far it is."""
        return self._standing

    def _verify(self) -> None:
        found: Verified | None = None
        failed: LedgerError | None = None
        try:
            found = self._aside.do(_verified, self._place, told=self._told)
        except LedgerError as error:
            failed = error
        self._standing = Standing(None, None, Done(found, failed, stamp(self._clock())))

    def _told(self, step: Step) -> None:
        self._standing = self._standing._replace(step=step)


def _verified(told: Callable[[Step], None], place: Location) -> Verified:
    return verified(place, told=told)
