"""The house rules that no linter knows."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).resolve().parents[1]

# Spelt in pieces, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.~)}\]])/(?:" + "work|root|home|opt|Users" + r")/\w")
REGISTRY = re.compile("|".join([r"pypi\." + "org", r"python" + r"hosted\.", r"npm" + r"js\.", r"deb" + r"ian\.org"]))


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    """Read every text file that git tracks, or would once it is added."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            files[name] = content.decode()
    return files


def found(pattern: re.Pattern[str], files: dict[str, str]) -> list[str]:
    """List each match as file, line and words."""
    return [
        f"{name}:{number}: {match.group()}"
        for name, text in files.items()
        for number, line in enumerate(text.split("\n"), 1)
        if (match := pattern.search(line))
    ]


def fences(text: str) -> list[list[str]]:
    """List the lines of each `sh` fence of a Markdown text."""
    return [block.strip().splitlines() for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)]


def test_lock_is_in_step() -> None:
    """`uv.lock` answers to `pyproject.toml` as it stands."""
    command = [uv.find_uv_bin(), "lock", "--check", "--offline"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_lock_names_one_public_registry() -> None:
    """`uv.lock` takes everything from one registry, but for the project itself: no local folder, no direct link."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    sources = {package["name"]: package["source"] for package in lock["package"]}
    assert sources.pop("verbale") == {"editable": "."}
    registries = {source.get("registry") for source in sources.values()}
    assert len(registries) == 1
    assert str(registries.pop()).startswith("https://")


def test_no_machine_paths(tracked: dict[str, str]) -> None:
    """No tracked file names a folder of the machine it was written on."""
    assert found(MACHINE_PATH, tracked) == []


def test_no_registry_hosts(tracked: dict[str, str]) -> None:
    """No tracked file but the lock names a package registry's host."""
    assert found(REGISTRY, {name: text for name, text in tracked.items() if name != "uv.lock"}) == []


def test_readme_asks_for_two_commands() -> None:
    """README's `sh` fences are two, one command each: the demo and the tests."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert fences(readme) == [["python3 run.py demo"], ["python3 run.py test"]]


def test_ci_runs_the_tests_as_readme_says() -> None:
    """`.ci/run` calls README's test command, and each of the other checks that `make check` makes."""
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line.split(" ||")[0] for line in lines]
    assert "python3 run.py test" in commands
    assert "make --keep-going lint types imports docs" in commands
    assert "check: lint types imports docs test" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_no_package_is_called_events() -> None:
    """`events/` holds no code: an import package of that name would break another's without a word."""
    assert list((ROOT / "events").rglob("*.py")) == []
