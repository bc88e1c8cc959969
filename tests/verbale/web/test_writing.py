"""What the coding desk's forms do, however often they are sent: a double click does it once."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.ledger.samples import BASICS, new_ledger
from tests.verbale.web.asking import Visitor
from tests.verbale.web.filling import Form, knowing, send, sending
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.verbale.web.asking import Got

TEXT = "Moscow waits. Kyiv does not."
KEEP = Form("/code", {"text": TEXT, "title": "Talks"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a ledger."""
    new_ledger(tmp_path / "ledger.db", *BASICS).close()
    return tmp_path / "ledger.db"


@pytest.fixture
def desk(path: Path) -> Iterator[Visitor]:
    """Open a desk that takes entries."""
    found = Visitor(path, token="right")  # noqa: S106  of this test alone
    with closing(found.desk):
        yield found


def clicked(desk: Visitor, form: Form) -> list[Got]:
    """Send a form four times at once, and once more afterwards."""

    async def at_once() -> list[Got]:
        return await asyncio.gather(*(sending(desk, form) for _ in range(4)))

    return [*asyncio.run(at_once()), send(desk, form)]


def lay(exact: str = "Moscow waits.", **fields: str) -> Form:
    """Return the form that lays a draft into the tray."""
    said = {"party": "RUS", "issue": "ceasefire", "stance": "awaiting", "on": "2025-03-12", "text": exact}
    return Form("/code/talks", {**said, "exact": exact, "start": str(TEXT.index(exact)), **fields})


def record(desk: Visitor) -> Form:
    """Return the form that records what waits, as the page has it."""
    page = desk.get("/code/talks", cookie=knowing(desk)).text
    found = re.search(r'name="drafts" value="([^"]*)"', page)
    assert found is not None
    return Form("/tray", {"source": "talks", "drafts": found[1]})


def head(path: Path) -> int:
    """Return how much is recorded."""
    with Ledger(path) as book:
        return book.head


def test_a_text_is_registered_once(desk: Visitor, path: Path):
    """Under one id, to which every click leads."""
    assert {got.headers["location"] for got in clicked(desk, KEEP)} == {"/code/talks"}
    assert head(path) == len(BASICS) + 1


def test_a_draft_is_laid_once(desk: Visitor):
    """The same draft waits once; another one beside it."""
    send(desk, KEEP)
    assert {got.status for got in clicked(desk, lay())} == {303}
    assert len(record(desk).fields["drafts"].split()) == 1
    send(desk, lay(stance="oppose"))
    assert len(record(desk).fields["drafts"].split()) == 2


def test_the_tray_is_recorded_once(desk: Visitor, path: Path):
    """Every click comes back to the text, and to no error."""
    send(desk, KEEP)
    send(desk, lay())
    before = head(path)
    assert {got.headers["location"] for got in clicked(desk, record(desk))} == {"/code/talks#tray"}
    assert head(path) == before + 1


def test_only_what_the_form_showed_is_recorded(desk: Visitor, path: Path):
    """A draft that was laid into the tray since, in another window, goes on waiting."""
    send(desk, KEEP)
    send(desk, lay())
    shown, before = record(desk), head(path)
    send(desk, lay("Kyiv does not.", stance="oppose"))
    send(desk, shown)
    assert head(path) == before + 1
    assert record(desk).fields["drafts"] != shown.fields["drafts"]
