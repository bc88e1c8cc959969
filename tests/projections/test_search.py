"""Search finds entries by what they read at K, whatever somebody types, and the same however its index came about."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Unparsable
from projections.evidence import readings
from projections.search import catch_up, match_of
from projections.views import Views
from tests.ledger.samples import BASICS, about, new_ledger, source, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbale import Ledger

SAID = len(BASICS) + 1
"""The entry of the first statement."""


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Hold a ledger of two parties and an issue."""
    with new_ledger(tmp_path / "ledger.db", *BASICS) as ledger:
        yield ledger


def found(book: Ledger, words: str, known_at: int | None = None, **asked: Any) -> list[int]:
    """Return the entries that a search finds, in its order."""
    k = None if known_at is None else f"e{known_at}"
    return [one.reading.entry for one in book.search(words, as_known_at=k, **asked)]


def say(book: Ledger, text: str, **fields: object) -> int:
    """Record a statement."""
    return book.record(statement(text, **fields)).entry


# ── What is found ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The CEASEFIRE holds", "ceasefire"),
        ("The ceasefire holds", "HOLDS the"),
        ("Café à Genève", "cafe geneve"),
        ("cafe in Geneve", "Café Genève"),
        ("Кремль ждёт подробностей", "кремль подробн*"),
        ("停火协议", "停火*"),
        ("a 30-day truce", "30-day"),
        ("a 30-day truce", '"30 day truce"'),
        ("It's Putin's word", "putin's"),
        ("re\u0301sume\u0301", "résumé"),
    ],
)
def test_words_are_found(book: Ledger, text: str, words: str) -> None:
    """Case, Latin accents and how they were typed make no difference; phrases and prefixes work in any script."""
    entry = say(book, text)
    assert entry in found(book, words)


@pytest.mark.parametrize("words", ["truces", '"truce a"', "truce zebra", "truc", "da*truce"])
def test_other_words_are_not(book: Ledger, words: str) -> None:
    """All words must be there, whole; those of a phrase side by side, in order."""
    assert say(book, "a 30-day truce") not in found(book, words)


def test_every_kind_of_words(book: Ledger) -> None:
    """Reasons, quotes, conditions, titles, propositions and names are searched, and a registration's id."""
    book.record(source("wire-7", title="Quux report", publisher="Plugh press"))
    book.record({"type": "speaker-appointed", "name": "Ana Xyzzy", "party": "RUS", "role": "wombat keeper"})
    entry = say(book, "text", quote="grault", source="wire-7", speaker="Foo Barsky", conditions=["garply first"])
    dispute = book.record(about("disputed", entry, reason="waldo")).entry
    for words, one in [
        ("quux", 4), ("plugh", 4), ("wire-7", 4), ("xyzzy", 5), ("wombat", 5), ("grault", entry), ("barsky", entry),
        ("garply", entry), ("waldo", dispute), ("kremlin", 1), ("rus", 1), ("ceasefire", 3),
    ]:  # fmt: skip
        assert found(book, words) == [one], words


def test_the_last_recorded_comes_first(book: Ledger) -> None:
    """Results come by when the ledger came to read so: the last recorded or corrected first."""
    one, two, three = (say(book, f"talks {number}") for number in range(3))
    assert found(book, "talks") == [three, two, one]
    book.record({"type": "entry-corrected", "entry": one, "changes": {"text": "talks again"}, "reason": "slip"})
    assert found(book, "talks") == [one, three, two]


def test_a_corrected_entry_has_its_words_of_the_time(book: Ledger) -> None:
    """An entry is found by what it reads at K, and only by that."""
    entry = say(book, "early")
    fix = book.record({"type": "entry-corrected", "entry": entry, "changes": {"text": "late"}, "reason": "slip"}).entry
    assert (found(book, "early"), found(book, "late")) == ([], [entry])
    assert (found(book, "early", fix - 1), found(book, "late", fix - 1)) == ([entry], [])
    book.record(about("retracted", fix))
    assert (found(book, "early"), found(book, "late")) == ([entry], [])


