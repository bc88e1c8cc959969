"""What every store promises, whatever database it is: the seam of `ledger.stores.protocol`."""

from __future__ import annotations

import contextlib
import hashlib
import io
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.batch import Batch, Destroyed
from ledger.codec import StoredLine
from ledger.errors import Refused, StateChanged
from ledger.kept import Checkpoint
from ledger.sealing import SealedValue
from ledger.stores import protocol
from tests.ledger.samples import BASICS, NOW, about, new_ledger, source, statement
from verbale import Ledger
from verbale.places import Place
from verbale.samples import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.stores.protocol import Store
    from verbale.places import Location

KEYS = st.integers(-(1 << 63), (1 << 63) - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@pytest.fixture
def store(place: Location) -> Iterator[Store]:
    """Open an empty store of each kind."""
    with contextlib.closing(place.open()) as store:
        yield store


def line(entry: int, data: bytes = b"{}") -> StoredLine:
    """Return an entry that no codec would take: a store does not look into it."""
    return StoredLine(entry, "x.v1", data)


BATCHES = st.lists(
    st.tuples(st.binary(max_size=50), KEYS, st.lists(TEXTS, max_size=2, unique=True)), min_size=1, max_size=5
)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(BATCHES, min_size=1, max_size=4))
def test_what_was_appended_is_read_back(
    new_place: Callable[[], Location], lots: list[list[tuple[bytes, int, list[str]]]]
) -> None:
    """Any bytes, any keys, any words sealed, in batches of any size: another store finds them as they were given."""
    place = new_place()
    place.create()
    rows = [row for lot in lots for row in lot]
    with contextlib.closing(place.open()) as writer, contextlib.closing(place.open()) as reader:
        at = 0
        for lot in lots:
            lines = [line(at + n, data) for n, (data, _, _) in enumerate(lot, 1)]
            keys = [(key, at + n) for n, (_, key, _) in enumerate(lot, 1)]
            values = [
                (at + n, SealedValue(f"f{i}", b"s", t))
                for n, (_, _, some) in enumerate(lot, 1)
                for i, t in enumerate(some)
            ]
            with writer.writing():
                version = reader.data_version()
                writer.append([Batch(lines, keys, values)])
            at += len(lot)
            assert reader.head() == at
            assert reader.data_version() != version
        assert [read.data for read in reader.lines()] == [data for data, _, _ in rows]
        assert list(reader.keys()) == sorted(key for _, key, _ in rows)
        for entry, (_, key, some) in enumerate(rows, 1):
            assert entry in reader.entries_with_key(key)
            assert {value.value for value in reader.sealed_values(entry)} == set(some)


def test_a_batch_that_fails_takes_those_before_it_along(store: Store) -> None:
    """All batches of one append are one transaction, also where what yields them fails in the middle."""

    def batches() -> Iterator[Batch]:
        yield Batch([line(1), line(2)], [(5, 1), (6, 2)], [(1, SealedValue("text", b"s", "v"))])
        raise Refused("no more")

    with pytest.raises(Refused, match="no more"), store.writing():
        store.append(batches())
    assert (store.head(), list(store.keys()), store.sealed_values(1)) == (0, [], [])
    with store.writing():
        store.append([Batch([line(1)])])
    assert store.head() == 1


def test_a_number_is_taken_once(store: Store) -> None:
    """The entry that is there stays, whoever comes second is told, and the store goes on."""
    store.append([Batch([line(1, b"first")])])
    with pytest.raises(StateChanged, match="appended e1 first"):
        store.append([Batch([line(1, b"second")])])
    store.append([Batch([line(2)])])
    assert [read.data for read in store.lines()] == [b"first", b"{}"]


def test_ten_thousand_entries_and_long_ones_go_in(store: Store) -> None:
    """Two batches of five thousand and lines of the greatest length: nothing hangs, all is there."""
    few = [line(n, b"x" * 65_000) for n in range(10_001, 10_051)]
    batches = [
        Batch([line(n) for n in range(first, first + 5_000)], [(n, n) for n in range(first, first + 5_000)])
        for first in (1, 5_001)
    ]
    store.append([*batches, Batch(few)])
    assert store.head() == 10_050
    assert [read.entry for read in store.lines()] == list(range(1, 10_051))
    assert len(store.keys()) == 10_000
    assert sum(len(read.data) for read in store.lines(10_000)) == 50 * 65_000


