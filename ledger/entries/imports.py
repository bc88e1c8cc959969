"""Entries about data sets: when the ledger had read one to its end."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field

from ledger.entries.base import MAX_NUMBER, Entry, EntryNumber, Identifier, Label, Sha256
from ledger.errors import Unparsable

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> str:
    """Return a calendar day as it is written.

    Raises:
        Unparsable: it is none.
    """
    try:
        found = _DAY.fullmatch(text) and date.fromisoformat(text)
    except ValueError:
        found = None
    if not found:
        raise Unparsable(f"'{text}' is no day", hint="a day is written 2022-04-07")
    return text


class ImportFinished(Entry, frozen=True):
    """A snapshot of a data set is in the ledger: up to here it says what the data said on that day.

    Its label, `acled@2022-04-07`, stands for this entry wherever a moment of the ledger is asked for.
    """

    TOPIC: ClassVar[str] = "import-finished.v1"

    dataset: Identifier
    snapshot: Annotated[str, AfterValidator(day)]
    """The day whose state of the data it is."""
    sha256: Sha256
    """Of the file."""
    rows: Annotated[int, Field(ge=0, le=MAX_NUMBER, strict=True)]
    scope: dict[Label, Label] = Field(default_factory=dict)
    """Columns and the values to which the file was limited; what lies outside was left alone."""
    after: EntryNumber | None = None
    """The earlier end of a snapshot of the same day, where the data turned since: this end is another one."""

    @property
    def label(self) -> str:
        """The name of this moment of the ledger."""
        return label_of(self.dataset, self.snapshot)


def label_of(dataset: str, snapshot: str) -> str:
    """Return the name that the end of an import has.

    >>> label_of("acled", "2022-04-07")
    'acled@2022-04-07'
    """
    return f"{dataset}@{snapshot}"
