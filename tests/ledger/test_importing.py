"""What importing promises: all or nothing unless told otherwise, every row accounted for, and once only."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import random
import tracemalloc
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger.importing
from ledger.deciding import Desk
from ledger.errors import LedgerError, Refused
from ledger.importers.dossier import MAX_DRAFT, lines
from ledger.journal import Journal
from ledger.refusals import reasons_beside
from ledger.reporting import LISTED, Interrupted, Progress, Report
from tests.ledger.samples import BASICS, Draft, about, new_ledger, source, stance, statement
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.batch import Appended


def dossier(*drafts: Draft | bytes) -> io.BytesIO:
    """Write drafts as JSON Lines; bytes stand as they are."""
    return io.BytesIO(b"".join(d if isinstance(d, bytes) else json.dumps(d).encode() + b"\n" for d in drafts))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Make an empty ledger."""
    with new_ledger(tmp_path / "l.db") as book:
        yield book


def adds_up(report: Report) -> bool:
    """Say whether every row is accounted for."""
    return report.rows == report.new + report.already + report.repeated + report.refused_count


# ── Lines ─────────────────────────────────────────────────────────────────────


def numbered(text: bytes) -> list[tuple[int, object]]:
    """Read lines: number and draft."""
    return [(line.number, line.draft) for line in lines(io.BytesIO(text))]


CONTENT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=5).map(str.encode)


@given(st.lists(st.tuples(CONTENT, st.sampled_from([b"\n", b"\r\n"]))), CONTENT)
def test_lines_end_with_lf_or_crlf_and_nothing_else(pairs: list[tuple[bytes, bytes]], last: bytes) -> None:
    """Lines are numbered as an editor does, blank ones passed over; U+2028 ends none, and the last may lack its end."""
    text = b"".join(content + end for content, end in pairs) + last
    contents = [*(content for content, _ in pairs), last]
    expected = [(number, content) for number, content in enumerate(contents, start=1) if content.strip()]
    assert numbered(text) == expected
    for line in lines(io.BytesIO(text)):
        assert text[line.start : line.start + line.size].removesuffix(b"\n").removesuffix(b"\r") == line.draft


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_has_a_limit(end: bytes) -> None:
    """A million bytes are read, one more are not, whatever ends the line; the next line is read all the same."""
    longest = b"x" * MAX_DRAFT
    assert numbered(longest + end) == [(1, longest)]
    if end:
        found = numbered(longest + b"x" + end + b"y" + end + longest * 3 + end + b"z")
        assert found == [(1, None), (2, b"y"), (3, None), (4, b"z")]
    assert numbered(longest + b"x") == [(1, None)]


