"""How many *independent* sources bear an entry out: what comes from one hand counts once.

An entry is borne out by its own source, and by each corroboration that is not retracted: a source, an observer, or an
observer as a source has it.  Two of them count once where they share

| reason | what they share |
|---|---|
| same source | the id |
| same URL | the page (`projections.addresses.page`) |
| same document | `sha256` of the bytes |
| same text | `text_sha256` of the words, wherever they are printed |
| reprint of … | the agency whose report one of them prints, and the other prints too, or is |
| same publisher | the publisher's name; a page of a publisher whom nobody named shares the site |
| same observer | the observer's name |
| same headline, same day | a headline of five words or more, published on the same day (UTC) |
| same data set | the data set that the entry, or the corroboration, was made from |

and where they are linked through a third: if A is B's text, and C is A's publisher, the three count once.  So a further
source may also show that two others are one.  What an agency reports is its own: its name stands for the publisher's,
and a paper's own report counts beside the agency's that it prints.

Names are compared without case, accents, punctuation and "The"; a name written as a host is that site, and
`reuters.com` without a publisher is also whoever is named "Reuters".  The large agencies are known by all their names
(`ledger.vocabularies.agencies`): "AP" is "Associated Press".  All this is cautious: in doubt, once.

Pure: the same sources in any order give the same answer.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.names import name_key
from ledger.times import span, stamp
from projections.addresses import domain, is_host, label, page, site
from projections.publishers import agency_at, folded, voice_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.entries import SourceRegistered

NEEDED: Final = 2
"""How many independent sources "confirmed by other sources" takes (Admiralty code, digit 1)."""

_NOTHING: Final = hashlib.sha256(b"").hexdigest()
"""The hash of what has no text: a photograph, an empty page."""
_HEADLINE_WORDS: Final = 5
_DAY: Final = 86_400_000_000


class Backer(NamedTuple):
    """One who bears an entry out."""

    entry: int
    """The entry itself, for its own source; else the corroboration."""
    source: SourceRegistered | None = None
    observer: str | None = None
    dataset: str | None = None

    @property
    def name(self) -> str:
        """Who it is, as a reader would say it."""
        return self.observer or (voice(self.source) if self.source is not None else self.dataset or "")


class Group(NamedTuple):
    """Backers that count once."""

    entries: tuple[int, ...]
    names: tuple[str, ...]
    because: tuple[str, ...]
    """Why they count once; nothing where there is only one."""


class _Mark(NamedTuple):
    """What makes backers one, if they share it; compared in the order in which reasons are looked for."""

    order: int
    key: tuple[str, ...]


def groups(backers: Iterable[Backer]) -> tuple[Group, ...]:
    """Return who bears an entry out, each group counting as one independent source, in the order of their entries."""
    every = sorted(dict.fromkeys(backers), key=lambda one: (one.entry, one.name))
    unnamed: dict[str, set[str]] = defaultdict(set)
    for one in every:
        if (found := _unnamed(one)) is not None:
            unnamed[label(found)].add(found)
    shared: dict[_Mark, list[int]] = defaultdict(list)
    for number, one in enumerate(every):
        for mark in _marks(one, unnamed):
            shared[mark].append(number)
    heads = list(range(len(every)))
    reasons: dict[int, list[str]] = defaultdict(list)
    for mark in sorted(shared):
        members = shared[mark]
        roots = {_head(heads, number) for number in members}
        if len(roots) > 1:
            first = min(roots)
            because = [reason for root in sorted(roots) for reason in reasons.pop(root, ())]
            reasons[first] = list(dict.fromkeys([*because, _reason(mark, [every[number] for number in members])]))
            for root in roots:
                heads[root] = first
    together: dict[int, list[Backer]] = defaultdict(list)
    for number, one in enumerate(every):
        together[_head(heads, number)].append(one)
    return tuple(_group(some, reasons.get(head, ())) for head, some in together.items())


def voice(source: SourceRegistered) -> str:
    """Return whose report a source is: the agency's, the publisher's, the site's, or else only its own."""
    found = source.agency or source.publisher
    return found or (source.url and site(source.url)) or source.source


