"""What erasing promises: the words are nowhere any more, the record says so, and the ledger holds as before."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ledger.stores.sqlite_recorder
from ledger.errors import LedgerError, Refused, Unparsable
from ledger.sealing import SEALABLE, SealedValue, opens
from tests.ledger.samples import BASICS, about, new_ledger, source, stance, statement
from verbale import Ledger
from verbale.erasing import NotPurged

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ledger.samples import Draft
    from tests.postgres import Server
    from tests.verbale.doors import Door

WORDS: Final = {"speaker": "Zebulon Quxley", "text": "Vexillology permits it", "quote": "only over my dead zeppelin"}
DISTINCT: Final = ("Quxley", "Vexillology", "zeppelin")
MINUTES: Final = b"<p>Mr. <b>Zebulon</b>\nQuxley said: only over my\n dead zeppelin.</p><p>And then lunch.</p>"
HOW: Final[dict[str, Any]] = {"reason": "asked to", "authority": "data protection officer"}
LONG: Final = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(200))
"""Too long for a row of a table, and with nothing to compress."""
PER_FUNCTION = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)


def remark(**fields: Any) -> Draft:
    """Draft a closed-door remark."""
    said: dict[str, Any] = {**WORDS, "sealed": True, **fields}
    return statement(**said)


def with_minutes(folder: Path, path: Path | str, *more: Draft) -> Ledger:
    """Return a ledger with a source that holds the words, a sealed remark that rests on it (e5), and more."""
    (folder / "minutes.html").write_bytes(MINUTES)
    book = new_ledger(path, *BASICS)
    book.record(source("minutes", snapshot="minutes.html"), folder=folder)
    # The markup and the line breaks of the document are not in the quote's way.
    for draft in (remark(source="minutes", quote={"exact": "lunch"}, text="On " + WORDS["quote"]), *more):
        book.record(draft)
    return book


def found_in(folder: Path) -> set[str]:
    """Return which of the words some file of a folder holds, and the suffix of its name."""
    return {
        f"{word} {path.name}"
        for path in folder.rglob("*")
        if path.is_file()
        for word in DISTINCT
        if word.encode() in path.read_bytes()
    }


@PER_FUNCTION
@given(st.lists(st.lists(st.sampled_from(SEALABLE), unique=True, max_size=3), min_size=1, max_size=5))
def test_what_is_erased_stays_erased_and_the_rest_stays(
    tmp_path_factory: pytest.TempPathFactory, asked: list[list[str]]
) -> None:
    """However fields are erased, in whatever steps: those are gone for good, and the others open as they did."""
    path = tmp_path_factory.mktemp("erased") / "l.db"
    gone: set[str] = set()
    with new_ledger(path, *BASICS, remark()) as book:
        for fields in asked:
            wanted = set(fields or SEALABLE)
            head = book.head
            done = book.erase(4, **HOW, fields=fields)  # type: ignore[arg-type]  # drawn from those there are
            assert done.recorded.already == (wanted <= gone)
            assert book.head == head + (not done.recorded.already)
            assert set(done.destroyed) == wanted - gone
            gone |= wanted
            with Ledger(path) as other:
                for one in (book, other):
                    assert set(one.disclosed(4)) == set(SEALABLE) - gone
                    states = {field.field: field.state for field in one.sealed(4)}
                    assert states == {name: "erased" if name in gone else "at hand" for name in SEALABLE}


def test_an_erasure_leaves_lines_root_and_positions_as_they_were(tmp_path: Path) -> None:
    """Old proofs and digests hold: the lines before the erasure are the same bytes, and so are root and positions."""
    with new_ledger(tmp_path / "l.db", *BASICS, remark(stance="support")) as book:
        lines, root, positions = list(book.journal.lines()), book.root(), book.replay().positions
        book.erase(4, **HOW)
        assert list(book.journal.lines(0, 4)) == lines
        assert book.root(4) == root
        assert book.replay().positions == positions
        assert book.replay().equals_views
        assert stance(book) == "support"


def test_a_position_needs_no_sealed_value(tmp_path: Path) -> None:
    """A copy that was never given who said it, or what, has the same positions, to the digest."""
    with new_ledger(tmp_path / "a.db", *BASICS, remark(stance="conditional"), remark(said_on="2025-04")) as book:
        (tmp_path / "journal.jsonl").write_bytes(b"".join(book.export_journal()))
        here = book.replay()
        assert book.disclosed(4)
    with new_ledger(tmp_path / "b.db") as other, (tmp_path / "journal.jsonl").open("rb") as lines:
        other.replay_file(lines)
        assert other.replay() == here
        assert other.disclosed(4) == {}
        assert {field.state for field in other.sealed(4)} == {"withheld"}


def test_the_same_again_appends_nothing(tmp_path: Path) -> None:
    """Whatever the reason given then, an erased entry is answered with the entry that records it."""
    with new_ledger(tmp_path / "l.db", *BASICS, remark()) as book:
        first = book.erase(4, **HOW).recorded
        again = book.erase(4, "another reason", "somebody else")
        assert (again.recorded.entry, again.recorded.already, again.destroyed) == (first.entry, True, ())
        assert book.erase(4, **HOW, fields=["speaker"]).recorded.already
        assert book.head == first.entry


@pytest.mark.parametrize(
    ("entry", "fields", "says"),
    [(5, [], "never sealed"), (1, [], "never sealed"), (4, ["quote"], "'quote' of e4 was never"), (9, [], "no entry")],
)
def test_what_was_never_sealed_cannot_be_erased(tmp_path: Path, entry: int, fields: list[str], says: str) -> None:
    """It is refused with the reason, and nothing is recorded or destroyed."""
    drafts = (*BASICS, remark(quote=None), statement("in the open"))
    with new_ledger(tmp_path / "l.db", *drafts) as book:
        with pytest.raises(LedgerError, match=says) as refused:
            book.erase(entry, **HOW, fields=fields)  # type: ignore[arg-type]
        assert refused.value.hint
        assert book.head == 5
        assert set(book.disclosed(4)) == {"speaker", "text"}
        assert not (tmp_path / "l.erasures.jsonl").exists()


def test_an_erasure_is_for_good(tmp_path: Path) -> None:
    """It can neither be retracted nor corrected, and a retracted remark can be erased as well."""
    with new_ledger(tmp_path / "l.db", *BASICS, remark(), about("retracted", 4)) as book:
        done = book.erase(4, **HOW).recorded
        assert book.disclosed(4) == {}
        with pytest.raises(Refused, match="records an erasure and cannot be retracted"):
            book.retract(done.entry, "a slip")
        with pytest.raises(LedgerError, match="cannot be corrected"):
            book.correct(done.entry, {"reason": "other"}, "a slip")
        assert book.head == done.entry


def test_an_erased_draft_leaves_no_key(tmp_path: Path) -> None:
    """Nobody can find out what was said by drafting it again: the same draft is a new entry."""
    with new_ledger(tmp_path / "l.db", *BASICS, remark()) as book:
        assert book.record(remark()).already
        assert 4 in {entry for _, entry in book.journal.store.key_rows()}
        done = book.erase(4, **HOW, fields=["speaker"]).recorded
        assert 4 not in {entry for _, entry in book.journal.store.key_rows()}
        again = book.record(remark())
        assert (again.entry, again.already) == (done.entry + 1, False)


def test_grep_finds_nothing_of_an_erased_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No byte of the words is left in database, logs, views, sources or what lies beside them, nor in what is told."""
    home = tmp_path / "home"
    home.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = home / "l.db"
    remarks = [remark(said_on=f"2024-{month:02}", text=f"Vexillology {month} " * 40) for month in range(1, 13)]
    with with_minutes(elsewhere, path, remark(), *remarks) as book:
        book.correct(5, {"stance": "support"}, "misheard")
        book.retract(7, "twice")
        list(book.search("Vexillology OR lunch"))
        book.views.rebuild()
        named = {word.rpartition(".")[2] for word in found_in(home)}
        assert any(name.startswith("db") for name in named), "the control: before, the database has the words"
        assert {word.split()[0] for word in found_in(home)} == set(DISTINCT)
        assert any(b"zeppelin" in one.read_bytes() for one in (home / "l.sources").rglob("*") if one.is_file())
        for entry in range(5, 19):
            book.erase(entry, **HOW)
        assert found_in(home) == set(), "also while the ledger is open"
    shutil.rmtree(elsewhere)
    monkeypatch.chdir(home)
    with Ledger(path) as book:
        (home / "journal.jsonl").write_bytes(b"".join(book.export_journal()))
        assert list(book.search("Vexillology")) == []
    assert found_in(tmp_path) == set()
    assert (home / "l.erasures.jsonl").read_text().count('"purged"')


