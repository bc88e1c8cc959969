"""The lines of a file of text, packed or not, of which none is held that is too long."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.importers.packed import unpacked, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 1_000_000
"""Characters of a line or cell: more are taken for a file without lines, or a quote that nobody closed."""


@contextmanager
def text_in(file: IO[bytes], encoding: str, errors: str = "strict") -> Iterator[io.TextIOWrapper]:
    """Give the text that a file holds, with its line ends as they are; the file itself stays open."""
    text = io.TextIOWrapper(unpacked(file), encoding, errors, newline="")
    try:
        yield text
    finally:
        below = text.detach()
        if below is not file:  # what unpacks does not close the file that it was given
            below.close()


def lines_of(text: io.TextIOWrapper) -> Iterator[str | None]:
    """Yield the lines, with their ends; None for one that is too long, which is read to its end and not held.

    Raises:
        Refused: what is packed is cut short or damaged, or the bytes are no text.
    """
    read = text.readline
    try:
        with whole():
            while line := read(LONGEST):
                if len(line) < LONGEST or line.endswith("\n"):
                    yield line
                else:
                    while len(line) == LONGEST and not line.endswith("\n"):
                        line = read(LONGEST)
                    yield None
    except UnicodeDecodeError as error:
        raise Refused(f"the file cannot be read as {error.encoding}: {error.reason}", hint="is it whole?") from None


def too_long(*, within: bool) -> Refused:
    """Return what is said of a row with such a line: it may be one of a cell that nobody closes."""
    hint = "is a quote opened here and never closed?" if within else "is it a table, with a row on a line?"
    return Refused(f"a line is longer than {LONGEST:,} characters", hint=hint)
