from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbale.doors import Door
    from tests.verbale.web.asking import Visitor


SAME = (
    ("/matrix", "matrix"),
    ("/matrix?as_of=2025-03-11", "matrix --as-of 2025-03-11"),
    ("/matrix?party=Kremlin&as_known_at=e45", "matrix --party Kremlin --as-known-at e45"),
    ("/log", "log"),
    ("/log?before=30", "log"),
    ("/log?party=Kremlin&type=statement-made", "log --party Kremlin --type statement-made"),
    ("/log?as_of=2025-03-11&as_known_at=e45", "log --as-of 2025-03-11 --as-known-at e45"),
    ("/log?status=corrected", "log --status corrected"),
    ("/log?recorded_by=nobody&issue=ceasefire-30d", "log --recorded-by nobody --issue ceasefire-30d"),
    ("/log?q=ceasefire", "search ceasefire"),
    ("/log?q=ceasefire&party=USA&type=statement-made", "search ceasefire --party USA --type statement-made"),
    ("/log?q=ceasefire&retracted=1", "search ceasefire --retracted"),
    ("/timeline/ceasefire-30d", "timeline ceasefire-30d"),
    ("/timeline/ceasefire-30d?as_of=2025-03-11&page=1", "timeline ceasefire-30d --as-of 2025-03-11"),
    ("/timeline?party=Kremlin&as_known_at=e50", "log --party Kremlin --as-known-at e50"),
    ("/diff?a=2025-03-10&b=2025-03-12", "diff 2025-03-10 2025-03-12"),
    ("/diff?a=2025-03-10&b=2025-03-12&as_known_at=e45", "diff 2025-03-10 2025-03-12 --as-known-at e45"),
    ("/diff?known_from=e41&known_to=e48", "diff --known-from e41 --known-to e48"),
    ("/diff?known_to=e45&as_of=2025-03-11", "diff --known-to e45 --as-of 2025-03-11"),
    ("/diff?known_from=e60", "diff --known-from e60"),
    ("/agenda", "agenda"),
    ("/agenda?as_of=2025-04", "agenda --as-of 2025-04"),
    ("/agenda?as_known_at=e45", "agenda --as-known-at e45"),
    ("/source/jeddah-talks-article", "source show jeddah-talks-article"),
    ("/source/jeddah-talks-article?as_known_at=e40&after=30", "source show jeddah-talks-article --as-known-at e40"),
    ("/sources", "source list"),
    ("/sources?as_known_at=e10", "source list --as-known-at e10"),
    ("/why/RUS/ceasefire-30d", "why RUS ceasefire-30d"),
    ("/parties", "party list"),
    ("/parties?name=krem&as_known_at=e4", "party list --as-known-at e4"),
    ("/parties?unresolved=1", "party list --unresolved"),
    ("/party/Kremlin?as_of=2025-03-11", "party show Kremlin --as-of 2025-03-11"),
    ("/issues", "issue list"),
    ("/issues?dyads=1&open=1&page=1", "issue list --dyads"),
    ("/issue/ceasefire-30d?as_known_at=e40", "issue show ceasefire-30d --as-known-at e40"),
    ("/why/Kremlin/ceasefire-30d?rule=own-words/1", "why Kremlin ceasefire-30d --rule own-words/1"),
)

EXPLAINED = (
    ("/entry/48", "replay --explain e48"),
    ("/entry/e60?as_known_at=e60", "replay --explain e60"),
    ("/entry/5", "replay --explain 5"),
)
"""Of commands that print no CSV."""


@pytest.mark.parametrize(("address", "command"), EXPLAINED)
def test_an_entry_s_json_tells_what_replay_tells(
    visitor: Visitor, door: Door, sample_folder: Path, address: str, command: str
):
    """What an entry changed is the same at both doors."""
    path, mark, query = address.partition("?")
    said = door(f"{command} --json --ledger {sample_folder / '.verbale' / 'ledger.db'}").out
    assert visitor.get(f"{path}.json{mark}{query}").text == said


@pytest.mark.parametrize(("address", "command"), SAME)
def test_a_page_and_the_command_line_give_the_same_numbers(
    visitor: Visitor, door: Door, sample_folder: Path, address: str, command: str
):
    """`.json` and `.csv` are what the command prints, byte for byte."""
    path, mark, query = address.partition("?")
    ledger = f"--ledger {sample_folder / '.verbale' / 'ledger.db'}"
    for form in ("json", "csv"):
        assert visitor.get(f"{path}.{form}{mark}{query}").text == door(f"{command} --{form} {ledger}").out