def test_one_writer_at_a_time(place: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one store writes, another waits, and is refused with a hint when it has waited long enough."""
    monkeypatch.setattr(protocol, "LOCK_SECONDS", 0.05)
    refused: list[Refused] = []

    def wait_for_it() -> None:
        with contextlib.closing(place.open()) as second:
            try:
                with second.writing():
                    pass
            except Refused as error:
                refused.append(error)

    with contextlib.closing(place.open()) as first:
        with first.writing():
            waiting = threading.Thread(target=wait_for_it)
            waiting.start()
            waiting.join()
        assert "held by another writer" in refused[0].message
        assert "try again" in str(refused[0].hint)
        wait_for_it()
    assert len(refused) == 1, "once it is let go, another has it"


def test_the_lock_is_let_go_whatever_happens_within(place: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error within `writing` does not keep the next writer out."""
    monkeypatch.setattr(protocol, "LOCK_SECONDS", 0.05)
    with contextlib.closing(place.open()) as first, contextlib.closing(place.open()) as second:
        with pytest.raises(ZeroDivisionError), first.writing():
            raise ZeroDivisionError
        with second.writing():
            pass


def test_documents_are_kept_by_their_hash(store: Store) -> None:
    """A document of megabytes comes back as it was, twice is once, and what was not kept is not there."""
    document = bytes(range(256)) * 16_384
    digest = hashlib.sha256(document).hexdigest()
    assert store.shelf.get(digest) is None
    for _ in range(2):
        store.shelf.put(digest, document)
    assert store.shelf.get(digest) == document


def test_a_document_is_removed_for_good(store: Store) -> None:
    """What was removed is kept no longer; removing it again removes nothing; others stay."""
    for document in (b"one", b"other"):
        store.shelf.put(hashlib.sha256(document).hexdigest(), document)
    digest = hashlib.sha256(b"one").hexdigest()
    assert store.shelf.remove(digest)
    assert not store.shelf.remove(digest)
    assert store.shelf.get(digest) is None
    assert store.shelf.get(hashlib.sha256(b"other").hexdigest()) == b"other"


def test_checkpoints_are_kept_by_number(place: Location) -> None:
    """A checkpoint is found again by whoever opens the ledger; one with a further signature takes its place."""
    with contextlib.closing(place.open()) as store:
        assert (store.checkpoints(), store.signed(), store.verifier_key()) == ([], 0, None)
        for number, size in ((1, 12), (2, 300)):
            store.keep_checkpoint(Checkpoint(number, size, b"note"))
        store.keep_checkpoint(Checkpoint(1, 12, b"note, cosigned"))
        for key in ("first", "second"):
            store.keep_verifier_key(key)
    with contextlib.closing(place.open()) as store:
        assert store.checkpoints() == [Checkpoint(1, 12, b"note, cosigned"), Checkpoint(2, 300, b"note")]
        assert store.signed() == 300
        assert store.verifier_key() == "first"


def test_what_is_destroyed_is_gone_and_no_more(store: Store) -> None:
    """An erasure deletes the values and the key that it names, within its append or alone, and nothing else."""
    values = [(entry, SealedValue(field, b"salt", "words")) for entry in (1, 2) for field in ("speaker", "text")]
    with store.writing():
        store.append([Batch([line(1), line(2)], [(7, 1), (7, 2), (8, 2)], values)])
        assert sorted(store.key_rows()) == [(7, 1), (7, 2), (8, 2)]
        assert list(store.all_sealed()) == values
        store.append([Batch([line(3)], destroyed=[Destroyed(1, ("text",), None)])])
        assert list(store.all_sealed()) == [values[0], *values[2:]]
        store.destroy([Destroyed(2, (), 8), Destroyed(9, (), 9)])
    store.purge()
    assert list(store.all_sealed()) == values[:1]
    assert sorted(store.key_rows()) == [(7, 1), (7, 2)]
    assert store.head() == 3


def test_making_a_ledger_again_changes_nothing(place: Location) -> None:
    """`create` says that it is there, and its entries and its secret stay."""
    with contextlib.closing(place.open()) as store:
        store.append([Batch([line(1)])])
        secret = store.secret
        assert not place.create()
        assert (store.head(), store.secret, len(secret)) == (1, secret, 32)


# ── Whole ledgers ─────────────────────────────────────────────────────────────


def test_a_ledger_answers_on_every_store(place: Location, tmp_path: Path) -> None:
    """Recording, once only, sealing, quoting, correcting, retracting: the same on each store."""
    (tmp_path / "a.txt").write_text("He said: no ceasefire without guarantees.\n")
    with new_ledger(place, *BASICS) as book:
        book.record(source(snapshot="a.txt"), folder=tmp_path)
        first = book.record(statement(source="wire", quote="no ceasefire without guarantees"))
        with pytest.raises(Refused, match="quote"):
            book.record(statement(source="wire", quote="a ceasefire at once"))
        closed = book.record(statement("closed", sealed=True, stance="support", said_on="2025-03-05"))
        book.record(about("corrected", first.entry, changes={"said_on": "2025-02-01"}))
        book.record(about("retracted", closed.entry))
    with new_ledger(place) as again:
        assert again.head == 8
        assert again.record(statement(source="wire", quote="no ceasefire without guarantees")).already
        assert again.record(statement("closed", sealed=True, stance="support", said_on="2025-03-05")).already
        assert again.disclosed(closed.entry) == {"text": "closed"}
        row = again.position("Kremlin", "ceasefire")
        assert row is not None
        assert (row.stance, row.since) == ("oppose", "2025-02-01")
        assert again.replay().equals_views


def test_an_exported_journal_is_the_same_on_every_store(new_place: Callable[[], Location], tmp_path: Path) -> None:
    """The sample dossier, recorded there, exported, replayed on SQLite and there: same bytes, root, positions."""
    place, copy, here = new_place(), new_place(), Place(tmp_path / "here" / "l.db")
    for made in (place, copy, here):
        assert made.create()
    with Ledger(place, clock=lambda: NOW) as book:
        report = book.import_file(sample_path("ukraine-ceasefire-2025"))
        assert (report.error, report.new) == (None, book.head)
        exported, replayed, rows = b"".join(book.export_journal()), book.replay(), list(book.matrix())
        assert book.import_file(sample_path("ukraine-ceasefire-2025")).already == report.rows
    for other in (copy, here):
        with Ledger(other) as book:
            assert book.replay_file(io.BytesIO(exported)) == replayed.entries
            assert b"".join(book.export_journal()) == exported
            assert book.replay() == replayed
            assert list(book.matrix()) == rows
            assert book.import_file(sample_path("ukraine-ceasefire-2025")).new == 0
