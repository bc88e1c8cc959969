"""Proofs: that an entry is in a signed tree, and that a later tree begins with an earlier one.

A proof reads a handful of tiles, whatever the journal's size.  Each is checked before it is handed out.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.codec import format_line
from ledger.errors import Refused, UnknownName, Unparsable, VerificationFailed
from ledger.transparency.tree import leaf_hash
from projections import tiles
from verbale.checkpointing import Checkpoints, root_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.kept import Checkpoint
    from ledger.transparency.checkpoint import OpenedCheckpoint
    from ledger.transparency.keys import VerifierKey
    from ledger.transparency.policy import Policy
    from ledger.transparency.tiles import TileReader

_RANGE: Final = re.compile(r"((?:cp|e)[0-9]{1,18})\.\.((?:cp|e)[0-9]{1,18})")


class Inclusion(NamedTuple):
    """That an entry is in the tree of so many."""

    entry: int
    size: int
    line: bytes
    """The journal's line, which is the leaf, without its LF."""
    root: bytes
    path: tuple[bytes, ...]
    checkpoint: Checkpoint | None
    """Who says so; None where nothing was signed since the entry was recorded."""

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract has it: hashes in base64."""
        from ledger.transparency.spelling import write_base64

        return {
            "entry": self.entry,
            "index": self.entry - 1,
            "size": self.size,
            "leaf": write_base64(leaf_hash(self.line)),
            "root": write_base64(self.root),
            "path": [write_base64(one) for one in self.path],
        }

    def as_file(self) -> bytes:
        """Return it as a C2SP tlog-proof, with the line itself as the opaque extra: it can be mailed.

        Raises:
            Refused: nothing was signed since the entry was recorded.
        """
        from ledger.transparency.tlog_proof import TlogProof, format_tlog_proof

        if self.checkpoint is None:
            message = f"no checkpoint covers e{self.entry} yet"
            raise Refused(message, hint="sign one with: verbale checkpoint; --json gives the proof without it")
        return format_tlog_proof(TlogProof(self.entry - 1, self.path, self.checkpoint.note, self.line))


class Consistency(NamedTuple):
    """That the tree of so many entries begins with that of so many."""

    from_size: int
    to_size: int
    from_root: bytes
    to_root: bytes
    path: tuple[bytes, ...]
    checkpoint: Checkpoint | None
    """The later one, where it is signed."""

    def as_json(self) -> dict[str, Any]:
        """Return it as the contract has it: hashes in base64."""
        from ledger.transparency.spelling import write_base64

        return {
            "from_size": self.from_size,
            "to_size": self.to_size,
            "path": [write_base64(one) for one in self.path],
        }

    def as_file(self) -> bytes:
        """Return it as the body of C2SP tlog-witness: what a witness is asked, and anybody can check.

        Raises:
            Refused: the later tree is not signed.
        """
        from ledger.transparency.witness import Request, format_request

        if self.checkpoint is None:
            message = f"no checkpoint is of {self.to_size:,} entries"
            raise Refused(message, hint="name two checkpoints: cp1..cp3; --json gives the proof of any two sizes")
        return format_request(Request(self.from_size, self.path, self.checkpoint.note))


class Proofs(Checkpoints):
    """What can be proved to somebody who trusts nobody."""

    def prove(self, entry: int, within: str | None = None) -> Inclusion:
        """Prove that an entry is in the journal.

        Args:
            entry: its number.
            within: a checkpoint, as in `cp3`; None is the last one that covers the entry, else what is recorded.

        Raises:
            UnknownName: there is no such entry or checkpoint.
            Refused: that checkpoint is older than the entry.
            VerificationFailed: the journal is not what was signed.
        """
        from ledger.transparency.proofs import check_inclusion, inclusion_proof

        head = self.views.catch_up()
        line = self.journal.line(entry)
        if line is None or not 1 <= entry <= head:
            raise UnknownName(f"no entry e{entry}", hint=f"the last is e{head}" if head else "the ledger is empty")
        checkpoint = self._covering(entry, within)
        size = head if checkpoint is None else checkpoint.size
        node, leaf = self.nodes(size), format_line(*line)
        path = tuple(inclusion_proof(entry - 1, size, node))
        root = self._root(size, checkpoint)
        check_inclusion(leaf_hash(leaf), entry - 1, size, path, root)
        return Inclusion(entry, size, leaf, root, path, checkpoint)

    def prove_growth(self, between: str) -> Consistency:
        """Prove that the journal only grew between two moments of it.

        Args:
            between: two checkpoints or entries, as in `cp1..cp3` or `e12..cp3`.

        Raises:
            Unparsable: it is no such pair.
            UnknownName: one of them is not there.
            Refused: the first is the later one.
            VerificationFailed: the journal is not what was signed.
        """
        from ledger.transparency.proofs import check_consistency, consistency_proof

        pair = _RANGE.fullmatch(between)
        if pair is None:
            raise Unparsable(
                f"'{between}' is no pair of moments", hint="two checkpoints or entries: cp1..cp3, e12..e48"
            )
        (old, earlier), (new, later) = self._end(pair[1]), self._end(pair[2])
        if not 0 < old <= new:
            raise Refused(f"{pair[1]} is not before {pair[2]}", hint="name the earlier one first")
        path = tuple(consistency_proof(old, new, self.nodes(new)))
        roots = self._root(old, earlier), self._root(new, later)
        check_consistency(old, new, *roots, path)
        return Consistency(old, new, *roots, path, later)

    def export_tiles(self, folder: Path, within: str | None = None) -> int:
        """Write the signed journal as a static log in the layout of C2SP tlog-tiles, whole or not at all.

        Args:
            folder: made; it gets `checkpoint`, `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`.
            within: a checkpoint, as in `cp3`; None is the last.

        Returns:
            how many entries it holds.

        Raises:
            Refused: nothing is signed, something is there, or it cannot be written.
        """
        from ledger.transparency.bundle import sink_at
        from ledger.transparency.tiles import ENTRIES, WIDTH, format_entries, tile_path, tiles_of

        known = self.journal.checkpoints()
        if not known:
            raise Refused("nothing is signed yet", hint="sign it first: verbale checkpoint")
        checkpoint = known[-1] if within is None else self.checkpoint_named(within)
        self.nodes(checkpoint.size)
        read = tiles.read_tile(self.views.db)
        with sink_at(folder) as sink:

            def put(name: str, data: bytes) -> None:
                with sink.open(name) as file:
                    file.write(data)

            for tile in tiles_of(checkpoint.size):
                put(tile_path(*tile), read(*tile))
            lines = (format_line(*line) for line in self.journal.lines(upto=checkpoint.size))
            number = 0
            while some := list(islice(lines, WIDTH)):
                put(tile_path(ENTRIES, number, len(some)), format_entries(some))
                number += 1
            put("checkpoint", checkpoint.note)
        return checkpoint.size

    def _covering(self, entry: int, within: str | None) -> Checkpoint | None:
        if within is not None:
            named = self.checkpoint_named(within)
            if named.size < entry:
                message = f"{within} covers {named.size:,} entries, and e{entry} was recorded later"
                raise Refused(message, hint="leave --in out for the last checkpoint")
            return named
        known = self.journal.checkpoints()
        return known[-1] if known and known[-1].size >= entry else None

    def _end(self, name: str) -> tuple[int, Checkpoint | None]:
        if name.startswith("cp"):
            checkpoint = self.checkpoint_named(name)
            return checkpoint.size, checkpoint
        size = self.moment(None, name).known_at
        return size, next((one for one in self.journal.checkpoints() if one.size == size), None)

    def nodes(self, size: int) -> TileReader:
        """Return the nodes of the tree of so many entries, the tiles caught up."""
        db, head = self.views.db, self.views.catch_up()
        if size > head:
            message = f"the journal ends at e{head}, and the checkpoint covers {size:,} entries"
            raise Refused(message, hint="it was restored from an old backup: verbale recover FILE brings the rest back")
        tiles.catch_up(db, lambda after: self.journal.lines(after, head))
        return tiles.nodes(db, size)

    def _root(self, size: int, checkpoint: Checkpoint | None) -> bytes:
        """Return the root of so many entries: as it was signed, else as the tiles have it."""
        from ledger.transparency.proofs import root_of

        return root_of(size, self.nodes(size)) if checkpoint is None else root_in(checkpoint)


def check_proof(
    proof: bytes, trust: Policy | Iterable[VerifierKey], line: bytes | None = None
) -> tuple[bytes, OpenedCheckpoint]:
    """Check a proof that came by mail, without any ledger.

    Args:
        proof: the file, a C2SP tlog-proof.
        trust: a policy, or the keys of logs that are believed.
        line: the journal's line that it is about; None where the proof itself brings it.

    Returns:
        the line, and the checkpoint with its good signatures.

    Raises:
        VerificationFailed: it proves nothing.
    """
    from ledger.transparency.tlog_proof import check_tlog_proof, parse_tlog_proof

    leaf = parse_tlog_proof(proof).extra if line is None else line.removesuffix(b"\n")
    return leaf, check_tlog_proof(proof, leaf, trust)


def check_growth(
    proof: bytes, older: bytes, trust: Policy | Iterable[VerifierKey]
) -> tuple[OpenedCheckpoint, OpenedCheckpoint]:
    """Check that a ledger only grew since a checkpoint that somebody kept, without any ledger.

    Args:
        proof: the file that `Consistency.as_file` wrote.
        older: the signed note that was kept.
        trust: a policy, or the keys of logs that are believed.

    Returns:
        the older and the newer checkpoint, with their good signatures.

    Raises:
        VerificationFailed: it proves nothing, or is about another checkpoint than the one that was kept.
    """
    from ledger.transparency.policy import Policy, check_checkpoint
    from ledger.transparency.proofs import check_consistency
    from ledger.transparency.witness import parse_request

    asked, policy = parse_request(proof), trust if isinstance(trust, Policy) else Policy.of_logs(trust)
    old, new = check_checkpoint(older, policy._replace(quorum="none")), check_checkpoint(asked.checkpoint, policy)
    before, after = old.checkpoint, new.checkpoint
    if before.origin != after.origin or before.size != asked.old:
        message = f"the proof starts at {asked.old:,} entries of {after.origin}"
        kept = f"the checkpoint that was kept is of {before.size:,} of {before.origin}"
        raise VerificationFailed(f"{message}, and {kept}", hint="ask for one that starts there: --consistency cpN..cpM")
    check_consistency(before.size, after.size, before.root, after.root, asked.path)
    return old, new
