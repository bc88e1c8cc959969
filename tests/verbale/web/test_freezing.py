"""`export html`: the desk's pages in a folder."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.errors import Refused
from tests.ledger.samples import BASICS, new_ledger, statement
from tests.verbale.test_erasing import found_in, with_minutes
from tests.verbale.web.asking import Visitor
from tests.verbale.web.browser.wandering import links_in
from verbale import Ledger
from verbale.web import freezing
from verbale.web.application import PAGES
from verbale.web.asked import Asked
from verbale.web.freezing import MARK, file_of, freeze

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbale.doors import Door

MATRIX = Asked("/matrix")


def held(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its name."""
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_every_link_leads_to_a_page_of_the_folder(ceasefire: Ledger, tmp_path: Path):
    """Or out into the world, to where a source was published; none leads to a server."""
    found = freeze(ceasefire, tmp_path / "pages", MATRIX)
    files = held(tmp_path / "pages")
    pages = {name: text.decode() for name, text in files.items() if name.endswith(".html")}
    assert len(pages) == sum(found.pages.values()) + 1
    assert not found.left_out
    assert found.pages["entry"] == ceasefire.head
    for name, text in pages.items():
        for link in links_in(text):
            if re.match("https?:", link) or link.startswith("#"):
                continue
            there = (tmp_path / "pages" / name).parent / link.partition("#")[0]
            assert there.resolve().relative_to((tmp_path / "pages").resolve()).as_posix() in files, (name, link)
        assert not re.search("<(form|input|select|button(?![^>]* popovertarget=))[ >]", text), name
        assert "held:" not in text
        assert "as known at e60, recorded 2026-11-23 09:12 UTC" in text
        assert "latest/1" in text


def test_the_pages_are_those_of_the_desk(ceasefire: Ledger, tmp_path: Path):
    """Each kind of page is there, but for those of people who record."""
    found = freeze(ceasefire, tmp_path / "pages", MATRIX)
    assert set(PAGES) - set(found.pages) == {"agreement", "code", "diff", "token"}
    said = (tmp_path / "pages" / "why" / "RUS" / "ceasefire-30d.html").read_text()
    assert "Peskov" in said
    assert 'href="../../entry/48.html"' in said


def test_it_is_the_same_twice_and_takes_the_place_of_an_earlier_one(ceasefire: Ledger, tmp_path: Path):
    """Byte for byte; what was there before is gone."""
    freeze(ceasefire, tmp_path / "one", MATRIX)
    freeze(ceasefire, tmp_path / "two", Asked.of("/matrix", {"as_known_at": "e30", "as_of": "2025-03-11"}))
    assert held(tmp_path / "one") != held(tmp_path / "two")
    freeze(ceasefire, tmp_path / "two", MATRIX)
    assert held(tmp_path / "one") == held(tmp_path / "two")
    assert {one.name for one in tmp_path.iterdir()} == {"one", "two"}


def test_what_is_recorded_meanwhile_is_in_no_page(sample_folder: Path, tmp_path: Path):
    """K is the last entry at which it began, and stands on every page."""
    shutil.copytree(sample_folder / ".verbale", tmp_path / ".verbale")
    with Ledger(tmp_path) as ledger, Ledger(tmp_path) as other:
        freeze(ledger, tmp_path / "before", MATRIX)

        def record(pages: int) -> None:
            if pages == 1:
                other.record({"type": "party-renamed", "party": "RUS", "name": "Somebody else"})

        freeze(ledger, tmp_path / "pages", MATRIX, told=record)
        assert ledger.head == 61
    assert json.loads((tmp_path / "pages" / MARK).read_bytes())["as_known_at"]["entry"] == 60
    assert held(tmp_path / "before") == held(tmp_path / "pages")


def test_what_was_left_out_is_said(ceasefire: Ledger, tmp_path: Path):
    """A link to it is plain text, and the index has the number."""
    found = freeze(ceasefire, tmp_path / "pages", MATRIX, limit=3)
    assert found.pages["entry"] == found.pages["why"] == 3
    more = found.left_out["why"]
    assert more > 10
    index = (tmp_path / "pages" / "index.html").read_text()
    assert f"{more} that pages here would lead to" in index
    assert "--limit" in index
    matrix = (tmp_path / "pages" / "matrix.html").read_text()
    assert matrix.count('href="why/') == 3


def test_long_lists_go_on_on_further_pages(tmp_path: Path):
    """A log of three pages is read to its end and back, and why beyond the first of each list."""
    with new_ledger(tmp_path / "ledger.db", *BASICS, *(statement(f"word {n}") for n in range(100))) as book:
        freeze(book, tmp_path / "pages", MATRIX)
    files = set(held(tmp_path / "pages"))
    first, *rest = sorted((one for one in files if one.startswith("log")), key=len)
    assert len(rest) == 2
    seen, here = {first}, first
    while further := re.search('href="(log,before[^"]*)" rel="next"', (tmp_path / "pages" / here).read_text()):
        back = further[1], here
        here = further[1]
        assert f'href="{back[1]}" rel="prev"' in (tmp_path / "pages" / here).read_text()
        seen.add(here)
    assert seen == {first, *rest}
    assert any(re.search("why/.*,.*list-", one) for one in files)
    assert not [one for one in files if re.search("(across|down|page|part)-1[.,]", one) and "list-" not in one]


