"""Checkpoints, keys, proofs and witnesses, as a user of the library and of the command line meets them."""

from __future__ import annotations

import io
import os
import shutil
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.errors import LedgerError, Refused, StateChanged, UnknownName, Unparsable, VerificationFailed
from ledger.transparency.checkpoint import Checkpoint, format_checkpoint, open_checkpoint, parse_checkpoint
from ledger.transparency.keys import COSIGNER, LOG, SigningKey
from ledger.transparency.note import Note, format_note, open_note, parse_note, sign
from ledger.transparency.proofs import check_consistency, root_of
from ledger.transparency.tiles import ENTRIES, TileReader, parse_entries, tile_path, tiles_of
from tests.ledger.samples import BASICS, new_ledger, statement
from verbale import Ledger
from verbale.checkpointing import root_in
from verbale.proving import check_growth, check_proof
from verbale.signing import cosigner_named, key_file, make_key, read_key, signer_of
from verbale.witnessing import Memory, cosign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.transparency.keys import VerifierKey
    from tests.verbale.doors import Door

KEY = SigningKey("example.com/talks", LOG, bytes(range(32)))
SECOND = SigningKey("example.com/talks", LOG, bytes(range(1, 33)))
WITNESS = SigningKey("example.org/witness", COSIGNER, bytes(range(2, 34)))
STRANGER = SigningKey("example.net/other", LOG, bytes(range(3, 35)))


