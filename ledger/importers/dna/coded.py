"""What a coder has marked in a document: a statement, as every one of DNA's files holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = frozenset({"short text", "long text"})
NUMBERS = frozenset({"boolean", "integer"})


class Variable(NamedTuple):
    """A column of a codebook."""

    name: str
    datatype: str
    """`short text`, `long text`, `boolean` or `integer`."""
    negative: bool = False
    """Whether any of an integer's values is below 0."""
    largest: int = 0
    """An integer's greatest value."""


class Document(NamedTuple):
    """What was coded."""

    id: str
    title: str = ""
    author: str = ""
    source: str = ""
    section: str = ""
    type: str = ""
    text: str | None = None
    """Raw, as DNA holds it; None in an event list."""


class Coded(NamedTuple):
    """A statement, whatever its type."""

    id: str
    line: int
    """Where it stands: the line of an event list, the id in a project."""
    variables: Mapping[str, Variable]
    """Those of its type, by name."""
    values: Mapping[str, str | int]
    document: Document
    day: str
    clock: str | None
    """The time of day, where there is one; DNA knows of no zone."""
    zone_unknown: bool
    """Whether the day may be the one before or after."""
    coder: str | None
    bounds: tuple[int, int] | None
    """`[start, stop)`, in UTF-16 units of the raw document, as DNA counts."""
    words: str | None
    """The passage, where the file itself has it."""
    unread: frozenset[str] = frozenset()
    """The variables of numbers in which the file holds something else: they say something, and have no value here."""
    unsound: str | None = None
    """Why the file does not say what it should."""
