"""Replaying: an exported journal into an empty ledger, the exact inverse of exporting it.

Whoever replays a file trusts nobody, so every line is held to what the journal itself guarantees: numbers without a
gap, times that never decrease, entries that decode, and nothing that points at what was not there yet.  Lines are
checked while they are written, in one transaction: one pass, which a pipe allows too; nobody can change the file
between the check and the write; memory stays flat; and one bad line, or a power cut, leaves nothing behind.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from ledger.codec import CODEC, MAX_LINE, StoredLine, check_stamp, parse_line
from ledger.drafts import CORRECTABLE, changes_of, references, validated
from ledger.entries import Amendment, EntryCorrected, IssueOpened, PartyRegistered, SourceRegistered
from ledger.errors import LedgerError, Refused, VerificationFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel

    from ledger.entries import Entry
    from ledger.journal import Journal

_IN_ORDER: Final = "each line follows the one before it, from e1 on, without a gap"
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
    return (line for line, _ in _examined(lines))


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
        return journal.append_lines(_examined(read_lines(file)))


def _examined(lines: Iterable[StoredLine]) -> Iterator[tuple[StoredLine, Entry]]:
    known = _Known()
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


class _Known:
    """What a journal has said so far, as far as later lines may point at it: one byte an entry, and the ids."""

    def __init__(self) -> None:
        self._at: int | None = None
        self._kinds = bytearray()
        self._ids: dict[str, dict[str, str]] = {"party": {}, "issue": {}, "source": {}}

    def take(self, number: int, line: StoredLine) -> Entry:
        """Return the event of the next line."""
        if line.entry != number:
            raise VerificationFailed(f"e{number} is expected and e{line.entry} found", hint=_IN_ORDER)
        recorded = CODEC.decode(*line)
        at = check_stamp(recorded)
        if self._at is not None and at < self._at:
            raise VerificationFailed(f"e{number} was recorded before e{number - 1}", hint="recorded_at never decreases")
        self._at = at
        event = recorded.event
        self._must_be_known(type(event), event, number)
        match event:
            case Amendment():
                self._must_be_earlier(event.entry, number)
                if isinstance(event, EntryCorrected):
                    self._changes_must_do(event, number)
            case PartyRegistered():
                self._register("party", event.party)
            case IssueOpened():
                self._register("issue", event.issue)
            case SourceRegistered():
                self._register("source", event.source)
        self._kinds.append(CODEC.type_names.index(event.type_name()))
        return event

    def _register(self, kind: str, name: str) -> None:
        if name.lower() in self._ids[kind]:
            raise VerificationFailed(f"{kind} '{name}' is registered twice")
        self._ids[kind][name.lower()] = name

    def _must_be_known(self, cls: type[BaseModel], said: BaseModel, number: int) -> None:
        """Hold every reference of a model to what was there when the line was written."""
        for name, kind in references(cls).items():
            value: Any = getattr(said, name, None)
            for one in value if isinstance(value, tuple) else (value,):
                if one is None:
                    continue
                if kind == "entry":
                    self._must_be_earlier(one, number)
                elif self._ids[kind].get(one.lower()) != one:
                    raise VerificationFailed(f"no {kind} '{one}' is registered before e{number}")

    def _must_be_earlier(self, target: int, number: int) -> None:
        if target >= number:
            raise VerificationFailed(f"e{number} points at e{target}, which is not earlier")

    def _changes_must_do(self, event: EntryCorrected, number: int) -> None:
        cls = CODEC.type_named(CODEC.type_names[self._kinds[event.entry - 1]])
        if cls is None or not issubclass(cls, CORRECTABLE):
            raise VerificationFailed(f"e{event.entry} is of a type that cannot be corrected")
        partial = changes_of(cls)
        self._must_be_known(partial, validated(partial, event.changes), number)
