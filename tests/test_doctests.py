"""The examples of docstrings are run: each says what the function beside it returns."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for floor in ("ledger", "projections", "verbale")
    for path in (ROOT / floor).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    """Every example of every module of the three floors gives what stands below it."""
    found = doctest.testmod(import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


def test_examples_are_found() -> None:
    """Modules on each of the floors have some, so that a search that finds none is told of."""
    assert {name.partition(".")[0] for name in MODULES} == {"ledger", "projections", "verbale"}
