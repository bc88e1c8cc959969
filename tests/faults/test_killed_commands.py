"""kill -9 of what is done to a whole ledger: nothing half done passes for whole, and doing it again completes it.

A command is killed at some of its moments (`tests.faults.hands`), or at all of them: before each write, rename, sync
and statement that it asks for.  What is on the disk then is whatever came before.
"""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from ledger.errors import LedgerError
from ledger.transparency.note import parse_note
from tests.faults.prepared import CLOSED, COMMANDS, ELSEWHERE, JOURNAL, MAKING, Prepared, content, prepare
from tests.faults.whole import verdict
from tests.ledger.samples import statement
from tests.verbale.tampering import KEY
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.kept import Checkpoint
    from tests.faults.hands import Hands

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here"),
]
_THERE = 60


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Make a ledger, and what commands read."""
    return prepare(tmp_path_factory.mktemp("own"), _THERE)


def set_up(own: Prepared, what: str, folder: Path) -> Path:
    """Put into an empty folder what a command finds there; return its ledger."""
    if what == "restore":
        folder.mkdir()
    elif what == "lines":
        Ledger.create(folder / JOURNAL)
    else:
        shutil.copytree(own.older if what == "recover" else own.ledger, folder)
    return folder / JOURNAL


def signed(book: Ledger) -> Iterator[Checkpoint]:
    """Yield the checkpoints of both places, each line of the file by itself."""
    yield from book.journal.store.checkpoints()
    stem = book.journal.kept.stem
    assert stem is not None
    beside = stem.with_name(f"{stem.name}.checkpoints.jsonl")
    whole = beside.read_bytes()
    for line in whole[: whole.rfind(b"\n") + 1].splitlines(keepends=True):
        beside.write_bytes(line)
        yield from book.journal.kept.checkpoints()
        book.journal.kept._read = None
    beside.write_bytes(whole)


def check_left(own: Prepared, what: str, ledger: Path, out: Path) -> None:
    """Hold what a killed command has left to what may be there."""
    if what in ELSEWHERE:
        if is_filled(own, ledger):
            assert verdict(ledger) is None
        return
    if what == "recover":
        with Ledger(ledger) as book:
            assert book.head in {own.sealed, own.head}
        return
    assert verdict(ledger) is None
    with Ledger(ledger) as book:
        if what == "erase":
            assert not (book.head > own.head and book.disclosed(own.sealed)), "it is recorded, and still served"
        else:
            assert book.head == own.head
            assert book.disclosed(own.sealed)
    if what == "backup" and out.exists():
        assert verdict(out / "ledger.db") is None


def is_filled(own: Prepared, ledger: Path) -> bool:
    """Say whether a ledger that was to be filled has all of it; nothing is the other way to have left it."""
    try:
        with Ledger(ledger) as book:
            assert book.head in {0, own.head}
            return book.head == own.head
    except LedgerError:
        return False


def check_done(own: Prepared, what: str, ledger: Path) -> None:
    """Hold the ledger to what it must be once the command was run again."""
    assert verdict(ledger) is None
    with Ledger(ledger) as book:
        if what == "erase":
            assert book.head == own.head + 1
        else:
            assert b"".join(book.export_journal()) == (own.folder / "journal.jsonl").read_bytes()
        if what in {"restore", "recover"}:
            assert len(book.journal.checkpoints()) == 1
        if what == "restore":
            assert book.disclosed(own.sealed)
            assert all(book.snapshots.document(one["sha256"]) for one in book.sources())
        if what == "checkpoint":
            book.record(statement("later"))
            book.checkpoint(lambda _: KEY)
            notes: dict[int, set[tuple[int, str]]] = {}
            for number, size, note in signed(book):
                notes.setdefault(number, set()).add((size, parse_note(note).text))
            assert {number: len(said) for number, said in notes.items()} == {1: 1, 2: 1, 3: 1}
    if what == "erase":
        assert not [name for name, data in content(ledger.parent).items() if CLOSED.encode() in data]


def killed(hands: Hands, own: Prepared, what: str, folder: Path, at: int) -> bool:
    """Kill a command at a moment, hold what it left to what may be, and do it again; say whether it came so far."""
    out = folder / "out"
    ledger = set_up(own, what, folder / "ledger")
    words = [*own.words(what, out), "--ledger", str(ledger)]
    came = hands.kill(*words, at=at)
    made = out.with_name(out.name + MAKING.get(what, ""))
    if made.exists() and what != "backup":
        there = content(made)
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    else:
        there = None
    check_left(own, what, ledger, out)
    if made.exists():
        shutil.rmtree(made)
    done = what in ELSEWHERE and is_filled(own, ledger)
    again = hands.run(*words)
    assert again.code == int(done), again.err
    assert there is None or what == "into" or there == content(made)
    check_done(own, what, ledger)
    return came


_NARROW = {"checkpoint", "erase", "restore"}
"""Commands that change two things which must agree."""


@pytest.mark.parametrize("trials", [4, pytest.param(120, marks=pytest.mark.torture)])
@pytest.mark.parametrize("what", COMMANDS)
def test_a_killed_command_leaves_nothing_that_passes_for_whole(
    hands: Hands, own: Prepared, tmp_path: Path, figures: Callable[[str], None], what: str, trials: int
) -> None:
    """Kill -9 at many moments: the ledger is whole, what was made is whole or not there, and again it is done.

    No number of a checkpoint ever has two texts, and what an erasure was recorded of is never served.
    """
    counted = tmp_path / "counted"
    counted.mkdir()
    words = own.words(what, counted / "out")
    moments = hands.run(*words, "--ledger", set_up(own, what, counted / "ledger"), fatal=0).moments
    rng, kills = random.Random(what), 0  # noqa: S311  seeded, not secret
    trials *= 3 if what in _NARROW else 1
    chosen = sorted(rng.sample(range(1, moments + 1), min(trials, moments)))
    for at in chosen:
        folder = tmp_path / f"{at}"
        folder.mkdir()
        try:
            kills += killed(hands, own, what, folder, at)
        except AssertionError as error:
            error.add_note(f"{what}, killed at moment {at} of {moments}")
            raise
        shutil.rmtree(folder)
    assert kills
    figures(f"kill -9 of {what}: {kills} kills at {len(chosen)} of {moments} moments, 0 half done, all done again")