def test_no_answer_has_a_sealed_value(door: Door, tmp_path: Path) -> None:
    """Only `show` and `why` say it, marked, to who holds the ledger; no JSON, CSV, export or other answer does."""
    path = tmp_path / ".verbale" / "ledger.db"
    path.parent.mkdir()
    with_minutes(tmp_path, path, remark(stance="support", said_on="2025-05")).close()
    (tmp_path / "minutes.html").unlink()
    asked = ["show RUS ceasefire", "why RUS ceasefire"]
    for line in asked:
        told = " ".join(door.ok(line).out.split())
        assert "[sealed] Zebulon Quxley: Vexillology permits it “only over my dead zeppelin”" in told, line
    forms = ["", "--json", "--jsonl", "--csv"]
    others = [
        *asked,
        "log",
        "timeline ceasefire",
        "matrix",
        "when RUS ceasefire",
        "cite RUS ceasefire",
        "cite e6",
        "search support",
        "query 'SELECT * FROM entries'",
        "query 'SELECT * FROM states'",
        "doctor",
        "status",
        "source list",
        "speaker list",
        "export journal",
    ]
    for line, form in itertools.product(others, forms):
        if (form == "" and line in asked) or (form and line.startswith("export")):
            continue
        said = door(f"{line} {form}")
        assert not any(word in said.out + said.err for word in DISTINCT), (line, form)
    assert "[sealed]" in door.ok("log").out
    assert "[sealed]" in door.ok("cite e6").out
    counts = door.ok("why RUS ceasefire --json").json["counts"]
    assert counts[0]["sealed_fields"] == {"quote": "at hand", "speaker": "at hand", "text": "at hand"}


