"""An open ledger: where its files are, its clock, its views in step, its names."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Self

from ledger.errors import Refused, UnknownName
from ledger.journal import Journal
from ledger.snapshots import Snapshots
from projections.clocks import Moment, moment
from projections.register import ViewRegister
from projections.views import Views
from verbale.places import Place, place_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from types import TracebackType

_NANOSECONDS: Final = 1_000


def system_clock() -> int:
    """Return this host's time, in microseconds since 1970."""
    return time.time_ns() // _NANOSECONDS


class OpenLedger:
    """An open ledger: the journal, the views, the names, the clock.

    Args:
        path: the journal's database, `PATH` or `PATH#NAME`, or a folder that holds `.verbale/`.
        recorded_by: who records, a claim that is kept with every entry.
        clock: returns the time in microseconds since 1970.

    Raises:
        Refused: there is no ledger.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | Place,
        *,
        recorded_by: str | None = None,
        clock: Callable[[], int] = system_clock,
    ) -> None:
        self.place = path if isinstance(path, Place) else place_of(path)
        if not self.place.journal.exists():
            raise Refused(f"no ledger at {self.place}", hint=f"make one with: verbale init --ledger {self.place}")
        if self.place.journal.is_dir():
            raise Refused(f"{self.place} is a folder", hint="name the database file in it")
        self.recorded_by = recorded_by
        self._clock = clock
        self.journal = Journal(self.place.journal, self.place.name)
        self.snapshots = Snapshots(self.place.sources)
        self._views: Views | None = None
        self._register: ViewRegister | None = None

    @classmethod
    def create(cls, path: str | os.PathLike[str] | Place) -> bool:
        """Make a ledger; say whether it is new."""
        place = path if isinstance(path, Place) else place_of(path)
        return Journal.create(place.journal, place.name)

    def close(self) -> None:
        """Let go of every file."""
        if self._views is not None:
            self._views.close()
        self.journal.close()

    def __enter__(self) -> Self:
        """Use the ledger as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @property
    def views(self) -> Views:
        """The views, opened at the first use."""
        if self._views is None:
            self._views = Views(self.journal, self.place.views)
        return self._views

    @property
    def head(self) -> int:
        """The number of the last entry."""
        return self.journal.head

    def moment(self, as_of: str | None = None, as_known_at: str | None = None) -> Moment:
        """Return the pair of moments that a question means, the views caught up.

        Args:
            as_of: the world's clock (`2025-03-12`, `2025-Q1`); None is no bound.
            as_known_at: the ledger's (`2025-03-12`, `e41`); None is the last entry.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such entry.
        """
        head = self.views.catch_up()  # first: it replaces the connection where the views are damaged
        return moment(self.views.db, head, as_of, as_known_at)

    def party(self, name: str) -> str:
        """Return the id of the party known by a name.

        Raises:
            UnknownName: there is none.
        """
        return self._id("party", name)

    def issue(self, name: str) -> str:
        """Return the id of the issue known by a name.

        Raises:
            UnknownName: there is none.
        """
        return self._id("issue", name)

    def knows(self, kind: str, name: str) -> bool:
        """Say whether somebody or something is registered under a name.

        Args:
            kind: `party` or `issue`.
            name: any name.
        """
        register = self.current_register()
        return (register.party if kind == "party" else register.issue)(name) is not None

    def hint(self, kind: str, name: str) -> str | None:
        """Return what somebody may have meant.

        Args:
            kind: `party` or `issue`.
            name: what was asked for, and is not known.
        """
        return self.current_register().suggestion(kind, name)

    def current_register(self) -> ViewRegister:
        """Return the register, in step with the journal."""
        head = self.views.catch_up()
        register = self._register
        if register is None or register.head != head or register.outdated:
            register = self._register = ViewRegister(self.views)
        return register

    def _id(self, kind: str, name: str) -> str:
        register = self.current_register()
        found = register.party(name) if kind == "party" else register.issue(name)
        if found is None:
            raise UnknownName(f"no {kind} '{name}'.", hint=register.suggestion(kind, name))
        return found
