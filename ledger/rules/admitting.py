"""What every rule is given, and what many of them ask: does it stand, is it retracted, who was first?"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Refused, StateChanged, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.entries import Entry
    from ledger.register import Register


class Circumstances(NamedTuple):
    """What a decision depends on beside the draft."""

    register: Register
    now: int
    """The time at which the entry would be recorded, microseconds since 1970."""
    text_of: Callable[[str], str | None]
    """The normalised text of a document, given its SHA-256, where its bytes are kept."""
    seen: int | None = None
    """The last entry that the author of the draft knew of, where that is known."""


@singledispatch
def admit(event: Entry, given: Circumstances) -> None:  # noqa: ARG001  those that are registered use it
    """Return if the ledger takes this entry.

    Raises:
        Refused: it does not.
        UnknownName: what it points at is not there.
        StateChanged: what it points at was retracted since its author looked.
    """
    raise Refused(f"no rule admits {type(event).__name__}")  # pragma: no cover  a type without a rule is a bug


def must_stand(source: str, given: Circumstances) -> None:
    """Return if a source is not retracted."""
    facts = given.register.source_facts(source)
    by = None if facts is None else given.register.retracted_by(facts.entry)
    if by is not None:
        raise retracted(f"source '{source}'", by, given)


def retracted(what: str, by: int, given: Circumstances) -> Refused | StateChanged:
    """Return the refusal of what builds on something retracted: a race where its author could not know."""
    message = f"{what} is retracted by e{by}"
    if given.seen is not None and by > given.seen:
        return StateChanged(message, hint="another writer was first; nothing was recorded")
    return Refused(message, hint=f"bring it back with: verbale undo e{by}")


def kind_of(entry: int, given: Circumstances) -> str:
    """Return the name of an entry's type, or raise `UnknownName`."""
    kind = given.register.kind(entry)
    if kind is None:
        raise UnknownName(f"no entry e{entry}", hint="see: verbale log")
    return kind
