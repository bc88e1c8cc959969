"""What lies on paper: the matrix with its sources below, and nothing that only a screen can do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.verbale.web.browser.driving import Reader, serving
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

_ACROSS: Final = 1032
"""The pixels of 273 mm: A4 on its side, less its margins."""
_SPILLING: Final = """found => found.filter((one) => {
  const cell = one.closest("td").getBoundingClientRect();
  return [...one.querySelectorAll("*")].some((part) => {
    const box = part.getBoundingClientRect();
    return getComputedStyle(part).position !== "absolute" && box.width > 0
      && (box.right > cell.right + 1 || box.left < cell.left - 1);
  });
}).map((one) => one.dataset.cell)"""
_ON_SCREEN: Final = "nav, .masthead, .controls, .forms, .pages, main form, main button, main .button, input"


@pytest.fixture(scope="module", params=[3, 10, 40])
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a ledger of so many parties, each with the longest of stances and a long name."""
    folder: Path = tmp_path_factory.mktemp("crowded")
    Ledger.create(folder / ".verbale" / "ledger.db")
    with Ledger(folder) as ledger:
        ledger.add_issue("withdrawal", " ".join(["The parties withdraw all heavy weapons to 25 kilometres"] * 2))
        ledger.add_source("paper", "A paper")
        for number in range(request.param):
            party = f"confederation-{number}"
            ledger.add_party(party, f"The Transitional Council of Republic {number}", "state")
            when = "2025-01-01/2025-03-01"
            ledger.record_statement(party, "withdrawal", "uncommitted", "Says neither", when, source="paper")
            ledger.record_action(party, "withdrawal", "Moves", occurred_on="2025-01-01", bearing="uncommitted")
    with serving(folder) as desk:
        yield desk


@pytest.fixture
def paper(browser: Browser, crowded: str) -> Iterator[Reader]:
    """Look at its matrix as it is printed."""
    with Reader(browser, crowded, width=_ACROSS) as reader:
        reader.open("/matrix")
        reader.page.emulate_media(media="print")
        yield reader


def test_footnotes_are_for_paper(reader: Reader):
    """A screen shows neither numbers nor notes; paper shows each, and every number has its note."""
    reader.open("/matrix")
    notes, numbers = reader.at(".footnotes li:visible"), reader.at("#board .note:visible")
    assert notes.count() == numbers.count() == 0
    reader.page.emulate_media(media="print")
    assert notes.count() > 0
    listed = notes.evaluate_all("found => found.map((one) => String(one.value))")
    assert set(numbers.all_inner_texts()) == set(listed)
    assert reader.at(".cell:not(.nothing):visible").count() == reader.at(".cell:has(.note:visible)").count()


def test_nothing_is_cut_off(paper: Reader):
    """However many parties there are, the table is as wide as the paper, and no cell spills over another."""
    assert paper.overhang <= 0
    assert paper.at(".matrix").evaluate("one => one.scrollWidth - one.parentElement.clientWidth") <= 0
    assert paper.at(".matrix .cell").evaluate_all(_SPILLING) == []


def test_every_cell_says_its_stance_on_paper(paper: Reader):
    """A sign is there whatever the type, and what it means stands below."""
    signs = paper.at(".cell .sign")
    sizes = signs.evaluate_all("found => found.map((one) => parseFloat(getComputedStyle(one).fontSize))")
    assert sizes
    assert min(sizes) >= 8  # pixels: 6 points
    assert "uncommitted" in paper.at(".legend").inner_text()


def test_no_page_prints_what_only_a_screen_can_do(reader: Reader, every_page: list[str]):
    """No navigation, no sliders, no forms; something is left."""
    for address in every_page:
        reader.open(address)
        reader.page.emulate_media(media="print")
        assert reader.at(_ON_SCREEN).locator("visible=true").count() == 0, address
        assert reader.at("main").inner_text().strip(), address


def test_the_matrix_lies_on_its_side(reader: Reader):
    """Each of its sheets is A4 on its side; what is read stands upright."""
    for address, size in (("/matrix", (841, 594)), ("/log", (594, 841))):
        reader.open(address)
        boxes = re.findall(rb"/MediaBox \[0 0 (\d+)\S* (\d+)", reader.page.pdf(prefer_css_page_size=True))
        assert {(int(wide), int(high)) for wide, high in boxes} == {size}
