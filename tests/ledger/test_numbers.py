"""What is remembered in numbers is the same whether it lies in memory or in a file."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.numbers
from ledger.keys import DecidedKeys, KeySet
from ledger.numbers import Numbers

BITS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3))


@given(keys=st.lists(BITS, max_size=60), asked=st.lists(BITS, max_size=10), room=st.integers(1, 20))
def test_numbers_are_a_map_of_lists(keys: list[int], asked: list[int], room: int) -> None:
    """Whatever is added is found, in the order of adding, however often it was written to the file meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.numbers, "IN_MEMORY", room)
        numbers, plain = Numbers(), defaultdict[int, list[int]](list)
        for value, key in enumerate(keys):
            numbers.add(key, value)
            plain[key].append(value)
        for key in (*keys, *asked):
            assert list(numbers.find(key)) == plain.get(key, [])
            assert (key in numbers) == (key in plain)
        numbers.close()


@given(texts=st.lists(st.text(max_size=3)), room=st.integers(1, 5))
def test_a_set_of_texts(texts: list[str], room: int) -> None:
    """Each text is new once, and met afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.numbers, "IN_MEMORY", room)
        met, plain = KeySet(), set[str]()
        for text in texts:
            assert (text in met) == (text in plain)
            assert met.add(text) == (text not in plain)
            plain.add(text)


def test_keys_that_were_decided_on_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted from 0 in the order of the drafts, before and after they went into a file."""
    monkeypatch.setattr(ledger.numbers, "IN_MEMORY", 3)
    decided = DecidedKeys()
    for key in (7, -1, 7, 5, 7):
        decided.add(key)
    assert list(decided.find(7)) == [0, 2, 4]
    assert 5 in decided
    assert 6 not in decided
    decided.close()
