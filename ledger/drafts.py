"""From a draft, as a person or a file gives it, to an entry that the journal can hold.

A draft is a JSON object with `type`, the type's own fields, and perhaps `ref`, `snapshot` (sources) or `sealed`
(statements).  Here its names become ids, its file its hashes, its type is checked; whether the ledger admits it is the
business of `ledger.rules`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError, create_model

from ledger.codec import CODEC
from ledger.entries import (
    Amendment,
    CoalitionJoined,
    CoalitionLeft,
    Entry,
    EntryCorrected,
    PositionAsserted,
    SourceRegistered,
    SpeakerAppointed,
    StatementMade,
)
from ledger.entries.base import MAX_NUMBER, Refers, Value
from ledger.entries.movers import Mover
from ledger.errors import LedgerError, Refused, UnknownName
from ledger.explaining import explained, named, shown
from ledger.texts import text_sha256_of
from ledger.times import stamp, when

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.register import Register

CORRECTABLE: Final = (Mover, SourceRegistered, SpeakerAppointed, CoalitionJoined, CoalitionLeft)
_NUMBER: Final = re.compile(r"e([1-9][0-9]{0,17})")
_LIKE_A_NUMBER: Final = re.compile(r"[eE]?[0-9]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_FIXED: Final = {"sealed"}


class Draft(NamedTuple):
    """A draft whose names are resolved and whose fields are checked."""

    event: Entry
    """As it is meant: nothing sealed yet."""
    sealing: bool = False
    ref: str | None = None


class Drafting:
    """Reads drafts against a register.

    Args:
        register: knows the names and the entries so far.
        keep: keeps the bytes of a `snapshot` (given its path) and returns them with their SHA-256.
        refs: the entries that `ref`s of this file stand for, so far.
    """

    def __init__(
        self,
        register: Register,
        *,
        keep: Callable[[str], tuple[bytes, str]],
        refs: Mapping[str, int] | None = None,
    ) -> None:
        self._register = register
        self._keep = keep
        self._refs: Mapping[str, int] = {} if refs is None else refs

    def read(self, given: dict[str, Any]) -> Draft:
        """Return the draft that a JSON object stands for.

        Raises:
            Unparsable: a date, stance or number does not parse.
            UnknownName: a name that nobody is registered under.
            Refused: a field is missing, unknown or not what its type allows.
        """
        fields = dict(given)
        cls = _type_of(fields.pop("type", None))
        ref = fields.pop("ref", None)
        if ref is not None and (not isinstance(ref, str) or not ref or _LIKE_A_NUMBER.fullmatch(ref)):
            raise Refused(f"{shown(ref)} cannot be a ref", hint="a ref is a word of your own, not a number or e17")
        sealing = cls is StatementMade and fields.get("sealed") is True
        if sealing:
            del fields["sealed"]
        elif cls is StatementMade and fields.get("sealed") is not None:
            raise Refused("'sealed' is true, or is left out", hint="commitments are made by the ledger")
        if cls is SourceRegistered and "snapshot" in fields:
            fields |= self._hashes(fields.pop("snapshot"), fields)
        fields = self._resolved(cls, fields)
        if cls is EntryCorrected and "changes" in fields:
            fields["changes"] = self._changes(fields)
        return Draft(validated(cls, cls.completed(fields)), sealing, ref)

    def _resolved(self, cls: type[Entry], fields: dict[str, Any], dated: object = None) -> dict[str, Any]:
        kinds, at = references(cls), fields.get(cls.DATED or "", dated)
        said = at if isinstance(at, str) else None
        if said is not None and cls is PositionAsserted:
            said = _just_before(said)
        for name, value in fields.items():  # only values change in passing, never keys
            kind = kinds.get(name)
            if kind is None or value is None:
                continue
            several = type(value) is list
            fields[name] = [self._id(kind, one, said) for one in value] if several else self._id(kind, value, said)
        return fields

    def _id(self, kind: str, name: object, dated: str | None) -> object:
        if kind == "entry":
            return self._entry(name)
        if not isinstance(name, str):
            return name  # validation says what is wrong with it
        return resolve(self._register, kind, name, dated)

    def _entry(self, name: object) -> object:
        if not isinstance(name, str):
            return name
        if name in self._refs:
            return self._refs[name]
        number = _NUMBER.fullmatch(name)
        if number is None:
            raise UnknownName(f"no entry {named(name)}", hint="use a number (e17), or a ref given on an earlier line")
        return int(number[1])

    def _changes(self, fields: dict[str, Any]) -> object:
        changes, number = fields.get("changes"), fields.get("entry")
        if not isinstance(changes, dict) or type(number) is not int or not 1 <= number <= MAX_NUMBER:
            return changes  # validation says what is wrong with it
        if not changes:
            raise Refused("the correction changes nothing", hint="name at least one field: --set FIELD=VALUE")
        kind = self._register.kind(number)
        cls = None if kind is None else CODEC.type_named(kind)
        if cls is None:
            raise UnknownName(f"no entry e{number}", hint="see: verbale log")
        if not issubclass(cls, CORRECTABLE):
            hint = "undo it instead" if issubclass(cls, Amendment) else "a registration stays; register another"
            raise Refused(f"e{number} is of type {kind}, which cannot be corrected", hint=hint)
        dated = None if cls.DATED is None else getattr(self._register.event(number), python_name(cls, cls.DATED), None)
        partial = validated(changes_of(cls), self._resolved(cls, dict(changes), dated))
        return partial.__pydantic_serializer__.to_python(partial, mode="json", by_alias=True, exclude_unset=True)

    def _hashes(self, snapshot: object, fields: dict[str, Any]) -> dict[str, str]:
        if not isinstance(snapshot, str):
            raise Refused("'snapshot' names a file", hint="give its path, from the dossier's folder")
        document, sha256 = self._keep(snapshot)
        hashes = {"sha256": sha256, "text_sha256": text_sha256_of(document)}
        for name, value in hashes.items():
            if fields.get(name) not in (None, value):
                hint = "the file was changed since the draft was written, or is another one"
                raise Refused(f"{snapshot} does not have the {name} that the draft names", hint=hint)
        return hashes


def resolve(register: Register, kind: str, name: str, dated: str | None = None) -> str:
    """Return the id of a party, issue or source known by this name at a date.

    Raises:
        UnknownName: nobody is, or more than one party.
    """
    if not name.isascii() and _SURROGATE.search(name):
        raise UnknownName(f"no {kind} {named(name)}.", hint="the name is not written in UTF-8")
    if kind == "party":
        found = register.party(name, dated)
    else:
        found = register.issue(name) if kind == "issue" else register.source(name)
    if found is None:
        raise UnknownName(f"no {kind} {named(name)}.", hint=register.suggestion(kind, name))
    return found


@cache
def _just_before(moment: str) -> str | None:
    """Return the last instant that an assertion's `as_of` takes in: names mean then what they mean to a question."""
    try:
        return stamp(when(moment) - 1)
    except LedgerError:
        return None  # validation says what is wrong with it


