"""Addresses of copies: which page an archive, an AMP cache or a short link shows.

| address | the page |
|---|---|
| `web.archive.org/web/20250312/https://dw.com/a`, also without the inner scheme | `https://dw.com/a` |
| `google.com/amp/s/dw.com/a`; `dw-com.cdn.ampproject.org/c/s/dw.com/a` | `https://dw.com/a` |
| `youtu.be/ID`, `youtube.com/shorts/ID`, `…/live/ID`, `…/embed/ID` | `youtube.com/watch?v=ID` |

>>> from urllib.parse import urlsplit
>>> original("google.com", urlsplit("https://www.google.com/amp/s/www.dw.com/en/a-1?x=2"))
'https://www.dw.com/en/a-1?x=2'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlunsplit

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_KEPT: Final = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_|\*)?/(.+)", re.IGNORECASE | re.DOTALL)
_CACHED: Final = re.compile(r"/(?:[a-z]{1,2}/)(s/)?([^/]+\.[^/]+.*)", re.DOTALL)
_VIEWED: Final = re.compile(r"/amp/(s/)?([^/]+\.[^/]+.*)", re.DOTALL)
_SEARCH: Final = re.compile(r"google(?:\.com?)?\.[a-z]{2,3}")
_SCHEME: Final = re.compile(r"(https?):/+", re.IGNORECASE)
_FILM: Final = re.compile(r"/(?:shorts|live|embed|v)/([\w-]+)/?")
_LINKED: Final = re.compile(r"/([\w-]+)/?")
_CHOSEN: Final = re.compile(r"(?:^|&)v=([\w-]+)(?=&|$)")


def original(host: str, parts: SplitResult) -> str | None:
    """Return the address of the page that an address shows a copy of, None where it shows its own.

    Args:
        host: in lower case, without `www.` and the like.
        parts: of the whole address.
    """
    if host in {"archive.org", "web.archive.org"}:
        kept = _KEPT.fullmatch(parts.path)
        return None if kept is None else _within(kept[1], "http", parts)
    if host == "cdn.ampproject.org" or host.endswith(".cdn.ampproject.org"):
        shown = _CACHED.fullmatch(parts.path)
    elif _SEARCH.fullmatch(host):
        shown = _VIEWED.fullmatch(parts.path)
    else:
        return _film(host, parts)
    return None if shown is None else _within(shown[2], "https" if shown[1] else "http", parts)


def _within(address: str, scheme: str, parts: SplitResult) -> str | None:
    """Return an address that stands in a path, with what follows the path."""
    named = _SCHEME.match(address)
    if named is not None:
        scheme, address = named[1], address[named.end() :]
    if "." not in address.partition("/")[0]:
        return None
    return urlunsplit(("", "", f"{scheme}://{address}", parts.query, parts.fragment))


def _film(host: str, parts: SplitResult) -> str | None:
    if host == "youtu.be":
        found = _LINKED.fullmatch(parts.path)
    elif host not in {"youtube.com", "youtube-nocookie.com"}:
        return None
    elif parts.path.rstrip("/") == "/watch":
        found = _CHOSEN.search(parts.query)
    else:
        found = _FILM.fullmatch(parts.path)
    if found is None or (host, parts.path, parts.query) == ("youtube.com", "/watch", f"v={found[1]}"):
        return None
    return f"https://youtube.com/watch?v={found[1]}"
