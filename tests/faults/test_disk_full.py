"""The disk is full: said clearly, nothing that was answered for is harmed, and with room it goes on."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from tests.faults.prepared import CLOSED, COMMANDS, ELSEWHERE, JOURNAL, MAKING, Prepared, content, prepare
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.whole import verdict
from tests.ledger.samples import statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.hands import Done, Hands

pytestmark = pytest.mark.slow
_THERE: Final = 400
_MANY: Final = 6_000
_BATCH: Final = 5_000
_LEAST: Final = 33_000
"""Bytes without which SQLite does not open the journal."""

_ONE: Final = 45_000
"""Bytes with which it opens the journal, and not the views as well."""

_MOST: Final = {"import": 6_300_000, **dict.fromkeys(COMMANDS, 2_000_000), "checkpoint": 300_000}
_USUALLY: Final = 700_000
"""Bytes of room that are enough for a command."""

RECORDING: Final[dict[str, str]] = {
    "record": "record statement RUS ceasefire support --said-on 2025-04-01 -m @{own}/long.txt",
    "seal": "record statement RUS ceasefire support --said-on 2025-04-02 --sealed -m @{own}/long.txt",
    "source": "source add wire --title Wire --snapshot {own}/document.txt",
    "import": "import {own}/dossier.jsonl",
    "rebuild": "matrix",
    "replay": "replay",
    "search": "search word*",
    "export": "export journal -o {out}.jsonl",
    "init": "init --key {out}.key",
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Make a ledger, and the files that commands read, where there is room."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "long.txt").write_text("long " * 3_900, encoding="utf-8")
    (folder / "document.txt").write_text("Words. " * 30_000, encoding="utf-8")
    drafts = (statement(f"{n} " + "words " * 40) for n in range(_MANY))
    (folder / "dossier.jsonl").write_text("".join(json.dumps(draft) + "\n" for draft in drafts), encoding="utf-8")
    return prepare(folder, _THERE)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Make a disk with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder) as disk:
        yield disk


class Try(NamedTuple):
    """One command on a small disk."""

    what: str
    disk: SmallDisk
    own: Prepared

    @property
    def ledger(self) -> Path:
        """The ledger that the command is about."""
        name = {"init": "new", "recover": "older"}.get(self.what, "empty" if self.what in ELSEWHERE else "")
        return self.disk.folder / name / JOURNAL

    @property
    def words(self) -> list[str]:
        """What is typed."""
        out = self.disk.folder / "out"
        if self.what in COMMANDS:
            return self.own.words(self.what, out)
        return [word.format(own=self.own.folder, out=out) for word in RECORDING[self.what].split()]

    def set_up(self) -> None:
        """Put on the disk what the command finds there."""
        self.disk.clear()
        self.disk.empty()
        shutil.copytree(self.own.ledger, self.disk.folder, dirs_exist_ok=True)
        match self.what:
            case "rebuild":
                (self.disk.folder / "l.views.db").unlink()
            case "recover":
                shutil.copytree(self.own.older, self.disk.folder / "older")
            case "lines":
                Ledger.create(self.ledger)

    def run(self, hands: Hands, limit: int | None = None) -> Done:
        """Run the command; its temporary files go to the small disk too."""
        return hands.run(*self.words, "--ledger", self.ledger, limit=limit, temporary=str(self.disk.folder))


def full(hands: Hands, one: Try, room: int) -> Done:
    """Run a command with little room, hold what it did to what it must not do, and return how it ended."""
    one.set_up()
    done = one.run(hands, one.disk.leave(room))
    one.disk.clear()
    assert done.code in {0, 1}, done.err
    assert "Traceback" not in done.err
    if done.code:
        assert done.err.startswith("Error: ")
        assert "\nHint: " in done.err
    assert not list(one.disk.folder.rglob("*.part"))
    _check_made(one, done)
    _check_journal(one, done)
    if one.what == "init":
        assert done.code == 0 or one.run(hands).code == 0
        added = hands.run("party", "add", "RUS", "Russia", "--kind", "state", "--ledger", one.ledger)
        assert added.code == 0, added.err
        return done
    assert verdict(one.disk.folder / JOURNAL) is None
    for made in one.disk.folder.glob("out*"):
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    if done.code or one.what not in ELSEWHERE:
        again = one.run(hands)
        assert again.code == 0, again.err
    if one.what in {*ELSEWHERE, "recover"}:
        assert verdict(one.ledger) is None
        with Ledger(one.ledger) as book:
            assert b"".join(book.export_journal()) == (one.own.folder / "journal.jsonl").read_bytes()
    if one.what == "erase":
        assert not [name for name, data in content(one.disk.folder).items() if CLOSED.encode() in data]
    return done


def _check_made(one: Try, done: Done) -> None:
    """Hold what a command makes to what it would have made with room: all of that, or nothing."""
    made = list(one.disk.folder.glob("out*"))
    if one.what in MAKING or one.what == "export":
        assert bool(made) != bool(done.code), done.err
    match one.what, made:
        case "export", [out]:
            assert out.read_bytes() == (one.own.folder / "journal.jsonl").read_bytes()
        case "backup", [out]:
            assert verdict(out / "ledger.db") is None
        case "into", [out]:
            with closing(sqlite3.connect(out)) as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert db.execute("SELECT entry FROM meta").fetchone() == (one.own.head,)
        case "bundle" | "zip" | "tiles", [out]:
            with Ledger(one.own.ledger / JOURNAL) as book:
                anew = one.own.folder / f"{one.what}{MAKING[one.what]}"
                if not anew.exists() and one.what == "tiles":
                    book.export_tiles(anew)
                elif not anew.exists():
                    book.bundle(anew, as_known_at="cp1")
            assert content(out) == content(anew)


def _check_journal(one: Try, done: Done) -> None:
    """Hold the ledger to what it must have: all that it had, and what was answered for."""
    with Ledger(one.disk.folder / JOURNAL) as book:
        journal = b"".join(book.export_journal())
        new, signed = book.head - one.own.head, book.journal.checkpoints()
        closed = book.disclosed(one.own.sealed)
    assert journal.startswith((one.own.folder / "journal.jsonl").read_bytes())
    match one.what:
        case "import" if done.code:
            assert new in {0, _BATCH}
            assert f"{new:,} of {_MANY:,} entries were recorded" in done.err or not new
        case "record" | "seal" | "source" | "import":
            assert bool(new) != bool(done.code)
        case "erase":
            assert new == 1 or (done.code and not new)
            assert not (new and closed), "it is recorded, and still served"
        case "checkpoint":
            assert len(signed) == 2 or done.code
        case _:
            assert not new
            assert closed


@pytest.mark.parametrize("tries", [2, pytest.param(40, marks=pytest.mark.torture)])
@pytest.mark.parametrize("what", [*RECORDING, *COMMANDS])
def test_a_full_disk_is_said_and_harms_nothing(
    hands: Hands, disk: SmallDisk, own: Prepared, figures: Callable[[str], None], what: str, tries: int
) -> None:
    """Little room or none: exit 1, an error with a hint and no half file; what was recorded is; with room it works."""
    rng, refused = random.Random(what), 0  # noqa: S311  seeded, not secret
    most = _MOST.get(what, _USUALLY)
    rooms: tuple[int, ...] = (0, _LEAST + rng.randrange(most) // 8, _ONE)
    rooms += tuple(_LEAST + (rng.randrange(most) >> rng.randrange(8)) for _ in range(tries - len(rooms)))
    for room in rooms[:tries]:
        try:
            refused += full(hands, Try(what, disk, own), room).code
        except AssertionError as error:
            error.add_note(f"{what} with room for {room} bytes")
            raise
    figures(f"disk full, {what}: {tries} times ({disk.kind}), {refused} refused, 0 harmed")
