"""Who answers: a few threads, each with the ledger open for itself, since a connection stays with its thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbale.ledger import Ledger
    from verbale.places import Location

_CLERKS: Final = 2
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
        return work(self._ledger)

    def close(self) -> None:
        """Finish, and close the ledger."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _close(self) -> None:
        if self._ledger is not None:
            self._ledger.close()


class Clerks:
    """A few clerks; whoever asks gets the first that is free.

    Args:
        place: where the ledger lies.
        recorded_by: in whose name entries are recorded.
        many: how many.
    """

    def __init__(self, place: Location, recorded_by: str | None = None, many: int = _CLERKS) -> None:
        self._every = [Clerk(place, recorded_by) for _ in range(many)]
        self._free: asyncio.LifoQueue[Clerk] = asyncio.LifoQueue()
        for clerk in self._every:
            self._free.put_nowait(clerk)

    async def do(self, work: Callable[[Ledger], Found]) -> Found:
        """Have some work done."""
        clerk = await self._free.get()
        try:
            return await clerk.do(work)
        finally:
            self._free.put_nowait(clerk)

    def close(self) -> None:
        """Let everybody finish, and close every ledger."""
        for clerk in self._every:
            clerk.close()
