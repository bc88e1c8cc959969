"""Checkpoints: what a log signs of its tree, and witnesses cosign, as C2SP tlog-checkpoint and tlog-cosignature say.

A checkpoint is a signed note (`ledger.transparency.note`) whose text has at least three lines, none of them empty:

    <origin>                 which log: its name, the same as that of the key that signs
    <size>                   the leaves of its tree, a decimal without leading zeroes
    <root>                   the root of those leaves, 32 bytes in base64
    <extension>…             opaque lines, best left out

Sizes are at most 2⁶³ − 1.  The log's own signature, of a key of type 0x01, is written first.  Below it stand those of
witnesses, of type 0x04: a witness says that at that time this was the largest tree of this origin that it had seen, and
that each earlier one is a beginning of it.  Readers take the signatures in any order.

>>> from ledger.transparency.proofs import EMPTY_ROOT
>>> log = SigningKey("example.com/log", LOG, bytes(32))
>>> text = format_checkpoint(Checkpoint("example.com/log", 0, EMPTY_ROOT))
>>> print(text, end="")
example.com/log
0
47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
>>> witness = SigningKey("example.org/witness", COSIGNER, bytes(range(32)))
>>> data = format_note(Note(text, (sign(text, log), cosign(text, witness, 1_679_315_147))))
>>> opened = open_checkpoint(data, log.verifier, [witness.verifier])
>>> opened.checkpoint.size, [(each.key.name, each.timestamp) for each in opened.cosignatures]
(0, [('example.org/witness', 1679315147)])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Refused, VerificationFailed
from ledger.transparency.keys import COSIGNER, LOG, SigningKey, VerifierKey
from ledger.transparency.note import Note, Signature, Verified, format_note, open_note, sign
from ledger.transparency.spelling import HASH_BYTES, LARGEST, read_hash, read_number, write_base64

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINES: Final = 3


class Checkpoint(NamedTuple):
    """What is signed of a tree."""

    origin: str
    size: int
    root: bytes
    """32 bytes."""
    extensions: tuple[str, ...] = ()


class OpenedCheckpoint(NamedTuple):
    """A checkpoint that its log signed, and which of the known witnesses cosigned it."""

    checkpoint: Checkpoint
    signatures: tuple[Verified, ...]
    """Of all known keys, in the note's order."""

    @property
    def cosignatures(self) -> tuple[Verified, ...]:
        """Those of witnesses, each with its timestamp."""
        return tuple(each for each in self.signatures if each.key.kind == COSIGNER)


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Return the text of the note, with its final newline.

    Raises:
        Refused: where no checkpoint can say that.
    """
    origin, size, root, extensions = checkpoint
    if not 0 <= size <= LARGEST or len(root) != HASH_BYTES:
        raise Refused(f"no checkpoint has the size {size} and a root of {len(root)} bytes.")
    lines = [origin, str(size), write_base64(root), *extensions]
    if not all(lines) or any("\n" in line for line in lines):
        raise Refused("no line of a checkpoint is empty, or has a newline within.")
    return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint's note; it has one spelling.

    Raises:
        VerificationFailed: where it is none.
    """
    *lines, end = text.split("\n")
    if end or len(lines) < _LINES or not all(lines):
        raise VerificationFailed("a checkpoint has three lines or more, none of them empty: origin, size and root.")
    origin, number, encoded, *extensions = lines
    size, root = read_number(number), read_hash(encoded)
    if size is None:
        raise VerificationFailed(f"the checkpoint's size {number[:40]!r} is not a decimal from 0 to 2^63 - 1.")
    if root is None:
        raise VerificationFailed(f"the checkpoint's root {encoded[:60]!r} is not {HASH_BYTES} bytes in base64.")
    return Checkpoint(origin, size, root, tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """Return the signed note of a checkpoint.

    That the log never signed another history is for the caller to know.

    Raises:
        Refused: where no checkpoint can say that, or the key is not this log's.
    """
    if key.kind != LOG or key.name != checkpoint.origin:
        raise Refused(f"the key of {key.name} is not that of the log {checkpoint.origin!r}.")
    text = format_checkpoint(checkpoint)
    return format_note(Note(text, (sign(text, key),)))


def cosign(text: str, key: SigningKey, timestamp: int) -> Signature:
    """Cosign the text of a checkpoint.

    That it is consistent with the last one is for the caller to know (`ledger.transparency.witness`).

    Args:
        text: the text of the note, whole.
        key: the witness's, of type 0x04.
        timestamp: now, in POSIX seconds.

    Raises:
        VerificationFailed: where the text is not a checkpoint's.
        Refused: where the key is not a witness's, or the timestamp is none.
    """
    parse_checkpoint(text)
    if key.kind != COSIGNER:
        raise Refused(f"the key of {key.name} is not a witness's.", hint="a witness has a key of its own, type 0x04.")
    return sign(text, key, timestamp=timestamp)


def check_cosignature(text: str, signature: Signature, key: VerifierKey) -> int:
    """Check a cosignature on the text of a checkpoint, and return its timestamp in POSIX seconds.

    Raises:
        VerificationFailed: where the text is not a checkpoint's, or this key did not cosign it.
    """
    parse_checkpoint(text)
    if (signature.name, signature.key_id) != (key.name, key.key_id):
        raise VerificationFailed(f"the cosignature is of {signature.name}, and the key of {key.name}.")
    timestamp = key.check(text, signature.value)
    if timestamp is None:
        raise VerificationFailed(f"the key of {key.name} is not a witness's.")
    return timestamp


def open_checkpoint(
    data: bytes, log: VerifierKey, witnesses: Iterable[VerifierKey] = (), *, origin: str | None = None
) -> OpenedCheckpoint:
    """Check a checkpoint: that its log signed it, and which of the known witnesses did.

    Args:
        data: the signed note.
        log: the key of the log.
        witnesses: keys whose cosignatures are wanted; how many are enough is for `ledger.transparency.policy`.
        origin: the log's name in the checkpoint, where it is not that of its key.

    Raises:
        VerificationFailed: where it is no checkpoint, not of this log, or not signed as it must be.
    """
    opened = open_note(data, [log, *witnesses])
    if all(each.key != log for each in opened.signatures):
        raise VerificationFailed(f"the checkpoint is not signed by the log {log.name}.")
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != (expected := log.name if origin is None else origin):
        raise VerificationFailed(f"the checkpoint is of {checkpoint.origin!r}, not of {expected!r}.")
    return OpenedCheckpoint(checkpoint, opened.signatures)
