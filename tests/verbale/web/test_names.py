"""The pages of what has a name: lists that read no more than they show, and cards."""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from projections import evidence
from tests.ledger.samples import BASICS, about, new_ledger
from tests.verbale.web.asking import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

TALKS = {"type": "event-scheduled", "party": "RUS", "issue": "ceasefire", "occurs_on": "2027-01", "text": "Talks"}


@contextmanager
def asking(folder: Path) -> Iterator[Visitor]:
    """Ask the desk of the ledger in a folder."""
    found = Visitor(folder / "ledger.db")
    with closing(found.desk):
        yield found


def test_a_list_leads_to_the_last_evidence_of_each(visitor: Visitor):
    """How many, when last and which entry says so; of a moment before it was heard, nothing."""
    assert 'href="/entry/58"' in visitor.get("/parties?name=kremlin").text
    before = visitor.get("/parties?name=kremlin&as_known_at=e57").text
    assert 'href="/entry/57?as_known_at=e57"' in before
    assert "/entry/58" not in before
    assert "Last evidence" in visitor.get("/issues?as_known_at=e57").text
    assert 'data-of="Last evidence"' not in visitor.get("/issues?as_of=2020").text


def test_an_issue_s_page_tells_what_was_done_with_it(tmp_path: Path):
    """Opened, worded anew, taken apart and closed, each with its entry; what was retracted is told as such."""
    with new_ledger(tmp_path / "ledger.db", *BASICS) as ledger:
        ledger.record({"type": "issue-reworded", "issue": "ceasefire", "proposition": "All guns fall silent"})
        ledger.record({"type": "issue-opened", "issue": "truce", "proposition": "At sea too", "parent": "ceasefire"})
        closed = ledger.record({"type": "issue-closed", "issue": "ceasefire", "reason": "agreed"})
        ledger.record(about("retracted", closed.entry))
    with asking(tmp_path) as visitor:
        page = visitor.get("/issue/ceasefire").text
        before = visitor.get("/issue/ceasefire?as_known_at=e6").text
        lists = {query: visitor.get(f"/issues?{query}").text for query in ("open=1", "as_known_at=e6&open=1")}
    steps = re.findall(r'href="/entry/([0-9]+)"', page[page.index("What was done with it") :])
    assert steps == ["3", "4", "5", "6"]
    assert "All guns fall silent" in page
    assert ("retracted</span>" in page, "retracted</span>" in before) == (True, False)
    assert ("<dd>open</dd>" in page, "<dd>closed</dd>" in before) == (True, True)
    assert ["/issue/ceasefire" in lists[one] for one in lists] == [True, False]


def test_a_list_reads_only_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of a hundred parties and issues, a page of forty reads forty, and says how many there are."""
    with new_ledger(tmp_path / "ledger.db") as ledger:
        for number in range(100):
            name = sha256(f"{number}".encode()).hexdigest()[:16]  # no two look alike
            ledger.add_party(f"{name}-party", f"The party {name}", "state")
            ledger.add_issue(f"{name}-issue", f"The issue {name}")
    read: list[int] = []
    readings = evidence.readings

    def counting(*given: Any, **more: Any) -> Iterator[evidence.Reading]:
        for one in readings(*given, **more):
            read.append(one.entry)
            yield one

    monkeypatch.setattr("projections.registry.readings", counting)
    with asking(tmp_path) as visitor:
        for address in ("/parties?page=2", "/issues?page=2", "/parties?name=party&page=2", "/issues?name=issue"):
            read.clear()
            page = visitor.get(address).text
            assert "of 100</span>" in page
            assert len(read) == 40, address


def test_an_empty_matrix_says_what_would_fill_it(tmp_path: Path):
    """A clock is to be moved only where one is set; what is merely announced is on the agenda."""
    with new_ledger(tmp_path / "ledger.db", *BASICS) as ledger:
        ledger.record(TALKS)
    with asking(tmp_path) as visitor:
        now, then, nobody = (visitor.get(f"/matrix{query}").text for query in ("", "?as_known_at=e2", "?party=UKR"))
    assert "Nobody has said or done anything yet" in now
    assert 'href="/agenda"' in now[now.index("No positions here") :]
    assert "Move a clock on" not in now
    assert "Move a clock on" in then
    assert "leave a filter out" in nobody