def test_a_retracted_entry_is_asked_for(book: Ledger) -> None:
    """What was retracted by K is found with `retracted` only, and says that it is."""
    entry = say(book, "zebra")
    gone = book.record(about("retracted", entry)).entry
    assert found(book, "zebra") == []
    assert found(book, "zebra", gone - 1) == [entry]
    (one,) = book.search("zebra", retracted=True)
    assert (one.reading.entry, one.reading.status) == (entry, "retracted")


def test_the_worlds_clock(book: Ledger) -> None:
    """With a T, only what was certainly said or done by then is found: nothing possible, and no registration."""
    early, month = say(book, "ceasefire", said_on="2025-03-10"), say(book, "ceasefire", said_on="2025-03")
    assert found(book, "ceasefire", as_of="2025-03-12") == [early]
    assert found(book, "ceasefire", as_of="2025-03") == [month, early]
    assert found(book, "ceasefire") == [month, early, 3]


def test_what_is_about_somebody(book: Ledger) -> None:
    """--party and --issue keep what is about them as corrected, amendments of it among them."""
    mine, theirs = say(book, "yak"), say(book, "yak", party="UKR")
    why = book.record(about("disputed", theirs, reason="no yak")).entry
    both = say(book, "yak", on_behalf_of=["RUS", "UKR"])
    assert found(book, "yak", party="Ukraine") == [both, why, theirs]
    assert found(book, "yak", party="RUS", issue="ceasefire") == [both, mine]
    book.record({"type": "entry-corrected", "entry": mine, "changes": {"party": "UKR"}, "reason": "slip"})
    assert found(book, "yak", party="RUS") == [both]


def test_nothing_sealed_is_searched(book: Ledger) -> None:
    """What is sealed is not found, and does not lie in the views' file."""
    say(book, "xylophone behind doors", speaker="Mr Flugelhorn", quote="sousaphone", sealed=True)
    assert found(book, "xylophone") == found(book, "flugelhorn") == found(book, "sousaphone") == []
    book.close()
    assert book.place.views is not None
    assert not re.search(b"xylophone|Flugelhorn|sousaphone", book.place.views.read_bytes())


def test_snippets_set_off_what_was_looked_for(book: Ledger) -> None:
    """A snippet shows the words around the first match, each match between its marks."""
    say(book, f"{'before ' * 40}the needle {'after ' * 40}")
    (one,) = book.search("NEEDLE")
    assert "\ue000needle\ue001" in one.snippet
    assert one.plain.startswith("…before")
    assert len(one.plain) < 200


# ── What somebody types ───────────────────────────────────────────────────────


@given(typed=st.text() | st.text(st.sampled_from('"*()^:-+ANDORNEAT ab{}.,\\\0\ud800é')))
def test_whatever_is_typed(typed: str) -> None:
    """No text is a syntax error: it is words to look for, or it says that there is none."""
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(a, b, tokenize='unicode61 remove_diacritics 2')")
        if any(c.isascii() and c.isalnum() for c in typed):
            assert db.execute("SELECT * FROM t WHERE t MATCH ?", (match_of(typed),)).fetchall() == []
        else:
            with suppress(Unparsable):
                db.execute("SELECT * FROM t WHERE t MATCH ?", (match_of(typed),)).fetchall()
    db.close()


@given(words=st.lists(st.from_regex(r"[a-zé]{1,6}", fullmatch=True), min_size=1, max_size=4))
def test_what_is_typed_finds_itself(words: list[str]) -> None:
    """A text is found by its own words, by all of it as a phrase, and by the beginnings of its words."""
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(a, tokenize='unicode61 remove_diacritics 2')")
        db.execute("INSERT INTO t VALUES (?)", (" ".join(words),))
        for typed in (" ".join(reversed(words)), f'"{" ".join(words)}"', " ".join(f"{word[:1]}*" for word in words)):
            assert db.execute("SELECT COUNT(*) FROM t WHERE t MATCH ?", (match_of(typed),)).fetchone() == (1,)
    db.close()


# ── The index ─────────────────────────────────────────────────────────────────

WORDS = ("alpha", "beta", "gamma")
_ACTS = st.tuples(
    st.sampled_from(("say", "say", "correct", "correct", "retract", "dispute", "search")),
    st.integers(0, 30),
    st.sampled_from(WORDS),
    st.sampled_from(("RUS", "UKR")),
)


