"""The ceasefire dossier against the article that it codes, with nothing but the standard library in between.

The checks share no code with the project: a mistake in how the ledger reads drafts or normalises texts cannot hide one
in the dossier.  The article stays outside the repository; where it is absent, what needs it skips.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOSSIER = ROOT / "events" / "dossiers" / "ukraine-ceasefire-2025.jsonl"
FORMAT = ROOT / "events" / "README.md"
ARTICLE = ROOT.parent / "shared" / "seed" / "article.txt"

TYPES = {
    "party-registered",
    "issue-opened",
    "source-registered",
    "speaker-appointed",
    "statement-made",
    "action-taken",
    "event-scheduled",
    "entry-corroborated",
}
QUOTED = re.compile('["\u201c]([^"\u201c\u201d]+)["\u201d]')
POINTERS = ("entry", "re", "fulfils")
RUN_OF_WORDS = 7
"""So many words in a row that are the article's are no longer the coder's own."""

Draft = dict[str, Any]


def once(pairs: list[tuple[str, Any]]) -> Draft:
    """Make an object, but none that two readers could read differently."""
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), f"duplicate key in {keys}"
    return dict(pairs)


def words(text: str) -> list[str]:
    """Return the words of a text, without case and punctuation."""
    return re.findall(r"[^\W_]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of so many words."""
    found = words(text)
    return {tuple(found[i : i + RUN_OF_WORDS]) for i in range(len(found) - RUN_OF_WORDS + 1)}


@pytest.fixture(scope="module")
def drafts() -> list[Draft]:
    """Read the dossier, line by line."""
    *lines, rest = DOSSIER.read_bytes().decode().split("\n")
    assert rest == "", "the last line has no line feed"
    return [json.loads(line, object_pairs_hook=once) for line in lines]


@pytest.fixture(scope="module")
def document() -> bytes:
    """Read the article's bytes, where they are at hand."""
    if not ARTICLE.is_file():
        pytest.skip("the article is not here: ../shared/seed/article.txt")
    return ARTICLE.read_bytes()


@pytest.fixture(scope="module")
def article(document: bytes) -> str:
    """Normalise the article: it has no tags and no entities, so LF and NFC are all there is to do."""
    text = document.decode().replace("\r\n", "\n").replace("\r", "\n")
    assert not re.search(r"<[a-zA-Z/!?]|&[#a-zA-Z]", text)
    return unicodedata.normalize("NFC", text)


def quotes(drafts: list[Draft]) -> list[Draft]:
    """Return the quotes of all entries."""
    return [draft["quote"] for draft in drafts if "quote" in draft]


def test_every_line_is_an_object_of_a_known_type(drafts: list[Draft]) -> None:
    """Every line of the dossier is a JSON object whose type the format has."""
    assert drafts
    assert {type(draft) for draft in drafts} == {dict}
    assert {draft["type"] for draft in drafts} <= TYPES


def test_what_is_not_known_is_left_out(drafts: list[Draft]) -> None:
    """No field of the dossier is null or empty."""
    blank: tuple[object, ...] = (None, "", [], {})
    assert [(draft["type"], name) for draft in drafts for name, value in draft.items() if value in blank] == []


def test_refs_are_unique(drafts: list[Draft]) -> None:
    """No two lines share a ref, and none looks like an entry's number."""
    refs = [draft["ref"] for draft in drafts if "ref" in draft]
    assert len(set(refs)) == len(refs)
    assert [ref for ref in refs if re.fullmatch(r"e?[0-9]+", ref)] == []


def test_refs_point_back(drafts: list[Draft]) -> None:
    """Whatever points at an entry names the ref of an earlier line."""
    known: set[str] = set()
    for draft in drafts:
        pointed = {draft[name] for name in POINTERS if name in draft}
        assert pointed <= known, f"{draft} points at {pointed - known}"
        known |= {draft["ref"]} if "ref" in draft else set()


