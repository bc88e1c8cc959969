"""A source's page: its card, its text with every quote where it stands, and what rests on it."""

from __future__ import annotations

import re
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING

import pytest

from ledger.texts import normalise
from tests.ledger.samples import BASICS, about, new_ledger, source, statement
from tests.verbale.web.asking import Visitor
from verbale.web.coding import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = """Moscow, 12 March. Dmitry Peskov spoke to reporters & others.
“We will not accept it. Not now,” he said; “we want details.”
موسكو لا تقبل بوقف إطلاق النار المؤقت. Nothing else <b>was</b> said.
"""
NO, BOTH, DETAILS, ARABIC = len(BASICS) + 2, len(BASICS) + 3, len(BASICS) + 4, len(BASICS) + 5
"""Entries: two quotes that overlap, one that is retracted, one in Arabic."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a ledger with a text that four statements quote."""
    document = tmp_path / "wire.html"
    document.write_text(TEXT, encoding="utf-8")
    with new_ledger(tmp_path / "ledger.db", *BASICS) as book:
        book.add_source("wire/2025-03.json", "A report & more", snapshot=document, publisher="<i>Wire</i>")
        for words in ("We will not accept it.", "accept it. Not now", "we want details", "موسكو لا تقبل"):
            book.record(statement(words, source="wire/2025-03.json", quote=words))
        book.record(about("retracted", DETAILS))
        book.record(source("hashed", sha256="0" * 64, url="javascript:alert(1)"))
        book.record(source("bare", url="https://x.example/a"))
        book.record(statement("No.", source="bare", quote="No."))
        book.record(about("corrected", BOTH, changes={"source": "bare", "quote": None}))
    return tmp_path / "ledger.db"


@pytest.fixture
def visitor(path: Path) -> Iterator[Visitor]:
    """Ask its desk."""
    found = Visitor(path)
    with closing(found.desk):
        yield found


HERE = "/source/wire%2F2025-03%2Ejson"


def shown_text(page: str) -> str:
    """Return the text that a page shows, without what was added to it."""
    article = re.search(r"<article[^>]*>(.*)</article>", page, re.DOTALL)
    assert article is not None
    bare = re.sub(r'<a class="noted".*?</a>', "", article[1])
    return unescape(re.sub(r"<[^>]*>", "", bare))


def test_the_text_is_whole_and_its_quotes_are_marked(visitor: Visitor):
    """Each quote has a mark at which a link lands, and the mark leads to its entry; no word is lost."""
    page = visitor.get(f"{HERE}?as_known_at=e{ARABIC}").text
    assert shown_text(page).split() == normalise(TEXT.encode()).split()
    for entry in (NO, BOTH, DETAILS, ARABIC):
        assert page.count(f'<span id="e{entry}"></span>') == 1
        assert page.count(f'class="noted" href="/entry/{entry}?as_known_at=e{ARABIC}"') == 1
    assert f'<mark class="quoted"><span id="e{NO}"></span>We will not </mark>' in page
    assert f'<mark class="quoted"><span id="e{BOTH}"></span>accept it.</mark>' in page


def test_marks_are_those_that_k_knows(visitor: Visitor):
    """What is retracted is marked as that; what was corrected to rest on another source is marked here no more."""
    now, before = visitor.get(HERE).text, visitor.get(f"{HERE}?as_known_at=e{NO}").text
    assert f'<mark class="retracted"><span id="e{DETAILS}">' in now
    assert f'id="e{BOTH}"' not in now
    assert re.findall(r'<span id="(e\d+)">', before) == [f"e{NO}"]
    assert f'href="/entry/{BOTH}"' in visitor.get("/source/bare").text


def test_reasons_and_entries_lead_to_the_quote(visitor: Visitor):
    """The link lands at the mark."""
    for address in (f"/entry/{ARABIC}", "/why/RUS/ceasefire"):
        link = re.search(rf'href="([^"#]*)#e{ARABIC}">Read the quote in its source', visitor.get(address).text)
        assert link is not None
        assert f'<span id="e{ARABIC}"></span>' in visitor.get(link[1]).text


def test_a_source_without_a_text_says_so(visitor: Visitor):
    """Whether it never had a document, or it is not kept here."""
    assert "registered without a document" in visitor.get("/source/bare").text
    assert "only its hash" in visitor.get("/source/hashed").text
    assert "registered without a document" in visitor.get("/why/RUS/ceasefire").text


