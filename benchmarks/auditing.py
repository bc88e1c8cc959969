"""The rows about the audit: signing, proving, verifying everything, bundles, copies, erasing."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

from benchmarks.table import Row, alternately
from ledger.transparency.keys import LOG, SigningKey
from ledger.transparency.proofs import inclusion_proof
from projections import tiles
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.stage import Stage

_KEY = SigningKey("example.org/bench", LOG, bytes(range(32)))
_PROOFS = 200


def audit(stage: Stage) -> Iterator[Row]:
    """Every part of the audit, on one ledger of the usual workload."""
    size, raw = stage.size, stage.raw
    with Ledger(stage.place) as ledger:
        if ledger.verifier_key() is None:
            ledger.add_key(_KEY.verifier)
        ledger.prove(1)  # makes the tiles
        signing, hashing = alternately(lambda: ledger.checkpoint(lambda _: _KEY), raw.hashed, 1)
        against = "raw SELECT + SHA-256"
        yield Row(
            "audit", "checkpoint: tree from the bytes, tiles compared", against, size, size / signing, size / hashing
        )
        yield _proofs(stage, ledger)
    verifying = _timed(lambda: _verified(stage))
    yield Row("audit", "verify: everything", against, size, size / verifying, size / hashing)
    out = stage.folder / "bundle"
    with Ledger(stage.place) as ledger:
        making = _timed(lambda: ledger.bundle(out))
        copying = _timed(lambda: ledger.backup(stage.folder / "backup"))
    checking = _timed(lambda: _checked(stage))
    yield Row("audit", "bundle make, the whole journal", "verify: everything", size, size / making, size / verifying)
    yield Row(
        "audit", "check.py, in a process of its own", "verify: everything", size, size / checking, size / verifying
    )
    plain = _timed(lambda: _backed_up(stage))
    yield Row("audit", "backup, read back", "SQLite's backup alone", size, copying, plain, unit="s")
    yield from _erasing(stage)


def _proofs(stage: Stage, ledger: Ledger) -> Row:
    rng, size, db = random.Random(1), stage.size, ledger.views.db
    reads = 0

    def prove() -> None:
        nonlocal reads
        for _ in range(_PROOFS):
            node = tiles.nodes(db, size)
            inclusion_proof(rng.randrange(size), size, node)
            reads = max(reads, node.reads)

    def look_up() -> None:
        for _ in range(_PROOFS):
            db.execute("SELECT data FROM entries WHERE entry = ?", (rng.randrange(size) + 1,)).fetchone()

    ours, theirs = (seconds / _PROOFS for seconds in alternately(prove, look_up, 3))
    what = f"inclusion proof from tiles, {reads} read at most"
    return Row("audit", what, "SELECT of an entry", size, ours, theirs, unit="µs")


def _verified(stage: Stage) -> None:
    with Ledger(stage.place) as ledger:
        assert ledger.verify().ok


def _checked(stage: Stage) -> None:
    bundle = stage.folder / "bundle"
    command = [sys.executable, str(bundle / "check.py"), "--key", _KEY.verifier.format()]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.startswith("OK:")


def _backed_up(stage: Stage) -> None:
    with (
        closing(sqlite3.connect(stage.place.journal)) as there,
        closing(sqlite3.connect(stage.folder / "plain.db")) as to,
    ):
        there.backup(to)


def _erasing(stage: Stage) -> Iterator[Row]:
    """Erase a statement in the copy, which is then written anew; nobody else needs it."""
    place = Place(stage.folder / "backup" / "ledger.db")
    with Ledger(place) as ledger:
        fields = {"said_on": "2025-03-12", "text": "closed", "sealed": True, "stance": "support"}
        first = next(iter(ledger.matrix()))
        done = ledger.record({"type": "statement-made", "party": first.party, "issue": first.issue, **fields})
        erasing = _timed(lambda: ledger.erase(done.entry, "asked", "bench"))
    with closing(sqlite3.connect(stage.folder / "plain.db", isolation_level=None)) as plain:
        vacuuming = _timed(lambda: plain.execute("VACUUM"))
    yield Row("audit", "erase, with the file written anew", "VACUUM alone", stage.size, erasing, vacuuming, unit="s")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
