"""`verbale import` as a person uses it: dry runs, refused lines to mend, progress, and being interrupted."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verbale import Ledger
from verbale.cli.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.verbale.doors import Door

VERBALE = Path(sys.executable).with_name("verbale")
MANY = 40_000
BATCH = 5_000


def statement(text: str, **more: object) -> dict[str, object]:
    """Draft a statement."""
    said = {"party": "RUS", "issue": "ceasefire-30d", "stance": "oppose", "said_on": "2025-03-12"}
    return {"type": "statement-made", **said, "text": text, **more}


def written(path: Path, *drafts: Mapping[str, object] | str) -> Path:
    """Write a dossier."""
    lines = (draft if isinstance(draft, str) else json.dumps(draft) for draft in drafts)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def large(path: Path) -> Path:
    """Write a dossier that takes some seconds."""
    names = [
        {"type": "party-registered", "party": "RUS", "name": "Russia", "kind": "state"},
        {"type": "issue-opened", "issue": "ceasefire-30d", "proposition": "A 30-day ceasefire takes effect"},
    ]
    return written(path, *names, *(statement(f"note {n}") for n in range(MANY - 2)))


def test_a_dossier_is_tried_mended_and_recorded(sample: Door, tmp_path: Path) -> None:
    """A dry run, the import with what was refused set aside, and the mended lines with the refs of the first file."""
    good, again = statement("a", ref="a"), statement("a")
    bad = statement("b", party="Kremlni"), {"type": "entry-disputed", "entry": "a", "reason": ""}
    written(tmp_path / "d.jsonl", good, again, *bad)
    sample.transcript("""
        $ verbale import d.jsonl --dry-run
        Not recorded, as asked: 4 rows, 1 new, 1 repeated, 2 refused
        2> line 3: no party 'Kremlni'.
        2>   hint: did you mean RUS (Russia)?
        2> line 4: reason: '' will not do
        2>   hint: say in a few words why
        2> Error: 2 of 4 lines refused; nothing was recorded.
        2> Hint: mend the lines, or record the rest with --keep-going
        [1]
        $ verbale import d.jsonl
        2> line 3: no party 'Kremlni'.
        2>   hint: did you mean RUS (Russia)?
        2> line 4: reason: '' will not do
        2>   hint: say in a few words why
        2> Error: 2 of 4 lines refused; nothing was recorded.
        2> Hint: mend the lines, or record the rest with --keep-going
        [1]
        $ verbale import d.jsonl --keep-going --refused mend.jsonl
        Recorded e61: 4 rows, 1 new, 1 repeated, 2 refused
        2> line 3: no party 'Kremlni'.
        2>   hint: did you mean RUS (Russia)?
        2> line 4: reason: '' will not do
        2>   hint: say in a few words why
        2> Mend mend.jsonl, then: verbale import mend.jsonl --refs-from d.jsonl
        [1]
        """)
    mend = tmp_path / "mend.jsonl"
    assert mend.read_text().splitlines() == [json.dumps(draft) for draft in bad]
    assert (tmp_path / "mend.jsonl.reasons").read_text() == (
        "1: line 3 of d.jsonl: no party 'Kremlni'.\n"
        "   hint: did you mean RUS (Russia)?\n"
        "2: line 4 of d.jsonl: reason: '' will not do\n"
        "   hint: say in a few words why\n"
    )
    mend.write_text(mend.read_text().replace("Kremlni", "Kremlin").replace('""', '"contested"'))
    sample.transcript("""
        $ verbale import mend.jsonl --refs-from d.jsonl
        Recorded e62–e63: 2 rows, 2 new
        $ verbale import mend.jsonl --refs-from d.jsonl
        Nothing new: 2 rows, 0 new, 2 already there
        """)


def test_many_refusals_are_told_of_in_part(sample: Door, tmp_path: Path) -> None:
    """Twenty refusals stand on stderr, and how many more there are; the file beside the lines has every reason."""
    written(tmp_path / "d.jsonl", *["nonsense"] * 1_200)
    said = sample("import d.jsonl --refused mend.jsonl")
    assert said.code == 1
    assert len(re.findall(r"^line \d+: ", said.err, re.MULTILINE)) == 20
    assert "and 1,180 more: mend.jsonl.reasons has them all" in said.err
    assert (tmp_path / "mend.jsonl").read_bytes() == (tmp_path / "d.jsonl").read_bytes()
    assert len(re.findall(r"^\d+: line \d+ of ", (tmp_path / "mend.jsonl.reasons").read_text(), re.MULTILINE)) == 1_200
    assert len(sample("import d.jsonl --json").json["refused"]) == 1_000


@pytest.mark.parametrize("name", ["d.jsonl", "link.jsonl", ".verbale/ledger.db", "folder", "missing/mend.jsonl"])
def test_refused_lines_spare_what_is_there(sample: Door, tmp_path: Path, name: str) -> None:
    """Refused lines never go over the dossier itself, a ledger, or to where nothing can be written."""
    path = written(tmp_path / "d.jsonl", statement("a"), "nonsense")
    (tmp_path / "link.jsonl").symlink_to(path)
    (tmp_path / "folder").mkdir()
    before = path.read_bytes()
    said = sample(f"import d.jsonl --keep-going --refused {name}")
    assert said.code in {1, 2}
    assert "Hint: " in said.err
    assert path.read_bytes() == before
    assert sample.ok("status --json").json["head"]["entry"] == 60


# Interruptions


def running(folder: Path) -> subprocess.Popen[bytes]:
    """Begin the import of a large dossier, and return once its first batches are recorded."""
    Ledger.create(folder / "l.db")
    path = large(folder / "d.jsonl")
    command = [str(VERBALE), "import", str(path), "--ledger", str(folder / "l.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with Ledger(folder / "l.db") as ledger:
        while ledger.head < BATCH:
            assert process.poll() is None
    return process


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_import_leaves_whole_batches(tmp_path: Path, sign: signal.Signals) -> None:
    """Stopped by Ctrl-C, a system's shutdown or kill -9, whole batches stay; again, it goes on from there."""
    process = running(tmp_path)
    process.send_signal(sign)
    out, err = process.communicate()
    with Ledger(tmp_path / "l.db") as ledger:
        head = ledger.head
        assert head % BATCH == 0
        assert BATCH <= head <= MANY
        if sign == signal.SIGINT:
            assert (process.returncode, out) == (130, b"")
            assert err.decode() == (
                f"Interrupted: e1–e{head} are recorded, {head:,} of {MANY:,} new entries.\n"
                "Import the same file again: it goes on from there.\n"
            )
        else:
            assert process.returncode == -sign
        report = ledger.import_file(tmp_path / "d.jsonl")
        assert (report.already, report.new, report.refused_count, ledger.head) == (head, MANY - head, 0, MANY)
        assert ledger.replay().equals_views


@pytest.mark.slow
def test_progress_on_a_terminal(tmp_path: Path) -> None:
    """A terminal is shown both passes; the line is gone in the end."""
    Ledger.create(tmp_path / "l.db")
    path = large(tmp_path / "d.jsonl")
    ours, theirs = pty.openpty()
    command = [str(VERBALE), "import", str(path), "--ledger", str(tmp_path / "l.db")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert process.returncode == 0
    text = shown.decode()
    assert re.search(r"\d+% of d\.jsonl decided on", text)
    assert re.search(r"\d+% of d\.jsonl recorded", text)
    assert text.endswith("\x1b[K")


def test_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """After half a second, how fast it goes and how long it will take; before that, nothing."""
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    pace = Pace()
    now += 0.2
    assert pace.told(10, 1_000, "entries") == ""
    now += 1.8
    assert pace.told(80_000, 200_000, "entries") == ", 40,000 entries/s, 3 s left"
    assert pace.told(4_200_000, 200_000_000, "bytes") == ", 2.1 MB/s, 1 min 33 s left"
    assert pace.told(200_000, 200_000, "entries") == ", 100,000 entries/s, 0 s left"