def test_answers_say_what_was_erased(door: Door, tmp_path: Path) -> None:
    """After an erasure every answer about the entry says by which, field by field where only some are gone."""
    path = tmp_path / ".verbale" / "ledger.db"
    path.parent.mkdir()
    new_ledger(path, *BASICS, remark()).close()
    door.ok("erase e4 --field speaker --reason r --authority a")
    for line in ("show RUS ceasefire", "why RUS ceasefire"):
        told = " ".join(door.ok(line).out.split())
        assert "[sealed] Vexillology permits it “only over my dead zeppelin” [speaker erased by e5]" in told
    for line in ("log", "timeline ceasefire", "cite e4"):
        assert "[sealed] [speaker erased by e5]" in door.ok(line).out
    door.ok("erase e4 --reason r --authority a")
    for line in ("show RUS ceasefire", "why RUS ceasefire", "log", "timeline ceasefire", "cite e4"):
        assert "[erased by e5, e6]" in door.ok(line).out.replace("quote erased", ""), line
    counts = door.ok("why RUS ceasefire --json").json["counts"]
    assert set(counts[0]["sealed_fields"].values()) == {"erased"}


def test_freed_pages_are_overwritten_whoever_freed_them(tmp_path: Path) -> None:
    """What another program has deleted from the file, and left in its free pages, goes with an erasure too."""
    path = tmp_path / "l.db"
    new_ledger(path, *BASICS, remark(), remark(said_on="2024", text=f"zeppelin {LONG}")).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("DELETE FROM sealed_values WHERE entry = 5")
        db.commit()
    assert b"zeppelin " + LONG[:40].encode() in path.read_bytes(), "the control"
    with Ledger(path) as book:
        book.erase(4, **HOW)
    assert found_in(tmp_path) == set()


# Sources