def play(book: Ledger, acts: list[tuple[str, int, str, str]]) -> None:
    """Record what was drawn, as far as the ledger admits it; a search in between catches the index up."""
    for number, (act, which, word, party) in enumerate(acts):
        target = 4 + which % max(1, book.head - 2)
        try:
            if act == "say":
                say(book, f"{word} no {number}", party=party)
            elif act == "correct":
                changes = {"text": f"{word} now {number}", "party": party}
                book.record({"type": "entry-corrected", "entry": target, "changes": changes, "reason": word})
            elif act == "search":
                list(book.search(word))
            else:
                book.record(about({"retract": "retracted", "dispute": "disputed"}[act], target, reason=word))
        except LedgerError:
            continue


def plainly(book: Ledger, word: str, known_at: int, *, retracted: bool) -> set[int]:
    """Find a word by reading every entry as it reads at K."""
    every = list(readings(book.views.db, known_at))
    return {
        one.entry
        for one in every
        if (retracted or one.status != "retracted")
        and word in re.findall(r"\w+", f"{getattr(one.event, 'text', '')} {getattr(one.event, 'reason', '')}")
    }


@settings(max_examples=15, deadline=None)
@given(acts=st.lists(_ACTS, max_size=25), retracted=st.booleans())
def test_search_against_reading_everything(acts: list[tuple[str, int, str, str]], retracted: bool) -> None:
    """At every K a search finds what reading all would, and an index kept in step holds what one made at once holds."""
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "ledger.db", *BASICS) as book:
        play(book, acts)
        for known_at in range(book.head + 1):
            for word in WORDS:
                assert set(found(book, word, known_at, retracted=retracted)) == plainly(
                    book, word, known_at, retracted=retracted
                )
        fresh = Views(book.journal, None)
        fresh.catch_up()
        catch_up(fresh.db)
        rows = "SELECT * FROM search ORDER BY id"
        assert fresh.db.execute(rows).fetchall() == book.views.db.execute(rows).fetchall()
        fresh.close()


def test_the_index_goes_with_the_views(book: Ledger) -> None:
    """Views that are made anew drop the index, virtual tables and all; the next search makes it again."""
    entry = say(book, "zebra")
    assert found(book, "zebra") == [entry]
    book.views.rebuild()
    (left,) = book.views.db.execute("SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'search%'").fetchone()
    assert left == 0
    assert found(book, "zebra") == [entry]


def test_an_index_of_another_version_is_made_anew(book: Ledger) -> None:
    """An index that another version made, or over another fold, is not trusted."""
    entry = say(book, "zebra")
    assert found(book, "zebra") == [entry]
    for change in ("version = version + 1", "views = views + 1", "leaf = x'00'", "entry = entry + 1"):
        book.views.db.execute("UPDATE search SET text = 'nothing'")
        book.views.db.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
        book.views.db.execute(f"UPDATE search_mark SET {change}")
        assert found(book, "zebra") == [entry], change


def test_only_who_searches_pays(book: Ledger) -> None:
    """Recording and asking make no index."""
    say(book, "zebra")
    list(book.matrix())
    (made,) = book.views.db.execute("SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'search%'").fetchone()
    assert made == 0


def test_search_where_nothing_can_be_written(book: Ledger) -> None:
    """Where the views are there and nothing can be written beside them, the index is made in memory."""
    entry = say(book, "zebra")
    book.views.db.execute("PRAGMA query_only = ON")
    assert found(book, "zebra") == [entry]
    (_, _, file) = book.views.db.execute("PRAGMA database_list").fetchone()
    assert file == ""


def test_a_long_index_says_how_far_it_is(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the index is told the last entry in it, chunk by chunk, and nothing when it is in step."""
    monkeypatch.setattr("projections.search._CHUNK", 2)
    for number in range(3):
        say(book, f"zebra {number}")
    told: list[int] = []
    assert len(list(book.search("zebra", told=told.append))) == 3
    assert told == [2, 4, 6]
    list(book.search("zebra", told=told.append))
    assert told == [2, 4, 6]
