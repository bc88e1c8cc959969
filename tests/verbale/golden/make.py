"""How `bundle-1.zip` was made, once: it is kept as it was, whatever bundles look like later.

python -m tests.verbale.golden.make OUT.zip
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from ledger.times import instant
from tests.verbale.test_signing import KEY, SECOND, signer
from verbale import Ledger

DRAFTS: list[dict[str, Any]] = [
    {"type": "party-registered", "party": "ALD", "name": "Alderland", "kind": "state", "aliases": ["the Palace"]},
    {"type": "party-registered", "party": "BRE", "name": "Brévia", "kind": "state"},
    {"type": "party-registered", "party": "PACT", "name": "River Pact", "kind": "coalition"},
    {"type": "party-registered", "party": "TALKS", "name": "Alder delegation", "kind": "other"},
    {"type": "issue-opened", "issue": "dam", "proposition": "The dam at Lorn is built"},
    {"type": "source-registered", "source": "wire", "title": "A wire", "snapshot": "wire.txt"},
    {"type": "speaker-appointed", "name": "Ana Ostrow", "party": "ALD", "role": "envoy", "rank": 1},
    {"type": "coalition-joined", "party": "BRE", "coalition": "PACT", "from": "2001-05"},
    {
        "type": "statement-made", "party": "the Palace", "issue": "dam", "stance": "oppose", "said_on": "../2024-03-01",
        "text": "Alderland «never» agrees", "speaker": "Ana Ostrow", "source": "wire", "quote": "Never.",
    },
    {
        "type": "statement-made", "party": "PACT", "issue": "dam", "stance": "conditional", "said_on": "2024-03-1X",
        "text": "If the water is shared", "conditions": ["a treaty shares the water"], "credibility": "B2",
    },
    {"type": "action-taken", "party": "ALD", "issue": "dam", "bearing": "support", "occurred_on": "2024-03-20",
     "text": "Alderland opens its border to the builders"},
    {
        "type": "statement-made", "party": "ALD", "issue": "dam", "stance": "reserved", "said_on": "2024-03-21",
        "text": "We could live with it", "speaker": "Somebody in the room", "sealed": True,
    },
    {
        "type": "statement-made", "party": "TALKS", "issue": "dam", "stance": "support", "said_on": "2024-03-22",
        "text": "Build it", "speaker": "Somebody else", "sealed": True,
    },
    {"type": "entry-corrected", "entry": 11, "changes": {"occurred_on": "2024-03-19"}, "reason": "misread"},
    {"type": "entry-disputed", "entry": 9, "reason": "heard otherwise"},
    {"type": "condition-resolved", "entry": 10, "condition": "a treaty shares the water", "outcome": "met"},
    {"type": "party-merged", "party": "TALKS", "into": "ALD"},
]  # fmt: skip


def make(out: Path) -> None:
    """Make the bundle."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "wire.txt").write_text("He said: “Never.” And left.\n", encoding="utf-8")
        now = instant("2026-11-23T09:00:00.000000Z")
        Ledger.create(folder / "ledger.db")
        with Ledger(folder / "ledger.db", recorded_by="anna", clock=lambda: now) as book:
            book.add_key(KEY.verifier)
            for draft in DRAFTS:
                now += 60_000_000
                book.record(draft, folder=folder)
            book.checkpoint(signer(KEY))
            book.add_key(SECOND.verifier, "rotation")
            book.attest()
            book.checkpoint(signer(KEY, SECOND))
            book.erase(13, "asked for by the speaker", "data protection officer")
            book.checkpoint(signer(KEY, SECOND))
            book.bundle(out, disclose=[(12, "text")])


if __name__ == "__main__":
    make(Path(sys.argv[1]))
