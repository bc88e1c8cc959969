r"""In which characters a file of text is written: told by its first bytes, else by whether it is UTF-8, else guessed.

A byte order mark settles it; so do the zeros of UTF-16 without one.  Then a file that is UTF-8 throughout is UTF-8.
One that is UTF-8 but for a few broken places (a cut-off cell, say) is UTF-8 too, and damaged: the broken bytes become
lone surrogates, by which a reader knows the rows to refuse.  What is left is guessed from the lines that are not ASCII,
and the guess is told of.

>>> import io
>>> told = charset_of(io.BytesIO("Zürich;Genève\n".encode("cp1252") * 20))
>>> told.codec, told.guessed, told.words
('cp1252', True, ('Zürich', 'Genève'))
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import IO, Final, NamedTuple

from ledger.errors import Refused, Unparsable

_PIECE: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL: Final = [
    *("cp1252", "latin_1", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866"),
    *("cp1253", "iso8859_7", "cp1254", "iso8859_9", "cp1255", "cp1256", "iso8859_6", "cp1257", "cp1258", "mac_roman"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp949", "tis_620"),
]
"""What tables are written in.  Left out are the code pages of mainframes and DOS, which fit any bytes."""
_NOT_ASCII: Final = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
_WORD: Final = re.compile(r"\w*[^\W\x00-\x7f]\w*")
_WORDS: Final = 3
_TOUCHING: Final = re.compile(r"[^\W\d_]([^\w\s\x00-\x7f]|[²³¹¼½¾])|([^\w\s\x00-\x7f]|[²³¹¼½¾])[^\W\d_]")
"""A sign that is not ASCII with a letter before or after it."""
_SIGNS: Final = frozenset({"Cc", "Cn", "Co", "No", "Sc", "Sk", "Sm", "So"})
_UNPAIRED: Final = re.compile("[\udc80-\udcff]")
_BROKEN_OF_GOOD: Final = 10
"""There is one broken byte to so many good characters at most, or the file is no UTF-8 at all."""


class Charset(NamedTuple):
    """What the characters of a file are."""

    codec: str
    """The name that Python knows it by."""
    guessed: bool = False
    """Whether nothing but the looks of the words speaks for it."""
    damaged: bool = False
    """Whether some bytes do not belong: they are to be read as lone surrogates, and their rows to be refused."""

    words: tuple[str, ...] = ()
    """Some words as the guess reads them: who knows the file sees whether it is right."""

    @property
    def plain(self) -> bool:
        """Whether there is nothing to tell of: UTF-8, and whole."""
        return self.codec in {"utf-8", "utf-8-sig"} and not self.damaged

    @property
    def errors(self) -> str:
        """How Python is to treat what does not decode."""
        return "surrogateescape" if self.damaged else "strict"


def charset_of(file: IO[bytes], said: str | None = None) -> Charset:
    """Tell what a file is written in; it is read through where its first bytes do not say, and left anywhere.

    Args:
        file: at its start, unpacked.
        said: the encoding, where somebody has said it.

    Raises:
        Unparsable: no encoding is called so.
        Refused: the file is not written in what was said, or in anything that is known here.
    """
    if said is not None:
        codec = _named(said)
        if codec == "utf-8":
            codec = "utf-8-sig"  # a mark is no part of the first name, said or not
        where = _broken_at(file, codec)
        if where is not None:
            hint = "leave the encoding out, and it is told by the bytes"
            raise Refused(f"the file is not written in {said}: byte {where:,} does not fit", hint=hint)
        return Charset(codec)
    head = file.read(_PIECE)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None) or _wide(head)
    if marked is not None and marked != "utf-8-sig":
        return Charset(marked)
    file.seek(0)
    if _broken_at(file, "utf-8") is None:
        return Charset(marked or "utf-8")
    file.seek(0)
    sample = _not_ascii(file)
    if marked is not None or _mostly_utf8(sample):
        return Charset(marked or "utf-8", damaged=True)
    return _guessed(file, sample)


def _guessed(file: IO[bytes], sample: bytes) -> Charset:
    from charset_normalizer import from_bytes  # noqa: PLC0415  only for files that are not UTF-8

    found: dict[str, tuple[float, float, int]] = {}
    for one in from_bytes(sample, cp_isolation=_USUAL, threshold=0.6, enable_fallback=False):
        for codec in {one.encoding, *one.could_be_from_charset} & set(_USUAL):
            messy = one.chaos + _oddity(sample.decode(codec, "replace"))
            # Where as much speaks for several, the one that is met most is taken.
            found[codec] = round(messy, 2), -round(one.coherence, 2), _USUAL.index(codec)
    for codec in sorted(found, key=lambda codec: found[codec]):
        file.seek(0)
        if _broken_at(file, codec) is None:
            words = dict.fromkeys(_WORD.findall(sample.decode(codec, "ignore")))
            return Charset(codec, guessed=True, words=tuple(words)[:_WORDS])
    raise Refused(
        "the file is not UTF-8, and what else it is cannot be told",
        hint='save it as UTF-8, or say its encoding in a mapping: encoding = "cp1252" under [table]',
    )


def _oddity(text: str) -> float:
    """Return which part of what is not ASCII are signs within words (`popar\u00b3y`), which are letters elsewhere."""
    odd = sum(unicodedata.category(sign) in _SIGNS for pair in _TOUCHING.findall(text) for sign in pair if sign)
    return odd / (len(re.findall("[^\x00-\x7f]", text)) or 1)


def _named(said: str) -> str:
    try:
        found = codecs.lookup(said)
    except LookupError:
        hint = "such as utf-8, utf-16, cp1252 (Windows, Western Europe), iso8859-2, cp1251 (Cyrillic)"
        raise Unparsable(f"no encoding is called {said!r}", hint=hint) from None
    if not getattr(found, "_is_text_encoding", True):  # rot13, base64: codecs that are no characters
        raise Unparsable(f"{said!r} is no encoding of text", hint="such as utf-8, utf-16 or cp1252")
    return found.name


def _wide(head: bytes) -> str | None:
    """Return UTF-16 where every other byte is mostly zero, as in Latin text without a byte order mark."""
    zeros = [head[at:1_000:2].count(0) for at in (0, 1)]
    half = len(head[:1_000]) // 2
    if half and max(zeros) * 2 > half and min(zeros) * 4 < half:
        return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    return None


def _broken_at(file: IO[bytes], codec: str) -> int | None:
    """Return where a file stops being written so, None where it never does."""
    decoder, read = codecs.getincrementaldecoder(codec)(), 0
    skips = codec == "utf-8"
    pending = False
    while piece := file.read(_PIECE):
        if not (skips and not pending and piece.isascii()):
            try:
                decoder.decode(piece)
            except UnicodeError as error:  # UTF-16 and UTF-32 without their mark have no place of their own
                return read + getattr(error, "start", 0)
            pending = bool(decoder.getstate()[0])
        read += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return read
    return None


def _not_ascii(file: IO[bytes]) -> bytes:
    """Return the first lines that are not ASCII."""
    found: list[bytes] = []
    size = 0
    while size < _SAMPLE and (piece := file.read(_PIECE)):
        if not piece.isascii():
            found += _NOT_ASCII.findall(piece)
            size = sum(map(len, found))
    return b"".join(found)[:_SAMPLE]


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "surrogateescape")
    broken = len(_UNPAIRED.findall(text))
    return broken * _BROKEN_OF_GOOD < len(re.findall("[^\x00-\x7f]", text)) - broken
