"""Documents that came within a file, until they are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.handed import Handed
from ledger.texts import sha256_of


@given(st.lists(st.binary(max_size=40)), st.binary(max_size=40))
def test_each_document_is_held_once(documents: list[bytes], other: bytes) -> None:
    """Whatever is handed in, in whatever order it is asked for, comes out as it was, once each."""
    handed = Handed()
    for one in documents:
        handed.add(one)
        assert handed.get(sha256_of(documents[0])) == documents[0]
    assert list(handed) == list(dict.fromkeys(documents))
    assert (handed.get(sha256_of(other)) is not None) == (other in documents) == (sha256_of(other) in handed)
    handed.close()
    assert list(handed) == []
