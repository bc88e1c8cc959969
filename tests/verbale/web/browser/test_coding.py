"""An analyst codes an article with the keyboard alone, records, and corrects; both clocks tell both stories.

The article lies outside of the project: `../shared/seed/article.txt`.  Whoever lacks it codes three sentences like it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

from tests.verbale.web.browser.driving import Reader, come_in, stance, writing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ARTICLE: Final = Path(__file__).resolve().parents[5] / "shared" / "seed" / "article.txt"
_SHORT: Final = """Talks were held in Jeddah.

The Kremlin has expressed no view of its own, says Dmitry Peskov: Moscow waits for details.

As such, Ukraine is ready, if somebody gives assurances.
"""
ARTICLE: Final = _ARTICLE.read_text(encoding="utf-8") if _ARTICLE.exists() else _SHORT


def keep(reader: Reader, text: str, title: str = "Talks, and the replies") -> None:
    """Keep a text as a source, and open it."""
    reader.open("/code")
    reader.at("textarea[name=text]").fill(text)
    reader.at("input[name=title]").fill(title)
    reader.at("input[name=published_at]").fill("2025-03-12")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/code/*")


def walk_to(reader: Reader, words: str) -> None:
    """Go with j to the sentence that begins with some words."""
    for _ in range(100):
        reader.page.keyboard.press("j")
        if reader.page.evaluate("document.activeElement.textContent").strip().startswith(words):
            return
    raise AssertionError(words)


def fill(reader: Reader, **fields: str) -> None:
    """Go through the form with Tab, and type into some of its fields."""
    expect(reader.at("#form button")).to_be_visible()
    names = reader.at("#form select, #form input:not([type=hidden]), #form textarea").evaluate_all(
        "found => found.map((one) => one.name)"
    )
    reader.at("#form [name=kind]").focus()
    for name in names:
        if name in fields:
            assert reader.page.evaluate("document.activeElement.name") == name
            if reader.page.evaluate("document.activeElement.tagName") != "SELECT":
                reader.page.keyboard.press("Control+a")
            reader.page.keyboard.type(fields[name])
        reader.page.keyboard.press("Tab")
    reader.at("#form [name=text]").press("Control+Enter")
    expect(reader.at("#form")).to_have_count(0)
    reader.page.wait_for_load_state("load")


def code(reader: Reader, words: str, **fields: str) -> None:
    """Lay a draft into the tray for the sentence that begins with some words."""
    reader.at("#text .sentence").first.focus()
    walk_to(reader, words)
    reader.page.keyboard.press("Enter")
    fill(reader, **fields)


def record(reader: Reader) -> None:
    """Record the tray, once the page listens."""
    reader.page.wait_for_load_state("load")
    reader.page.keyboard.press("r")


def test_two_sentences_are_coded_recorded_and_seen(analyst: Reader):
    """The guess is shown as one, quotes are the text's own words, and nothing is recorded before the tray is."""
    keep(analyst, ARTICLE)
    walk_to(analyst, "The Kremlin has expressed")
    analyst.page.keyboard.press("Enter")
    expect(analyst.at("#form [name=party]")).to_have_value("RUS")
    expect(analyst.at("#form [name=speaker]")).to_have_value("Dmitry Peskov")
    expect(analyst.at("#form [name=on]")).to_have_value("2025-03-12")
    expect(analyst.at("#form")).to_contain_text("guess: “Dmitry Peskov” stands in the sentence")
    expect(analyst.at("#form blockquote")).to_contain_text("The Kremlin has expressed")
    fill(analyst, issue="full-ceasefire", stance="awaiting")
    walk_to(analyst, "As such, Ukraine")
    analyst.page.keyboard.press("Enter")
    expect(analyst.at("#form [name=party]")).to_have_value("UKR")
    fill(analyst, issue="us-guarantees", stance="support", text="Some assurance is needed")
    expect(analyst.at("#tray li")).to_have_count(2)
    expect(analyst.at("#text mark")).to_have_count(2)
    expect(analyst.at("#tray [role=alert]")).to_have_count(0)
    record(analyst)
    expect(analyst.at("#tray li")).to_have_count(0)
    expect(analyst.at("#coded li")).to_have_count(2)
    assert stance(analyst, "UKR on us-guarantees") == "support"
    assert stance(analyst, "RUS on full-ceasefire") == "awaiting (▲ oppose)"
    assert stance(analyst, "UKR on us-guarantees", as_known_at="e61") == ""
    assert not analyst.complaints


def test_what_is_not_admitted_waits_and_says_why(analyst: Reader):
    """Nothing of a tray is recorded while a draft of it is refused; it is edited, and then all of it is."""
    keep(analyst, ARTICLE)
    walk_to(analyst, "The Kremlin has expressed")
    analyst.page.keyboard.press("Enter")
    fill(analyst, issue="nonsense", stance="awaiting")
    expect(analyst.at("#tray [role=alert]")).to_contain_text("no issue 'nonsense'")
    record(analyst)
    expect(analyst.at("#tray li")).to_have_count(1)
    expect(analyst.at("#coded li")).to_have_count(0)
    analyst.at("#tray a").first.focus()
    analyst.page.keyboard.press("Enter")
    expect(analyst.at("#form [name=issue]")).to_have_value("nonsense")
    fill(analyst, issue="ceasefire-30d")
    expect(analyst.at("#tray [role=alert]")).to_have_count(0)
    record(analyst)
    expect(analyst.at("#coded li")).to_have_count(1)


