from __future__ import annotations

import re
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.verbale.web.asking import Visitor
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
LINK = re.compile(r'<a href="/entry/(\d+)[^"]*" aria-label="([^"]*)"')


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger with names that no template must trust."""
    path: Path = tmp_path_factory.mktemp("timeline") / "l.db"
    Ledger.create(path)
    with Ledger(path) as book:
        book.add_party("RUS", "Russia & “<i>others</i>”")
        book.add_issue("pause", "A pause takes effect")
        said = {"type": "statement-made", "party": "RUS", "issue": "pause", "text": "הפסקת אש <script>"}
        for number in range(90):
            book.record({**said, "stance": "oppose", "said_on": f"2025-0{1 + number // 28}-{1 + number % 28:02}"})
        entry = book.record({**said, "stance": "declined", "said_on": "2025-05"}).entry
        book.record({"type": "entry-disputed", "entry": entry, "reason": "not so"})
        deed = {"type": "action-taken", "party": "RUS", "issue": "pause", "text": "A deed", "bearing": "oppose"}
        book.record({**deed, "occurred_on": "2025-02"})
        plan = {"type": "event-scheduled", "party": "RUS", "issue": "pause", "text": "A plan"}
        book.record({**plan, "occurs_on": "2025-06-01"})
    return path


@contextmanager
def open_desk(path: Path) -> Iterator[Visitor]:
    """Ask the desk of a ledger of one's own."""
    visitor = Visitor(path)
    with closing(visitor.desk):
        yield visitor


def test_the_drawing_is_xml_and_every_mark_of_it_a_link_that_says_what_it_is(visitor: Visitor):
    """Sign, stance, date and text: without sight, and on hovering."""
    page = visitor.get("/timeline/ceasefire-30d").text
    found = SVG.search(page)
    assert found is not None
    ET.fromstring(found[0])  # noqa: S314  our own page
    said = dict(LINK.findall(found[0]))
    assert len(said) == 5
    assert said["32"].startswith("e32: −− oppose, ../2025-03-11. Putin")
    assert said["48"].startswith("e48: … awaiting, 2025-03-12. ")
    for entry in said:
        assert page.count(f'href="/entry/{entry}"') == 2  # in the drawing, and in the table


def test_a_timeline_keeps_the_clocks_in_every_link_and_draws_t(visitor: Visitor):
    """What is later than T is neither drawn nor listed."""
    page = visitor.get("/timeline/ceasefire-30d?as_of=2025-03-11").text
    assert "as of 2025-03-11</text>" in page
    assert set(re.findall(r'href="(/entry/[^"]*)"', page)) == {f"/entry/{e}?as_of=2025-03-11" for e in (32, 40, 41)}


def test_a_party_has_a_lane_for_each_issue(visitor: Visitor):
    """Each leads to why."""
    page = visitor.get("/timeline?party=Kremlin").text
    found = SVG.search(page)
    assert found is not None
    lanes = re.findall(r'href="/why/RUS/([^"]*)"', found[0])
    assert lanes == sorted(lanes)
    assert "ceasefire-30d" in lanes
    assert 'href="/timeline/nato-renunciation"' in page


def test_a_long_lane_is_cut_and_says_so_and_the_table_is_paged(book: Path, monkeypatch: pytest.MonkeyPatch):
    """The latest are drawn; the table has all of them, forty at a time."""
    monkeypatch.setattr("verbale.web.pages.timeline._MARKS", 50)
    with open_desk(book) as visitor:
        page = visitor.get("/timeline/pause").text
        last = visitor.get("/timeline/pause?page=3").text
    assert "42 earlier are not drawn" in page
    assert "93 entries" in page
    assert "Entries 81–93 of 93" in last
    assert last.count("<tr>") == 14


def test_foreign_text_is_text(book: Path):
    """Names and words are escaped, in the drawing as in the table; what is disputed is ringed."""
    with open_desk(book) as visitor:
        page, last = (visitor.get(f"/timeline/pause?page={number}").text for number in (1, 3))
    assert "<script>" not in page
    assert "<i>" not in page
    assert "<bdi>הפסקת אש &lt;script&gt;</bdi>" in last
    found = SVG.search(page)
    assert found is not None
    ET.fromstring(found[0])  # noqa: S314  our own page
    assert found[0].count('class="disputed"') == 1
    assert found[0].count('class="word declined hollow"') == 1
    assert found[0].count('class="plan "') == 1
    assert found[0].count('class="deed oppose"') == 1


def test_nothing_to_draw_is_said(visitor: Visitor):
    """An empty timeline is a page, with what to do."""
    page = visitor.get("/timeline/ceasefire-30d?as_of=2020").text
    assert "Nothing was said or done here" in page
    assert "<svg" not in page
