"""The benches against other stores: what does not need the network, on a few statements."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.formats import Format, head_of, lines
from benchmarks.rivals import rows
from benchmarks.rivals.installing import NotInstalled, errors_of, node_folder, python_environment
from benchmarks.rivals.work import Positions
from benchmarks.stage import ROOT, Stage

if TYPE_CHECKING:
    from pathlib import Path


def test_our_side_does_the_work(tmp_path: Path) -> None:
    """Ours records the statements, reads all of them back, and ends with the positions of a plain fold."""
    statements = rows.written(60, tmp_path / "statements.jsonl")
    drafts = [json.loads(line) for line in statements.read_bytes().splitlines()]
    expected = Positions()
    for draft in drafts:
        expected.add_draft(draft)
    (tmp_path / "work").mkdir()
    command = [sys.executable, "-m", "benchmarks.rivals.on_verbale", str(statements), str(tmp_path / "work"), "3"]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    assert (told["statements"], told["digest"]) == (60, expected.digest())
    assert all(told[part] > 0 for part in ("one", "bulk", "whole", "read"))
    assert told["whole"] > told["bulk"]


def digest(*said: tuple[str, str, str]) -> str:
    """Return the digest after these statements: issue, date, text."""
    positions = Positions()
    for issue, said_on, text in said:
        positions.add("P", issue, said_on, "oppose", text)
    return positions.digest()


def test_the_latest_of_each_cell() -> None:
    """A later date wins, then the later place, whatever the order of the cells; another text is another digest."""
    old, new, other = ("i", "2025-03-01", "a"), ("i", "2025-03-02", "b"), ("j", "2025", "c")
    assert digest(old, new, other) == digest(other, new, old) == digest(new, other)
    assert digest(old, other) != digest(new, other)
    assert digest(other, ("j", "2025", "d")) == digest(("j", "2025", "d")) != digest(other)


def test_what_cannot_be_installed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the network there is a line for each store, with its version and why, and no row; nothing else fails."""

    def unreachable(_name: str, _packages: object) -> Path:
        raise NotInstalled("the registry does not answer")

    for install in ("python_environment", "node_folder"):
        monkeypatch.setattr(rows, install, unreachable)
    assert list(rows.rivals(Stage(100, tmp_path))) == []
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(rows.RIVALS)
    assert said[0] == (
        "rivals: eventsource-py 0.8.1 left out, as it cannot be installed here: the registry does not answer"
    )


def test_a_failed_installation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was not made whole is taken away, and what is missing is named."""
    monkeypatch.setattr("benchmarks.rivals.installing.HOME", tmp_path / "rivals")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match="there is no npm here"):
        node_folder("store-1", ["store@1"])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(NotInstalled, match="nowhere here"):
        python_environment("store-1", ["store==1"])
    assert list((tmp_path / "rivals").iterdir()) == []


def test_what_a_failed_process_said() -> None:
    """Lines that name an error are told, else what there is, else the exit code."""

    def said(stderr: str) -> list[str]:
        return errors_of(subprocess.CalledProcessError(7, "npm", stderr=stderr))

    assert said("npm warn x\nnpm error code ECONNREFUSED\nnpm error a log\n")[0] == "npm error code ECONNREFUSED"
    assert said("Traceback:\n  x\nValueError: no\n\nNode.js v20")[-1] == "ValueError: no"
    assert said("gone") == ["gone"]
    assert said("") == ["exit code 7"]


def test_every_rival_is_pinned() -> None:
    """Each package has its version, and each script is there."""
    for rival in rows.RIVALS:
        assert all("==" in one or one.rindex("@") > 0 for one in rival.packages), rival
        script = rival.script if rival.script.endswith(".mjs") else f"{rival.script}.py"
        assert (ROOT / "benchmarks" / "rivals" / script).exists()


def test_the_lines_of_a_format(tmp_path: Path) -> None:
    """A sample is a header and the first rows, each with all of its lines; no file is no sample."""
    path = tmp_path / "data" / "table.csv"
    path.parent.mkdir()
    path.write_bytes(b'a,b\n1,"x\ny"\n2,z\xfc\n')
    assert list(lines(path, Format("made", lambda _size, _folder: None))) == [(1, b'1,"x\ny"\n'), (2, b"2,z\xfc\n")]
    head = head_of(path)(1, tmp_path)
    assert head is not None
    assert head.read_bytes() == b'a,b\n1,"x\ny"\n'
    assert head_of(path.with_name("none.csv"))(1, tmp_path) is None
