"""A disk that loses its power: what may be found on it afterwards, given what was written and what was synced.

Assumed is the least that a journalling file system on an honest disk gives, and what POSIX promises:

- `fsync` and `fdatasync` of a file return when its bytes and its size are durable; of a folder, when the names in it
  are.  Neither does the other's work: a file that was synced in a folder that was not may be without its name.
- Of the writes to a file since its last sync, every sector of 512 bytes is found as it was after any one of them, or
  before all of them, each sector by itself: some writes, all, none, in any order, torn between sectors.  A sector is
  never torn within.
- The size of a file that was not synced is any that it had since.  What lies within it and was never written reads as
  zeros, not as what another file once had there.
- The names in a folder that was not synced are found as they were at some moment since: a file system keeps the order
  of changes within one folder.  A rename is done, or not.
- Memory that files share (`-shm`) is none of the disk's: whatever bytes are found there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from tests.faults.traced import Answered, Gone, Made, Moved, Resized, Synced, Wrote

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.faults.traced import Event

SECTOR: Final = 512
_Names = dict[str, "_File | _Folder"]


@dataclass
class _File:
    """A file: what is durable, and what came since."""

    durable: bytes = b""
    pending: list[Wrote | Resized] = field(default_factory=list)

    def sync(self) -> None:
        self.durable, self.pending = self._after(len(self.pending)), []

    def found(self, rng: random.Random) -> bytes:
        """Return what may be found of it."""
        if not self.pending:
            return self.durable
        if rng.random() < _IN_ORDER:
            return self._after(rng.randrange(len(self.pending) + 1))
        content = bytearray(self.durable)
        sizes = [len(content)]
        sectors: dict[int, list[Wrote]] = {}
        for change in self.pending:
            if isinstance(change, Resized):
                pieces = _sectors(Wrote("", change.size, bytes(max(sizes[-1] - change.size, 0))))
                sizes.append(change.size)
            else:
                pieces = _sectors(change)
                sizes.append(max(sizes[-1], change.at + len(change.data)))
            for piece in pieces:
                sectors.setdefault(piece.at // SECTOR, []).append(piece)
        _apply(content, Resized("", max(sizes)))
        likely = rng.choice((0.0, 0.5, 0.9, 1.0))
        for pieces in sectors.values():
            for piece in pieces if rng.random() < likely else pieces[: rng.randrange(len(pieces) + 1)]:
                _apply(content, piece)
        return bytes(content[: rng.choice(sizes)])

    def _after(self, changes: int) -> bytes:
        content = bytearray(self.durable)
        for change in self.pending[:changes]:
            _apply(content, change)
        return bytes(content)


_IN_ORDER: Final = 0.3
"""How often writes are found in their order, up to one: a plain crash is a power cut too."""


@dataclass
class _Folder:
    """A folder: the names that are durable, and how they changed since."""

    durable: _Names = field(default_factory=dict)
    since: list[_Names] = field(default_factory=list)

    @property
    def now(self) -> _Names:
        return self.since[-1] if self.since else self.durable

    def change(self, names: _Names) -> None:
        self.since.append(names)

    def sync(self) -> None:
        self.durable, self.since = self.now, []


class Disk:
    """A folder on a disk, and all that may be found of it once its power is cut.

    Args:
        root: the folder's path in the trace; it is durable itself.
    """

    def __init__(self, root: Path) -> None:
        self._root = PurePosixPath(root)
        self._top = _Folder()
        self.answers: list[bytes] = []

    def take(self, event: Event) -> None:
        """Let something happen."""
        match event:
            case Answered(said):
                self.answers.append(said)
            case Wrote(path) | Resized(path):
                found = self._at(path)
                if isinstance(found, _File):  # else it was removed, and is written to by who still has it open
                    found.pending.append(event)
            case Synced(path):
                found = self._at(path)
                if found is not None:
                    found.sync()
            case Made(path, folder):
                above, name = self._above(path)
                above.change({**above.now, name: _Folder() if folder else _File()})
            case Gone(path):
                above, name = self._above(path)
                above.change({other: one for other, one in above.now.items() if other != name})
            case Moved(path, to):
                (above, name), (there, new) = self._above(path), self._above(to)
                assert above is there, "a rename between folders is not followed"
                names = dict(above.now)
                names[new] = names.pop(name)
                above.change(names)

    def cut(self, rng: random.Random, into: Path) -> bytes:
        """Write what may be found after a power cut into an empty folder; return a hash of it."""
        done = hashlib.sha256()
        for path in _write(self._top, rng, into):
            done.update(f"{path.relative_to(into)}\0".encode())
            if path.is_file() and not path.name.endswith("-shm"):
                done.update(hashlib.sha256(path.read_bytes()).digest())
        return done.digest()

    def _above(self, path: str) -> tuple[_Folder, str]:
        pure = PurePosixPath(path)
        above = self._at(str(pure.parent))
        assert isinstance(above, _Folder), path
        return above, pure.name

    def _at(self, path: str) -> _File | _Folder | None:
        found: _File | _Folder | None = self._top
        for name in PurePosixPath(path.removesuffix(" (deleted)")).relative_to(self._root).parts:
            if not isinstance(found, _Folder):
                return None
            found = found.now.get(name)
        return found


def states(events: Iterable[Event], root: Path, count: int, rng: random.Random) -> Iterator[Disk]:
    """Yield the disk at moments of a trace, in order, as often as asked; each time it can be cut once."""
    listed = list(events)
    moments = sorted(rng.randrange(len(listed) + 1) for _ in range(count))
    disk, done = Disk(root), 0
    for moment in moments:
        for event in listed[done:moment]:
            disk.take(event)
        done = moment
        yield disk


def _write(folder: _Folder, rng: random.Random, into: Path) -> Iterator[Path]:
    for name, one in rng.choice([folder.durable, *folder.since]).items():
        path = into / name
        if isinstance(one, _Folder):
            path.mkdir()
            yield from _write(one, rng, path)
        else:
            path.write_bytes(rng.randbytes(32_768) if name.endswith("-shm") else one.found(rng))
        yield path


def _apply(content: bytearray, change: Wrote | Resized) -> None:
    if isinstance(change, Resized):
        content[:] = content[: change.size].ljust(change.size, b"\0")
        return
    end = change.at + len(change.data)
    if len(content) < change.at:
        content.extend(bytes(change.at - len(content)))
    content[change.at : end] = change.data


def _sectors(change: Wrote) -> list[Wrote]:
    """Cut a write where sectors end."""
    pieces, at, end = [], change.at, change.at + len(change.data)
    while at < end:
        cut = min(end, at - at % SECTOR + SECTOR)
        pieces.append(Wrote("", at, change.data[at - change.at : cut - change.at]))
        at = cut
    return pieces
