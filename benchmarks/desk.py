"""The rows about the desk: twenty readers who think for a second between clicks, while one writer records.

A reader goes about as people do: along the sliders of the matrix and through its pages, into why, timelines, the log
and entries, and back to pages that the browser still has (which asks with `If-None-Match`).  The readers share this
process, the desk has its own, and so has the writer, who records a statement twice a second.
"""

from __future__ import annotations

import http.client
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from benchmarks.table import Row
from benchmarks.workload import DAYS, FIRST_DAY, ISSUES, PARTIES, SEED, issue_id, party_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.stage import Stage

READERS: Final = 20
SECONDS: Final = 60
"""First so long uncounted, in which each part of the matrix is read for the first time; then so long again."""
THINKING: Final = 1.0
WITHIN: Final = 0.150
_AT_ONCE: Final = 40
_SERVE: Final = "from verbale.cli import main; main()"
_WRITE: Final = """
import random, sys, time
from benchmarks.workload import ISSUES, PARTIES, issue_id, party_id
from verbale import Ledger
rng = random.Random(7)
with Ledger(sys.argv[1], recorded_by="bench") as ledger:
    for number in range(100_000):
        party, issue = party_id(rng.randrange(PARTIES)), issue_id(rng.randrange(ISSUES))
        ledger.record_statement(party, issue, "support", f"It would sign ({number}).", "2025-11-01")
        time.sleep(0.5)
"""


@dataclass
class Reader:
    """Somebody who clicks through the desk.

    Args:
        port: of the desk.
        seed: what they do.
        size: entries of the ledger.
    """

    port: int
    seed: int
    size: int
    counted: float = 0.0
    """From when on answers count."""
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds of each answer, by page."""
    at_first: list[float] = field(default_factory=list)
    """Of those before."""
    wrong: list[str] = field(default_factory=list)
    unchanged: int = 0
    _tags: dict[str, str] = field(default_factory=dict)

    def read(self, until: float) -> None:
        """Read until a time has come."""
        rng = random.Random(self.seed)
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        time.sleep(rng.random() * THINKING)
        for address in self._walk(rng):
            if time.perf_counter() > until:
                return
            self._click(connection, address)
            time.sleep(THINKING)

    def _click(self, connection: http.client.HTTPConnection, address: str) -> None:
        tag = self._tags.get(address)
        began = time.perf_counter()
        connection.request("GET", address, headers={} if tag is None else {"If-None-Match": tag})
        answer = connection.getresponse()
        answer.read()
        ended = time.perf_counter()
        to = self.took[address.partition("?")[0].split("/")[1]] if began >= self.counted else self.at_first
        to.append(ended - began)
        self.unchanged += answer.status == 304
        if answer.status not in {200, 304}:
            self.wrong.append(f"{answer.status} {address}")
        self._tags[address] = answer.headers.get("ETag", "")

    def _walk(self, rng: random.Random) -> Iterator[str]:
        """Yield addresses, one a click."""
        seen = ["/matrix"]
        yield "/matrix"
        while True:
            across, down = rng.randrange(PARTIES // _AT_ONCE) + 1, rng.randrange(ISSUES // _AT_ONCE) + 1
            view = f"/matrix?across={across}&down={down}"
            day, known = rng.randrange(60, DAYS), rng.randrange(self.size // 2, self.size)
            for _ in range(rng.randrange(2, 6)):  # along a slider, change by change
                day -= rng.randrange(1, 4)
                clocks = [f"&as_of={FIRST_DAY.fromordinal(FIRST_DAY.toordinal() + day)}"]
                clocks += [f"&as_known_at=e{known}"] if rng.random() < 1 / 4 else []
                seen.append(view + "".join(clocks))
                yield seen[-1]
            party = party_id((across - 1) * _AT_ONCE + rng.randrange(_AT_ONCE))
            issue = issue_id(min(ISSUES - 1, (down - 1) * _AT_ONCE + rng.randrange(_AT_ONCE)))
            some = (f"/why/{party}/{issue}", f"/timeline/{issue}", f"/log?party={party}", "/log")
            entry = rng.randrange(self.size // 2, self.size)
            for address in rng.sample([*some, f"/entry/{entry}", "/agenda", f"/why/{party}/{issue}?as_of=2023"], 4):
                seen.append(address)
                yield address
            yield rng.choice(seen[-8:])  # back


def desk(stage: Stage) -> Iterator[Row]:
    """Answers at the 95th percentile, of all pages and of each."""
    try:
        import uvicorn  # noqa: PLC0415  of an extra that may not be there
    except ImportError:
        yield Row("desk", "answers of the desk, 95 % within", "", stage.size, None, note="verbale[web] is not there")
        return
    del uvicorn
    copied = stage.folder / "desk"
    copied.mkdir()
    for name in (stage.place.journal, stage.place.views):
        shutil.copy(name, copied / name.name)
    ledger = copied / stage.place.journal.name
    with _served(ledger) as port, _written(ledger):
        counted = time.perf_counter() + SECONDS
        readers = [Reader(port, SEED + number, stage.size, counted) for number in range(READERS)]
        until = counted + SECONDS
        threads = [threading.Thread(target=one.read, args=(until,)) for one in readers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    wrong = [one for reader in readers for one in reader.wrong]
    assert not wrong, wrong[:5]
    every = [took for one in readers for some in one.took.values() for took in some]
    unchanged = sum(one.unchanged for one in readers)
    note = f"{len(every):,} clicks of {READERS} readers in {SECONDS} s, {unchanged} of them 304"
    note += f"; median {1_000 * statistics.median(every):,.0f} ms, 99 % {1_000 * _within(every, 0.99):,.0f} ms"
    what = "answers of the desk, 95 % within"
    yield Row("desk", what, "150 ms", stage.size, _within(every, 0.95), WITHIN, "ms", must=1, note=note)
    first = [took for one in readers for took in one.at_first]
    note = f"the {SECONDS} s before: {len(first):,} clicks, median {1_000 * statistics.median(first):,.0f} ms"
    yield Row("desk", "the same at first", "150 ms", stage.size, _within(first, 0.95), WITHIN, "ms", note=note)
    for page in sorted({page for one in readers for page in one.took}):
        some = [took for one in readers for took in one.took.get(page, ())]
        note = f"{len(some):,} clicks, median {1_000 * statistics.median(some):,.0f} ms"
        yield Row("desk", f"/{page}, 95 % within", "150 ms", stage.size, _within(some, 0.95), WITHIN, "ms", note=note)


def _within(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


@contextmanager
def _served(ledger: Path) -> Iterator[int]:
    command = [sys.executable, "-c", _SERVE, "serve", "--quiet", "--port", "0", "--ledger", str(ledger)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().strip().removesuffix("/matrix").rpartition(":")[2])
        finally:
            process.terminate()


@contextmanager
def _written(ledger: Path) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", _WRITE, str(ledger)]) as process:
        try:
            yield
        finally:
            process.terminate()
