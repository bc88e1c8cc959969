"""Pages as a reader comes upon them: from the matrix, link by link."""

from __future__ import annotations

from collections import defaultdict, deque
from html.parser import HTMLParser
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from verbale.web.application import PAGES

_EACH: Final = 3
"""Addresses of one page that are followed: they differ by what the page is of, not by how it is made."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]


def links_in(html: str) -> list[str]:
    """Return where a page leads."""
    reader = _Links()
    reader.feed(html)
    return reader.found


def addresses(desk: str, each: int = _EACH) -> dict[str, list[str]]:
    """Return addresses of every page that links lead to from the matrix, by the page's name.

    Args:
        desk: where it is.
        each: so many of one page at most.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    ahead, seen = deque(["/matrix"]), {"/matrix"}
    while ahead:
        address = ahead.popleft()
        page = address.split("/")[1].split("?")[0]
        if len(found[page]) >= each:
            continue
        try:
            with urlopen(desk + address) as answer:  # noqa: S310  the desk's own
                html = answer.read().decode()
        except HTTPError:
            continue  # what leads nowhere is another test's concern
        found[page].append(address)
        for link in links_in(html):
            there = _page_at(desk, urljoin(desk + address, link))
            if there is not None and there not in seen:
                seen.add(there)
                ahead.append(there)
    return {page: some for page, some in found.items() if some}


def _page_at(desk: str, link: str) -> str | None:
    """Return the address of a page of the desk; None where a link leads to something else."""
    there = urlsplit(link)
    if f"{there.scheme}://{there.netloc}" != desk or there.path.endswith((".json", ".csv")):
        return None
    query = f"?{there.query}" if there.query else ""
    return f"{there.path}{query}" if there.path.split("/")[1] in PAGES else None
