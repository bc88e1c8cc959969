"""The rules on what is recorded for the auditor: keys, erasures, attestations."""

from __future__ import annotations

from ledger.entries import ErasureRecorded, KeyAdded, KeyRetired, ProjectionAttested
from ledger.errors import Refused
from ledger.rules.admitting import Circumstances, admit, kind_of


@admit.register
def _(event: KeyAdded, given: Circumstances) -> None:
    """Take a key: who holds it signs, and nobody is bound to believe it."""


@admit.register
def _(event: KeyRetired, given: Circumstances) -> None:
    """Take a key's retirement: what it has signed stays signed."""


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
