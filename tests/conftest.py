"""What every test stands on: a cache folder of its own, and a PostgreSQL server where one is asked for."""

from __future__ import annotations

import contextlib
import itertools
import os
from typing import TYPE_CHECKING

import pytest

from tests.postgres import NoServer, Server, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True, scope="session")
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test, nor what it runs, read the settings of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "APPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("settings")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what belongs to ledgers on PostgreSQL out of the folders of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("cache")))
        for name in [name for name in os.environ if name.startswith("PG")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start a server of PostgreSQL, once; where there is none to be had, CI fails and others skip."""
    with contextlib.ExitStack() as stack:
        try:
            started = stack.enter_context(running())
        except NoServer as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no PostgreSQL: {error}")
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Make an empty database, and return its name."""
    with server.database() as name:
        yield name


@pytest.fixture(scope="session")
def new_address(server: Server) -> Iterator[Callable[[], str]]:
    """Return what gives the address of a ledger that is not there yet, in a database that the tests share."""
    numbers = itertools.count(1)
    with server.database() as name:
        yield lambda: f"{server.address(name)}#ledger-{next(numbers)}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless `-m` names it."""
    if "torture" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("torture")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
