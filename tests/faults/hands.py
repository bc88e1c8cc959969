"""Processes that do something to a ledger until they are killed, and say what they were answered.

Each is forked from one process that has imported everything already: a life takes milliseconds, not a second.  That
process is a fresh one, as a test runner may have threads, and is told what to do in lines of JSON:

    → {"work": "record", "address": "…", "folder": "…", "seed": 7}
    ← {"born": 4711}                 its process id
    ← {"first": 4, "last": 4, "sha256": "…"}  for every answer: the entries, the hash of their lines
    ← {"dead": -9}                   how it ended

A process dies before `dead` is written, and what it wrote of its answers before comes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar

from ledger import importing
from ledger.codec import format_line
from ledger.errors import LedgerError
from projections import views
from tests.ledger.samples import BASICS, about, new_ledger, source, statement
from tests.verbale.tampering import KEY
from verbale import Ledger, verifying
from verbale.cli import COMMANDS
from verbale.cli import main as main_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

T = TypeVar("T")
ROOT: Final = Path(__file__).resolve().parents[2]


class Answer(NamedTuple):
    """What was answered for: entries, and the hash of their lines."""

    first: int
    last: int
    sha256: str


class Done(NamedTuple):
    """A command that ended."""

    code: int
    out: str
    err: str
    moments: int
    """How often it asked the system, or SQLite, for something that a kill can fall before, where that is counted."""


class Host(NamedTuple):
    """What a command finds around it."""

    limit: int | None = None
    """Bytes that no file may grow beyond."""
    zone: str | None = None
    """The time zone."""
    clock: int | None = None
    """What the clock stands at, microseconds since 1970."""
    temporary: str | None = None
    """Where temporary files go, however little room is there."""
    batch: int | None = None
    """How many entries of an import go into one transaction."""
    fatal: int | None = None
    """The moment at which it is killed; 0 counts them, and None takes no time for that."""


class Hands:
    """Starts hands, one at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.faults.hands"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe)

    def __enter__(self) -> Self:
        """Use it as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process that the others come from."""
        self._process.communicate()

    def start(self, work: str, address: str, **given: object) -> Hand:
        """Start a hand."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"work": work, "address": address, **given}).encode() + b"\n")
        self._process.stdin.flush()
        return Hand(self._said())

    def run(self, *words: str | Path, **host: Any) -> Done:
        """Run the command line.

        Args:
            words: what is typed after `verbale`.
            host: how it is there, as `Host` has it.
        """
        told = self._command(words, Host(**host))
        assert told, words
        return Done(**told[0])

    def kill(self, *words: str | Path, at: int, **host: Any) -> bool:
        """Run the command line, and kill it at one of its moments (`Done.moments`); say whether it came so far."""
        return not self._command(words, Host(fatal=at, **host))

    def _command(self, words: Iterable[str | Path], host: Host) -> list[dict[str, Any]]:
        assert self._process.stdin is not None
        said = {"work": "command", "words": [str(word) for word in words], **host._asdict()}
        self._process.stdin.write(json.dumps(said).encode() + b"\n")
        self._process.stdin.flush()
        _born, *told, dead = self._said()
        assert told or dead["dead"] == -signal.SIGKILL, words
        return told

    def _said(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield json.loads(line)
            if b'"dead"' in line:
                return


class Hand:
    """A process at work."""

    def __init__(self, said: Iterator[dict[str, Any]]) -> None:
        self._said = said
        self.process: int = next(said)["born"]
        self.answers: list[Answer] = []
        self.ended: int | None = None

    def work(self, answers: int | None = None) -> int:
        """Let it work until it has had so many answers, or has ended; return how many there were."""
        for count in itertools.count():
            if count == answers:
                break
            said = next(self._said)
            if "dead" in said:
                self.ended = said["dead"]
                break
            self.answers.append(Answer(**said))
        return count

    def kill(self) -> None:
        """Kill it where it is, and hear what it was answered until then."""
        if self.ended is None:
            os.kill(self.process, signal.SIGKILL)
            self.work()


def unkept(book: Ledger, answers: Iterable[Answer]) -> str | None:
    """Say which entries were answered for and are not there, to the byte; None where all are."""
    for first, last, sha256 in answers:
        if last >= first and _hashed(book, first, last) != sha256:
            return f"e{first} to e{last}"
    return None


def _hashed(book: Ledger, first: int, last: int) -> str:
    lines = b"\n".join(format_line(*line) for line in book.journal.lines(first - 1, last))
    return hashlib.sha256(lines).hexdigest()


# ── In the process that others are forked from ────────────────────────────────


def say(**said: object) -> None:
    """Write a line, in one piece."""
    os.write(1, json.dumps(said).encode() + b"\n")


def record(address: str, folder: str, seed: int, count: int | None = None) -> None:
    """Record whatever there is to record, one after the other.

    Args:
        address: of a ledger in which `samples.BASICS` are recorded.
        folder: where the files may lie that are recorded.
        seed: chooses what is recorded.
        count: after so many it ends; whatever is refused is then tried again, as somebody harms the server.
    """
    rng, place, spoken = random.Random(seed), Path(folder), 0  # noqa: S311  seeded, not secret
    tried = _at_once if count is None else _until_done
    with tried(lambda: Ledger(address, recorded_by="anna")) as book:
        for turn in itertools.count() if count is None else range(count):
            (place / "document.txt").write_text(f"Words of {seed}/{turn}.\n", encoding="utf-8")
            drafts = some_drafts(rng, f"{seed}/{turn}", spoken)
            first, last = tried(partial(recorded, book, drafts, place))
            if drafts[-1]["type"] == "statement-made":
                spoken = last
            if first:
                say(first=first, last=last, sha256=tried(partial(_hashed, book, first, last)))


def _at_once(work: Callable[[], T]) -> T:
    return work()


def _until_done(work: Callable[[], T]) -> T:
    while True:
        with contextlib.suppress(LedgerError):
            return work()


def recorded(book: Ledger, drafts: list[dict[str, Any]], folder: Path) -> tuple[int, int]:
    """Record drafts, and return the entries; 0 where they had been recorded before that was known."""
    if len(drafts) == 1:
        entry = book.record(drafts[0], folder=folder).entry
        return entry, entry
    dossier = folder / "dossier.jsonl"
    dossier.write_text("".join(json.dumps(draft) + "\n" for draft in drafts), encoding="utf-8")
    report = book.import_file(dossier)
    assert not report.refused, report.refused
    return report.first or 0, report.last or 0


def some_drafts(rng: random.Random, name: str, spoken: int) -> list[dict[str, Any]]:
    """Return one draft to record, or several to import."""
    registered = source(f"s-{name}", snapshot="document.txt")
    match rng.randrange(8):
        case 0:
            return [registered]
        case 1:
            return [statement(f"closed {name}", sealed=True, speaker="Anna")]
        case 2 if spoken:
            return [about("disputed", spoken, reason=f"a slip {name}")]
        case 3:
            many = range(rng.randrange(2, 30))
            return [registered, *(statement(f"word {name}, {n}", said_on=f"2025-03-{n % 28 + 1:02}") for n in many)]
        case 4:
            return [statement("long " * rng.randrange(1, 3_900) + name)]
        case _:
            return [statement(f"word {name}", stance=rng.choice(["support", "oppose", "awaiting"]))]


def fold(address: str, batch: int, rebuild: bool) -> None:
    """Catch the views up, or rebuild them, over and over."""
    vars(views)["_BATCH"] = batch
    with Ledger(address) as book:
        while True:
            if rebuild:
                head = book.views.rebuild()
            else:
                with contextlib.suppress(FileNotFoundError):
                    book.place.views.unlink()  # type: ignore[union-attr]
                head = book.views.appended()
            say(first=head, last=head, sha256="")


_FATAL: Final = re.compile(
    "commit|execute(many|script)?|flush|fsync|ftruncate|mkdir|open|rename|replace|rmdir|rollback|truncate|unlink|write"
)
"""Functions in C that do something to files or databases."""
_IN_MEMORY: Final = (str, bytes, bytearray, io.StringIO, io.BytesIO)


class _Moments:
    """Counts the calls that do something to files or databases, and kills this process at one of them.

    Python tells a profiler of every call of a function in C before it is made: each is a place between two changes of
    the disk.  What lies within one, such as SQLite's own writes, is for kills by the clock.
    """

    def __init__(self, fatal: int) -> None:
        self.count = 0
        self._fatal = fatal

    def __call__(self, _frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call" or not _FATAL.fullmatch(called.__name__):
            return
        if not isinstance(getattr(called, "__self__", None), _IN_MEMORY):
            self.count += 1
            if self.count == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)


def command(words: list[str], **found: Any) -> None:
    """Run the command line, and say how that ended."""
    host, moments = Host(**found), _Moments(found["fatal"] or 0)
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    sys.argv = ["verbale", *words]
    if host.limit is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (host.limit, resource.RLIM_INFINITY))
    if host.zone is not None:
        os.environ["TZ"] = host.zone
        time.tzset()
    if host.clock is not None:
        defaults = Ledger.__init__.__kwdefaults__
        assert defaults is not None
        defaults["clock"] = lambda: host.clock
    if host.temporary is not None:
        tempfile.tempdir = host.temporary
        vars(verifying.views)["_room"] = lambda *_: None  # else it would see the little room, and not try
    if host.batch is not None:
        vars(importing)["BATCH"] = host.batch
    code: object = 0
    if host.fatal is not None:
        sys.setprofile(moments)
    try:
        main_command()
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001  what a terminal would show
        code = 1
        traceback.print_exc()
    finally:
        sys.setprofile(None)
    say(code=code, out=sys.stdout.getvalue(), err=sys.stderr.getvalue(), moments=moments.count)


WORKS: Final[dict[str, Callable[..., None]]] = {"record": record, "fold": fold, "command": command}


def warmed() -> None:
    """Import, by using it, all that a hand will."""
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "l.db", *BASICS) as book:
        recorded(book, [statement("one"), statement("two")], Path(folder))
        book.record(statement("sealed", sealed=True))
        book.add_key(KEY.verifier)
        book.checkpoint(lambda _: KEY)
    for name in set(COMMANDS.values()):
        import_module(f"verbale.cli.{name}")
    with contextlib.suppress(ImportError):
        import ledger.stores.postgres_recorder  # noqa: F401


def main() -> None:
    """Fork a hand for each line that comes in, and say how it ended."""
    warmed()
    for line in sys.stdin.buffer:
        given = json.loads(line)
        child = os.fork()
        if not child:
            try:
                say(born=os.getpid())
                WORKS[given.pop("work")](**given)
            except BaseException:  # noqa: BLE001  said on stderr; it is a process of its own
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(dead=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
