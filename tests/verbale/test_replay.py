"""Replaying gives the same digest wherever and however it runs, up to any entry, and tells what one entry changed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import Refused, UnknownName
from projections import views
from projections.asking import position
from projections.clocks import moment
from tests.ledger.samples import BASICS, about, new_ledger, statement
from tests.verbale.doors import SAMPLE
from tests.verbale.tampering import ATTESTED, FIRST, HISTORY, made
from verbale import Ledger
from verbale.samples import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.verbale.doors import Door

SETTINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "3", "TZ": "Pacific/Chatham", "PYTHONUTF8": "0", "LC_ALL": "POSIX"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger that has something of everything; nobody writes there."""
    folder = tmp_path_factory.mktemp("original")
    made(folder)
    return folder


def replayed(path: Path | str, *more: str, **environment: str) -> str:
    """Replay in a process of its own, and return what it prints."""
    command = [
        sys.executable,
        "-c",
        "from verbale.cli import main; main()",
        "replay",
        "--json",
        "--ledger",
        str(path),
        *more,
    ]
    done = subprocess.run(
        command, env={**os.environ, **environment}, cwd=Path(__file__).parents[2], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


# ── The digest ────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_digest_is_the_same_wherever_it_is_made(folder: Path) -> None:
    """Hash seed, time zone and locale change nothing that `replay --json` prints, of the whole or of a part."""
    path = folder / "ledger.db"
    assert len({replayed(path, **some) for some in SETTINGS}) == 1
    assert len({replayed(path, "--to", "e14", **some) for some in SETTINGS}) == 1


def test_the_digest_is_the_same_on_postgresql(new_address: Callable[[], str], tmp_path: Path) -> None:
    """The sample dossier gives the same digest on SQLite and PostgreSQL, up to every tenth entry."""
    with new_ledger(new_address()) as there, new_ledger(tmp_path / "here.db") as here:
        for book in (there, here):
            assert book.import_file(sample_path(SAMPLE)).error is None
        for known_at in range(0, there.head + 1, 10):
            one, other = (book.replay(f"e{known_at}") for book in (there, here))
            assert one.positions == other.positions
            assert one.equals_views
            assert other.equals_views


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.integers(1, 25), upto=st.integers(0, ATTESTED))
def test_the_digest_is_the_same_in_any_batches(folder: Path, batch: int, upto: int) -> None:
    """However many entries are folded in at a time, up to any of them, the positions are those of the views."""
    with Ledger(folder / "ledger.db") as book:
        whole = book.replay(f"e{upto}")
        with mock.patch.object(views, "_BATCH", batch):
            assert book.replay(f"e{upto}") == whole
        assert whole.equals_views


def test_any_moment_of_the_ledger_will_do(folder: Path) -> None:
    """A checkpoint, a time or an entry says up to where the journal is folded."""
    with Ledger(folder / "ledger.db") as book:
        found = book.replay("cp1")
        assert found.entries == FIRST
        assert book.replay(f"e{FIRST}") == found
        recorded_at = book.entry(FIRST).recorded_at
        assert book.replay(recorded_at) == found
        assert book.replay("e0").root == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


