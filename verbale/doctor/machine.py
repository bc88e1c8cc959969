"""The machine: versions, libraries, the kind of file system, who may write, how much room is left."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import stat
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verbale.doctor.check import Check, Finding
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbale.places import Location

_WAL_FIXED: Final = (3, 51, 3)
_LIBRARIES: Final = ("eventsourcing", "filelock", "pydantic", "rapidfuzz", "sqlite-utils", "typer")
_EVENTSOURCING: Final = ((9, 5, 6), (10,))
"""From, included, to, excluded: the next major version cannot read the journals that this one writes."""
_REMOTE: Final = re.compile(
    r"nfs4?|cifs|smb\w*|ncpfs|afs|ceph|lustre|glusterfs|davfs"
    r"|fuse\.(sshfs|s3fs|rclone|gcsfuse|glusterfs|ceph\w*|juicefs|davfs\w*|smb\w*|nfs\w*)"
)
_SHARED: Final = frozenset({"9p", "virtiofs", "vboxsf", "prl_fs", "drvfs"})
_LITTLE: Final = 200_000_000
_HARDLY_ANY: Final = 10_000_000


def checks(place: Location) -> Iterator[Check]:
    """Yield the checks of this machine, and of the folder in which a ledger lies, where it lies in one."""
    yield versions(sqlite3.sqlite_version_info)
    yield libraries({name: _version(name) for name in _LIBRARIES})
    if isinstance(place, Place):
        yield file_system(place.journal, _mounts())
        yield file_modes(place)
        yield space(place.journal.parent)


def versions(sqlite: tuple[int, ...]) -> Check:
    """Say which Python and SQLite run; before 3.51.3 SQLite has a rare way to damage a WAL file."""
    number = ".".join(map(str, sqlite))
    says = f"verbale {version('verbale')}, Python {platform.python_version()}, SQLite {number}"
    if sqlite >= _WAL_FIXED:
        return Check("versions", "ok", says)
    return Check(
        "versions",
        "warning",
        f"{says}, which may have the WAL-reset bug: a checkpoint that meets another connection's commit can damage the "
        "file. Here commits and their checkpoints hold one lock file, so it takes another program that writes.",
        "let no other tool write to the journal; a Python with SQLite 3.51.3 or newer is free of it",
    )


def libraries(found: dict[str, str | None]) -> Check:
    """Say whether the libraries are there, and the one that stores the journal is of the range that is known."""
    says = ", ".join(f"{name} {number or 'missing'}" for name, number in found.items())
    number = found.get("eventsourcing")
    first, beyond = _EVENTSOURCING
    if None in found.values() or number is None or not first <= _numbers(number) < beyond:
        wanted = f"eventsourcing >={'.'.join(map(str, first))},<{beyond[0]}"
        return Check("libraries", "error", says, f"install verbale anew, with {wanted}: it stores the journal")
    return Check("libraries", "ok", says)


def file_system(path: Path, mounts: str | None) -> Check:
    """Say on what kind of file system a path lies, given the text of `/proc/mounts`."""
    name = "file-system"
    if mounts is None:
        return Check(name, "ok", "not looked at: this system does not list its mounts in /proc/mounts")
    kind = _kind_of(path.resolve(), mounts)
    if kind is None:
        return Check(name, "ok", "not listed in /proc/mounts")
    if _REMOTE.fullmatch(kind):
        hint = "keep the ledger on a local disk, or on PostgreSQL; take it along with: verbale export journal"
        says = f"{kind}, over a network: SQLite's WAL needs memory that all processes share, and entries can be lost"
        return Check(name, "error", says, hint)
    if kind in _SHARED:
        hint = "keep the ledger on a disk of this machine, or let one machine alone open it"
        return Check(name, "warning", f"{kind}, shared with a host: locks may not reach the other side", hint)
    return Check(name, "ok", kind)


def _kind_of(path: Path, mounts: str) -> str | None:
    """Return the type of the file system that is mounted deepest above a path, the last one where two are."""
    found: tuple[int, str] | None = None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:  # noqa: PLR2004  device, mount point, type
            at = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
            if (found is None or len(at.parts) >= found[0]) and path.is_relative_to(at):
                found = len(at.parts), fields[2]
    return None if found is None else found[1]


def file_modes(place: Place) -> Check:
    """Say whether anybody may write to the ledger's files or replace them."""
    name = "file-modes"
    if os.name != "posix":
        return Check(name, "ok", "not looked at: this system keeps no mode bits")
    kept = [path for path in _files(place) if path.exists()]
    open_files = [path for path in kept if _modes(path) & stat.S_IWOTH]
    folder = place.journal.resolve().parent
    if _modes(folder) & stat.S_IWOTH and not _modes(folder) & stat.S_ISVTX:
        open_files.append(folder)
    if open_files:
        found = tuple(Finding(f"{path.name}: {stat.filemode(path.stat().st_mode)}") for path in open_files)
        return Check(name, "error", "anybody on this machine can write to the ledger", "chmod o-w these", found)
    return Check(name, "ok", f"{stat.filemode(place.journal.stat().st_mode)}, nobody else can write")


def _files(place: Place) -> Iterable[Path]:
    yield from (place.journal, place.views, place.sources)
    for path in (place.journal, place.views):
        yield from (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", ".lock"))
    if place.sources.is_dir():
        yield from place.sources.rglob("*")


def _modes(path: Path) -> int:
    return path.stat().st_mode


def space(folder: Path, free: int | None = None) -> Check:
    """Say how much room is left where the ledger lies."""
    free = shutil.disk_usage(folder).free if free is None else free
    says = f"{free / 1e9:.1f} GB free" if free >= 1_000_000_000 else f"{free / 1e6:.0f} MB free"  # noqa: PLR2004
    if free >= _LITTLE:
        return Check("space", "ok", says)
    hint = "make room: what cannot be written whole is not recorded at all"
    return Check("space", "error" if free < _HARDLY_ANY else "warning", says, hint)


def _mounts() -> str | None:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _numbers(number: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", number)[:3]))
