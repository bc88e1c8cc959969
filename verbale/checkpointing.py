"""Checkpoints and keys: what the signer signs, and what it never signs.

Before anything is signed the tree is computed from the journal's bytes, held against every checkpoint that is known
(in the ledger, and in the file beside it), and every tile that is kept is held against it.  A size below the last, or a
history that does not begin with the last, is never signed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.codec import format_line
from ledger.entries import KeyAdded, KeyRetired
from ledger.errors import Refused, UnknownName, VerificationFailed
from ledger.kept import Checkpoint
from ledger.transparency.tree import leaf_hash
from projections import tiles
from projections.evidence import readings
from verbale.recording import Recordings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.transparency.keys import SigningKey, VerifierKey
    from verbale.recording import Recorded


_STEP: Final = 10_000


class Signed(NamedTuple):
    """A checkpoint, and whether it is new."""

    checkpoint: Checkpoint
    root: bytes
    already: bool
    """Whether it was signed before: nothing was recorded since."""


class KeyState(NamedTuple):
    """A key that signs a ledger's checkpoints, or did."""

    key: VerifierKey
    added: int | None
    """The entry that added it; None for the key that the ledger was made with."""
    retired: int | None
    """The entry that retired it."""


class Checkpoints(Recordings):
    """What is signed."""

    def signing_keys(self) -> list[KeyState]:
        """Return the keys that sign this ledger's checkpoints, or did: the first first.

        A journal that was replayed here may name keys of the ledger that it comes from: they sign nothing here.
        """
        from ledger.transparency.keys import VerifierKey, log_key

        first, found = self.journal.store.verifier_key(), dict[str, KeyState]()
        origin = None
        if first is not None:
            found[first] = KeyState(VerifierKey.parse(first), None, None)
            origin = found[first].key.name
        self.views.catch_up()
        for one in readings(self.views.db, self.head, "e.listed IN ('key-added', 'key-retired')"):
            match one.event:
                case KeyAdded(key=key) if (added := log_key(key, origin)) is not None:
                    found.setdefault(key, KeyState(added, one.entry, None))
                case KeyRetired(key=key) if key in found:
                    found[key] = found[key]._replace(retired=one.entry)
                case _:
                    pass
        return list(found.values())

    def verifier_key(self) -> VerifierKey | None:
        """Return the key that signs at present: the last that was added and is not retired."""
        valid = [state.key for state in self.signing_keys() if state.retired is None]
        return valid[-1] if valid else None

    def add_key(self, key: VerifierKey, reason: str | None = None) -> Recorded | None:
        """Let a key sign from the next checkpoint on.

        Args:
            key: of the ledger's origin, which is the first key's name.
            reason: why there is another one.

        Returns:
            what was recorded; None for the ledger's first key, before anything is signed: that is given to readers by
            other ways than the ledger, and recorded nowhere in it.

        Raises:
            Refused: its name is another than the origin.
        """
        known = self.signing_keys()
        if not known:
            self.journal.store.keep_verifier_key(key.format())
            return None
        if key.name != known[0].key.name:
            hint = "the keys of one ledger have one name: it is the origin of its checkpoints"
            raise Refused(f"the key is of {key.name}, and this ledger is {known[0].key.name}", hint=hint)
        if any(state.key == key for state in known):
            raise Refused(f"the key {key.name}+{key.key_id.hex()} is known already", hint="see: verbale key list")
        draft = {"type": "key-added", "key": key.format()} | ({"reason": reason} if reason else {})
        return self.record(draft)

    def retire_key(self, key_id: str, reason: str) -> Recorded:
        """Let a key sign no more; what it has signed stays signed.

        Args:
            key_id: its id, eight hexadecimal digits, or the whole verifier key.
            reason: why.

        Raises:
            UnknownName: there is no such key.
            Refused: it is the only one.
        """
        states = self.signing_keys()
        found = next((s for s in states if key_id in (s.key.key_id.hex(), s.key.format())), None)
        if found is None:
            raise UnknownName(f"no key {key_id}", hint="see: verbale key list")
        if found.retired is not None:
            raise Refused(f"the key {key_id} is retired by e{found.retired}", hint="see: verbale key list")
        if sum(state.retired is None for state in states) == 1:
            raise Refused("it is the only key, and nobody could sign then", hint="add another first: verbale key add")
        return self.record({"type": "key-retired", "key": found.key.format(), "reason": reason})

    def checkpoint(
        self, signer: SigningKey | Callable[[VerifierKey], SigningKey], told: Callable[[int], None] | None = None
    ) -> Signed:
        """Sign what the journal holds, unless nothing was recorded since the last time.

        Args:
            signer: the signing key, or what returns that of a verifier key, where this machine has it.
            told: called now and then with how many entries are read.

        Raises:
            Refused: this machine is not the signer; or nothing is recorded.
            VerificationFailed: the journal is not the one that was signed before, or a tile does not follow from it.
        """
        keys, head = self._signers(signer), self.views.catch_up()
        if not head:
            raise Refused("nothing is recorded yet", hint="record something, then sign it")
        tree = self._tree(head, self._known(), told)
        with self.journal.writing():
            known = self.journal.checkpoints()  # another process may have been first
            last = known[-1] if known else None
            if last is not None and last.size >= head:
                return Signed(last, root_in(last), already=True)
            root = tree.root()
            made = Checkpoint((last.number if last else 0) + 1, head, _signed(keys, head, root))
            self.journal.keep_checkpoint(made)
        return Signed(made, root, already=False)

    def _signers(self, signer: SigningKey | Callable[[VerifierKey], SigningKey]) -> list[SigningKey]:
        """Return the signing keys that this machine has: one at least.

        Raises:
            Refused: it has none, and is not the signer.
        """
        valid = [state.key for state in self.signing_keys() if state.retired is None]
        found: list[SigningKey] = []
        missing: Refused | None = None
        if not valid:
            raise Refused("this ledger has no key yet", hint="make one with: verbale key add")
        for key in valid:
            try:
                found.append(signer(key) if callable(signer) else _held(signer, key))
            except Refused as error:
                missing = error
        if missing is not None and not found:
            raise missing
        return found

    def _known(self) -> list[Checkpoint]:
        """Return every checkpoint that is known, of the ledger and of the file beside it, under its signature.

        Who can write both, but has no key, could otherwise let a note of his own stand for what was signed.
        """
        from ledger.transparency.note import open_note

        keys = [state.key for state in self.signing_keys()]
        known = dict.fromkeys((*self.journal.store.checkpoints(), *self.journal.kept.checkpoints()))
        for one in known:
            try:
                open_note(one.note, keys)
            except VerificationFailed as error:
                hint = "sign nothing: it was written by somebody else; verbale verify says more"
                raise VerificationFailed(f"cp{one.number}: {error.message.removesuffix('.')}", hint=hint) from None
        return list(known)

    def _tree(self, head: int, known: list[Checkpoint], told: Callable[[int], None] | None = None) -> tiles.Growing:
        """Return the tree of the journal, computed from its bytes and held against all that is known of it."""
        db = self.views.db
        tiles.catch_up(db, lambda after: self.journal.lines(after, head))
        tree, signed, wrong = tiles.Growing(), defaultdict[int, list[Checkpoint]](list), None
        for one in known:
            signed[one.size].append(one)
        for number, line in enumerate(self.journal.lines(upto=head), start=1):
            filled = tree.add(leaf_hash(format_line(*line)))
            if filled:
                wrong = wrong or tiles.wrong_tile(db, filled)
            for one in signed.get(number, ()):
                if root_in(one) != tree.root():
                    raise VerificationFailed(
                        f"cp{one.number} signed another history of {number:,} entries than the journal holds",
                        hint="sign nothing; verbale verify says more, and a bundle made earlier has the other history",
                    )
            if told is not None and number % _STEP == 0:
                told(number)
        last = max(known, key=lambda one: one.size, default=None)
        if last is not None and last.size > tree.size:
            raise VerificationFailed(
                f"the journal ends at e{tree.size}, and cp{last.number} covers {last.size:,} entries",
                hint="it was restored from an old backup: bring back what is missing with: verbale recover FILE",
            )
        wrong = wrong or tiles.wrong_tile(db, tree.partial())
        if wrong is not None:
            raise VerificationFailed(
                f"{wrong}, which is kept beside the journal, does not follow from it",
                hint="nothing was signed; delete the .views.db file: it is rebuilt from the journal",
            )
        return tree


def _held(held: SigningKey, key: VerifierKey) -> SigningKey:
    if held.verifier != key:
        raise Refused(f"not the signer: {key.name}+{key.key_id.hex()} is another key", hint="see: verbale key list")
    return held


def _signed(keys: list[SigningKey], size: int, root: bytes) -> bytes:
    """Return the note, signed by every key: while one replaces another, readers of either find theirs."""
    from ledger.transparency.checkpoint import Checkpoint as Body
    from ledger.transparency.checkpoint import format_checkpoint
    from ledger.transparency.note import Note, format_note, sign

    text = format_checkpoint(Body(keys[0].name, size, root))
    return format_note(Note(text, tuple(sign(text, key) for key in keys)))


def root_in(checkpoint: Checkpoint) -> bytes:
    """Return the root that a checkpoint names."""
    from ledger.transparency.checkpoint import parse_checkpoint
    from ledger.transparency.note import parse_note

    return parse_checkpoint(parse_note(checkpoint.note).text).root
