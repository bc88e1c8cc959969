r"""The text of a source, and where a quote stands in it.

The *normalised text* of a document is what its quotes are anchored in, and what `text_sha256` hashes.  Of the document,
read as UTF-8 without its byte-order mark:

1. Line ends become LF.
2. What is markup goes, from left to right: comments `<!-- … -->`; `script` and `style` with what they hold; any other
   `<…>` that starts with a letter, `/` and a letter, `!` or `?`, up to the next `>` that no quotation marks enclose.  A
   `<` that nothing closes is a character like any other.
3. Character references become characters, as HTML names them (`&eacute;`, `&#233;`); once more line ends become LF.
4. The text becomes NFC.

Written out here, and not left to an HTML parser: those change with each version of Python, and a hash must not.
Offsets count Unicode code points (W3C Web Annotation Data Model, sections 4.2.4 and 4.2.5).

>>> normalise(b"<p title='a > b'>Caf&eacute;\r\nopen, 1 < 2<script>if (1 < 2) {}</script></p>")
'Café\nopen, 1 < 2'
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from ledger.entries import Quote

# Possessive: what was matched inside a tag is never tried another way.
MARKUP: Final = re.compile(
    r"<!--.*?-->"
    r"|<(script|style)(?=[\s/>])(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>.*?</\1\s*>"
    r"|<(?:/?[a-z]|[!?])(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>",
    re.DOTALL | re.IGNORECASE,
)
"""What goes in step 2."""


def normalise(document: bytes) -> str:
    """Return a document's normalised text.

    Raises:
        Refused: the document is not UTF-8.
    """
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        raise Refused(
            f"the document is not UTF-8 at byte {error.start + 1}", hint="convert it to UTF-8 first"
        ) from None
    return like_source(unescape(MARKUP.sub("", _with_lf(text.removeprefix("\ufeff")))))


def like_source(words: str) -> str:
    """Return words as a normalised text would hold them: LF, NFC."""
    return unicodedata.normalize("NFC", _with_lf(words))


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
    exact, prefix, suffix = (like_source(part or "") for part in (quote.exact, quote.prefix, quote.suffix))
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
