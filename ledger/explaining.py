"""What is wrong with a draft, in the ledger's words: pydantic's findings made into messages with hints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from pydantic import BaseModel

from ledger.errors import LedgerError, Refused, Unparsable

if TYPE_CHECKING:
    from pydantic import ValidationError

_SHOWN: Final = 60
"""Characters of a value that a message shows."""


def explained(error: ValidationError, cls: type[BaseModel]) -> LedgerError:
    """Return the refusal of the first thing that is wrong."""
    first = error.errors(include_url=False, include_context=True)[0]
    where = ".".join(str(part) for part in first["loc"] if part != "[key]")
    kind, given, context = first["type"], first["input"], first.get("ctx", {})
    if kind in {"missing", "extra_forbidden"}:
        said = f"'{where}' is missing" if kind == "missing" else f"unknown field {named(where)}"
        return Refused(said, hint=f"fields: {_fields_at(cls, first['loc'][:-1])}")
    if given is None:
        return Refused(f"'{where}' is null", hint="give a value; only an optional field can be left out or taken away")
    if kind == "literal_error":
        values = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return Unparsable(f"{where}: {shown(given)} is none of its values", hint=f"one of: {values}")
    if kind == "value_error":
        return Refused(f"{where}: {first['msg'].removeprefix('Value error, ')}".removeprefix(": "), hint=_VALUES)
    if kind in _NO_NUMBER:
        return Unparsable(f"{where}: {shown(given)} is no whole number that fits", hint="write it in digits, unquoted")
    long = f"longer than {context['max_length']:,} characters" if kind == "string_too_long" else None
    hint = _WANTED.get(kind) or _PATTERNS.get(str(first["loc"][-1])) or _PATTERNS.get(where) or _PATTERNS[""]
    refusal = Unparsable if where == "credibility" else Refused
    return refusal(f"{where}: {long or f'{shown(given)} will not do'}".removeprefix(": "), hint=hint)


_VALUES: Final = "the fields of a draft are described in events/README.md"
_NO_NUMBER: Final = frozenset(
    {"int_type", "int_from_float", "int_parsing", "int_parsing_size", "greater_than_equal", "less_than_equal"}
)
_WANTED: Final = {
    "string_type": "a text in quotation marks is expected",
    "string_too_long": "shorten it; long texts are kept with the source",
    "string_unicode": "the text is not written in UTF-8",
    "tuple_type": 'a list is expected: ["…", "…"]',
    "dict_type": 'an object is expected: {"…": …}',
    "model_type": 'an object is expected: {"…": …}',
    "invalid_key": "a field's name is a text in UTF-8",
}
"""What is expected where something of another kind was given, by pydantic's name for that mistake."""
_ID: Final = "an id is made of A-Z, a-z, 0-9 and . _ : / -, and starts with a letter or digit"
_PROSE: Final = "a text must not be blank or hold control characters"
_PATTERNS: Final = {
    "": "a line of text must not be blank, start or end with a blank, or hold control characters",
    "text": _PROSE,
    "exact": _PROSE,
    "prefix": _PROSE,
    "suffix": _PROSE,
    "quote": _PROSE,
    "reason": "say in a few words why",
    "party": _ID,
    "issue": _ID,
    "source": _ID,
    "credibility": "the Admiralty code: a letter A–F for the source, a digit 1–6 for the information, as in B2",
    "url": "a URL starts with its scheme: https://…",
    "sha256": "64 hexadecimal digits, in lower case",
    "text_sha256": "64 hexadecimal digits, in lower case",
    "lang": "a language tag such as en or uk-Latn",
}


def _fields_at(cls: type[BaseModel], path: tuple[int | str, ...]) -> str:
    """Return the names of the fields of a model, or of the part of it that a path leads to."""
    for step in path:
        info = next((i for n, i in cls.model_fields.items() if step in {n, i.alias}), None)
        inner = None if info is None else _model_in(info.annotation)
        cls = inner or cls
    return ", ".join(info.alias or name for name, info in cls.model_fields.items())


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def named(name: str) -> str:
    """Return a name as a message can show it: what does not print is escaped."""
    return f"'{name}'" if name.isprintable() and len(name) <= _SHOWN else shown(name)


def shown(value: object) -> str:
    """Return a value as a message can show it: short, and what does not print is escaped."""
    try:
        text = repr(value)
    except ValueError:  # a number of thousands of digits
        text = "a number that long"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
