"""Work that takes long, in a process of its own: whoever reads other pages meanwhile is not held up by it."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import LedgerError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from verbale.verifying.report import Step

    Told = Callable[[Step], None]


class _Failed(NamedTuple):
    kind: type[LedgerError]
    message: str
    hint: str | None


class Aside:
    """What one desk has others do."""

    def __init__(self) -> None:
        self._running: set[SpawnProcess] = set()
        self._lock = threading.Lock()
        self._closed = False

    def do(self, work: Callable[..., Any], *given: Any, told: Told | None = None) -> Any:  # noqa: ANN401  as the work
        """Do some work in another process, and return what it returns.

        Args:
            work: a function of a module; it is given a function that it may tell how far it is, and then the rest.
            given: the rest.
            told: what it tells.

        Raises:
            LedgerError: what the work raised; or it ended without a word, as where the desk is closed.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(theirs, work, given), daemon=True)
        with self._lock:
            if self._closed:
                raise Refused("the desk is being closed")
            process.start()
            self._running.add(process)
        theirs.close()
        try:
            with ours:
                return _heard(ours, told)
        except (EOFError, OSError):
            raise Refused("it was ended before it was done", hint="try again") from None
        finally:
            process.join()
            with self._lock:
                self._running.discard(process)

    def close(self) -> None:
        """End whatever is still being done."""
        with self._lock:
            self._closed = True
            for process in self._running:
                process.terminate()


def _heard(ours: Connection, told: Told | None) -> Any:  # noqa: ANN401
    while True:
        kind, said = ours.recv()
        if kind == "done":
            return said
        if kind == "failed":
            raise said.kind(said.message, hint=said.hint)
        if told is not None:
            told(said)


def _work(theirs: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:  # pragma: no cover  elsewhere
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the desk, which ends this
    try:
        theirs.send(("done", work(lambda step: theirs.send(("step", step)), *given)))
    except LedgerError as error:
        theirs.send(("failed", _Failed(type(error), error.message, error.hint)))
