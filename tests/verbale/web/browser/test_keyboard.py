"""The desk without a mouse: every key does what the help says, and none is taken from who types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from verbale.web.words import NAVIGATION

if TYPE_CHECKING:
    from tests.verbale.web.browser.driving import Reader

_TABS: Final = 45
_FOCUSED: Final = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const drawn = one.querySelector(".who, .word, .deed, .plan");
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = one.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [one.outerHTML.slice(0, 90), (ringed || (one.ownerSVGElement !== null && drawn !== null)) && seen];
}"""
_FIELDS: Final = ("#q", "input[name=party]", "select[name=rule]")


@pytest.mark.parametrize(("key", "page"), [(key, page) for key, page, _ in NAVIGATION])
def test_a_key_leads_to_its_page(reader: Reader, key: str, page: str):
    """From anywhere on the matrix, with its moment."""
    reader.open("/matrix?as_of=2025-03-11")
    reader.page.keyboard.press("g")
    reader.page.keyboard.press(key)
    reader.page.wait_for_url(f"**/{page}?as_of=2025-03-11")


def test_the_help_is_opened_and_closed_by_key_and_names_every_key(reader: Reader):
    """The question mark opens it, its button has the focus then, and Escape leads back."""
    reader.open("/matrix")
    told = reader.at("#help")
    expect(told).to_be_hidden()
    assert reader.page.evaluate("document.activeElement.tagName") == "BODY"
    reader.page.keyboard.press("?")
    expect(told).to_be_visible()
    expect(told.locator("button")).to_be_focused()
    keys = told.locator("dt").all_inner_texts()
    assert [f"g {key}" for key, _, _ in NAVIGATION] == keys[: len(NAVIGATION)]
    assert {"/", "?"} < set(keys)
    reader.page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    assert not reader.complaints


def test_the_help_needs_no_script(reader: Reader):
    """Its button is the browser's own."""
    reader.page.route("**/*.js", lambda route: route.abort())
    reader.open("/log")
    reader.at("[popovertarget=help]").first.press("Enter")
    expect(reader.at("#help")).to_be_visible()
    reader.at("#help button").press("Enter")
    expect(reader.at("#help")).to_be_hidden()


def test_a_slash_searches(reader: Reader):
    """And Enter finds."""
    reader.open("/matrix")
    reader.page.keyboard.press("/")
    expect(reader.at("#q")).to_be_focused()
    reader.page.keyboard.type("peacekeepers")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/log?q=peacekeepers")


@pytest.mark.parametrize("field", _FIELDS)
def test_no_key_is_taken_from_who_types(reader: Reader, field: str):
    """Letters, slash and question mark are letters in a field, and choose in a list."""
    reader.open("/matrix")
    reader.at(field).focus()
    reader.page.keyboard.type("gl/?gm")
    expect(reader.at(field)).to_be_focused()
    expect(reader.at("#help")).to_be_hidden()
    assert reader.address == "/matrix"
    if not field.startswith("select"):
        expect(reader.at(field)).to_have_value("gl/?gm")


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_no_key_is_taken_with_a_modifier(reader: Reader, modifier: str):
    """They are the browser's."""
    reader.open("/matrix")
    reader.page.evaluate("addEventListener('keydown', (event) => { globalThis.taken ||= event.defaultPrevented; })")
    for key in ("/", "?"):
        reader.page.keyboard.press(f"{modifier}+{key}")
    reader.page.keyboard.press("g")
    reader.page.keyboard.press(f"{modifier}+i")
    expect(reader.at("#help")).to_be_hidden()
    assert not reader.page.evaluate("globalThis.taken")
    assert reader.address == "/matrix"


def test_a_slider_is_no_field(reader: Reader):
    """Who stands on it goes on to another page by key."""
    reader.open("/matrix")
    reader.at("input[type=range]").first.focus()
    reader.page.keyboard.press("g")
    reader.page.keyboard.press("l")
    reader.page.wait_for_url("**/log")


def test_the_first_tab_leads_past_the_masthead(reader: Reader):
    """The skip link is seen when it has the focus, and what comes next is of the page itself."""
    reader.open("/log")
    reader.page.keyboard.press("Tab")
    expect(reader.at(".skip")).to_be_focused()
    expect(reader.at(".skip")).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.closest('main') !== null")


def test_what_has_the_focus_is_seen(reader: Reader, every_page: list[str]):
    """Tab after Tab, on each kind of page, a ring stands around what is next, and it is in the window."""
    kinds = {address.split("/")[1].split("?")[0]: address for address in reversed(every_page)}
    unseen = {}
    for address in kinds.values():
        reader.open(address)
        for _ in range(_TABS):
            reader.page.keyboard.press("Tab")
            found = reader.page.evaluate(_FOCUSED)
            if found is None:
                break
            if not found[1]:
                unseen[address] = found[0]
    assert unseen == {}
