"""Addresses of one page are one, those of two pages are two, and a site is whose it is."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from projections import addresses, copies
from projections.addresses import is_host, label, page, site

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)
PATHS = st.lists(st.from_regex(r"[A-Za-z0-9ü%~.-]{1,6}", fullmatch=True).filter(lambda one: one != "amp"), max_size=3)
QUERIES = st.dictionaries(
    NAMES.filter(lambda name: name not in {"maca", "xtor", "ocid", "smid", "igsh", "igshid", "cmpid", "ncid"}),
    NAMES,
    max_size=3,
)


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str], list[str]]:
    """Draw a host, the parts of a path, and the pairs of a query."""
    host = f"{draw(NAMES)}news.example"
    return host, draw(PATHS), [f"{name}={value}" for name, value in draw(QUERIES).items()]


def url(host: str, path: list[str], query: list[str], scheme: str = "https", end: str = "", hash_: str = "") -> str:
    """Write an address."""
    return f"{scheme}://{host}{''.join(f'/{one}' for one in path)}{end}{'?' if query else ''}{'&'.join(query)}{hash_}"


@given(
    pages(),
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["", "www.", "WWW.", "m.", "amp.", "www.m."]),
    st.sampled_from(["", ":443", ".", ".:80"]),
    st.sampled_from(["", "/", "//", "/amp", "/amp/"]),
    st.lists(st.sampled_from(["utm_source=x", "UTM_Medium=y", "maca=en-rss", "fbclid=1", "gclid"]), unique=True),
    st.sampled_from(["", "#top", "#:~:text=peace"]),
    st.randoms(use_true_random=False),
)
def test_decorations_do_not_matter(
    found: tuple[str, list[str], list[str]],
    scheme: str,
    before: str,
    after: str,
    end: str,
    tracking: list[str],
    hash_: str,
    random: object,
) -> None:
    """Scheme, `www.`, port, case of the host, tracking, order of parameters, fragment, slash: the page is the same."""
    host, path, query = found
    pairs = [*query, *tracking]
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert page(url(f"{before}{host.upper()}{after}", path, pairs, scheme, end, hash_)) == page(url(*found))


@given(pages(), pages())
def test_two_pages_are_two(one: tuple[str, list[str], list[str]], other: tuple[str, list[str], list[str]]) -> None:
    """What is left is the page: another host, path or parameter is another page."""
    same = (one[0], one[1], sorted(one[2])) == (other[0], other[1], sorted(other[2]))
    if same:
        assert page(url(*one)) == page(url(*other))
    elif "%" not in "".join((*one[1], *other[1])):
        assert page(url(*one)) != page(url(*other))


@given(
    st.text() | st.from_regex(r"https?://[^\s]{0,30}") | st.from_regex(r"https?://[w.m\[\]:1]{0,9}[/amp?&#!=%4.]{0,12}")
)
@example("HTTP://.")
@example("https://[::1]:8080/a")
@example("https://example.org/amp/amp")
@example("https://example.org/?0&{")
def test_whatever_is_written_has_a_page(text: str) -> None:
    """No text is too odd: it is at least its own page, and reading that page again changes nothing."""
    assume(not text.startswith("//"))  # an address names its scheme
    found = page(text)
    assert page(f"https:{found}" if found.startswith("//") else found) == found
    site(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a%7eb", "http://example.org/a~b"),
        ("https://example.org/%d0%BC", "https://example.org/м"),
        ("https://кремль.рф/news", "http://xn--e1ajeds9e.xn--p1ai/news"),
        ("https://web.archive.org/web/20250312081500/https://www.dw.com/en/x/a-1", "https://dw.com/en/x/a-1"),
        ("https://web.archive.org/web/2025id_/http:/dw.com/en/x/a-1?maca=y", "https://dw.com/en/x/a-1"),
        ("https://twitter.com/mfa_russia/status/1", "https://x.com/mfa_russia/status/1?ref_src=twsrc"),
        ("https://user@example.org:443/a", "https://example.org/a"),
        ("http://web.archive.org/web/20250312/dw.com/en/x/a-1", "https://dw.com/en/x/a-1"),
        ("https://archive.org/web/20250312/http://dw.com/en/x/a-1?id=2", "https://dw.com/en/x/a-1?id=2"),
        ("https://www.google.com/amp/s/www.dw.com/en/x/a-1", "https://dw.com/en/x/a-1"),
        ("https://www.google.co.uk/amp/dw.com/en/x/a-1", "https://dw.com/en/x/a-1"),
        ("https://www-dw-com.cdn.ampproject.org/c/s/www.dw.com/en/x/a-1", "https://dw.com/en/x/a-1"),
        ("https://cdn.ampproject.org/v/s/dw.com/a-1?amp_js_v=2", "https://dw.com/a-1?amp_js_v=2"),
        ("https://bbc.co.uk/news/world-1.amp", "https://bbc.co.uk/news/world-1"),
        ("https://example.org/a?amp", "https://example.org/a"),
        ("https://example.org/a?id=1&amp=1", "https://example.org/a?id=1"),
        ("https://example.org/a?outputType=amp", "https://example.org/a"),
        ("https://example.org/a?id=1&amp;lang=en&amp;utm_source=x", "https://example.org/a?id=1&lang=en"),
        ("https://en.m.wikipedia.org/wiki/X", "https://en.wikipedia.org/wiki/X"),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ&t=3s", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube.com/embed/dQw4w9WgXcQ"),
        ("https://faß.example/a", "https://xn--fa-hia.example/a"),
        ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"),
        ("https://example.org/a?mkt_tok=1&_hsenc=2&wt_mc=3&wt_zmc=4", "https://example.org/a"),
    ],
)
def test_one_page(one: str, other: str) -> None:
    """Two spellings of an address, an archived copy and a renamed platform are the same page."""
    assert page(one) == page(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://example.org/a", "https://example.org/a?id=1"),
        ("https://example.org/#!/1", "https://example.org/#!/2"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://en.example.org/a", "https://ru.example.org/a"),
        ("https://m.de/a", "https://www.de/a"),
        ("urn:isbn:1", "urn:isbn:2"),
        ("https://[::1/a", "https://[::2/a"),
        ("https://./a", "https://../a"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcR"),
        ("https://www.youtube.com/@tass/videos", "https://www.youtube.com/@tass/live"),
        ("https://google.com/amp/s/dw.com/a", "https://google.com/amp/s/dw.com/b"),
        ("https://archive.org/details/a", "https://archive.org/details/b"),
        ("https://faß.example/a", "https://fass.example/a"),
        ("https://m.example.m.org/a", "https://example.org/a"),
    ],
)
def test_two_pages(one: str, other: str) -> None:
    """What chooses a page is kept."""
    assert page(one) != page(other)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://edition.cnn.com/x", "cnn.com"),
        ("https://mfa.gov.ua/en", "mfa.gov.ua"),
        ("https://www.gov.uk/news", "gov.uk"),
        ("https://t.me/MID_Russia/51", "t.me/mid_russia"),
        ("https://twitter.com/MFA_Ukraine/status/1", "x.com/mfa_ukraine"),
        ("https://x.com/i/web/status/1", None),
        ("https://www.youtube.com/watch?v=1", None),
        ("https://www.youtube.com/@tass/videos", "youtube.com/tass"),
        ("https://www.youtube.com/channel/UC1/videos", "youtube.com/uc1"),
        ("https://www.youtube.com/user/tass", "youtube.com/tass"),
        ("https://www.youtube.com/live/dQw4w9WgXcQ", None),
        ("https://www.facebook.com/groups/12/posts/3", "facebook.com/12"),
        ("https://www.facebook.com/photo/?fbid=1", None),
        ("https://vk.com/wall-12_345", "vk.com/-12"),
        ("https://vk.com/public12", "vk.com/-12"),
        ("https://vk.com/id12", "vk.com/12"),
        ("https://vk.com/mid", "vk.com/mid"),
        ("https://www.google.com/amp/s/www.dw.com/en/x", "dw.com"),
        ("https://web.archive.org/web/2025/dw.com/en/x", "dw.com"),
        ("https://anna.substack.com/p/x", "anna.substack.com"),
        ("https://docs.google.com/document/d/1", None),
        ("https://undocs.org/S/2025/1", None),
        ("https://192.0.2.7/a", "192.0.2.7"),
        ("https://[2001:db8::1]/a", "2001:db8::1"),
        ("http://localhost:8000/a", "localhost"),
        ("urn:isbn:1", None),
        ("https://example.org:port/", None),
    ],
)
def test_whose_site(url: str, found: str | None) -> None:
    """A site is the registered domain, a platform's account, and nobody's where anybody's documents lie."""
    assert site(url) == found


def test_names_that_are_hosts() -> None:
    """A name that is written as a host is known from one that only has a dot in it."""
    assert [is_host(name) for name in ("reuters.com", "www.bbc.co.uk", "кремль.рф")] == [True] * 3
    assert [is_host(name) for name in ("Reuters", "U.S. News", "A.P.", "Inc.", "4.5", "a/b.com")] == [False] * 6
    assert [label(one) for one in ("reuters.com", "bbc.co.uk", "t.me/tass")] == ["reuters", "bbc", "tass"]


def test_the_examples_of_the_module() -> None:
    """What the modules' descriptions show is so."""
    for module in (addresses, copies):
        found = doctest.testmod(module)
        assert (found.failed, found.attempted > 0) == (0, True)