@pytest.mark.parametrize(("address", "_"), [*SAME, *EXPLAINED])
def test_a_page_is_html_without_inline_script_or_style(visitor: Visitor, address: str, _: str):
    """The policy of the desk would block them, and a page must not need them."""
    got = visitor.get(address)
    assert got.status == 200
    assert got.headers["content-type"].startswith("text/html")
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", got.text)


def test_an_answer_that_was_seen_is_not_sent_again(visitor: Visitor):
    """The ETag holds for both clocks and the rule, and for nothing else."""
    first = visitor.get("/matrix?as_of=2025-03-11")
    again = visitor.get("/matrix?as_of=2025-03-11", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    for other in ("as_of=2025-03-12", "as_of=2025-03-11&as_known_at=e45", "as_of=2025-03-11&rule=own-words/1"):
        assert visitor.get(f"/matrix?{other}", if_none_match=first.headers["etag"]).status == 200


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/matrix?as_of=yesterday", 400, "yesterday"),
        ("/matrix?party=frnce", 404, "frnce"),
        ("/matrix?rule=best/9", 400, "best/9"),
        ("/matrix?across=0", 400, "across"),
        ("/why/RUS", 404, "/why/PARTY/ISSUE"),
        ("/log?type=statemant-made", 400, "statement-made"),
        ("/log?status=gone", 400, "gone"),
        ("/log?party=frnce", 404, "frnce"),
        ("/log?before=x", 400, "before"),
        ("/log?q=%21", 400, "no word"),
        ("/entry/999", 404, "e999"),
        ("/entry/x", 404, "/entry/17"),
        ("/entry/48?as_known_at=e40", 404, "not known yet"),
        ("/timeline", 404, "/timeline?party=PARTY"),
        ("/party", 404, "/party/PARTY"),
        ("/party/frnce", 404, "frnce"),
        ("/party/RUS?as_known_at=e2", 404, "registered later"),
        ("/issue", 404, "/issue/ISSUE"),
        ("/issue/no-such", 404, "no-such"),
        ("/parties?page=0", 400, "page"),
        ("/timeline/no-such", 404, "no-such"),
        ("/timeline/ceasefire-30d?page=x", 400, "page"),
        ("/diff?a=2025-03-10", 400, "two moments"),
        ("/diff?a=2025-03-10&b=2025-03-12&known_from=e41", 400, "two moments"),
        ("/source/no-such", 404, "no-such"),
        ("/source/jeddah-talks-article?as_known_at=e5", 404, "jeddah-talks-article"),
        ("/source/jeddah-talks-article?after=x", 400, "after"),
        ("/nothing", 404, "nothing"),
        ("/why/RUS/no-such", 404, "no-such"),
    ],
)
def test_what_cannot_be_answered_is_said(visitor: Visitor, address: str, status: int, said: str):
    """An error is a page with a hint, and JSON where JSON was asked for; never a traceback."""
    got = visitor.get(address)
    assert got.status == status
    assert "Traceback" not in got.text
    assert said in got.text
    path, mark, query = address.partition("?")
    asked = visitor.get(f"{path}.json{mark}{query}")
    assert asked.status == status
    assert set(asked.json()) == {"error", "hint"}


def test_the_matrix_shows_then_beside_now(visitor: Visitor):
    """Where the ledger read otherwise then, both are told."""
    page = visitor.get("/matrix?as_known_at=e45&beside=1").text
    assert "Then:" in page
    assert "Now:" in page


def test_without_moments_the_page_of_differences_asks_for_them(visitor: Visitor):
    """People get a form; a programme, the error of the command."""
    assert "Two moments to compare" in visitor.get("/diff").text
    assert visitor.get("/diff.json").status == 400


def test_a_difference_leads_to_both_positions(visitor: Visitor):
    """Each stance to why it was so at its moment, each entry to itself."""
    page = visitor.get("/diff?a=2025-03-11&b=2025-03-12").text
    assert 'href="/why/RUS/ceasefire-30d?as_of=2025-03-11"' in page
    assert 'href="/why/RUS/ceasefire-30d?as_of=2025-03-12"' in page
    assert 'href="/entry/48"' in page


def test_the_agenda_says_what_became_of_it(visitor: Visitor):
    """What was announced for a time that is over is overdue."""
    assert ">scheduled</span>" in visitor.get("/agenda").text
    assert ">overdue</span>" in visitor.get("/agenda?as_of=2025-04").text
    assert "Nothing is scheduled" in visitor.get("/agenda?as_known_at=e45").text
