"""The audit in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.verbale.web.browser.driving import Reader


def test_the_report_comes_by_itself(reader: Reader):
    """Who presses the button stays on the page, which answers at once; the report takes its place there."""
    reader.open("/audit")
    reader.at("text=Verify now").click()
    expect(reader.at("#verification")).to_contain_text("Under way since")
    expect(reader.at("#verification")).to_contain_text("All that was checked holds", timeout=30_000)
    assert reader.address == "/audit#verification"
    assert not reader.complaints
