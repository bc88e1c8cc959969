"""A wire that can be cut: it stands between a client and the server, and looks for one message of the protocol."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ASKED: Final = b"COMMIT\0"
"""As the client says it, and as the server answers it: the same bytes within either message."""
_SIZE: Final = 1 << 16


class Wire:
    """Passes bytes on between its own port and the server's, until it is told to cut.

    Args:
        port: the server's.
        cut: which COMMIT to stop, the question or the answer, counted from 1 over all connections.
        then: called when it is stopped, before both ends are closed.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stop: tuple[str, int, Callable[[], None]] | None = None
        self._counts = {"asked": 0, "answered": 0}
        self.cuts = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self, which: str, count: int = 1, then: Callable[[], None] = lambda: None) -> None:
        """Cut the wire at the next COMMIT but `count` − 1: where it is `asked`, or where it is `answered`."""
        self._counts = {"asked": 0, "answered": 0}
        self._stop = (which, count, then)

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # to close alone would leave `accept` waiting for one more
        self._listener.close()

    def _serve(self) -> None:
        for client in self._accepted():
            server = socket.create_connection(("127.0.0.1", self._server))
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()

    def _accepted(self) -> Iterator[socket.socket]:
        while True:
            try:
                yield self._listener.accept()[0]
            except OSError:
                return

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        ways = {client: (server, "asked"), server: (client, "answered")}
        with client, server, selectors.DefaultSelector() as ready:
            for end in ways:
                ready.register(end, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    assert isinstance(key.fileobj, socket.socket)
                    end = key.fileobj
                    to, way = ways[end]
                    try:
                        passing = end.recv(_SIZE)
                        if not passing or self._is_cut(way, passing):
                            return
                        to.sendall(passing)
                    except OSError:
                        return

    def _is_cut(self, way: str, passing: bytes) -> bool:
        if self._stop is None or ASKED not in passing:
            return False
        self._counts[way] += 1
        which, count, then = self._stop
        if (way, self._counts[way]) != (which, count):
            return False
        self._stop = None
        self.cuts += 1
        then()
        return True
