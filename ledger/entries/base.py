"""What every entry has in common, and the types of its fields.

An entry holds facts in the words of the field and nothing of the machine: its number, `recorded_at` and `recorded_by`
are the journal's (`ledger.codec.Recorded`).  A draft, a stored event and an exported line share these models; a draft
may use a name where the stored event has the id it was registered to (`Refers` marks those fields).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NoReturn

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, WithJsonSchema

from ledger.times import published, span

_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_LINE = rf"{_CONTROL}\t\n\r\x{{2028}}\x{{2029}}"

Prose = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, pattern=rf"^[^{_CONTROL}]*[^{_CONTROL}\s][^{_CONTROL}]*$")
]
"""Some lines of text: not blank, no control characters but tab and line ends."""
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=500, pattern=rf"^[^{_LINE}\s](?:[^{_LINE}]*[^{_LINE}\s])?$")
]
"""One line of text, with nothing blank at its ends."""
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
"""An id: Latin letters, digits and `. _ : / -`, matched without case."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Url = Annotated[str, StringConstraints(max_length=2_000, pattern=rf"^[A-Za-z][A-Za-z0-9+.-]*:[^\s{_CONTROL}]+$")]
Lang = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$")]
"""A BCP 47 language tag."""
AdmiraltyCode = Annotated[str, StringConstraints(pattern=r"^[A-F][1-6]$")]
"""Letter for the source, digit for the information, as in `B2`: never one number."""


def _dated(text: str) -> str:
    span(text)
    return text


Edtf = Annotated[str, AfterValidator(_dated)]
"""A date of our EDTF subset (`ledger.times.span`), kept as written."""
Published = Annotated[str, AfterValidator(published)]


@dataclass(frozen=True)
class Refers:
    """Marks a field whose draft may hold any name of a party, issue, source or entry; the stored event holds the id."""

    to: Literal["party", "issue", "source", "entry"]


PartyId = Annotated[Identifier, Refers("party")]
IssueId = Annotated[Identifier, Refers("issue")]
SourceId = Annotated[Identifier, Refers("source")]
MAX_NUMBER = 10**18 - 1
"""The greatest whole number in an entry: 18 digits, which a 64-bit column holds."""
EntryNumber = Annotated[
    int,
    Field(ge=1, le=MAX_NUMBER, strict=True),
    Refers("entry"),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "description": "a ref, or e17"}]}),
]


class Value(BaseModel, frozen=True, extra="forbid"):
    """A part of an entry: compared by value, refuses fields it does not know."""

    if not TYPE_CHECKING:  # a checker would take every name for a field

        def __getattr__(self, name: str) -> NoReturn:
            """Say that a field is not there; pydantic looks for private ones first, which nothing here has."""
            raise AttributeError(f"{type(self).__name__} has no '{name}'", name=name, obj=self)


class Entry(Value, frozen=True):
    """One fact, said or done or decided about what was said: immutable."""

    TOPIC: ClassVar[str]
    """Type and version, as in `statement-made.v1`: the name under which the journal stores it."""
    DATED: ClassVar[str | None] = None
    """The field that says when: the names in a draft mean whom they meant then."""

    @classmethod
    def completed(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Return a draft's fields with what the type itself implies filled in.

        The parsed JSON is not yet checked: whatever does not look right is left for validation to refuse.
        """
        return fields

    @classmethod
    @cache
    def type_name(cls) -> str:
        """The type without its version: `statement-made`."""
        return cls.TOPIC.rpartition(".v")[0]