def python_name(cls: type[BaseModel], field: str) -> str:
    """Return the attribute that holds a field: `from` is a word of Python's own."""
    return next((name for name, info in cls.model_fields.items() if info.alias == field), field)


@cache
def references(cls: type[BaseModel]) -> dict[str, str]:
    """Return the fields of a type that hold names, and what each names."""
    found: dict[str, str] = {}
    for name, info in cls.model_fields.items():
        mark = next((m for m in info.metadata if isinstance(m, Refers)), None) or _mark_in(info.annotation)
        if mark is not None:
            found[info.alias or name] = mark.to
    return found


def _mark_in(annotation: object) -> Refers | None:
    for part in get_args(annotation):
        if isinstance(part, Refers):
            return part
        inner = _mark_in(part)
        if inner is not None:
            return inner
    return None


@cache
def changes_of(cls: type[Entry]) -> type[BaseModel]:
    """Return a model of what a correction may change of a type: each field may be left out, an optional one be null."""
    fields: dict[str, Any] = {}
    identity = {"source", "name"} & set(cls.model_fields) if not issubclass(cls, Mover) else set()
    for name, info in cls.model_fields.items():
        if name in _FIXED | identity:
            continue
        annotation: Any = info.annotation
        if name == "text" and type(None) in get_args(annotation):
            annotation = get_args(annotation)[0]  # optional only where it is sealed
        elif name != "text" and not info.is_required():
            annotation |= None
        kept = info._copy()  # noqa: SLF001  pydantic has no public way to copy a field with its constraints
        kept.annotation, kept.default, kept.default_factory = annotation, None, None
        fields[name] = (annotation, kept)
    return create_model(f"{cls.__name__}Changes", __base__=Value, **fields)


def _type_of(name: object) -> type[Entry]:
    if name is None:
        raise Refused("the draft has no 'type'", hint=f"one of: {', '.join(CODEC.type_names)}")
    cls = CODEC.type_named(name) if isinstance(name, str) else None
    if cls is None:
        said = named(name) if isinstance(name, str) else shown(name)
        raise Refused(f"no entry type {said}", hint=f"one of: {', '.join(CODEC.type_names)}")
    return cls


M = TypeVar("M", bound=BaseModel)


def validated(cls: type[M], fields: dict[str, Any]) -> M:
    """Return the fields as a model, or say in the ledger's words why they are not one."""
    try:
        return cls.__pydantic_validator__.validate_python(fields)  # type: ignore[no-any-return]  # `model_validate`, bare
    except ValidationError as error:
        raise explained(error, cls) from None
