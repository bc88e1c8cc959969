"""What travels: the wheel and the sdist as a stranger receives them."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest
import uv

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "ukraine-ceasefire-2025"

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, extra: dict[str, str] | None = None) -> str:
    """Run a command that must succeed, with nothing of ours in its environment, and return what it prints."""
    ours = ("VERBALE_", "PYTHON", "VIRTUAL_ENV", "UV_PROJECT")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | (extra or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"exit {done.returncode}: {command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from the sdist, with the hatchling that the lock names: no network."""
    out = tmp_path_factory.mktemp("dist")
    options = ["--no-build-isolation", "--offline", "--python", sys.executable, "--out-dir", str(out)]
    run(uv.find_uv_bin(), "build", *options, cwd=ROOT)
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    """Name the one wheel that was built."""
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def inside(wheel: Path) -> list[str]:
    """List the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel and what it says it needs into an empty environment, and return the folder of its commands.

    What it needs comes from the lock, hence from uv's cache, so that no network is asked a second time; the check at
    the end is what would fail if the wheel needed more than the lock gave, or something else.
    """
    folder = tmp_path_factory.mktemp("empty")
    binary = uv.find_uv_bin()
    run(binary, "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    locked = ["sync", "--frozen", "--no-dev", "--no-install-project", "--no-python-downloads"]
    run(binary, *locked, cwd=ROOT, extra={"UV_PROJECT_ENVIRONMENT": str(folder / "venv")})
    run(binary, "pip", "install", "--offline", "--no-deps", "--python", folder / "venv", wheel, cwd=folder)
    run(binary, "pip", "check", "--python", folder / "venv", cwd=folder)
    return folder / "venv" / ("Scripts" if os.name == "nt" else "bin")


@pytest.fixture(scope="module")
def desk(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Start the sample ledger in an empty folder, by the installed command."""
    folder = tmp_path_factory.mktemp("desk")
    run(installed / "verbale", "init", "--sample", SAMPLE, cwd=folder)
    return folder


def test_wheel_carries_three_packages_and_nothing_else(inside: list[str]) -> None:
    """The wheel's top level is ledger, projections, verbale and the metadata: no tests, no benchmarks, no events."""
    tops = {name.split("/")[0] for name in inside}
    assert tops == {"ledger", "projections", "verbale", "verbale-0.1.0.dist-info"}


def test_wheel_carries_every_module_of_the_packages(inside: list[str]) -> None:
    """Each Python file of the three packages in the checkout is in the wheel, and each package says it is typed."""
    here = {
        path.relative_to(ROOT).as_posix()
        for package in ("ledger", "projections", "verbale")
        for path in (ROOT / package).rglob("*.py")
    }
    assert {name for name in inside if name.endswith(".py")} == here
    assert {"ledger/py.typed", "projections/py.typed", "verbale/py.typed"} <= set(inside)


def test_wheel_carries_the_record_as_data(inside: list[str]) -> None:
    """The files of events/ travel below verbale/events, each of them, and there is no code among them."""
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "events").rglob("*") if path.is_file()}
    there = {name for name in inside if name.startswith("verbale/events/") and not name.endswith("/")}
    assert there == {f"verbale/{name}" for name in here}
    assert f"verbale/events/dossiers/{SAMPLE}.jsonl" in there
    assert not [name for name in there if name.endswith(".py")]


def test_wheel_carries_the_desk_and_nothing_of_others(inside: list[str]) -> None:
    """Templates and assets travel; each asset is one of ours, so that no other licence has to travel with them."""
    web = ROOT / "verbale" / "web"
    here = {path.relative_to(ROOT).as_posix() for path in web.rglob("*") if path.suffix not in {".py", ".pyc"}}
    files = {name for name in here if (ROOT / name).is_file()}
    assert {name for name in inside if name.startswith("verbale/web/") and not name.endswith((".py", "/"))} == files
    assert {name for name in files if "/static/" in name} == {
        f"verbale/web/static/{name}" for name in ("coding.js", "desk.css", "desk.js", "desk.svg", "paper.css")
    }
    assert {Path(name).suffix for name in files if "/static/" not in name} == {".html"}


