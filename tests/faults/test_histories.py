"""Histories rewritten by whoever runs the ledger, and who catches it: the table below says so, row by row.

The operator has everything: the files, the content keys' secret, and, in the later rows, the signing key.  Five can
catch him, and a row lists all who do:

- `verify`: the command, on his own files, as he left them.
- `signing`: the command `checkpoint` on his machine, which refuses to sign.
- `check.py`: the program of a bundle that is made afterwards, given the ledger's key.
- `kept`: `verify --checkpoint FILE`, with the last checkpoint that somebody was given before and kept.
- `witness`: one who has cosigned that checkpoint, and is asked to cosign the next.

Where nobody is listed, nobody can know.  One harm to a line or a table at a time is for tests/verbale/test_verify.py.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from ledger.errors import LedgerError, Refused
from ledger.transparency.keys import COSIGNER, SigningKey
from tests.faults.whole import verify_finds
from tests.ledger.samples import NOW, about, statement
from tests.ledger.transparency.test_check import check as checker
from tests.verbale.tampering import FIRST, KEY, OTHER, made, sql
from tests.verbale.test_bundling import judged
from tests.verbale.test_verify import LINE, rewritten
from verbale import Ledger
from verbale.copying import restore
from verbale.places import Place
from verbale.witnessing import Memory, cosign

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_WITNESS: Final = SigningKey("example.org/witness", COSIGNER, bytes(range(1, 33)))


class Elsewhere(NamedTuple):
    """What people elsewhere have, and the operator cannot reach."""

    folder: Path

    @property
    def memory(self) -> Memory:
        """What the witness has cosigned."""
        return Memory(self.folder / "memory")

    @property
    def note(self) -> Path:
        """The last checkpoint that somebody was given."""
        return self.folder / "kept"

    @property
    def backup(self) -> Path:
        """A copy from when the first checkpoint was the last."""
        return self.folder / "backup"

    def give(self, path: Path) -> None:
        """Sign what is there, have it cosigned, and give it to somebody."""
        with Ledger(path, clock=lambda: 2 * NOW) as book:
            book.checkpoint(lambda _: KEY)
            known = self.memory.known(KEY.name)
            request = book.request(_WITNESS.verifier, 0 if known is None else known[1].size)
            note, _ = cosign(request, _WITNESS, self.memory, log=KEY.verifier, now=1)
            self.note.write_bytes(note)


# ── What is done ──────────────────────────────────────────────────────────────


def hide(path: Path) -> None:
    """Delete what follows from the journal, which is made anew."""
    path.with_name("ledger.views.db").unlink()


def unsign(path: Path, after: int = 0) -> None:
    """Delete every checkpoint of more than so many entries."""
    beside = path.with_name("ledger.checkpoints.jsonl")
    kept = [line for line in beside.read_text().splitlines() if f'"size":{FIRST},' in line and after >= FIRST]
    beside.write_text("".join(f"{line}\n" for line in kept))
    sql(path, f"DELETE FROM checkpoints WHERE size > {after}")


def cut(path: Path, after: int = 15) -> None:
    """Delete the last entries, with all that belongs to them."""
    for table, column in (
        ("stored_events", "originator_version"),
        ("content_keys", "entry"),
        ("sealed_values", "entry"),
    ):
        sql(path, f"DELETE FROM {table} WHERE {column} > {after}")
    hide(path)


def go_on(path: Path, words: str = "Something else.", count: int = 9) -> None:
    """Record so many entries."""
    with Ledger(path, recorded_by="anna", clock=lambda: 2 * NOW) as book:
        for n in range(count):
            book.record(statement(f"{words} {n}"))


def tail_cut(path: Path, _: Elsewhere) -> None:
    """Cut the journal behind e15."""
    cut(path)


def tail_cut_and_unsigned(path: Path, _: Elsewhere) -> None:
    """Cut it, and delete the checkpoints that covered more."""
    cut(path)
    unsign(path, 15)


def tail_replaced(path: Path, _: Elsewhere) -> None:
    """Cut it, delete those checkpoints, and record other things until the journal is longer than before."""
    cut(path)
    unsign(path, 15)
    go_on(path)


def lines_swapped(path: Path, _: Elsewhere) -> None:
    """Let e12 and e17 change places, content keys included."""
    for table, column in (("stored_events", "originator_version"), ("content_keys", "entry")):
        for one, other in ((12, -1), (17, 12), (-1, 17)):
            sql(path, f"UPDATE {table} SET {column} = {other} WHERE {column} = {one}")
    hide(path)


def line_edited(path: Path, _: Elsewhere) -> None:
    """Change a word in the database, and nothing else."""
    sql(path, LINE.format("Njet.", "Da.", 14))


def line_edited_and_rebuilt(path: Path, _: Elsewhere) -> None:
    """Change a word, its content key, the views and the tree."""
    rewritten(path, 14, "Njet.", "Da.")
    hide(path)


def line_edited_and_signed_anew(path: Path, _: Elsewhere) -> None:
    """Change a word and all that follows, delete every checkpoint, and sign with the ledger's own key."""
    line_edited_and_rebuilt(path, _)
    unsign(path)


def forked(path: Path, elsewhere: Elsewhere) -> None:
    """Run two copies with the same key; this one is shown to who kept a checkpoint of the other."""
    other = elsewhere.folder / "other"
    shutil.copytree(path.parent, other)
    go_on(other / path.name, "To the one.", 2)
    elsewhere.give(other / path.name)
    go_on(path, "To the other.", 2)


