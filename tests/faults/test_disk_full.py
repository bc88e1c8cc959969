"""The disk is full: said clearly, nothing that was answered for is harmed, and with room it goes on."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.whole import verdict
from tests.ledger.samples import BASICS, new_ledger, statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.hands import Done, Hands

pytestmark = pytest.mark.slow
_THERE: Final = 400
_MANY: Final = 6_000
_BATCH: Final = 5_000
_MOST: Final = 700_000
"""Bytes of room that are enough for any of the commands but the import."""

_LEAST: Final = 33_000
"""Bytes without which SQLite does not open the journal."""

COMMANDS: Final[dict[str, str]] = {
    "record": "record statement RUS ceasefire support --said-on 2025-04-01 -m @{own}/long.txt",
    "seal": "record statement RUS ceasefire support --said-on 2025-04-02 --sealed -m @{own}/long.txt",
    "source": "source add wire --title Wire --snapshot {own}/document.txt",
    "import": "import {own}/dossier.jsonl",
    "rebuild": "matrix",
    "replay": "replay",
    "search": "search word*",
    "export": "export journal -o {disk}/out.jsonl",
    "init": "init",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger, and the files that commands read, where there is room."""
    own = tmp_path_factory.mktemp("own")
    (own / "long.txt").write_text("long " * 3_900, encoding="utf-8")
    (own / "document.txt").write_text("Words. " * 30_000, encoding="utf-8")
    drafts = (statement(f"{n} " + "words " * 40) for n in range(_MANY))
    (own / "dossier.jsonl").write_text("".join(json.dumps(draft) + "\n" for draft in drafts), encoding="utf-8")
    (own / "ledger").mkdir()
    new_ledger(own / "ledger" / "l.db", *BASICS, *(statement(f"word {n}") for n in range(_THERE))).close()
    return own


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Make a disk with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder) as disk:
        yield disk


def full(hands: Hands, disk: SmallDisk, own: Path, what: str, room: int) -> Done:
    """Run a command with little room, hold what it did to what it must not do, and return how it ended."""
    disk.clear()
    disk.empty()
    shutil.copytree(own / "ledger", disk.folder, dirs_exist_ok=True)
    ledger = disk.folder / ("new.db" if what == "init" else "l.db")
    out = disk.folder / "out.jsonl"
    if what == "rebuild":
        (disk.folder / "l.views.db").unlink()
    words = [word.format(own=own, disk=disk.folder) for word in COMMANDS[what].split()]
    before = (own / "ledger" / "journal").read_bytes()
    done = hands.run(*words, "--ledger", ledger, limit=disk.leave(room))
    disk.clear()

    assert done.code in {0, 1}
    assert "Traceback" not in done.err
    if done.code:
        assert done.err.startswith("Error: ")
        assert "\nHint: " in done.err
    if what == "init":
        assert done.code == 0 or hands.run(*words, "--ledger", ledger).code == 0
        assert hands.run("party", "add", "RUS", "Russia", "--kind", "state", "--ledger", ledger).code == 0
        return done
    with Ledger(disk.folder / "l.db") as book:
        journal = b"".join(book.export_journal())
        new = book.head - _THERE - len(BASICS)
    assert journal.startswith(before)
    match what:
        case "import" if done.code:
            assert new in {0, _BATCH}
            assert f"{new:,} of {_MANY:,} entries were recorded" in done.err or not new
        case "record" | "seal" | "source" | "import":
            assert bool(new) != bool(done.code)
        case "export":
            assert out.exists() != bool(done.code)
            assert not out.exists() or out.read_bytes() == journal
    assert verdict(str(disk.folder / "l.db")) is None
    assert hands.run(*words, "--ledger", ledger).code == 0
    return done


@pytest.mark.parametrize("tries", [3, pytest.param(40, marks=pytest.mark.torture)])
@pytest.mark.parametrize("what", COMMANDS)
def test_a_full_disk_is_said_and_harms_nothing(
    hands: Hands, disk: SmallDisk, own: Path, figures: Callable[[str], None], what: str, tries: int
) -> None:
    """Little room or none: exit 1, an error with a hint and no half file; what was recorded is; with room it works."""
    with Ledger(own / "ledger" / "l.db") as book:
        (own / "ledger" / "journal").write_bytes(b"".join(book.export_journal()))
    rng, refused = random.Random(what), 0  # noqa: S311  seeded, not secret
    most = 9 * _MOST if what == "import" else _MOST
    for room in (0, *(_LEAST + (rng.randrange(most) >> rng.randrange(8)) for _ in range(tries - 1))):
        try:
            refused += full(hands, disk, own, what, room).code
        except AssertionError as error:
            error.add_note(f"{what} with room for {room} bytes")
            raise
    figures(f"disk full, {what}: {tries} times ({disk.kind}), {refused} refused, 0 harmed")
