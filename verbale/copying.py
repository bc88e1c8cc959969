"""Copies: a backup while others record, and the way back from one.

A backup is a folder with a ledger of its own, whatever store it is of: `ledger.db`, the sources' bytes, and the files
that outlive a database (`ledger.kept`).  The signing key is never in it.  It is read back whole before anybody is told
that it is there; what is restored is held against every checkpoint that is known where it is to lie.
"""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from ledger.batch import Batch
from ledger.codec import CODEC
from ledger.entries import EntryCorrected, SourceRegistered
from ledger.errors import Refused, VerificationFailed
from ledger.journal import Journal
from ledger.kept import Kept
from ledger.recovering import Recovered, hold, recover_into
from ledger.stores.durable import part_of, sync_names
from verbale.opened import OpenLedger
from verbale.places import JOURNAL, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.codec import StoredLine
    from ledger.entries import Entry
    from ledger.kept import Checkpoint
    from verbale.places import Location

_BATCH: Final = 5_000


class Copied(NamedTuple):
    """What a copy holds."""

    entries: int
    root: str
    """As it was computed from the copy's own bytes."""
    checkpoints: int
    sources: int
    """How many documents."""


class Copies(OpenLedger):
    """What keeps a ledger when its machine does not."""

    def backup(self, folder: Path, told: Callable[[int], None] | None = None) -> Copied:
        """Copy the ledger as it is now into a folder that is not there yet, and read the copy back.

        Args:
            folder: made, whole or not at all.
            told: called now and then with how many entries are copied.

        Raises:
            Refused: something is there, it cannot be written, or the ledger is older than a checkpoint that is known.
            VerificationFailed: the copy is not what was copied.
        """
        import shutil

        size = max((one.size for one in self.journal.checkpoints()), default=0)
        if size > self.head:
            hint = "bring back what is missing first, with: verbale recover FILE"
            raise Refused(f"the journal ends at e{self.head}, and a checkpoint of {size:,} entries is known", hint=hint)
        if folder.exists():
            raise Refused(f"{folder} is there already", hint="name a folder that is not there yet")
        part = part_of(folder)
        try:
            part.mkdir(parents=True)
            copied = copy(self.journal, Place(part / JOURNAL, self.place.name), told)
            part.rename(folder)
            sync_names(folder.parent)
        except BaseException as error:
            shutil.rmtree(part, ignore_errors=True)
            if isinstance(error, OSError):
                hint = "is there room, and may you write there?"
                raise Refused(f"cannot write {folder}: {error.strerror}", hint=hint) from None
            raise
        return copied

    def recover(self, file: IO[bytes]) -> Recovered:
        """Bring back what this older copy of a ledger lacks.

        Args:
            file: an exported journal, or a bundle's `journal.jsonl`.

        Raises:
            VerificationFailed: it is of another history; nothing is recorded then.
        """
        done = recover_into(self.journal, file)
        self._register = None
        self.views.appended()
        return done


def restore(
    backup: Path, place: Location, told: Callable[[int], None] | None = None, *, missing: IO[bytes] | None = None
) -> Copied:
    """Put a backup back.

    Args:
        backup: the folder that `Ledger.backup` made.
        place: where the ledger is to lie; none is there.
        told: called now and then with how many entries are copied.
        missing: an exported journal with what was recorded since.

    Raises:
        Refused: a ledger is there, or a checkpoint is known there of more entries than the backup holds.
        VerificationFailed: the backup is not whole, or not what was signed.
    """
    there = _place_in(backup)
    with closing(there.open()) as store:
        kept, source = Kept(place.kept), Journal(store, Kept(there.kept))
        size = max((one.size for one in kept.checkpoints()), default=0)
        if size > source.head and missing is None:
            hint = "restore a newer one, or say --with FILE, an exported journal or a bundle's journal.jsonl"
            raise Refused(
                f"the backup ends at e{source.head}, and a checkpoint of {size:,} entries is known", hint=hint
            )
        if missing is not None and missing.seekable():
            hold(source, [*source.checkpoints(), *kept.checkpoints()], missing)
        copied = copy(source, place, told)
    if missing is None:
        return copied
    with closing(Journal(place.open(), kept)) as journal:
        recover_into(journal, missing)
        return copied._replace(entries=journal.head, root=_root(journal))


def _place_in(backup: Path) -> Place:
    """Return the one ledger that a backup holds, whatever it is called."""
    from ledger.stores.sqlite_file import names_in

    names = names_in(backup / JOURNAL)
    if len(names) != 1:
        raise Refused(f"{backup} holds {len(names)} ledgers", hint="a backup that verbale made holds one")
    return Place(backup / JOURNAL, names[0])


