"""Travel in time on the matrix, with the keyboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.verbale.web.browser.driving import Reader

WORLD, LEDGER = "input[type=range][data-field=as_of]", "input[type=range][data-field=as_known_at]"


def asked(reader: Reader, name: str) -> str | None:
    """Return what the address says of a clock."""
    return parse_qs(urlsplit(reader.address).query).get(name, [None])[0]


def press(reader: Reader, slider: str, key: str) -> None:
    """Press a key on a slider, and wait until the page has followed."""
    before = reader.address
    reader.at(slider).press(key)
    reader.page.wait_for_function("before => !location.href.endsWith(before)", arg=before)


def positions(reader: Reader) -> dict[str, tuple[str | None, int | None]]:
    """Return the stance of every cell and the entry it rests on, as the page's own JSON has it."""
    path, _, query = reader.address.partition("?")
    rows = json.loads(reader.page.request.get(f"{reader.desk}{path}.json?{query}").body())["rows"]
    return {f"{row['party']} on {row['issue']}": (row["stance"], row["entry"]) for row in rows}


def test_the_world_s_slider_goes_from_change_to_change(reader: Reader):
    """Each arrow key is one change; address, field, heading and what a screen reader is told follow."""
    reader.open("/matrix")
    steps = json.loads(reader.at(WORLD).get_attribute("data-steps") or "")
    assert len(steps) > 2
    for step in reversed(steps):
        press(reader, WORLD, "ArrowLeft")
        assert asked(reader, "as_of") == step
        expect(reader.at("#as_of")).to_have_value(step)
        expect(reader.at("#clocks")).to_contain_text(f"As of {step}")
        expect(reader.at(WORLD)).to_have_attribute("aria-valuetext", step)
    for step in (*steps[1:], None):
        press(reader, WORLD, "ArrowRight")
        assert asked(reader, "as_of") == step
    expect(reader.at("#clocks")).to_contain_text("No bound in time")
    assert not reader.complaints


def test_what_changes_is_marked_and_said(reader: Reader):
    """From the eleventh to the twelfth of March the Kremlin goes from oppose to awaiting; Kyiv says the same again."""
    reader.open("/matrix?as_of=2025-03-11&issue=ceasefire-30d")
    before = positions(reader)
    press(reader, WORLD, "ArrowRight")
    after = positions(reader)
    changed = sorted(cell for cell in after if before.get(cell) != after[cell])
    assert changed == ["RUS on ceasefire-30d", "UKR on ceasefire-30d"]
    marked = reader.at("#board .changed").evaluate_all("found => found.map((one) => one.dataset.cell)")
    assert sorted(marked) == changed
    kyiv = "UKR on ceasefire-30d: support, on other evidence"
    expect(reader.at("#changes")).to_have_text(f"2 changes. RUS on ceasefire-30d: oppose → awaiting; {kyiv}")
    press(reader, WORLD, "ArrowLeft")
    expect(reader.at("#changes")).to_have_text(f"2 changes. RUS on ceasefire-30d: awaiting → oppose; {kyiv}")


def test_many_changes_are_counted_and_a_few_are_told(reader: Reader):
    """A deed that was not done yet is a change too; the sentence stays short."""
    reader.open("/matrix?as_of=2025-03-12")
    before = positions(reader)
    press(reader, WORLD, "ArrowLeft")
    assert len(before) > len(positions(reader))
    said = reader.at("#changes").inner_text()
    count = int(said.split()[0])
    assert count > 4
    assert said.endswith(f" and {count - 4} more")
    assert said.count(";") == 3
    assert "RUS on full-ceasefire: no stance (▲ oppose) → ·" in said


def test_the_ledger_s_slider_shows_what_was_known(reader: Reader):
    """Back from the last entry: the Kremlin's answer, and the old position, from when that was recorded on."""
    reader.open("/matrix?as_of=2025-03-12&issue=ceasefire-30d")
    cell, said = reader.at("[data-cell='RUS on ceasefire-30d']"), []
    said.append((cell.get_attribute("data-words"), asked(reader, "as_known_at")))
    while reader.at(LEDGER).input_value() != "0":
        press(reader, LEDGER, "ArrowLeft")
        said.append((cell.get_attribute("data-words"), asked(reader, "as_known_at")))
    assert said[0] == ("awaiting", None)
    assert said[-1] == ("oppose", "e32")
    assert said[said.index(("oppose", "e47")) - 1] == ("awaiting", "e48")
    assert asked(reader, "as_of") == "2025-03-12"
    assert not reader.complaints


