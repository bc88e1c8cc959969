"""What the journal line promises: bytes that stay, and one reading of them, now and in later versions."""

from __future__ import annotations

import copy
import doctest
import json
import pickle
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.codec
from ledger.codec import CODEC, MAX_BY, MAX_LINE, Codec, check_stamp, claim, format_line, parse_line, stamp_data
from ledger.entries import ENTRY_TYPES, Entry, IssueOpened, StatementMade
from ledger.entries.base import Identifier, Label  # noqa: TC001  pydantic reads the annotations at run time
from ledger.errors import Refused, VerificationFailed
from tests.ledger.samples import EVENTS, LABELS, events_of

AT = "2026-11-23T09:12:00.000000Z"


def test_worked_example_runs() -> None:
    """The example in the specification of the line is true."""
    assert doctest.testmod(ledger.codec).failed == 0
    assert doctest.testmod(ledger.codec).attempted > 0


@given(EVENTS, st.integers(1, 10**18 - 1), st.none() | LABELS, st.none() | st.integers(301, 10**9))
def test_lines_are_read_back_as_they_were_written(
    event: Entry, number: int, by: str | None, behind: int | None
) -> None:
    """An entry of any type becomes one line, and the line that entry again, byte for byte."""
    data = stamp_data(CODEC.encode(event), AT, by, behind)
    line = format_line(number, event.TOPIC, data)
    assert b"\n" not in line
    assert b"\r" not in line
    stored = parse_line(line)
    assert stored == (number, event.TOPIC, data)
    assert format_line(*stored) == line
    assert CODEC.decode(*stored) == (number, AT, by, event)
    assert json.loads(line)["data"].get("clock_behind") == behind


@pytest.mark.parametrize("cls", ENTRY_TYPES, ids=lambda cls: cls.type_name())
def test_every_type_survives_encoding(cls: type[Entry]) -> None:
    """Encoding and decoding an event of each type changes nothing, and encoding it again gives the same bytes."""

    @given(events_of(cls))
    def check(event: Entry) -> None:
        fields = CODEC.encode(event)
        again = CODEC.decode(1, event.TOPIC, stamp_data(fields, AT, None)).event
        assert again == event
        assert CODEC.encode(again) == fields

    check()


@given(EVENTS)
def test_a_field_that_is_not_there(event: Entry) -> None:
    """Asking an entry for a field of another type is an AttributeError that names it, and a copy is the same entry."""
    assert getattr(event, "nothing", None) is None
    with pytest.raises(AttributeError, match=f"{type(event).__name__} has no 'nothing'"):
        _ = event.nothing  # type: ignore[attr-defined]
    assert copy.deepcopy(event) == pickle.loads(pickle.dumps(event)) == event  # noqa: S301  our own


@given(EVENTS)
def test_fields_stand_in_the_order_of_the_model(event: Entry) -> None:
    """The fields that are set are stored in the order of the model, under the names that drafts use."""
    names = [info.alias or name for name, info in type(event).model_fields.items()]
    stored = list(json.loads(CODEC.encode(event)))
    assert stored == [name for name in names if name in set(stored)]


def test_a_line_looks_as_specified() -> None:
    """Stamp first, then the draft's fields; non-ASCII as it is; no blanks; what is not set is left out."""
    event = StatementMade(party="RUS", issue="c", stance="oppose", said_on="2025", text="Нет\u2028.", to=("UKR",), re=3)
    line = format_line(17, event.TOPIC, stamp_data(CODEC.encode(event), AT, "Ann \u201cA\u201d", 301))
    assert line.decode() == (
        '{"entry":17,"type":"statement-made.v1","data":{"recorded_at":"2026-11-23T09:12:00.000000Z",'
        '"recorded_by":"Ann “A”","clock_behind":301,"party":"RUS","issue":"c","stance":"oppose","said_on":"2025",'
        '"text":"Нет\u2028.","to":["UKR"],"re":3}}'
    )


def test_sealed_fields_stand_as_commitments() -> None:
    """Under `sealed` stands a commitment for each field that is not shown, and the field itself is left out."""
    event = StatementMade(party="RUS", issue="c", stance="oppose", said_on="2025", sealed={"text": "ab" * 32})
    assert json.loads(CODEC.encode(event)) == {
        "party": "RUS", "issue": "c", "stance": "oppose", "said_on": "2025", "sealed": {"text": "ab" * 32},
    }  # fmt: skip


GOOD = format_line(1, "issue-opened.v1", stamp_data(b'{"issue":"c","proposition":"C"}', AT, None))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        GOOD + b" ",
        b" " + GOOD,
        GOOD[:-1],
        GOOD.replace(b'"entry":1', b'"entry":01'),
        GOOD.replace(b'"entry":1', b'"entry":0'),
        GOOD.replace(b'"entry":1', b'"entry":-1'),
        GOOD.replace(b'"entry":1', b'"entry":1.0'),
        GOOD.replace(b'"entry":1', b'"entry":"1"'),
        GOOD.replace(b'"entry":', b'"entry": '),
        GOOD.replace(b".v1", b".v0"),
        GOOD.replace(b".v1", b""),
        GOOD.replace(b"issue-opened", b"os:system"),
        GOOD.replace(b'"C"', b'"C","issue":"d"'),
        GOOD.replace(b'"C"', b'"C","\\u0069ssue":"d"'),
        GOOD.replace(b'"C"', b'"\\u0000"'),
        GOOD.replace(b'"C"', b'"\\ud800"'),
        GOOD.replace(b'"C"', b'"\xff"'),
        GOOD.replace(b'"C"', b'"C"\n'),
        GOOD.replace(b'"C"', b'"C"\r'),
        GOOD.replace(b'"C"', b'"C"},"data":{'),
        GOOD[:-1] + b',"more":1}',
        b'{"type":"issue-opened.v1","entry":1,"data":{}}',
    ],
)
def test_what_is_no_line_is_refused(line: bytes) -> None:
    """A line with another form, or with two readings, fails verification."""
    with pytest.raises(VerificationFailed):
        parse_line(line)


