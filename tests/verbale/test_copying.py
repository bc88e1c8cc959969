"""Backups, and the way back: nothing is lost, and nothing that was signed is forgotten."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

import pytest

from ledger.codec import format_line
from ledger.errors import LedgerError, Refused, VerificationFailed
from tests.ledger.samples import BASICS, new_ledger, source, statement
from tests.verbale.test_signing import KEY, signer
from verbale import Ledger
from verbale.copying import restore
from verbale.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.stores.protocol import Store
    from tests.verbale.doors import Door


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open a ledger with a source, a sealed statement and a checkpoint."""
    (tmp_path / "wire.txt").write_text("Words.\n")
    with new_ledger(tmp_path / "ledger.db", *BASICS, statement("one")) as book:
        book.add_key(KEY.verifier)
        book.record(source(snapshot="wire.txt"), folder=tmp_path)
        book.record(statement("closed", sealed=True, speaker="Somebody"))
        book.checkpoint(signer(KEY))
        yield book


def contents(book: Ledger) -> tuple[object, ...]:
    """Return all that a ledger holds."""
    store: Store = book.journal.store
    documents = [store.shelf.get(row["sha256"]) for row in book.sources()]
    sealed = sorted(store.all_sealed())
    return (
        list(store.lines()), sorted(store.key_rows()), sealed, book.journal.checkpoints(), store.verifier_key(),
        store.secret, documents, book.replay(),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_is_backed_up_is_restored(book: Ledger, tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    """Lines, keys, sealed values, documents, checkpoints: all of it, on either store; once only still holds."""
    book.backup(tmp_path / "backup")
    where = str(tmp_path / "new" / "ledger.db") if kind == "sqlite" else request.getfixturevalue("new_address")()
    copied = restore(tmp_path / "backup", place_of(where))
    assert (copied.entries, copied.checkpoints, copied.sources) == (book.head, 1, 1)
    with Ledger(where) as again:
        assert contents(again) == contents(book)
        for draft in (statement("one"), statement("closed", sealed=True, speaker="Somebody")):
            assert again.record(draft).already
        again.backup(tmp_path / "second")
    with Ledger(f"{tmp_path}/second/ledger.db#{again.place.name}") as last:
        assert contents(last) == contents(book)
    assert not any(KEY.seed in path.read_bytes() for path in (tmp_path / "second").rglob("*") if path.is_file())


def test_a_backup_is_a_moment(book: Ledger, tmp_path: Path) -> None:
    """What is recorded while it is copied is not in it, and what is in it is whole."""

    def meanwhile(_: int) -> None:
        with Ledger(tmp_path / "ledger.db") as other:
            other.record(statement("meanwhile"))

    head = book.head
    copied = book.backup(tmp_path / "backup", meanwhile)
    assert copied.entries == head < book.head
    with Ledger(tmp_path / "backup" / "ledger.db") as there:
        assert there.replay().equals_views


def test_nothing_is_written_over(book: Ledger, tmp_path: Path) -> None:
    """A backup takes a new folder, a restored ledger an empty place; nothing half made is left."""
    book.backup(tmp_path / "backup")
    with pytest.raises(Refused, match="there already"):
        book.backup(tmp_path / "backup")
    with pytest.raises(Refused, match="there is a ledger"):
        restore(tmp_path / "backup", book.place)
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot write"):
        book.backup(tmp_path / "file" / "backup")


def test_a_backup_older_than_a_checkpoint_is_refused(book: Ledger, tmp_path: Path) -> None:
    """Where more was signed than it holds, it is not restored, but together with what was recorded since."""
    book.backup(tmp_path / "backup")
    book.record(statement("two"))
    book.checkpoint(signer(KEY))
    lines = b"".join(book.export_journal())
    digest, place = book.replay().positions, book.place
    book.close()
    (tmp_path / "ledger.db").unlink()
    with pytest.raises(Refused, match="a checkpoint of 7 entries is known") as refused:
        restore(tmp_path / "backup", place)
    assert "--with" in (refused.value.hint or "")
    copied = restore(tmp_path / "backup", place, missing=io.BytesIO(lines))
    assert copied.entries == 7
    with Ledger(place) as again:
        assert again.replay().positions == digest
        assert len(again.journal.checkpoints()) == 2
        again.record(statement("three"))


def test_what_was_erased_since_is_not_restored(book: Ledger, tmp_path: Path) -> None:
    """A backup from before an erasure brings nothing back, neither values nor their key, though all else is there."""
    book.backup(tmp_path / "backup")
    erased = book.erase(6, "asked", "the court")
    lines, place = b"".join(book.export_journal()), book.place
    book.close()
    for name in ("ledger.db", "ledger.views.db"):
        (tmp_path / name).unlink()
    restore(tmp_path / "backup", place)
    everything = b"".join(path.read_bytes() for path in tmp_path.glob("ledger*") if path.is_file())
    assert b"Somebody" not in everything
    assert b"Somebody" in (tmp_path / "backup" / "ledger.db").read_bytes(), "the copy in the drawer still has it"
    with Ledger(place) as again:
        assert list(again.journal.store.all_sealed()) == []
        assert again.disclosed(6) == {}
        assert len(list(again.journal.store.key_rows())) == 5
        again.recover(io.BytesIO(lines))
        assert again.erase(6, "asked again", "the court").recorded.entry == erased.recorded.entry


def test_an_older_copy_recovers(book: Ledger, tmp_path: Path) -> None:
    """A database put back by hand takes what it lacks from an exported journal, and goes on."""
    book.close()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "older.db")
    with Ledger(tmp_path / "ledger.db") as newer:
        newer.record(statement("two"))
        newer.record(statement("three"))
        newer.checkpoint(signer(KEY))
        lines = list(newer.export_journal())
        root = newer.replay().root
    shutil.copy(tmp_path / "older.db", tmp_path / "ledger.db")
    with Ledger(tmp_path / "ledger.db") as older:
        with pytest.raises(Refused, match="restored from an old backup"):
            older.record(statement("four"))
        done = older.recover(io.BytesIO(b"".join(lines[:-1])))
        assert (done.first, done.last, done.missing) == (7, 7, 1)
        done = older.recover(io.BytesIO(b"".join(lines)))
        assert (done.first, done.last, done.missing) == (8, 8, 0)
        assert older.replay().root == root
        assert older.recover(io.BytesIO(b"".join(lines))).last == 8
        older.record(statement("four"))


@pytest.mark.parametrize("harm", ["another line", "another end", "a gap", "too short", "cut"])
def test_another_history_is_not_taken(book: Ledger, tmp_path: Path, harm: str) -> None:
    """A file that differs, forks from what was signed, has a gap or is cut changes nothing."""
    book.close()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "older.db")
    with Ledger(tmp_path / "ledger.db") as newer:
        newer.record(statement("two"))
        newer.checkpoint(signer(KEY))
        lines = [format_line(*line) + b"\n" for line in newer.journal.lines()]
    shutil.copy(tmp_path / "older.db", tmp_path / "ledger.db")
    match harm:
        case "another line":
            lines[3] = lines[3].replace(b"one", b"ONE")
        case "another end":
            lines[6] = lines[6].replace(b"two", b"TWO")
        case "a gap":
            del lines[2]
        case "too short":
            lines = lines[:4]
        case "cut":
            lines[6] = lines[6][:-9]
    with Ledger(tmp_path / "ledger.db") as older:
        before = contents(older)
        with pytest.raises(VerificationFailed):
            older.recover(io.BytesIO(b"".join(lines)))
        assert contents(older) == before


