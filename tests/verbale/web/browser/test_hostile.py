"""Hostile text, recorded wherever the ledger takes it and read in a browser, is text."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from ledger.texts import like_source
from tests.verbale.web import hostile
from tests.verbale.web.browser.driving import Reader, come_in, serving, writing
from tests.verbale.web.browser.wandering import addresses
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_WIDTHS: Final = (1280, 320)
_EACH: Final = 12
"""Addresses of a page; of reasons there is one for each payload."""

_FRAME: Final = """() => {
  const place = (selector) => {
    const found = document.querySelector(selector).getBoundingClientRect();
    return [found.left, found.width, found.height].map(Math.round);
  };
  const top = document.querySelector(".masthead").getBoundingClientRect().top;
  return { masthead: [...place(".masthead"), Math.round(top)],
    names: [...document.querySelectorAll(".masthead li")].map((one) => one.innerText),
    colophon: place(".colophon").slice(0, 2) };
}"""
"""Where the masthead and the footer are, and what they are made of."""
_WRONG: Final = r"""() => {
  const wrong = [];
  if ("owned" in globalThis) wrong.push("it ran");
  const strange = "script:not([src^='/static/']), style, iframe, object, embed, base, portal, dialog, template, "
    + "marquee, video, audio, img, meta[http-equiv], link[href*='evil']";
  for (const one of document.querySelectorAll(strange)) wrong.push(`there is a <${one.localName}>`);
  for (const one of document.querySelectorAll("*")) {
    for (const { name } of one.attributes) if (/^on|^style$|^srcdoc$/.test(name)) wrong.push(`there is ${name}=`);
    const theirs = one.closest("bdi, [dir=auto], svg");
    if (!theirs && getComputedStyle(one).direction !== "ltr") wrong.push(`<${one.localName}> is turned`);
  }
  for (const one of document.querySelectorAll("a[href]")) {
    const to = new URL(one.getAttribute("href"), location);  // an SVG's links have no protocol of their own
    if (!["http:", "https:"].includes(to.protocol)) wrong.push(`a link to ${to}`);
  }
  const colophons = document.querySelectorAll(".colophon");
  if (colophons.length !== 1 || document.querySelectorAll("main").length !== 1) wrong.push("another frame");
  const main = document.querySelector("main").getBoundingClientRect();
  if (colophons[0].getBoundingClientRect().top < main.bottom - 1) wrong.push("the footer lies over the page");
  const turning = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (turning.test(data) && !parentElement.closest("bdi, [dir=auto], svg, option, textarea")) {
      wrong.push(`not isolated in <${parentElement.localName} class="${parentElement.className}">`);
    }
  }
  if (!document.title.endsWith("· Verbale")) wrong.push("another title");
  return [...new Set(wrong)];
}"""
"""What no text may bring about."""
_WITHOUT_NOTES: Final = """found => found.map((one) => {
  const bare = one.cloneNode(true);
  for (const note of bare.querySelectorAll(".noted")) note.remove();
  return `${bare.textContent}\\n`;
})"""
"""The paragraphs of a text, without what the page adds to them."""


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[hostile.Recorded, str]]:
    """Record every payload wherever it is admitted, and serve that ledger."""
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "ledger.db"
    found = hostile.record(path, folder / "dossier.jsonl")
    with ExitStack() as stack:
        yield found, stack.enter_context(serving(path))


def test_the_ledger_takes_hostile_text_as_text(recorded: tuple[hostile.Recorded, str]):
    """Only names that cannot be told apart or seen, and what is no address or line, are refused: the rest is read."""
    found, _ = recorded
    assert len(set(hostile.PAYLOADS)) == len(hostile.PAYLOADS) >= 100
    assert found.admitted > 10 * len(hostile.PAYLOADS)


def visit(reader: Reader, address: str, frames: dict[tuple[int, bool], Any]) -> list[str]:
    """Return what is wrong with a page, in a wide window and in a narrow one."""
    reader.complaints.clear()
    answer = reader.open(address)
    ours = f"status of {answer.status}"  # which the console says of the page itself
    wrong = [one for one in reader.complaints if answer.status < 400 or ours not in one]
    wrong += reader.page.evaluate(_WRONG)
    for width in _WIDTHS:
        reader.page.set_viewport_size({"width": width, "height": 900})
        if reader.overhang > 0:
            wrong.append(f"{reader.overhang} pixels wider than {width}")
        frame = reader.page.evaluate(_FRAME)
        if frame != frames.setdefault((width, answer.ok), frame):
            wrong.append(f"masthead or footer moved at {width}: {frame}")
    return wrong


def found_wrong(browser: Browser, desk: str, pages: list[str]) -> dict[str, list[str]]:
    """Return what is wrong with which page; two without hostile text come first, which the frames are held against."""
    frames: dict[tuple[int, bool], Any] = {}
    with Reader(browser, desk) as reader:
        assert visit(reader, "/matrix?as_of=1000", frames) == visit(reader, "/nothing", frames) == []
        wrong = {address: visit(reader, address, frames) for address in pages}
    return {address: some for address, some in wrong.items() if some}


def test_reasons_show_hostile_text_and_nothing_happens(browser: Browser, recorded: tuple[hostile.Recorded, str]):
    """None runs, none breaks the page, none turns what is not its own; the page shows it to the letter."""
    found, desk = recorded
    pages = [f"/why/{party}/{issue}" for party, issue in found.cells]
    assert found_wrong(browser, desk, pages) == {}
    with Reader(browser, desk) as reader:
        reader.open(pages[0])
        assert hostile.PAYLOADS[0] in reader.at(".evidence .said").first.inner_text()


def test_every_other_page_shows_it_likewise(browser: Browser, recorded: tuple[hostile.Recorded, str]):
    """Names stand over columns, propositions beside rows, titles in lists."""
    _, desk = recorded
    across = [f"/matrix?across={a}&down={a}" for a in range(1, 6)]
    rest = [one for page, some in addresses(desk, _EACH).items() if page != "why" for one in some]
    assert found_wrong(browser, desk, [*across, *rest]) == {}


def test_what_an_address_holds_is_text_too(browser: Browser, recorded: tuple[hostile.Recorded, str]):
    """An address that somebody else made leads to a page that says it is wrong, and to nothing else."""
    _, desk = recorded
    short = [quote(payload[:1500], safe="") for payload in hostile.PAYLOADS]
    names = ("party", "issue", "as_of", "as_known_at", "rule", "across")
    pages = [f"/matrix?{names[at % len(names)]}={text}" for at, text in enumerate(short)]
    pages += [f"/{text}" for text in short[::8]]
    assert found_wrong(browser, desk, pages) == {}


def test_a_hostile_text_is_shown_with_its_quotes(browser: Browser, recorded: tuple[hostile.Recorded, str]):
    """A source whose text is such text shows it to the letter, its marks where the quotes stand."""
    _, desk = recorded
    pages = [f"/source/{hostile.EVERY}", *(f"/source/s{number}" for number in range(len(hostile.PAYLOADS)))]
    assert found_wrong(browser, desk, pages) == {}
    with Reader(browser, desk) as reader:
        for number in range(0, len(hostile.PAYLOADS), 10):
            reader.open(f"/source/s{number}")
            assert "".join(reader.at(".text mark").all_text_contents()).split()
            said = "".join(reader.at(".text > p").evaluate_all(_WITHOUT_NOTES)).split()
            assert said == like_source(hostile.PAYLOADS[number] * 2).split()


def test_forms_hold_hostile_text_as_text(browser: Browser, recorded: tuple[hostile.Recorded, str]):
    """In what is to be corrected, in what somebody typed, and in why that was refused."""
    found, _ = recorded
    with Ledger(found.ledger) as ledger:
        head = ledger.head
        said = [(one.entry, one.text or "") for one in ledger.log(type="statement-made")]
    frames: dict[tuple[int, bool], Any] = {}
    wrong = {}
    with writing(found.ledger) as (desk, token), Reader(browser, desk) as reader:
        come_in(reader, token)
        visit(reader, "/matrix?as_of=1000", frames)
        visit(reader, "/nothing", frames)
        for payload, (entry, text) in list(zip(hostile.PAYLOADS, said, strict=True))[::4]:
            wrong[f"/entry/{entry}"] = visit(reader, f"/entry/{entry}", frames)
            reader.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert reader.at("#correct [name='set.text']").input_value().strip() == _typed(text)
            reader.at("#correct [name='set.said_on']").fill(payload)
            reader.at("#correct [name=reason]").fill(payload)
            with reader.page.expect_navigation():
                reader.at("#correct button").click()
            expect(reader.at("#correct [role=alert]")).to_be_visible()
            wrong[f"sent to /entry/{entry}"] = reader.page.evaluate(_WRONG)
            assert reader.at("#correct [name=reason]").input_value().strip() == _typed(payload)
    assert {address: some for address, some in wrong.items() if some} == {}
    with Ledger(found.ledger) as ledger:
        assert ledger.head == head


def _typed(payload: str) -> str:
    return payload.replace("\r\n", "\n").replace("\r", "\n").strip()
