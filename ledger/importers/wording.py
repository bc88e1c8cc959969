"""Names out of cells: put on one line, or made into an id."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ledger.texts import sha256_of

_LINE_ENDS: Final = re.compile(r"\s*[\t\r\n\x0b\x0c\x85\u2028\u2029]\s*")
_PLAIN_NAME: Final = re.compile("[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_SLUG: Final = 60


def one_line(text: str) -> str:
    r"""Return a text on one line, with nothing blank at its ends.

    >>> one_line(" Rules of\nprocedure\t ")
    'Rules of procedure'
    """
    if text.isprintable():
        return text.strip()
    return _LINE_ENDS.sub(" ", text).strip()


def slug(text: str) -> str:
    """Return the id that a name becomes; where it leaves something out, a part of the name's hash tells it from others.

    >>> slug("Ceasefire talks"), slug("Côte d’Ivoire")
    ('ceasefire-talks', 'cote-d-ivoire-399ad5')
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    letters = unicodedata.normalize("NFKD", plain.replace("’", " ")).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", letters).strip("-")
    if _PLAIN_NAME.fullmatch(plain) and len(words) <= _SLUG:
        return words
    mark = sha256_of(plain.casefold().encode("utf-8", "surrogatepass"))[:6]
    return f"{words[:_SLUG].strip('-')}-{mark}".lstrip("-")
