"""Bundles as the product makes them, in the eyes of the program that travels with them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Refused, UnknownName
from projections.ruling import rule_named
from tests.fold import RULES
from tests.ledger.samples import BASICS, new_ledger, source, statement
from tests.ledger.transparency.test_check import PROGRAM, THOROUGH, check
from tests.projections.test_positions import HISTORIES, a_book, play
from tests.verbale.test_signing import KEY, STRANGER, signer
from verbale import Ledger
from verbale.bundling import CHECKED_RULES
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.verbale.doors import Door

GOLDEN = Path(__file__).parent / "golden" / "bundle-1.zip"
GOLDEN_KEY = "example.com/talks+eed8861c+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def judged(bundle: Path, *keys: str) -> dict[str, Any]:
    """Run the program on a bundle, and give its report."""
    report: dict[str, Any] = dict.fromkeys(("ok", "problem", "entries", "size"))
    report |= {"disclosed": [], "withheld": [], "erased": [], "not_shown": []}
    check.check(str(bundle), list(keys or (KEY.verifier.format(),)), report)
    return report


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open a ledger with words of all kinds, two checkpoints and documents."""
    (tmp_path / "wire.txt").write_text("We shall see.\n")
    (tmp_path / "notes.txt").write_text("Behind doors: we can live with it, said Anna.\n")
    with new_ledger(tmp_path / "ledger.db", *BASICS) as book:
        book.add_key(KEY.verifier)
        for name in ("wire", "notes"):
            book.record(source(name, snapshot=f"{name}.txt"), folder=tmp_path)
        book.record(statement("one", source="wire", quote="We shall see"))
        closed = {"source": "notes", "speaker": "Anna", "quote": "we can live with it", "sealed": True}
        book.record(statement("two", said_on="2025-03-11", stance="reserved", **closed))
        book.checkpoint(signer(KEY))
        book.record(statement("three", party="UKR", stance="support"))
        book.checkpoint(signer(KEY))
        yield book


@settings(THOROUGH, max_examples=25)
@given(HISTORIES, st.data())
def test_whatever_was_recorded_is_bundled_and_holds(history: Any, data: st.DataObject) -> None:
    """Any ledger, whole or a part, at any K and T, by any rule: the program finds every row that it should be."""
    with a_book() as book:
        ledger = book.ledger
        assert isinstance(ledger.place, Place)
        folder = ledger.place.journal.parent
        ledger.add_key(KEY.verifier)
        list(play(book, history))
        ledger.checkpoint(signer(KEY))
        known = data.draw(st.integers(1, ledger.head))
        rule = data.draw(st.sampled_from([rule for rule in RULES if rule in check.RULES]))
        as_of = data.draw(st.sampled_from([None, "2025-03-10", "2025-Q1"]))
        parts: list[tuple[str | None, str | None]] = [(None, None)]
        if known >= 4:
            parts += [("RUS", None), (None, "ceasefire"), ("UKR", "ceasefire")]
        for number, (party, issue) in enumerate(parts):
            out = folder / f"bundle-{number}.zip"
            try:
                made = ledger.bundle(out, party, issue, as_of, f"e{known}", rule=rule_named(rule))
            except UnknownName:
                continue  # registered later
            report = judged(out)
            assert report["positions"] == made.positions
            assert report["complete"] == (party is issue is None)