def test_a_copy_of_a_changed_ledger_is_refused(book: Ledger, tmp_path: Path) -> None:
    """A line that does not decode is not copied in silence."""
    with book.journal.store.recorder.datastore.transaction(commit=True) as c:  # type: ignore[attr-defined]
        c.execute("UPDATE stored_events SET state = x'7b7d' WHERE originator_version = 2")
    with pytest.raises(LedgerError):
        book.backup(tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))


def test_what_does_not_belong_to_a_backup_leaves_nothing_behind(book: Ledger, tmp_path: Path) -> None:
    """With lines of another history the restore is refused before a ledger is made; with the right ones it is made."""
    book.backup(tmp_path / "backup")
    book.record(statement("three"))
    lines = b"".join(book.export_journal())
    place = place_of(tmp_path / "again.db")
    with pytest.raises(VerificationFailed, match="not e4 of the ledger"):
        restore(tmp_path / "backup", place, missing=io.BytesIO(lines.replace(b'"one"', b'"ONE"')))
    assert not list(tmp_path.glob("again*"))
    assert restore(tmp_path / "backup", place, missing=io.BytesIO(lines)).entries == book.head


def test_one_file_holds_no_two_copies_of_a_ledger(book: Ledger, tmp_path: Path) -> None:
    """Restored beside itself under another name it is refused, and no empty ledger of that name stays."""
    book.backup(tmp_path / "backup")
    with pytest.raises(Refused, match="holds a copy of this ledger already, as 'main'"):
        restore(tmp_path / "backup", place_of(f"{tmp_path / 'ledger.db'}#copy"))
    with pytest.raises(Refused, match="no ledger 'copy'"):
        Ledger(f"{tmp_path / 'ledger.db'}#copy").close()


def test_an_older_copy_is_not_backed_up(book: Ledger, tmp_path: Path) -> None:
    """A ledger that is behind a checkpoint has lost entries: the backup says so before anybody relies on it."""
    book.backup(tmp_path / "older")
    book.record(statement("three"))
    book.checkpoint(signer(KEY))
    book.close()
    shutil.copy(tmp_path / "older" / "ledger.db", tmp_path / "ledger.db")
    with Ledger(tmp_path / "ledger.db") as older, pytest.raises(Refused, match="is known"):
        older.backup(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_an_older_copy_is_no_well_ledger(book: Ledger, tmp_path: Path, door: Door) -> None:
    """Where a checkpoint of more entries is known, `status` says so and `doctor` calls it an error."""
    book.backup(tmp_path / "older")
    book.record(statement("three"))
    book.checkpoint(signer(KEY))
    assert "ok       signed: the journal ends at e7, and cp2 covers e7" in door("doctor --ledger ledger.db").out
    book.close()
    shutil.copy(tmp_path / "older" / "ledger.db", tmp_path / "ledger.db")
    assert "The journal ends at e6: an old backup was put back" in door.ok("status --ledger ledger.db").out
    said = door("doctor --ledger ledger.db --json")
    (found,) = [one for one in said.json["rows"] if one["check"] == "signed"]
    assert (said.code, found["outcome"], "verbale recover" in found["hint"]) == (1, "error", True)
