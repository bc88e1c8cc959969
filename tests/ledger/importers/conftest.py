"""What the tests of importers share: an empty ledger, and what came into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.entries import ActionTaken
from tests.ledger.samples import new_ledger
from tests.verbale.conftest import clock, door

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale import Ledger


__all__ = ["book", "clock", "deeds", "door"]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open an empty ledger."""
    with new_ledger(tmp_path / "ledger.db") as book:
        yield book


def deeds(book: Ledger) -> list[ActionTaken]:
    """Return the actions that are recorded, in their order."""
    events = (book.entry(one.entry).event for one in book.log())
    return [event for event in events if isinstance(event, ActionTaken)]
