"""A cold start is a promise: a command that only asks imports nothing that it does not need."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbale.doors import Door

HEAVY = {"sqlite_utils", "eventsourcing", "rapidfuzz", "filelock", "psycopg", "tomllib", "jsonschema"}
LOADED = """
import sys
from verbale.cli import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "line", ["show RUS ceasefire-30d", "matrix", "log --json", "why RUS ceasefire-30d", "cite e1", "query 'SELECT 1'"]
)
def test_asking_is_light(sample: Door, tmp_path: Path, line: str) -> None:
    """Where the views are in step, a question loads no library that only writers, tables or errors need."""
    del sample
    command = [sys.executable, "-c", LOADED, *shlex.split(line)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, encoding="utf-8")
    assert HEAVY.isdisjoint(done.stderr.split())


def test_a_second_search_is_light(sample: Door, tmp_path: Path) -> None:
    """Where the index is in step, a search loads none of them either."""
    sample.ok("search ceasefire")
    test_asking_is_light(sample, tmp_path, "search ceasefire")
