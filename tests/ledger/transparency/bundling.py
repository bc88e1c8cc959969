"""Bundles as tests make them: rows by the product, tiles and notes by a few lines of their own."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.codec import format_line
from ledger.times import END, when
from projections.clocks import Moment
from projections.json_rows import dumped, position_row
from projections.matrix import matrix
from projections.ruling import rule_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from verbale import Ledger

ORIGIN = "ledger.example/talks"
Members = dict[str, bytes]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Compute the Merkle tree hash over leaf hashes as RFC 6962, section 2.1, words it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def leaf_of(line: bytes) -> bytes:
    """Hash a line as a leaf."""
    return hashlib.sha256(b"\0" + line).digest()


def b64(some: bytes) -> str:
    """Write bytes as base64."""
    return base64.b64encode(some).decode()


@dataclass
class Signer:
    """A key of its own."""

    name: str = ORIGIN
    key: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(range(32))))

    @property
    def encoded(self) -> bytes:
        """The public key, its type before it."""
        return b"\1" + self.key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        """The four bytes that name it."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.encoded).digest()[:4]

    @property
    def vkey(self) -> str:
        """The verifier key."""
        return f"{self.name}+{self.key_id.hex()}+{b64(self.encoded)}"

    def note(self, size: int, root: bytes, origin: str = ORIGIN) -> bytes:
        """Sign a checkpoint."""
        text = f"{origin}\n{size}\n{b64(root)}\n"
        return f"{text}\n— {self.name} {b64(self.key_id + self.key.sign(text.encode()))}\n".encode()


SIGNER = Signer()
OTHER = Signer(key=Ed25519PrivateKey.from_private_bytes(bytes(32)))


def tiles_of(leaves: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """Cut a tree into its tiles, by level and number."""
    found, level, row = {}, 0, list(leaves)
    while row:
        chunks = [row[at : at + 256] for at in range(0, len(row), 256)]
        found.update({(level, number): b"".join(chunk) for number, chunk in enumerate(chunks)})
        row = [root_of(chunk) for chunk in chunks if len(chunk) == 256]
        level += 1
    return found


def path_of(level: int, number: int, width: int) -> str:
    """Name a tile with fewer than a million beside it."""
    above, last = divmod(number, 1000)
    partial = f".p/{width}" if width < 256 else ""
    return f"tile/{level}/" + (f"x{above:03}/" if above else "") + f"{last:03}{partial}"


def needed(entries: Sequence[int], sizes: Sequence[int], size: int) -> set[tuple[int, int]]:
    """List the tiles that a bundle holds, as the specification words it."""
    found = {(level, (size >> 8 * level) // 256) for level in range(8) if (size >> 8 * level) % 256}
    found |= {(0, (entry - 1) // 256) for entry in entries}
    for m in sizes:
        for h in range(m.bit_length()):
            if m >> h & 1:
                found.add((h // 8, (((m >> h) - 1) << h % 8) // 256))
    for level in range(7):
        full = {number for at, number in found if at == level and (number + 1) * 256 <= size >> 8 * level}
        found |= {(level + 1, number // 256) for number in full}
    return found


def lines_of(ledger: Ledger) -> list[bytes]:
    """Read the journal's lines."""
    return [format_line(*line) for line in ledger.journal.lines()]


def rows_of(ledger: Ledger, k: int, as_of: str | None, **chosen: str | None) -> list[bytes]:
    """Ask the product for the rows."""
    ledger.views.catch_up()
    at = Moment(as_of, END if as_of is None else when(as_of), k, None)
    rule = rule_named(chosen.get("rule") or "latest/1")
    rows = matrix(ledger.views.db, at, chosen.get("party"), chosen.get("issue"), rule)
    return [dumped(position_row(row)).encode() for row in rows]


def members_of(
    lines: Sequence[bytes], rows: Sequence[bytes], *, k: int | None = None, sizes: Sequence[int] = (), **more: Any
) -> Members:
    """Make the members of a bundle.

    Args:
        lines: of the whole tree, e1 first.
        rows: of positions.
        k: the last entry known.
        sizes: of the checkpoints but the last, which is of all lines.
        more: `signers`, one a checkpoint; `kept`, the entries of a part; members of bundle.json.
    """
    k = len(lines) if k is None else k
    kept: list[int] = more.pop("kept", list(range(1, k + 1)))
    leaves, size = [leaf_of(line) for line in lines], len(lines)
    sizes = [*sizes, size]
    signers: Sequence[Signer] = more.pop("signers", [SIGNER] * len(sizes))
    notes = [signer.note(m, root_of(leaves[:m])) for m, signer in zip(sizes, signers, strict=True)]
    tiles = tiles_of(leaves)
    stamp = lines[k - 1].partition(b'"recorded_at":"')[2][:27].decode() if k and k in kept else None
    manifest = {
        "format": "verbale-bundle/1",
        "ledger": "6d0c0a3e-3f0e-5b8e-9a51-0d6f2b7c1a11",
        "origin": ORIGIN,
        "entries": k,
        "size": size,
        "complete": not (more.get("party") or more.get("issue")),
        "party": None,
        "issue": None,
        "as_of": None,
        "as_known_at": {"entry": k, "recorded_at": stamp},
        "rule": "latest/1",
        "positions": len(rows),
        "digest": b64(root_of([leaf_of(row) for row in rows])),
        "keys": [SIGNER.vkey],
        **more,
    }
    members = {
        "bundle.json": json.dumps(manifest).encode(),
        "journal.jsonl": b"".join(lines[entry - 1] + b"\n" for entry in kept),
        "positions.jsonl": b"".join(row + b"\n" for row in rows),
        "checkpoint": notes[-1],
        "README.md": b"A bundle.\n",
    }
    members |= {f"checkpoints/cp{number}": note for number, note in enumerate(notes, 1)}
    wanted = needed(kept, sizes, size)
    return members | {path_of(*at, len(tile) // 32): tile for at, tile in tiles.items() if at in wanted}


def write(folder: Path, members: Members) -> Path:
    """Write the members into a folder."""
    for name, content in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