def signer(*held: SigningKey) -> Callable[[VerifierKey], SigningKey]:
    """Return a machine that holds these keys."""

    def find(key: VerifierKey) -> SigningKey:
        for one in held:
            if one.verifier == key:
                return one
        raise Refused("this machine is not the signer")

    return find


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open a ledger with a key and four entries."""
    with new_ledger(tmp_path / "ledger.db", *BASICS, statement("one"), statement("two")) as book:
        book.add_key(KEY.verifier)
        yield book


def edit(book: Ledger, entry: int, words: bytes, others: bytes) -> None:
    """Change a line where it is stored, as somebody with the file at hand can."""
    line = book.journal.line(entry)
    assert line is not None
    assert words in line.data
    state = line.data.replace(words, others)
    with book.journal.store.recorder.datastore.transaction(commit=True) as c:  # type: ignore[attr-defined]
        c.execute("UPDATE stored_events SET state = ? WHERE originator_version = ?", (state, entry))


# ── Checkpoints ───────────────────────────────────────────────────────────────


def test_a_checkpoint_signs_the_root_of_the_lines(book: Ledger) -> None:
    """It names origin, size and root, its signature is good, and it is kept in the ledger and beside it."""
    signed = book.checkpoint(signer(KEY))
    body = open_checkpoint(signed.checkpoint.note, KEY.verifier).checkpoint
    assert (body.origin, body.size) == ("example.com/talks", book.head)
    assert body.root == signed.root == root_in(signed.checkpoint)
    assert book.replay().root.encode() in signed.checkpoint.note
    assert book.journal.store.checkpoints() == book.journal.kept.checkpoints() == [signed.checkpoint]


def test_nothing_new_is_not_signed_again(book: Ledger) -> None:
    """The same checkpoint is answered until something is recorded; then the next one is cp2."""
    first = book.checkpoint(signer(KEY))
    again = book.checkpoint(signer(KEY))
    assert (again.checkpoint, again.already, first.already) == (first.checkpoint, True, False)
    book.record(statement("three"))
    assert book.checkpoint(signer(KEY)).checkpoint.number == 2
    assert book.moment(None, "cp1").known_at == first.checkpoint.size


def test_only_the_signer_signs(book: Ledger) -> None:
    """A machine without the key says so, and an empty ledger, or one without a key, is not signed."""
    with pytest.raises(Refused, match="not the signer"):
        book.checkpoint(signer())
    assert book.journal.checkpoints() == []


def test_an_empty_ledger_is_not_signed(tmp_path: Path) -> None:
    """There is nothing to sign, and before that nobody to sign it."""
    with new_ledger(tmp_path / "ledger.db") as book:
        with pytest.raises(Refused, match="no key yet"):
            book.checkpoint(signer(KEY))
        book.add_key(KEY.verifier)
        with pytest.raises(Refused, match="nothing is recorded"):
            book.checkpoint(signer(KEY))


def test_another_history_is_never_signed(book: Ledger) -> None:
    """Where the journal is not what was signed, nothing more is signed, whatever was recorded since."""
    book.checkpoint(signer(KEY))
    book.record(statement("three"))
    edit(book, 4, b"one", b"ONE")
    with pytest.raises(VerificationFailed, match="cp1 signed another history"):
        book.checkpoint(signer(KEY))
    assert len(book.journal.checkpoints()) == 1


def test_a_corrupt_tile_is_never_signed(book: Ledger) -> None:
    """Where a node that is kept does not follow from the journal, the checkpoint is refused and names its tile."""
    book.checkpoint(signer(KEY))
    book.record(statement("three"))
    (hashes,) = book.views.db.execute("SELECT hashes FROM tiles").fetchone()
    book.views.db.execute("UPDATE tiles SET hashes = ?", (bytes(32) + hashes[32:],))
    with pytest.raises(VerificationFailed, match="tile/0/000"):
        book.checkpoint(signer(KEY))
    book.views.rebuild()
    assert book.checkpoint(signer(KEY)).checkpoint.number == 2


def test_an_older_copy_is_neither_signed_nor_recorded_into(tmp_path: Path, book: Ledger) -> None:
    """Put back from a backup, the journal is behind the file beside it: refused, with the way to recover."""
    book.close()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "backup.db")
    with Ledger(tmp_path / "ledger.db") as newer:
        newer.record(statement("three"))
        newer.checkpoint(signer(KEY))
    shutil.copy(tmp_path / "backup.db", tmp_path / "ledger.db")
    with Ledger(tmp_path / "ledger.db") as older:
        for attempt in (lambda: older.record(statement("four")), lambda: older.checkpoint(signer(KEY))):
            with pytest.raises(LedgerError, match=r"restored from an old backup|cp1 covers 6") as refused:
                attempt()
            assert "recover" in (refused.value.hint or "")


def test_a_checkpoint_of_the_file_counts_where_the_database_lost_it(book: Ledger) -> None:
    """A crash between the two writes loses no checkpoint, and the next one has the next number."""
    first = book.checkpoint(signer(KEY)).checkpoint
    with book.journal.store.recorder.datastore.transaction(commit=True) as c:  # type: ignore[attr-defined]
        c.execute("DELETE FROM checkpoints")
    assert book.journal.checkpoints() == [first]
    book.record(statement("three"))
    assert book.checkpoint(signer(KEY)).checkpoint.number == 2


def test_a_file_of_checkpoints_that_is_gone_is_told_of(book: Ledger, tmp_path: Path) -> None:
    """Where only the database has a checkpoint, verifying holds, and says that the file beside it lacks it."""
    book.checkpoint(KEY)
    (tmp_path / "ledger.checkpoints.jsonl").unlink()
    found = book.verify()
    assert found.ok
    assert any("lacks cp1" in one.says for one in found.not_checked)


def test_a_checkpoint_kept_elsewhere_shows_another_history(book: Ledger, tmp_path: Path) -> None:
    """Where the operator rewrites everything and signs anew with the same key, only a note that was kept can tell."""
    kept = book.checkpoint(signer(KEY)).checkpoint.note
    assert book.verify(checkpoints={"monday": kept}).ok
    lines = b"".join(book.export_journal()).replace(b'"one"', b'"ONE"')
    Ledger.create(tmp_path / "forged.db")
    with Ledger(tmp_path / "forged.db") as forged:
        forged.replay_file(io.BytesIO(lines))
        forged.add_key(KEY.verifier)
        forged.checkpoint(signer(KEY))
        assert forged.verify().ok
        found = forged.verify(checkpoints={"monday": kept})
        assert [one.says for one in found.problems] == ["one of e1 to e5 is not what monday was signed over"]
        assert not forged.verify(checkpoints={"monday": b"no note"}).ok
        larger = kept.replace(b"\n5\n", b"\n6\n")
        assert not forged.verify(checkpoints={"monday": larger}).ok


@pytest.mark.parametrize("kept", [True, False], ids=["beside", "nowhere-else"])
def test_a_forged_checkpoint_in_the_database_lets_nothing_be_signed(book: Ledger, kept: bool) -> None:
    """Who rewrites an entry and the note over it, but has no key, gets no signature on it, with the file or without."""
    book.checkpoint(signer(KEY))
    edit(book, 5, b'"two"', b'"TWO"')
    book.views.rebuild()
    text = format_checkpoint(Checkpoint(KEY.name, book.head, b64decode(book.replay().root)))
    forged = format_note(Note(text, (sign(text, SigningKey(KEY.name, LOG, bytes(32))),)))
    with book.journal.store.recorder.datastore.transaction(commit=True) as c:  # type: ignore[attr-defined]
        c.execute("UPDATE checkpoints SET note = ?", (forged,))
    if not kept:
        (book.place.journal.parent / "ledger.checkpoints.jsonl").unlink()  # type: ignore[attr-defined]
    book.record(statement("three"))
    with pytest.raises(VerificationFailed, match="cp1"):
        book.checkpoint(signer(KEY))


# ── Keys ──────────────────────────────────────────────────────────────────────


def test_keys_are_added_and_retired_by_entries(book: Ledger) -> None:
    """While two are valid both sign; a retired one signs no more; what it signed stays; the last cannot go."""
    book.checkpoint(signer(KEY, SECOND))
    added = book.add_key(SECOND.verifier, "rotation")
    assert added is not None
    both = book.checkpoint(signer(KEY, SECOND)).checkpoint.note
    assert len(open_note(both, [KEY.verifier, SECOND.verifier]).signatures) == 2
    retired = book.retire_key(KEY.verifier.key_id.hex(), "lost")
    assert [(s.key, s.added, s.retired) for s in book.signing_keys()] == [
        (KEY.verifier, None, retired.entry),
        (SECOND.verifier, added.entry, None),
    ]
    alone = book.checkpoint(signer(KEY, SECOND)).checkpoint.note
    assert [s.key for s in open_note(alone, [KEY.verifier, SECOND.verifier]).signatures] == [SECOND.verifier]
    with pytest.raises(Refused, match="only key"):
        book.retire_key(SECOND.verifier.format(), "why not")
    with pytest.raises(Refused, match="retired by"):
        book.retire_key(KEY.verifier.format(), "again")
    with pytest.raises(UnknownName):
        book.retire_key("00000000", "nobody's")


def test_a_key_of_another_name_is_refused(book: Ledger) -> None:
    """The keys of a ledger have its origin for a name; one that is known is not added again."""
    with pytest.raises(Refused, match=r"example\.net/other"):
        book.add_key(STRANGER.verifier)
    with pytest.raises(Refused, match="known already"):
        book.add_key(KEY.verifier)


@pytest.mark.parametrize(
    "said",
    ["example.com/talks+00000000+" + KEY.verifier.format().split("+", 2)[2], WITNESS.verifier.format()],
    ids=["another-id", "a-witness"],
)
def test_what_signs_no_checkpoint_is_recorded_as_no_key(book: Ledger, said: str) -> None:
    """A draft that names a key whose id is not its own, or a witness's, is refused, and the keys stay readable."""
    for draft in ({"type": "key-added", "key": said}, {"type": "key-retired", "key": said, "reason": "r"}):
        with pytest.raises(Refused, match=r"^key: "):
            book.record(draft)
    assert [state.key for state in book.signing_keys()] == [KEY.verifier]


