"""What the tests of the desk stand on."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.verbale.web.asking import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def visitor(sample_folder: Path) -> Iterator[Visitor]:
    """Ask the desk of the ceasefire dossier, which is read-only."""
    found = Visitor(sample_folder / ".verbale" / "ledger.db")
    with closing(found.desk):
        yield found
