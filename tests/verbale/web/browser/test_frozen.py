"""A folder of pages, read in a browser without any server."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from tests.verbale.web import hostile
from tests.verbale.web.browser.driving import Reader
from verbale import Ledger
from verbale.web.asked import Asked
from verbale.web.freezing import freeze

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

_LINKS = """() => [...document.querySelectorAll("a[href], link[href], script[src]")].map((one) =>
  [one.getAttribute("href") || one.getAttribute("src"), "href" in one && !one.href])"""
_DRAWN = "getComputedStyle(document.querySelector('.masthead')).borderBottomStyle"


def crawled(browser: Browser, folder: Path) -> tuple[dict[str, list[str]], set[str]]:
    """Return what is wrong with which page, and the pages that links lead to from the index."""
    wrong: dict[str, list[str]] = {}
    start = (folder / "index.html").as_uri()
    ahead, seen = deque([start]), {start}
    with Reader(browser, "file://") as reader:
        while ahead:
            address = ahead.popleft()
            reader.complaints.clear()
            reader.page.goto(address)
            found = list(reader.complaints)
            if reader.page.evaluate(_DRAWN) != "solid":
                found.append("the style sheet is missing")
            if "owned" in reader.page.evaluate("Object.keys(globalThis)"):
                found.append("it ran")
            for link, _ in reader.page.evaluate(_LINKS):
                there = urljoin(address, link).partition("#")[0]
                if urlsplit(there).scheme in {"http", "https"} or there in seen:
                    continue
                seen.add(there)
                file = unquote(urlsplit(there).path)
                if not file.startswith(str(folder)) or not (folder / file).is_file():
                    found.append(f"a dead link: {link}")
                elif file.endswith(".html"):
                    ahead.append(there)
            if found:
                wrong[address] = found
    return wrong, {unquote(urlsplit(one).path) for one in seen if one.endswith(".html")}


def test_every_page_is_reached_and_none_complains(browser: Browser, sample_folder: Path, tmp_path: Path):
    """From the index, link by link: no dead link, nothing on the console, nothing asked of anybody."""
    with Ledger(sample_folder) as ledger:
        found = freeze(ledger, tmp_path / "pages", Asked("/matrix"))
    wrong, pages = crawled(browser, tmp_path / "pages")
    assert wrong == {}
    assert len(pages) == sum(found.pages.values()) + 1


def test_hostile_text_is_text_there_too(browser: Browser, tmp_path: Path):
    """No guard stands before a file; the page's own policy does, and the templates."""
    recorded = hostile.record(tmp_path / "ledger.db", tmp_path / "dossier.jsonl")
    with Ledger(recorded.ledger) as ledger:
        freeze(ledger, tmp_path / "pages", Asked("/matrix"), limit=25)
    wrong, pages = crawled(browser, tmp_path / "pages")
    assert wrong == {}
    assert len(pages) > 50


def test_the_page_s_own_policy_holds(browser: Browser, sample_folder: Path, tmp_path: Path):
    """An inline script does not run, even from a file that somebody has changed."""
    with Ledger(sample_folder) as ledger:
        freeze(ledger, tmp_path / "pages", Asked("/matrix"), limit=1)
    page = tmp_path / "pages" / "matrix.html"
    page.write_text(page.read_text().replace("</main>", "<script>globalThis.owned=1</script></main>"))
    with Reader(browser, "file://") as reader:
        reader.page.goto(page.as_uri())
        assert reader.page.evaluate("'owned' in globalThis") is False
        assert any("Content Security Policy" in one or "policy blocked" in one for one in reader.complaints)
