"""Web addresses: when two of them lead to one page, and who publishes there.

`page` is cautious: it takes away what never chooses between two pages.

- The scheme, where it is http or https; user names, default ports, a dot that ends the host; the case of the host, and
  how its letters beyond ASCII are spelt.
- `www.`, `m.`, `mobile.` and `amp.` before the host, `m.` within it as in `en.m.wikipedia.org`; `/amp` and `.amp` after
  the path, `amp` and `outputType=amp` among the parameters.
- Fragments, but not those that begin with `#!`: old pages choose what they show by them.
- Parameters that say who sent the reader: `utm_…`, `maca`, `fbclid` and the others of `_TRACKING`.  The rest is kept,
  in the order of its names.
- Slashes at the end; which characters are written as `%xx`.
- The archive, where a page is cited as the Wayback Machine keeps it, and the other copies of `projections.copies`.

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
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from projections.copies import original

_TRACKING: Final = re.compile(
    r"utm_.*|maca|at_(?:medium|campaign.*|custom.*|format|link.*|ptr.*|bbc.*)|xtor|ocid|cmpid|ncid|igshid|igsh|smid"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|mc_[ce]id|_ga|_gl|ref_src|ref_url"
    r"|_hsenc|_hsmi|mkt_tok|srsltid|wt_(?:z?mc.*)|pk_.*|mtm_.*|guccounter|guce_.*|soc_(?:src|trk)|__twitter_impression",
    re.IGNORECASE,
)
_AMP: Final = re.compile(r"amp(?:=(?:1|true)?)?|output(?:type)?=amp", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"(?:amp;)+", re.IGNORECASE)
"""What is left of `&amp;`, where an address was copied from a page's text."""
_READERS: Final = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_MOBILE: Final = re.compile(r"(?<=[^.])\.m(?=\.[^.]+\.[^.]+$)")
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
    "c i p s v tv hashtag search share watch reel reels status shorts live embed playlist photo events stories explore"
    " photo.php story.php permalink.php profile.php"
)
"""What may stand where the account does."""
_BEFORE: Final = _names("channel user groups pages people profile")
"""What may stand before the account."""
_NUMBERED: Final = re.compile(r"(?:wall|photo|video|id)(-?\d+)(?:_\d+)?|(?:club|public)(\d+)")
"""Accounts of vk.com by their numbers; those of communities are negative."""


@lru_cache(maxsize=4_096)
def page(url: str) -> str:
    """Return what two addresses of one page have in common."""
    parts = _split(url)
    if parts is None:
        return url
    path = re.sub(r"(?:/(?:amp(?=/|$))?|\.amp)+$", "", _spelt(parts.path), flags=re.IGNORECASE)
    pairs = [_spelt(_ESCAPED.sub("", pair, count=1)) for pair in parts.query.split("&")]
    chosen = (pair for pair in pairs if pair and not (_AMP.fullmatch(pair) or _TRACKING.fullmatch(_name(pair))))
    kept = sorted(chosen, key=_name)
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
    host = _host(parts)
    if found in _ANYBODYS or host in _ANYBODYS:
        return None
    if found not in _ACCOUNTS or (found in _HOMES and host != found):
        return found
    names = [name.casefold() for name in parts.path.split("/") if name]
    if found == "t.me" and names[:1] == ["s"]:
        del names[0]
    if names[:1] and names[0] in _BEFORE:
        del names[0]
    if not names or names[0] in _NO_ACCOUNTS:
        return None
    numbered = _NUMBERED.fullmatch(names[0]) if found == "vk.com" else None
    account = names[0].removeprefix("@") if numbered is None else numbered[1] or f"-{numbered[2]}"
    return f"{found}/{account}"


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
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:  # a port that is no number, brackets that hold no address
        return None
    if parts.scheme not in {"http", "https"} or not _ascii(host or ""):
        return None
    shown = original(_host(parts), parts)
    return parts if shown is None else _split(shown) or parts


def _netloc(parts: SplitResult) -> str:
    host = _host(parts)
    host = _ALIASES.get(host, host)
    shown = f"[{host}]" if ":" in host else host
    return shown if parts.port in {None, 80, 443} else f"{shown}:{parts.port}"


def _host(parts: SplitResult) -> str:
    """Return a host without what only says on which screen it is read."""
    return _MOBILE.sub("", _READERS.sub("", _ascii(parts.hostname or "")))


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _ascii(host: str) -> str:
    """Return a host as it is looked up: letters beyond ASCII in Punycode, `ß` as a letter of its own (RFC 5891)."""
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    plain = unicodedata.normalize("NFKC", host.replace("。", ".")).lower()
    return ".".join(one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in plain.split("."))


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
