"""Independent sources: what comes from one hand counts once, whatever the order in which it is named."""

from __future__ import annotations

import doctest
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entries import SourceRegistered
from ledger.vocabularies import agencies
from projections import publishers
from projections.addresses import domain
from projections.independence import Backer, groups
from projections.publishers import folded
from tests.ledger.samples import BASICS, new_ledger, source, statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.history import Why
    from verbale import Ledger

PUBLISHERS = ["Reuters", "REUTERS", "reuters.com", "The Guardian", "Guardian", "Télam", "TASS", None]
URLS = [
    "https://www.reuters.com/a",
    "http://reuters.com/a/?utm_source=x",
    "https://uk.reuters.com/b",
    "https://guardian.com/c",
    "https://tass.com/d",
    "https://docs.google.com/e",
    None,
]
HASHES = ["1" * 64, "2" * 64, hashlib.sha256(b"").hexdigest(), None, None, None]
TITLES = ["A report", "Kremlin says no decision yet on venue", "Kremlin says no decision yet on the venue"]


@st.composite
def backers(draw: st.DrawFn) -> list[Backer]:
    """Draw sources, observers and rows of data sets that overlap in all ways."""
    found = []
    for entry in range(1, draw(st.integers(0, 9)) + 1):
        document = None
        if draw(st.booleans()):
            document = SourceRegistered(
                source=draw(st.sampled_from(["wire", "WIRE"]) | st.just(f"s{entry}")),
                title=draw(st.sampled_from(TITLES)),
                publisher=draw(st.sampled_from(PUBLISHERS)),
                agency=draw(st.sampled_from([None, None, "TASS", "tass.com", "AFP"])),
                url=draw(st.sampled_from(URLS)),
                published_at=draw(st.sampled_from([None, "2025", "2025-03-12", "2025-03-12T23:30-03:00"])),
                sha256=draw(st.sampled_from(HASHES)),
                text_sha256=draw(st.sampled_from(HASHES)),
            )
        observer = draw(st.sampled_from([None, "Leviev", "leviev", "TASS", "tass.com"]))
        if document is None and observer is None:
            observer = "Somebody"
        found.append(Backer(entry, document, observer, draw(st.sampled_from([None, None, "gdelt", "GDELT"]))))
    return found


