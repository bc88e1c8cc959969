"""A browser and a desk; where there is no browser to be had, CI fails and others skip."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.verbale.web.browser.driving import NoBrowser, Reader, browsing, come_in, serving, writing
from tests.verbale.web.browser.wandering import addresses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser, once a module: while one runs, nothing else can run an event loop in this thread."""
    with ExitStack() as stack:
        try:
            started = stack.enter_context(browsing())
        except NoBrowser as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no browser: {error}")
        yield started


@pytest.fixture(scope="session")
def desk(sample_folder: Path) -> Iterator[str]:
    """Serve the ceasefire dossier, and return where."""
    with serving(sample_folder) as address:
        yield address


@pytest.fixture
def reader(browser: Browser, desk: str) -> Iterator[Reader]:
    """Open a window on the desk of the ceasefire dossier."""
    with Reader(browser, desk) as found:
        yield found


@pytest.fixture
def analyst(browser: Browser, sample_folder: Path, tmp_path: Path) -> Iterator[Reader]:
    """Sit at a desk that takes entries, known to it by its token."""
    shutil.copytree(sample_folder / ".verbale", tmp_path / ".verbale")
    with writing(tmp_path) as (desk, token), Reader(browser, desk) as reader:
        come_in(reader, token)
        yield reader


@pytest.fixture(scope="session")
def every_page(desk: str) -> list[str]:
    """Return addresses of every page, what is empty and what is wrong among them."""
    found = [one for some in addresses(desk).values() for one in some]
    beside = ["/matrix?as_known_at=e45&beside=1", "/matrix?as_of=1999", "/why/EUR/kursk-withdrawal"]
    wrong = ["/nothing", "/matrix?as_of=yesterday"]
    return list(dict.fromkeys((*found, *beside, *wrong)))