def test_keys_of_a_ledger_that_was_replayed_sign_nothing_here(book: Ledger, tmp_path: Path) -> None:
    """The journal names keys of its first home, and rubbish perhaps: checkpoints bear this ledger's own, and hold."""
    book.add_key(SECOND.verifier, "a spare")
    copied = b"".join(book.export_journal())
    rubbish = copied.replace(SECOND.verifier.key_id.hex().encode(), b"00000000")
    for number, journal in enumerate((copied, rubbish)):
        with new_ledger(tmp_path / f"copy{number}.db") as copy:
            copy.add_key(STRANGER.verifier)
            copy.replay_file(io.BytesIO(journal))
            assert [state.key for state in copy.signing_keys()] == [STRANGER.verifier]
            signed = copy.checkpoint(signer(KEY, SECOND, STRANGER)).checkpoint
            assert [one.name for one in parse_note(signed.note).signatures] == [STRANGER.name]
            assert copy.verify().ok


def test_a_witness_with_two_keys_of_a_name_is_asked_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name alone does not choose: the ids are told; the whole key does, whatever other keys lie there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    keys = [make_key("example.org/w", COSIGNER) for _ in range(2)]
    stranger = key_file(make_key("example.org/other", COSIGNER).verifier)
    stranger.chmod(0o644)
    with pytest.raises(UnknownName, match="2 keys of a witness") as refused:
        cosigner_named("example.org/w")
    assert all(key.verifier.key_id.hex() in refused.value.message for key in keys)
    assert cosigner_named(keys[1].verifier.format()) == keys[1]
    with pytest.raises(UnknownName, match="no key of a witness"):
        cosigner_named("example.org")


