"""What outlives the database: two append-only files beside it, so that an older copy of it is known for what it is.

    STEM.checkpoints.jsonl   {"checkpoint":3,"size":48,"note":"…"}      every checkpoint that was signed here
    STEM.erasures.jsonl      {"erasure":40,"entry":17,"fields":["speaker"],"sources":["9f86…"],"leaf":"4a…"}
                             {"purged":40}

One JSON object a line, synced to the disk before the database hears of it.  A last line without its LF is a power cut's
and does not count.  A checkpoint that is said again (with a witness's cosignature) takes the place of the one before.

An erasure names the entry that records it, the entry that it is about, the fields (none: all that are sealed), the
SHA-256 of the documents whose bytes went with them (`sources` may be left out), and in `leaf` the RFC 6962 leaf hash of
the erased entry's line, in hex: another entry that has the number in a copy of the ledger is left alone.  `purged` says
that whatever stands above it was overwritten too; it is `0` where no erasure does.
"""

from __future__ import annotations

import json
import os
from collections import deque
from contextlib import closing
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from ledger.errors import LedgerError, Refused
from ledger.stores.durable import sync_names
from ledger.strict_json import parse_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")

CHECKPOINTS: Final = ".checkpoints.jsonl"
ERASURES: Final = ".erasures.jsonl"


class Checkpoint(NamedTuple):
    """A signed checkpoint as it is kept: `cpN` is its number."""

    number: int
    size: int
    """How many entries it covers."""
    note: bytes
    """The signed note (`ledger.transparency.note`)."""


class Erasure(NamedTuple):
    """What an erasure destroys."""

    erasure: int
    """The entry that records it."""
    entry: int
    fields: tuple[str, ...]
    """Which of its sealed fields; none named, all of them."""
    sources: tuple[str, ...] = ()
    """SHA-256 of the documents whose bytes went with them."""
    leaf: str = ""
    """Leaf hash of the erased entry's line, in hex; empty where it is not known."""


class Kept:
    """The files of one ledger.

    Args:
        stem: the path that their suffixes are put after; None keeps nothing.
    """

    def __init__(self, stem: Path | None) -> None:
        self.stem = stem
        self._checkpoints: list[Checkpoint] = []
        self._read: tuple[int, int] | None = None

    def checkpoints(self) -> list[Checkpoint]:
        """Return every checkpoint in the file, by its number; read again only where the file has changed.

        Raises:
            Refused: the file cannot be read, or holds something else.
        """
        path = self._path(CHECKPOINTS)
        found = None if path is None else _identity(path)
        if path is None or found is None:
            return []
        if found != self._read:
            said = {one.number: one for one in _lines(path, _checkpoint)}
            self._checkpoints = [one for _, one in sorted(said.items())]
            self._read = found
        return self._checkpoints

    def erasures(self) -> list[Erasure]:
        """Return every erasure in the file.

        Raises:
            Refused: the file cannot be read, or holds something else.
        """
        return [one for one in self._erasures() if one is not None]

    def unpurged(self) -> bool:
        """Say whether something was to be destroyed that is not known to be overwritten, by the file's last line."""
        return next(iter(deque(self._erasures(), maxlen=1)), None) is not None

    def _erasures(self) -> Iterator[Erasure | None]:
        """Yield every erasure, and None wherever all above is overwritten."""
        path = self._path(ERASURES)
        return iter(()) if path is None or not path.exists() else _lines(path, _erasure)

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint, durably.

        Raises:
            Refused: nobody can write there.
        """
        number, size, note = checkpoint
        self._append(CHECKPOINTS, {"checkpoint": number, "size": size, "note": note.decode()})

    def add_erasure(self, erasure: Erasure) -> None:
        """Keep the news of an erasure, durably.

        Raises:
            Refused: nobody can write there.
        """
        said = {"erasure": erasure.erasure, "entry": erasure.entry, "fields": list(erasure.fields)}
        more = {"sources": list(erasure.sources), "leaf": erasure.leaf}
        self._append(ERASURES, said | {name: value for name, value in more.items() if value})

    def add_purged(self) -> None:
        """Keep that all which was to be destroyed is overwritten.

        Raises:
            Refused: nobody can write there.
        """
        self._append(ERASURES, {"purged": max((one.erasure for one in self.erasures()), default=0)})

    def _path(self, suffix: str) -> Path | None:
        return None if self.stem is None else self.stem.with_name(self.stem.name + suffix)

    def _append(self, suffix: str, said: dict[str, Any]) -> None:
        path = self._path(suffix)
        if path is None:
            return
        line = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            new = not path.exists()
            with path.open("ab+") as file:
                _cut_the_torn(file)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync_names(path.parent)
        except OSError as error:
            hint = "is the folder read-only, or the disk full?"
            raise Refused(f"cannot write {path}: {error.strerror}", hint=hint) from None


def _cut_the_torn(file: IO[bytes]) -> None:
    """Take away a last line without its LF: it was never acknowledged, and does not count."""
    file.seek(0)
    whole = file.read()
    end = whole.rfind(b"\n") + 1
    if end < len(whole):
        file.truncate(end)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _lines(path: Path, read: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}", hint="see: verbale doctor") from None
    with closing(file):
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n") or line == b"\n":
                continue
            try:
                yield read(parse_object(line[:-1]))
            except LedgerError as error:
                raise _broken(path, number, error.message) from None


def _broken(path: Path, number: int, message: str) -> Refused:
    hint = "it is only ever appended to: restore it from a backup, or take the line out by hand"
    return Refused(f"{path}, line {number}: {message}", hint=hint)


def _checkpoint(said: dict[str, Any]) -> Checkpoint:
    match said:
        case {"checkpoint": int(number), "size": int(size), "note": str(note)}:
            return Checkpoint(number, size, note.encode())
    raise Refused("no checkpoint")


def _erasure(said: dict[str, Any]) -> Erasure | None:
    match said:
        case {"erasure": int(number), "entry": int(entry), "fields": [*fields], **more}:
            sources, leaf = more.pop("sources", []), more.pop("leaf", "")
            if isinstance(sources, list) and isinstance(leaf, str) and not more:
                return Erasure(number, entry, tuple(map(str, fields)), tuple(map(str, sources)), leaf)
        case {"purged": int()}:
            return None
    raise Refused("no erasure")
