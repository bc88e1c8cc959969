r"""What a log asks of a witness, as a file that can be mailed, and how the witness decides (C2SP tlog-witness).

    old <decimal>              the size of the log's last checkpoint that the witness cosigned, 0 for none
    <base64>…                  the consistency proof from it (`ledger.transparency.proofs`), a hash a line, at most 63
                               an empty line
    <checkpoint>               the signed note (`ledger.transparency.checkpoint`), byte for byte

Each line ends in LF: it is the body of the protocol's request `add-checkpoint`.  A witness keeps of each log the size
and the root of the last checkpoint that it cosigned.  It cosigns the next one if all of this holds:

1. The log signed it, and its origin is that log's.
2. It has no fewer leaves than the last; of as many leaves, the same root; of none, the root SHA-256("").
3. `old` is the size of the last.
4. The proof shows that the last tree is a beginning of the new one; where `old` is 0, or the new size, it is empty.

The witness then writes down the new size and root, before it hands out the cosignature.

>>> from ledger.transparency.checkpoint import sign_checkpoint
>>> from ledger.transparency.keys import LOG, SigningKey
>>> from ledger.transparency.tree import leaf_hash
>>> log = SigningKey("example.com/log", LOG, bytes(32))
>>> note = sign_checkpoint(Checkpoint(log.name, 1, leaf_hash(b"line")), log)
>>> data = format_request(Request(0, (), note))
>>> data.partition(b"\n\n")[0]
b'old 0'
>>> decide(parse_request(data), log.verifier, None).size
1
>>> decide(parse_request(data), log.verifier, Known(1, leaf_hash(b"another")))
Traceback (most recent call last):
ledger.errors.VerificationFailed: FORK: example.com/log signed another tree of 1 leaf than the one known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Refused, StateChanged, VerificationFailed
from ledger.transparency.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.transparency.note import parse_note
from ledger.transparency.proofs import EMPTY_ROOT, Nodes, check_consistency, consistency_proof
from ledger.transparency.spelling import HASH_BYTES, LARGEST, LONGEST_PATH, read_hashes, read_number, write_base64

if TYPE_CHECKING:
    from ledger.transparency.keys import VerifierKey


class Request(NamedTuple):
    """What a log asks to be cosigned, which nobody has checked yet."""

    old: int
    """The leaves of the last tree that the witness cosigned, as the log believes."""
    path: tuple[bytes, ...]
    """The consistency proof from there."""
    checkpoint: bytes
    """The signed note, as it is."""


class Known(NamedTuple):
    """What a witness keeps of a log: the last tree that it cosigned."""

    size: int
    root: bytes


def growth_proof(old: int, new: int, node: Nodes) -> tuple[bytes, ...]:
    """Return the proof that a request holds: the consistency proof, and from size 0 none.

    Raises:
        Refused: where the sizes are not those of a tree that grew.
    """
    return tuple(consistency_proof(old, new, node)) if old else ()


def format_request(request: Request) -> bytes:
    """Return a request as a file.

    Raises:
        Refused: where no file can hold that.
        VerificationFailed: where what should be a checkpoint is none.
    """
    if not 0 <= request.old <= LARGEST or len(request.path) > LONGEST_PATH:
        raise Refused(f"no request is from the size {request.old}, with {len(request.path)} hashes.")
    if any(len(each) != HASH_BYTES for each in request.path):
        raise Refused(f"a hash has {HASH_BYTES} bytes.")
    parse_checkpoint(parse_note(request.checkpoint).text)
    lines = [f"old {request.old}", *map(write_base64, request.path), ""]
    return "".join(f"{line}\n" for line in lines).encode() + request.checkpoint


def parse_request(data: bytes) -> Request:
    """Read the file of a request, without checking it: the inverse of `format_request`.

    Raises:
        VerificationFailed: where it is none.
    """
    above, blank, checkpoint = data.partition(b"\n\n")
    first, *lines = above.decode(errors="replace").split("\n")
    old = read_number(first.removeprefix("old "))
    if not blank or not first.startswith("old ") or old is None:
        raise VerificationFailed("this is not a request to a witness: it must begin with 'old' and a size.")
    path = read_hashes(lines)
    if path is None:
        raise VerificationFailed(
            f"the request's hashes must be {HASH_BYTES} bytes in base64 each, {LONGEST_PATH} at most."
        )
    parse_checkpoint(parse_note(checkpoint).text)
    return Request(old, path, checkpoint)


def decide(request: Request, log: VerifierKey, known: Known | tuple[int, bytes] | None) -> Checkpoint:
    """Decide whether a witness may cosign what a log asks for.

    Nothing is kept here: the caller writes down the size and root of what is returned, then cosigns.

    Args:
        request: what the log asks.
        log: its key, as the witness was told it.
        known: size and root of the last checkpoint of this log that the witness cosigned; None where there was none.

    Returns:
        The checkpoint to cosign.

    Raises:
        VerificationFailed: where the log did not sign it, the tree is smaller than the one known, or another one; also
            where the proof does not show that it grew.
        StateChanged: where the request starts at another size than the one known: the message says which.
    """
    checkpoint = open_checkpoint(request.checkpoint, log).checkpoint
    name, size = checkpoint.origin, checkpoint.size
    last = Known(0, EMPTY_ROOT) if known is None else Known(*known)
    if not size and checkpoint.root != EMPTY_ROOT:
        raise VerificationFailed(f"{name} signed a tree of no leaves with a root that is not that of none.")
    if size < last.size:
        raise VerificationFailed(
            f"{name} signed a tree of {_leaves(size)}, and one of {_leaves(last.size)} is known here: it is smaller.",
            hint="it is an older checkpoint, or the log was set back, as by restoring an old backup.",
        )
    if size == last.size and checkpoint.root != last.root:
        raise VerificationFailed(
            f"FORK: {name} signed another tree of {_leaves(size)} than the one known here.",
            hint="keep both checkpoints: together they prove that the log shows different histories.",
        )
    if request.old != last.size:
        raise StateChanged(
            f"the request starts at size {request.old}, and this witness knows {name} at size {last.size}.",
            hint=f"ask the log for a request from size {last.size}.",
        )
    if not request.old:
        if request.path:
            raise VerificationFailed("the request starts at size 0, and must hold no proof.")
        return checkpoint
    try:
        check_consistency(last.size, size, last.root, checkpoint.root, request.path)
    except VerificationFailed as error:
        raise VerificationFailed(
            f"{name} did not show that its tree of {_leaves(size)} begins with the {last.size} known here:"
            f" {error.message}",
            hint="do not cosign; keep the request, and ask the log's operator.",
        ) from None
    return checkpoint


def _leaves(count: int) -> str:
    return f"{count} {'leaf' if count == 1 else 'leaves'}"
