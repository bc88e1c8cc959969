"""Who answers: two threads, each with the ledger open for itself, since a connection stays with its thread.

One makes pages, the other whatever may take long: whole answers as JSON and CSV, and what forms ask.  More threads
would answer later, and not sooner: they take turns at the one interpreter, at every row that SQLite hands over.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbale.ledger import Ledger
    from verbale.places import Location

Found = TypeVar("Found")


class Clerk:
    """One thread, and its open ledger.

    Args:
        place: where the ledger lies.
        recorded_by: in whose name entries are recorded.
    """

    def __init__(self, place: Location, recorded_by: str | None = None) -> None:
        self._place = place
        self._recorded_by = recorded_by
        self._thread = ThreadPoolExecutor(1, "desk")
        self._ledger: Ledger | None = None

    async def do(self, work: Callable[[Ledger], Found]) -> Found:
        """Do some work with the ledger, in this clerk's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _do(self, work: Callable[[Ledger], Found]) -> Found:
        from verbale.ledger import Ledger

        if self._ledger is None:
            self._ledger = Ledger(self._place, recorded_by=self._recorded_by)
            self._ledger.views.map()
        return work(self._ledger)

    def close(self) -> None:
        """Finish, and close the ledger."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _close(self) -> None:
        if self._ledger is not None:
            self._ledger.close()


class Clerks:
    """Both clerks.

    Args:
        place: where the ledger lies.
        recorded_by: in whose name entries are recorded.
    """

    def __init__(self, place: Location, recorded_by: str | None = None) -> None:
        self.pages = Clerk(place, recorded_by)
        """Makes pages."""
        self.whole = Clerk(place, recorded_by)
        """Does what may take long."""

    def close(self) -> None:
        """Let both finish, and close their ledgers."""
        self.pages.close()
        self.whole.close()