def forked_and_kept_apart(path: Path, elsewhere: Elsewhere) -> None:
    """Run two copies with the same key; each reader is shown one, and keeps what he was given of that."""
    forked(path, elsewhere)
    with Ledger(path) as book:
        elsewhere.note.write_bytes(book.checkpoint(lambda _: KEY).checkpoint.note)


def database_set_back(path: Path, elsewhere: Elsewhere) -> None:
    """Put an old copy of the database back, as people do without a thought."""
    shutil.copy(elsewhere.backup / "ledger.db", path)
    hide(path)


def all_set_back(path: Path, elsewhere: Elsewhere) -> None:
    """Put an old copy of everything back, and go on."""
    shutil.rmtree(path.parent)
    restore(elsewhere.backup, Place(path))
    go_on(path)


def never_signed(path: Path, _: Elsewhere) -> None:
    """Take back what was recorded since the last checkpoint."""
    go_on(path, "Forget this.", 2)
    cut(path, 19)


def another_key(path: Path, _: Elsewhere) -> None:
    """Change a word and all that follows, and sign with a key of one's own under the ledger's name."""
    line_edited_and_rebuilt(path, _)
    unsign(path)
    sql(path, f"UPDATE verifier_keys SET key = '{OTHER.verifier.format()}'")


def retracted(path: Path, _: Elsewhere) -> None:
    """Correct the record as one should: by recording."""
    with Ledger(path, clock=lambda: 2 * NOW) as book:
        book.record(about("retracted", 18))


# ── Who catches it ────────────────────────────────────────────────────────────

CAUGHT: Final[list[tuple[Callable[[Path, Elsewhere], None], str]]] = [
    (tail_cut, "verify signing check.py kept"),
    (tail_cut_and_unsigned, "kept witness"),
    (tail_replaced, "kept witness"),
    (lines_swapped, "verify signing check.py kept"),
    (line_edited, "verify signing check.py kept"),
    (line_edited_and_rebuilt, "verify signing check.py kept"),
    (line_edited_and_signed_anew, "kept witness"),
    (forked, "kept witness"),
    (forked_and_kept_apart, "witness"),
    (database_set_back, "verify signing check.py kept"),
    (all_set_back, "kept witness"),
    (another_key, "check.py kept witness"),
    (never_signed, ""),
    (retracted, ""),
]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger and what was given away of it, once."""
    folder = tmp_path_factory.mktemp("original")
    (folder / "ledger").mkdir()
    path = made(folder / "ledger")
    elsewhere = Elsewhere(folder / "elsewhere")
    elsewhere.folder.mkdir()
    elsewhere.give(path)
    copied = folder / "older" / path.name
    shutil.copytree(path.parent, copied.parent)
    cut(copied, FIRST)
    unsign(copied, FIRST)
    with Ledger(copied) as book:
        book.backup(elsewhere.backup)
    return folder


def caught(path: Path, elsewhere: Elsewhere) -> list[str]:
    """Return who catches what was done to a ledger."""
    by = ["verify"] if verify_finds(path) else []
    with Ledger(path, clock=lambda: 2 * NOW) as book:
        key = OTHER if book.verifier_key() == OTHER.verifier else KEY
        try:
            book.checkpoint(lambda _: key)
        except LedgerError:
            by.append("signing")
        try:
            book.bundle(elsewhere.folder / "bundle")
            judged(elsewhere.folder / "bundle", KEY.verifier.format())
        except (LedgerError, checker.BadError):
            by.append("check.py")
        if not book.verify(checkpoints={"kept": elsewhere.note.read_bytes()}).ok:
            by.append("kept")
        if is_refused_by_the_witness(book, elsewhere):
            by.append("witness")
    return by


def is_refused_by_the_witness(book: Ledger, elsewhere: Elsewhere) -> bool:
    """Say whether the witness refuses what the operator can ask for; he may not be able to ask for anything."""
    known, last = elsewhere.memory.known(KEY.name), book.journal.checkpoints()[-1]
    assert known is not None
    try:
        request = book.request(_WITNESS.verifier, min(known[1].size, last.size))
    except Refused:  # his own copy is behind what it has signed
        return False
    try:
        cosign(request, _WITNESS, elsewhere.memory, now=2)
    except LedgerError:
        return True
    return False


@pytest.mark.parametrize(("harm", "by"), CAUGHT, ids=lambda one: getattr(one, "__name__", ""))
def test_who_catches_what(
    original: Path, tmp_path: Path, harm: Callable[[Path, Elsewhere], None], by: str, figures: Callable[[str], None]
) -> None:
    """Each harm is caught by those whom the table names, and by nobody else."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    path, elsewhere = tmp_path / "ledger" / "ledger.db", Elsewhere(tmp_path / "elsewhere")
    harm(path, elsewhere)
    assert caught(path, elsewhere) == by.split()
    figures(f"history, {harm.__name__.replace('_', ' ')}: {by.replace(' ', ', ') or 'nobody can know'}")


def test_a_witness_says_fork(original: Path, tmp_path: Path) -> None:
    """Of two trees of one size a witness says what it is: both checkpoints together prove it to anybody."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    path, elsewhere = tmp_path / "ledger" / "ledger.db", Elsewhere(tmp_path / "elsewhere")
    forked(path, elsewhere)
    with Ledger(path) as book:
        book.checkpoint(lambda _: KEY)
        with pytest.raises(LedgerError, match="FORK"):
            cosign(book.request(_WITNESS.verifier, book.head), _WITNESS, elsewhere.memory, now=2)
        told = book.verify(checkpoints={"kept": elsewhere.note.read_bytes()}).problems
    assert ["is not what kept was signed over" in one.says for one in told] == [True]