def test_the_bytes_of_a_source_go_with_the_words(tmp_path: Path) -> None:
    """Bytes that hold an erased word, however marked up, are removed; the hashes stay, and quotes are named."""
    quoting = statement("Lunch.", said_on="2025-03-02", source="minutes", quote="And then lunch")
    with with_minutes(
        tmp_path, tmp_path / "l.db", quoting, remark(said_on="2025-04", source="minutes", quote="lunch")
    ) as book:
        found = book.source("minutes")
        assert found is not None
        done = book.erase(5, **HOW)
        assert (done.removed, done.kept, done.unchecked) == (("minutes",), {}, (6, 7))
        assert not book.journal.store.shelf.holds(found["sha256"])
        assert book.source("minutes") == found
        assert book.snapshots.text(found["sha256"]) is None
        assert book.erase(7, **HOW).removed == ()


def test_a_source_that_holds_no_word_stays(tmp_path: Path) -> None:
    """What is erased decides: a document without those words is left alone, and so is one that is to be kept."""
    other = remark(said_on="2025-06", source="minutes", speaker=None, text="x-ray", quote=None)
    with with_minutes(tmp_path, tmp_path / "l.db", other) as book:
        assert book.erase(6, **HOW).removed == ()
        assert book.erase(5, **HOW, keep_source=True).kept == {"minutes": "as asked"}
        assert len(list((tmp_path / "l.sources").rglob("*/*"))) == 1


@pytest.mark.parametrize("document", [b"\xff\xfePDF", "плохо".encode("cp1251")])
def test_what_cannot_be_searched_is_for_the_user_to_decide(tmp_path: Path, document: bytes) -> None:
    """Where nobody can tell whether a document holds the words, nothing is erased until it is said what to do."""
    with with_minutes(tmp_path, tmp_path / "l.db") as book:
        sha256 = book.snapshots.keep(document)
        book.record(source("scan", sha256=sha256))
        book.record(remark(said_on="2025-07", source="scan", quote=None))
        head = book.head
        with pytest.raises(Refused, match="source 'scan'") as refused:
            book.erase(head, **HOW)
        assert "--keep-source" in (refused.value.hint or "")
        assert (book.head, len(book.disclosed(head))) == (head, 2)
        assert book.erase(head, **HOW, keep_source=False).removed == ("scan",)
        assert not book.journal.store.shelf.holds(sha256)


def test_a_translated_quote_does_not_tell(tmp_path: Path) -> None:
    """A document may hold the words of which the erased quote is a translation: nobody can tell."""
    quote = {"exact": "Nur über meine Leiche", "lang": "de", "translated_by": "anna"}
    with with_minutes(tmp_path, tmp_path / "l.db") as book:
        book.record(remark(said_on="2025-07", source="minutes", speaker=None, quote=quote))
        with pytest.raises(Refused, match="is a translation"):
            book.erase(6, **HOW)


def test_a_document_of_another_ledger_stays(new_book: Callable[[str], Ledger], tmp_path: Path) -> None:
    """A document that another ledger of the database names is kept, and it is said whose it is."""
    (tmp_path / "minutes.html").write_bytes(MINUTES)
    with new_book("one") as one, new_book("two") as two:
        for book in (one, two):
            book.record(source("minutes", snapshot="minutes.html"), folder=tmp_path)
        one.record(remark(source="minutes", quote=None))
        done = one.erase(5, **HOW)
        assert done.removed == ()
        assert "ledger two" in done.kept["minutes"]
        text = two.snapshots.text(two.source("minutes")["sha256"])  # type: ignore[index]
        assert text is not None
        assert "zeppelin" in text


@pytest.fixture(params=["sqlite", "postgresql"])
def new_book(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Ledger]:
    """Return what makes a ledger of a name, in one database of either kind."""
    if request.param == "sqlite":
        return lambda name: new_ledger(f"{tmp_path / 'l.db'}#{name}", *BASICS)
    server: Server = request.getfixturevalue("server")
    database: str = request.getfixturevalue("database")
    return lambda name: new_ledger(f"{server.address(database)}#{name}", *BASICS)


