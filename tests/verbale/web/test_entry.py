"""An entry's page shows what became of it, and lets no foreign text out of its place."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.ledger.samples import BASICS, about, new_ledger, source, statement
from tests.verbale.web.asking import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAID = len(BASICS) + 2
HOSTILE = "<script>alert(1)</script> “نعم” \ue000x\ue001 & </bdi>"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """Ask the desk of a ledger with one statement that was corrected, and disputed for a while."""
    url = "javascript:alert(1)"
    with new_ledger(tmp_path / "ledger.db", *BASICS, source(url=url), source("web", url="https://x.example/")) as book:
        book.record(statement(HOSTILE, source="wire", conditions=[HOSTILE]))
        book.record(about("corrected", SAID + 1, changes={"said_on": "2025-02-28"}))
        dispute = book.record(about("disputed", SAID + 1, reason="who says so?"))
        book.record(about("retracted", dispute.entry))
    found = Visitor(tmp_path / "ledger.db")
    with closing(found.desk):
        yield found


def test_foreign_text_stays_text(visitor: Visitor):
    """Whatever was said, nothing of it is markup: on the page of the entry, in the log, and in a search."""
    for address in (f"/entry/{SAID + 1}", "/log", "/log?q=alert", f"/entry/{SAID}"):
        page = visitor.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page or address.endswith(str(SAID))


def test_only_addresses_of_the_web_can_be_followed(visitor: Visitor):
    """An address that a browser would run is shown, and is no link; one that leads out tells nobody where from."""
    assert 'href="javascript' not in visitor.get(f"/entry/{SAID - 1}").text
    assert "javascript:alert(1)" in visitor.get(f"/entry/{SAID - 1}").text
    assert '<a href="https://x.example/" rel="noreferrer noopener">' in visitor.get(f"/entry/{SAID}").text


def test_every_amendment_is_told_whether_it_holds_or_not(visitor: Visitor):
    """A dispute that was taken back is still there, and said to hold no more."""
    page = visitor.get(f"/entry/{SAID + 1}").text
    rows = re.findall(r"<tr class=\"[a-z]*\"[^>]*><th scope=\"row\"><a[^>]*>(e\d+)</a>.*?</tr>", page, re.DOTALL)
    assert rows == [f"e{SAID + 2}", f"e{SAID + 3}"]
    assert page.count("in effect") == 1
    assert page.count("no more") == 1
    assert "<del><bdi>2025-03-01</bdi></del>" in page
    assert "<ins><bdi>2025-02-28</bdi></ins>" in page


def test_an_entry_reads_as_it_did_at_k(visitor: Visitor):
    """Before the correction nothing is corrected, and the page says what came later."""
    page = visitor.get(f"/entry/{SAID + 1}?as_known_at=e{SAID + 1}").text
    assert "<del>" not in page
    assert f'as_known_at=e{SAID + 2}">e{SAID + 2}</a>' in page


def test_what_was_looked_for_is_marked(visitor: Visitor):
    """The words of a search stand out in what was found."""
    assert "<mark>alert</mark>" in visitor.get("/log?q=alert").text
