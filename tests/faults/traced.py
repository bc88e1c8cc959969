"""What a process did to the files of a folder, in order, as `strace` saw it.

strace is the one way that needs neither a compiler nor a product that knows of being watched, and sees SQLite's own
system calls.  Containers let a process trace its own children.

Every line of the trace is `PID call(arguments) = result`; with `-xx` each string, a path that `-y` adds included, is
written in hexadecimal, and with `-s` whole.  Left out is what failed, and what lies outside the folder but for writes
to the standard output: these are the answers that the process gave.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_CALLS: Final = (
    "open,openat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,"
    "sync_file_range,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat"
)
_UNKNOWN: Final = {"writev", "pwritev", "pwritev2", "truncate", "fallocate", "link", "linkat", "symlink", "symlinkat"}
"""Calls that would change files in a way that is not followed here: none of ours makes them."""
_LINE: Final = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
_STRING: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OF_FILE: Final = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})+)>")
STRACE: Final = shutil.which("strace")


@cache
def why_not() -> str | None:
    """Say why no process can be watched here; None where one can."""
    if STRACE is None:
        return "no strace here: apt-get install strace"
    done = subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return f"strace may not trace here: {done.stderr}" if done.returncode else None


class Wrote(NamedTuple):
    """Bytes went into a file."""

    path: str
    at: int
    data: bytes


class Resized(NamedTuple):
    """A file was cut, or made longer."""

    path: str
    size: int


class Synced(NamedTuple):
    """A file, or a folder, was made durable."""

    path: str


class Made(NamedTuple):
    """A file was made, empty, or a folder."""

    path: str
    folder: bool


class Moved(NamedTuple):
    """A file was renamed."""

    path: str
    to: str


class Gone(NamedTuple):
    """A file was removed."""

    path: str


class Answered(NamedTuple):
    """The process said something."""

    said: bytes


Event = Wrote | Resized | Synced | Made | Moved | Gone | Answered


def traced(command: Sequence[str | Path], folder: Path, log: Path) -> list[Event]:
    """Run a command, and return what it did to the files below a folder.

    Args:
        command: writes nothing to its standard output but answers.
        folder: which is there, and was empty.
        log: where strace may write.
    """
    assert STRACE is not None
    options = ["-f", "--seccomp-bpf", "-y", "-xx", "-s", str(1 << 24), "-e", f"trace={_CALLS}", "-o", str(log)]
    done = subprocess.run([STRACE, *options, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with log.open(encoding="ascii") as lines:
        follower = _Follower(str(folder))
        return [event for line in lines for event in follower.events(line)]


class _Call(NamedTuple):
    """A system call that did what it was asked for."""

    name: str
    arguments: str
    result: int

    @property
    def strings(self) -> list[bytes]:
        return [_bytes(found) for found in _STRING.findall(self.arguments)]

    @property
    def last(self) -> str:
        """What comes after the last comma or string."""
        return re.split('[,"] *', self.arguments)[-1]

    @property
    def opened(self) -> tuple[int, str] | None:
        """The file that it was given open: number and path."""
        found = _OF_FILE.match(self.arguments)
        return (int(found[1]), os.fsdecode(_bytes(found[2])).removesuffix(" (deleted)")) if found else None


class _Follower:
    """Follows one process from call to call.

    Args:
        folder: what lies outside is none of its business.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._there: set[str] = set()
        self._offsets: dict[str, int] = {}

    def events(self, line: str) -> Iterator[Event]:
        """Yield what a line of the trace says happened."""
        parts = _LINE.match(line)
        assert parts or "(" not in line or "= ?" in line, line[:200]  # two processes at once are not followed
        if parts is None or int(parts[3]) < 0:
            return
        call = _Call(parts[1], parts[2], int(parts[3]))
        opened = call.opened
        if opened is None:
            paths = [os.fsdecode(string) for string in call.strings]
            if any(map(self._inside, paths)):
                assert call.name not in _UNKNOWN, line[:200]
                yield from self._named(call, paths)
        elif call.name == "write" and opened[0] == 1:
            yield Answered(call.strings[0])
        elif self._inside(opened[1]):
            assert call.name not in _UNKNOWN, line[:200]
            yield from self._changed(call, opened[1])

    def _inside(self, path: str) -> bool:
        return path.startswith(f"{self._folder}/") or path == self._folder

    def _changed(self, call: _Call, path: str) -> Iterator[Event]:
        match call.name:
            case "pwrite64":
                yield Wrote(path, int(call.last), call.strings[0][: call.result])
            case "write":
                yield Wrote(path, self._offsets[path], call.strings[0][: call.result])
                self._offsets[path] += call.result
            case "ftruncate":
                yield Resized(path, int(call.last))
            case "fsync" | "fdatasync":
                yield Synced(path)

    def _named(self, call: _Call, paths: list[str]) -> Iterator[Event]:
        match call.name:
            case "rename" | "renameat" | "renameat2":
                self._there = self._there - {paths[0]} | {paths[1]}
                yield Moved(*paths)
            case "unlink" | "unlinkat" | "rmdir":
                self._there.discard(paths[0])
                yield Gone(paths[0])
            case "mkdir" | "mkdirat":
                self._there.add(paths[0])
                yield Made(paths[0], folder=True)
            case _:
                yield from self._opened(paths[0], call.arguments.rpartition('"')[2])

    def _opened(self, path: str, flags: str) -> Iterator[Event]:
        assert "O_APPEND" not in flags, path
        self._offsets[path] = 0
        if path not in self._there and "O_CREAT" in flags:
            self._there.add(path)
            yield Made(path, folder=False)
        elif "O_TRUNC" in flags:
            yield Resized(path, 0)


def _bytes(written: str) -> bytes:
    return bytes.fromhex(written.replace("\\x", ""))
