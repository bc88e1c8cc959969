"""JSON as an archive needs it: one reading of every text, or a refusal.

RFC 8259 lets parsers differ on duplicate keys, and pydantic's takes the last one silently.  Two readers of one line
must never see two facts, so duplicate keys, U+0000, lone surrogates and numbers that are not finite are refused; also
what a parser may give up on: a nesting deeper than 200, and integers of more than 4,300 digits.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from pydantic_core import from_json

from ledger.errors import Refused

_SPACED_KEY: Final = re.compile(rb'"[ \t\n\r]+:')
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_object(text: bytes) -> dict[str, Any]:
    """Parse one JSON object.

    Args:
        text: UTF-8, without a byte-order mark.

    Raises:
        Refused: it is no JSON object, or one that two parsers could read differently.
    """
    try:
        parsed = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise Refused(_why(text, error), hint="one JSON object in UTF-8 is expected here") from None
    if not isinstance(parsed, dict):
        raise Refused(f"not a JSON object but {_kind(parsed)}", hint='a line looks like {"type": …, …}')
    # Every key is followed by `":`, so equal counts prove that none was dropped; unequal ones prove nothing (a text may
    # hold `":`, a key may be followed by blanks) and are looked at closely.  Counting costs less than a slower parser.
    if text.count(b'":') != _count_keys(parsed) or _SPACED_KEY.search(text):
        json.loads(text, object_pairs_hook=_no_duplicates, parse_int=len, parse_float=len)
    if b"\\u0000" in text and _holds_nul(parsed):
        raise Refused("a text holds U+0000", hint="remove the \\u0000: most readers would cut the text there")
    return parsed


def _count_keys(parsed: dict[str, Any] | list[Any]) -> int:
    """Count the keys of an object and of what it holds.

    Raises:
        Refused: a number within is infinite: `1e999` is JSON, and infinity once it is read.
    """
    keys, values = (len(parsed), parsed.values()) if isinstance(parsed, dict) else (0, parsed)
    for value in values:
        kind = type(value)
        if kind is dict or kind is list:
            keys += _count_keys(value)
        elif kind is float and math.isinf(value):
            raise Refused("a number is too large", hint="numbers go up to about 1.8e308")
    return keys


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused(f"duplicate key {json.dumps(key, ensure_ascii=False)}", hint="keep one of the two")
        found[key] = value
    return found


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in k or _holds_nul(v) for k, v in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def _why(text: bytes, error: ValueError) -> str:
    if text.startswith(b"\xef\xbb\xbf"):
        return "the text starts with a byte-order mark"
    try:
        text.decode()
    except UnicodeDecodeError as bad:
        return f"not UTF-8 at byte {bad.start + 1}"
    if _SURROGATE.search(text) and ("surrogate" in str(error) or "hex escape" in str(error)):
        return "a text holds half of a surrogate pair"
    return f"not JSON: {error}"
