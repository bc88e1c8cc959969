"""The rules on what is recorded for the auditor: keys, erasures, attestations."""

from __future__ import annotations

from typing import Final

from ledger.entries import ErasureRecorded, KeyAdded, KeyRetired, ProjectionAttested
from ledger.errors import Refused, Unparsable
from ledger.rules.admitting import Circumstances, admit, kind_of

_MADE: Final = "a key is made, and recorded, with: verbale key add"


@admit.register
def _(event: KeyAdded | KeyRetired, given: Circumstances) -> None:  # noqa: ARG001  as of every rule
    """Take a key that checkpoints can be signed with, or its end: nobody is bound to believe it."""
    from ledger.transparency.keys import LOG, VerifierKey  # noqa: PLC0415  only where a key is recorded

    try:
        kind = VerifierKey.parse(event.key).kind
    except Unparsable as error:
        raise Refused(f"key: {error.message.removesuffix('.')}", hint=error.hint or _MADE) from None
    if kind != LOG:
        raise Refused(f"key: '{event.key}' is a witness's, which signs no checkpoint of its own", hint=_MADE)


@admit.register
def _(event: ErasureRecorded, given: Circumstances) -> None:
    kind_of(event.entry, given)
    sealed = given.register.sealed(event.entry)
    if not sealed:
        hint = "its line is hashed into the journal for ever; retract it, and the record says that it was taken back"
        raise Refused(f"e{event.entry} was never sealed and cannot be erased", hint=hint)
    missing = [name for name in event.fields if name not in sealed]
    if missing:
        hint = f"sealed are: {', '.join(sorted(sealed))}"
        raise Refused(f"'{missing[0]}' of e{event.entry} was never sealed and cannot be erased", hint=hint)
    foreign = set(event.sources) - set(given.register.documents(event.entry).values())
    if foreign:
        hint = "an erasure takes along documents that the entry, or an amendment of it, rests on"
        raise Refused(f"e{event.entry} does not rest on the document {min(foreign):.12}…", hint=hint)


@admit.register
def _(event: ProjectionAttested, given: Circumstances) -> None:
    """Take an attestation: verifying it says whether it holds."""
    kind_of(event.basis, given)
