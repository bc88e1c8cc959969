"""Dossiers: JSON Lines, one draft a line, UTF-8 (`events/README.md` describes the drafts).

Lines end with LF or CRLF and with nothing else: U+2028 is a character like any other.  Blank lines are passed over.
The file may be packed by gzip or zip.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from ledger.importers.line import Line
from ledger.importers.packed import unpacked, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.register import Register

MAX_DRAFT: Final = 1_000_000
"""Bytes of a line: a longer one is read to its end and refused, and never held in memory."""


NAME: Final = "dossier"


def fits(head: bytes) -> bool:
    """Say whether a file that begins so is a dossier: its first line is a JSON object."""
    return head.lstrip().startswith(b"{")


def lines(file: IO[bytes], register: Register | None = None) -> Iterator[Line]:  # noqa: ARG001  drafts say it all
    """Yield the lines of a file.

    Raises:
        Refused: what is packed is cut short or damaged.
    """
    text = unpacked(file)
    number, end = 0, 0
    with whole():
        while line := text.readline(MAX_DRAFT + 3):  # its line end included, and one byte more than that
            number, start, end = number + 1, end, end + len(line)
            rest = line
            while len(rest) == MAX_DRAFT + 3 and not rest.endswith(b"\n"):
                rest = text.readline(MAX_DRAFT + 3)
                end += len(rest)
            draft = line.removesuffix(b"\n").removesuffix(b"\r")
            read = end if text is file else file.tell()
            if len(draft) > MAX_DRAFT:
                yield Line(number, None, start, read, size=end - start)
            elif draft.strip():
                yield Line(number, draft, start, read, size=end - start)
