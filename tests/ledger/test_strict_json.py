"""What strict JSON promises: the same reading as everybody else's, or a refusal."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.errors import LedgerError, Refused
from ledger.strict_json import parse_object

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXTS | st.sampled_from(["a", '":', 'a" :']), VALUES, max_size=4)


def parsed(text: bytes) -> object:
    """Parse, or give the refusal; any other exception is a failed test."""
    try:
        return parse_object(text)
    except LedgerError as refused:
        return refused


def no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object, but none of two equal keys."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


@given(OBJECTS, st.booleans(), st.sampled_from([None, 1]))
def test_reads_what_json_writes(value: dict[str, object], ascii_only: bool, indent: int | None) -> None:
    """Whatever `json.dumps` writes of plain values is read back equal."""
    assert parse_object(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()) == value


@given(st.binary(max_size=60))
@example(b"{" * 50)
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    """No bytes whatever raise anything but a `LedgerError`."""
    parsed(text)


@given(OBJECTS, st.data())
def test_mutated_json_is_read_as_json_reads_it(value: dict[str, object], data: st.DataObject) -> None:
    """A damaged object is refused, or is read as the standard library reads it where it refuses duplicate keys."""
    text = bytearray(json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        piece = data.draw(
            st.sampled_from([b"", b'"', b":", b"\\u0061", b"\\u0000", b"\\ud800", b"1e999", b"\xff", b" "])
        )
        text[at : at + data.draw(st.integers(0, 2))] = piece
    found = parsed(bytes(text))
    if not isinstance(found, LedgerError):
        assert json.loads(bytes(text), object_pairs_hook=no_duplicates) == found


@given(OBJECTS, VALUES, st.sampled_from(["", " ", "\t\r\n "]), st.booleans())
def test_duplicate_keys_are_refused(inner: dict[str, object], value: object, blank: str, nested: bool) -> None:
    """An object that says a key twice is refused, at any depth, however the key is spelt and whatever follows it."""
    rest = "".join(f",{json.dumps(k)}:{json.dumps(v)}" for k, v in inner.items() if k != "a")
    text = f'{{"\\u0061"{blank}:{json.dumps(value)}{rest},"a"{blank}:1}}'
    if nested:
        text = f'{{"x":[0,{{"y":{text}}}]}}'
    with pytest.raises(Refused, match='duplicate key "a"'):
        parse_object(text.encode())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (rb'{"a":"x\u0000y"}', r"U\+0000"),
        (rb'{"\u0000":1}', r"U\+0000"),
        (rb'{"a":[{"b":"\u0000"}]}', r"U\+0000"),
        (rb'{"a":"\ud800"}', "surrogate"),
        (rb'{"a":"\udc00\ud800"}', "surrogate"),
        (rb'{"\ud800":1}', "surrogate"),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8 at byte 7"),
        (b'{"a":"\xff"}', "not UTF-8 at byte 7"),
        (b'{"a":"\xc0\x80"}', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "byte-order mark"),
        ('{"a":1}'.encode("utf-16"), "not UTF-8"),
        (b'{"a":NaN}', "not JSON"),
        (b'{"a":-Infinity}', "not JSON"),
        (b'{"a":1e999}', "too large"),
        (b'{"a":[-1E+400]}', "too large"),
        (b'{"a":' + b"9" * 400 + b".0}", "too large"),
        (b'{"a":' + b"9" * 5_000 + b"}", "number"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "recursion"),
        (b'{"a":' * 100_000, "recursion"),
        (b"", "not JSON"),
        (b"[]", "an array"),
        (b'"a"', "a string"),
        (b"null", "null"),
        (b"true", "true or false"),
        (b"1.5", "a number"),
        (b"{} {}", "not JSON"),
        (b'{"a":01}', "not JSON"),
        (b'{"a":"\t"}', "not JSON"),
    ],
)
def test_refusals_say_why(text: bytes, why: str) -> None:
    """What two readers could read differently is refused, with the reason and a hint."""
    with pytest.raises(Refused, match=why) as refused:
        parse_object(text)
    assert refused.value.hint
    assert len(refused.value.message) < 200


def test_harmless_look_alikes_are_read() -> None:
    """Line separators, escaped backslashes and colons within texts are characters like any other."""
    assert parse_object('{"a":"x\u2028y"}'.encode()) == {"a": "x\u2028y"}
    assert parse_object(rb'{"a":"\\u0000"}') == {"a": r"\u0000"}
    assert parse_object(rb'{"a":"\ud83d\ude00"}') == {"a": "😀"}
    assert parse_object(b'{"a":"\\": \\":","b":1}') == {"a": '": ":', "b": 1}
    assert parse_object(b'{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}')["b"] == [{"a": 1}, {"a": 1}]
    assert math.isfinite(parse_object(b'{"a":1e308}')["a"])