def test_wheel_names_its_licence_and_its_command(wheel: Path) -> None:
    """The metadata says Apache-2.0 and carries the text, names the extra, and installing brings the command."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read("verbale-0.1.0.dist-info/METADATA").decode()
        licence = archive.read("verbale-0.1.0.dist-info/licenses/LICENSE")
        scripts = archive.read("verbale-0.1.0.dist-info/entry_points.txt").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Provides-Extra: postgres" in metadata
    assert "Provides-Extra: web" in metadata
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert "verbale = verbale.cli:main" in scripts


def test_sdist_carries_what_the_wheel_is_made_of(dist: Path) -> None:
    """The sdist holds the packages, events/ and the papers: no tests, no benchmarks, no environment, no ledger."""
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = [name.removeprefix("verbale-0.1.0/") for name in archive.getnames()]
    papers = {"CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO", ".gitignore"}
    assert {name.split("/")[0] for name in names} == papers | {"events", "ledger", "projections", "verbale"}
    assert not [name for name in names if "__pycache__" in name or "/.verbale" in name]


def test_installed_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    """In an empty environment `verbale --version` names the version that the wheel bears."""
    assert "0.1.0" in run(installed / "verbale", "--version", cwd=tmp_path)


def test_installed_sample_becomes_a_ledger(desk: Path) -> None:
    """`verbale init --sample` finds the dossier inside the wheel, and puts the ledger into the folder it is run in."""
    assert (desk / ".verbale" / "ledger.db").is_file()


def test_installed_matrix_names_the_parties(installed: Path, desk: Path) -> None:
    """`verbale matrix` answers from the installed sample, with Russia among the parties."""
    assert "RUS" in run(installed / "verbale", "matrix", cwd=desk)


def test_installed_code_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """The empty environment imports its own copy: the tests above speak of the wheel, not of the checkout."""
    python = installed / f"python{'.exe' if os.name == 'nt' else ''}"
    code = "import ledger, projections, verbale; print(ledger.__file__, projections.__file__, verbale.__file__)"
    for path in run(python, "-c", code, cwd=tmp_path).split():
        assert Path(path).is_relative_to(installed.parent)


def test_the_desk_says_how_it_is_installed(installed: Path, desk: Path) -> None:
    """Without the extra `web` there is no traceback, but one line and what to do."""
    for command in ("serve", "export html --to pages"):
        done = subprocess.run(
            [installed / "verbale", *command.split()], cwd=desk, capture_output=True, check=False, encoding="utf-8"
        )
        assert done.returncode == 1
        said = "Error: the desk is not installed.\nHint: install it with: pip install 'verbale[web]'\n"
        assert done.stderr == said, command


def test_the_installed_desk_opens(wheel: Path, desk: Path, tmp_path: Path) -> None:
    """With the extra, `verbale serve` of the wheel answers with pages, their style and their script."""
    binary = uv.find_uv_bin()
    run(binary, "venv", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    locked = ["sync", "--frozen", "--no-dev", "--extra", "web", "--no-install-project", "--no-python-downloads"]
    run(binary, *locked, cwd=ROOT, extra={"UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv")})
    run(binary, "pip", "install", "--offline", "--no-deps", "--python", tmp_path / "venv", wheel, cwd=tmp_path)
    command = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "verbale"
    serving = [str(command), "serve", "--port", "0", "--quiet"]
    with subprocess.Popen(serving, cwd=desk, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip().removesuffix("/matrix")
            for path, holds in (("/matrix", "ceasefire-30d"), ("/static/desk.css", "--ink"), ("/static/desk.js", "")):
                with urlopen(address + path) as answer:  # noqa: S310  the desk's own
                    assert holds in answer.read().decode()
        finally:
            process.terminate()
    run(command, "export", "html", "--to", "pages", cwd=desk)
    assert (desk / "pages" / "static" / "desk.css").is_file()
