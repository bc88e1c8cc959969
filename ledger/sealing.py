"""Sealed fields: a commitment stands in the journal line, the value beside it can be shown, withheld or erased.

In the line, `"sealed": {NAME: COMMITMENT, …}` takes the place of the fields `speaker`, `text` or `quote`, with

    COMMITMENT = lower-case hex of HMAC-SHA256(key = salt, message = NAME ‖ 0x00 ‖ VALUE)

and `salt` 32 random bytes, new for every field of every event: whoever is shown one value with its salt, or erases
another, must not be able to try names against the commitment to the speaker.  VALUE is UTF-8: a text as it is, a quote
as its JSON without spaces, fields in the order of the model.  Disclosing shows salt and value, erasing deletes both;
the line never changes.

>>> commitment(bytes(32), "text", "We can live with it.")[:16]
'40f2e018fb356aad'
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic_core import from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.entries import StatementMade
    from ledger.entries.movers import SealedName

SEALABLE: Final[tuple[SealedName, ...]] = ("speaker", "text", "quote")
SALT: Final = 32
"""Bytes."""


class SealedValue(NamedTuple):
    """One value that is kept out of the journal, and the salt that binds it to its commitment."""

    field: str
    salt: bytes
    value: str


def commitment(salt: bytes, field: str, value: str) -> str:
    """Return the commitment to a field's value, in hex."""
    return hmac.new(salt, field.encode() + b"\x00" + value.encode(), hashlib.sha256).hexdigest()


def opens(sealed: SealedValue, committed: str) -> bool:
    """Say whether a disclosed value is the one that was committed to."""
    return hmac.compare_digest(commitment(sealed.salt, sealed.field, sealed.value), committed)


def values_to_seal(statement: StatementMade) -> dict[SealedName, str]:
    """Return what a statement says in the fields that can be sealed, as the texts that commitments are made of."""
    found: dict[SealedName, str] = {}
    for name in SEALABLE:
        value = getattr(statement, name)
        if value is not None:
            found[name] = value if isinstance(value, str) else value.model_dump_json(exclude_none=True)
    return found


def new_salt() -> bytes:
    """Return a salt that nobody can guess."""
    return os.urandom(SALT)


def seal(
    statement: StatementMade, salted: Callable[[], bytes] = new_salt
) -> tuple[StatementMade, tuple[SealedValue, ...]]:
    """Return the statement with commitments in place of its closed fields, and the values to keep aside.

    Args:
        statement: as it is meant.
        salted: returns a new salt for each field.
    """
    values = tuple(SealedValue(name, salted(), value) for name, value in values_to_seal(statement).items())
    committed = {one.field: commitment(one.salt, one.field, one.value) for one in values}
    return statement.model_copy(update={**dict.fromkeys(committed), "sealed": committed}), values


def unseal(statement: StatementMade, values: Iterable[SealedValue]) -> StatementMade | None:
    """Return a sealed statement as it was meant, None where not every sealed value is at hand any more."""
    at_hand = {value.field: value.value for value in values}
    if at_hand.keys() != (statement.sealed or {}).keys():
        return None
    fields: dict[str, Any] = statement.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"sealed"})
    if "quote" in at_hand:
        fields["quote"] = from_json(at_hand.pop("quote"))
    return type(statement).model_validate(fields | at_hand)
