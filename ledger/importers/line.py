"""What every importer makes of a file: a line for each row, with the draft that it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import PydanticSerializationError, to_json

if TYPE_CHECKING:
    from ledger.errors import LedgerError


Draft = dict[str, Any]


class Line(NamedTuple):
    """A row of a file that is not blank."""

    number: int
    """The line that it begins on, from 1."""
    draft: bytes | Draft | None
    """What it says: a draft as it stands there, or as it was made of the row; None for a line that is too long."""
    start: int
    """Where it begins, in bytes of what the file holds, unpacked."""
    end: int
    """How far the file is read when it ends, in bytes of what lies on the disk."""
    needed: tuple[bytes, ...] = ()
    """Drafts of what it names and the ledger does not know yet, to be recorded before it."""
    error: LedgerError | None = None
    """Why it says nothing that could be recorded."""
    repeats: bool = False
    """Whether an earlier row of the file says the same: what it adds to that, if anything, stands in `draft`."""
    documents: tuple[bytes, ...] = ()
    """Documents that `needed` registers by their `sha256` and `text_sha256`, to be kept beside the ledger."""
    notes: tuple[str, ...] = ()
    """Names under which the report counts it (`dated_365_days_before`)."""
    left_out: str | None = None
    """What keeps a row from being an entry though nothing is wrong with it (`without_stance`): it is not counted among
    the rows, but in a note of that name, `left_out_without_stance`."""
    size: int = 0
    """How many bytes it has, its line end included, where its very bytes can be set aside: from `start` on."""


def as_line(draft: Draft) -> bytes:
    """Return a draft as a dossier has it; words that are no UTF-8 are left for who reads it to refuse."""
    try:
        return to_json(draft)
    except PydanticSerializationError:  # lone surrogates
        return json.dumps(draft, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
