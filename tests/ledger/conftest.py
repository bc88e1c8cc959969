"""The three kinds of store, for tests that hold on each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from ledger.journal import Journal
from ledger.stores.memory import MemoryStore
from verbale.places import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from verbale.places import Location

KINDS = ("memory", "sqlite", "postgres")


@dataclass
class MemoryPlace:
    """A place in memory: what is made there stays while the place is kept."""

    name: str = "main"
    views: Path | None = None
    _stores: list[MemoryStore] = field(default_factory=list)

    def open(self) -> MemoryStore:
        """Return the one store."""
        return self._stores[0]

    kept = None

    def create(self, secret: bytes | None = None) -> bool:
        """Make it, once."""
        made = not self._stores
        self._stores = self._stores or [MemoryStore(self.name, secret)]
        return made

    def __str__(self) -> str:
        """Return what tells it from others."""
        return f"memory#{self.name}"


@pytest.fixture(params=KINDS)
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Location]:
    """Return what gives a place on a store of each kind; no ledger is there yet."""
    if request.param == "memory":
        return MemoryPlace
    if request.param == "postgres":
        new_address = cast("Callable[[], str]", request.getfixturevalue("new_address"))
        return lambda: place_of(new_address())
    numbers = itertools.count(1)
    return lambda: place_of(tmp_path / f"{next(numbers)}.db")


@pytest.fixture
def place(new_place: Callable[[], Location]) -> Location:
    """Make a ledger on a store of each kind."""
    place = new_place()
    assert place.create()
    return place


@pytest.fixture
def journal(place: Location) -> Iterator[Journal]:
    """Open an empty journal on a store of each kind."""
    with Journal(place.open()) as journal:
        yield journal
