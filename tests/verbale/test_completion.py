"""Completion: what may come next, at once, from the views as they lie there, and not a word where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.verbale.doors import UPDATE
from verbale.cli.shape import WORDS, dumped
from verbale.terminal.completion import Completion, completions, formatted
from verbale.terminal.shells import HOW, SCRIPTS

if TYPE_CHECKING:
    from tests.verbale.doors import Door

SECONDS = 0.2


def after(line: str) -> list[str]:
    """Return the words that may stand in the place of the last one of a line."""
    return [one.word for one in completions(line.split(" "))]


def test_the_words_are_in_step() -> None:
    """The stored shape of the command line is that of the commands; with VERBALE_UPDATE=1 it is rewritten."""
    if UPDATE:
        WORDS.write_text(dumped(), encoding="utf-8", newline="\n")
    assert WORDS.read_text(encoding="utf-8") == dumped(), "rewrite it with VERBALE_UPDATE=1"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ma", ["matrix"]),
        ("record ", ["statement", "action", "scheduled", "assertion"]),
        ("party a", ["add", "alias"]),
        ("show --as", ["--as-of", "--as-known-at"]),
        ("show --as-of 2025 --as", ["--as-known-at"]),
        ("why RU", ["RUS"]),
        ("why rus", ["RUS"]),
        ("why Krem", ["Kremlin"]),
        ("why RUS us-", ["us-guarantees", "us-reassessment", "us-ukraine-talks"]),
        ("show ceasefire", ["ceasefire-30d"]),
        ("show RUS ceasefire", ["ceasefire-30d"]),
        ("timeline full", ["full-ceasefire"]),
        ("matrix --party U", ["UKR", "USA"]),
        ("matrix --party=U", ["--party=UKR", "--party=USA"]),
        ("matrix --party = U", ["UKR", "USA"]),
        ("matrix --rule ", ["latest/1", "verified/1", "own-words/1", "senior/1"]),
        ("record statement RUS ceasefire-30d s", ["support"]),
        ("record statement RUS ceasefire-30d --act cl", ["clarify"]),
        ("record statement --act clarify RUS cease", ["ceasefire-30d"]),
        ("record action RUS ceasefire-30d --bearing op", ["oppose"]),
        ("record statement --to RUS --to U", ["UKR", "USA"]),
        ("record statement --source j", ["jeddah-talks-article"]),
        ("retract e6", ["e60", "e6"]),
        ("dispute 6", ["e60", "e6"]),
        ("cite e6", ["e60", "e6"]),
        ("help exit", ["exit-codes"]),
        ("config set ru", ["rule"]),
        ("completion f", ["fish"]),
        ("init --sample u", ["ukraine-ceasefire-2025"]),
        ("matrix --limit ", []),
        ("retract x", []),
        ("retract e0", []),
        ("retract e61", []),
        ("nothing ", []),
        ("why RUS ceasefire-30d ", []),
    ],
)
def test_what_may_come_next(sample: Door, line: str, words: list[str]) -> None:
    """Commands, options, their values, names of the ledger and recent entries complete, whatever stands before."""
    del sample
    assert after(line) == words


def test_entries_come_with_their_text(sample: Door) -> None:
    """Entries are the last twenty, the last first, each with what it says; nothing sealed is among it."""
    sample.ok("record statement RUS ceasefire-30d oppose --said-on 2025-03 --sealed -m", "behind closed doors")
    found = list(completions(["retract", ""]))
    assert [one.word for one in found] == [f"e{number}" for number in range(61, 41, -1)]
    assert found[0].help == "statement-made"
    assert found[1].help == "event-scheduled: Steve Witkoff, an envoy close to Trump, is to meet P…"


def test_each_shell_has_its_form() -> None:
    """Bash gets words, zsh `word:help` with colons escaped, fish and PowerShell a TAB between."""
    found = [Completion("a:b", "c: d"), Completion("e")]
    assert formatted(found, "bash") == "a:b\ne\n"
    assert formatted(found, "zsh") == "a\\:b:c: d\ne\n"
    assert formatted(found, "fish") == formatted(found, "powershell") == "a:b\tc: d\ne\n"


def ask(folder: Path, words: str, shell: str = "bash", **more: str) -> subprocess.CompletedProcess[bytes]:
    """Ask as a shell asks, in a process of its own."""
    asked = {"_VERBALE_COMPLETE": shell, "_VERBALE_WORDS": words.replace(" ", "\n")}
    command = [sys.executable, "-c", "from verbale.cli import main; main()"]
    return subprocess.run(command, cwd=folder, env=os.environ | asked | more, capture_output=True, check=False)


@pytest.mark.parametrize(
    "words", ["verbale why ", "verbale retract e", "verbale show --ledger nothing.db R", "verbale show --ledger x.db R"]
)
def test_without_a_ledger_nothing_is_said(door: Door, tmp_path: Path, words: str) -> None:
    """With no ledger, or a file that is none, there are no names, no noise and no file that was not there."""
    del door
    (tmp_path / "x.db").write_bytes(b"nothing")
    (tmp_path / "x.views.db").write_bytes(b"nothing")
    done = ask(tmp_path, words)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.db", "x.views.db"]


def test_nothing_is_built(sample: Door, tmp_path: Path) -> None:
    """Views that are not there are not made, and those that lag behind are read as they are."""
    sample.ok("party add BLR Belarus")
    views = tmp_path / ".verbale" / "ledger.views.db"
    assert b"BLR" in ask(tmp_path, "verbale why ").stdout
    for path in views.parent.glob("ledger.views.db*"):
        path.unlink()
    assert ask(tmp_path, "verbale why ").stdout == b""
    assert not views.exists()


def test_a_broken_configuration_is_no_noise(sample: Door, tmp_path: Path) -> None:
    """What a command would complain of, a press of TAB passes over."""
    del sample
    (tmp_path / ".verbale" / "config.toml").write_text("by = [", encoding="utf-8")
    done = ask(tmp_path, "verbale why ")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_completion_is_light() -> None:
    """A press of TAB imports none of what makes commands slow to start."""
    heavy = {"typer", "pydantic", "rich", "eventsourcing", "sqlite_utils", "rapidfuzz", "inspect", "ledger.entries"}
    code = (
        "import sys; from verbale.cli import main; from verbale.terminal.completion import completions;"
        "list(completions(['why', ''])); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert heavy.isdisjoint(done.stdout.split())


def test_completion_is_fast(sample: Door, tmp_path: Path) -> None:
    """The best of a few cold calls answers well within the 200 ms after which a person notices."""
    del sample
    times = []
    for _ in range(5):
        began = time.perf_counter()
        assert b"RUS" in ask(tmp_path, "verbale why ").stdout
        times.append(time.perf_counter() - began)
    assert min(times) < SECONDS


@pytest.mark.parametrize("shell", SCRIPTS)
def test_scripts_are_printed(door: Door, shell: str) -> None:
    """`completion SHELL` prints the script alone into a pipe, and tells a person at a terminal where to keep it."""
    assert door.ok(f"completion {shell}").shown() == SCRIPTS[shell]
    assert door(f"completion {shell}", terminal=True).err == f"To keep it: {HOW[shell]}\n"


def shell_says(shell: str, code: str, folder: Path) -> str:
    """Run code in a real shell that finds `verbale` first."""
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"no {shell} here")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        [found, "-c", code], cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, check=True
    )
    return done.stdout.decode()


def test_bash_completes(sample: Door, tmp_path: Path) -> None:
    """Bash, with the script, completes as it would at a prompt."""
    (tmp_path / "script").write_text(sample.ok("completion bash").out, encoding="utf-8")
    code = "source ./script; COMP_WORDS=(verbale why RUS us-g); COMP_CWORD=3; _verbale verbale; echo ${COMPREPLY[*]}"
    assert shell_says("bash", code, tmp_path) == "us-guarantees\n"


def test_fish_completes(sample: Door, tmp_path: Path) -> None:
    """Fish, with the script, completes with what each word is, and files where there is nothing."""
    (tmp_path / "script").write_text(sample.ok("completion fish").out, encoding="utf-8")
    said = shell_says(
        "fish", "source ./script; complete -C 'verbale why RU'; complete -C 'verbale import scr'", tmp_path
    )
    assert said.splitlines() == ["RUS\tRussia", "script"]
