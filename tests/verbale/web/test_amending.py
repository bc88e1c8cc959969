"""The forms on an entry's page do what the commands do, once, and lose nothing that somebody has typed."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.ledger.samples import BASICS, about, new_ledger, source, stance, statement
from tests.verbale.web.asking import Visitor
from tests.verbale.web.filling import Form, forms_in, knowing, send, sending
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.verbale.doors import Door
    from tests.verbale.web.asking import Got

SAID = len(BASICS) + 2
TEXT = "We wait,\n\tand we see.  “Not <b>now</b>”"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a ledger with a statement in which every kind of field is set."""
    fields = {
        "source": "wire",
        "quote": {"exact": "Not now", "lang": "en"},
        "speaker": "Dmitry Peskov",
        "conditions": ["talks first", "no rearming"],
        "to": ["UKR"],
        "act": "reject",
        "credibility": "B2",
        "coding": {"scheme": "PLOVER", "code": "REJECT", "mode": "ceasefire"},
    }
    with new_ledger(tmp_path / "ledger.db", *BASICS, source("wire")) as book:
        book.record(statement(TEXT, **fields))
    return tmp_path / "ledger.db"


@pytest.fixture
def desk(path: Path) -> Iterator[Visitor]:
    """Open a desk that takes entries."""
    found = Visitor(path, token="right")  # noqa: S106  of this test alone
    with closing(found.desk):
        yield found


def forms(desk: Visitor, entry: int = SAID) -> dict[str, Form]:
    """Return the forms on the page of an entry, as somebody sees them whom the desk knows."""
    return forms_in(desk.get(f"/entry/{entry}", cookie=knowing(desk)).text)


def lines(path: Path) -> list[dict[str, object]]:
    """Return what was recorded since the statement, without when."""
    with Ledger(path) as book:
        found = [json.loads(line.data) | {"type": line.topic} for line in book.journal.lines(SAID)]
    return [{name: value for name, value in one.items() if name != "recorded_at"} for one in found]


def test_a_field_is_corrected_and_no_other(desk: Visitor, path: Path):
    """What was left as it was is no part of the correction, whatever a browser makes of its line ends."""
    got = send(desk, forms(desk)["correct"].filled(set_stance="reserved", reason="misread"))
    assert (got.status, got.headers["location"]) == (303, f"/entry/{SAID}#e{SAID + 1}")
    (line,) = lines(path)
    assert line["changes"] == {"stance": "reserved"}
    assert line["reason"] == "misread"
    page = desk.get(f"/entry/{SAID}").text
    assert f'id="e{SAID + 1}"' in page
    assert "<ins><bdi>reserved</bdi></ins>" in page


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ({"set_conditions": "talks first\n\n a truce at sea "}, {"conditions": ["talks first", "a truce at sea"]}),
        ({"set_to": ""}, {"to": None}),
        ({"set_to": "Kremlin"}, {"to": ["RUS"]}),
        ({"set_quote": "Not <b>now</b>"}, {"quote": {"exact": "Not <b>now</b>", "lang": "en"}}),
        ({"set_quote": "", "set_source": ""}, {"quote": None, "source": None}),
        ({"set_coding": "CAMEO:112"}, {"coding": {"scheme": "CAMEO", "code": "112"}}),
        ({"set_text": "{{ 7 * 7 }}"}, {"text": "{{ 7 * 7 }}"}),
        ({"set_speaker": "", "set_act": ""}, {"speaker": None, "act": None}),
    ],
)
def test_every_kind_of_field_is_read_as_it_is_typed(
    desk: Visitor, path: Path, typed: dict[str, str], changes: dict[str, object]
):
    """A list has a line for each, an object is what it says, nothing takes a field away."""
    assert send(desk, forms(desk)["correct"].filled(**typed, reason="misread")).status == 303
    assert lines(path)[0]["changes"] == changes