def copy(source: Journal, place: Location, told: Callable[[int], None] | None = None) -> Copied:
    """Make a ledger at a place that holds what another one holds, and read it back.

    The lines come last, in one transaction, when all else is there: a copy that broke off is a ledger without a line,
    with the secret of the one that it is of, and making it again completes it.

    Raises:
        Refused: there is a ledger, or it cannot be written.
        VerificationFailed: what is read back is not what was written, or not what was signed.
    """
    _must_be_alone(source, place)
    new = place.create(source.store.secret)
    with closing(Journal(place.open(), Kept(place.kept))) as made:
        head, documents = source.head, set[str]()
        with made.writing():
            if not new and (made.head or made.store.secret != source.store.secret):
                raise Refused(f"there is a ledger at {place} already", hint="move it away first; nothing was changed")
            _keep(source, made)
            made.store.append(_batches(source, made, head, documents, told))
        root, wanted = _root(made), _root(source, head)
        if root != wanted:
            raise VerificationFailed(
                f"the copy has the root {root}, and what was copied {wanted}", hint="copy it again"
            )
        return Copied(head, root, len(made.checkpoints()), sum(_is_there(made, one) for one in documents))


def _must_be_alone(source: Journal, place: Location) -> None:
    """Refuse a second copy of a ledger in one SQLite file: the content keys of both would be the same rows."""
    from ledger.stores.sqlite_file import names_in

    if not isinstance(place, Place) or not place.journal.is_file():
        return
    try:
        names = names_in(place.journal)
    except Refused:
        return  # there is no ledger in it, or none yet: making one tells which
    for name in names:
        with closing(Place(place.journal, name).open()) as other:
            if name != place.name and other.secret == source.store.secret:
                hint = "two copies of one ledger cannot lie in one file: name another"
                raise Refused(f"{place.journal} holds a copy of this ledger already, as '{name}'", hint=hint)


def _is_there(journal: Journal, sha256: str) -> bool:
    return journal.store.shelf.get(sha256) is not None


def _keep(source: Journal, made: Journal) -> None:
    """Take checkpoints, erasures and the key along; what is known where the copy lies stays known."""
    key, there = source.store.verifier_key(), {one.number: one for one in made.kept.checkpoints()}
    if key is not None:
        made.store.keep_verifier_key(key)
    for one in source.checkpoints():
        theirs: Checkpoint | None = there.pop(one.number, None)
        if theirs is not None and theirs.size != one.size:
            message = f"cp{one.number} is of {one.size:,} entries in the backup, and of {theirs.size:,} here"
            raise VerificationFailed(message, hint="they are of two histories: keep both, and ask who signed them")
        made.keep_checkpoint(one)
    for one in there.values():
        made.store.keep_checkpoint(one)
    known = made.kept.erasures()
    new = [erasure for erasure in source.kept.erasures() if erasure not in known]
    for erasure in new:
        made.kept.add_erasure(erasure)
    if new:
        made.kept.add_purged()  # nothing of it was ever written here


def _batches(
    source: Journal, made: Journal, head: int, documents: set[str], told: Callable[[int], None] | None
) -> Iterator[Batch]:
    """Yield what to append: lines, with their content keys made anew, and what is sealed and not erased anywhere.

    The documents that the lines name are kept before, and added to those that are given.
    """
    lines = source.lines(upto=head)
    while some := list(islice(lines, _BATCH)):
        keys: list[tuple[int, int]] = []
        sealed = []
        for line in some:
            event = CODEC.decode(*line).event
            for sha256 in _documents_in(event) - documents:
                documents.add(sha256)
                document = source.store.shelf.get(sha256)
                if document is not None and not made.erasures.source_gone(sha256):
                    made.store.shelf.put(sha256, document)
            held = source.sealed_values(line.entry) if getattr(event, "sealed", None) else []
            left = made.erasures.left_of(line, held)
            sealed += [(line.entry, value) for value in left]
            if left == held:
                keys += source.stored_keys_of(line, event)
        yield Batch(some, keys, sealed)
        if told is not None:
            told(some[-1].entry)


def _documents_in(event: Entry) -> set[str]:
    """Return the SHA-256 of the documents that an entry names."""
    found = event.sha256 if isinstance(event, SourceRegistered) else None
    if isinstance(event, EntryCorrected):
        found = event.changes.get("sha256")
    return {found} if isinstance(found, str) else set()


def _root(journal: Journal, head: int | None = None) -> str:
    from ledger.codec import format_line
    from ledger.transparency.tree import Tree

    def bytes_of(line: StoredLine) -> bytes:
        return format_line(*line)

    tree = Tree()
    tree.extend(map(bytes_of, journal.lines(upto=head)))
    return tree.root_base64()
