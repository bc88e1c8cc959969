"""Dossiers: JSON Lines, one draft a line, UTF-8 (`events/README.md` describes the drafts).

Lines end with LF or CRLF and with nothing else: U+2028 is a character like any other.  Blank lines are passed over.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DRAFT: Final = 1_000_000
"""Bytes of a line: a longer one is read to its end and refused, and never held in memory."""


def lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line's number, from 1, and its bytes without the line end; None for a line that is too long."""
    number = 0
    while line := file.readline(MAX_DRAFT + 3):  # its line end included, and one byte more than that
        number += 1
        rest = line
        while len(rest) == MAX_DRAFT + 3 and not rest.endswith(b"\n"):
            rest = file.readline(MAX_DRAFT + 3)
        draft = line.removesuffix(b"\n").removesuffix(b"\r")
        if len(draft) > MAX_DRAFT:
            yield number, None
        elif draft.strip():
            yield number, draft
