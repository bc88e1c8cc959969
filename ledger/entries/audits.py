"""Entries for the auditor: which keys sign, what was erased and by whose authority, what the projections said.

They move no position.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints

from ledger.entries.amendments import Amendment
from ledger.entries.base import Entry, EntryNumber, Label, Prose, Sha256
from ledger.entries.movers import SealedName
from ledger.times import when


def _moment(text: str) -> str:
    when(text)
    return text


VerifierKey = Annotated[
    str, StringConstraints(max_length=500, pattern=r"^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{4,}={0,2}$")
]
"""`name+hash+base64` of the C2SP signed note: whose signature, and how it is checked."""
Digest = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""32 bytes in base64."""


class KeyAdded(Entry, frozen=True):
    """From the next checkpoint on, this key may sign as well."""

    TOPIC: ClassVar[str] = "key-added.v1"

    key: VerifierKey
    reason: Prose | None = None


class KeyRetired(Entry, frozen=True):
    """This key signs no further checkpoint; what it has signed stays signed."""

    TOPIC: ClassVar[str] = "key-retired.v1"

    key: VerifierKey
    reason: Prose


class ErasureRecorded(Amendment, frozen=True):
    """Sealed values of an entry were destroyed, with their salts: their commitments stay, and open to nothing."""

    TOPIC: ClassVar[str] = "erasure-recorded.v1"

    fields: tuple[SealedName, ...] = ()
    """Which of the sealed fields; none named, all of them."""
    reason: Prose
    authority: Label
    """By whose decision, or under what law."""
    sources: tuple[Sha256, ...] = ()
    """The documents whose bytes went with them, by the SHA-256 of their registration, which stays."""


class ProjectionAttested(Entry, frozen=True):
    """What a projection said at two moments: the next checkpoint signs it with everything else."""

    TOPIC: ClassVar[str] = "projection-attested.v1"

    projection: Literal["positions"]
    version: Label
    """The rule and its version: `latest/1`."""
    basis: EntryNumber
    """The last entry that was known to it."""
    as_of: Annotated[str, AfterValidator(_moment)] | None = None
    digest: Digest
    """The RFC 6962 root over the rows' JSON (`projections.json_rows`)."""
