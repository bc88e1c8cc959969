"""Rows about the event stores that users would pick instead: the same statements, recorded and read back by each.

Every store works in a process and an environment of its own, ours too, in turns.  All must end with the same positions.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.rivals.installing import NotInstalled, errors_of, node_folder, python_environment
from benchmarks.stage import ROOT
from benchmarks.table import Row
from benchmarks.workload import REGISTERED, Workload, party_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.stage import Stage

LARGEST: Final = 100_000
SINGLES: Final = 1_000
_PATIENCE: Final = 1_800
"""Seconds for all of the work: a library whose thread outlives an error would wait for ever."""
_PARTS: Final = {
    "one": "statements, one durable commit each",
    "bulk": "statements in bulk, durable",
    "whole": "the same, and positions that can be asked for",
    "read": "journal read back, the latest of each cell kept",
}
"""What is measured, and what ours is."""


class Rival(NamedTuple):
    """A store: its packages, all of them pinned, and what does the work with it."""

    name: str
    packages: tuple[str, ...]
    script: str
    """A module beside this one, or a script for Node.js."""

    @property
    def versioned(self) -> str:
        """The name and version that are printed."""
        return f"{self.name} {self.packages[0].rpartition('@')[2].rpartition('=')[2]}"

    def command(self) -> tuple[list[str], Path]:
        """Return the command that does the work, and the folder to run it in; the store is installed if need be.

        Raises:
            NotInstalled: it cannot be.
        """
        home = self.versioned.replace(" ", "-").replace("/", "-")
        if self.script.endswith(".mjs"):
            return ["node", str(Path(__file__).with_name(self.script))], node_folder(home, self.packages)
        return [str(python_environment(home, self.packages)), "-m", f"benchmarks.rivals.{self.script}"], ROOT


PYDANTIC: Final = ("pydantic==2.14.3", "aiosqlite==0.22.1")
RIVALS: Final = (
    Rival(
        "eventsource-py",
        ("eventsource-py==0.8.1", "SQLAlchemy==2.1.9", "orjson==3.13.0", *PYDANTIC),
        "on_eventsource",
    ),
    Rival("py-event-sourcing", ("py-event-sourcing==1.0.3", *PYDANTIC), "on_py_event_sourcing"),
    Rival("salamander-db", ("salamander-db==0.2.0",), "on_salamander"),
    # 0.42.4 wants emmett 0.42.4, which the registry does not have, and imports packages that it does not name.
    Rival(
        "emmett-sqlite",
        ("@event-driven-io/emmett-sqlite@0.38.5", "@event-driven-io/emmett@0.38.5", "sqlite3@5.1.7"),
        "emmett.mjs",
    ),
)


def rivals(stage: Stage) -> Iterator[Row]:
    """Record statements one by one, in bulk, and read them back, by ours and by each other store in turns."""
    if stage.size > LARGEST:
        print(f"rivals: not measured above {LARGEST:,} statements", file=sys.stderr)
        return
    commands = {}
    for rival in RIVALS:
        try:
            commands[rival] = rival.command()
        except NotInstalled as error:
            print(f"rivals: {rival.versioned} left out, as it cannot be installed here: {error}", file=sys.stderr)
    if not commands:
        return
    statements = written(stage.size, stage.folder / "statements.jsonl")
    ours: list[dict[str, Any]] = []
    theirs: dict[Rival, list[dict[str, Any]]] = defaultdict(list)
    for repeat in range(stage.repeats):
        folder = stage.folder / f"rivals-{repeat}"
        ours.append(_work(([sys.executable, "-m", "benchmarks.rivals.on_verbale"], ROOT), statements, folder))
        for rival, command in list(commands.items()):
            try:
                theirs[rival].append(_work(command, statements, folder))
            except subprocess.SubprocessError as error:
                why = errors_of(error)[-1] if isinstance(error, subprocess.CalledProcessError) else str(error)
                print(f"rivals: {rival.versioned} left out, as it breaks at this work: {why}", file=sys.stderr)
                del commands[rival]
    for rival in commands:
        every = [*ours, *theirs[rival]]
        assert {each["digest"] for each in every} == {ours[0]["digest"]}
        assert {each["statements"] for each in every} == {stage.size}
        yield from _rows(rival, stage.size, ours, theirs[rival])


def _rows(rival: Rival, size: int, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> Iterator[Row]:
    for part, what in _PARTS.items():
        number = min(SINGLES, size) if part == "one" else size
        mine, other = (number / statistics.median(each[part] for each in side) for side in (ours, theirs))
        note = f"theirs: {theirs[0]['durability']}" if part in {"one", "bulk"} else ""
        if part == "one" and any(each.get("repeated") for each in theirs):
            failed = sum(each["repeated"] for each in theirs)
            note += f"; commits that failed with SQLITE_BUSY and were repeated, in all repeats: {failed}"
        yield Row(f"rivals-{part}", what, rival.versioned, size, mine, other, note=note)


def _work(command: tuple[list[str], Path], statements: Path, folder: Path) -> dict[str, Any]:
    """Have the work done in an empty folder; return its figures."""
    folder.mkdir()
    given, place = command
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*given, str(statements), str(folder), str(SINGLES)],
        cwd=place,
        env=kept,
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=_PATIENCE,
    )
    shutil.rmtree(folder)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def written(size: int, path: Path) -> Path:
    """Write so many statements of the workload, parties by their ids and without quotes, and return the path."""
    wanted = size
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for draft in Workload(size * 2 + REGISTERED).drafts():
            if draft["type"] == "statement-made":
                name, number = draft["party"].split() if " " in draft["party"] else ("", draft["party"])
                draft["party"] = party_id(int(number)) if name else number
                draft.pop("quote", None)
                file.write(json.dumps(draft, ensure_ascii=False) + "\n")
                wanted -= 1
                if not wanted:
                    break
    return path