def test_a_document_that_was_changed_is_said_and_breaks_no_page(path: Path, visitor: Visitor):
    """The card and what rests on it can still be read, and so can the reasons of a position."""
    kept = next(
        one
        for one in path.parent.rglob("*")
        if one.is_file() and one.read_bytes() == TEXT.encode() and one.suffix != ".html"
    )
    kept.chmod(0o644)
    kept.write_text(TEXT.replace("not", "now"), encoding="utf-8")
    for address in (HERE, f"/entry/{ARABIC}"):
        got = visitor.get(address)
        assert got.status == 200
        assert "has been changed" in got.text


def test_only_addresses_of_the_web_can_be_followed(visitor: Visitor):
    """And they are told nothing of where the reader comes from."""
    assert '<a href="https://x.example/a" rel="noreferrer noopener">' in visitor.get("/source/bare").text
    assert 'href="javascript' not in visitor.get("/source/hashed").text


def test_a_long_text_is_shown_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The parts are the whole text; the link to a quote leads to the part in which it begins."""
    monkeypatch.setattr(quoted, "PART", 100)
    text = " ".join(f"Sentence {n} says so.\n" for n in range(60))
    document = tmp_path / "long.txt"
    document.write_text(text, encoding="utf-8")
    with new_ledger(tmp_path / "ledger.db", *BASICS) as book:
        book.add_source("long", "Long", snapshot=document)
        book.record(
            statement("No.", source="long", quote=" ".join(f"Sentence {n} says so.\n" for n in range(30, 40))[:-1])
        )
    visitor = Visitor(tmp_path / "ledger.db")
    with closing(visitor.desk):
        link = re.search(r'href="(/source/long\?part=(\d+))#e5">Read', visitor.get("/entry/5").text)
        assert link is not None
        assert '<span id="e5"></span>Sentence 30 says so.' in visitor.get(link[1]).text
        every: list[str] = []
        while (got := visitor.get(f"/source/long?part={len(every) + 1}")).status == 200:
            every.append(shown_text(got.text))
    assert len(every) > 10
    assert got.status == 404
    assert " ".join(every).split() == text.split()


def test_what_rests_on_it_is_listed_a_page_at_a_time(tmp_path: Path):
    """Forty entries on a page, and the rest behind a link."""
    with new_ledger(tmp_path / "ledger.db", *BASICS, source("wire")) as book:
        for number in range(45):
            book.record(statement(f"No {number}.", source="wire"))
    visitor = Visitor(tmp_path / "ledger.db")
    with closing(visitor.desk):
        first = visitor.get("/source/wire").text
        link = re.search(r'href="([^"#]*)#resting" rel="next"', first)
        assert link is not None
        second = visitor.get(link[1]).text
    found = [re.findall(r'<th scope="row"><a class="number" href="/entry/(\d+)"', page) for page in (first, second)]
    assert [len(one) for one in found] == [40, 5]
    assert [int(one) for one in (*found[0], *found[1])] == list(range(5, 50))


def test_sources_are_found_by_their_words(visitor: Visitor):
    """Of the id, the title, the publisher or the address; all of them must be there."""

    def found(query: str) -> list[str]:
        return [row["source"] for row in visitor.get(f"/sources.json?q={query}").json()["rows"]]

    assert found("REPORT") == ["bare", "hashed", "wire/2025-03.json"]
    assert found("report+wire") == ["wire/2025-03.json"]
    assert found("x.example") == ["bare"]
    assert "No source has these words" in visitor.get("/sources?q=nothing").text
    assert "/source/wire%2F2025-03%2Ejson" in visitor.get("/sources?q=wire").text


def test_sources_are_listed_a_page_at_a_time(tmp_path: Path):
    """By id, and none twice."""
    names = sorted(f"s{n}" for n in range(95))
    with new_ledger(tmp_path / "ledger.db", *(source(name) for name in names)):
        pass
    visitor, found = Visitor(tmp_path / "ledger.db"), []
    with closing(visitor.desk):
        address: str | None = "/sources"
        while address is not None:
            page = visitor.get(address).text
            found.append(re.findall(r'<th scope="row"><a href="/source/([^"]*)"', page))
            link = re.search(r'href="([^"]*)" rel="next"', page)
            address = None if link is None else link[1]
    assert [len(one) for one in found] == [40, 40, 15]
    assert [name for some in found for name in some] == names


def test_where_one_may_write_the_source_leads_to_the_desk(path: Path, visitor: Visitor):
    """To its own text; on a desk that is read-only there is no such link."""
    link = f'href="/code/{HERE.removeprefix("/source/")}"'
    writer = Visitor(path, "token")
    with closing(writer.desk):
        assert link in writer.get(HERE).text
        assert 'href="/code/bare"' not in writer.get("/source/bare").text
    assert link not in visitor.get(HERE).text