def test_removed_bytes_are_not_kept_again(tmp_path: Path) -> None:
    """A dossier imported again is silent and brings no bytes back; the same document under a new id is refused."""
    with with_minutes(tmp_path, tmp_path / "l.db") as book:
        by = book.erase(5, **HOW).recorded.entry
        assert book.record(source("minutes", snapshot="minutes.html"), folder=tmp_path).already
        with pytest.raises(Refused, match=f"went with the erasure e{by}"):
            book.record(source("again", snapshot="minutes.html"), folder=tmp_path)
        assert not any(one.is_file() for one in (tmp_path / "l.sources").rglob("*"))


def test_an_erasure_takes_no_other_document_along(tmp_path: Path) -> None:
    """A draft of an erasure cannot name bytes that its entry does not rest on."""
    with with_minutes(tmp_path, tmp_path / "l.db") as book:
        sha256 = book.snapshots.keep(b"innocent")
        book.record(source("other", sha256=sha256))
        with pytest.raises(Refused, match="does not rest on"):
            book.record({"type": "erasure-recorded", "entry": 5, **HOW, "sources": [sha256]})
        assert book.journal.store.shelf.holds(sha256)
        assert len(book.disclosed(5)) == 3


def test_what_a_killed_command_left_of_a_document_goes_too(tmp_path: Path) -> None:
    """A part of a file that was being kept when its writer died holds the words as well."""
    with with_minutes(tmp_path, tmp_path / "l.db") as book:
        (kept,) = (one for one in (tmp_path / "l.sources").rglob("*") if one.is_file())
        kept.with_name("tmp1.part").write_bytes(MINUTES[:60])
        book.erase(5, **HOW)
    assert not any(one.is_file() for one in (tmp_path / "l.sources").rglob("*"))


# Old copies


def test_an_old_copy_is_erased_before_anything_is_served(tmp_path: Path) -> None:
    """A backup put back loses what was erased since, keys and source bytes too, as soon as it is opened."""
    path, backup = tmp_path / "l.db", tmp_path / "backup"
    with with_minutes(tmp_path, path, remark(said_on="2025-09")):
        pass
    (tmp_path / "minutes.html").unlink()
    backup.mkdir()
    shutil.copy(path, backup)
    shutil.copytree(tmp_path / "l.sources", backup / "l.sources")
    with Ledger(path) as book:
        book.erase(5, **HOW)
    shutil.copy(backup / "l.db", path)
    shutil.copytree(backup / "l.sources", tmp_path / "l.sources", dirs_exist_ok=True)
    shutil.rmtree(backup)
    assert found_in(tmp_path)
    with Ledger(path) as book:
        assert (book.disclosed(5), set(book.disclosed(6))) == ({}, set(SEALABLE))
        assert {entry for entry, _ in book.journal.store.all_sealed()} == {6}
        assert not any(one.is_file() for one in (tmp_path / "l.sources").rglob("*"))
        book.erase(6, **HOW)
    assert found_in(tmp_path) == set()


