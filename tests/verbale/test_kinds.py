"""Every type of entry has a name that people read."""

from __future__ import annotations

import pytest

from ledger.entries import ENTRY_TYPES
from verbale.terminal.kinds import kind_of


@pytest.mark.parametrize("name", [kind.type_name() for kind in ENTRY_TYPES])
def test_every_type_of_entry_has_a_name(name: str):
    """An entry that has none cannot be shown."""
    assert kind_of(name)


def test_the_names_tell_types_apart():
    """Whoever chooses a type by its name gets the one that was meant."""
    names = [kind_of(kind.type_name()) for kind in ENTRY_TYPES]
    assert len(set(names)) == len(names)
