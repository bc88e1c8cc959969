"""A small ledger that has something of everything, and the ways to lay hands on its files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ledger.kept import Checkpoint
from ledger.transparency.checkpoint import Checkpoint as Signed
from ledger.transparency.checkpoint import sign_checkpoint
from ledger.transparency.keys import LOG, SigningKey
from projections import tiles
from tests.ledger.samples import BASICS, NOW, about, statement
from verbale import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from verbale.verifying import Verified

KEY = SigningKey("example.org/talks", LOG, bytes(range(32)))
OTHER = SigningKey("example.org/talks", LOG, bytes(32))
"""Another key under the same name."""
DOCUMENT = b"<p>We agree to a ceasefire.</p>\n"
MINUTE = 60_000_000
FIRST = 12
"""The entries that the first checkpoint covers."""

HISTORY: list[dict[str, Any]] = [
    *BASICS,  # e1 RUS, e2 UKR, e3 ceasefire
    {"type": "party-registered", "party": "EU", "name": "European Union", "kind": "organisation"},
    {"type": "coalition-joined", "party": "UKR", "coalition": "EU", "from": "2025"},
    {"type": "source-registered", "source": "wire", "title": "A report", "snapshot": "report.html"},
    statement("We agree.", stance="support", said_on="2025-03-02", source="wire", quote="We agree to a ceasefire."),
    statement("Not so fast.", party="UKR", stance="conditional", conditions=["a pause"]),
    statement("Never.", sealed=True, speaker="An envoy", said_on="2025-02-01"),
    about("corrected", 7, changes={"said_on": "2025-03-03"}),
    about("disputed", 8),
    {
        "type": "action-taken",
        "party": "RUS",
        "issue": "ceasefire",
        "occurred_on": "2025-03-04",
        "text": "Guns fall silent",
    },
    {"type": "party-registered", "party": "SUN", "name": "Soviet Union", "kind": "state"},
    statement("Njet.", party="SUN", said_on="1990-01"),
    {"type": "party-merged", "party": "SUN", "into": "RUS"},
    {"type": "position-asserted", "party": "RUS", "issue": "ceasefire", "stance": "support"},
    {"type": "event-scheduled", "party": "UKR", "issue": "ceasefire", "occurs_on": "2025-04", "text": "Talks"},
    statement("Perhaps.", party="UKR", stance="awaiting", said_on="2025-03-05"),
]
ATTESTED = len(HISTORY) + 1
"""The entry of an attestation, which is the last that was recorded."""


def made(folder: Path) -> Path:
    """Make the ledger, with two checkpoints, its views and the index of who has searched."""
    (folder / "report.html").write_bytes(DOCUMENT)
    path = folder / "ledger.db"
    Ledger.create(path)
    ledger = Ledger(path, recorded_by="anna", clock=lambda: NOW + MINUTE * ledger.head)
    with ledger:
        ledger.journal.store.keep_verifier_key(KEY.verifier.format())
        for draft in HISTORY[:FIRST]:
            ledger.record(draft, folder=folder)
        sign(ledger, 1)
        for draft in HISTORY[FIRST:]:
            ledger.record(draft, folder=folder)
        assert ledger.attest().entry == ATTESTED
        sign(ledger, 2)
        assert list(ledger.search("ceasefire"))
        tiles.catch_up(ledger.views.db, ledger.journal.lines)
    return path


def sign(ledger: Ledger, number: int, key: SigningKey = KEY) -> None:
    """Sign a checkpoint of all that is recorded, and keep it where it is kept."""
    tree = Signed(key.name, ledger.head, root_of(ledger))
    kept = Checkpoint(number, ledger.head, sign_checkpoint(tree, key))
    ledger.journal.kept.add_checkpoint(kept)
    ledger.journal.store.keep_checkpoint(kept)


def root_of(ledger: Ledger) -> bytes:
    """Return the root over all that is recorded."""
    from ledger.codec import format_line
    from ledger.transparency.tree import Tree

    tree = Tree()
    tree.extend(format_line(*line) for line in ledger.journal.lines())
    return tree.root()


def verified(path: Path, since: str | None = None) -> Verified:
    """Verify a ledger as a command would."""
    with Ledger(path) as ledger:
        return ledger.verify(since)


def sql(path: Path, *statements: str) -> None:
    """Run statements in a database behind everybody's back."""
    with closing(sqlite3.connect(path)) as db, db:
        for one in statements:
            db.execute(one)