def test_what_cannot_be_destroyed_again_is_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can write, an old copy can be read, and says nothing of what was erased."""
    path = tmp_path / "l.db"
    new_ledger(path, *BASICS, remark(), remark(said_on="2025-09")).close()
    shutil.copy(path, tmp_path / "old.db")
    with Ledger(path) as book:
        book.erase(4, **HOW)
    shutil.copy(tmp_path / "old.db", path)

    def no(*_: object) -> None:
        raise Refused("read-only")

    monkeypatch.setattr("ledger.stores.sqlite.SQLiteStore.writing", no)
    with Ledger(path) as book:
        assert len(book.journal.store.sealed_values(4)) == 3, "the control: it is stored"
        assert book.disclosed(4) == {}
        assert book.disclosure(4) == []
        assert {entry for entry, _ in book.journal.all_sealed()} == {5}


def test_another_entry_of_that_number_is_left_alone(tmp_path: Path) -> None:
    """A copy from before the remark that went on otherwise keeps what it has sealed under that number."""
    path = tmp_path / "l.db"
    new_ledger(path, *BASICS).close()
    shutil.copy(path, tmp_path / "old.db")
    with Ledger(path) as book:
        book.record(remark())
        book.erase(4, **HOW)
    shutil.copy(tmp_path / "old.db", path)
    with Ledger(path) as book:
        book.record(remark(text="another remark"))
    with Ledger(path) as book:
        assert book.disclosed(4)["text"] == "another remark"


def test_an_erasure_that_comes_by_file_destroys(tmp_path: Path) -> None:
    """An import, or a record of a draft, destroys what the erasure in it names, as the command does."""
    path = tmp_path / "l.db"
    draft = {"type": "erasure-recorded", "entry": "a", **HOW}
    file = tmp_path / "d.jsonl"
    file.write_text("\n".join(map(json.dumps, [remark(said_on="2025-08", ref="a"), draft])))
    with new_ledger(path, *BASICS, remark()) as book:
        book.record({**draft, "entry": 4})
        assert book.disclosed(4) == {}
        assert book.import_file(file).new == 2
        assert book.disclosed(6) == {}
        file.unlink()
        assert found_in(tmp_path) == set()


def test_a_replayed_erasure_leaves_nothing_to_do(tmp_path: Path) -> None:
    """A journal with an erasure is replayed to the same root; nothing was there to destroy, and nothing is owed."""
    with new_ledger(tmp_path / "a.db", *BASICS, remark()) as book:
        book.erase(4, **HOW)
        (tmp_path / "journal.jsonl").write_bytes(b"".join(book.export_journal()))
        root = book.root()
    with new_ledger(tmp_path / "b.db") as other, (tmp_path / "journal.jsonl").open("rb") as lines:
        other.replay_file(lines)
        assert other.root() == root
        assert not other.journal.erasures.unpurged
        assert {field.state for field in other.sealed(4)} == {"erased"}


# Somebody is reading


def test_a_reader_delays_the_overwriting_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a reader in another process the values are deleted, and it is said what is left; again completes it."""
    monkeypatch.setattr(ledger.stores.sqlite_recorder, "LOCK_SECONDS", 0)
    path = tmp_path / "l.db"
    new_ledger(path, *BASICS, remark()).close()
    script = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); db.execute('BEGIN');"
        "db.execute('SELECT * FROM sealed_values').fetchall(); print('reading', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(path)]
    with (
        Ledger(path) as book,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader,
    ):
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
        with pytest.raises(NotPurged) as refused:
            book.erase(4, **HOW)
        assert "run the same command again" in (refused.value.hint or "")
        done = refused.value.done.recorded
        assert (done.entry, done.already, book.disclosed(4)) == (5, False, {})
        assert book.journal.store.sealed_values(4) == []
        assert found_in(tmp_path), "the control: it is not overwritten yet"
        found = next(check for check in book.doctor().checks if check.check == "sealed")
        assert (found.outcome, "not yet overwritten" in found.says) == ("warning", True)
        with pytest.raises(NotPurged):
            book.erase(4, **HOW)
        reader.communicate()
        again = book.erase(4, "again", "nobody").recorded
        assert (again.entry, again.already) == (5, True)
        found = next(check for check in book.doctor().checks if check.check == "sealed")
        assert (found.outcome, found.says) == ("ok", "0 entries with sealed values at hand, 1 with erased ones")
        assert found_in(tmp_path) == set()


# Disclosing


def test_one_value_can_be_shown_to_one_person(tmp_path: Path) -> None:
    """Salt and value of one field open its commitment in the line, which anybody can check, and no other."""
    with new_ledger(tmp_path / "l.db", *BASICS, remark()) as book:
        line = book.journal.line(4)
        assert line is not None
        committed = json.loads(line.data)["sealed"]
        for one in book.disclosure(4):
            assert one.commitment == committed[one.field]
            value = SealedValue(one.field, bytes.fromhex(one.salt), one.value)
            assert [name for name in committed if opens(value._replace(field=name), committed[name])] == [one.field]
        assert [one.field for one in book.disclosure(4)] == sorted(SEALABLE)
        assert book.disclosure(1) == []
        with pytest.raises(LedgerError, match="no entry e9"):
            book.disclosure(9)


# The command


