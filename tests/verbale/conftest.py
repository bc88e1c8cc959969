"""What the tests of the doors stand on."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from typing import TYPE_CHECKING

import pytest

from ledger.transparency.keys import LOG, SigningKey
from tests.verbale.doors import SAMPLE, Clock, Door
from verbale import Ledger
from verbale.samples import sample_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let every ledger of this test tell 2026-11-23 09:12 UTC, until the clock is set."""
    clock = Clock("2026-11-23T09:12:00Z")
    defaults = Ledger.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "clock", clock)
    return clock


@pytest.fixture
def door(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> Door:
    """Stand in an empty folder, with nothing said by the environment, and make keys that nobody could not guess."""
    numbers = itertools.count(1)
    monkeypatch.setattr("verbale.signing.origin_of", lambda name: f"verbale/{name}-{next(numbers):08x}")
    monkeypatch.setattr(
        "ledger.transparency.keys.generate",
        lambda name, kind=LOG: SigningKey(name, kind, hashlib.sha256(f"{name} {next(numbers)}".encode()).digest()),
    )
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path_factory.mktemp("settings")))
    monkeypatch.chdir(tmp_path)
    for name in ("VERBALE_LEDGER", "VERBALE_BY", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    return Door(monkeypatch, clock)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record the ceasefire dossier once, at 2026-11-23 09:12 UTC; nobody writes here."""
    folder = tmp_path_factory.mktemp("sample")
    path = folder / ".verbale" / "ledger.db"
    Ledger.create(path)
    with Ledger(path, clock=Clock("2026-11-23T09:12:00Z")) as ledger:
        report = ledger.import_file(sample_path(SAMPLE))
        assert report.error is None
    return folder


@pytest.fixture
def sample(door: Door, sample_folder: Path, tmp_path: Path) -> Door:
    """Stand in a folder with a ledger of one's own that holds the ceasefire dossier."""
    shutil.copytree(sample_folder / ".verbale", tmp_path / ".verbale")
    return door


@pytest.fixture
def ceasefire(sample_folder: Path) -> Iterator[Ledger]:
    """Open the ceasefire ledger, to read."""
    with Ledger(sample_folder) as ledger:
        yield ledger