def test_key_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Made with mode 0600, never over another file; one that others can read is refused, and no message shows it."""
    path = tmp_path / "a.key"
    key = make_key("example.com/a b".replace(" ", "-"), LOG, path)
    assert read_key(path) == key
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o640)
        with pytest.raises(Refused, match="can be read by others"):
            read_key(path)
        path.chmod(0o600)
    with pytest.raises(Refused, match="cannot make the key"):
        make_key("example.com/b", LOG, path)
    path.write_text("PRIVATE+KEY+secret")
    with pytest.raises(Unparsable) as refused:
        read_key(path)
    assert "secret" not in f"{refused.value.message}{refused.value.hint}"
    with pytest.raises(UnknownName):
        read_key(tmp_path / "none.key")
    with pytest.raises(Refused, match="not the signer"):
        signer_of(STRANGER.verifier)
    with pytest.raises(Refused, match="holds the key"):
        signer_of(STRANGER.verifier, _written(tmp_path / "other.key", KEY))


def _written(path: Path, key: SigningKey) -> Path:
    path.write_text(key.format())
    path.chmod(0o600)
    return path


# ── Proofs ────────────────────────────────────────────────────────────────────


def test_every_entry_is_proved_in_every_checkpoint(book: Ledger) -> None:
    """A mailed proof convinces who holds the ledger's key, brings the line, and nobody else's key will do."""
    for words in ("three", "four", "five"):
        book.checkpoint(signer(KEY))
        book.record(statement(words))
    book.checkpoint(signer(KEY))
    for checkpoint in book.journal.checkpoints():
        for entry in range(1, checkpoint.size + 1):
            found = book.prove(entry, f"cp{checkpoint.number}")
            line, opened = check_proof(found.as_file(), [KEY.verifier])
            assert line == found.line
            assert opened.checkpoint.size == checkpoint.size
    with pytest.raises(VerificationFailed):
        check_proof(found.as_file(), [STRANGER.verifier])
    with pytest.raises(VerificationFailed):
        check_proof(found.as_file(), [KEY.verifier], found.line.replace(b"five", b"fine"))


def test_growth_is_proved_between_any_two_moments(book: Ledger) -> None:
    """Between checkpoints and between entries, from one to another and to itself."""
    book.checkpoint(signer(KEY))
    book.record(statement("three"))
    book.checkpoint(signer(KEY))
    for pair in ("cp1..cp2", "cp2..cp2", "e1..cp2", "e2..e4", "e5..cp2"):
        grown = book.prove_growth(pair)
        check_consistency(grown.from_size, grown.to_size, grown.from_root, grown.to_root, grown.path)
    for pair, error in (("cp2..cp1", Refused), ("cp1-cp2", Unparsable), ("cp1..cp9", UnknownName), ("e0..e2", Refused)):
        with pytest.raises(error):
            book.prove_growth(pair)


def test_growth_is_checked_by_who_kept_a_checkpoint(book: Ledger) -> None:
    """With an older note, the proof and the key, nothing else: another note, another proof, another key will not do."""
    notes = []
    for words in ("three", "four", "five"):
        notes.append(book.checkpoint(KEY).checkpoint.note)
        book.record(statement(words))
    proof = book.prove_growth("cp1..cp3").as_file()
    old, new = check_growth(proof, notes[0], [KEY.verifier])
    assert (old.checkpoint.size, new.checkpoint.size) == (5, 7)
    with pytest.raises(VerificationFailed, match="starts at 5 entries"):
        check_growth(proof, notes[1], [KEY.verifier])
    with pytest.raises(VerificationFailed):
        check_growth(proof, notes[0], [STRANGER.verifier])
    with pytest.raises(VerificationFailed):
        check_growth(book.prove_growth("cp2..cp3").as_file().replace(b"old 6", b"old 5"), notes[0], [KEY.verifier])


def test_what_is_not_signed_yet_says_so(book: Ledger) -> None:
    """Without a checkpoint there is a proof in the tree as it is, and no file to mail; an older one does not do."""
    assert book.prove(1).checkpoint is None
    with pytest.raises(Refused, match="no checkpoint covers e1"):
        book.prove(1).as_file()
    book.checkpoint(signer(KEY))
    last = book.record(statement("three")).entry
    with pytest.raises(Refused, match="recorded later"):
        book.prove(last, "cp1")
    with pytest.raises(UnknownName, match="no entry e99"):
        book.prove(99)


def test_no_proof_is_made_of_a_changed_line(book: Ledger) -> None:
    """A line changed since it was signed has no proof in that checkpoint."""
    book.checkpoint(signer(KEY))
    edit(book, 4, b"one", b"ONE")
    with pytest.raises(VerificationFailed):
        book.prove(4)


def test_the_journal_is_exported_as_a_log(book: Ledger, tmp_path: Path) -> None:
    """The tiles are those that tlog-tiles lists, the bundles hold the lines, and the root is what was signed."""
    book.import_file(io.BytesIO(b"".join(_issue(n) for n in range(700))))
    signed = book.checkpoint(signer(KEY))
    assert book.export_tiles(tmp_path / "log") == signed.checkpoint.size == 705
    files = {path.relative_to(tmp_path / "log").as_posix() for path in (tmp_path / "log").rglob("*") if path.is_file()}
    listed = {tile_path(*tile) for tile in tiles_of(705)}
    assert files == {
        "checkpoint",
        *listed,
        *(name.replace("tile/0", "tile/entries") for name in listed if "/0/" in name),
    }
    entries = [
        entry
        for number, width in enumerate((256, 256, 193))
        for entry in parse_entries((tmp_path / "log" / tile_path(ENTRIES, number, width)).read_bytes(), width)
    ]
    assert [line + b"\n" for line in entries] == list(book.export_journal())
    read = TileReader(lambda *tile: (tmp_path / "log" / tile_path(*tile)).read_bytes(), 705)
    assert root_of(705, read) == signed.root
    with pytest.raises(Refused, match="there already"):
        book.export_tiles(tmp_path / "log")


def _issue(number: int) -> bytes:
    return b'{"type":"issue-opened","issue":"i%d","proposition":"Number %d"}\n' % (number, number)


# ── Witnesses ─────────────────────────────────────────────────────────────────


def test_a_witness_cosigns_what_only_grew(book: Ledger, tmp_path: Path) -> None:
    """First with the key that it was given, then from its memory; the ledger takes the cosignatures in."""
    memory = Memory(tmp_path / "memory.json")
    book.checkpoint(signer(KEY))
    with pytest.raises(Refused, match="its key is not known"):
        cosign(book.request(WITNESS.verifier), WITNESS, memory, now=1_800_000_000)
    note, before = cosign(book.request(WITNESS.verifier), WITNESS, memory, log=KEY.verifier, now=1_800_000_000)
    assert before == 0
    assert book.take_cosignature(note, [WITNESS.verifier]).new
    assert not book.take_cosignature(note, [WITNESS.verifier]).new
    book.record(statement("three"))
    book.checkpoint(signer(KEY))
    note, before = cosign(book.request(WITNESS.verifier), WITNESS, memory, now=1_800_000_001)
    assert before == book.head - 1
    opened = open_checkpoint(note, KEY.verifier, [WITNESS.verifier])
    assert [s.timestamp for s in opened.cosignatures] == [1_800_000_001]
    assert parse_checkpoint(parse_note(book.journal.checkpoints()[0].note).text).size == before


def test_a_witness_refuses_a_fork(book: Ledger, tmp_path: Path) -> None:
    """Two histories of one ledger, each signed: the witness of the first cosigns nothing of the second."""
    memory = Memory(tmp_path / "memory.json")
    book.close()
    for name in ("fork", "other"):
        (tmp_path / name).mkdir()
        shutil.copy(tmp_path / "ledger.db", tmp_path / name / "ledger.db")
    with Ledger(tmp_path / "ledger.db") as one:
        one.record(statement("three"))
        one.checkpoint(signer(KEY))
        cosign(one.request(WITNESS.verifier), WITNESS, memory, log=KEY.verifier, now=1_800_000_000)
    with Ledger(tmp_path / "fork" / "ledger.db") as other:
        other.record(statement("another three"))
        other.checkpoint(signer(KEY))
        with pytest.raises(VerificationFailed, match="FORK"):
            cosign(other.request(WITNESS.verifier), WITNESS, memory, now=1_800_000_000)
        other.record(statement("four"))
        other.checkpoint(signer(KEY))
        with pytest.raises(StateChanged, match="starts at size 0"):
            cosign(other.request(WITNESS.verifier), WITNESS, memory, now=1_800_000_000)
    with Ledger(tmp_path / "other" / "ledger.db") as older:
        older.checkpoint(signer(KEY))
        with pytest.raises(VerificationFailed, match="smaller"):
            cosign(older.request(WITNESS.verifier), WITNESS, memory, now=1_800_000_000)


def test_a_witness_follows_a_new_key_that_the_old_one_vouches_for(book: Ledger, tmp_path: Path) -> None:
    """Given another key of the ledger, it is taken while both sign, and not after."""
    memory = Memory(tmp_path / "memory.json")
    book.checkpoint(signer(KEY))
    cosign(book.request(WITNESS.verifier), WITNESS, memory, log=KEY.verifier, now=1_800_000_000)
    book.add_key(SECOND.verifier)
    book.checkpoint(signer(KEY, SECOND))
    with pytest.raises(StateChanged, match=r"knows example\.com/talks at size 5"):
        cosign(book.request(WITNESS.verifier), WITNESS, memory, now=1_800_000_000)
    request = book.request(WITNESS.verifier, 5)
    note, _ = cosign(request, WITNESS, memory, log=SECOND.verifier, now=1_800_000_000)
    assert cosign(request, WITNESS, memory, now=1_800_000_000)[0] == note, "an answer that was lost is given again"
    book.take_cosignature(note, [WITNESS.verifier])
    known = memory.known("example.com/talks")
    assert known is not None
    assert known[0] == SECOND.verifier
    book.retire_key(SECOND.verifier.key_id.hex(), "stolen")
    book.checkpoint(signer(KEY, SECOND))
    with pytest.raises(VerificationFailed):
        cosign(book.request(WITNESS.verifier), WITNESS, memory, now=1_800_000_000)


def test_a_cosignature_on_something_else_is_not_taken(book: Ledger, tmp_path: Path) -> None:
    """A checkpoint of another ledger, or one without the witness's signature, is refused."""
    book.checkpoint(signer(KEY))
    with new_ledger(tmp_path / "other.db", *BASICS) as other:
        other.add_key(STRANGER.verifier)
        other.checkpoint(signer(STRANGER))
        request = other.request(WITNESS.verifier)
    memory = Memory(tmp_path / "memory.json")
    note, _ = cosign(request, WITNESS, memory, log=STRANGER.verifier, now=1_800_000_000)
    with pytest.raises(UnknownName, match="none of this ledger's"):
        book.take_cosignature(note, [WITNESS.verifier])
    with pytest.raises(VerificationFailed):
        book.take_cosignature(book.journal.checkpoints()[0].note, [WITNESS.verifier])


