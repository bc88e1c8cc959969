"""A short way for ordinary words and deeds, of which an import mostly consists.

A line is *ordinary* when it is a statement, an action or a scheduled event whose fields all hold plain texts that are
surely taken: names that are known, a source that stands, a date that is not in the future, words that print.  Its bytes
are then put together from pieces, one for each field and value; a piece is made by the very model and serializer
of the long way, once, and remembered, as most values come again and again.

Nothing is refused here: whatever is not ordinary takes the long way (`ledger.strict_json`, `drafts`, `rules`), which is
the same but for its speed.
"""

from __future__ import annotations

import re
from functools import partial
from json.encoder import encode_basestring
from operator import getitem, itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from pydantic import ValidationError
from pydantic_core import from_json

from ledger.entries import ActionTaken, Coding, EventScheduled, Origin, Quote, StatementMade
from ledger.errors import LedgerError
from ledger.times import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.entries import Mover
    from ledger.entries.base import Value
    from ledger.register import Register

_MOVERS: Final[dict[str, type[Mover]]] = {cls.type_name(): cls for cls in (StatementMade, ActionTaken, EventScheduled)}
_PROBE: Final = {"party": "P", "issue": "i", "stance": "oppose", "text": "t"}
_BEFORE_ATTRIBUTION: Final = tuple(StatementMade.model_fields)[: list(StatementMade.model_fields).index("attribution")]
_CHECKED: Final = ("stance", "bearing", "speaker", "act", "attribution", "credibility", "place", "source")
_PARTS: Final[dict[str, type[Value]]] = {"quote": Quote, "coding": Coding, "origin": Origin}
_REMEMBERED: Final = 20_000
"""Values of one field."""
_LONGEST_TEXT: Final = 20_000
# Blanks between a key and its colon would hide a key that is given twice from who counts colons.
_HIDDEN: Final = re.compile(rb'"[ \t\r]')


class Ordinary(NamedTuple):
    """An ordinary draft: admitted, unless it is recorded already."""

    cls: type[Mover]
    fields: bytes
    """As `Codec.encode` writes them."""
    source: str | None
    quoted: bool
    """Whether it quotes words that nobody here can compare with their source."""


class _Unusual(LookupError):
    """A value that is not ordinary."""


class _Pieces(dict[str, bytes]):
    """From a field's value to its bytes in a line, a comma before them; made when a value is first met."""

    def __init__(self, make: Callable[[Any], bytes]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: str) -> bytes:
        if type(value) is not str:
            raise _Unusual
        piece = self._make(value)
        if len(self) < _REMEMBERED:
            self[value] = piece
        return piece


class _Names(_Pieces):
    """Likewise for a field that holds an id; what another name stands for is the register's to say, each time anew."""

    def __init__(self, make: Callable[[Any], bytes], find: Callable[[str], str | None]) -> None:
        super().__init__(make)
        self._find = find

    def __missing__(self, value: str) -> bytes:
        found = self._find(value) if type(value) is str else None
        if found is None:
            raise _Unusual
        return super().__missing__(value) if found == value else self[found]


class _Lists:
    """Likewise for a field that holds several values."""

    def __init__(self, make: Callable[[Any], bytes], find: Callable[[str], str | None]) -> None:
        self._make = make
        self._find = find
        self._made: dict[tuple[str | None, ...], bytes] = {}

    def __getitem__(self, values: list[str]) -> bytes:
        if type(values) is not list or not all(type(value) is str for value in values):
            raise _Unusual
        key = tuple(map(self._find, values))
        piece = self._made.get(key)
        if piece is None:
            piece = self._make(key)
            if len(self._made) < _REMEMBERED:
                self._made[key] = piece
        return piece


class _Texts:
    """Likewise for a field whose every value is another."""

    def __getitem__(self, text: str) -> bytes:
        # What prints and is not blank fits the pattern of prose: no control characters, no separators.
        if type(text) is str and len(text) <= _LONGEST_TEXT and text.isprintable() and not text.isspace() and text:
            return b',"text":' + encode_basestring(text).encode()
        raise _Unusual


class _Parts:
    """Likewise for a field that holds a part with fields of its own."""

    def __init__(self, name: str, cls: type[Value]) -> None:
        self._prefix = f',"{name}":'.encode()
        self._cls = cls

    def __getitem__(self, given: object) -> bytes:
        try:
            part = self._cls.__pydantic_validator__.validate_python(given)
        except (ValidationError, LedgerError):
            raise _Unusual from None
        written: bytes = part.__pydantic_serializer__.to_json(part, by_alias=True, exclude_defaults=True)
        return self._prefix + written


class _Direct:
    """Likewise for what a quote implies where it is not said."""

    def __getitem__(self, quote: object) -> bytes:
        return b',"attribution":"direct"'


_Makers: TypeAlias = _Pieces | _Lists | _Texts | _Parts | _Direct


class _Plan(NamedTuple):
    """What to do with drafts that have the same keys in the same order."""

    cls: type[Mover]
    values: Callable[[dict[str, Any]], tuple[str, ...]]
    """Takes the values of a draft in the order of the model."""
    pieces: tuple[_Makers, ...]
    quoted: bool