@pytest.mark.parametrize(
    ("form", "typed", "command"),
    [
        ("correct", {"set_said_on": "2025-02-28"}, "correct e5 --set said_on=2025-02-28 --reason why"),
        ("correct", {"source": "wire", "set_re": "e99"}, "correct e5 --set re=e99 --source wire --reason why"),
        ("retract", {}, "retract e5 --reason why"),
        ("dispute", {"source": "wire"}, "dispute e5 --source wire --reason why"),
        ("corroborate", {"source": "WIRE"}, "corroborate e5 --source WIRE"),
        (
            "corroborate",
            {"observer": "A watcher", "text": "So it was"},
            "corroborate e5 --observer 'A watcher' -m 'So it was'",
        ),
        ("corroborate", {}, "corroborate e5"),
        ("corroborate", {"source": "no-such"}, "corroborate e5 --source no-such"),
        ("correct", {"set_party": "frnce"}, "correct e5 --set party=frnce --reason why"),
    ],
)
def test_a_form_records_what_its_command_records(
    desk: Visitor, path: Path, door: Door, tmp_path: Path, form: str, typed: dict[str, str], command: str
):
    """Or refuses it in the same words, with the same hint."""
    copy = tmp_path / "copy.db"
    with Ledger(path) as book:
        book.journal.store.close()
    copy.write_bytes(path.read_bytes())
    said = door(f"{command} --by anna --ledger {copy}")
    reason = {} if form == "corroborate" else {"reason": "why"}
    got = send(desk, forms(desk)[form].filled(**typed, **reason, by="anna"))
    if said.code == 0:
        assert got.status == 303
        assert lines(path) == lines(copy) != []
    else:
        assert got.status in {400, 404}
        assert lines(path) == []
        first, *rest = said.err.removeprefix("Error: ").splitlines()
        for told in (first.rstrip("."), *(one.removeprefix("Hint: ").rstrip(".") for one in rest)):
            assert told[1:] in text_of(got)


def text_of(got: Got) -> str:
    """Return a page's text."""
    from html import unescape

    return unescape(got.text)


def test_an_error_leaves_what_was_typed(desk: Visitor, path: Path):
    """In its own form, which is open, the wrong field marked; and once it is mended, it is recorded."""
    sent = forms(desk)["correct"].filled(set_said_on="yesterday", set_text='"><b>so', set_act="", reason="a slip")
    got = send(desk, sent)
    assert got.status == 400
    assert '<details class="amend" id="correct" open>' in got.text
    assert got.text.count(" open>") == 1
    assert 'value="yesterday" required aria-invalid="true"' in got.text
    again = forms_in(got.text)["correct"]
    assert again == sent
    assert lines(path) == []
    assert send(desk, again.filled(set_said_on="2025-02-28")).status == 303
    assert lines(path)[0]["changes"] == {"said_on": "2025-02-28", "text": '"><b>so', "act": None}


def test_a_correction_changes_something(desk: Visitor, path: Path):
    """A form in which nothing was changed says so, and nothing is recorded."""
    got = send(desk, forms(desk)["correct"].filled(reason="why"))
    assert got.status == 400
    assert f"e{SAID} says that already" in got.text
    assert lines(path) == []


@pytest.mark.parametrize("form", ["correct", "retract", "dispute"])
def test_a_reason_is_asked_for(desk: Visitor, path: Path, form: str):
    """Without one nothing is recorded."""
    got = send(desk, forms(desk)[form].filled(reason=" \n"))
    assert got.status == 400
    assert "the reason is missing" in got.text
    assert lines(path) == []


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("correct", {"set_stance": "support", "reason": "why"}),
        ("retract", {"reason": "why"}),
        ("dispute", {"reason": "why"}),
        ("corroborate", {"observer": "A watcher"}),
    ],
)
def test_a_double_click_records_once(desk: Visitor, path: Path, form: str, typed: dict[str, str]):
    """Twice at once, and once more afterwards: each leads to the one amendment."""
    sent = forms(desk)[form].filled(**typed)

    async def clicked() -> list[Got]:
        return await asyncio.gather(*(sending(desk, sent) for _ in range(4)))

    found = [*asyncio.run(clicked()), send(desk, sent)]
    assert {(got.status, got.headers["location"]) for got in found} == {(303, f"/entry/{SAID}#e{SAID + 1}")}
    assert len(lines(path)) == 1


def test_the_same_again_after_it_was_taken_back_is_new(desk: Visitor, path: Path):
    """Whoever opens the page anew means it anew: with the same words, it is another dispute."""
    for _ in range(2):
        assert send(desk, forms(desk)["dispute"].filled(reason="why")).status == 303
    assert len(lines(path)) == 2


def test_a_form_undoes_nothing_that_came_meanwhile(desk: Visitor, path: Path):
    """Only what its author has changed is corrected, not what it still showed as it was before."""
    stale = forms(desk)["correct"].filled(set_speaker="Maria Zakharova", reason="misheard")
    with Ledger(path) as book:
        book.correct(SAID, {"stance": "support"}, "misread")
    assert send(desk, stale).status == 303
    assert lines(path)[-1]["changes"] == {"speaker": "Maria Zakharova"}
    with Ledger(path) as book:
        assert stance(book) == "support"