def test_filters_are_those_of_the_matrix(ceasefire: Ledger, tmp_path: Path):
    """They hold for the matrix and the log, and the index says so; a wrong one is refused."""
    freeze(ceasefire, tmp_path / "pages", Asked.of("/matrix", {"party": "Kremlin"}))
    matrix = (tmp_path / "pages" / "matrix,party-Kremlin.html").read_text()
    assert "RUS on ceasefire-30d" in matrix
    assert "UKR on ceasefire-30d" not in matrix
    assert "only" in (tmp_path / "pages" / "index.html").read_text()
    with pytest.raises(Exception, match="frnce"):
        freeze(ceasefire, tmp_path / "none", Asked.of("/matrix", {"party": "frnce"}))
    assert not (tmp_path / "none").exists()


def test_what_is_sealed_stays_closed(tmp_path: Path):
    """A folder is given away: neither the words are in it, nor the document that has them; the desk opens both."""
    quoting = statement("plain", source="minutes", quote={"exact": "lunch"})
    with with_minutes(tmp_path, tmp_path / "ledger.db", quoting) as book:
        freeze(book, tmp_path / "pages", MATRIX)
    assert found_in(tmp_path / "pages") == set()
    assert "[sealed]" in (tmp_path / "pages" / "entry" / "5.html").read_text()
    visitor = Visitor(tmp_path / "ledger.db")
    with closing(visitor.desk):
        assert "Zebulon" in visitor.get("/entry/5").text
        assert "zeppelin" in visitor.get("/source/minutes").text


def test_nothing_else_is_written_over(ceasefire: Ledger, tmp_path: Path):
    """A folder in which something lies, or a file, is refused, with a hint; an empty one is taken."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("")
    for name in ("mine", "file"):
        with pytest.raises(Refused) as refused:
            freeze(ceasefire, tmp_path / name, MATRIX)
        assert "earlier export" in (refused.value.hint or "")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"
    (tmp_path / "empty").mkdir()
    freeze(ceasefire, tmp_path / "empty", MATRIX)
    assert (tmp_path / "empty" / "index.html").exists()


def test_half_an_export_is_never_there(ceasefire: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever stops it, the earlier one stays as it was."""
    freeze(ceasefire, tmp_path / "pages", MATRIX)
    before = held(tmp_path / "pages")

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(freezing, "_resolved", full)
    with pytest.raises(Refused, match="No space left"):
        freeze(ceasefire, tmp_path / "pages", Asked.of("/matrix", {"as_known_at": "e30"}))
    assert held(tmp_path / "pages") == before
    assert [one.name for one in tmp_path.iterdir()] == ["pages"]


@pytest.mark.parametrize("name", ["..", "a/../b", "CON", "a.html", ".hidden", "x" * 120 + "/y", "a:b", "aux.json"])
def test_an_id_makes_a_name_that_every_file_system_takes(name: str):
    """Two ids never share a file, and none leaves the folder."""
    file = file_of(MATRIX.elsewhere("why", "RUS", name))
    assert re.fullmatch(r"why/RUS/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*\.html", file)
    assert len(file) < 140
    assert not re.match(r"why/RUS/(con|aux)\.", file, re.IGNORECASE)
    assert file != file_of(MATRIX.elsewhere("why", "RUS", name + "-"))


def test_the_command_says_what_it_wrote(sample: Door):
    """For people and for scripts; options of html are of html alone."""
    sample.transcript(
        """
        $ verbale export html
        2> Error: html is many files.
        2> Hint: name a folder: verbale export html --to FOLDER
        [2]
        $ verbale export journal --party RUS
        2> Error: --to, --party, --issue, --dyads, --rule and --limit are of html, not of journal.
        2> Hint: leave them out
        [2]
        $ verbale export html .
        2> Error: . is not empty, and not an earlier export.
        2> Hint: name a folder that is not there yet, or one that an earlier export html wrote
        [1]
        """
    )
    told = sample.ok("export html --to pages --limit 2").err
    assert re.match(
        r"Wrote pages: \d+ pages\. Open pages/index\.html\nLeft out, as the index says too: .*\d+ of why", told
    )
    said = sample.ok("export html pages --as-of 2025-03-11 --as-known-at e45 --party Kremlin --json").json
    assert (said["path"], said["as_of"], said["as_known_at"]["entry"]) == ("pages", "2025-03-11", 45)
