"""One morning at the desk: back in time, why, two sentences coded and read where they stand, one of them corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.verbale.web.browser.driving import stance
from tests.verbale.web.browser.test_amending import tab_to, type_into
from tests.verbale.web.browser.test_coding import ARTICLE, code, keep, record

if TYPE_CHECKING:
    from tests.verbale.web.browser.driving import Reader

CELL = "UKR on us-guarantees"


def test_a_morning(analyst: Reader):
    """What the desk is for, from the first look to the second story."""
    analyst.open("/matrix?as_of=2025-03-12&issue=ceasefire-30d")
    analyst.at("input[type=range][data-field=as_of]").press("ArrowLeft")
    expect(analyst.at("#changes")).to_contain_text("RUS on ceasefire-30d: awaiting → oppose")
    analyst.at("[data-cell='RUS on ceasefire-30d']").press("Enter")
    expect(analyst.at("main .position")).to_contain_text("oppose")

    keep(analyst, ARTICLE)
    code(analyst, "The Kremlin has expressed", issue="full-ceasefire", stance="awaiting")
    code(analyst, "As such, Ukraine", issue="us-guarantees", stance="support")
    record(analyst)
    expect(analyst.at("#coded li")).to_have_count(2)
    assert stance(analyst, CELL) == "support"

    analyst.at(f"[data-cell='{CELL}']").press("Enter")
    expect(analyst.at("mark")).to_contain_text("As such, Ukraine")
    analyst.at("a:has-text('Read the quote in its source')").press("Enter")
    analyst.page.wait_for_url("**/source/talks-and-the-replies#e*")
    quote = analyst.at(f"mark:has(#{analyst.address.rpartition('#')[2]})")
    expect(quote).to_contain_text("As such, Ukraine")
    expect(quote).to_be_in_viewport()
    entry = analyst.address.rpartition("#e")[2]

    analyst.open(f"/entry/{entry}")
    tab_to(analyst, "#correct summary")
    analyst.page.keyboard.press("Enter")
    type_into(analyst, "select[name='set.stance']", "conditional")
    type_into(analyst, "#correct [name=reason]", "With assurances, and not without")
    tab_to(analyst, "#correct button")
    analyst.page.keyboard.press("Enter")
    analyst.page.wait_for_url(f"**/entry/{entry}#e*")

    assert stance(analyst, CELL) == "conditional"
    assert stance(analyst, CELL, as_known_at=f"e{entry}") == "support"
    assert stance(analyst, CELL, as_known_at="e60") == ""
    assert stance(analyst, CELL, as_of="2025-03-11") in {"", None}
    analyst.open(f"/diff?known_from=e{entry}")
    expect(analyst.at("main")).to_contain_text("conditional")
    assert not analyst.complaints