# ── The command line ──────────────────────────────────────────────────────────


def test_the_key_lies_outside_the_ledgers_folder(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`init` makes it in the user's configuration; nothing in the ledger's folder holds it; status shows its half."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    door.ok("init --ledger here/ledger.db --origin example.com/talks")
    (file,) = (tmp_path / "settings" / "verbale" / "keys").iterdir()
    key = read_key(file)
    assert file == key_file(key.verifier)
    assert door.ok("status --json --ledger here/ledger.db").json["key"] == key.verifier.format()
    secret = key.format().rpartition("+")[2].encode()
    assert not any(secret in path.read_bytes() for path in (tmp_path / "here").rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("prove --check proof", 2, "a proof is held against a key that you were given"),
        ("witness take proof", 2, "a cosignature is held against a key that you were given"),
        ("prove --check proof --key missing", 2, "'missing' is neither a verifier key nor a file that holds one"),
        ("prove --check proof --key binary", 2, "binary: it is not UTF-8, at byte 0"),
        ("prove --check proof --key proof", 2, "proof: this is not a verifier key"),
        ("prove --check proof --policy missing", 1, "cannot read missing: No such file or directory"),
        (
            "witness take proof --policy proof --key x",
            2,
            "--key and --policy are two ways to say whom you trust",
        ),
        ("checkpoint --key binary", 2, "binary holds no key: it is not UTF-8, at byte 0"),
        ("checkpoint --key .", 1, ". is no file of a key"),
        ("witness ask example.org/w+KEY --from 99", 1, "cp1 covers 1 entries, and the witness knows 99"),
        ("bundle make -o out --disclose e99", 4, "no entry e99"),
    ],
)
def test_what_is_no_key_is_told_in_words(door: Door, tmp_path: Path, command: str, code: int, says: str) -> None:
    """A key, a policy or an entry that is none is named as it was given, and the exit code says what kind of error."""
    door.ok(f"init -q --key {tmp_path / 'log.key'}")
    door.ok("party add RUS Russia --kind state")
    if not command.startswith("checkpoint"):
        door.ok(f"checkpoint -q --key {tmp_path / 'log.key'}")
    Path("proof").write_text("no proof\n", encoding="utf-8")
    Path("binary").write_bytes(b"\xff\x00")
    Path("binary").chmod(0o600)
    said = door(command.replace("example.org/w+KEY", WITNESS.verifier.format()))
    assert (said.code, said.err.splitlines()[0]) == (code, f"Error: {says}.")
