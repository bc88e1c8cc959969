"""The command line as a test uses it: `main()` in this process, with streams of its own and a clock that is set.

A transcript reads as a terminal would show it, but for three marks: `2> ` before what went to stderr, the exit code in
brackets where it is not 0, and `@ TIME` where the clock is set.  With `VERBALE_UPDATE=1` a transcript that differs is
rewritten where it stands.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any

from verbale.cli import main

if TYPE_CHECKING:
    import pytest

SAMPLE = "ukraine-ceasefire-2025"
UPDATE = bool(os.environ.get("VERBALE_UPDATE"))
_INDENT = " " * 8


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, at: str) -> None:
        self.set(at)

    def set(self, at: str) -> None:
        """Set it to an ISO 8601 time."""
        self.now = round(datetime.fromisoformat(at).timestamp()) * 1_000_000

    def __call__(self) -> int:
        """Return microseconds since 1970."""
        return self.now


class _Stream(io.TextIOWrapper):
    """A text stream over bytes in memory, a terminal if it is told so."""

    def __init__(self, given: bytes = b"", *, terminal: bool = False) -> None:
        self.held = io.BytesIO(given)
        self.terminal = terminal
        super().__init__(self.held, encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        self.flush()
        return self.held.getvalue().decode()


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The answer as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    def shown(self) -> str:
        """Return it as transcripts have it."""
        err = "".join(f"2> {line}\n" if line else "2>\n" for line in self.err.splitlines())
        code = f"[{self.code}]\n" if self.code else ""
        return f"{self.out}{err}{code}"


@dataclass(frozen=True)
class Door:
    """Runs commands: `door("show RUS --json")`, words split as a shell splits them."""

    monkeypatch: pytest.MonkeyPatch
    clock: Clock

    def __call__(self, line: str, *more: str, stdin: bytes = b"", terminal: bool = False) -> Said:
        """Run one command; `more` are words of it that no shell should read."""
        out, err = _Stream(terminal=terminal), _Stream(terminal=terminal)
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["verbale", *shlex.split(line), *more])
            patch.setattr(sys, "stdin", _Stream(stdin))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code: object = None
            try:
                main()
            except SystemExit as done:
                code = done.code
        assert isinstance(code, int), "a command ends with an exit code"
        return Said(out.text(), err.text(), code)

    def ok(self, line: str, *more: str, stdin: bytes = b"") -> Said:
        """Run one command that must succeed."""
        said = self(line, *more, stdin=stdin)
        assert said.code == 0, said
        return said

    def transcript(self, expected: str) -> None:
        """Run the commands of a transcript, and compare all that they say."""
        lines = dedent(expected).strip("\n").splitlines()
        found = "".join(f"{line}\n{self._shown(line)}" for line in lines if line.startswith(("$ verbale ", "@ ")))
        if UPDATE and found.strip("\n").splitlines() != lines:
            _rewrite(expected, found)
            return
        assert found.strip("\n").splitlines() == lines

    def _shown(self, line: str) -> str:
        if line.startswith("@ "):
            self.clock.set(line.removeprefix("@ "))
            return ""
        return self(line.removeprefix("$ verbale ")).shown()


def _rewrite(expected: str, found: str) -> None:
    """Put what was found in the place of what was expected, in whichever test module has it."""
    for path in Path(__file__).parent.glob("test_*.py"):
        source = path.read_text(encoding="utf-8")
        if source.count(expected) == 1:
            path.write_text(source.replace(expected, "\n" + indent(found, _INDENT) + _INDENT), encoding="utf-8")
