r"""Proofs that one can mail: an entry is in a log that witnesses saw, in one file (C2SP tlog-proof).

    c2sp.org/tlog-proof@v1
    extra <base64>             opaque bytes, not signed by anyone; without any, the line is left out
    index <decimal>            which leaf, from 0
    <base64>…                  the inclusion proof (`ledger.transparency.proofs`), a hash a line, at most 63
                               an empty line
    <checkpoint>               the signed note (`ledger.transparency.checkpoint`), byte for byte

Each line ends in LF.  The name of such a file ends in `.tlog-proof`.  Whoever checks one needs the leaf's own bytes,
here the journal's line without its LF, and the keys to believe, from elsewhere.

>>> from ledger.transparency.checkpoint import Checkpoint, sign_checkpoint
>>> from ledger.transparency.keys import LOG, SigningKey
>>> log = SigningKey("example.com/log", LOG, bytes(32))
>>> data = format_tlog_proof(TlogProof(0, (), sign_checkpoint(Checkpoint(log.name, 1, leaf_hash(b"line")), log)))
>>> print(data.decode()[:50], end="")
c2sp.org/tlog-proof@v1
index 0
<BLANKLINE>
example.com/log
1
>>> check_tlog_proof(data, b"line", [log.verifier]).checkpoint.size
1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused, VerificationFailed
from ledger.transparency.checkpoint import parse_checkpoint
from ledger.transparency.note import parse_note
from ledger.transparency.policy import Policy, check_checkpoint
from ledger.transparency.proofs import check_inclusion
from ledger.transparency.spelling import (
    HASH_BYTES,
    LARGEST,
    LONGEST_PATH,
    read_base64,
    read_hashes,
    read_number,
    write_base64,
)
from ledger.transparency.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.transparency.checkpoint import OpenedCheckpoint
    from ledger.transparency.keys import VerifierKey

HEADER: Final = "c2sp.org/tlog-proof@v1"
"""The first line."""
SUFFIX: Final = ".tlog-proof"
"""How the name of the file ends."""


@dataclass(frozen=True, slots=True)
class TlogProof:
    """What such a file holds, which nobody has checked yet."""

    index: int
    path: tuple[bytes, ...]
    """The inclusion proof, 32 bytes each."""
    checkpoint: bytes
    """The signed note, as it is."""
    extra: bytes = b""
    """Opaque, and not to be trusted: nothing signs it."""


def format_tlog_proof(proof: TlogProof) -> bytes:
    """Return a proof as a file.

    Raises:
        Refused: where no file can hold that.
        VerificationFailed: where what should be a checkpoint is none.
    """
    if not 0 <= proof.index <= LARGEST or len(proof.path) > LONGEST_PATH:
        raise Refused(f"no proof is of leaf {proof.index}, with {len(proof.path)} hashes.")
    if any(len(each) != HASH_BYTES for each in proof.path):
        raise Refused(f"a hash has {HASH_BYTES} bytes.")
    parse_checkpoint(parse_note(proof.checkpoint).text)
    extra = [f"extra {write_base64(proof.extra)}"] if proof.extra else []
    lines = [HEADER, *extra, f"index {proof.index}", *map(write_base64, proof.path), ""]
    return "".join(f"{line}\n" for line in lines).encode() + proof.checkpoint


def parse_tlog_proof(data: bytes) -> TlogProof:
    """Read the file of a proof, without checking it: the inverse of `format_tlog_proof`.

    Raises:
        VerificationFailed: where it is none.
    """
    above, blank, checkpoint = data.partition(b"\n\n")
    header, *lines = above.decode(errors="replace").split("\n")
    if header != HEADER or not blank:
        raise VerificationFailed(f"this is not a proof: it must begin with the line {HEADER}, and hold an empty line.")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = read_base64(lines.pop(0).removeprefix("extra ")) or b""
        if not extra:
            raise VerificationFailed("the proof's line 'extra' is not bytes in base64.")
    if (
        not lines
        or not lines[0].startswith("index ")
        or (index := read_number(lines[0].removeprefix("index "))) is None
    ):
        raise VerificationFailed("the proof has no line 'index' with a decimal from 0 to 2^63 - 1.")
    path = read_hashes(lines[1:])
    if path is None:
        raise VerificationFailed(
            f"the proof's hashes must be {HASH_BYTES} bytes in base64 each, {LONGEST_PATH} at most."
        )
    parse_checkpoint(parse_note(checkpoint).text)
    return TlogProof(index, path, checkpoint, extra)


def check_tlog_proof(data: bytes, line: bytes, trust: Policy | Iterable[VerifierKey]) -> OpenedCheckpoint:
    """Check that a leaf is in a log, as its signed and cosigned checkpoint has it.

    Args:
        data: the file of the proof.
        line: the leaf's bytes.
        trust: the policy, or the keys of logs that are believed without any witness.

    Returns:
        The checkpoint, and whose good signatures it bears.  `parse_tlog_proof` says which leaf it is.

    Raises:
        VerificationFailed: where it is no proof, the checkpoint does not satisfy the policy, or the leaf is not in it.
    """
    proof = parse_tlog_proof(data)
    found = check_checkpoint(proof.checkpoint, trust if isinstance(trust, Policy) else Policy.of_logs(trust))
    check_inclusion(leaf_hash(line), proof.index, found.checkpoint.size, proof.path, found.checkpoint.root)
    return found
