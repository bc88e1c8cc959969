"""An entry is amended on its own page, with the keyboard alone; both clocks tell both stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.verbale.web.browser.driving import stance

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.verbale.web.browser.driving import Reader

CELL = "RUS on ceasefire-30d"


def tab_to(reader: Reader, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(200):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


def type_into(reader: Reader, selector: str, text: str) -> None:
    """Go to a field, and type over what it holds."""
    tab_to(reader, selector)
    if not selector.startswith("select"):
        reader.page.keyboard.press("Control+a")
    reader.page.keyboard.type(text)


def test_an_entry_is_corrected_with_the_keyboard(analyst: Reader):
    """Before the correction the ledger goes on saying what it said then."""
    analyst.open("/entry/48")
    tab_to(analyst, "#correct summary")
    analyst.page.keyboard.press("Enter")
    type_into(analyst, "select[name='set.stance']", "oppose")
    type_into(analyst, "#correct [name=reason]", "A refusal, on a second reading")
    tab_to(analyst, "#correct button")
    analyst.page.keyboard.press("Enter")
    analyst.page.wait_for_url("**/entry/48#e61")
    expect(analyst.at("#e61")).to_contain_text("A refusal, on a second reading")
    expect(analyst.at("#e61")).to_contain_text("anna")
    assert analyst.at("ins").all_inner_texts() == ["oppose"]
    assert stance(analyst, CELL, issue="ceasefire-30d", as_of="2025-03-12", as_known_at="e60") == "awaiting"
    assert stance(analyst, CELL, issue="ceasefire-30d", as_of="2025-03-12") == "oppose"
    assert not analyst.complaints


def test_a_mistake_is_mended_where_it_was_made(analyst: Reader):
    """The focus is on what is wrong, the form is as it was left, and goes on from there."""
    analyst.open("/entry/48")
    tab_to(analyst, "#correct summary")
    analyst.page.keyboard.press("Enter")
    type_into(analyst, "[name='set.said_on']", "12 March")
    type_into(analyst, "#correct [name=reason]", "Of the day after")
    tab_to(analyst, "#correct button")
    analyst.page.keyboard.press("Enter")
    expect(analyst.at("#correct [role=alert]")).to_be_focused()
    expect(analyst.at("#correct [role=alert]")).to_contain_text("12 March")
    expect(analyst.at("#correct [name=reason]")).to_have_value("Of the day after")
    assert analyst.grave == []
    type_into(analyst, "[aria-invalid]", "2025-03-13")
    tab_to(analyst, "#correct button")
    analyst.page.keyboard.press("Enter")
    analyst.page.wait_for_url("**/entry/48#e61")
    assert [one for one in analyst.complaints if "status of 400" not in one] == []


def test_each_of_the_others_is_told_on_the_page(analyst: Reader):
    """A dispute contests the position; who retracts it takes it back; and a retracted entry is brought back."""
    for number, (form, typed) in enumerate(
        (("dispute", {"reason": "Who says so?", "by": "Ben"}), ("corroborate", {"observer": "A watcher"})), 61
    ):
        analyst.open("/entry/48")
        analyst.at(f"#{form} summary").press("Enter")
        for name, said in typed.items():
            analyst.at(f"#{form} [name={name}]").fill(said)
        analyst.at(f"#{form} button").press("Enter")
        analyst.page.wait_for_url(f"**/entry/48#e{number}")
        expect(analyst.at(f"#e{number}")).to_contain_text("in effect")
    expect(analyst.at("#e61")).to_contain_text("Ben")
    analyst.at("#e61 th a").press("Enter")
    analyst.page.wait_for_url("**/entry/61")
    analyst.at("#retract summary").press("Enter")
    analyst.at("#retract [name=reason]").fill("It was said")
    analyst.at("#retract button").press("Enter")
    analyst.page.wait_for_url("**/entry/61#e63")
    analyst.open("/entry/48")
    expect(analyst.at("#e61")).to_contain_text("no more")
    assert not analyst.complaints


def test_a_double_click_with_the_mouse_records_once(analyst: Reader):
    """The second click finds it done."""
    analyst.open("/entry/48")
    analyst.at("#retract summary").click()
    analyst.at("#retract [name=reason]").fill("Nobody said so")
    analyst.at("#retract button").dblclick()
    analyst.page.wait_for_url("**/entry/48#e61")
    analyst.open("/log")
    expect(analyst.at(".journal tbody th a").first).to_have_text("e61")


def test_the_forms_are_for_everybody(analyst: Reader):
    """All of them open at once: axe finds nothing grave, and in a narrow window nothing is wider than it."""
    analyst.open("/entry/48")
    for form in ("correct", "retract", "dispute", "corroborate"):
        analyst.at(f"#{form} summary").press("Enter")
    for scheme in ("light", "dark"):
        analyst.page.emulate_media(color_scheme=scheme)
        assert analyst.grave == []
    for width in (320, 768, 3840):
        analyst.page.set_viewport_size({"width": width, "height": 900})
        assert max(analyst.overhang, analyst.cut) <= 0
    assert not analyst.complaints


def test_without_script_the_forms_work(analyst: Reader, browser: Browser):
    """They are the browser's own."""
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": name, "value": said, "url": analyst.desk} for name, said in analyst.cookies.items()])
    page = context.new_page()
    page.goto(f"{analyst.desk}/entry/48")
    page.locator("#dispute summary").click()
    page.locator("#dispute [name=reason]").fill("Who says so?")
    page.locator("#dispute button").click()
    assert page.url == f"{analyst.desk}/entry/48#e61"
    context.close()
