"""The audit: how far the journal goes, what is signed of it and by whom, and what verifying it found."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.errors import LedgerError, UnknownName, VerificationFailed
from ledger.times import stamp
from ledger.transparency.keys import timestamp_of
from ledger.transparency.note import open_note, parse_note
from ledger.transparency.proofs import root_of
from ledger.transparency.spelling import write_base64
from projections.clocks import recorded_at
from projections.evidence import readings
from projections.tiles import covered
from verbale.bundling import CHECKED_RULES
from verbale.checkpointing import root_in
from verbale.documents import envelope
from verbale.status import status
from verbale.web.answering import Page
from verbale.web.pages.matrix import Pages

if TYPE_CHECKING:
    from ledger.kept import Checkpoint
    from ledger.transparency.keys import VerifierKey
    from projections.clocks import Moment
    from projections.evidence import Reading
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked
    from verbale.web.verification import Verification

_SOON: Final = 20_000
"""Entries that are hashed while a reader waits; of more, the root is left to verifying."""
_SECOND: Final = 1_000_000
_LABELS: Final = 40


class Signature(NamedTuple):
    """Who signed."""

    name: str
    key_id: str
    good: bool
    """Whether it was checked against a key of this ledger's, and is that key's; others' are not known here."""
    at: str | None
    """When, as a witness says; the ledger's own signature bears no time."""


class Signed(NamedTuple):
    """A checkpoint, as the page shows it."""

    number: int
    size: int
    root: str
    recorded_at: str | None
    """When the last entry that it covers was recorded: it was signed after that."""
    signatures: list[Signature]
    wrong: str | None
    """Why the signature is none."""
    note: str


def audit(ledger: Ledger, asked: Asked, verification: Verification | None = None) -> Page:
    """Return the page of the audit, or the report of verifying.

    Args:
        ledger: of which.
        asked: `/audit`, or `/audit/verify` for the last report alone.
        verification: the desk's; None where nothing can be verified, as in a folder.

    Raises:
        UnknownName: there is no such page, or nothing was verified yet.
    """
    at = ledger.moment(asked.as_of, asked.as_known_at)
    _, *rest = asked.parts()
    if rest not in ([], ["verify"]):
        raise UnknownName(f"no page {'/'.join(asked.parts())}", hint="there is /audit")
    standing = None if verification is None else verification.standing()
    report = None if standing is None else standing.document()
    if rest and report is None:
        hint = "press Verify now on /audit, or use: verbale verify"
        raise UnknownName("nothing is verified here yet", hint=hint)

    def document() -> dict[str, Any]:
        return report if rest and report else envelope("status", **status(ledger, at, asked.as_known_at))

    every = [one for one in ledger.journal.checkpoints() if one.size <= at.known_at]
    pages = Pages(asked.number("page"), len(every))
    keys = ledger.signing_keys()
    newest_first = every[::-1][max(0, pages.first_shown - 1) : pages.last_shown]
    shown = [_signed(ledger, one, [state.key for state in keys]) for one in newest_first]
    fields = {
        "id": str(ledger.journal.ledger_id),
        "name": ledger.place.name,
        "root": _root(ledger, at, every),
        "tiles": min(covered(ledger.views.db), at.known_at),
        "keys": keys,
        "last": _signed(ledger, every[-1], [state.key for state in keys]) if every else None,
        "checkpoints": shown,
        "pages": pages,
        "labels": _labels(ledger, at),
        "most_labels": _LABELS,
        "rules": CHECKED_RULES,
        "standing": standing,
        "found": None if standing is None or standing.last is None else standing.last.found,
    }
    return Page("audit.html", "Audit", at, fields, document)


def _root(ledger: Ledger, at: Moment, every: list[Checkpoint]) -> str | None:
    """Return the root at K: as it was signed, else of the tiles, unless too much would have to be hashed for it."""
    if every and every[-1].size == at.known_at:
        with suppress(VerificationFailed):
            return write_base64(root_in(every[-1]))
    if ledger.head - covered(ledger.views.db) > _SOON:
        return None
    return write_base64(root_of(at.known_at, ledger.nodes(at.known_at)))


def _signed(ledger: Ledger, one: Checkpoint, keys: list[VerifierKey]) -> Signed:
    recorded, note = recorded_at(ledger.views.db, one.size), one.note.decode("utf-8", "replace")
    try:
        signatures, root = parse_note(one.note).signatures, write_base64(root_in(one))
    except VerificationFailed as error:
        return Signed(one.number, one.size, "", recorded, [], error.message, note)
    known, wrong = set(), None
    try:
        known = {(each.key.name, each.key.key_id) for each in open_note(one.note, keys).signatures}
    except VerificationFailed as error:
        wrong = error.message
    told = [
        Signature(each.name, each.key_id.hex(), (each.name, each.key_id) in known, _time(each.value))
        for each in signatures
    ]
    return Signed(one.number, one.size, root, recorded, told, wrong, note)


def _time(signature: bytes) -> str | None:
    """Return when a witness says it cosigned; None of the ledger's own signature."""
    with suppress(LedgerError):
        return stamp(timestamp_of(signature) * _SECOND)
    return None


def _labels(ledger: Ledger, at: Moment) -> list[Reading]:
    """Return the imports that were given a name to ask by, the last first."""
    found = readings(ledger.views.db, at.known_at, "e.listed = 'import-finished'", latest=_LABELS)
    return list(found)[::-1]
