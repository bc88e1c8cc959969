"""A document as the form received it: pasted words, or a file, with what it says of itself."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import PurePath
from typing import Final, NamedTuple

from ledger.errors import LedgerError, Refused
from ledger.importers.charsets import charset_of
from ledger.texts import normalise

_TITLE: Final = re.compile(r"<title(?:\s[^>]*)?>(.*?)</title\s*>", re.DOTALL | re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_PUBLISHED: Final = re.compile(
    r"""<meta\s[^>]*?(?:property|name|itemprop)\s*=\s*["'](?:article:published_time|datePublished|date)["'][^>]*?"""
    r"""content\s*=\s*["'](\d{4}-\d\d-\d\d)""",
    re.IGNORECASE,
)
_HEAD: Final = 4_096
_LONGEST: Final = 500
_NO_TEXT: Final = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0")
"""How files begin that hold no plain text: PDF, packed ones (as of word processors), pictures, old Word."""


class Received(NamedTuple):
    """A document, and what it says of itself."""

    document: bytes
    """In UTF-8; a file in another encoding was turned into it."""
    title: str | None = None
    published_at: str | None = None


def received(pasted: str | None, file: bytes | None, name: str = "") -> Received:
    """Return the document that a form brought.

    Args:
        pasted: the words that were pasted; used where there is no file.
        file: the bytes of a file.
        name: what that file is called.

    Raises:
        Refused: there is no text in it.
    """
    if not file:
        document = (pasted or "").encode()
        _text_in(document)
        return Received(document)
    document = b"" if file.startswith(_NO_TEXT) else _as_utf8(file)
    _text_in(document)
    text = document.decode()
    titled, dated = _TITLE.search(text), _PUBLISHED.search(text)
    title = " ".join(unescape(titled[1]).split()) if titled else ""
    return Received(document, (title or PurePath(name).stem)[:_LONGEST] or None, dated[1] if dated else None)


def _as_utf8(file: bytes) -> bytes:
    try:
        file.decode()
    except UnicodeDecodeError:
        declared = _CHARSET.search(file[:_HEAD])
        codec = _declared(file, declared[1].decode()) if declared else None
        return file.decode(codec or charset_of(io.BytesIO(file)).codec, "replace").encode()
    return file


def _declared(file: bytes, said: str) -> str | None:
    """Return the encoding that a page says it is in, where that is true."""
    try:
        return charset_of(io.BytesIO(file), said).codec
    except LedgerError:
        return None


def _text_in(document: bytes) -> None:
    if b"\0" in document or not normalise(document).strip():
        hint = "save it as a web page or as plain text, or paste its words"
        raise Refused("there is no plain text in this document", hint=hint)