def test_a_part_of_a_sentence_is_marked_with_the_mouse(analyst: Reader):
    """Offsets are code points: a sign beyond the first plane before the mark shifts nothing."""
    text = "🕊 Talks.\n\nPeskov said 🕊 that Moscow waits for details, and nothing more.\n"
    keep(analyst, text)
    analyst.at("#text .sentence").nth(1).evaluate(
        """(sentence) => {
          const range = document.createRange();
          const node = sentence.firstChild;
          range.setStart(node, node.data.indexOf("Moscow"));
          range.setEnd(node, node.data.indexOf(", and"));
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          sentence.click();
        }"""
    )
    expect(analyst.at("#form blockquote")).to_have_text("Moscow waits for details")
    expect(analyst.at("#form [name=start]")).to_have_value(str(text.index("Moscow")))


def test_a_part_of_a_sentence_is_marked_by_key(analyst: Reader):
    """Word by word, from both ends, in code points; one word stays."""
    text = "🕊 Talks.\n\nPeskov 🕊 waits for details.\n"
    keep(analyst, text)
    walk_to(analyst, "Peskov")
    analyst.page.keyboard.press("Enter")
    quote = analyst.at("#form blockquote")
    expect(quote).to_contain_text("Peskov")
    for key, rest in ((">", "🕊 waits for details."), (">", "waits for details."), ("<", "waits for"), ("<", "waits")):
        analyst.page.wait_for_load_state()
        analyst.page.keyboard.press(key)
        expect(quote).to_have_text(rest)
    expect(analyst.at("#form [name=start]")).to_have_value(str(text.index("waits")))
    address = analyst.address
    analyst.page.keyboard.press("<")
    analyst.at("#form [name=text]").fill("a < b > c")
    expect(quote).to_have_text("waits")
    assert analyst.address == address


def test_a_text_of_two_scripts_reads_in_its_directions(analyst: Reader):
    """Each paragraph by its own first letter."""
    keep(analyst, "موسكو لا تقبل.\n\nMoscow does not agree.\n")
    turned = "found => found.map((one) => getComputedStyle(one).direction)"
    assert analyst.at("#text p").evaluate_all(turned) == ["rtl", "ltr"]


def test_a_web_page_is_dropped_and_read_as_its_text(analyst: Reader):
    """Its title is its own; markup is gone, and no script of it runs."""
    page = "<html><head><title>Answer &amp; question</title></head>\n<body><p>Moscow waits.</p>"
    page += "<script>document.title = 'x'</script><p>Kyiv does not.</p></body></html>"
    analyst.open("/code")
    analyst.at("body").evaluate(
        """(body, page) => {
          const data = new DataTransfer();
          data.items.add(new File([page], "saved.html", {type: "text/html"}));
          body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        page,
    )
    analyst.page.keyboard.press("Tab")
    analyst.at("#text-form button").press("Enter")
    analyst.page.wait_for_url("**/code/*")
    expect(analyst.at("h1")).to_have_text("Answer & question")
    assert analyst.at("#text .sentence").all_inner_texts() == ["Answer & question", "Moscow waits.", "Kyiv does not."]
    assert not analyst.complaints


def test_the_same_text_again_is_the_same_source(analyst: Reader):
    """Who pastes a text that is kept already comes to it, and to what was coded in it."""
    keep(analyst, ARTICLE, "Once")
    once = analyst.address
    keep(analyst, ARTICLE, "Twice")
    assert analyst.address == once


def test_two_people_see_how_far_they_agree(analyst: Reader, browser: Browser, tmp_path: Path):
    """The same sentence, coded twice in the same words, is coded by both; the command line prints the same numbers."""
    keep(analyst, ARTICLE)
    code(analyst, "The Kremlin has expressed", issue="full-ceasefire", stance="awaiting")
    code(analyst, "As such, Ukraine", issue="us-guarantees", stance="support")
    record(analyst)
    expect(analyst.at("#coded li")).to_have_count(2)
    with writing(tmp_path, "ben") as (desk, token), Reader(browser, desk) as ben:
        come_in(ben, token)
        ben.open(analyst.address.partition("#")[0])
        code(ben, "The Kremlin has expressed", issue="full-ceasefire", stance="awaiting")
        code(ben, "As such, Ukraine", issue="us-guarantees", stance="conditional")
        record(ben)
        expect(ben.at("#coded li")).to_have_count(4)
        ben.at("#coded p a").press("Enter")
        expect(ben.at("main h2")).to_have_text("anna and ben")
        said = {row.split("\t")[0]: row.split("\t")[1:] for row in ben.at("table.narrow tbody tr").all_inner_texts()}
        assert said["issue"] == ["2 of 2 (100 %)", "1.00"]
        assert said["stance"] == ["1 of 2 (50 %)", "0.33"]
        assert said["marked"][1] == "1.00"
        expect(ben.at(".differs")).to_have_count(2)
        assert not ben.complaints