def test_an_endless_line_needs_little_memory(book: Ledger, tmp_path: Path) -> None:
    """A line of 100 MB is refused by its number, and never held in memory."""
    path = tmp_path / "d.jsonl"
    with path.open("wb") as file:
        file.write(json.dumps(BASICS[0]).encode() + b"\n")
        file.seek(100_000_000)
        file.write(b"\n" + json.dumps(BASICS[1]).encode())
    book.views.catch_up()
    tracemalloc.start()
    try:
        report = book.import_file(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [refusal.line for refusal in report.refused] == [2]
    assert "longer than 1,000,000 bytes" in report.refused[0].reason
    assert report.rows == 3
    assert peak < 20_000_000


def test_line_ends_blank_lines_and_separators_within(book: Ledger) -> None:
    """A dossier from Windows, with blank lines, U+2028 in a text and no last line end, is read like any other."""
    text = statement("two\u2028lines")
    raw = b"\r\n\r\n".join(json.dumps(draft, ensure_ascii=False).encode() for draft in (*BASICS, text))
    report = book.import_file(io.BytesIO(raw))
    assert (report.rows, report.new, report.first, report.last) == (4, 4, 1, 4)
    row = book.position("RUS", "ceasefire")
    assert row is not None
    assert row.text == "two\u2028lines"


def zipped(content: bytes) -> bytes:
    """Return a file as the only one of a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("d.jsonl", content)
    return out.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zip": zipped}


@pytest.mark.parametrize("packed", PACKED)
def test_a_packed_dossier_is_read_like_any_other(book: Ledger, tmp_path: Path, packed: str) -> None:
    """Recognised or named, its refused lines are those of the text, and the refs of its lines stand for mended ones."""
    bad = [b"\xff\r\n", b"y" * (MAX_DRAFT * 2) + b"\n", json.dumps(statement("b", party="FRA")).encode()]
    text = dossier(*BASICS, bad[0], statement("a", ref="a"), *bad[1:]).getvalue()
    path, mend = tmp_path / "d.jsonl.packed", tmp_path / "mend.jsonl"
    path.write_bytes(PACKED[packed](text))
    report = book.import_file(path, keep_going=True, refused=mend)
    assert (report.new, [one.line for one in report.refused]) == (4, [4, 6, 7])
    assert mend.read_bytes() == b"".join(bad)
    assert book.import_file(path, format_="dossier", keep_going=True).already == 4
    mend.write_bytes(dossier(statement("c", re="a")).getvalue())
    assert book.import_file(mend, refs_from=path).new == 1


@pytest.mark.parametrize("packed", PACKED)
def test_how_far_a_packed_dossier_is_read_is_told_in_bytes_of_the_file(book: Ledger, packed: str) -> None:
    """They rise, and are never more than it has."""
    told: list[Progress] = []
    drafts = (statement("".join(random.Random(n).choices("abcdefgh", k=50))) for n in range(5_000))  # noqa: S311
    content = PACKED[packed](dossier(*BASICS, *drafts).getvalue())
    assert book.import_file(io.BytesIO(content), told=told.append).new == 5_003
    done = [one.done for one in told if one.step == "deciding"]
    assert {one.total for one in told if one.step == "deciding"} == {len(content)}
    assert done == sorted(done)
    assert 0 < done[0] < done[-1] <= len(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(dossier(*[statement(str(n)) for n in range(9_000)]).getvalue())[:-20], "cut short or damaged"),
        (gzip.compress(gzip.compress(b"{}")), "the gzip holds another packed file"),
        (gzip.compress(zipped(b"{}")), "the gzip holds another packed file"),
        (zipped(gzip.compress(b"{}")), "the zip holds another packed file"),
        (zipped(zipped(b"{}")), "the zip holds another packed file"),
    ],
    ids=["cut short", "gzip in gzip", "zip in gzip", "gzip in zip", "zip in zip"],
)
@pytest.mark.parametrize("format_", [None, "dossier", "unga", "acled"])
def test_what_is_packed_twice_or_cut_short_is_refused(
    book: Ledger, content: bytes, said: str, format_: str | None
) -> None:
    """As a whole, with a hint, whatever the file is said to be."""
    with pytest.raises(LedgerError) as caught:
        book.import_file(io.BytesIO(content), keep_going=True, format_=format_)
    if "cut short" not in said or format_ in {None, "dossier"}:
        assert said in caught.value.message
    assert caught.value.hint
    assert book.head == 0


# ── All or nothing ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "bad",
    [statement(stance="no"), statement(party="FRA"), b"{}\n", b"[]\n", b"{\n", b'{"type":"x","type":"y"}\n', b"\xff\n"],
)
def test_a_refusal_anywhere_records_nothing(book: Ledger, bad: Draft | bytes) -> None:
    """One bad line: it is named, with reason and hint, and nothing is recorded; the mended file is recorded whole."""
    report = book.import_file(dossier(*BASICS, bad, statement()))
    assert [refusal.line for refusal in report.refused] == [4]
    assert report.refused[0].reason
    assert report.refused[0].hint
    assert report.error is not None
    assert (book.head, report.first, report.last) == (0, None, None)
    assert book.import_file(dossier(*BASICS, statement())).new == 4


def test_keeping_going_records_the_rest(book: Ledger) -> None:
    """With `keep_going`, what can be recorded is, and every row is accounted for."""
    rows: list[Draft | bytes] = [*BASICS, statement("a"), statement(stance="no"), statement("b"), statement("a")]
    rows += [BASICS[0], b"nonsense\n"]
    report = book.import_file(dossier(*rows), keep_going=True)
    assert (report.rows, report.new, report.already, report.repeated, report.refused_count) == (9, 5, 0, 2, 2)
    assert adds_up(report)
    assert [refusal.line for refusal in report.refused] == [5, 9]
    assert (report.first, report.last, book.head) == (1, 5, 5)
    again = book.import_file(dossier(*rows), keep_going=True)
    assert (again.new, again.already, again.repeated, again.refused_count) == (0, 7, 0, 2)
    assert adds_up(again)
    assert book.head == 5


def test_a_refused_line_takes_no_number(book: Ledger) -> None:
    """What a refused line would have been called is free: later refs still point at what they name."""
    rows = [
        *BASICS,
        statement("a", ref="a"),
        statement("b", ref="a"),
        statement("c", ref="c", said_on="2025-04"),
        about("retracted", "c"),
    ]
    report = book.import_file(dossier(*rows), keep_going=True)
    assert [(refusal.line, "stands for e4 already" in refusal.reason) for refusal in report.refused] == [(5, True)]
    assert report.new == 6
    assert [getattr(recorded.event, "text", None) for recorded in book.journal.read(after=3)] == ["a", "c", None]
    assert getattr(book.journal.read(after=5).__next__().event, "entry", None) == 5


def test_refusals_beyond_a_thousand_are_counted(book: Ledger) -> None:
    """A thousand refusals are listed, all are counted."""
    report = book.import_file(dossier(*[b"x\n"] * (LISTED + 5)), keep_going=True)
    assert (len(report.refused), report.refused_count, report.rows) == (LISTED, LISTED + 5, LISTED + 5)
    assert adds_up(report)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(["a", "b", "c", "?", "x"]), max_size=12), st.booleans())
def test_rows_add_up(tmp_path_factory: pytest.TempPathFactory, texts: list[str], keep_going: bool) -> None:
    """Whatever is new, repeated or refused, kept rows are numbered in order, and a second time all is known."""
    rows = [statement(text, **({"stance": "no"} if text == "?" else {})) for text in texts]
    with new_ledger(tmp_path_factory.mktemp("rows") / "l.db", *BASICS) as book:
        report = book.import_file(dossier(*rows), keep_going=keep_going)
        if keep_going or "?" not in texts:
            assert adds_up(report)
            assert report.new == len(set(texts) - {"?"}) == book.head - 3
        else:
            assert book.head == 3
        again = book.import_file(dossier(*rows), keep_going=True)
        assert adds_up(again)
        assert again.refused_count == texts.count("?")


# ── Refs, amendments, once only ───────────────────────────────────────────────


def test_refs_point_at_earlier_lines(book: Ledger) -> None:
    """A ref names an entry of the same file, also where that line was recorded before."""
    rows = [
        *BASICS,
        statement("a", ref="a"),
        statement("b", ref="b", re="a", stance="support", said_on="2025-03-02"),
        about("retracted", "b", ref="gone"),
        about("retracted", "gone"),
    ]
    assert book.import_file(dossier(*rows)).new == 7
    assert stance(book) == "support"
    again = book.import_file(dossier(*rows))
    assert (again.new, again.already) == (0, 7)


@pytest.mark.parametrize(
    ("rows", "line", "says"),
    [
        ([statement("a", re="b"), statement("b", ref="b")], 4, "no entry 'b'"),
        ([statement("a", ref="a", re="a")], 4, "no entry 'a'"),
        ([statement("a", ref="e4")], 4, "cannot be a ref"),
        ([about("retracted", 5), statement("a")], 4, "no entry e5"),
    ],
)
def test_refs_that_point_nowhere_are_refused(book: Ledger, rows: list[Draft], line: int, says: str) -> None:
    """Forward refs, refs to oneself and numbers that are not there yet name nothing."""
    report = book.import_file(dossier(*BASICS, *rows))
    assert (report.refused[0].line, says in report.refused[0].reason) == (line, True)


def test_a_dossier_twice_is_silent(book: Ledger) -> None:
    """Also where what it amends was since retracted, and its sealed statement is known by its own secret."""
    rows: list[Draft] = [
        *BASICS,
        source(),
        statement("a", ref="a", source="wire"),
        statement("closed", sealed=True),
        about("corrected", "a", changes={"stance": "support"}),
    ]
    assert book.import_file(dossier(*rows)).new == 7
    book.record(about("retracted", 5))
    again = book.import_file(dossier(*rows))
    assert (again.rows, again.already, again.refused, again.first) == (7, 7, [], None)
    assert book.head == 8


def test_quotes_that_nobody_compared_are_counted(book: Ledger) -> None:
    """A quote of a source without bytes, of none, or translated, counts as unchecked; also a sealed one."""
    rows = [
        *BASICS,
        source(),
        statement("a", source="wire", quote="q"),
        statement("b", quote="q"),
        statement("c", quote="q", sealed=True),
        statement("d"),
    ]
    assert book.import_file(dossier(*rows)).notes == {"quotes_unchecked": 3}


# ── Snapshots ─────────────────────────────────────────────────────────────────


def test_snapshots_lie_beside_the_dossier(book: Ledger, tmp_path: Path) -> None:
    """A file in the dossier's folder is kept; one outside is refused, also through a link."""
    folder = tmp_path / "dossier"
    folder.mkdir()
    (folder / "a.txt").write_text("inside")
    (tmp_path / "b.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "b.txt")
    path = folder / "d.jsonl"
    for number, name in enumerate(["../b.txt", str(tmp_path / "b.txt"), "link.txt"]):
        path.write_bytes(dossier(source(f"s{number}", snapshot=name)).getvalue())
        report = book.import_file(path)
        assert "outside the dossier's folder" in report.refused[0].reason
    path.write_bytes(dossier(source(snapshot="a.txt")).getvalue())
    assert book.import_file(path).new == 1
    path.write_bytes(dossier(*BASICS, statement("x", source="wire", quote="nowhere")).getvalue())
    assert "not in its source" in book.import_file(path).refused[0].reason


def test_a_refused_draft_leaves_no_bytes_behind(book: Ledger, tmp_path: Path) -> None:
    """The bytes of a snapshot are kept with its entry, not where a draft, an import or a dry run records none."""
    (tmp_path / "a.txt").write_text("inside")
    (tmp_path / "b.txt").write_text("other")
    path, kept = tmp_path / "d.jsonl", tmp_path / "l.sources"
    twice = [source(snapshot="a.txt"), source(snapshot="b.txt")]
    path.write_bytes(dossier(*twice).getvalue())
    assert book.import_file(path).refused_count == 1
    assert book.import_file(path, dry_run=True).refused_count == 1
    path.write_bytes(dossier(twice[0]).getvalue())
    assert book.import_file(path, dry_run=True).new == 1
    with pytest.raises(LedgerError):
        book.record(source(snapshot="a.txt", title=" "), folder=tmp_path)
    assert not kept.exists()
    path.write_bytes(dossier(*twice).getvalue())
    assert book.import_file(path, keep_going=True).new == 1
    with pytest.raises(LedgerError):
        book.record(source(snapshot="b.txt"), folder=tmp_path)
    assert [file.read_text() for file in kept.rglob("*") if file.is_file()] == ["inside"]


def test_a_quote_is_held_against_a_document_of_the_same_file(book: Ledger, tmp_path: Path) -> None:
    """Quotes are checked against a source of the same dossier before its bytes are kept."""
    (tmp_path / "a.txt").write_text("We <b>can</b> accept it.")
    rows = [*BASICS, source(snapshot="a.txt"), statement("x", source="wire", quote="We can accept")]
    path = tmp_path / "d.jsonl"
    path.write_bytes(dossier(*rows, statement("y", source="wire", quote="We cannot")).getvalue())
    report = book.import_file(path, keep_going=True)
    assert [(one.line, "not in its source" in one.reason) for one in report.refused] == [(6, True)]
    assert report.notes == {}


def test_a_document_that_changes_meanwhile_stops_the_import(book: Ledger, tmp_path: Path) -> None:
    """A snapshot that is another file when the import comes to keep it: nothing is recorded, nothing kept."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    path = tmp_path / "d.jsonl"
    path.write_bytes(dossier(source("a", snapshot="a.txt"), source("b", snapshot="b.txt"), *BASICS).getvalue())
    keep = Desk.keep_documents

    def changed(desk: Desk) -> None:
        (tmp_path / "b.txt").write_text("changed")
        keep(desk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "keep_documents", changed)
        with pytest.raises(Refused, match=r"b\.txt was changed"):
            book.import_file(path)
    assert (book.head, (tmp_path / "l.sources").exists()) == (0, False)


# ── Refused lines ─────────────────────────────────────────────────────────────


def test_refused_lines_come_out_byte_for_byte(book: Ledger, tmp_path: Path) -> None:
    """Whatever the refused lines hold, they are written as they are, too long ones and line ends included."""
    bad = [b"\xff\r\n", b"{}\n", b"y" * (MAX_DRAFT * 3) + b"\n", b"\x1b[31m\n", b"[]"]
    good = [json.dumps(draft).encode() + b"\n" for draft in (*BASICS, statement())]
    path, mend = tmp_path / "d.jsonl", tmp_path / "mend.jsonl"
    path.write_bytes(b"".join(g + b"\n" + b for g, b in zip((*good, b""), bad, strict=True)))
    report = book.import_file(path, keep_going=True, refused=mend)
    assert (report.new, report.refused_count) == (4, 5)
    assert mend.read_bytes() == b"".join(bad)
    reasons = reasons_beside(mend).read_text()
    assert [line.split(":")[1] for line in reasons.splitlines()[::2]] == [
        f" line {refusal.line} of d.jsonl" for refusal in report.refused
    ]
    assert "\x1b" not in reasons


def test_no_refused_line_no_file(book: Ledger, tmp_path: Path) -> None:
    """Where nothing is refused, no file is made."""
    assert book.import_file(dossier(*BASICS), refused=tmp_path / "mend.jsonl").new == 3
    assert not list(tmp_path.glob("mend*"))


def test_mended_lines_find_the_refs_of_the_first_file(book: Ledger, tmp_path: Path) -> None:
    """A mended line says `a` as it did, and means the entry that line was recorded as; refs of its own go first."""
    first, mended = tmp_path / "first.jsonl", tmp_path / "mended.jsonl"
    rows = [
        *BASICS,
        statement("a", ref="a"),
        statement("b", ref="b", party="FRA"),
        about("disputed", "a", reason=" "),
        statement("c", ref="c", re="a"),
    ]
    first.write_bytes(dossier(*rows).getvalue())
    assert book.import_file(first, keep_going=True, refused=mended).refused_count == 2
    mend = mended.read_bytes().replace(b"FRA", b"RUS").replace(b'" "', b'"contested"')
    mended.write_bytes(mend + dossier(statement("d", re="b")).getvalue() + dossier(about("retracted", "c")).getvalue())
    assert "no entry 'a'" in book.import_file(mended).refused[0].reason
    report = book.import_file(mended, refs_from=first)
    assert (report.new, report.refused) == (4, [])
    targets = [getattr(one.event, "entry", getattr(one.event, "re", None)) for one in book.journal.read(after=5)]
    assert targets == [None, 4, 6, 5]
    assert book.import_file(mended, refs_from=first).already == 4


def test_a_dry_run_says_the_same_and_records_nothing(book: Ledger, tmp_path: Path) -> None:
    """What a dry run reports is what the import then reports, but for the entries; no file changes meanwhile."""
    rows = [
        *BASICS,
        source(),
        statement("a", ref="a"),
        statement("a"),
        about("corrected", "a", changes={"stance": "no"}),
    ]
    book.views.catch_up()

    def files() -> dict[Path, bytes]:
        # But for SQLite's shared memory, where readers leave their marks.
        return {
            path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and not path.name.endswith("-shm")
        }

    before = files()
    dry = book.import_file(dossier(*rows), dry_run=True, keep_going=True)
    assert files() == before
    assert (dry.new, dry.repeated, dry.refused_count, dry.first, dry.last) == (5, 1, 1, None, None)
    done = book.import_file(dossier(*rows), keep_going=True)
    assert (done.rows, done.new, done.already, done.repeated, done.notes) == (dry.rows, 5, 0, 1, dry.notes)
    assert done.refused == dry.refused


# ── Interruptions and others ──────────────────────────────────────────────────


def test_an_interrupted_import_is_completed_by_the_same_file(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption leaves whole batches; the same file again adds exactly the rest."""
    monkeypatch.setattr(ledger.importing, "BATCH", 4)
    rows = [*BASICS, *(statement(f"{n}") for n in range(10))]
    append, calls = book.journal.append, []

    def interrupted(*args: Any, **kwargs: Any) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return append(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(book.journal, "append", interrupted)
        with pytest.raises(Interrupted) as stopped:
            book.import_file(dossier(*rows))
    assert (book.head, stopped.value.report.first, stopped.value.report.last) == (8, 1, 8)
    report = book.import_file(dossier(*rows))
    assert (report.already, report.new, report.first, report.last) == (8, 5, 9, 13)
    assert [recorded.entry for recorded in book.journal.read()] == list(range(1, 14))


def test_an_import_interrupted_while_it_decides_records_nothing(book: Ledger) -> None:
    """Interrupted before the first batch, nothing is recorded, and the report says so."""

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        book.import_file(dossier(*BASICS, *(statement(f"{n}") for n in range(1_000))), told=stop)
    assert (book.head, stopped.value.report.last) == (0, None)
    assert book.import_file(dossier(*BASICS)).new == 3


def test_what_others_record_meanwhile_is_decided_anew(book: Ledger, tmp_path: Path) -> None:
    """Somebody records between deciding and appending: the numbers move, nothing is recorded twice, refs hold."""
    rows = [*BASICS, statement("a", ref="a"), statement("b", ref="b"), about("retracted", "b")]

    class Meanwhile(io.BytesIO):
        done = False

        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            if not line and not self.done:
                self.done = True
                with Ledger(tmp_path / "l.db") as other:
                    for draft in (*BASICS, statement("other"), statement("a")):
                        other.record(draft)
            return line

    report = book.import_file(Meanwhile(dossier(*rows).getvalue()))
    assert (report.rows, report.already, report.new, report.first, report.last) == (6, 4, 2, 6, 7)
    *_, last = book.journal.read()
    assert getattr(last.event, "entry", None) == 6


def test_what_others_record_meanwhile_may_refuse_it(book: Ledger, tmp_path: Path) -> None:
    """Where the ledger no longer admits a line, the second look refuses it, and nothing is recorded."""
    rows = [*BASICS[:2], BASICS[2] | {"proposition": "Another"}]

    class Meanwhile(io.BytesIO):
        done = False

        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            if not line and not self.done:
                self.done = True
                with Ledger(tmp_path / "l.db") as other:
                    other.record(BASICS[2])
            return line

    report = book.import_file(Meanwhile(dossier(*rows).getvalue()))
    assert [refusal.line for refusal in report.refused] == [3]
    assert book.head == 1


def test_progress_is_told(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """How far an import is, is told now and then, in both passes: bytes decided on, then entries recorded."""
    monkeypatch.setattr(ledger.importing, "BATCH", 1_000)
    told: list[Progress] = []
    file = dossier(*BASICS, *(statement(f"{n}") for n in range(2_500)))
    book.import_file(file, told=told.append)
    assert [one.step for one in told] == ["deciding"] * 2 + ["recording"] * 3
    assert 0 < told[0].done < told[1].done < told[1].total == len(file.getvalue())
    assert [(one.done, one.total) for one in told[2:]] == [(1_000, 2_503), (2_000, 2_503), (2_503, 2_503)]


def test_a_correction_that_came_back_in_a_lot_is_in_effect_for_its_next_line(book: Ledger) -> None:
    """Undoing an undoing brings a correction back: what the next line of the file corrects is the entry as it reads."""
    said = book.import_file(dossier(*BASICS, statement("No."))).last
    assert said is not None
    correction = book.record(about("corrected", said, changes={"text": "Yes."})).entry
    undone = book.record(about("retracted", correction)).entry
    assert book.entry(said).text == "No."
    report = book.import_file(
        dossier(about("retracted", undone), about("corrected", said, changes={"text": "No."}, reason="as it was"))
    )
    assert (report.new, report.refused) == (2, [])
    assert book.entry(said).text == "No."


def test_a_database_that_takes_no_more_is_told_with_what_was_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full after two batches: how many entries are there, and that the same file again completes it."""
    monkeypatch.setattr(ledger.importing, "BATCH", 5)
    append, calls = Journal.append, itertools.count(1)

    def filling(self: Journal, *given: Any, **named: Any) -> Appended:
        if next(calls) == 3:
            raise Refused("nothing was recorded: database or disk is full", hint="Is the disk full?")
        return append(self, *given, **named)

    drafts = (*BASICS, *(statement(f"{n}") for n in range(20)))
    with new_ledger(tmp_path / "l.db") as book:
        monkeypatch.setattr(Journal, "append", filling)
        with pytest.raises(Refused, match=r"^10 of 23 entries were recorded, e1–e10; then nothing was") as refused:
            book.import_file(dossier(*drafts))
        assert "The same file again completes it" in str(refused.value.hint)
        assert book.head == 10
        report = book.import_file(dossier(*drafts))
        assert (report.already, report.new, book.head) == (10, 13, 23)
