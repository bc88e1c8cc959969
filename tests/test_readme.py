"""The README's session is real: what it prints is what a person sees, but for the time of recording.

With `VERBALE_UPDATE=1` the session in the README is rewritten from what the commands print; read the difference.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[1] / "README.md"
RECORDED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
WRITTEN = "2026-11-23 11:30 UTC"
"""When the README says that everything was recorded."""


def fences(language: str) -> list[str]:
    """Return what stands in the README's fences of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def environment() -> dict[str, str]:
    """Return what a person's shell would hold who has just activated the environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VERBALE_", "PYTHON"))}
    return kept | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}


def run(words: list[str], folder: Path) -> str:
    """Run a command and return what it prints, stdout and stderr as they come."""
    done = subprocess.run(
        words, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
    return RECORDED.sub(WRITTEN, done.stdout.decode())


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Run every command of the README in order, in an empty folder; return it, and each fence as it came out."""
    folder = tmp_path_factory.mktemp("readme")
    found = []
    for fence in fences("console"):
        assert fence.startswith("$ "), "a session begins with a command"
        commands = [line.removeprefix("$ ") for line in fence.splitlines() if line.startswith("$ ")]
        found.append("".join(f"$ {command}\n{run(shlex.split(command), folder)}" for command in commands))
    if os.environ.get("VERBALE_UPDATE"):
        text = README.read_text(encoding="utf-8")
        for old, new in zip(fences("console"), found, strict=True):
            text = text.replace(f"```console\n{old}```", f"```console\n{new}```")
        README.write_text(text, encoding="utf-8")
    return folder, found


def test_the_session_is_as_written(session: tuple[Path, list[str]]) -> None:
    """The commands of the `console` fences, run in order in an empty folder, print what the README shows."""
    _, found = session
    assert found == [RECORDED.sub(WRITTEN, fence) for fence in fences("console")]


def test_the_session_shows_the_sample(session: tuple[Path, list[str]]) -> None:
    """The first screen is a session: the first fence is one, and begins with the sample."""
    _, found = session
    assert found[0].startswith("$ verbale init --sample ")
    assert README.read_text(encoding="utf-8").index("```console") < README.read_text(encoding="utf-8").index("```sh")


def test_the_python_runs(session: tuple[Path, list[str]]) -> None:
    """The Python example runs after the session, and prints what the README's words say of the Kremlin's stance."""
    folder, _ = session
    (example,) = fences("python")
    said = run([sys.executable, "-W", "error", "-c", example], folder)
    assert said.startswith("awaiting 2025-03-12 ")
    assert "oppose" in said
