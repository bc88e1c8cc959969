"""What replaying promises: the exact inverse of exporting, or a refusal that names the line, and nothing written."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import IO, TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.codec import MAX_LINE, format_line
from ledger.errors import Refused, VerificationFailed
from ledger.replaying import checked, read_lines, replay_into
from ledger.transparency.tree import Tree
from tests.ledger.samples import BASICS, NOW, about, new_ledger, source, statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

HISTORY = [
    *BASICS,
    source(),
    statement("first", source="wire"),
    statement("second", said_on="2025-03-02", to=["UKR"], re=5, stance="support"),
    {"type": "event-scheduled", "party": "UKR", "issue": "ceasefire", "occurs_on": "2025-04", "text": "talks"},
    statement("closed", sealed=True, speaker="X", on_behalf_of=["UKR"], fulfils=7),
    about("corrected", 5, changes={"said_on": "2025-02-28", "party": "UKR", "source": None}),
    about("disputed", 6),
    about("retracted", 9),
    {"type": "action-taken", "party": "RUS", "issue": "ceasefire", "occurred_on": "2025", "text": "Ωμή\u2028λύπη"},
    {"type": "speaker-appointed", "name": "X", "party": "RUS", "rank": 1, "from": "2025"},
    {"type": "entry-corroborated", "entry": 6, "observer": "OSCE"},
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Export a ledger that has something of everything."""
    with new_ledger(tmp_path_factory.mktemp("one") / "l.db", *HISTORY) as book:
        return b"".join(book.export_journal())


def root(lines: Iterable[bytes]) -> str:
    """Return the RFC 6962 root over the lines."""
    tree = Tree()
    for line in lines:
        tree.add(line.removesuffix(b"\n"))
    return tree.root_base64()


def test_replaying_what_was_exported_gives_the_same_bytes(exported: bytes, tmp_path: Path) -> None:
    """Bytes and positions are the same, and the ledger goes on from there, once only."""
    with new_ledger(tmp_path / "b.db") as copy:
        assert replay_into(copy.journal, io.BytesIO(exported)) == len(HISTORY)
    with new_ledger(tmp_path / "b.db") as copy, new_ledger(tmp_path / "a.db", *HISTORY) as book:
        assert b"".join(copy.export_journal()) == exported
        assert list(copy.matrix()) == list(book.matrix())
        open_drafts = [draft for draft in HISTORY if "sealed" not in draft]
        assert all(copy.record(draft).already for draft in open_drafts)
        assert copy.record(statement("next")).entry == len(HISTORY) + 1


def test_roots_are_equal(exported: bytes, tmp_path: Path) -> None:
    """The root over the copy's lines is the root over the file's."""
    with new_ledger(tmp_path / "b.db") as copy:
        replay_into(copy.journal, io.BytesIO(exported))
        assert root(format_line(*line) for line in copy.journal.lines()) == root(io.BytesIO(exported))


TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20), unique=True, max_size=8
)


