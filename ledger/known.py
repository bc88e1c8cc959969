"""What each line of a journal is held to: its number, its time, what it says, and whom and what it points at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.codec import CODEC, StoredLine, check_stamp
from ledger.drafts import CORRECTABLE, changes_of, references, validated
from ledger.entries import Amendment, EntryCorrected, IssueOpened, PartyRegistered, SourceRegistered
from ledger.errors import VerificationFailed

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ledger.entries import Entry

_IN_ORDER: Final = "each line follows the one before it, from e1 on, without a gap"
_UNKNOWN: Final = 255
"""The kind of an entry that was not read, or did not hold."""
_REGISTERING: Final = frozenset({PartyRegistered.type_name(), IssueOpened.type_name(), SourceRegistered.type_name()})


class Known:
    """What a journal has said so far, as far as later lines may point at it: one byte an entry, and the ids."""

    def __init__(self) -> None:
        self._at: int | None = None
        self._kinds = bytearray()
        self._ids: dict[str, dict[str, str]] = {"party": {}, "issue": {}, "source": {}}

    def take(self, number: int, line: StoredLine) -> Entry:
        """Return the event of the next line.

        A line that does not hold is taken note of all the same, so that those after it can be held to the rest.

        Args:
            number: which one is expected.
            line: as it was found.

        Raises:
            VerificationFailed: it does not hold.
        """
        self._make_room(number)
        if line.entry != number:
            raise VerificationFailed(f"e{number} is expected and e{line.entry} found", hint=_IN_ORDER)
        recorded = CODEC.decode(*line)
        event = recorded.event
        self._kinds[number - 1] = CODEC.type_names.index(event.type_name())
        try:
            self._in_time(check_stamp(recorded), number)
            self._must_be_known(type(event), event, number)
            if isinstance(event, Amendment):
                self._must_be_earlier(event.entry, number)
                if isinstance(event, EntryCorrected):
                    self._changes_must_do(event, number)
        finally:
            self._note(event)
        return event

    def recall(self, line: StoredLine) -> None:
        """Take note of a line that was held to everything before, and is not again.

        Raises:
            VerificationFailed: it registers something, and does not decode.
        """
        name = line.topic.rpartition(".v")[0]
        self._make_room(line.entry)
        self._kinds[line.entry - 1] = CODEC.type_names.index(name) if name in CODEC.type_names else _UNKNOWN
        if name in _REGISTERING:
            self._note(CODEC.decode(*line).event)

    def _make_room(self, number: int) -> None:
        if len(self._kinds) < number:
            self._kinds.extend(bytes([_UNKNOWN]) * (number - len(self._kinds)))

    def _in_time(self, at: int, number: int) -> None:
        before, self._at = self._at, at
        if before is not None and at < before:
            raise VerificationFailed(f"e{number} was recorded before e{number - 1}", hint="recorded_at never decreases")

    def _note(self, event: Entry) -> None:
        match event:
            case PartyRegistered():
                self._register("party", event.party)
            case IssueOpened():
                self._register("issue", event.issue)
            case SourceRegistered():
                self._register("source", event.source)

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
        kind = self._kinds[event.entry - 1]
        if kind == _UNKNOWN:
            return
        cls = CODEC.type_named(CODEC.type_names[kind])
        if cls is None or not issubclass(cls, CORRECTABLE):
            raise VerificationFailed(f"e{event.entry} is of a type that cannot be corrected")
        partial = changes_of(cls)
        self._must_be_known(partial, validated(partial, event.changes), number)
