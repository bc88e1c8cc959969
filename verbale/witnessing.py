"""Witnesses: people elsewhere who cosign a checkpoint once they have seen that the ledger only grew.

Nothing here needs a network.  The ledger writes a request (`ledger.transparency.witness`); the witness holds it against
what it cosigned before, on a machine of its own, and answers with the cosigned checkpoint; the ledger takes that in.
What a witness remembers is one JSON file, written and synced before the cosignature is handed out:

    {"ORIGIN":{"size":48,"root":"BASE64","key":"VERIFIER KEY OF THE LEDGER"}, …}
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import LedgerError, Refused, UnknownName, VerificationFailed
from ledger.stores.durable import sync_names
from ledger.strict_json import parse_object
from verbale.proving import Proofs

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.kept import Checkpoint
    from ledger.transparency.checkpoint import Checkpoint as Body
    from ledger.transparency.keys import SigningKey, VerifierKey
    from ledger.transparency.witness import Known


class Cosigned(NamedTuple):
    """A checkpoint of the ledger, and who has cosigned it by now."""

    checkpoint: Checkpoint
    witnesses: tuple[VerifierKey, ...]
    """Those among the keys that were asked for."""
    new: bool
    """Whether a cosignature was added."""


class Witnessed(Proofs):
    """What the ledger asks of witnesses, and takes from them."""

    def request(self, witness: VerifierKey, old: int | None = None) -> bytes:
        """Return the request that a witness can be mailed: the last checkpoint, and the proof from its last one.

        Args:
            witness: its verifier key, type 0x04.
            old: the size that it says it knows; None is that of the last cosignature of its that was taken in.

        Raises:
            Refused: nothing is signed yet.
        """
        from ledger.transparency.witness import Request, format_request, growth_proof

        known = self.journal.checkpoints()
        if not known:
            raise Refused("nothing is signed yet", hint="sign it first: verbale checkpoint")
        last = known[-1]
        if old is None:
            old = max((one.size for one in known if _cosigned_by(one, [witness])), default=0)
        if old > last.size:
            hint = "sign again, if more is recorded by now; or this copy of the ledger is older than what was signed"
            raise Refused(f"cp{last.number} covers {last.size:,} entries, and the witness knows {old:,}", hint=hint)
        path = growth_proof(old, last.size, self.nodes(last.size))
        return format_request(Request(old, path, last.note))

    def take_cosignature(self, note: bytes, witnesses: list[VerifierKey]) -> Cosigned:
        """Take in a checkpoint that came back with cosignatures.

        Args:
            note: the signed note.
            witnesses: whose cosignatures to take.

        Raises:
            VerificationFailed: it is none, or no cosignature of theirs is good.
            UnknownName: it is no checkpoint of this ledger.
        """
        from ledger.transparency.note import Note, format_note, open_note, parse_note

        opened = open_note(note, witnesses)
        for one in self.journal.checkpoints():
            ours = parse_note(one.note)
            if ours.text == opened.text:
                there = {(s.name, s.key_id) for s in ours.signatures}
                added = [s.signature for s in opened.signatures if (s.key.name, s.key.key_id) not in there]
                kept = one
                if added:
                    kept = one._replace(note=format_note(Note(ours.text, (*ours.signatures, *added))))
                    self.journal.keep_checkpoint(kept)
                return Cosigned(kept, tuple(s.key for s in opened.signatures), bool(added))
        hint = "it is of another ledger, or of another history of this one: keep it, and ask who signed it"
        raise UnknownName("the checkpoint is none of this ledger's", hint=hint)


def _cosigned_by(checkpoint: Checkpoint, witnesses: list[VerifierKey]) -> bool:
    from ledger.transparency.note import open_note

    with suppress(VerificationFailed):
        return bool(open_note(checkpoint.note, witnesses).signatures)
    return False


class Memory:
    """What a witness has cosigned last, of each ledger.

    Args:
        path: the file; made with the first cosignature.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self, origin: str) -> tuple[VerifierKey, Known] | None:
        """Return the ledger's key and its last tree that was cosigned, None for a ledger never seen.

        Raises:
            Refused: the file cannot be read, or holds something else.
        """
        from ledger.transparency.keys import VerifierKey
        from ledger.transparency.spelling import read_hash
        from ledger.transparency.witness import Known

        match self._all().get(origin):
            case None:
                return None
            case {"size": int(size), "root": str(root), "key": str(key)} if (hashed := read_hash(root)) is not None:
                return VerifierKey.parse(key), Known(size, hashed)
        raise Refused(f"{self.path} says nothing of {origin} that can be read", hint="restore it from a backup")

    def remember(self, log: VerifierKey, body: Body) -> None:
        """Write down, durably, what is about to be cosigned.

        Raises:
            Refused: it cannot be written.
        """
        from ledger.transparency.spelling import write_base64

        said = {"size": body.size, "root": write_base64(body.root), "key": log.format()}
        new = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with new.open("wb") as file:
                file.write(json.dumps(self._all() | {body.origin: said}, indent=1, ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
            sync_names(self.path.parent)
        except OSError as error:
            raise Refused(f"cannot write {self.path}: {error.strerror}", hint="nothing was cosigned") from None

    def _all(self) -> dict[str, object]:
        try:
            return parse_object(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, LedgerError) as error:
            hint = "restore it from a backup: without it nobody can tell whether a ledger only grew"
            raise Refused(f"cannot read {self.path}: {error}", hint=hint) from None


def cosign(
    request: bytes, key: SigningKey, memory: Memory, *, log: VerifierKey | None = None, now: int
) -> tuple[bytes, int]:
    """Cosign what a ledger asks for, if it only grew since the last time.

    Args:
        request: the file that came.
        key: the witness's, type 0x04.
        memory: what it has cosigned before.
        log: the ledger's key, given by other ways than the request; needed the first time.  Another one than is known
            takes its place where both have signed.
        now: POSIX seconds.

    Returns:
        the checkpoint with the cosignature added, and the size that was known before.

    Raises:
        VerificationFailed: the ledger did not sign it, did not only grow, or forked.
        StateChanged: the request starts at another size than is known here.
        Refused: the ledger is not known here, and no key was given.
    """
    from filelock import FileLock

    from ledger.transparency.checkpoint import cosign as cosignature_of
    from ledger.transparency.checkpoint import open_checkpoint, parse_checkpoint
    from ledger.transparency.note import Note, format_note, parse_note
    from ledger.transparency.witness import decide, parse_request

    asked = parse_request(request)
    note = parse_note(asked.checkpoint)
    origin = parse_checkpoint(note.text).origin
    memory.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(f"{memory.path}.lock"):  # two requests at once must not both be held against the same memory
        known = memory.known(origin)
        trusted = log if known is None else known[0]  # the key that is known must have signed, whatever is given
        if trusted is None:
            hint = "get it from its people by another way than this file, and give it with --log"
            raise Refused(f"{origin} was never cosigned here, and its key is not known", hint=hint)
        last = None if known is None else known[1]
        body = open_checkpoint(asked.checkpoint, trusted).checkpoint
        if last is None or (body.size, body.root) != last:  # else the answer was lost, and is given again
            body = decide(asked, trusted, last)
        if log is not None:
            open_checkpoint(asked.checkpoint, log)
        memory.remember(log or trusted, body)
        added = cosignature_of(note.text, key, now)
        others = tuple(s for s in note.signatures if (s.name, s.key_id) != (added.name, added.key_id))
        return format_note(Note(note.text, (*others, added))), 0 if last is None else last.size