class ShortWay:
    """Recognises ordinary lines.

    Args:
        register: knows the names and the sources so far.
        until: the last instant at which words and deeds may begin.
    """

    def __init__(self, register: Register, until: int) -> None:
        self._register = register
        self._until = until
        self._plans: dict[tuple[str, ...], _Plan | None] = {}
        self._standing: set[str] = set()
        """Sources that are not retracted."""
        self._with_bytes: set[str] = set()
        """Those of them whose words may be at hand."""
        self._of_type = {cls: self._pieces_of(cls) for cls in _MOVERS.values()}

    def read(self, line: bytes) -> Ordinary | None:
        """Return what a line stands for if it is ordinary, else None."""
        try:
            draft: dict[str, Any] = from_json(line, allow_inf_nan=False)
            if line.count(b'":') != _count_keys(draft) or _HIDDEN.search(line):
                return None
        except (AttributeError, TypeError, ValueError):  # no object, no JSON
            return None
        return self.take(draft)

    def take(self, draft: dict[str, Any]) -> Ordinary | None:
        """Return what a draft stands for if it is ordinary, else None."""
        try:
            key = (draft["type"], *draft)
            plan = self._plans[key] if key in self._plans else self._planned(key)
            if plan is None:
                return None
            pieces: list[bytes] = list(map(getitem, plan.pieces, plan.values(draft)))  # type: ignore[arg-type]
        except (LookupError, TypeError, ValueError):  # no ordinary value
            return None
        source = draft.get("source")
        if source is not None and not (source in self._standing or self._stands(source)):
            return None
        if plan.quoted and source in self._with_bytes:
            return None
        return Ordinary(plan.cls, b"{" + b"".join(pieces)[1:] + b"}", source, plan.quoted)

    def forget_sources(self) -> None:
        """Look at every source again: one may have been retracted."""
        self._standing.clear()
        self._with_bytes.clear()

    def _stands(self, source: str) -> bool:
        facts = self._register.source_facts(source)
        if self._register.source(source) != source or facts is None or self._register.retracted_by(facts.entry):
            return False
        if len(self._standing) >= _REMEMBERED:
            self.forget_sources()
        self._standing.add(source)
        if facts.sha256 is not None:
            self._with_bytes.add(source)
        return True

    def _planned(self, key: tuple[str, ...]) -> _Plan | None:
        kind, *given = key
        cls, names = _MOVERS.get(kind), set(given) - {"type"}
        plan = None
        if cls is not None:
            known = self._of_type[cls]
            required = {name for name, info in cls.model_fields.items() if info.is_required()} | {"text"}
            if required <= names <= known.keys():
                pieces = {name: known[name] for name in cls.model_fields if name in names}
                takes = list(pieces)
                if cls is StatementMade and "quote" in names and "attribution" not in names:
                    at = sum(name in pieces for name in _BEFORE_ATTRIBUTION)
                    takes.insert(at, "quote")
                    made = (*list(pieces.values())[:at], _Direct(), *list(pieces.values())[at:])
                else:
                    made = tuple(pieces.values())
                plan = _Plan(cls, itemgetter(*takes), made, "quote" in names)
        if len(self._plans) < _REMEMBERED:
            self._plans[key] = plan
        return plan

    def _pieces_of(self, cls: type[Mover]) -> dict[str, _Makers]:
        party, issue = self._register.plain_party, self._register.plain_issue
        made: dict[str, _Makers] = {"text": _Texts(), **{name: _Parts(name, part) for name, part in _PARTS.items()}}
        made |= {name: _Pieces(partial(_piece, cls, name)) for name in _CHECKED}
        made |= {"party": _Names(partial(_piece, cls, "party"), party)}
        made |= {"issue": _Names(partial(_piece, cls, "issue"), issue)}
        made |= {cls.DATED: _Pieces(partial(self._date, cls))}
        made |= {name: _Lists(partial(_piece, cls, name), party) for name in ("to", "on_behalf_of")}
        made |= {"conditions": _Lists(partial(_piece, cls, "conditions"), str)}
        return {name: pieces for name, pieces in made.items() if name in cls.model_fields}

    def _date(self, cls: type[Mover], date: str) -> bytes:
        try:
            if cls is not EventScheduled and span(date).earliest > self._until:
                raise _Unusual
        except LedgerError:
            raise _Unusual from None
        return f',"{cls.DATED}":"{date}"'.encode()


def _count_keys(draft: dict[str, Any]) -> int:
    """Count the keys of a draft and of its parts."""
    count = len(draft)
    for name in _PARTS.keys() & draft.keys():
        part = draft[name]
        if type(part) is dict:
            count += len(part)
            columns = part.get("columns")
            count += len(columns) if type(columns) is dict else 0
    return count


def _piece(cls: type[Mover], name: str, value: str | tuple[str | None, ...]) -> bytes:
    """Return what a field adds to a line: nothing where it holds its default."""
    try:
        event = cls.model_validate({**_required(cls), name: value})
    except (ValidationError, LedgerError):
        raise _Unusual from None
    written = event.__pydantic_serializer__.to_json(event, by_alias=True, exclude_defaults=True, include={name})
    return b"," + written[1:-1] if len(written) > len(b"{}") else b""


def _required(cls: type[Mover]) -> dict[str, str]:
    return {name: value for name, value in _PROBE.items() if name in cls.model_fields} | {cls.DATED: "2025"}
