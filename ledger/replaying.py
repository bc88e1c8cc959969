"""Replaying: an exported journal into an empty ledger, the exact inverse of exporting it.

Whoever replays a file trusts nobody, so every line is held to what the journal itself guarantees: numbers without a
gap, times that never decrease, entries that decode, and nothing that points at what was not there yet.  Lines are
checked while they are written, in one transaction: one pass, which a pipe allows too; nobody can change the file
between the check and the write; memory stays flat; and one bad line, or a power cut, leaves nothing behind.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from ledger.codec import MAX_LINE, StoredLine, parse_line
from ledger.errors import LedgerError, Refused, VerificationFailed
from ledger.known import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.entries import Entry
    from ledger.journal import Journal

_WHOLE: Final = "the file was cut short, or is still being written"


def read_lines(file: IO[bytes]) -> Iterator[StoredLine]:
    """Yield the lines of an exported journal.

    Args:
        file: read once, from where it stands; a pipe will do.

    Raises:
        VerificationFailed: a line is blank, too long, cut, or no journal line; the message names it.
    """
    number = 0
    while line := file.readline(MAX_LINE + 2):
        number += 1
        with _Naming(number):
            yield _parsed(line)


def _parsed(line: bytes) -> StoredLine:
    if len(line) > MAX_LINE + 1:
        raise VerificationFailed("longer than a journal line can be", hint=f"a line holds at most {MAX_LINE:,} bytes")
    if not line.endswith(b"\n"):
        raise VerificationFailed("the last line does not end with a line feed", hint=_WHOLE)
    if line == b"\n":
        raise VerificationFailed("blank", hint="a journal has no blank lines")
    if line.endswith(b"\r\n"):
        raise VerificationFailed("ends with CR LF", hint="a journal is copied as bytes: each line ends with LF alone")
    return parse_line(line[:-1])


def checked(lines: Iterable[StoredLine]) -> Iterator[StoredLine]:
    """Yield the lines of a journal as long as they hold.

    Raises:
        VerificationFailed: numbers have a gap, time goes back, a line does not decode, or points at what is not there.
    """
    return (line for line, _ in examined(lines))


def replay_into(journal: Journal, file: IO[bytes]) -> int:
    """Write an exported journal into an empty ledger, whole or not at all; return how many entries it has.

    Raises:
        Refused: the ledger has entries.
        VerificationFailed: the file does not hold; the message names the line.
    """
    with journal.writing():
        if journal.head:
            message = f"the ledger holds {journal.head:,} entries already"
            raise Refused(message, hint="replay into an empty one, made with: verbale init --ledger PATH")
        return journal.append_lines(examined(read_lines(file)))


def examined(lines: Iterable[StoredLine]) -> Iterator[tuple[StoredLine, Entry]]:
    """Yield the lines of a journal as long as they hold, each with what it says.

    Raises:
        VerificationFailed: as `checked` does; the message names the line.
    """
    known = Known()
    for number, line in enumerate(lines, start=1):
        with _Naming(number):
            event = known.take(number, line)
        yield line, event


class _Naming:
    """Names the line in a refusal, whoever raises it."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __enter__(self) -> None:
        """Begin with the line."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, LedgerError):
            raise VerificationFailed(f"line {self._number}: {error.message}", hint=error.hint) from None