# ── Into a file of its own ────────────────────────────────────────────────────


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(upto=st.integers(0, ATTESTED))
def test_what_was_known_lies_in_one_file(folder: Path, tmp_path: Path, upto: int) -> None:
    """The tables as they were then, in one file that nobody must be able to write to: it gives the same positions."""
    into = tmp_path / "then.db"
    with Ledger(folder / "ledger.db") as book:
        found = book.replay(f"e{upto}", into)
        assert found == book.replay(f"e{upto}")
        rows = list(book.matrix(as_known_at=f"e{upto}"))
    assert [one.name for one in tmp_path.iterdir()] == ["then.db"]
    into.chmod(0o400)
    with closing(sqlite3.connect(f"{into.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("SELECT entry FROM meta").fetchone() == (upto,)
        assert db.execute("SELECT COALESCE(MAX(entry), 0) FROM entries").fetchone() == (upto,)
        assert [position(db, row.party, row.issue, moment(db, upto)) for row in rows] == rows


def test_a_file_of_something_else_is_left_alone(folder: Path, tmp_path: Path) -> None:
    """Replaying writes over what it made of this ledger, and over nothing else; nothing is left where it fails."""
    text, stranger, other = tmp_path / "text", tmp_path / "stranger.db", tmp_path / "other.db"
    text.write_text("mine")
    with closing(sqlite3.connect(stranger)) as db, db:
        db.execute("CREATE TABLE meta (ledger TEXT)")
    new_ledger(f"{tmp_path / 'l.db'}#second", *BASICS).close()
    with Ledger(f"{tmp_path / 'l.db'}#second") as book:
        book.replay(into=other)
    with Ledger(folder / "ledger.db") as book:
        own = [book.place.views, folder / "ledger.db", folder / "ledger.checkpoints.jsonl", folder]
        for taken in (text, stranger, other, *own, tmp_path / "no" / "folder"):
            assert isinstance(taken, Path)
            before = taken.read_bytes() if taken.is_file() else b""
            with pytest.raises(Refused):
                book.replay(into=taken)
            assert not taken.is_file() or taken.read_bytes() == before
        before = other.read_bytes()
    with Ledger(f"{tmp_path / 'l.db'}#second") as book:
        book.replay("e2", other)
    assert other.read_bytes() != before
    assert not [one for one in tmp_path.iterdir() if one.name.endswith(".part")]


def test_replay_says_where_the_tables_are(sample: Door, tmp_path: Path) -> None:
    """`--to` and `--as-known-at` mean the same; what does not go together is refused before anything is done."""
    to, known = sample("replay --to e48 --into then.db"), sample("replay --as-known-at e48")
    assert (to.code, to.out, to.err) == (0, known.out, "The tables are in then.db.\n")
    assert (tmp_path / "then.db").exists()
    for line, code in [
        ("replay --to e48 --as-known-at e48", 2),
        ("replay lines.jsonl --to e48", 2),
        ("replay --explain e3 --into x.db", 2),
        ("replay --to 2025", 2),
        ("replay --explain nothing", 2),
        ("replay --to e61", 4),
        ("replay --explain e61", 4),
        ("replay --into no/folder.db", 1),
    ]:
        said = sample(line)
        assert (said.code, said.out) == (code, ""), line
        assert said.err.startswith("Error: "), line


# ── What one entry changed ────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def told(folder: Path) -> Ledger:
    """Open that ledger."""
    return Ledger(folder / "ledger.db")


@settings(max_examples=ATTESTED, deadline=None)
@given(entry=st.integers(1, ATTESTED))
def test_every_row_that_differs_is_told_of(told: Ledger, entry: int) -> None:
    """The rows are exactly those that differ between two whole matrices, each with a sentence; or there is a reason."""
    found = told.explain(entry)
    before, after = (
        {(row.party, row.issue): row for row in told.matrix(as_known_at=f"e{known}")} for known in (entry - 1, entry)
    )
    differing = {cell for cell in before.keys() | after.keys() if before.get(cell) != after.get(cell)}
    assert {(one.party, one.issue) for one in found.rows} == differing
    assert all(one.says for one in found.rows)
    assert bool(found.rows) != bool(found.reasons)


ORDER: list[tuple[dict[str, Any], list[str]]] = [
    (statement("No."), ["no position → oppose, since 2025-03-01 (e4)"]),
    (statement("No!", said_on="2025-03-02"), ["still oppose, and rests on e5 in place of e4"]),
    (statement("Never.", said_on="2025-01"), ["since 2025-01, no longer 2025-03-01"]),
    (
        statement("If so.", stance="conditional", said_on="2025-03-03", conditions=["a pause", "a wall"]),
        ["oppose → conditional, since 2025-03-03 (e7)", "if a pause (open)", "if a wall (open)"],
    ),
    (
        {"type": "condition-resolved", "entry": 7, "condition": "a pause", "outcome": "met"},
        ["condition open → met: a pause"],
    ),
    (about("disputed", 7), ["contested by e9 now"]),
    (about("retracted", 9), ["contested no more"]),
    (about("corrected", 7, changes={"text": "If only."}), ["e7 reads otherwise"]),
    (about("corrected", 7, changes={"conditions": ["a wall"]}), ["no condition any more: a pause"]),
    (about("retracted", 5), ["before it: oppose, since 2025-01 (e4)"]),
    (statement("Old.", said_on="2024"), ["before it: oppose, since 2024 (e4)"]),
    (
        statement("So.", stance="support", said_on="2023"),
        ["RUS on ceasefire: e15 is support on 2023, superseded by e7"],
    ),
    (
        {"type": "action-taken", "party": "RUS", "issue": "ceasefire", "occurred_on": "2025-03", "text": "Guns"},
        ["deed: no bearing said, 2025-03 (e16)"],
    ),
    (
        {"type": "action-taken", "party": "RUS", "issue": "ceasefire", "occurred_on": "2025-02", "text": "More guns"},
        ["RUS on ceasefire: e16, 2025-03, is the later deed"],
    ),
    (about("corroborated", 4, reason=None, observer="OSCE"), ["superseded by e7"]),
]
"""Drafts from e4 on, each with what it changed."""


def test_what_each_kind_of_entry_changes(tmp_path: Path) -> None:
    """A position that turns, rests on other words, is contested, conditional, corrected; or is left alone, and why."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        for number, (draft, says) in enumerate(ORDER, start=4):
            given = {name: value for name, value in draft.items() if value is not None}
            assert book.record(given).entry == number
            found = book.explain(number)
            heard = [sentence for row in found.rows for sentence in row.says] or list(found.reasons)
            assert len(heard) == len(says), (number, heard)
            assert all(wanted in one for wanted, one in zip(says, heard, strict=True)), (number, heard)


def test_the_reasons_why_nothing_moved(folder: Path) -> None:
    """A registration, a plan, an expectation and an attestation say why they moved nobody."""
    with Ledger(folder / "ledger.db") as book:
        kinds = {draft["type"]: number for number, draft in enumerate(HISTORY, start=1)}
        for kind, reason in [
            ("source-registered", "gives names"),
            ("event-scheduled", "announced"),
            ("position-asserted", "expectation"),
        ]:
            (said,) = book.explain(kinds[kind]).reasons
            assert reason in said
        (said,) = book.explain(ATTESTED).reasons
        assert "for whoever verifies" in said
        with pytest.raises(UnknownName):
            book.explain(ATTESTED + 1)


def test_a_merge_and_what_is_inherited(tmp_path: Path) -> None:
    """A merge moves positions to the survivor; a member speaks with its coalition's words until it has its own."""
    joined = {"type": "coalition-joined", "party": "UKR", "coalition": "RUS"}
    merged = {"type": "party-merged", "party": "RUS", "into": "UKR"}
    with new_ledger(tmp_path / "l.db", *BASICS, statement(), joined, statement("Yes.", party="UKR"), merged) as book:
        (row,) = book.explain(5).rows
        assert row.says == ("no position → oppose, since 2025-03-01 (e4)", "inherited from RUS")
        (row,) = book.explain(6).rows
        assert row.says[-1] == "in words of its own, no longer inherited from RUS"
        assert [one.party for one in book.explain(7).rows] == ["RUS"]
        assert book.explain(7).rows[0].says == ("nothing that counts is left, and no position",)
