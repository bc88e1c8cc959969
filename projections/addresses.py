"""Web addresses: when two of them lead to one page, and who publishes there.

`page` is cautious: it takes away what never chooses between two pages.

- The scheme, where it is http or https; user names, default ports, a dot that ends the host; the case of the host, and
  how its letters beyond ASCII are spelt.
- `www.`, `m.`, `mobile.` and `amp.` before the host, and `/amp` after the path.
- Fragments, but not those that begin with `#!`: old pages choose what they show by them.
- Parameters that say who sent the reader: `utm_…`, `maca`, `fbclid` and the others of `_TRACKING`.  The rest is kept,
  in the order of its names.
- Slashes at the end; which characters are written as `%xx`.
- The archive, where a page is cited as the Wayback Machine keeps it.

`site` is generous, as it is asked only of pages whose publisher nobody named: the domain as it was registered, whatever
stands before it.  On a platform it is the account, and nothing where the address names none or the site keeps anybody's
documents.

>>> page("https://www.dw.com/en/truce/a-71895405/?maca=en-rss&utm_source=x#top")
'//dw.com/en/truce/a-71895405'
>>> site("https://uk.reuters.com/world"), site("http://mfa.gov.ua"), site("https://t.me/s/MID_Russia/51")
('reuters.com', 'mfa.gov.ua', 't.me/mid_russia')
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

_TRACKING: Final = re.compile(
    r"utm_.*|maca|at_(?:medium|campaign.*|custom.*|format|link.*|ptr.*|bbc.*)|xtor|ocid|cmpid|ncid|igshid|igsh|smid"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|mc_[ce]id|_ga|_gl|ref_src|ref_url",
    re.IGNORECASE,
)
_ARCHIVED: Final = re.compile(r"https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?:/)", re.IGNORECASE)
_READERS: Final = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_HOST: Final = re.compile(r"(?:[^\s./:@]+\.)+[^\W\d_]{2,}", re.UNICODE)


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SECOND: Final = _names("ac co com edu gob gouv go gov govt gub mil ne net or org")
"""What stands before a country's letters and is nobody's own: `gov.ua`, `co.uk`."""
_ACCOUNTS: Final = _names(
    "t.me x.com facebook.com instagram.com vk.com threads.net tiktok.com youtube.com medium.com truthsocial.com"
)
"""Platforms whose addresses begin with the account."""
_HOMES: Final = _names("substack.com wordpress.com blogspot.com livejournal.com medium.com tumblr.com github.io")
"""Platforms on which each account has a host of its own."""
_ANYBODYS: Final = _names(
    "archive.org archive.ph archive.is archive.today perma.cc google.com dropbox.com scribd.com telegra.ph undocs.org"
    " docs.un.org digitallibrary.un.org documentcloud.org doi.org bit.ly t.co tinyurl.com youtu.be"
)
"""Sites on which anybody's documents lie, and those that only lead on."""
_ALIASES: Final = {"twitter.com": "x.com", "telegram.me": "t.me"}
_NO_ACCOUNTS: Final = _names(
    "c i p s v hashtag search share watch reel status shorts story.php permalink.php profile.php"
)
"""What may stand where the account does."""


@lru_cache(maxsize=4_096)
def page(url: str) -> str:
    """Return what two addresses of one page have in common."""
    parts = _split(url)
    if parts is None:
        return url
    path = re.sub(r"(?:/(?:amp(?=/|$))?)+$", "", _spelt(parts.path))
    pairs = [_spelt(pair) for pair in parts.query.split("&") if pair]
    kept = sorted((pair for pair in pairs if not _TRACKING.fullmatch(_name(pair))), key=_name)
    query = f"?{'&'.join(kept)}" if kept else ""
    shown = f"#{_spelt(parts.fragment)}" if parts.fragment.startswith("!") else ""
    return f"//{_netloc(parts)}{path}{query}{shown}"


@lru_cache(maxsize=4_096)
def site(url: str) -> str | None:
    """Return whose site a page is on, None where the address does not tell."""
    parts = _split(url)
    if parts is None:
        return None
    found = domain(parts.hostname or "")
    host = _READERS.sub("", _ascii(parts.hostname or ""))
    if found in _ANYBODYS or host in _ANYBODYS:
        return None
    if found not in _ACCOUNTS or (found in _HOMES and host != found):
        return found
    names = [name.casefold() for name in parts.path.split("/") if name]
    if found == "t.me" and names[:1] == ["s"]:
        del names[0]
    return f"{found}/{names[0].removeprefix('@')}" if names and names[0] not in _NO_ACCOUNTS else None


def domain(host: str) -> str:
    """Return a host's domain as somebody registered it; a host that is a number, as it is."""
    plain = _READERS.sub("", _ascii(host))
    labels = plain.split(".")
    if ":" in plain or labels[-1].isdigit():
        return plain
    taken = 3 if len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _SECOND else 2  # noqa: PLR2004  a country
    found = ".".join(labels[-taken:])
    if found in _HOMES and len(labels) > taken:
        found = ".".join(labels[-taken - 1 :])
    return _ALIASES.get(found, found)


def is_host(name: str) -> bool:
    """Say whether a name is written as a host: `reuters.com`."""
    return _HOST.fullmatch(name) is not None


def label(site: str) -> str:
    """Return the word of a site that people say: `reuters` of `reuters.com`, the account on a platform."""
    return site.rpartition("/")[2].partition(".")[0]


def _split(url: str) -> SplitResult | None:
    """Return the parts of a page's address, None of what is none."""
    archived = _ARCHIVED.match(url)
    if archived is not None:
        url = re.sub(r"^(https?):/+", r"\1://", url[archived.end() :], flags=re.IGNORECASE)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:  # a port that is no number, brackets that hold no address
        return None
    return parts if parts.scheme in {"http", "https"} and _ascii(host or "") else None


def _netloc(parts: SplitResult) -> str:
    host = _READERS.sub("", _ascii(parts.hostname or ""))
    host = _ALIASES.get(host, host)
    shown = f"[{host}]" if ":" in host else host
    return shown if parts.port in {None, 80, 443} else f"{shown}:{parts.port}"


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _ascii(host: str) -> str:
    host = host.rstrip(".").casefold()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _spelt(text: str) -> str:
    """Return a part of an address with only those characters as `%xx` that have to be (RFC 3986, section 6.2.2.2)."""
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    return "".join(
        _unreserved(piece) if i % 2 else quote(piece, safe="!$&'()*+,;=:@/?~%") for i, piece in enumerate(pieces)
    )


def _unreserved(escaped: str) -> str:
    byte = unquote_to_bytes(escaped)
    plain = byte.isalnum() or byte in b"-._~"
    return byte.decode("ascii") if plain else escaped.upper()
