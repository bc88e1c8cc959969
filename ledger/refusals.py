"""Refused lines, set aside: the very bytes of each in one file, and why each was refused in another beside it.

The first file can be mended and imported as it is; the second, with `.reasons` added to its name, is for people.  Its
paragraphs follow the lines of the first:

    1: line 17 of dossier.jsonl: no party 'frnce'.
       hint: did you mean FRA (France)?
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ledger.errors import Refused
from ledger.importers.packed import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.errors import LedgerError

Again: TypeAlias = "Callable[[IO[bytes], Iterator[int]], Iterator[bytes]]"
"""Given a file and the numbers of lines, ascending, returns the bytes of a file of these lines."""
_IN_MEMORY: Final = 1_000_000
_PIECE: Final = 1 << 20


class Refusal(NamedTuple):
    """A line that was refused, and why."""

    line: int
    reason: str
    hint: str | None


class Refusals:
    """Every refused line of a file: where it stands and why, in a file of its own once there are many."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  `close` closes it

    def add(self, line: int, start: int, size: int, error: LedgerError) -> None:
        """Take note of a line.

        Args:
            line: its number, from 1.
            start: where in the file it begins, unpacked.
            size: how many bytes it has, its line end included.
            error: why it was refused.
        """
        self._file.write(json.dumps([line, start, size, error.message, error.hint]).encode() + b"\n")

    def save(self, dossier: IO[bytes], path: Path, again: Again | None = None) -> None:
        """Write the refused lines to a file, byte for byte, and the reasons beside it.

        Args:
            dossier: the file that was imported, packed or not; it is read again.
            path: where to; a file that is there is replaced.
            again: makes a file of some lines, where it takes more than their bytes.

        Raises:
            Refused: it cannot be written.
        """
        path_read = getattr(dossier, "name", None)
        name = Path(path_read).name if isinstance(path_read, str) else "stdin"
        try:
            with path.open("wb") as lines, reasons_beside(path).open("w", encoding="utf-8", newline="\n") as reasons:
                text = unpacked(dossier) if again is None else dossier
                for count, (line, start, size, reason, hint) in enumerate(self._each(), start=1):
                    reasons.write(f"{count}: line {line} of {name}: {_on_one_line(reason)}\n")
                    if hint:
                        reasons.write(f"{' ' * len(str(count))}  hint: {_on_one_line(hint)}\n")
                    if again is None:
                        text.seek(start)
                        for at in range(0, size, _PIECE):
                            lines.write(text.read(min(_PIECE, size - at)))
                if again is not None:
                    lines.writelines(again(dossier, (line for line, *_ in self._each())))
        except OSError as error:
            hint = "--refused names a file that can be written"
            raise Refused(f"cannot write {path}: {error.strerror}", hint=hint) from None

    def _each(self) -> Iterator[tuple[int, int, int, str, str | None]]:
        self._file.seek(0)
        return (tuple(json.loads(line)) for line in self._file)

    def close(self) -> None:
        """Let go of what was noted."""
        self._file.close()


def reasons_beside(path: Path) -> Path:
    """Return where the reasons of refused lines stand."""
    return path.with_name(f"{path.name}.reasons")


def _on_one_line(text: str) -> str:
    """Return a text that a terminal shows and does not obey: whoever reads the reasons prints them."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