def test_who_was_late_is_told_and_keeps_what_was_typed(desk: Visitor, path: Path):
    """What another has retracted meanwhile is not corrected; it is a conflict, and not a mistake."""
    stale = forms(desk)["correct"].filled(set_speaker="Maria Zakharova", reason="misheard")
    with Ledger(path) as book:
        book.retract(SAID, "nobody said so")
    got = send(desk, stale)
    assert got.status == 409
    assert "Another writer was first" in got.text
    assert forms_in(got.text) == {"correct": stale}
    assert "the retraction’s own page" in desk.get(f"/entry/{SAID}", cookie=knowing(desk)).text
    assert set(forms(desk, SAID + 1)) == {"retract"}
    assert send(desk, forms(desk, SAID + 1)["retract"].filled(reason="they did")).status == 303
    with Ledger(path) as book:
        assert stance(book) == "oppose"


def test_whoever_disputes_can_be_named(desk: Visitor, path: Path):
    """For that one entry; what is no name is refused."""
    assert send(desk, forms(desk)["dispute"].filled(reason="why", by="Ben")).status == 303
    assert send(desk, forms(desk)["corroborate"].filled(observer="A watcher")).status == 303
    assert [one["recorded_by"] for one in lines(path)] == ["Ben", None]
    got = send(desk, forms(desk)["dispute"].filled(reason="other", by="a\x00b"))
    assert got.status == 400
    assert "is no name" in got.text


def test_forms_fit_what_the_entry_is(desk: Visitor):
    """What gives a name stays; a source can be corrected, and disputed it cannot be."""
    assert set(forms(desk, 1)) == set()
    assert set(forms(desk, SAID - 1)) == {"correct", "retract"}
    assert set(forms(desk)) == {"correct", "retract", "dispute", "corroborate"}
    used = send(desk, forms(desk, SAID - 1)["retract"].filled(reason="why"))
    assert used.status == 400
    assert "in use by" in used.text
    assert send(desk, forms(desk, SAID - 1)["correct"].filled(set_title="Another", reason="why")).status == 303
    assert "Another" in desk.get("/source/wire").text


def test_sealed_fields_are_in_no_form(path: Path, desk: Visitor):
    """A correction would lay them open."""
    with Ledger(path) as book:
        done = book.record(statement("behind closed doors", speaker="N. N.", sealed=True))
    assert {"set.text", "set.speaker"}.isdisjoint(forms(desk, done.entry)["correct"].fields)


def test_without_the_token_the_page_says_how_to_get_it(desk: Visitor, path: Path):
    """Whoever gives it comes back to the entry, and to no other site."""
    page = desk.get(f"/entry/{SAID}").text
    assert forms_in(page) == {}
    assert f'href="/token?to=%2Fentry%2F{SAID}"' in page
    for to, back in (
        (f"/entry/{SAID}", f"/entry/{SAID}"),
        ("//evil.example", "/code"),
        ("https://evil.example", "/code"),
    ):
        given = Form("/token", {"token": "right", "to": to})
        assert send(desk, given).headers["location"] == back
    reader = Visitor(path)
    with closing(reader.desk):
        assert "Amend this entry" not in reader.get(f"/entry/{SAID}").text


def test_an_entry_as_it_read_before_is_not_amended(desk: Visitor, path: Path):
    """Forms show what the ledger says now: who looks back goes on to now first."""
    with Ledger(path) as book:
        book.record(about("disputed", SAID))
    page = desk.get(f"/entry/{SAID}?as_known_at=e{SAID}", cookie=knowing(desk)).text
    assert forms_in(page) == {}
    assert "as known now" in page


@pytest.mark.parametrize("seen", ["", "x", "99", "-1", "9" * 40])
def test_what_no_page_has_shown_is_refused(desk: Visitor, path: Path, seen: str):
    """A form says what its author has seen, or nothing is recorded."""
    got = send(desk, forms(desk)["retract"].filled(reason="why", seen=seen))
    assert got.status == 400
    assert lines(path) == []


def test_the_library_records_the_same_amendment_once(path: Path):
    """Whoever says what they have seen can try again: the same is recorded once, also after others came."""
    with Ledger(path) as book:
        first = book.dispute(SAID, "why", seen=SAID)
        book.corroborate(SAID, observer="A watcher")
        again = book.dispute(SAID, "why", seen=SAID)
        assert (again.entry, again.already) == (first.entry, True)
        assert not book.dispute(SAID, "why", seen=book.head).already