def test_a_bundle_is_whole(book: Ledger, tmp_path: Path) -> None:
    """Folder or zip, it holds lines, checkpoints, tiles, positions, documents, schemas and the program, and holds."""
    made = book.bundle(tmp_path / "out")
    report = judged(tmp_path / "out")
    assert (report["entries"], report["size"], report["checkpoints"]) == (book.head, book.head, 2)
    assert (made.complete, made.positions, made.sources) == (True, 2, 1)
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {"check.py", "README.md", "schemas/statement-made.json", "journal.jsonl"} <= files
    assert (tmp_path / "out" / "check.py").read_bytes() == PROGRAM.read_bytes()
    book.bundle(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert set(archive.namelist()) == files
    judged(tmp_path / "out.zip")


def test_the_same_journal_gives_the_same_bundle(book: Ledger, tmp_path: Path) -> None:
    """Made twice, at whatever time, a zip is the same bytes."""
    book.bundle(tmp_path / "one.zip")
    book.bundle(tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_what_is_sealed_is_shown_only_where_asked(book: Ledger, tmp_path: Path) -> None:
    """Undisclosed, neither the words nor the document that they stand in are there; one field can be shown alone."""
    made = book.bundle(tmp_path / "closed")
    sealed = [(7, "quote"), (7, "speaker"), (7, "text")]
    assert (made.withheld, made.disclosed, made.sources_withheld) == (tuple(sealed), (), ("notes",))
    everything = b"".join(path.read_bytes() for path in (tmp_path / "closed").rglob("*") if path.is_file())
    assert not any(words in everything for words in (b"live with it", b"Anna", b'"two"'))
    assert len(judged(tmp_path / "closed")["withheld"]) == 3
    book.bundle(tmp_path / "text", disclose=[(7, "text")])
    report = judged(tmp_path / "text")
    assert (report["disclosed"], len(report["withheld"])) == ([{"entry": 7, "field": "text"}], 2)
    assert b"Anna" not in b"".join(path.read_bytes() for path in (tmp_path / "text").rglob("*") if path.is_file())
    made = book.bundle(tmp_path / "open", disclose=[(7, None)])
    assert (made.sources, made.sources_withheld, len(judged(tmp_path / "open")["disclosed"])) == (2, (), 3)


def test_documents_can_be_kept_back(book: Ledger, tmp_path: Path) -> None:
    """A source whose bytes are not for everybody is withheld by name, and the program says that it is not shown."""
    made = book.bundle(tmp_path / "out", withhold=["wire"])
    assert (made.sources, made.sources_withheld) == (0, ("notes", "wire"))
    assert any("source" in said for said in judged(tmp_path / "out")["not_shown"])
    with pytest.raises(UnknownName, match="no source"):
        book.bundle(tmp_path / "other", withhold=["nothing"])


def test_a_part_says_so(book: Ledger, tmp_path: Path) -> None:
    """One party's bundle holds fewer lines, and says that nobody can tell that nothing was left out of it."""
    made = book.bundle(tmp_path / "out", "Ukraine")
    assert (made.complete, made.positions) == (False, 1)
    assert made.entries < book.head
    report = judged(tmp_path / "out")
    assert any("completeness" in said for said in report["not_shown"])


def test_what_is_not_signed_is_not_bundled(book: Ledger, tmp_path: Path) -> None:
    """An entry beyond the last checkpoint is refused with the way on; what was known at a checkpoint is bundled."""
    book.record(statement("four"))
    with pytest.raises(Refused, match="signed as far as e8, and not to e9"):
        book.bundle(tmp_path / "out")
    book.bundle(tmp_path / "out", as_known_at="cp1")
    assert judged(tmp_path / "out")["entries"] == 7
    for name, error in (("out", Refused), ("none/out", Refused)):
        with pytest.raises(error):
            book.bundle(tmp_path / name, as_known_at="cp2")
    with pytest.raises(Refused, match="nothing to disclose of e6"):
        book.bundle(tmp_path / "other", as_known_at="cp1", disclose=[(6, None)])
    with pytest.raises(Refused, match="nothing is recorded"):
        book.bundle(tmp_path / "other", as_known_at="e0")
    assert not list(tmp_path.glob("*.part"))


def test_only_rules_that_can_be_checked_are_bundled(book: Ledger, tmp_path: Path) -> None:
    """What the program could not recompute is not written down as if it could."""
    assert CHECKED_RULES == check.RULES
    with pytest.raises(Refused, match="does not know the rule senior/1"):
        book.bundle(tmp_path / "out", rule=rule_named("senior/1"))


def test_a_bundle_of_a_changed_journal_does_not_hold(book: Ledger, tmp_path: Path) -> None:
    """Whoever changes the journal and makes its views and tiles anew makes bundles that nobody believes."""
    line = book.journal.line(6)
    assert line is not None
    with book.journal.store.recorder.datastore.transaction(commit=True) as c:  # type: ignore[attr-defined]
        changed = line.data.replace(b'"one"', b'"ONE"')
        assert changed != line.data
        c.execute("UPDATE stored_events SET state = ? WHERE originator_version = 6", (changed,))
    book.views.rebuild()
    book.bundle(tmp_path / "out")
    with pytest.raises(check.BadError, match="do not lead to the root"):
        judged(tmp_path / "out")


def test_the_program_in_the_bundle_runs_alone(book: Ledger, tmp_path: Path) -> None:
    """With nothing but Python, in a folder of its own: one line, exit code 0; with another key, 3."""
    book.bundle(tmp_path / "out")
    book.bundle(tmp_path / "part", "RUS")
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")

    def run(key: str, folder: str = "elsewhere") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(tmp_path / folder / "check.py"), "--key", key]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=tmp_path)

    good, bad = run(KEY.verifier.format()), run(STRANGER.verifier.format())
    assert (good.returncode, good.stderr, good.stdout.count("\n")) == (0, "", 1)
    assert good.stdout.startswith("OK: 8 entries, 2 positions, 2 checkpoints")
    assert run(KEY.verifier.format(), "part").stdout.startswith("OK: a part of 8 entries, 1 positions, 2 checkpoints")
    assert (bad.returncode, bad.stdout[:7]) == (3, "FAILED:")