def test_a_line_has_a_limit() -> None:
    """65,535 bytes are a line, 65,536 are not."""
    longest = GOOD.replace(b'"C"', b'"%s"' % (b"C" * (MAX_LINE - len(GOOD) + 1)))
    assert len(longest) == MAX_LINE
    assert format_line(*parse_line(longest)) == longest
    with pytest.raises(VerificationFailed):
        parse_line(longest.replace(b"CC", b"CCC", 1))


@pytest.mark.parametrize(
    ("topic", "data", "why"),
    [
        ("party-eaten.v1", {}, "no event type 'party-eaten'"),
        ("os:system", {}, "no event type"),
        ("issue-opened.v2", {}, "no way from issue-opened.v2 to issue-opened.v1"),
        ("issue-opened.v1", {"proposition": None}, "proposition"),
        ("issue-opened.v1", {"more": 1}, "more"),
        ("issue-opened.v1", {"recorded_at": 5}, "recorded_at"),
        ("issue-opened.v1", {"recorded_by": 5}, "recorded_by"),
        ("issue-opened.v1", {"clock_behind": "5"}, "clock_behind"),
    ],
)
def test_what_does_not_decode_is_refused(topic: str, data: dict[str, object], why: str) -> None:
    """A topic outside the closed registry is never looked up; fields that its type does not know are refused."""
    fields = {"recorded_at": AT, "recorded_by": None, "issue": "c", "proposition": "C"} | data
    with pytest.raises(VerificationFailed, match=why):
        CODEC.decode(1, topic, json.dumps(fields).encode())


@given(st.binary(max_size=30) | st.sampled_from([b"[]", b"5", b"{}", b'{"recorded_at":1}', b"\xff"]))
def test_any_bytes_decode_or_fail_verification(data: bytes) -> None:
    """No stored bytes raise anything but `VerificationFailed`."""
    with pytest.raises(VerificationFailed):
        CODEC.decode(1, "issue-opened.v1", data)


@pytest.mark.parametrize("at", ["", "2026-11-23", "2026-11-23T09:12:00Z", "2026-13-01T00:00:00.000000Z"])
def test_a_malformed_stamp_fails_verification(at: str) -> None:
    """`recorded_at` has exactly one form."""
    recorded = CODEC.decode(1, "issue-opened.v1", stamp_data(b'{"issue":"c","proposition":"C"}', at, None))
    with pytest.raises(VerificationFailed):
        check_stamp(recorded)


class IssueOpened2(Entry, frozen=True):
    """What an issue might say once its proposition has got a language."""

    TOPIC: ClassVar[str] = "issue-opened.v3"

    issue: Identifier
    wording: dict[str, Label]


def _to_v2(fields: dict[str, Any]) -> dict[str, Any]:
    return {"issue": fields["issue"], "text": fields["proposition"]}


def _to_v3(fields: dict[str, Any]) -> dict[str, Any]:
    return {"issue": fields["issue"], "wording": {"en": fields["text"]}}


def test_a_line_of_an_older_version_is_upcast_when_it_is_read() -> None:
    """A `…v1` line of a type that has since got a `…v3` loads as today's type, step by step, and its bytes stay."""
    newer = Codec([IssueOpened2], {"issue-opened.v1": _to_v2, "issue-opened.v2": _to_v3})
    stored = parse_line(GOOD)
    assert newer.decode(*stored) == (1, AT, None, IssueOpened2(issue="c", wording={"en": "C"}))
    assert format_line(*stored) == GOOD
    assert CODEC.decode(*stored).event == IssueOpened(issue="c", proposition="C")


def test_an_upcast_that_does_not_fit_fails_verification() -> None:
    """Fields that an upcast cannot read are the line's fault, not a traceback."""
    newer = Codec([IssueOpened2], {"issue-opened.v1": _to_v2, "issue-opened.v2": _to_v3})
    with pytest.raises(VerificationFailed, match="proposition is missing"):
        newer.decode(1, "issue-opened.v1", stamp_data(b'{"issue":"c"}', AT, None))


def test_topics_are_distinct_and_versioned() -> None:
    """Every type has a topic of its own, and its name is the topic without the version."""
    assert len({cls.TOPIC for cls in ENTRY_TYPES}) == len(ENTRY_TYPES)
    assert all(CODEC.type_named(cls.TOPIC.removesuffix(".v1")) is cls for cls in ENTRY_TYPES)


@pytest.mark.parametrize(
    ("by", "written"), [(None, None), ("", None), (" \n", None), (" Anna ", "Anna"), ("Анна", "Анна")]
)
def test_who_records_is_a_claim(by: str | None, written: str | None) -> None:
    """Nobody is null, and blanks around a name are not part of it."""
    assert claim(by) == written


@pytest.mark.parametrize("by", ["a\0b", "a\nb", "\x1b[31mA", "\udc80", "a" * (MAX_BY + 1)])
def test_a_claim_that_no_line_can_hold_is_refused(by: str) -> None:
    """Control characters, half characters and whole pages are no name."""
    with pytest.raises(Refused) as refused:
        claim(by)
    assert refused.value.hint
    refused.value.message.encode()
