"""What the tests of faults share: the figures that they end with, and which store they harm."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, cast

import pytest

from tests.faults.hands import Hands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_KEPT: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return what takes a line that is printed when all tests have run."""
    return request.config.stash.setdefault(_KEPT, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures."""
    lines = config.stash.get(_KEPT, [])
    if lines:
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> str:
    """Name a kind of store that processes can share."""
    return str(request.param)


@pytest.fixture
def addresses(request: pytest.FixtureRequest, store: str, tmp_path: Path) -> Callable[[], str]:
    """Return what gives the address of a ledger that is not there yet."""
    if store == "postgres":
        return cast("Callable[[], str]", request.getfixturevalue("new_address"))
    numbers = itertools.count(1)
    return lambda: str(tmp_path / f"{next(numbers)}" / "l.db")


@pytest.fixture(scope="package")
def hands() -> Iterator[Hands]:
    """Start the process that others are forked from."""
    with Hands() as hands:
        yield hands
