"""What is sealed, as text: marked where the holder of the ledger may read it, and said where it is erased."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbale.disclosing import SealedField

SEALED: Final = "[sealed]"


def opened_text(fields: Sequence[SealedField]) -> str:
    """Return the sealed fields of an entry for who holds the ledger, marked: `[sealed] Speaker: text “quote”`."""
    values = {one.field: one.value for one in fields if one.value is not None}
    speaker = f"{values['speaker']}: " if "speaker" in values else ""
    quote = f"“{json.loads(values['quote'])['exact']}”" if "quote" in values else ""
    words = speaker + " ".join(filter(None, (values.get("text"), quote)))
    return f"{SEALED} {words.strip()}{_gone(fields)}" if words else closed_text(fields)


def closed_text(fields: Sequence[SealedField]) -> str:
    """Return what may be said of sealed fields to anybody: `[sealed]`, and which entry has erased what."""
    by = dict.fromkeys(one.erased_by for one in fields)
    if fields and None not in by:
        return f"[erased by {', '.join(f'e{entry}' for entry in by)}]"
    return f"{SEALED}{_gone(fields)}"


def _gone(fields: Sequence[SealedField]) -> str:
    return "".join(f" [{one.field} erased by e{one.erased_by}]" for one in fields if one.erased_by is not None)
