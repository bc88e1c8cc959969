"""The text of a source, and where a quote stands in it.

The *normalised text* of a document is what its quotes are anchored in, and what `text_sha256` hashes: UTF-8, tags
removed, entities decoded, line ends as LF, NFC.  The content of `script` and `style` goes with their tags.  Offsets count
Unicode code points (W3C Web Annotation Data Model, sections 4.2.4 and 4.2.5).

>>> normalise(b"<p>Caf&eacute;\\r\\nopen</p>")
'Café\\nopen'
"""

from __future__ import annotations

import hashlib
import unicodedata
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from ledger.entries import Quote

_UNREAD: Final = frozenset({"script", "style"})


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._closed_in: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the parser's signature
        if tag in _UNREAD:
            self._closed_in = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._closed_in:
            self._closed_in = None

    def handle_data(self, data: str) -> None:
        if self._closed_in is None:
            self.parts.append(data)


def normalise(document: bytes) -> str:
    """Return a document's normalised text.

    Raises:
        Refused: the document is not UTF-8.
    """
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        raise Refused(f"the document is not UTF-8 at byte {error.start + 1}", hint="convert it to UTF-8 first") from None
    reader = _Text()
    reader.feed(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return unicodedata.normalize("NFC", "".join(reader.parts).replace("\r\n", "\n").replace("\r", "\n"))


def sha256_of(document: bytes) -> str:
    """Return the SHA-256 of a document's bytes, in hex."""
    return hashlib.sha256(document).hexdigest()


def text_sha256_of(document: bytes) -> str:
    """Return the SHA-256 of a document's normalised text, in hex."""
    return sha256_of(normalise(document).encode())


def anchor(quote: Quote, text: str) -> tuple[int, int]:
    """Return where a quote stands in a normalised text, as code points `[start, end)`.

    Raises:
        Refused: it is not there, or it is there more than once and nothing says which is meant.
    """
    exact, prefix, suffix = (unicodedata.normalize("NFC", part or "") for part in (quote.exact, quote.prefix, quote.suffix))
    if quote.start is not None:
        start, end = quote.start, quote.start + len(exact)
        if text[start:end] == exact and text[:start].endswith(prefix) and text[end:].startswith(suffix):
            return start, end
        found = text.find(exact)
        hint = f"these words stand at {found}–{found + len(exact)}" if found >= 0 else "copy the words from the source"
        raise Refused(f"the quote is not at {start} of its source", hint=hint)
    whole = prefix + exact + suffix
    first = text.find(whole)
    if first < 0:
        hint = "quote the source's own words, or leave the quote out and paraphrase with the text"
        raise Refused(f"the quote is not in its source: {_shortened(exact)}", hint=hint)
    if text.find(whole, first + 1) >= 0:
        hint = "give start and end, or some words of its prefix or suffix"
        raise Refused(f"the quote stands more than once in its source: {_shortened(exact)}", hint=hint)
    return first + len(prefix), first + len(prefix) + len(exact)


def _shortened(text: str, width: int = 60) -> str:
    return f"“{text}”" if len(text) <= width else f"“{text[: width - 1]}…”"