def test_a_golden_bundle_of_format_1_holds_for_ever(tmp_path: Path) -> None:
    """A bundle made once, with everything that format 1 knows, is verified by every later program, and by its own."""
    report = judged(GOLDEN, GOLDEN_KEY)
    named = {name: len(report[name]) for name in ("disclosed", "withheld", "erased")}
    assert (report["entries"], named) == (20, {"disclosed": 1, "withheld": 1, "erased": 2})
    with zipfile.ZipFile(GOLDEN) as archive:
        archive.extractall(tmp_path)
        manifest = json.loads(archive.read("bundle.json"))
    assert manifest["format"] == "verbale-bundle/1"
    command = [sys.executable, "-I", str(tmp_path / "check.py"), "--key", GOLDEN_KEY]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_golden_journal_is_still_read(tmp_path: Path) -> None:
    """Its lines replay into a ledger of today, with the root and the positions that were signed then."""
    with zipfile.ZipFile(GOLDEN) as archive:
        archive.extract("journal.jsonl", tmp_path)
        manifest, rows = json.loads(archive.read("bundle.json")), archive.read("positions.jsonl")
    Ledger.create(tmp_path / "ledger.db")
    with Ledger(tmp_path / "ledger.db") as book, (tmp_path / "journal.jsonl").open("rb") as lines:
        assert book.replay_file(lines) == manifest["entries"]
        assert book.replay().positions == manifest["digest"]
    assert rows.count(b"\n") == manifest["positions"]


def test_the_command_names_party_and_issue(sample: Door, tmp_path: Path) -> None:
    """`bundle make -o OUT [PARTY] [ISSUE]`; a word that is no party is an issue; the answer says what is in it."""
    sample.ok("key add --origin example.com/talks")
    sample.ok("checkpoint -q")
    for words, complete in (("", True), ("Kremlin", False), ("Kremlin ceasefire-30d", False), ("ceasefire-30d", False)):
        out = tmp_path / f"out-{len(words)}"
        said = sample.ok(f"bundle make -o {out} {words} --json").json
        assert (said["complete"], said["path"]) == (complete, str(out))
        judged(out, sample.ok("status --json").json["key"])
    for line, code in (
        ("bundle make -o out-0", 1),
        ("bundle make -o new nobody", 4),
        ("bundle make -o new --disclose x", 2),
        ("bundle make -o new --disclose e1", 1),
    ):
        assert sample(line).code == code, line


def test_an_unwritable_place_is_refused(book: Ledger, tmp_path: Path) -> None:
    """What cannot be written is refused in words, and leaves nothing behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="cannot write"):
        book.bundle(tmp_path / "file" / "out")