def _group(some: list[Backer], because: Sequence[str]) -> Group:
    entries = tuple(dict.fromkeys(one.entry for one in some))
    return Group(entries, tuple(dict.fromkeys(one.name for one in some)), tuple(because))


def _head(heads: list[int], number: int) -> int:
    while heads[number] != number:
        heads[number] = heads[heads[number]]
        number = heads[number]
    return number


def _unnamed(one: Backer) -> str | None:
    """Return the site of a source whose publisher nobody named but as a host."""
    if one.source is None:
        return None
    said = one.source.agency or one.source.publisher
    if said is None:
        return None if one.source.url is None else site(one.source.url)
    return domain(said) if is_host(said) else None


def _marks(one: Backer, unnamed: Mapping[str, set[str]]) -> Iterator[_Mark]:
    if one.observer is not None:
        yield from _named(one.observer, None, unnamed)
    if one.dataset is not None:
        yield _Mark(7, ("dataset", name_key(one.dataset)))
    if one.source is not None:
        yield from _of_document(one.source)
        yield from _of_voice(one.source, unnamed)


def _of_document(source: SourceRegistered) -> Iterator[_Mark]:
    yield _Mark(0, ("source", name_key(source.source)))
    if source.url is not None:
        yield _Mark(1, ("url", page(source.url)))
    if source.sha256 is not None and source.sha256 != _NOTHING:
        yield _Mark(2, ("bytes", source.sha256))
    if source.text_sha256 is not None and source.text_sha256 != _NOTHING:
        yield _Mark(3, ("text", source.text_sha256))
    words = folded(source.title)
    if source.published_at is not None and words.count(" ") + 1 >= _HEADLINE_WORDS:
        bounds = span(source.published_at)
        if bounds.latest - bounds.earliest <= _DAY:
            yield _Mark(6, ("headline", words, stamp(bounds.earliest)[:10]))


def _of_voice(source: SourceRegistered, unnamed: Mapping[str, set[str]]) -> Iterator[_Mark]:
    said = source.agency or source.publisher
    own = None if source.agency is not None or source.url is None else site(source.url)
    if said is not None:
        yield from _named(said, own, unnamed)
    elif own is not None:
        yield from _at(own)


def _named(name: str, own: str | None, unnamed: Mapping[str, set[str]]) -> Iterator[_Mark]:
    """Yield what somebody's name shares: with others of the name, and with pages of a site that only has an address."""
    if is_host(name):
        yield from _at(domain(name))
        return
    yield _Mark(4, ("name", voice_of(name)))
    sites = set(unnamed.get(folded(name).replace(" ", ""), ()))
    if own is not None and own in unnamed.get(label(own), ()):
        sites.add(own)
    for each in sites:
        yield _Mark(5, ("site", each))


def _at(own: str) -> Iterator[_Mark]:
    """Yield what pages of a site share whose publisher nobody named: the site, and whose agency's it is."""
    agency = agency_at(own)
    if agency is not None:
        yield _Mark(4, ("name", agency))
    yield _Mark(5, ("site", own))


def _reason(mark: _Mark, some: list[Backer]) -> str:
    kind = mark.key[0]
    agencies = sorted({one.source.agency for one in some if one.source is not None and one.source.agency is not None})
    if kind in {"name", "site"} and agencies:
        return f"reprint of {agencies[0]}"
    if kind == "name" and all(one.observer is not None for one in some):
        return "same observer"
    return {
        "source": "same source",
        "url": "same URL",
        "bytes": "same document",
        "text": "same text",
        "name": "same publisher",
        "site": "same publisher",
        "headline": "same headline, same day",
        "dataset": "same data set",
    }[kind]
