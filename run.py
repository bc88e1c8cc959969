"""Make this checkout's own environment, then run the demo or the tests in it.

    python3 run.py demo           the ceasefire ledger, and its matrix at two dates
    python3 run.py test [ARG …]   the test suite; arguments go to pytest
    python3 run.py env            the environment alone

It needs Python 3.11 and what comes with it, nothing else. The environment is `.venv` beside this file: uv is installed
into it, at the version that `uv.lock` names, and uv installs the rest from the lock. A stamp in it holds a hash of
`pyproject.toml` and `uv.lock`, so that the network is asked once, and again only when one of them has changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SUFFIX = ".exe" if os.name == "nt" else ""
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / f"python{SUFFIX}"
STAMP = VENV / ".ready"
DEMO = ROOT / "demo"
SAMPLE = "ukraine-ceasefire-2025"
USAGE = 2


def main(arguments: list[str]) -> int:
    """Run the task that the command line names, and return its exit code."""
    if sys.version_info < (3, 11):
        return fail(f"Python {sys.version.split()[0]} is too old.", "run this with Python 3.11 or later.")
    task, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if task in {"-h", "--help"}:
        print(__doc__)
        return 0
    if task not in TASKS:
        return fail(f"no task '{task}'.", "python3 run.py demo, or python3 run.py test.", USAGE)
    return prepare() or TASKS[task](rest)


def prepare() -> int:
    """Bring `.venv` in step with the lock; when it is, this takes no network and a tenth of a second."""
    stamp = hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "uv.lock"))).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == stamp and is_sound():
        return 0
    if not is_sound() and (code := install_uv()):
        return code
    STAMP.unlink(missing_ok=True)
    uv = [str(PYTHON), "-m", "uv", "sync", "--locked", "--no-python-downloads"]
    # A UV_PYTHON or an active environment of the caller's would send uv elsewhere.
    environment = {name: value for name, value in os.environ.items() if name not in {"UV_PYTHON", "VIRTUAL_ENV"}}
    environment["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    if subprocess.run(uv, cwd=ROOT, env=environment, check=False).returncode:
        return fail("uv could not install what uv.lock names.", "its own words are above; run this again to retry.")
    STAMP.write_text(stamp, encoding="ascii")
    return 0


def is_sound() -> bool:
    """Whether `.venv` is where it was made, and has a Python that runs and sees uv.

    A checkout that was moved ends the one (commands in `.venv` name its folder), an upgrade of the system's Python the
    other.
    """
    made = VENV / "pyvenv.cfg"
    if not PYTHON.exists() or not made.exists() or str(VENV) not in made.read_text(encoding="utf-8"):
        return False
    return subprocess.run([str(PYTHON), "-c", "import uv"], capture_output=True, check=False).returncode == 0


def install_uv() -> int:
    """Create `.venv` anew with the locked uv in it, by the pip that venv brings or else by the system's own."""
    import tomllib
    import venv

    with (ROOT / "uv.lock").open("rb") as file:
        version = next(package["version"] for package in tomllib.load(file)["package"] if package["name"] == "uv")
    # Debian and Ubuntu leave ensurepip out of python3; a pip of theirs can still install into another environment.
    own_pip = importlib.util.find_spec("ensurepip") is not None
    if not own_pip and importlib.util.find_spec("pip") is None:
        return fail(
            "this Python has neither ensurepip nor pip.",
            "on Debian and Ubuntu: apt install python3-venv. Elsewhere: install pip for this Python.",
        )
    print(f"Creating {VENV.name} …", file=sys.stderr, flush=True)
    venv.EnvBuilder(clear=True, with_pip=own_pip, symlinks=os.name != "nt").create(VENV)
    pip = [str(PYTHON), "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*pip, "install", *quiet, f"uv=={version}"], check=False).returncode:
        return fail("pip could not install uv.", "its own words are above; it needs a package index it can reach.")
    return 0


def env(_: list[str]) -> int:
    """Do no more: every task has made the environment by then."""
    return 0


def test(arguments: list[str]) -> int:
    """Run the test suite."""
    return subprocess.run([str(PYTHON), "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def demo(_: list[str]) -> int:
    """Build the ceasefire ledger in `demo/`, unless it is there, and print its matrix at two dates."""
    ledger = DEMO / ".verbale"
    if ledger.exists():
        print(f"The ledger is already in {ledger.relative_to(ROOT)}; delete that folder to build it again.\n")
    else:
        DEMO.mkdir(exist_ok=True)
        code = 1
        try:
            code = verbale("init", "--sample", SAMPLE)
        finally:
            if code:  # half a ledger would pass for a whole one the next time
                shutil.rmtree(ledger, ignore_errors=True)
        if code:
            return code
    for date in ("2025-03-11", "2025-03-12"):
        if code := verbale("matrix", "--as-of", date):
            return code
    print(f"The ledger is in {ledger.relative_to(ROOT)}. Ask it more from there:")
    print(f"    cd {DEMO.name}")
    print(f"    {Path('..') / (BIN / 'verbale').relative_to(ROOT)} why RUS ceasefire-30d --as-of 2025-03-12")
    return 0


def verbale(*arguments: str) -> int:
    """Show a command as one would type it in `demo/`, run it there, and return its exit code."""
    print("$ verbale", *arguments, flush=True)
    environment = {name: value for name, value in os.environ.items() if name != "VERBALE_LEDGER"}
    command = [str(BIN / f"verbale{SUFFIX}"), *arguments]
    code = subprocess.run(command, cwd=DEMO, env=environment, check=False).returncode
    print(flush=True)
    return code


def fail(message: str, hint: str, code: int = 1) -> int:
    """Say what went wrong and what to do about it, as every command of Verbale does."""
    print(f"Error: {message}\nHint: {hint}", file=sys.stderr)
    return code


TASKS = {"demo": demo, "test": test, "env": env}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
