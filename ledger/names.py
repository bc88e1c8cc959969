r"""Names: how they are compared, and which are refused because a reader could take them for others.

Two spellings are one name where they differ in case, in blanks or in how an accent was typed (`name_key`).  Two *names*
that look alike are an attack or a slip: what is registered must be plain (`must_be_plain`), and must not have the
*skeleton* of somebody else's name.  The skeleton is that of Unicode Technical Standard 39, section 4: every character
becomes the prototype of all those that look like it.

>>> skeleton("Iraq") == skeleton("lraq"), skeleton("C\u0410") == skeleton("CA")
(True, True)
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Final

from ledger.errors import Refused

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_ASCII: Final = str.maketrans({"I": "l", "1": "l", "|": "l", "0": "O", "m": "rn"})
"""What of ASCII looks like something else of ASCII: most names need no table of all Unicode."""
_TOGETHER: Final = ({"HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA"}, {"HANGUL", "CJK"}, {"BOPOMOFO", "CJK"})
"""Scripts that one word may mix (UTS 39, section 5.1)."""


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def must_be_plain(name: str) -> None:
    """Return if every reader sees the same name.

    Raises:
        Refused: it holds what does not show, another form of a plain letter, or a word in letters of two scripts.
    """
    if name.isascii():
        return
    for character in name:
        if unicodedata.category(character) in _UNSEEN:
            raise _refused(name, f"it holds {_described(character)}, which does not show", "type the name by hand")
    plain = unicodedata.normalize("NFKC", name)
    if plain != unicodedata.normalize("NFC", name):
        raise _refused(name, "it holds letters in another form than the usual one", f"write {plain}")
    if unicodedata.combining(name[0]):
        raise _refused(name, "it starts with an accent that has no letter", "type the name by hand")
    for word in name.split():
        scripts = {_script(character) for character in word if character.isalpha()}
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            mixed = " and ".join(sorted(script.capitalize() for script in scripts))
            raise _refused(name, f"'{word}' mixes {mixed} letters", "write each word in one script")


def _refused(name: str, why: str, hint: str) -> Refused:
    return Refused(f"{name!a} will not do as a name: {why}", hint=hint)


def _described(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'no character')})"


def _script(letter: str) -> str:
    """Return the script of a letter: the first word of its Unicode name."""
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]


def skeletons(name: str) -> set[str]:
    """Return what a name shares with those that look like it, as it is written and without regard to case."""
    return {skeleton(name), skeleton(name.casefold())}


@lru_cache(maxsize=65_536)
def skeleton(name: str) -> str:
    """Return what names that look alike have in common: "IT" and "lT", but not "LT"."""
    text = unicodedata.normalize("NFKC", name)
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    prototypes = _prototypes()
    decomposed = unicodedata.normalize("NFD", text)
    replaced = "".join(prototypes.get(character, character) for character in decomposed)
    return " ".join(unicodedata.normalize("NFD", replaced.translate(_ASCII)).split())


@cache
def _prototypes() -> dict[str, str]:
    """Return the character that stands for each one that looks like it, from the table that Unicode publishes."""
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415  0.1 s, for names beyond ASCII only

    found: dict[str, str] = {}
    for character, alike in confusables_data.items():
        # The table holds each pair both ways: what has several that look like it is their prototype.
        if len(alike) == 1:
            other = alike[0]["c"]
            prototype = other if len(confusables_data.get(other, ())) > 1 else min(character, other)
            found[character] = prototype
    return found