@settings(deadline=None, max_examples=10)
@given(TEXTS)
def test_any_texts_survive(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Whatever is said, export and replay are exact inverses."""
    folder = tmp_path_factory.mktemp("any")
    with new_ledger(folder / "a.db", *BASICS, *map(statement, texts)) as book, new_ledger(folder / "b.db") as copy:
        file = b"".join(book.export_journal())
        assert replay_into(copy.journal, io.BytesIO(file)) == 3 + len(texts)
        assert b"".join(copy.export_journal()) == file


def test_an_empty_journal_is_replayed(tmp_path: Path) -> None:
    """No lines are a journal too."""
    with new_ledger(tmp_path / "l.db") as book:
        assert replay_into(book.journal, io.BytesIO(b"")) == 0


def test_a_ledger_that_has_entries_is_refused(exported: bytes, tmp_path: Path) -> None:
    """Replaying into a ledger with entries is refused with exit code 1, and changes nothing."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        with pytest.raises(Refused, match="3 entries already") as refused:
            replay_into(book.journal, io.BytesIO(exported))
        assert refused.value.exit_code == 1
        assert refused.value.hint
        assert book.head == 3


Lines = list[bytes]


def changed(lines: Lines, number: int, **data: object) -> Lines:
    """Change a line's data; null takes a field away, `entry_` is the line's own number."""
    whole = json.loads(lines[number - 1])
    fields = whole["data"] | data
    whole["data"] = {name: value for name, value in fields.items() if value is not None or name == "recorded_by"}
    line = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return [*lines[: number - 1], line, *lines[number:]]


def replaced(lines: Lines, number: int, old: bytes, new: bytes) -> Lines:
    """Change bytes of one line."""
    assert old in lines[number - 1]
    return [*lines[: number - 1], lines[number - 1].replace(old, new, 1), *lines[number:]]


CORRUPTIONS: dict[str, tuple[int, Callable[[Lines], Lines]]] = {
    "a hole": (5, lambda lines: lines[:4] + lines[5:]),
    "the first line is missing": (1, lambda lines: lines[1:]),
    "two lines are swapped": (5, lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]]),
    "a line stands twice": (6, lambda lines: [*lines[:5], *lines[4:]]),
    "the last line feed is missing": (14, lambda lines: [*lines[:-1], lines[-1][:-1]]),
    "the last line is cut": (14, lambda lines: [*lines[:-1], lines[-1][:20]]),
    "a blank line": (3, lambda lines: [*lines[:2], b"\n", *lines[2:]]),
    "a blank line at the end": (15, lambda lines: [*lines, b"\n"]),
    "a line of blanks": (3, lambda lines: [*lines[:2], b"  \n", *lines[2:]]),
    "CR LF": (1, lambda lines: [line[:-1] + b"\r\n" for line in lines]),
    "one CR LF": (4, lambda lines: [*lines[:3], lines[3][:-1] + b"\r\n", *lines[4:]]),
    "CR within": (4, lambda lines: replaced(lines, 4, b',"title"', b',\r"title"')),
    "a byte-order mark": (1, lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]]),
    "a duplicate key": (5, lambda lines: replaced(lines, 5, b'"text":', b'"stance":"support","text":')),
    "an escaped duplicate key": (5, lambda lines: replaced(lines, 5, b'"text":', b'"st\\u0061nce":"support","text":')),
    "U+0000": (5, lambda lines: replaced(lines, 5, b"first", b"fi\\u0000rst")),
    "a lone surrogate": (5, lambda lines: replaced(lines, 5, b"first", b"fi\\ud800rst")),
    "no UTF-8": (5, lambda lines: replaced(lines, 5, b"first", b"fi\xffrst")),
    "no JSON": (5, lambda lines: replaced(lines, 5, b'"first"', b"first")),
    "a string for a number": (6, lambda lines: replaced(lines, 6, b'"re":5', b'"re":"5"')),
    "too long": (5, lambda lines: replaced(lines, 5, b"first", b"x" * MAX_LINE)),
    "far too long": (5, lambda lines: replaced(lines, 5, b"first", b"x" * 3 * MAX_LINE)),
    "an unknown type": (5, lambda lines: replaced(lines, 5, b"statement-made.v1", b"statement-mad.v1")),
    "an unknown version": (5, lambda lines: replaced(lines, 5, b"statement-made.v1", b"statement-made.v9")),
    "an unknown field": (5, lambda lines: changed(lines, 5, more=1)),
    "a missing field": (5, lambda lines: changed(lines, 5, stance=None)),
    "a stance that is none": (5, lambda lines: changed(lines, 5, stance="perhaps")),
    "a date that is none": (5, lambda lines: changed(lines, 5, said_on="2025-13")),
    "no recorded_at": (5, lambda lines: changed(lines, 5, recorded_at=None)),
    "a malformed recorded_at": (5, lambda lines: changed(lines, 5, recorded_at="2026-11-23T09:12:00Z")),
    "recorded_at goes back": (5, lambda lines: changed(lines, 5, recorded_at="2026-11-23T09:11:59.999999Z")),
    "recorded_by is a number": (5, lambda lines: changed(lines, 5, recorded_by=5)),
    "a party that is not there": (5, lambda lines: changed(lines, 5, party="FRA")),
    "a party in another case": (5, lambda lines: changed(lines, 5, party="rus")),
    "an addressee that is not there": (6, lambda lines: changed(lines, 6, to=["UKR", "FRA"])),
    "spoken for one who is not there": (8, lambda lines: changed(lines, 8, on_behalf_of=["FRA"])),
    "an issue that is not there": (5, lambda lines: changed(lines, 5, issue="peace")),
    "a source that is not there": (5, lambda lines: changed(lines, 5, source="other")),
    "an answer to itself": (6, lambda lines: changed(lines, 6, re=6)),
    "an answer to a later entry": (6, lambda lines: changed(lines, 6, re=7)),
    "fulfils a later entry": (8, lambda lines: changed(lines, 8, fulfils=9)),
    "a correction of a later entry": (9, lambda lines: changed(lines, 9, entry=10)),
    "a correction of itself": (9, lambda lines: changed(lines, 9, entry=9)),
    "a correction of a registration": (9, lambda lines: changed(lines, 9, entry=1)),
    "a correction into nonsense": (9, lambda lines: changed(lines, 9, changes={"stance": "perhaps"})),
    "a correction of an unknown field": (9, lambda lines: changed(lines, 9, changes={"more": 1})),
    "a correction to an unknown party": (9, lambda lines: changed(lines, 9, changes={"party": "FRA"})),
    "a correction to answer a later entry": (9, lambda lines: changed(lines, 9, changes={"re": 9})),
    "after a later entry": (11, lambda lines: changed(lines, 11, after=11)),
    "a party registered twice": (2, lambda lines: changed(lines, 2, party="rus")),
    "a speaker of no party": (13, lambda lines: changed(lines, 13, party="FRA")),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_file_that_does_not_hold_is_refused_whole(exported: bytes, tmp_path: Path, name: str) -> None:
    """Each corruption fails verification with exit code 3 and names its line; the ledger stays empty, and works."""
    number, corrupt = CORRUPTIONS[name]
    file = b"".join(corrupt(io.BytesIO(exported).readlines()))
    with new_ledger(tmp_path / "l.db") as book:
        with pytest.raises(VerificationFailed, match=rf"^line {number}: ") as failed:
            replay_into(book.journal, io.BytesIO(file))
        assert failed.value.exit_code == 3
        assert len(failed.value.message) < 300
        assert book.head == 0
        assert not book.journal.store.keys()
        assert replay_into(book.journal, io.BytesIO(exported)) == len(HISTORY)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_changed_byte_is_noticed_or_changes_the_root(exported: bytes, data: st.DataObject) -> None:
    """Whatever byte is changed, the lines fail verification or have another root; nothing else is raised."""
    at = data.draw(st.integers(0, len(exported) - 1))
    byte = data.draw(st.binary(max_size=2))
    file = exported[:at] + byte + exported[at + 1 :]
    try:
        lines = [format_line(*line) for line in checked(read_lines(io.BytesIO(file)))]
    except VerificationFailed:
        return
    assert b"".join(line + b"\n" for line in lines) == file
    assert (file == exported) == (root(lines) == root(io.BytesIO(exported)))


def test_checking_needs_little_memory(exported: bytes) -> None:
    """Thousands of lines are checked in the memory of a few: one byte an entry, and the ids."""
    lines = io.BytesIO(exported).readlines()[:5]

    def many() -> Iterable[bytes]:
        yield from lines
        for entry in range(6, 20_000):
            yield lines[4].replace(b'"entry":5', b'"entry":%d' % entry)

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.lines = iter(many())

        def readline(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002  no line is that long
            return next(self.lines, b"")

    tracemalloc.start()
    try:
        lines_read = checked(read_lines(cast("IO[bytes]", Stream())))
        count = sum(1 for _ in lines_read)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 19_999
    assert peak < 2_000_000


def test_replaying_through_the_ledger(exported: bytes, tmp_path: Path) -> None:
    """`Ledger.replay_file` does the same, and the positions are there at once."""
    Ledger.create(tmp_path / "l.db")
    with Ledger(tmp_path / "l.db", clock=lambda: NOW) as book:
        assert book.replay_file(io.BytesIO(exported)) == len(HISTORY)
        assert book.position("RUS", "ceasefire") is not None
