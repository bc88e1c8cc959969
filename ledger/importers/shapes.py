"""What the fields of a draft hold, told from the models of the entries: a line, a list, a time, a number, a table."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple, get_args, get_origin

from pydantic import AfterValidator, BaseModel, StringConstraints

from ledger.codec import CODEC
from ledger.entries import Amendment, Entry, StatementMade
from ledger.entries.audits import KeyAdded, KeyRetired, ProjectionAttested
from ledger.entries.base import Edtf, Prose, Published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

Kind = Literal["line", "prose", "time", "published", "number", "flag"]

_LEFT_OUT: Final = (Amendment, KeyAdded, KeyRetired, ProjectionAttested)
TYPES: Final[dict[str, type[Entry]]] = {
    cls.type_name(): cls
    for name in CODEC.type_names
    if (cls := CODEC.type_named(name)) and not issubclass(cls, _LEFT_OUT)
}
"""What a row can be: anything but what is said of other entries, or for the auditor."""
_TIMES: Final[dict[Any, Kind]] = {get_args(Edtf)[1]: "time", get_args(Published)[1]: "published"}
_PROSE: Final = get_args(Prose)[1]


class Shape(NamedTuple):
    """What a field holds."""

    kind: Kind
    required: bool = False
    many: bool = False
    """Whether it holds a list."""
    among: tuple[str, ...] = ()
    """The values that it may have, where they are listed."""
    model: type[BaseModel] | None = None
    """Its own fields, where it holds a table (`quote`, `coding`, `origin`)."""
    keys: tuple[str, ...] = ()
    """The keys that it may have, where it holds a table of lines (`codes`)."""


@cache
def shapes(cls: type[BaseModel]) -> dict[str, Shape]:
    """Return the fields of a model, by the names that a draft has for them."""
    found = {info.alias or name: _shape(info) for name, info in cls.model_fields.items()}
    if cls is StatementMade:
        found["sealed"] = Shape("flag")
        found["text"] = found["text"]._replace(required=True)  # but where it is sealed, and a draft has it even then
    return found


def _shape(info: FieldInfo) -> Shape:
    parts = list(_parts(info.annotation))
    marks = [*info.metadata, *(mark for part in parts if get_origin(part) is Annotated for mark in get_args(part)[1:])]
    marks += [mark for one in marks for mark in getattr(one, "metadata", ())]
    kind: Kind = next((_TIMES[mark] for mark in marks if isinstance(mark, AfterValidator) and mark in _TIMES), "line")
    if any(isinstance(mark, StringConstraints) and mark == _PROSE for mark in marks):
        kind = "prose"
    if int in parts:
        kind = "number"
    dicts = next((part for part in parts if get_origin(part) is dict), None)
    return Shape(
        kind,
        required=info.is_required(),
        many=any(get_origin(part) is tuple for part in parts),
        among=() if dicts else next((get_args(part) for part in parts if get_origin(part) is Literal), ()),
        model=next((part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)), None),
        keys=() if dicts is None else get_args(get_args(dicts)[0]),
    )


def _parts(annotation: object) -> Iterator[Any]:
    """Yield an annotation and all that it is made of, but not what a dictionary holds."""
    yield annotation
    if get_origin(annotation) in {dict, Literal}:
        return
    for part in get_args(annotation):
        yield from _parts(part)
