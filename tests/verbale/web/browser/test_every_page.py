"""What holds for every page, in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.verbale.web.browser.driving import Reader
from tests.verbale.web.browser.wandering import addresses
from verbale.web.application import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.verbale.web.browser.driving import Scheme


def test_every_page_is_found_from_the_matrix(desk: str):
    """No page can be reached by its address alone.

    How far coders agree is told by a text that two have coded, and the dossier has none.
    """
    assert set(PAGES) - set(addresses(desk, 1)) == {"agreement"}


def test_no_page_complains(reader: Reader, every_page: list[str]):
    """No error on the console, nothing that the policy had to block, no request to anywhere else."""
    for address in every_page:
        answer = reader.open(address)
        reader.page.wait_for_load_state("networkidle")
        if answer.status >= 400:  # which the console says of the page itself
            reader.complaints = [one for one in reader.complaints if f"status of {answer.status}" not in one]
        assert not reader.complaints, address


@pytest.mark.parametrize("width", [320, 768, 1280, 3840])
def test_no_page_is_wider_than_the_window(browser: Browser, desk: str, every_page: list[str], width: int):
    """Wide tables scroll within the page; the page itself does not, and nothing is cut off."""
    with Reader(browser, desk, width) as reader:
        found = {}
        for address in every_page:
            reader.open(address)
            found[address] = max(reader.overhang, reader.cut)
    assert {address: over for address, over in found.items() if over > 0} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(browser: Browser, desk: str, every_page: list[str], scheme: Scheme):
    """axe-core, which is evaluated beside the page and not in it, finds nothing serious or critical."""
    found = {}
    with Reader(browser, desk, scheme=scheme) as reader:
        for address in every_page:
            reader.open(address)
            found[address] = reader.grave
    assert {address: some for address, some in found.items() if some} == {}