@given(backers(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(some: list[Backer], random: Any) -> None:
    """The same sources in any order, or named twice over, give the same groups for the same reasons."""
    shuffled = [*some, *some]
    random.shuffle(shuffled)
    assert groups(shuffled) == groups(some)


@given(backers())
def test_each_counts_in_one_group(some: list[Backer]) -> None:
    """Everybody is in just one group, and a group of several says why."""
    found = groups(some)
    assert sorted(entry for group in found for entry in group.entries) == [one.entry for one in some]
    assert all(bool(group.because) == (len(group.entries) > 1) for group in found)


@given(backers())
def test_groups_are_what_pairs_link(some: list[Backer]) -> None:
    """Two are in one group where a chain of pairs links them, each of which would count once by itself."""
    together = {one.entry: {one.entry} for one in some}
    for one in some:
        for other in some:
            if len(groups([one, other])) == 1:
                joined = together[one.entry] | together[other.entry]
                for entry in joined:
                    together[entry] = joined
    assert {frozenset(group.entries) for group in groups(some)} == {frozenset(each) for each in together.values()}


@given(backers(), st.data())
def test_a_reprint_never_raises_the_count(some: list[Backer], data: st.DataObject) -> None:
    """Whatever prints an agency that is named, or repeats a page, a text, a publisher or an observer, adds none."""
    if not some:
        return
    of = data.draw(st.sampled_from(some))
    reprints = [of._replace(entry=99)]
    if of.source is not None:
        fresh: dict[str, Any] = {"source": "fresh", "title": "Fresh"}
        spoken = of.source.agency or of.source.publisher
        if spoken is not None:
            reprints.append(Backer(99, SourceRegistered(**fresh, publisher="Fresh", agency=spoken)))
            reprints.append(Backer(99, SourceRegistered(**fresh, publisher=spoken.upper())))
        if of.source.url is not None:
            reprints.append(Backer(99, SourceRegistered(**fresh, publisher="Fresh", url=f"{of.source.url}#part")))
        if of.source.text_sha256 not in {None, HASHES[2]}:
            reprints.append(Backer(99, SourceRegistered(**fresh, text_sha256=of.source.text_sha256)))
    if of.observer is not None:
        reprints.append(Backer(99, observer=of.observer.swapcase()))
    reprint = data.draw(st.sampled_from(reprints))
    assert len(groups([*some, reprint])) <= len(groups(some))


@given(backers(), st.integers(0, 1))
def test_an_unrelated_source_raises_it_by_one(some: list[Backer], kind: int) -> None:
    """A source that shares nothing with the others is one more, whatever they are."""
    document = SourceRegistered(
        source="fresh", title="Fresh", publisher="Fresh Press", url="https://fresh.example/1", text_sha256="9" * 64
    )
    fresh = [Backer(99, document), Backer(99, observer="Fresh")][kind]
    assert len(groups([*some, fresh])) == len(groups(some)) + 1


def doc(name: str, **fields: Any) -> SourceRegistered:
    """Return a source of a publisher of its own, unless it is said otherwise."""
    return SourceRegistered(source=name, **{"title": name, "publisher": f"Paper {name}", **fields})


LONG = "Russia to prepare a list of conditions"
ONCE: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"url": "https://www.a.org/1?utm_source=x"}, {"url": "http://a.org/1/"}, "same URL"),
    ({"sha256": "1" * 64}, {"sha256": "1" * 64}, "same document"),
    ({"text_sha256": "1" * 64}, {"text_sha256": "1" * 64}, "same text"),
    ({"publisher": "Reuters"}, {"publisher": " REUTERS".strip()}, "same publisher"),
    ({"publisher": "Agence France-Presse"}, {"publisher": "agence france presse"}, "same publisher"),
    ({"publisher": "Télam"}, {"publisher": "Telam"}, "same publisher"),
    ({"publisher": "The Guardian"}, {"publisher": "Guardian"}, "same publisher"),
    ({"publisher": "Reuters"}, {"publisher": None, "url": "https://reuters.com/1"}, "same publisher"),
    ({"publisher": "Reuters"}, {"publisher": "reuters.com"}, "same publisher"),
    ({"publisher": "KP", "url": "https://kp.ua/1"}, {"publisher": None, "url": "https://kp.ua/2"}, "same publisher"),
    ({"publisher": None, "url": "https://en.kp.ua/1"}, {"publisher": None, "url": "https://kp.ua/2"}, "same publisher"),
    ({"agency": "TASS"}, {"agency": "Tass"}, "reprint of TASS"),
    ({"agency": "TASS"}, {"publisher": "TASS"}, "reprint of TASS"),
    ({"agency": "TASS"}, {"publisher": None, "url": "https://tass.com/1"}, "reprint of TASS"),
    ({"publisher": "AP"}, {"publisher": "The Associated Press"}, "same publisher"),
    ({"publisher": "AP"}, {"publisher": "Associated Press (AP)"}, "same publisher"),
    ({"publisher": "Associated Press"}, {"publisher": None, "url": "https://apnews.com/1"}, "same publisher"),
    ({"publisher": "Agence France-Presse"}, {"publisher": "afp.com"}, "same publisher"),
    ({"publisher": "Thomson Reuters"}, {"publisher": "Reuters News Agency"}, "same publisher"),
    ({"agency": "AFP"}, {"publisher": "Agence France-Presse"}, "reprint of AFP"),
    ({"agency": "新华社"}, {"agency": "Xinhua"}, "reprint of Xinhua"),
    (
        {"title": LONG, "published_at": "2025-05-21"},
        {"title": f"{LONG.upper()}!", "published_at": "2025-05-22T01:00+03:00"},
        "same headline, same day",
    ),
]  # fmt: skip
TWICE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"publisher": None}, {"publisher": None}),
    ({"publisher": "Reuters UK", "url": "https://a.org/1"}, {"publisher": "AFP", "url": "https://a.org/2"}),
    ({"publisher": None, "url": "https://t.me/a/1"}, {"publisher": None, "url": "https://t.me/b/1"}),
    ({"publisher": None, "url": "https://mfa.gov.ua/1"}, {"publisher": None, "url": "https://mfa.gov.pl/1"}),
    ({"publisher": None, "url": "https://undocs.org/1"}, {"publisher": None, "url": "https://undocs.org/2"}),
    ({"text_sha256": HASHES[2], "sha256": HASHES[2]}, {"text_sha256": HASHES[2], "sha256": HASHES[2]}),
    ({"title": LONG, "published_at": "2025-05-21"}, {"title": LONG, "published_at": "2025-05-23"}),
    ({"title": LONG, "published_at": "2025"}, {"title": LONG, "published_at": "2025"}),
    ({"title": "Report", "published_at": "2025-05-01"}, {"title": "Report", "published_at": "2025-05-01"}),
    ({"publisher": "Guardian", "agency": "TASS"}, {"publisher": "Guardian"}),
    ({"publisher": "Guardian", "agency": "TASS"}, {"publisher": "Guardian", "agency": "AFP"}),
    ({"publisher": "大公報"}, {"publisher": "大公报"}),
    ({"publisher": "Interfax"}, {"publisher": "Interfax-Ukraine"}),
    ({"publisher": "Ministry of Defence (Lorn)"}, {"publisher": "Ministry of Defence (Brevia)"}),
    ({"publisher": "Associated Press"}, {"publisher": "Australian Associated Press"}),
    ({"publisher": "हिन्दुस्तान"}, {"publisher": "हिन्दस्तान"}),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "because"), ONCE)
def test_what_counts_once(one: dict[str, Any], other: dict[str, Any], because: str) -> None:
    """Two sources of one hand count once, and the reason is said in words."""
    (group,) = groups([Backer(1, doc("a", **one)), Backer(2, doc("b", **other))])
    assert (group.entries, group.because) == ((1, 2), (because,))


