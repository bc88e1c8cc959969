"""The disk that loses its power: what was synced is on it, and of the rest whatever POSIX leaves open."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.disk import SECTOR, Disk
from tests.faults.traced import Made, Moved, Resized, Synced, Wrote

if TYPE_CHECKING:
    from tests.faults.traced import Event

ROOT = Path("/disk")
FILE = str(ROOT / "file")


def found(tmp_path: Path, *events: Event) -> list[dict[str, bytes]]:
    """Let something happen, cut the power two hundred times, and return each disk that was found, once."""
    disk, rng = Disk(ROOT), random.Random(1)  # noqa: S311  seeded, not secret
    for event in events:
        disk.take(event)
    disks: list[dict[str, bytes]] = []
    for turn in range(200):
        into = tmp_path / str(turn)
        into.mkdir()
        disk.cut(rng, into)
        one = {path.name: path.read_bytes() for path in into.iterdir()}
        if one not in disks:
            disks.append(one)
    return disks


def test_what_was_synced_is_there(tmp_path: Path) -> None:
    """A file and its folder, both synced: the only disk there can be."""
    made = Made(FILE, folder=False)
    assert found(tmp_path, made, Wrote(FILE, 0, b"ab"), Synced(FILE), Synced(str(ROOT))) == [{"file": b"ab"}]


def test_a_name_needs_a_synced_folder(tmp_path: Path) -> None:
    """A synced file in a folder that was not: with its name or without."""
    disks = found(tmp_path, Made(FILE, folder=False), Wrote(FILE, 0, b"ab"), Synced(FILE))
    assert sorted(map(len, disks)) == [0, 1]


def test_sectors_come_each_by_itself(tmp_path: Path) -> None:
    """Of two sectors written over synced ones, either, both or none is new; none is torn within."""
    old, new = b"o" * 2 * SECTOR, b"n" * 2 * SECTOR
    disks = found(
        tmp_path,
        Made(FILE, folder=False),
        Wrote(FILE, 0, old),
        Synced(FILE),
        Synced(str(ROOT)),
        Wrote(FILE, 0, new),
    )
    halves = {(one["file"][:SECTOR], one["file"][SECTOR:]) for one in disks}
    assert halves == {(a, b) for a in (old[:SECTOR], new[:SECTOR]) for b in (old[:SECTOR], new[:SECTOR])}


def test_a_sector_is_as_it_was_after_some_write(tmp_path: Path) -> None:
    """Three writes to one sector: any of the four versions, and no mixture that never was."""
    writes: list[Event] = [Wrote(FILE, at, b"x") for at in range(3)]
    synced: list[Event] = [Made(FILE, folder=False), Wrote(FILE, 0, b"---"), Synced(FILE), Synced(str(ROOT))]
    disks = found(tmp_path, *synced, *writes)
    assert {one["file"] for one in disks} == {b"---", b"x--", b"xx-", b"xxx"}


def test_a_rename_is_done_or_not(tmp_path: Path) -> None:
    """A file renamed over another in a folder that was not synced since: the one or the other, and never neither."""
    other = str(ROOT / "other")
    synced: list[Event] = [Made(FILE, folder=False), Wrote(FILE, 0, b"old"), Synced(FILE), Synced(str(ROOT))]
    made: list[Event] = [Made(other, folder=False), Wrote(other, 0, b"new"), Synced(other), Moved(other, FILE)]
    disks = found(tmp_path, *synced, *made)
    assert all(one["file"] in {b"old", b"new"} for one in disks)
    assert {"file": b"new"} in disks
    assert {"file": b"old"} in disks


def test_a_file_is_as_long_as_it_once_was(tmp_path: Path) -> None:
    """What was made longer and not written reads as zeros; what was cut may be there still."""
    synced: list[Event] = [Made(FILE, folder=False), Wrote(FILE, 0, b"abc"), Synced(FILE), Synced(str(ROOT))]
    assert {one["file"] for one in found(tmp_path, *synced, Resized(FILE, 5))} == {b"abc", b"abc\0\0"}