def test_names_are_registered_before_they_are_used(drafts: list[Draft]) -> None:
    """Each party, issue, source, speaker and observer is registered on an earlier line, and each name only once."""
    parties: set[str] = set()
    others: set[tuple[str, str]] = set()
    for draft in drafts:
        kind = draft["type"]
        if kind == "party-registered":
            names = {draft["party"], draft["name"], *draft.get("aliases", [])}
            assert not names & parties, names & parties
            parties |= names
            continue
        if kind in {"issue-opened", "source-registered", "speaker-appointed"}:
            field = {"issue-opened": "issue", "source-registered": "source", "speaker-appointed": "name"}[kind]
            assert (field, draft[field]) not in others
            others.add((field, draft[field]))
        named = {draft[name] for name in ("party",) if name in draft} | {*draft.get("on_behalf_of", [])}
        if kind != "speaker-appointed":  # there `to` is a date
            named |= {*draft.get("to", [])}
        assert named <= parties, named - parties
        used: set[tuple[str, str]] = {(name, draft[name]) for name in ("issue", "source") if name in draft}
        used |= {("name", draft[name]) for name in ("speaker", "observer") if name in draft}
        assert used <= others, used - others


def test_no_cell_has_two_stances_on_one_date(drafts: list[Draft]) -> None:
    """No party takes two stances on one issue on the same date: the article has none, so that would be a slip."""
    parties = [draft for draft in drafts if draft["type"] == "party-registered"]
    ids = {name: p["party"] for p in parties for name in (p["party"], p["name"], *p.get("aliases", []))}
    taken = {(ids[d["party"]], d["issue"], d["said_on"], d["stance"]) for d in drafts if d["type"] == "statement-made"}
    assert [cell for cell, count in Counter(row[:3] for row in taken).items() if count > 1] == []


def test_offsets_span_the_words(drafts: list[Draft]) -> None:
    """A quote's start and end are as far apart as its words are long, in code points of NFC text."""
    for quote in quotes(drafts):
        assert set(quote) == {"exact", "start", "end"}
        assert unicodedata.is_normalized("NFC", quote["exact"])
        assert quote["end"] - quote["start"] == len(quote["exact"])


def test_no_words_are_quoted_twice(drafts: list[Draft]) -> None:
    """No two entries quote overlapping words: that would read as two coders who differ."""
    spans = sorted((quote["start"], quote["end"]) for quote in quotes(drafts))
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_source_names_the_article(drafts: list[Draft], document: bytes, article: str) -> None:
    """The source's hashes are those of the article's bytes and of its normalised text."""
    (source,) = (draft for draft in drafts if draft["type"] == "source-registered")
    assert source["sha256"] == hashlib.sha256(document).hexdigest()
    assert source["text_sha256"] == hashlib.sha256(article.encode()).hexdigest()


def test_quotes_anchor(drafts: list[Draft], article: str) -> None:
    """Each quote stands in the article exactly where the dossier says."""
    for quote in quotes(drafts):
        assert article[quote["start"] : quote["end"]] == quote["exact"]


def test_every_quoted_sentence_is_coded(drafts: list[Draft], article: str) -> None:
    """Whatever stands between quotation marks in the article is the quote of some entry."""
    found = QUOTED.findall(article)
    assert len(found) == 6
    coded = [quote["exact"] for quote in quotes(drafts)]
    assert [sentence for sentence in found if not any(sentence in exact for exact in coded)] == []


def test_the_prose_is_our_own(drafts: list[Draft], article: str) -> None:
    """Outside the quotes no line of the dossier repeats a run of the article's words."""
    theirs = runs(article)
    for draft in drafts:
        ours = {key: value for key, value in draft.items() if key != "quote"}
        values = [value for value in ours.values() if isinstance(value, str)] + ours.get("conditions", [])
        assert [run for value in values for run in runs(value) & theirs] == []


def test_the_articles_slip_is_not_passed_on(drafts: list[Draft]) -> None:
    """Nowhere does the dossier call anybody a former president."""
    assert "former" not in words(DOSSIER.read_text(encoding="utf-8"))
    roles = {draft["name"]: draft["role"] for draft in drafts if draft["type"] == "speaker-appointed"}
    assert roles["Donald Trump"] == "President"


def test_the_format_page_has_every_type_and_field(drafts: list[Draft]) -> None:
    """Each type and each field that the dossier uses is described in `events/README.md`."""
    described = set(re.findall(r"`([a-z_][a-z0-9_-]*)`", FORMAT.read_text(encoding="utf-8")))
    used = {name for draft in drafts for name in draft} | {draft["type"] for draft in drafts}
    assert sorted(used - described) == []
