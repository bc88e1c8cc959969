"""The files that outlive the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Refused
from ledger.kept import Checkpoint, Erasure, Kept
from tests.ledger.samples import BASICS, new_ledger, statement
from verbale import Ledger

if TYPE_CHECKING:
    from pathlib import Path

NOTE = "origin\n3\nroot\n\n— origin signature\n".encode()
NOTES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(str.encode)
CHECKPOINTS = st.builds(Checkpoint, st.integers(1, 5), st.integers(1, 99), NOTES)
_HASH = st.text("0123456789abcdef", min_size=64, max_size=64)
_FIELDS = st.sampled_from([(), ("text",), ("speaker", "quote")])
ERASURES = st.builds(
    Erasure, st.integers(1), st.integers(1), _FIELDS, st.lists(_HASH, max_size=2).map(tuple), st.just("") | _HASH
)
PER_FUNCTION = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@PER_FUNCTION
@given(st.lists(CHECKPOINTS), st.lists(ERASURES))
def test_what_was_kept_is_found(
    tmp_path_factory: pytest.TempPathFactory, checkpoints: list[Checkpoint], erasures: list[Erasure]
) -> None:
    """Whoever opens the files finds the last note of each number, in order, and every erasure."""
    stem = tmp_path_factory.mktemp("kept") / "ledger"
    kept = Kept(stem)
    for checkpoint in checkpoints:
        kept.add_checkpoint(checkpoint)
        assert checkpoint in kept.checkpoints()
    for erasure in erasures:
        kept.add_erasure(erasure)
    assert Kept(stem).checkpoints() == [one for _, one in sorted({one.number: one for one in checkpoints}.items())]
    assert Kept(stem).erasures() == erasures


def test_a_torn_line_does_not_count(tmp_path: Path) -> None:
    """Cut anywhere, the file says what was whole; what is added next is read whole too."""
    Kept(tmp_path / "ledger").add_checkpoint(Checkpoint(1, 3, NOTE))
    path = tmp_path / "ledger.checkpoints.jsonl"
    first = path.read_bytes()
    Kept(tmp_path / "ledger").add_checkpoint(Checkpoint(2, 5, NOTE))
    whole = path.read_bytes()
    for end in range(len(first), len(whole)):
        path.write_bytes(whole[:end])
        kept = Kept(tmp_path / "ledger")
        assert [one.number for one in kept.checkpoints()] == [1]
        kept.add_checkpoint(Checkpoint(3, 8, NOTE))
        assert [one.number for one in kept.checkpoints()] == [1, 3]


@pytest.mark.parametrize("line", [b"no JSON\n", b'{"checkpoint":1}\n', b'{"a":1,"a":2}\n', b"\xff\n"])
def test_a_line_that_says_nothing_is_named(tmp_path: Path, line: bytes) -> None:
    """A file that holds something else is refused by its name and line, in words."""
    for suffix, read in ((".checkpoints.jsonl", Kept.checkpoints), (".erasures.jsonl", Kept.erasures)):
        (tmp_path / f"ledger{suffix}").write_bytes(line)
        with pytest.raises(LedgerError, match="line 1"):
            read(Kept(tmp_path / "ledger"))


def test_an_older_copy_of_the_database_is_not_recorded_into(tmp_path: Path) -> None:
    """Where a signed checkpoint covers more than the journal holds, nothing is appended, and the way on is said."""
    path = tmp_path / "ledger.db"
    with new_ledger(path, *BASICS) as book:
        Kept(book.place.kept).add_checkpoint(Checkpoint(1, book.head + 1, NOTE))
    with Ledger(path) as book:
        head = book.head
        with pytest.raises(Refused, match="restored from an old backup") as refused:
            book.record(statement())
        assert "recover" in (refused.value.hint or "")
        assert book.head == head
