from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.entries.scales import STANCES
from tests.ledger.samples import BASICS, new_ledger, statement
from tests.verbale.web.asking import Visitor
from verbale import Ledger
from verbale.web.pages.matrix import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RIVALS, _TURNS = 45, 95


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger of a party that turned 95 times, then contradicted itself on one day, then stayed as it was."""
    path: Path = tmp_path_factory.mktemp("why") / "l.db"
    turns = [statement(f"Turn {n}.", stance=STANCES[n % 5], said_on=f"{1900 + n}") for n in range(_TURNS)]
    rivals = [statement(f"Rival {n}.", stance="oppose", said_on="2025-03") for n in range(_RIVALS)]
    steady = [statement(f"Yes {n}.", stance="support", said_on="2025-03-31") for n in range(50)]
    new_ledger(path, *BASICS, *turns, *rivals, *steady).close()
    return path


@pytest.fixture(scope="module")
def desk(book: Path) -> Iterator[Visitor]:
    """Ask the desk of that ledger."""
    found = Visitor(book)
    with closing(found.desk):
        yield found


def entries_in(page: str, section: str) -> list[int]:
    """Give the entries that a section of the page links to, in order."""
    found = re.search(f'<section id="{section}">.*?</section>', page, re.DOTALL)
    return [] if found is None else [int(one) for one in re.findall(r'<a class="number" href="/entry/(\d+)"', found[0])]


def test_each_list_begins_with_its_first_entries_and_says_how_many_there_are(desk: Visitor):
    """No more of a list is on the page than fits, and each says how many it has."""
    page = desk.get("/why/RUS/ceasefire").text
    for section, total in (("counts", 50), ("against", _RIVALS), ("set_aside", _TURNS)):
        assert len(entries_in(page, section)) == AT_ONCE
        assert f"<span>1–{AT_ONCE} of {total}</span>" in page
        assert f'href="/why/RUS/ceasefire?list={section}&amp;page=2"' in page
    assert "and 35 more" in page  # of what contests it, above the lists


@pytest.mark.parametrize("section", ["counts", "against", "set_aside"])
def test_the_next_pages_have_the_rest_of_one_list(desk: Visitor, section: str):
    """Following the link for the next ones shows every entry of the list once, in the order of the JSON."""
    address, found = "/why/RUS/ceasefire", list[int]()
    while address:
        page = desk.get(address).text
        found += entries_in(page, section)
        links = re.findall(rf'href="([^"]*list={section}&amp;page=\d+)" rel="next"', page)
        assert "list=" not in address or page.count("<section") == 1
        address = links[0].replace("&amp;", "&") if links else ""
    assert found == [one["entry"] for one in desk.get("/why/RUS/ceasefire.json").json()[section]]


def test_the_runs_are_followed_back_to_the_first(desk: Visitor, book: Path):
    """Each run of a stance comes once, the last first."""
    address, found = "/why/RUS/ceasefire", list[int]()
    while address:
        page = desk.get(address).text
        found += entries_in(page, "runs")
        links = re.findall(r'href="([^"]*list=runs&amp;before=\d+)" rel="next"', page)
        address = links[0].replace("&amp;", "&") if links else ""
    with Ledger(book) as ledger:
        assert found[::-1] == [run.entry for run in ledger.when("RUS", "ceasefire")]


def test_a_part_of_a_list_has_all_of_it_as_json(desk: Visitor):
    """Which part is shown is left behind by the forms."""
    page = desk.get("/why/RUS/ceasefire?list=set_aside&page=2").text
    assert 'href="/why/RUS/ceasefire.json"' in page
    assert desk.get("/why/RUS/ceasefire.json?list=set_aside&page=2").text == desk.get("/why/RUS/ceasefire.json").text


def test_a_list_that_is_none_is_refused_and_one_that_ended_is_empty(desk: Visitor):
    """An address that somebody changed says what can be asked for."""
    assert desk.get("/why/RUS/ceasefire?list=best").status == 400
    page = desk.get("/why/RUS/ceasefire?list=counts&page=9")
    assert (page.status, entries_in(page.text, "counts")) == (200, [])
    assert "Nothing is on this page" in page.text
