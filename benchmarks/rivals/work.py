"""The work that every store is given, and how its figures are told; nothing here but Python's own library.

Given the statements, as drafts, one to a line, a store

1. records the first of them one by one, each in a durable commit of its own, in a file of its own;
2. records all of them in bulk, in another file, the fastest way that it documents;
3. reads all of them back, in order, and keeps the latest of each party on each issue.

Reading lines and parsing them is part of the work: a store gets bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Task(NamedTuple):
    """What a process is asked for on its command line."""

    statements: Path
    folder: Path
    """Empty, for the store's files."""
    singles: int

    @classmethod
    def given(cls) -> Task:
        """Return it as it stands on the command line."""
        statements, folder, singles = sys.argv[1:]
        return cls(Path(statements), Path(folder), int(singles))

    def lines(self) -> Iterator[bytes]:
        """Yield the statements."""
        with self.statements.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\n")

    def firsts(self) -> list[bytes]:
        """Return those that are recorded one by one."""
        return list(islice(self.lines(), self.singles))

    def batches(self, length: int) -> Iterator[list[bytes]]:
        """Yield all of them in batches."""
        lines = self.lines()
        while batch := list(islice(lines, length)):
            yield batch


class Positions:
    """The latest statement of each party on each issue: by its date as text, then by its place."""

    def __init__(self) -> None:
        self.number = 0
        self._latest: dict[tuple[str, str], tuple[str, str, str]] = {}

    def add(self, party: str, issue: str, said_on: str, stance: str, text: str) -> None:
        """Take a statement into account."""
        self.number += 1
        known = self._latest.get((party, issue))
        if known is None or said_on >= known[0]:
            self._latest[party, issue] = said_on, stance, text

    def add_draft(self, draft: dict[str, Any]) -> None:
        """Take a draft into account."""
        self.add(draft["party"], draft["issue"], draft["said_on"], draft["stance"], draft["text"])

    def digest(self) -> str:
        """Return what is the same for every store that has the same positions."""
        rows = ("\t".join((*cell, *said)) + "\n" for cell, said in sorted(self._latest.items()))
        return hashlib.sha256("".join(rows).encode()).hexdigest()


class Watch:
    """A clock for one part of the work."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def seconds(self) -> float:
        """Return how long it has been."""
        return time.perf_counter() - self._began


def tell(positions: Positions, durability: str, **seconds: float) -> None:
    """Print what the work took, and what came of it."""
    told = {"statements": positions.number, "digest": positions.digest(), "durability": durability}
    print(json.dumps({**told, **seconds}))
