"""The fields of an entry in words: each with its name, and where what it names leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.entries import Mover
from verbale.web import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.evidence import Reading

_NAMES: Final = {
    "entry": "Amends",
    "after": "Its author had seen",
    "re": "Answers",
    "codes": "Codes",
    "sha256": "SHA-256 of its bytes",
    "text_sha256": "SHA-256 of its text",
    "url": "Address",
    "basis": "As known at",
}
_LEADS: Final = {
    "party": ("party", "into", "by", "coalition", "on_behalf_of"),
    "timeline": ("issue", "parent"),
    "source": ("source",),
    "entry": ("entry", "after", "re", "fulfils", "basis"),
}
_PAGE: Final = {name: page for page, names in _LEADS.items() for name in names}
_ELSEWHERE: Final = frozenset({"text", "quote", "speaker", "attribution", "act", "credibility", "sealed", "stance"})
"""What the evidence itself shows of words and deeds."""


class Value(NamedTuple):
    """A value, and where it leads."""

    text: str
    page: tuple[str, str] | None = None
    """The page of the desk that it leads to: its name, and of what."""
    url: str | None = None
    """Where it leads outside: an address of the web."""


class Field(NamedTuple):
    """A field that is set."""

    name: str
    values: list[Value]


class Corrected(NamedTuple):
    """A field that reads otherwise than it was recorded."""

    name: str
    recorded: str
    reads: str


def fields_of(one: Reading) -> list[Field]:
    """Return what an entry says beside what its evidence shows, in the order of its type."""
    shown = _ELSEWHERE | {"source", "bearing", one.event.DATED} if isinstance(one.event, Mover) else frozenset()
    taken = {"reason", "title", "proposition"} & {name for name, value in _set(one) if value == one.text}
    return [
        Field(name_of(name), list(_values(one, name, value))) for name, value in _set(one) if name not in shown | taken
    ]


def corrected(recorded: Reading, reads: Reading) -> list[Corrected]:
    """Return the fields that read otherwise, each as it was recorded and as it reads."""
    before, after = dict(_set(recorded)), dict(_set(reads))
    return [
        Corrected(name_of(name), words.shown(before.get(name)), words.shown(after.get(name)))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    ]


def name_of(name: str) -> str:
    """Return how a field is called in words."""
    return _NAMES.get(name) or name.replace("_", " ").capitalize()


def link_of(url: str | None) -> str | None:
    """Return an address that may be followed: of the web, and of nothing that a browser would run."""
    return url if url is not None and url.lower().startswith(("http://", "https://")) else None


def _set(one: Reading) -> list[tuple[str, Any]]:
    return list(one.fields().items())


def _values(one: Reading, name: str, value: object) -> Iterator[Value]:
    if name == "changes" and isinstance(value, dict):
        yield from (Value(f"{name_of(field)}: {words.shown(to)}") for field, to in value.items())
        return
    if name == "url":
        yield Value(str(value), url=link_of(str(value)))
        return
    to_parties = name == "to" and isinstance(one.event, Mover)
    page = "party" if to_parties else _PAGE.get(name)
    for each in value if isinstance(value, list) else [value]:
        text = f"e{each}" if page == "entry" else words.shown(each)
        yield Value(text, None if page is None else (page, str(each)))
