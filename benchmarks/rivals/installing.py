"""A store in an environment that holds nothing else: made at the first run, kept for the next one.

It lies beside the dossiers, in the temporary folder of the machine; nothing of it enters the project's own environment
or lock.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HOME: Final = Path(tempfile.gettempdir()) / "verbale-bench" / "rivals"
_PATIENCE: Final = 900
"""Seconds for an installation: the driver of one of them is compiled."""


class NotInstalled(Exception):
    """A store cannot be had here."""


def python_environment(name: str, packages: Sequence[str]) -> Path:
    """Return the Python of an environment with these packages.

    Raises:
        NotInstalled: they cannot be installed.
    """

    def make(home: Path) -> None:
        _run([sys.executable, "-m", "venv", str(home)])
        pip = [str(_python(home)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--retries", "1", "--timeout", "20", *packages])

    return _python(_made(f"{name}-py{sys.version_info.major}.{sys.version_info.minor}", make))


def node_folder(name: str, packages: Sequence[str]) -> Path:
    """Return a folder whose `node_modules` has these packages.

    Raises:
        NotInstalled: they cannot be installed, or there is no Node.js.
    """

    def make(home: Path) -> None:
        home.mkdir()
        (home / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        quietly = ["--no-audit", "--no-fund", "--fetch-retries", "1", "--fetch-timeout", "30000"]
        _run(["npm", "install", *quietly, *packages], home)

    return _made(name, make)


def _python(home: Path) -> Path:
    return home / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def _made(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that was made whole, now or by an earlier run."""
    home = HOME / name
    ready = home / "ready"
    if not ready.exists():
        shutil.rmtree(home, ignore_errors=True)
        HOME.mkdir(parents=True, exist_ok=True)
        try:
            make(home)
        except NotInstalled:
            shutil.rmtree(home, ignore_errors=True)
            raise
        ready.touch()
    return home


def _run(command: list[str], folder: Path | None = None) -> None:
    try:
        subprocess.run(command, cwd=folder, capture_output=True, check=True, encoding="utf-8", timeout=_PATIENCE)
    except FileNotFoundError:
        raise NotInstalled(f"there is no {command[0]} here") from None
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"{command[0]} took more than {_PATIENCE} s") from None
    except subprocess.CalledProcessError as error:
        raise NotInstalled(errors_of(error)[0]) from None


def errors_of(error: subprocess.CalledProcessError) -> list[str]:
    """Return the lines of what a failed process said that name an error, or else all of them, each cut where long."""
    lines = [line.strip()[:300] for line in (error.stderr or error.stdout or "").splitlines() if line.strip()]
    named = [line for line in lines if "error" in line.casefold() and not line.endswith(":")]
    return named or lines or [f"exit code {error.returncode}"]