@pytest.mark.parametrize(("one", "other"), TWICE)
def test_what_counts_twice(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Sources that share nothing that tells count each for itself."""
    assert len(groups([Backer(1, doc("a", **one)), Backer(2, doc("b", **other))])) == 2


def test_a_chain_of_three() -> None:
    """A source that prints another's text, and is of a third's publisher, shows all three to be one, with both whys."""
    first, second = doc("a", text_sha256="1" * 64), doc("b", publisher="Paper")
    between = doc("c", text_sha256="1" * 64, publisher="Paper")
    assert len(groups([Backer(1, first), Backer(2, second)])) == 2
    (group,) = groups([Backer(1, first), Backer(2, second), Backer(3, between)])
    assert (group.entries, group.because) == ((1, 2, 3), ("same text", "same publisher"))


def test_a_paper_that_prints_an_agency_keeps_its_own_report() -> None:
    """A reprint in a paper does not take the paper's own report for the agency's."""
    own, wire = doc("a", publisher="Guardian"), doc("b", publisher="TASS")
    reprint = doc("c", publisher="Guardian", agency="TASS")
    found = groups([Backer(1, own), Backer(2, wire), Backer(3, reprint)])
    assert [(group.entries, group.names, group.because) for group in found] == [
        ((1,), ("Guardian",), ()),
        ((2, 3), ("TASS",), ("reprint of TASS",)),
    ]


# In the ledger


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Give a ledger with a statement that rests on a wire (e5), and three other sources."""
    ledger = new_ledger(
        tmp_path / "ledger.db",
        *BASICS,
        source(publisher="Reuters"),
        statement(source="wire", credibility="A1"),
        source("print", publisher="The Daily", agency="Reuters"),
        source("rival", publisher="TASS"),
    )
    yield ledger
    ledger.close()


def bears_out(book: Ledger, **fields: object) -> int:
    """Corroborate the statement."""
    return book.record({"type": "entry-corroborated", "entry": 5, **fields}).entry


def found(book: Ledger, as_known_at: str | None = None) -> list[tuple[int, ...]]:
    """Return the entries of each group that bears the statement out."""
    why: Why | None = book.why("RUS", "ceasefire", as_known_at=as_known_at)
    assert why is not None
    return [group.entries for group in why.independent[5]]


def test_why_counts_what_the_ledger_knew(book: Ledger) -> None:
    """Corroborations count from when they were recorded until they are retracted; a reprint adds none."""
    assert found(book) == [(5,)]
    assert bears_out(book, source="print") == 8
    assert found(book) == [(5, 8)]
    rival = bears_out(book, source="rival")
    assert found(book) == [(5, 8), (9,)]
    book.retract(rival, "another matter")
    assert found(book) == [(5, 8)]
    assert found(book, f"e{rival}") == [(5, 8), (9,)]
    book.undo(book.head)
    assert found(book) == [(5, 8), (9,)]
    assert found(book, "e5") == [(5,)]


def test_a_source_is_read_as_corrected(book: Ledger) -> None:
    """That a source prints an agency may be learnt later: a correction of the source counts since then."""
    bears_out(book, source="rival")
    assert found(book) == [(5,), (8,)]
    book.correct(7, {"agency": "Reuters"}, "it is marked as a wire's")
    assert found(book) == [(5, 8)]
    assert found(book, "e8") == [(5,), (8,)]


def test_observers_and_data_sets(book: Ledger) -> None:
    """An observer named twice counts once; so does what one data set has of an entry."""
    bears_out(book, observer="Ruslan Leviev")
    bears_out(book, observer="ruslan leviev", source="rival")
    assert found(book) == [(5,), (8, 9)]
    row = {"dataset": "gdelt", "id": "1"}
    book.record(statement("Never.", said_on="2025-03-02", origin=row))
    for number, observer in enumerate(("a.example", "b.example")):
        of = {"dataset": "gdelt", "id": f"1/{number}"}
        book.record({"type": "entry-corroborated", "entry": 10, "observer": observer, "origin": of})
    why = book.why("RUS", "ceasefire")
    assert why is not None
    (group,) = why.independent[10]
    assert (group.entries, group.because) == ((10, 11, 12), ("same data set",))


def test_nobody_bears_it_out(book: Ledger) -> None:
    """Words without a source and without a corroboration have none."""
    book.record(statement("Never.", said_on="2025-03-02"))
    why = book.why("RUS", "ceasefire")
    assert why is not None
    assert why.independent[8] == ()


def test_no_two_agencies_share_a_name_or_a_site() -> None:
    """Each name and each domain of the list is one agency's, and every domain is as somebody registered it."""
    names = [folded(name) for one in agencies.every() for name in {folded(each) for each in (one.name, *one.names)}]
    sites = [site for one in agencies.every() for site in one.sites]
    assert (len(set(names)), len(set(sites))) == (len(names), len(sites))
    assert [domain(site) for site in sites] == sites


def test_the_examples_of_publishers() -> None:
    """What the module's description shows is so."""
    found = doctest.testmod(publishers)
    assert (found.failed, found.attempted > 0) == (0, True)
