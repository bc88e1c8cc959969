"""The sessions of the README and of pages on parties, sources and what is confidential are real, but for the time.

They print what a person sees.  With `VERBALE_UPDATE=1` they are rewritten from what the commands print; read the
difference.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
CONFIDENTIAL = ROOT / "docs" / "confidential.md"
AUDIT = ROOT / "docs" / "audit.md"
EVENTS = ROOT / "docs" / "data-sets" / "events.md"
TABLES = ROOT / "docs" / "data-sets" / "tables.md"
PARTIES, SOURCES = ROOT / "docs" / "parties-and-rules.md", ROOT / "docs" / "sources.md"
PAGES = [README, PARTIES, SOURCES, CONFIDENTIAL, AUDIT, EVENTS, TABLES]
FILES = re.compile(r"^```(?:csv|toml) (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
"""The files that a session has in its folder."""
RECORDED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
HASHED = re.compile(r"[A-Za-z0-9+/]{43}=")
STAMPED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SHORTENED = "3BZt…Vw0="
"""How the pages write a hash, which is another one each time."""
WRITTEN, STAMP = "2026-11-23 11:30 UTC", "2026-11-23T11:30:00.000000Z"
"""When the pages say that everything was recorded."""


def fences(page: Path, language: str) -> list[str]:
    """Return what stands in a page's fences of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def environment() -> dict[str, str]:
    """Return what a person's shell would hold who has just activated the environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VERBALE_", "PYTHON"))}
    return kept | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}


def run(words: list[str], folder: Path) -> str:
    """Run a command and return what it prints, stdout and stderr as they come; a page may show a refusal."""
    done = subprocess.run(
        words, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    printed = done.stdout.decode()
    refusal = "Error: " in printed or "\nMend " in printed or printed.startswith("FAILED: ")
    assert done.returncode == 0 or refusal, printed
    return STAMPED.sub(STAMP, HASHED.sub(SHORTENED, RECORDED.sub(WRITTEN, printed)))


@pytest.fixture(scope="module")
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Run every command of a page in order, among its files; return the folder, and each fence as it came out."""
    page, folder, found = request.param, tmp_path_factory.mktemp("session"), []
    for name, text in FILES.findall(page.read_text(encoding="utf-8")):
        (folder / name).write_text(text, encoding="utf-8")
    for fence in fences(page, "console"):
        assert fence.startswith("$ "), "a session begins with a command"
        commands = [line.removeprefix("$ ") for line in fence.splitlines() if line.startswith("$ ")]
        found.append("".join(f"$ {command}\n{run(shlex.split(command), folder)}" for command in commands))
    if os.environ.get("VERBALE_UPDATE"):
        text = page.read_text(encoding="utf-8")
        for old, new in zip(fences(page, "console"), found, strict=True):
            text = text.replace(f"```console\n{old}```", f"```console\n{new}```")
        page.write_text(text, encoding="utf-8")
    return folder, found


@pytest.mark.parametrize(
    ("session", "page"),
    [(page, page) for page in PAGES],
    indirect=["session"],
    ids=[page.stem.lower() for page in PAGES],
)
def test_the_session_is_as_written(session: tuple[Path, list[str]], page: Path) -> None:
    """The commands of the `console` fences, run in order in an empty folder, print what the page shows."""
    _, found = session
    assert found == [RECORDED.sub(WRITTEN, fence) for fence in fences(page, "console")]


def test_the_first_screen_is_a_session() -> None:
    """The README's first fence is a session that begins with the sample, and nothing in it is refused."""
    shown = fences(README, "console")
    assert shown[0].startswith("$ verbale init --sample ")
    assert "Error: " not in "".join(shown)
    assert README.read_text(encoding="utf-8").index("```console") < README.read_text(encoding="utf-8").index("```sh")


@pytest.mark.parametrize("session", [README], indirect=True, ids=["readme"])
def test_the_python_runs(session: tuple[Path, list[str]]) -> None:
    """The Python example runs after the session, and prints what the README's words say of the Kremlin's stance."""
    folder, _ = session
    (example,) = fences(README, "python")
    said = run([sys.executable, "-W", "error", "-c", example], folder)
    assert said.startswith("awaiting 2025-03-12 ")
    assert "oppose" in said


def test_a_value_is_disclosed_as_the_page_says(tmp_path: Path) -> None:
    """The Python on the page of what is confidential shows each sealed value, which opens the line as it says."""
    showing, checking = fences(CONFIDENTIAL, "python")
    first = next(fence for fence in fences(CONFIDENTIAL, "console"))
    for line in first.splitlines():
        if line.startswith(("$ verbale init", "$ verbale party", "$ verbale issue", "$ verbale record")):
            run(shlex.split(line.removeprefix("$ ")), tmp_path)
    said = run([sys.executable, "-W", "error", "-c", showing], tmp_path)
    journal = run(["verbale", "export", "journal"], tmp_path).splitlines()
    known: dict[str, Any] = {}
    exec(checking, known)  # noqa: S102  what the page tells its readers to run
    shown = re.findall(r"^e4 (\w+), salt ([0-9a-f]{64}): (.*)$", said, re.MULTILINE)
    assert [field for field, _, _ in shown] == ["quote", "speaker", "text"]
    for field, salt, value in shown:
        assert known["opens"](json.loads(journal[3]), field, salt, value)
        assert not known["opens"](json.loads(journal[3]), field, salt, value + "!")
