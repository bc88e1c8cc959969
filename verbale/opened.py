"""An open ledger: where its files are, its clock, its views in step, its names."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from ledger.errors import LedgerError, UnknownName
from ledger.journal import Journal
from ledger.kept import Kept
from ledger.snapshots import Snapshots
from ledger.times import END
from projections.belonging import merges_at
from projections.clocks import Moment, moment
from projections.register import ViewRegister
from projections.views import Views
from verbale.places import place_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ledger.kept import Checkpoint
    from verbale.places import Location

_NANOSECONDS: Final = 1_000
_CHECKPOINT: Final = re.compile("cp[0-9]{1,18}")


def system_clock() -> int:
    """Return this host's time, in microseconds since 1970."""
    return time.time_ns() // _NANOSECONDS


def _located(path: str | os.PathLike[str] | Location) -> Location:
    return place_of(path) if isinstance(path, (str, os.PathLike)) else path


class OpenLedger:
    """An open ledger: the journal, the views, the names, the clock.

    Args:
        path: `PATH` or `PATH#NAME` of a SQLite file, a folder that holds `.verbale/`, or `postgresql://…/db#NAME`.
        recorded_by: who records, a claim that is kept with every entry.
        clock: returns the time in microseconds since 1970.

    Raises:
        Refused: there is no ledger.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | Location,
        *,
        recorded_by: str | None = None,
        clock: Callable[[], int] = system_clock,
    ) -> None:
        self.place = _located(path)
        store = self.place.open()
        self.recorded_by = recorded_by
        self._clock = clock
        self.journal = Journal(store, Kept(self.place.kept))
        with suppress(LedgerError):  # where it cannot be written just now, what was erased is not served either
            self.journal.erasures.again()
        self.snapshots = Snapshots(store.shelf)
        self._views: Views | None = None
        self._register: ViewRegister | None = None

    @classmethod
    def create(cls, path: str | os.PathLike[str] | Location) -> bool:
        """Make a ledger; say whether it is new."""
        return _located(path).create()

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
            as_known_at: the ledger's (`2025-03-12`, `e41`, `cp3`); None is the last entry.

        Raises:
            Unparsable: a moment does not parse.
            UnknownName: there is no such entry.
        """
        head = self.views.catch_up()  # first: it replaces the connection where the views are damaged
        if as_known_at is not None and _CHECKPOINT.fullmatch(as_known_at):
            as_known_at = f"e{self.checkpoint_named(as_known_at).size}"
        return moment(self.views.db, head, as_of, as_known_at)

    def checkpoint_named(self, name: str) -> Checkpoint:
        """Return a signed checkpoint by its name, as in `cp3`.

        Raises:
            UnknownName: there is none of that name.
        """
        known = self.journal.checkpoints()
        found = next((one for one in known if f"cp{one.number}" == name), None)
        if found is None:
            hint = (
                f"the last is cp{known[-1].number}"
                if known
                else "none is signed yet; sign one with: verbale checkpoint"
            )
            raise UnknownName(f"no checkpoint {name}", hint=hint)
        return found

    def party(self, name: str, until: int = END) -> str:
        """Return the id of the party known by a name, just before an instant of the world.

        Args:
            name: in any spelling.
            until: microseconds since 1970; left out, the end of time.

        Raises:
            UnknownName: there is none, or the name is several parties' and none's then.
        """
        register = self.current_register()
        found = register.party_at(name, until)
        if found is None:
            raise UnknownName(f"no party '{name}'.", hint=register.suggestion("party", name))
        return found

    def holder(self, name: str, at: Moment) -> str:
        """Return the id of the party that held a party's positions at two moments: itself, or its survivor.

        Args:
            name: in any spelling.
            at: as `moment` returns it.

        Raises:
            UnknownName: there is no such party.
        """
        return merges_at(self.views.db, at.known_at).survivor(self.party(name, at.until))

    def issue(self, name: str) -> str:
        """Return the id of the issue known by a name.

        Raises:
            UnknownName: there is none.
        """
        register = self.current_register()
        found = register.issue(name)
        if found is None:
            raise UnknownName(f"no issue '{name}'.", hint=register.suggestion("issue", name))
        return found

    def knows(self, kind: str, name: str) -> bool:
        """Say whether somebody or something is registered under a name.

        Args:
            kind: `party` or `issue`.
            name: any name.
        """
        register = self.current_register()
        return bool(register.claims(name)) if kind == "party" else register.issue(name) is not None

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
