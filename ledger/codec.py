r"""The journal line, which is also the audit leaf.

One entry is one line of UTF-8 without spaces between tokens and without a newline within; in a file each line ends with
one LF.  It is at most 65,535 bytes long, LF not counted:

    {"entry":17,"type":"statement-made.v1","data":{"recorded_at":"…","recorded_by":"…",FIELDS}}

- `entry` counts from 1 without gaps.
- `type` is the event type's name and the version of its fields.
- `data` is the stored bytes as they are: `recorded_at` (UTC, six digits of a second, `Z`), `recorded_by` (a claim, or
  null), `clock_behind` (whole seconds, only where the host's clock was more than five minutes behind the journal), then
  the draft's fields that are set, in the order of the model.

Nothing is re-serialised to be verified: the bytes that were stored are the bytes that are hashed, so no canonical form
is needed.  A line of an older version is upcast when it is read; its bytes stay.

>>> line = format_line(
...     1,
...     "issue-opened.v1",
...     b'{"recorded_at":"2026-11-23T09:12:00.000000Z","recorded_by":null,'
...     b'"issue":"ceasefire-30d","proposition":"A 30-day ceasefire takes effect"}',
... )
>>> parse_line(line).entry, CODEC.decode(*parse_line(line)).event.proposition
(1, 'A 30-day ceasefire takes effect')
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from pydantic import ValidationError
from pydantic_core import from_json

from ledger.entries import ENTRY_TYPES
from ledger.errors import LedgerError, Refused, VerificationFailed
from ledger.strict_json import parse_object
from ledger.times import instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ledger.entries import Entry

MAX_LINE: Final = 65_535
_LINE: Final = re.compile(
    rb'\{"entry":([1-9][0-9]{0,17}),"type":"([a-z0-9-]{1,60}\.v[1-9][0-9]{0,3})","data":(\{[^\r\n]*\})\}'
)
_SKEW: Final = b'"clock_behind":'
MAX_BY: Final = 500
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

Upcast: TypeAlias = "Callable[[dict[str, Any]], dict[str, Any]]"


class StoredLine(NamedTuple):
    """One entry as it is stored: nothing decoded yet."""

    entry: int
    topic: str
    data: bytes


class Recorded(NamedTuple):
    """One entry of the journal, decoded: when it was recorded, on whose word, and what it says."""

    entry: int
    recorded_at: str
    recorded_by: str | None
    event: Entry


def format_line(entry: int, topic: str, data: bytes) -> bytes:
    """Return the line of an entry, without its LF."""
    return b'{"entry":%d,"type":"%s","data":%s}' % (entry, topic.encode(), data)


def parse_line(line: bytes) -> StoredLine:
    """Return the parts of a line (without its LF), each byte of `data` as it stands.

    Raises:
        VerificationFailed: the bytes are no journal line, or could be read in two ways.
    """
    parts = _LINE.fullmatch(line)
    if parts is None or len(line) > MAX_LINE:
        raise VerificationFailed("not a journal line", hint='a line looks like {"entry":1,"type":"…","data":{…}}')
    try:
        parse_object(parts[3])
    except LedgerError as error:
        raise VerificationFailed(error.message, hint=error.hint) from None
    return StoredLine(int(parts[1]), parts[2].decode(), parts[3])


def stamp_data(fields: bytes, recorded_at: str, recorded_by: str | None, clock_behind: int | None = None) -> bytes:
    """Return the `data` of a line: the journal's own stamp, then the event's fields as `Codec.encode` wrote them."""
    return stamp_prefix(recorded_at, recorded_by, clock_behind) + fields[1:]


def stamp_prefix(recorded_at: str, recorded_by: str | None, clock_behind: int | None = None) -> bytes:
    """Return what every `data` of one moment and one author begins with."""
    skew = "" if clock_behind is None else f'"clock_behind":{clock_behind},'
    by = json.dumps(recorded_by, ensure_ascii=False)
    return f'{{"recorded_at":"{recorded_at}","recorded_by":{by},{skew}'.encode()


class Stamp(NamedTuple):
    """What the `data` of an entry begins with, and what that says; the same for all of one append."""

    prefix: bytes
    """Up to the comma before the first field; empty where the bytes do not begin as the journal writes them."""
    recorded_at: str
    recorded_by: str | None

    def begins(self, data: bytes) -> bool:
        """Say whether other stored bytes begin with this very stamp, and it is all of theirs."""
        prefix = self.prefix
        return bool(prefix) and data.startswith(prefix) and not data.startswith(_SKEW, len(prefix))


def stamp_of(data: bytes) -> Stamp:
    """Return the stamp that stored bytes begin with."""
    try:
        fields = from_json(data)
        at, by, behind = fields["recorded_at"], fields["recorded_by"], fields.get("clock_behind")
        prefix = stamp_prefix(at, by, behind)
    except (ValueError, LookupError, TypeError, AttributeError):
        prefix = b""
    return Stamp(prefix, at, by) if prefix and data.startswith(prefix) else Stamp(b"", "", None)


def claim(recorded_by: str | None) -> str | None:
    """Return who records as it is written: blanks at its ends taken off, null where nothing is left.

    Raises:
        Refused: no line can hold it, or nobody could read it.
    """
    by = (recorded_by or "").strip()
    if len(by) > MAX_BY or _UNSEEN.search(by):
        message = f"{by[:60]!a} will not do for who records"
        raise Refused(message, hint=f"give a name or an address, at most {MAX_BY} characters, in one line")
    return by or None


class Codec:
    """A closed registry of event types, and the way from each older version of a type to the newest.

    Args:
        types: the newest version of each type.
        upcasts: for a topic of an older version, the function from its fields to those of the next version.
    """

    def __init__(self, types: Iterable[type[Entry]], upcasts: Mapping[str, Upcast] | None = None) -> None:
        self._newest = {cls.type_name(): cls for cls in types}
        self._upcasts = dict(upcasts or {})

    def type_named(self, name: str) -> type[Entry] | None:
        """Return the newest version of the type with this name."""
        return self._newest.get(name)

    @property
    def type_names(self) -> tuple[str, ...]:
        """The names of all types, in the order of the registry."""
        return tuple(self._newest)

    @staticmethod
    def encode(event: Entry) -> bytes:
        """Return the event's set fields as JSON, in the order of the model: what a content key hashes."""
        return event.__pydantic_serializer__.to_json(event, by_alias=True, exclude_defaults=True)

    def decode(self, entry: int, topic: str, data: bytes) -> Recorded:
        """Return a stored entry as an event of today's version.

        Raises:
            VerificationFailed: the topic is unknown, or the bytes do not say what its type says.
        """
        try:
            fields: dict[str, Any] = from_json(data, allow_inf_nan=False)
            recorded_at, recorded_by = fields.pop("recorded_at"), fields.pop("recorded_by")
            behind = fields.pop("clock_behind", None)
            if type(recorded_at) is not str or type(recorded_by) not in _CLAIMED or type(behind) not in _BEHIND:
                raise VerificationFailed("recorded_at, recorded_by or clock_behind is not what it should be")
            event = self._event(topic, fields)
        except (ValueError, LedgerError, LookupError, TypeError, AttributeError) as error:
            raise VerificationFailed(f"e{entry} does not decode as {topic}: {_first_line(error)}") from None
        return Recorded(entry, recorded_at, recorded_by, event)

    def decode_fields(self, topic: str, fields: bytes) -> Entry:
        """Return the event whose fields `encode` wrote."""
        return self._newest[topic.rpartition(".v")[0]].__pydantic_validator__.validate_json(fields)  # type: ignore[no-any-return]

    def _event(self, topic: str, fields: dict[str, Any]) -> Entry:
        name, _, version = topic.rpartition(".v")
        cls = self._newest.get(name)
        if cls is None:
            raise Refused(f"no event type '{name}'", hint="a newer version of verbale may know it")
        while topic != cls.TOPIC:
            step = self._upcasts.get(topic)
            if step is None:
                raise Refused(f"no way from {topic} to {cls.TOPIC}", hint="a newer version of verbale may know it")
            fields = step(fields)
            version = str(int(version) + 1)
            topic = f"{name}.v{version}"
        return cls.model_validate(fields)


def check_stamp(recorded: Recorded) -> int:
    """Return the instant of `recorded_at`, in microseconds since 1970.

    Raises:
        VerificationFailed: it is not a UTC time with six digits of a second.
    """
    try:
        return instant(recorded.recorded_at)
    except LedgerError as error:
        raise VerificationFailed(f"e{recorded.entry}: {error.message}") from None


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error)


_CLAIMED: Final = (str, type(None))
_BEHIND: Final = (int, type(None))

CODEC: Final = Codec(ENTRY_TYPES)
