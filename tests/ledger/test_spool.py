"""What was decided waits as it was decided on, and what is to be sealed waits in memory alone."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

import ledger.spool
from ledger.batch import Prepared
from ledger.sealing import SealedValue
from ledger.spool import Spool

if TYPE_CHECKING:
    import pytest

PREPARED = st.builds(
    Prepared,
    st.sampled_from(["a.v1", "b.v1"]),
    st.binary(max_size=40),
    st.binary(min_size=16, max_size=16),
    st.lists(st.builds(SealedValue, st.just("text"), st.binary(max_size=4), st.text(max_size=9)), max_size=2).map(
        tuple
    ),
)


@given(st.lists(PREPARED, max_size=60), st.integers(1, 50))
def test_what_waits_comes_out_as_it_went_in(some: list[Prepared], size: int) -> None:
    """By number and in batches, with what is to be sealed at its own draft."""
    spool = Spool()
    for one in some:
        spool.add(*one)
    assert len(spool) == len(some)
    assert [spool[index] for index in range(len(some))] == some
    assert [one for batch in spool.batches(size) for one in batch] == some
    spool.close()


def test_what_is_to_be_sealed_is_in_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much waits, the file that the rest goes to never holds a sealed value."""
    monkeypatch.setattr(ledger.spool, "_IN_MEMORY", 1)
    kept: list[IO[bytes]] = []
    real = tempfile.SpooledTemporaryFile

    def watched(max_size: int) -> IO[bytes]:
        kept.append(real(max_size))
        return kept[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", watched)
    spool = Spool()
    for number in range(100):
        spool.add("a.v1", b"OPEN%d" % number, bytes(16), (SealedValue("text", bytes(32), "CLOSED"),))
    (file,) = kept
    file.seek(0)
    written = file.read()
    assert b"OPEN1" in written
    assert b"CLOSED" not in written
    assert spool[7].sealed[0].value == "CLOSED"
    spool.close()