def test_every_link_of_the_page_keeps_the_moment(reader: Reader):
    """After a journey masthead, footer and forms speak of where the reader is, not of where the page began."""
    reader.open("/matrix")
    press(reader, WORLD, "ArrowLeft")
    moment = asked(reader, "as_of")
    for link in reader.at(".masthead nav a, #forms a, #board td a").all():
        assert f"as_of={moment}" in (link.get_attribute("href") or "")
    expect(reader.at(".colophon")).to_contain_text(f"As of {moment}")


def test_a_link_leads_to_why_and_back_again(reader: Reader):
    """A cell leads to its reasons at the same moment; back is where the reader was, and forward goes there again."""
    reader.open("/matrix")
    press(reader, WORLD, "ArrowLeft")
    press(reader, WORLD, "ArrowLeft")
    there = reader.address
    assert asked(reader, "as_of") == "2025-03-11"
    reader.at("[data-cell='RUS on ceasefire-30d']").press("Enter")
    expect(reader.at("main .position")).to_contain_text("oppose")
    assert urlsplit(reader.address).path == "/why/RUS/ceasefire-30d"
    assert asked(reader, "as_of") == "2025-03-11"
    reader.page.go_back()
    assert reader.address == there
    expect(reader.at("#as_of")).to_have_value("2025-03-11")
    expect(reader.at("[data-cell='RUS on ceasefire-30d']")).to_have_attribute("data-words", "oppose")
    press(reader, WORLD, "ArrowRight")
    assert asked(reader, "as_of") == "2025-03-12"
    reader.at("[data-cell='RUS on ceasefire-30d']").press("Enter")
    expect(reader.at("main .position")).to_contain_text("awaiting")
    reader.page.go_back()
    reader.page.go_forward()
    assert urlsplit(reader.address).path == "/why/RUS/ceasefire-30d"
    assert not reader.complaints


def test_a_place_on_the_page_is_gone_to_without_loading_it(reader: Reader):
    """What was there is still there, on the way to the place and on the way back."""
    reader.open("/timeline/ceasefire-30d")
    reader.page.evaluate("globalThis.stays = true")
    reader.at("a[href='#entries']").press("Enter")
    reader.page.wait_for_url("**#entries")
    reader.page.go_back()
    reader.page.wait_for_timeout(200)  # in which a page that is loaded anew would have been
    assert reader.page.evaluate("globalThis.stays === true")


def test_a_page_that_was_not_waited_for_is_no_error(reader: Reader):
    """Who steps on before an answer is read to its end is shown the later one, and the console stays empty."""
    reader.open("/matrix")
    reader.page.evaluate(
        """() => {
          const real = window.fetch;
          window.fetch = async (address, options) => {
            window.fetch = real;
            const body = new ReadableStream({ start: (end) =>
              options.signal.addEventListener("abort", () => end.error(new DOMException("", "AbortError"))) });
            return new Response(body);
          };
        }"""
    )
    reader.at(WORLD).press("ArrowLeft")
    reader.page.wait_for_timeout(300)  # the slider waits for a moment before it asks
    press(reader, WORLD, "ArrowLeft")
    assert asked(reader, "as_of") == "2025-03-11"
    assert not reader.complaints


def test_a_wrong_moment_is_said_and_the_page_stays(reader: Reader):
    """What cannot be answered is a sentence in place, and the positions that were there are not lost."""
    reader.open("/matrix")
    reader.at("input[name=party]").fill("frnce")
    reader.at(WORLD).press("ArrowLeft")
    expect(reader.at("#changes")).to_contain_text("frnce")
    expect(reader.at("[data-cell='RUS on ceasefire-30d']")).to_be_visible()
    assert reader.address == "/matrix"
