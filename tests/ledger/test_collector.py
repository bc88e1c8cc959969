from __future__ import annotations

import gc

import pytest

from ledger.collector import at_rest


def test_the_collector_is_left_as_it_was_found():
    """While a lot goes by the collector walks seldom; afterwards, even after a failure, as it did before."""
    before = gc.get_threshold()
    with at_rest():
        assert gc.get_threshold()[0] > before[0]
        assert gc.isenabled()
    with pytest.raises(RuntimeError), at_rest():
        raise RuntimeError
    assert gc.get_threshold() == before
