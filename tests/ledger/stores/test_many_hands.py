"""Many hands at once, in processes of their own: nothing lost, nothing twice, and who comes second is told why."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from ledger.errors import LedgerError
from tests.ledger.samples import BASICS, about, new_ledger, statement
from verbale import Ledger
from verbale.places import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.synchronize import Barrier

    from tests.postgres import Server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
HANDS: Final = 8
SPAWN = multiprocessing.get_context("spawn")
_PATIENCE: Final = 120
_barriers: list[Barrier] = []
"""In a hand's process: what all of them wait at, so that they begin together."""


def arrive(barrier: Barrier) -> None:
    """Begin as a hand."""
    _barriers.append(barrier)


@pytest.fixture(scope="module")
def hands() -> Iterator[Callable[..., list[Any]]]:
    """Start eight processes, and return what runs a function in all of them at once."""
    with SPAWN.Pool(HANDS, initializer=arrive, initargs=(SPAWN.Barrier(HANDS),)) as pool:
        yield lambda work, *given: pool.starmap(work, [(*given, hand) for hand in range(HANDS)], chunksize=1)


def together() -> None:
    """Wait until all hands are here."""
    _barriers[0].wait(_PATIENCE)


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a ledger that is not there yet, on each store that processes can share."""
    if request.param == "sqlite":
        return str(tmp_path / "l.db")
    return cast("Callable[[], str]", request.getfixturevalue("new_address"))()


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a ledger where there is nothing at all: no file, no tables."""
    if request.param == "sqlite":
        return str(tmp_path / "folder" / "l.db")
    server = cast("Server", request.getfixturevalue("server"))
    return server.address(request.getfixturevalue("database"))


# ── Recording ─────────────────────────────────────────────────────────────────


def record_own(address: str, count: int, hand: int) -> list[int]:
    """Record statements of one's own, each by itself."""
    with Ledger(address) as book:
        together()
        return [book.record(statement(f"{hand}/{n}")).entry for n in range(count)]


def test_eight_at_once_lose_nothing_and_repeat_nothing(hands: Callable[..., list[Any]], address: str) -> None:
    """Eight processes with 25 records each: numbered without a gap, each told his own, time never going back."""
    new_ledger(address, *BASICS).close()
    told = hands(record_own, address, 25)
    assert sorted(entry for entries in told for entry in entries) == list(range(4, 204))
    with Ledger(address) as book:
        recorded = list(book.journal.read(after=3))
        texts = {one.entry: getattr(one.event, "text", None) for one in recorded}
        for hand, entries in enumerate(told):
            assert [texts[entry] for entry in entries] == [f"{hand}/{n}" for n in range(25)]
        stamps = [one.recorded_at for one in recorded]
        assert stamps == sorted(stamps)
        assert book.replay().equals_views


def record_same(address: str, count: int, _: int) -> list[tuple[int, bool]]:
    """Record one and the same statement over and over."""
    with Ledger(address) as book:
        together()
        done = [book.record(statement("the same")) for _ in range(count)]
        return [(one.entry, one.already) for one in done]


def test_two_hundred_equal_drafts_are_recorded_once(hands: Callable[..., list[Any]], address: str) -> None:
    """One of 200 equal drafts is new, the others are told its number."""
    new_ledger(address, *BASICS).close()
    told = [answer for answers in hands(record_same, address, 25) for answer in answers]
    assert sorted(told) == [(4, False), *[(4, True)] * 199]
    with Ledger(address) as book:
        assert book.head == 4


def retract(address: str, target: int, hand: int) -> tuple[str, int, str, str | None]:
    """Retract an entry that was seen unretracted."""
    with Ledger(address) as book:
        seen = book.views.catch_up()
        together()
        try:
            book.record(about("retracted", target, reason=f"by {hand}"), seen=seen)
        except LedgerError as error:
            return type(error).__name__, error.exit_code, error.message, error.hint
        return "done", 0, "", None


def test_of_retractions_at_once_one_wins_and_the_others_hear_why(hands: Callable[..., list[Any]], address: str) -> None:
    """All saw the entry as it was: one retracts it, the state changed under the others, exit 5, and by which entry."""
    new_ledger(address, *BASICS, *(statement(f"{n}") for n in range(3))).close()
    for turn, target in enumerate((4, 5, 6)):
        told = hands(retract, address, target)
        assert sorted(kind for kind, *_ in told) == ["StateChanged"] * (HANDS - 1) + ["done"]
        for _, code, message, _hint in (one for one in told if one[0] != "done"):
            assert code == 5
            assert f"e{target}" in message
            assert f"e{7 + turn}" in message
    with Ledger(address) as book:
        assert book.head == 9


# ── Making and opening ────────────────────────────────────────────────────────


def run_init(address: str, _: int) -> tuple[int, str]:
    """Make the ledger by the command line."""
    together()
    command = [sys.executable, "-c", "from verbale.cli import main; main()", "init", "--ledger", address]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_of_eight_that_make_a_ledger_one_does(hands: Callable[..., list[Any]], fresh: str) -> None:
    """`init` in eight processes, where there was nothing: one makes it, seven hear that it is there, exit 1."""
    told = hands(run_init, fresh)
    assert sorted(code for code, _ in told) == [0] + [1] * (HANDS - 1), told
    for code, err in told:
        assert "Traceback" not in err
        assert ("there is a ledger at" in err and "already" in err) == bool(code)
    with Ledger(fresh) as book:
        assert book.head == 0


def make_and_record(address: str, hand: int) -> int:
    """Make the ledger, or find it made, and record something at once."""
    together()
    Ledger.create(address)
    with Ledger(address) as book:
        return book.record({"type": "issue-opened", "issue": f"i{hand}", "proposition": "P"}).entry


def test_making_and_opening_at_once_never_fails(hands: Callable[..., list[Any]], fresh: str) -> None:
    """Eight processes that make, open and use the same new ledger: each gets in, one ledger is made."""
    assert sorted(hands(make_and_record, fresh)) == list(range(1, HANDS + 1))


# ── Views ─────────────────────────────────────────────────────────────────────


def ask(address: str, damaged: bool, hand: int) -> list[tuple[str | None, str | None]]:
    """Ask, the views gone or no database any more, while the first hand records."""
    views = place_of(address).views
    assert views is not None
    if not hand and damaged:
        views.write_bytes(b"no database at all" * 1_000)
    together()
    with Ledger(address) as book:
        row = book.position("RUS", "ceasefire", as_known_at="e43")
        if not hand:
            book.record(statement("late", said_on="2026-01-01"))
        assert row is not None
        return [(row.text, row.stance)]


@pytest.mark.parametrize("damaged", [False, True], ids=["gone", "damaged"])
def test_eight_readers_race_for_the_views(hands: Callable[..., list[Any]], address: str, damaged: bool) -> None:
    """Readers that all find no views, or damaged ones: each answers right, and one file is there in the end."""
    with new_ledger(
        address, *BASICS, *(statement(f"{n}", said_on=f"2025-01-{n % 28 + 1:02}") for n in range(40))
    ) as book:
        views = book.place.views
    assert views is not None
    for file in views.parent.glob(f"{views.name}*"):
        file.unlink()
    assert len({tuple(told) for told in hands(ask, address, damaged)}) == 1
    with Ledger(address) as book:
        assert book.head == 44
        assert book.replay().equals_views
        assert views.stat().st_size
