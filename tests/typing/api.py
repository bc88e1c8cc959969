"""The library as somebody's type checker sees it: this has to pass `mypy --strict`, and is never run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import polars as pl

from ledger.reporting import Progress, Report
from ledger.transparency.keys import SigningKey
from projections.agreement import Agreement
from projections.differing import Changed
from projections.evidence import AgendaItem, Reading
from projections.exports.networks import Network
from projections.exports.whole import ExportedTables
from projections.history import Run, Why
from projections.positions import Position
from verbale import Ledger
from verbale.bundle_members import Bundled
from verbale.checkpointing import Signed
from verbale.copying import Copied
from verbale.erasing import Erased
from verbale.networks import Exported
from verbale.proving import Consistency
from verbale.recording import Recorded
from verbale.rows import Rows
from verbale.verifying import Verified


def opening(path: Path) -> None:
    """Make and open a ledger."""
    assert_type(Ledger.create(path), bool)
    with Ledger(path, recorded_by="anna") as ledger:
        assert_type(ledger, Ledger)
    Ledger(str(path), clock=lambda: 0).close()


def asking(ledger: Ledger) -> None:
    """Ask."""
    assert_type(ledger.position("RUS", "truce", as_of="2025-03-12"), Position | None)
    rows = ledger.matrix(issue="truce", as_known_at="e41")
    assert_type(rows, Rows[Position])
    assert_type(rows[0], Position)
    assert_type(rows[:3], list[Position])
    assert_type([row.stance for row in rows], list[str | None])
    assert_type(rows.to_polars(), pl.DataFrame)
    assert_type(ledger.log(latest=3), Rows[Reading])
    assert_type(ledger.timeline("truce"), Rows[Reading])
    assert_type(ledger.agenda(), Rows[AgendaItem])
    assert_type(ledger.agreement("wire"), Rows[Agreement])
    assert_type(ledger.when("RUS", "truce"), Rows[Run])
    assert_type(ledger.why("RUS", "truce"), Why | None)
    assert_type(ledger.diff(ledger.moment("2025"), ledger.moment("2026")), Rows[Changed])
    assert_type(ledger.parties(unresolved=True), Rows[dict[str, Any]])
    assert_type(ledger.review(country="UKR"), Rows[dict[str, Any]])
    assert_type(ledger.party_named("365", as_of="1980", scheme="cow"), dict[str, Any])
    assert_type(ledger.export_journal(), Iterator[bytes])


def recording(ledger: Ledger) -> None:
    """Record."""
    done = ledger.record_statement("RUS", "truce", "oppose", "No.", "2025-03-12", quote={"exact": "No", "start": 0})
    assert_type(done, Recorded)
    assert_type(done.after, Position | None)
    ledger.record_action("RUS", "truce", "Troops leave.", "2025-03-12", bearing="support", to=["UKR"])
    ledger.record_scheduled("RUS", "truce", "Talks.", "2025-03-13/2025-03-16")
    ledger.add_party("actor/x", "X", "unresolved")
    assert_type(ledger.apply_review("todo.csv", dry_run=True), Report)
    assert_type(ledger.identify_party("actor/x", "organisation", name="X Party", codes={"cameo": "X"}), Recorded)
    ledger.add_party("RUS", "Russia", "state", aliases=("Kremlin",), codes={"iso3": "RUS"})
    ledger.add_source("wire", "A report", snapshot=Path("report.txt"), reliability="B")
    assert_type(ledger.correct(done.entry, {"stance": "support", "speaker": None}, "a slip"), Recorded)
    assert_type(ledger.undo(done.entry).before, Position | None)
    ledger.record({"type": "entry-disputed", "entry": done.entry, "reason": "a slip"})


def importing(ledger: Ledger) -> None:
    """Import."""

    def told(progress: Progress) -> None:
        assert_type(progress.done / progress.total, float)

    report = ledger.import_file("dossier.jsonl", dry_run=True, refused=Path("mend.jsonl"), told=told)
    assert_type(report, Report)
    assert_type([refusal.hint for refusal in report.refused], list[str | None])
    assert_type(ledger.import_file("talks.csv", mapping=Path("talks.toml")), Report)


def networks(ledger: Ledger) -> None:
    """Hand on to other tools."""
    found = ledger.network("onemode", aggregation="congruence", normalization="average", as_of="2025-03-12")
    assert_type(found, Exported)
    assert_type(found.network, Network)
    assert_type(ledger.event_list(), Iterator[dict[str, str | int | None]])


def auditing(ledger: Ledger, key: SigningKey) -> None:
    """Sign, prove, verify, take along."""
    assert_type(ledger.checkpoint(key), Signed)
    assert_type(ledger.checkpoint(lambda _: key).root, bytes)
    assert_type(ledger.prove(1).as_file(), bytes)
    assert_type(ledger.prove_growth("cp1..cp2"), Consistency)
    assert_type(ledger.verify(since="cp1"), Verified)
    assert_type(ledger.bundle(Path("out"), "RUS", disclose=[(17, None)]), Bundled)
    assert_type(ledger.backup(Path("copy")), Copied)
    assert_type(ledger.export_parquet(Path("columns")), ExportedTables)
    assert_type(ledger.attest(), Recorded)
    assert_type(ledger.erase(17, "asked", "a court"), Erased)


def what_a_checker_must_refuse(ledger: Ledger) -> None:
    """Say what is wrong, and be told: an ignore that is not needed is an error too."""
    ledger.record_statement("RUS", "truce", "against", "No.", "2025")  # type: ignore[arg-type]
    ledger.position("RUS", "truce", as_off="2025")  # type: ignore[call-arg]
    ledger.network(aggregation="sum")  # type: ignore[arg-type]
    ledger.retract("e17", "a slip")  # type: ignore[arg-type]