def test_the_command_tells_what_it_destroyed(door: Door, tmp_path: Path) -> None:
    """In words and as JSON; it never asks, and a second time is no error."""
    path = tmp_path / ".verbale" / "ledger.db"
    path.parent.mkdir()
    quoting = statement("Lunch.", said_on="2025-03-02", source="minutes", quote="And then lunch")
    with_minutes(tmp_path, path, quoting).close()
    said = door("erase e5 --reason asked --authority 'the ministry'")
    assert said.shown() == (
        "Recorded e7: erases e5, RUS on ceasefire\n"
        "Destroyed, with their salts: quote, speaker, text\n"
        "Removed the bytes of source minutes: its hashes stay\n"
        "Quotes that can no longer be checked: e6\n"
        "There is no way back\n"
    )
    assert door("erase e5 --reason other --authority x").shown() == "Nothing new: e5 is already erased by e7\n"
    said = door("erase e6 --reason r --authority a")
    assert (said.code, said.out) == (1, "")
    assert "e6 was never sealed and cannot be erased" in said.err
    assert "for ever" in said.err
    assert door("erase e5 --field stance --reason r --authority a").code == Unparsable.exit_code
    assert door("erase e99 --reason r --authority a").code == 4


# PostgreSQL


def heaps(server: Server, database: str) -> bytes:
    """Return the bytes of every file of a database; the server's log of writes is not among them."""
    with server.connected(database) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = %s",
            (database,),
        ).fetchone()
    assert row is not None
    return b"".join(path.read_bytes() for path in Path(row[0]).iterdir())


def test_grep_finds_nothing_on_postgresql(server: Server, database: str, tmp_path: Path) -> None:
    """No table holds the words any more, and no byte of the files that the tables lie in."""
    address = server.address(database)
    with with_minutes(tmp_path, address, remark(said_on="2025-09", text=f"Vexillology {LONG}")) as book:
        before = heaps(server, database)
        assert {word for word in DISTINCT if word.encode() in before} == set(DISTINCT), "the control"
        for entry in (5, 6):
            book.erase(entry, **HOW)
        after = heaps(server, database)
        assert not any(word.encode() in after for word in DISTINCT)
        with server.connected(database) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (name,) in names:
                rows = connection.execute(f"SELECT t::text FROM public.{name} t".encode()).fetchall()
                told = "".join(text for (text,) in rows)
                assert not any(word in told or word.encode().hex() in told for word in DISTINCT), name
        assert book.replay().equals_views


def test_an_older_transaction_on_postgresql_delays_the_overwriting(server: Server, database: str) -> None:
    """A row that an older snapshot may still see is not overwritten: that is said, and asking again completes it."""
    with new_ledger(server.address(database), *BASICS, remark()) as book:
        with psycopg.connect(server.address(database)) as older:
            older.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            older.execute("SELECT 1 FROM pg_database")
            with pytest.raises(NotPurged, match="an older transaction"):
                book.erase(4, **HOW)
            assert book.disclosed(4) == {}
        assert b"zeppelin" in heaps(server, database), "the control"
        assert book.erase(4, **HOW).recorded.already
        assert b"zeppelin" not in heaps(server, database)


def test_an_old_dump_on_postgresql_is_erased_when_it_is_opened(server: Server, database: str) -> None:
    """Values that come back into the tables, by whatever restored them, are destroyed before anything is served."""
    with new_ledger(server.address(database), *BASICS, remark()) as book:
        values = book.journal.store.sealed_values(4)
        ledger_id = book.journal.ledger_id
        book.erase(4, **HOW)
    with server.connected(database) as connection:
        for value in values:
            connection.execute("INSERT INTO verbale_sealed_values VALUES (%s, 4, %s, %s, %s)", (ledger_id, *value))
    with Ledger(server.address(database)) as book:
        assert book.journal.store.sealed_values(4) == []
    assert b"zeppelin" not in heaps(server, database)


def test_the_secret_table_is_all_there_is(tmp_path: Path) -> None:
    """Before an erasure the words stand in one table of the database and nowhere else."""
    new_ledger(tmp_path / "l.db", *BASICS, remark()).close()
    with closing(sqlite3.connect(tmp_path / "l.db")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        holding = {name for name in tables for row in db.execute(f'SELECT * FROM "{name}"') if "Quxley" in str(row)}
    assert holding == {"sealed_values"}
